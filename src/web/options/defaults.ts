/** A field of a form, ready to use. `undefined` labels come from the catalogue of the pages. */
export interface FieldSettings {
  readonly name: string
  readonly enabled: boolean
  readonly visible: boolean
  readonly label: string | undefined
  readonly placeholder: string | undefined
  readonly required: boolean
  readonly type: string
}

type FieldTable = Readonly<Record<string, Partial<Omit<FieldSettings, 'name'>>>>

interface Defaults {
  hostPrefix: boolean
  passwordGrant: boolean
  registerPrivacy: 'strict' | 'open'
  registerFields: FieldTable
  registerOrder: readonly string[]
  loginFields: FieldTable
  profileFields: FieldTable
}

const registerOrder = [
  'organizationNameKey',
  'username',
  'givenName',
  'middleName',
  'surname',
  'email',
  'password',
  'confirmPassword',
]

const registerFields: FieldTable = {
  username: { enabled: false },
  givenName: {},
  middleName: { enabled: false },
  surname: {},
  email: { type: 'email', required: true },
  password: { type: 'password', required: true },
  confirmPassword: { type: 'password', required: true, enabled: false },
}

const loginFields: FieldTable = {
  login: { required: true },
  password: { type: 'password', required: true },
  rememberMe: { type: 'checkbox', enabled: false },
}
const profileFields: FieldTable = {
  username: { enabled: false },
  givenName: {},
  middleName: { enabled: false },
  surname: {},
}

/** The two tables of defaults on the application's side. (defaults.md, Behaviour; contract/web.md §25) */
const defaults = {
  modern: {
    hostPrefix: true,
    passwordGrant: false,
    registerPrivacy: 'strict',
    registerFields,
    registerOrder,
    loginFields,
    profileFields,
  },
  stormpath: {
    hostPrefix: false,
    passwordGrant: true,
    registerPrivacy: 'open',
    registerFields: { ...registerFields, givenName: { required: true }, surname: { required: true } },
    registerOrder,
    loginFields,
    profileFields,
  },
} satisfies Record<string, Defaults>

export function defaultsOf(preset: keyof typeof defaults): Defaults {
  return defaults[preset]
}
