import { askMembers, type Kind, present, splitName, subjectOf, text } from './kind.ts'
import { signOAuth1 } from './oauth1.ts'

const USER = 'https://api.x.com/1.1/account/verify_credentials.json'

/**
 * OAuth 1.0a: the signature is good only for tokens that were given to this client. The address is told when Twitter
 * verified it, and otherwise not at all (account/verify_credentials, include_email).
 */
export const twitter: Kind = async (call) => {
  const { settings, credentials } = call
  const { accessToken = '', accessTokenSecret = '' } = credentials
  const url = new URL(call.at(USER))
  url.search = 'include_email=true&include_entities=false&skip_status=true'
  const authorization = signOAuth1(url, {
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    token: accessToken,
    tokenSecret: accessTokenSecret,
    timestamp: Math.floor(call.now() / 1000),
  })
  const userInfo = await askMembers(call, { url: url.href, headers: { authorization } })
  const email = text(userInfo.email)
  return {
    subject: subjectOf(userInfo.id_str ?? userInfo.id),
    attributes: { ...splitName(userInfo.name), ...present({ email }) },
    isEmailVerified: email !== undefined,
    tokens: { accessToken, accessTokenSecret },
    userInfo,
  }
}
