import type { Entity } from '../../resources/registry.ts'
import { htmlOf, textOf, type Wording } from './default-layout.ts'

export type TemplateKind = Entity<'emailTemplate'>['kind']

/** What a template says, and to whom it seems to come from. */
export type Template = Pick<
  Entity<'emailTemplate'>,
  'subject' | 'textBody' | 'htmlBody' | 'mimeType' | 'fromName' | 'fromEmailAddress' | 'defaultModel'
>

interface DefaultTemplate {
  /** As the historical service called it (contract/rest.md 6.11). */
  name: string
  subject: string
  description: string
  /** Where its link leads, on our own origin; kinds without a link have none. */
  linkPath?: string
  wording: Wording
}

/** Our own pages, where links lead until an application has its own. */
export const linkPaths = { verification: '/emailVerificationTokens', reset: '/passwordReset' } as const

export const defaultTemplates: Record<TemplateKind, DefaultTemplate> = {
  verification: {
    name: 'Default Verification Email Template',
    subject: 'Verify your account',
    description: 'Sent to a new account when its email address is to be verified.',
    linkPath: linkPaths.verification,
    wording: {
      title: 'Confirm your email address',
      paragraphs: ['An account was made with this email address. Please confirm that the address is yours.'],
      button: 'Confirm address',
      notes: ['If that was not you, do nothing: without your confirmation the account cannot be used.'],
    },
  },
  verificationSuccess: {
    name: 'Default Verification Success Email Template',
    subject: 'Your account has been confirmed',
    description: 'Sent when an email address was verified.',
    wording: {
      title: 'Your address is confirmed',
      paragraphs: ['Thank you. The email address $!{account.email} is confirmed, and your account is ready.'],
      notes: ['You get this mail because you confirmed your address.'],
    },
  },
  welcome: {
    name: 'Default Welcome Email Template',
    subject: 'Your registration was successful',
    description: 'Sent to a new account, once its address is verified where that is asked.',
    wording: {
      title: 'Welcome!',
      paragraphs: ['Your account is ready. From now on you log in as $!{account.username}.'],
      notes: ['You get this mail because an account was made with your email address.'],
    },
  },
  reset: {
    name: 'Default Password Reset Email Template',
    subject: 'Reset your password',
    description: 'Sent to whoever forgot the password.',
    linkPath: linkPaths.reset,
    wording: {
      title: 'Choose a new password',
      paragraphs: [
        'Someone, hopefully you, wants to choose a new password for the account $!{account.email}.',
        'The link works once, within $!{expirationWindow} hours.',
      ],
      button: 'Choose a password',
      notes: ['If that was not you, do nothing: your password stays as it is, and nobody but you has seen this link.'],
    },
  },
  resetSuccess: {
    name: 'Default Password Reset Success Email Template',
    subject: 'Your password has been changed',
    description: 'Sent when a password was replaced by means of the mailed link.',
    wording: {
      title: 'Your password has been changed',
      paragraphs: ['The password of the account $!{account.email} was replaced a moment ago.'],
      notes: ['If that was not you, choose a new password at once, and tell whoever runs this service.'],
    },
  },
}

/** Mails that no template of a directory words. */
export type OwnMailKind =
  | 'existingAccount'
  | 'mailServerFailed'
  | 'loginPaused'
  | 'loginPausedWithReset'
  | 'webhookFailed'
export type MailKind = TemplateKind | OwnMailKind

const toTemplate = (subject: string, wording: Wording): Template => ({
  subject,
  textBody: textOf(wording),
  htmlBody: htmlOf(wording),
  mimeType: 'multipart/alternative',
  fromName: null,
  fromEmailAddress: null,
  defaultModel: null,
})

const paused: Omit<Wording, 'button'> = {
  title: 'Someone may be guessing your password',
  paragraphs: [
    'By $!{at}, at least $!{failures} log-ins to your account had failed because the password was wrong. Log-ins from places where you were not before are paused for a short while; your password stays as it is.',
  ],
  notes: [
    'If that was you, there is nothing to do. If not, a long password that you use nowhere else keeps others out. This notice comes once a day at most.',
  ],
}

/** Mails of ours whose link leads where that of a template leads. */
export const linkedLike: Partial<Record<MailKind, TemplateKind>> = { loginPausedWithReset: 'reset' }

export const ownTemplates: Record<OwnMailKind, Template> = {
  loginPaused: toTemplate('Log-ins to your account are paused', paused),
  loginPausedWithReset: toTemplate('Log-ins to your account are paused', {
    ...paused,
    paragraphs: [
      ...paused.paragraphs,
      'You can choose a new password now; the link works once, within $!{expirationWindow} hours.',
    ],
    button: 'Choose a password',
  }),
  existingAccount: toTemplate('You already have an account', {
    title: 'You already have an account',
    paragraphs: [
      'Someone, hopefully you, wanted to register with your email address $!{account.email}, which has an account already.',
      'Log in with it as always. Where you forgot the password, ask for a new one on the log-in page.',
    ],
    notes: ['If that was not you, do nothing: no account was made, and whoever asked was not told about yours.'],
  }),
  mailServerFailed: toTemplate('Your mail server cannot be used', {
    title: 'Your mail server cannot be used',
    paragraphs: [
      'Mails of your tenant could not be sent through the mail server that you set up: $!{reason}',
      'Where the service has a mail server of its own, it sends them meanwhile. This notice comes once a day at most.',
    ],
    notes: ['You get this mail because you own the tenant. Change or delete the SMTP server to end this.'],
  }),
  webhookFailed: toTemplate('A webhook was turned off', {
    title: 'A webhook was turned off',
    paragraphs: [
      'Events are no longer posted to $!{url}: $!{reason}.',
      'When it works again, enable the webhook. What it missed can be replayed.',
    ],
    notes: ['You get this mail because you own the tenant.'],
  }),
}
