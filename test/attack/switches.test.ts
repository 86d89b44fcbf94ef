import { describeAttacks, loadSource } from './attack.ts'

describeAttacks('Switches for tests', [
  {
    id: 'ATTACK-R12',
    title: 'having passwords hashed for nothing in production, by a setting',
    guard: 'refusing the switch there',
    edits: [
      {
        file: 'server/app.ts',
        find: 'if (insecureTestCost && (production',
        replace: 'if (!passwordRule && !production && (production',
      },
    ],
    async run({ root }) {
      const { createApp } = await loadSource<typeof import('../../src/server/app.ts')>(root, 'server/app.ts')
      const opened = await createApp({
        environment: { NODE_ENV: 'production' },
        inMemory: true,
        insecureTestCost: true,
        baseUrl: 'https://id.example.com',
        mail: { url: 'none' },
        log: () => {},
      }).catch(() => undefined)
      if (!opened) return undefined
      const hash = await opened.engine.services.passwords.hash('Correct horse 9 battery')
      await opened.close()
      return `a password is kept as ${hash.slice(0, 30)}`
    },
  },
])
