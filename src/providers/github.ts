import { isMembers } from './exchange.ts'
import { ProviderFault } from './fault.ts'
import { askMembers, type Call, splitName, text } from './kind.ts'
import { bearer, byOAuth2 } from './oauth2.ts'
import { basic } from './tokens.ts'

const endpoints = {
  token: 'https://github.com/login/oauth/access_token',
  user: 'https://api.github.com/user',
  emails: 'https://api.github.com/user/emails',
  applications: 'https://api.github.com/applications',
}

/** https://docs.github.com/apps/oauth-apps. The public address of a user says nothing; the list of theirs does. */
export const github = byOAuth2({
  token: ({ at }) => at(endpoints.token),
  user: (call, accessToken) => askMembers(call, { url: call.at(endpoints.user), headers: bearer(accessToken) }),
  async isOwn(call, accessToken) {
    const url = `${call.at(endpoints.applications)}/${encodeURIComponent(call.settings.clientId)}/token`
    const body = { access_token: accessToken }
    const { app } = await askMembers(call, { url, body, headers: { authorization: basic(call.settings) } })
    return isMembers(app) && app.client_id === call.settings.clientId
  },
  async read(user, call, accessToken) {
    const own = await verifiedEmail(call, accessToken)
    const email = own ?? text(user.email)
    return {
      id: user.id,
      attributes: { ...splitName(user.name), ...(email !== undefined && { email }) },
      isEmailVerified: own !== undefined,
    }
  },
})

/** The primary address if it is verified, else another that is. A token without the scope `user:email` shows none. */
async function verifiedEmail(call: Call, accessToken: string): Promise<string | undefined> {
  const answer = await call
    .exchange({ url: call.at(endpoints.emails), headers: bearer(accessToken) })
    .catch((error: unknown) => {
      if (error instanceof ProviderFault) return []
      throw error
    })
  const verified = (Array.isArray(answer) ? answer : []).filter((each) => isMembers(each) && each.verified === true)
  const chosen = verified.find(({ primary }) => primary === true) ?? verified[0]
  return text(chosen?.email)
}
