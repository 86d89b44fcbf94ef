const shape = /^\/v1\/+applications\/+[^/]+\/+(?:oauth|authTokens)(?:\/|$)/

/** Whether a path is answered here and not by the REST API around it. */
export function isOAuthPath(path: string): boolean {
  return shape.test(path)
}
