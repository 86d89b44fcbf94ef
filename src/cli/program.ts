import { Command, CommanderError, Option } from 'commander'
import { exitCodes } from '../server/mistake.ts'
import { flagName, type OptionName, optionNames, options, type Option as Setting } from '../server/options.ts'
import { report } from './print.ts'
import type { Flags } from './settings.ts'
import { version } from './version.ts'

/** Runs a command line; gives the code to exit with, while a service may go on running. */
export async function run(words: readonly string[]): Promise<number> {
  const program = createProgram()
  if (words.length === 0) {
    program.outputHelp()
    return 0
  }
  try {
    await program.parseAsync(words, { from: 'user' })
    return 0
  } catch (error) {
    if (!(error instanceof CommanderError)) return report(error)
    return error.exitCode === 0 ? 0 : exitCodes.usage
  }
}

type Action = (flags: Flags) => Promise<void>

function createProgram(): Command {
  const program = new Command('latchkey')
    .description('User management and authentication for web apps: a service of your own, or a library.')
    .version(version(), '-v, --version')
    .helpCommand('help [command]', 'explain a command')
    .addHelpText('after', '\nBegin with `latchkey serve`; `latchkey help serve` explains it.')
    .exitOverride()

  add(program, 'serve', 'start the service', optionNames, async (flags) =>
    (await import('./commands/serve.ts')).serve(flags),
  ).addHelpText(
    'after',
    examples(
      ['latchkey serve', 'on http://127.0.0.1:4000, data in ./.latchkey'],
      ['latchkey serve --port 8080 --data /var/lib/latchkey', ''],
      ['latchkey serve --host 0.0.0.0 --base-url https://id.example.com', 'in production'],
      ['LATCHKEY_DATABASE_URL=postgres://localhost/latchkey latchkey serve', ''],
    ) +
      '\nEach setting can also be given as LATCHKEY_… in the environment (flags win), or in latchkey.config.ts.\n' +
      'Secrets belong in files: LATCHKEY_SECRET_KEY_FILE, LATCHKEY_DATABASE_URL_FILE, LATCHKEY_API_KEY_SECRET_FILE.',
  )

  const migrate = program.command('migrate').description('bring the database to the schema of this version')
  const migration = async (flags: Flags, name: 'plan' | 'up' | 'status') =>
    (await import('./commands/migrate.ts'))[name](flags)
  add(migrate, 'plan', 'show the statements that `up` would run', storeOptions, (flags) => migration(flags, 'plan'))
  add(migrate, 'up', 'run what is pending, all or nothing', storeOptions, (flags) => migration(flags, 'up'))
  add(migrate, 'status', 'list the migrations', storeOptions, (flags) => migration(flags, 'status'))

  addKeyCommands(program)
  addAuditCommands(program)

  add(
    program,
    'owner-link',
    'print a one-time link on which the owner chooses a password',
    linkOptions,
    async (flags) => (await import('./commands/owner-link.ts')).ownerLink(flags),
  )

  add(program, 'revoke', 'end sessions, or disable an API key, beside a running service', storeOptions, async (flags) =>
    (await import('./commands/revoke.ts')).revoke(flags),
  )
    .option('--account <id>', 'the sessions of an account')
    .option('--application <id>', 'the sessions of an application')
    .option('--tenant <id>', 'the sessions of a tenant')
    .option('--all', 'every session there is')
    .option('--api-key <id>', 'disable an API key')

  add(
    program,
    'support-bundle',
    'gather what helps to help, without secrets, in one file',
    optionNames,
    async (flags) => (await import('./commands/support-bundle.ts')).supportBundle(flags),
  ).option('--out <file>', 'where it goes (latchkey-support.json)')

  const config = program.command('config').description('look at the settings without starting')
  add(config, 'print', 'show every setting and where it comes from', optionNames, async (flags) =>
    (await import('./commands/config.ts')).printSettings(flags),
  )
  add(config, 'check', 'say whether a start would accept the settings', optionNames, async (flags) =>
    (await import('./commands/config.ts')).checkSettings(flags),
  ).option('--online', 'ask the database, the mail server, Redis and the name service too')

  add(
    program,
    'doctor',
    'examine the database, beside a running service; 65 where it is not well',
    storeOptions,
    async (flags) => (await import('./commands/doctor.ts')).doctor(flags),
  ).option('--json', 'print what is found as JSON')
  return program
}

