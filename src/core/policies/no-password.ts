/** In place of a hash: no text a hash function makes, so nobody logs in with a password until one is set. */
export const NO_PASSWORD = '!'
