import { createHmac } from 'node:crypto'
import { isMembers } from './exchange.ts'
import { askMembers, present, text } from './kind.ts'
import { byOAuth2 } from './oauth2.ts'

const endpoints = {
  token: 'https://graph.facebook.com/v22.0/oauth/access_token',
  inspect: 'https://graph.facebook.com/v22.0/debug_token',
  user: 'https://graph.facebook.com/v22.0/me',
}
const fields = 'id,name,email,first_name,middle_name,last_name'

/** https://developers.facebook.com/docs/facebook-login. It tells addresses, and does not tell whether it verified them. */
export const facebook = byOAuth2({
  token: ({ at }) => at(endpoints.token),
  user(call, accessToken) {
    const url = new URL(call.at(endpoints.user))
    url.searchParams.set('fields', fields)
    url.searchParams.set('access_token', accessToken)
    const proof = createHmac('sha256', call.settings.clientSecret).update(accessToken).digest('hex')
    url.searchParams.set('appsecret_proof', proof)
    return askMembers(call, { url: url.href })
  },
  async isOwn(call, accessToken) {
    const url = new URL(call.at(endpoints.inspect))
    url.searchParams.set('input_token', accessToken)
    url.searchParams.set('access_token', `${call.settings.clientId}|${call.settings.clientSecret}`)
    const { data } = await askMembers(call, { url: url.href })
    return isMembers(data) && data.is_valid === true && data.app_id === call.settings.clientId
  },
  read: (user) => ({
    id: user.id,
    attributes: present({
      email: text(user.email),
      givenName: text(user.first_name),
      middleName: text(user.middle_name),
      surname: text(user.last_name),
    }),
    isEmailVerified: false,
  }),
})