function addKeyCommands(program: Command): void {
  const key = program.command('key').description('the ring of keys that seals secrets, and API keys')
  add(key, 'generate', 'print a new key for LATCHKEY_SECRET_KEY', [], async () =>
    (await import('./commands/key-generate.ts')).generate(),
  ).addHelpText('after', examples(['(umask 077; latchkey key generate > secret.key)', 'for LATCHKEY_SECRET_KEY_FILE']))
  add(key, 'rotate', 'seal everything anew under the first key of the ring', storeOptions, async (flags) =>
    (await import('./commands/key-rotate.ts')).rotate(flags),
  )
    .alias('rotate-master')
    .option('--verify', 'change nothing; say whether everything opens with the first key alone')
    .addHelpText(
      'after',
      examples(
        ['export LATCHKEY_SECRET_KEY=NEW,OLD', 'restart the service with both'],
        ['latchkey key rotate', ''],
        ['latchkey key rotate --verify', 'then OLD can go'],
      ),
    )
  add(key, 'rotate-signing', 'give applications their next signing keys', storeOptions, async (flags) =>
    (await import('./commands/rotate-signing.ts')).rotateSigning(flags),
  )
    .option('--emergency', 'withdraw every key at once, with all tokens it signed')
    .option('--application <id>', 'with --emergency: of this application alone')
  add(key, 'create', 'make a new API key for the owner', storeOptions, async (flags) =>
    (await import('./commands/key-create.ts')).create(flags),
  )
    .option('--out <file>', 'write it there, readable by you alone, rather than print it')
    .option('--name <text>', 'what the key is for')
    .addHelpText('after', examples(['latchkey key create --out apiKey.properties', '']))
}

function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('the log of all that happened')
  add(
    audit,
    'verify',
    'say whether every event is as it was written, and where first not',
    storeOptions,
    async (flags) => (await import('./commands/audit.ts')).verify(flags),
  )
    .option('--head <tenant:position:hash...>', 'what an earlier verification printed must still be there')
    .addHelpText(
      'after',
      examples(
        ['latchkey audit verify', 'exit code 0, or that of bad data'],
        ['latchkey audit verify --head 8Xk…:1042:Yw3…', 'finds an older copy of the log in its place too'],
      ),
    )
  add(audit, 'export', 'print every event, a line of JSON each', storeOptions, async (flags) =>
    (await import('./commands/audit.ts')).exportEvents(flags),
  ).addHelpText('after', examples(['latchkey audit export > events.ndjson', '']))
}

const storeOptions: readonly OptionName[] = ['data', 'database', 'pgbouncer', 'allowUndurable', 'secretKey']
const linkOptions: readonly OptionName[] = [...storeOptions, 'host', 'port', 'baseUrl']

function add(
  parent: Command,
  name: string,
  description: string,
  settings: readonly OptionName[],
  action: Action,
): Command {
  const command = parent.command(name).description(description).allowExcessArguments(false)
  for (const setting of settings) {
    const flag = flagName(setting)
    const { flag: value, description: meaning, secret }: Setting = options[setting]
    if (!flag) continue
    const option = new Option(value === true ? flag : `${flag} ${value}`, meaning)
    // Accepted, but not what anybody should do: the environment and files are for secrets.
    command.addOption(secret && setting !== 'database' && setting !== 'redis' ? option.hideHelp() : option)
  }
  if (settings.length > 0) command.option('--config <file>', 'settings file (latchkey.config.ts, .js or .json here)')
  return command.action((flags: Flags) => action(flags))
}

function examples(...lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length))
  const shown = lines.map(([command, remark]) => (remark ? `  ${command.padEnd(width)}   ${remark}` : `  ${command}`))
  return `\nExamples:\n${shown.join('\n')}\n`
}
