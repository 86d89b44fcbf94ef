import { attributes, html, type Markup } from '../../std/html.ts'
import { hiddenFields } from './form.ts'

export interface LogoutButton {
  /** Address of the log-out route. */
  action: string
  csrf: string
  label: string
  /** Where to go afterwards. */
  next?: string | undefined
  /** Class of the button. */
  className?: string | undefined
}

/** A log-out button for any page: a form of its own, since only a POST logs out. (contract/web.md §6) */
export function logoutButton({ action, csrf, label, next, className }: LogoutButton): Markup {
  return html`<form method="post" action="${action}">${hiddenFields({ csrf, next })}<button${attributes({ type: 'submit', class: className })}>${label}</button></form>`
}
