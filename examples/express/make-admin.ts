// Makes a user an administrator of the app: node make-admin.ts ada@example.com
import { latchkey } from 'latchkey/express'

const auth = latchkey()
const application = await auth.application
const account = await application.accounts.list({ email: process.argv[2] ?? '' }).first()
if (!account) throw new Error('usage: node make-admin.ts <email address of a user>')
const group =
  (await application.groups.list({ name: 'admins' }).first()) ?? (await application.groups.create({ name: 'admins' }))
const client = await auth.client
await client.groupMemberships.create({ account, group })
await auth.close()
