import { type Message, message } from './messages/message.ts'
import type { BannerName } from './model.ts'

export interface Banner {
  readonly message: Message
  readonly tone: 'success' | 'warning' | 'info'
}

const banners: Readonly<Record<BannerName, Banner>> = {
  unverified: { message: message('status.unverified'), tone: 'info' },
  verified: { message: message('status.verified'), tone: 'success' },
  created: { message: message('status.created'), tone: 'success' },
  forgot: { message: message('status.forgot'), tone: 'info' },
  reset: { message: message('status.reset'), tone: 'success' },
  invalid_sptoken: { message: message('status.invalid_sptoken'), tone: 'warning' },
  saved: { message: message('status.saved'), tone: 'success' },
  passwordChanged: { message: message('status.passwordChanged'), tone: 'success' },
  sessionEnded: { message: message('status.sessionEnded'), tone: 'success' },
  sessionsEnded: { message: message('status.sessionsEnded'), tone: 'success' },
}

export function bannerOf(name: BannerName): Banner {
  return banners[name]
}

/** The banner that the value of `?status=` names; anything else is ignored. (contract/web.md §4) */
export function toBanner(status: string | undefined): BannerName | undefined {
  return status !== undefined && Object.hasOwn(banners, status) ? (status as BannerName) : undefined
}
