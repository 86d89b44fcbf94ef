import { createBrand } from '../../src/web/pages/brand.ts'
import { message } from '../../src/web/pages/messages/message.ts'
import type {
  BannerName,
  Field,
  Form,
  Links,
  Page,
  PageContext,
  PageUser,
  ProviderButton,
} from '../../src/web/pages/model.ts'

/** Every page in every state that looks different, by a name that serves as its address. */
export type Gallery = ReadonlyMap<string, Page>

export const now = Date.UTC(2026, 5, 1, 12)

const brand = createBrand({ name: 'Harbour Books' })

const links: Links = {
  home: '/home',
  login: '/login',
  register: '/register',
  forgot: '/forgot',
  verify: '/verify',
}

const signedIn: Links = { home: '/home', profile: '/profile', password: '/password', logout: '/logout' }

export const user: PageUser = {
  email: 'ada@harbour.example',
  username: 'ada',
  givenName: 'Ada',
  surname: 'Byron',
  fullName: 'Ada Byron',
  customData: { favouriteShelf: 'Poetry', visits: 12, newsletter: { weekly: true } },
}

export const context: PageContext = {
  brand,
  locale: 'en',
  csrf: 'csrf-token',
  next: undefined,
  links,
  user: undefined,
  banner: undefined,
}

export const field = (name: string, label: Field['label'], type: string, more: Partial<Field> = {}): Field => ({
  name,
  label,
  type,
  placeholder: '',
  required: true,
  ...more,
})

const form = (action: string, fields: Field[], problems: Form['problems'] = []): Form => ({ action, fields, problems })

export const loginForm = (problems: Form['problems'] = [], value?: string): Form =>
  form(
    '/login',
    [
      field('login', message('field.login'), 'text', { value }),
      field('password', message('field.password'), 'password'),
    ],
    problems,
  )

const hint = message('field.passwordHint', { min: 10 })

const registerFields = [
  field('givenName', message('field.givenName'), 'text', { required: false }),
  field('surname', message('field.surname'), 'text', { required: false }),
  field('email', message('field.email'), 'email', { placeholder: 'name@example.com' }),
  field('password', message('field.password'), 'password', { minLength: 10, hint }),
]

export const registerForm: Form = form('/register', registerFields)

const brokenRegisterForm: Form = form('/register', [
  { ...(registerFields[0] as Field), required: true, value: 'Ada', problem: undefined },
  {
    ...(registerFields[1] as Field),
    required: true,
    problem: message('problem.required', { label: message('field.surname') }),
  },
  {
    ...(registerFields[2] as Field),
    value: 'ada@harbour.example',
    problem: message('problem.taken', { label: message('field.email') }),
  },
  { ...(registerFields[3] as Field), problem: message('problem.passwordTooShort', { min: 10 }) },
])

const customForm: Form = form('/register', [
  field('email', message('field.email'), 'email'),
  field('password', message('field.password'), 'password', { minLength: 10, hint }),
  field('confirmPassword', message('field.confirmPassword'), 'password'),
  field('country', 'Country', 'select', {
    options: [
      { value: 'de', label: 'Germany' },
      { value: 'pt', label: 'Portugal' },
    ],
  }),
  field('about', 'About you', 'textarea', { required: false, placeholder: 'A line or two' }),
  field('terms', 'I have read the terms and agree to them.', 'checkbox'),
])

const addressForm = (action: string, value?: string, problem?: Field['problem']): Form =>
  form(action, [field('email', message('field.email'), 'email', { value, problem })])

const newPasswordForm = (action: string, fields: Field[] = [], problem?: Field['problem']): Form =>
  form(action, [
    ...fields,
    field('password', message('field.newPassword'), 'password', { minLength: 10, hint, problem }),
    field('confirmPassword', message('field.confirmPassword'), 'password'),
  ])

export const providers: ProviderButton[] = [
  { providerId: 'google', name: 'Google', href: '/authorize/google' },
  { providerId: 'github', name: 'GitHub', href: '/authorize/github' },
  { providerId: 'saml', name: 'Harbour Group', href: '/authorize/saml' },
]

