/** Where captured mails are shown, under the service's origin; in development only. */
export const inboxPath = '/__dev/mail'