const agents = {
  mac: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
  windows:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0 Safari/537.36',
  android: 'Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0',
}

const profileForm: Form = form('/profile', [
  field('givenName', message('field.givenName'), 'text', { value: 'Ada', required: false }),
  field('surname', message('field.surname'), 'text', { value: 'Byron', required: false }),
])

const banners: BannerName[] = ['unverified', 'verified', 'created', 'forgot', 'reset']

export const gallery: Gallery = new Map<string, Page>([
  ['login', { ...context, page: 'login', form: loginForm(), providers: [] }],
  [
    'login-remember',
    {
      ...context,
      page: 'login',
      form: form('/login', [
        ...loginForm().fields,
        field('rememberMe', message('field.rememberMe'), 'checkbox', { required: false }),
      ]),
      providers: [],
    },
  ],
  ['login-providers', { ...context, page: 'login', form: loginForm(), providers }],
  [
    'login-wrong',
    { ...context, page: 'login', form: loginForm([message('problem.credentials')], 'ada@harbour.example'), providers },
  ],
  ...banners.map((banner): [string, Page] => [
    `login-${banner}`,
    { ...context, page: 'login', banner, form: loginForm(), providers: [] },
  ]),
  ['register', { ...context, page: 'register', form: registerForm, providers: [] }],
  ['register-wrong', { ...context, page: 'register', form: brokenRegisterForm, providers: [] }],
  ['register-custom', { ...context, page: 'register', form: customForm, providers: providers.slice(0, 1) }],
  ['forgot', { ...context, page: 'forgot', form: addressForm('/forgot') }],
  ['forgot-invalid', { ...context, page: 'forgot', banner: 'invalid_sptoken', form: addressForm('/forgot') }],
  ['forgot-wrong', { ...context, page: 'forgot', form: addressForm('/forgot', 'ada@', message('problem.email')) }],
  ['change', { ...context, page: 'change', form: newPasswordForm('/change?sptoken=t'), login: 'ada' }],
  [
    'change-wrong',
    {
      ...context,
      page: 'change',
      form: newPasswordForm('/change?sptoken=t', [], message('problem.passwordCommon')),
    },
  ],
  ['verify', { ...context, page: 'verify', form: addressForm('/verify') }],
  [
    'verify-used',
    { ...context, page: 'verify', form: { ...addressForm('/verify'), problems: [message('problem.linkInvalid')] } },
  ],
  [
    'confirm',
    { ...context, page: 'confirm', form: { action: '/verify', fields: [], problems: [], hidden: { sptoken: 't' } } },
  ],
  [
    'password',
    {
      ...context,
      page: 'password',
      user,
      links: signedIn,
      form: newPasswordForm('/password', [field('oldPassword', message('field.oldPassword'), 'password')]),
    },
  ],
  [
    'password-wrong',
    {
      ...context,
      page: 'password',
      user,
      links: signedIn,
      form: newPasswordForm('/password', [
        field('oldPassword', message('field.oldPassword'), 'password', {
          problem: message('problem.oldPasswordWrong'),
        }),
      ]),
    },
  ],
  [
    'profile',
    {
      ...context,
      page: 'profile',
      user,
      links: signedIn,
      form: profileForm,
      banner: 'saved',
      sessions: {
        action: '/sessions',
        list: [
          { id: 's1', current: true, createdAt: new Date(now - 5000), userAgent: agents.mac },
          {
            id: 's2',
            current: false,
            createdAt: new Date(now - 9e8),
            lastUsedAt: new Date(now - 7_500_000),
            userAgent: agents.android,
          },
          { id: 's3', current: false, createdAt: new Date(now - 9e9), userAgent: agents.windows },
        ],
      },
    },
  ],
  ['home', { ...context, page: 'home', user, links: signedIn }],
  ['home-nobody', { ...context, page: 'home' }],
  ['unauthorized', { ...context, page: 'unauthorized', status: 401 }],
  ['forbidden', { ...context, page: 'unauthorized', status: 403, user, links: signedIn }],
  ['error-404', { ...context, page: 'error', status: 404 }],
  ['error-500', { ...context, page: 'error', status: 500, requestId: '01JZ3W9XK4M7Q8R2' }],
])
