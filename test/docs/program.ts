import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'vitest'
import type { Browser } from '../web/browser.ts'

export interface Program extends AsyncDisposable {
  output(): string
  /** How it ended. */
  code: Promise<number | null>
}

/** Runs a program until the end of an `await using` block. Nothing of our own environment reaches its settings. */
export function run(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Program {
  const { NODE_ENV: _, ...environment } = process.env
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const over = once(child, 'close')
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  return {
    output: () => output,
    code: over.then(([code]) => code as number | null),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await over
    },
  }
}

/** Waits until the app answers. */
export async function answers(base: string, { output }: Program): Promise<void> {
  await expect
    .poll(
      () =>
        fetch(base, { redirect: 'manual' }).then(
          ({ status }) => status,
          () => output(),
        ),
      { timeout: 60_000 },
    )
    .toSatisfy((status) => typeof status === 'number')
}

export const person = {
  givenName: '<b>Ada</b>',
  surname: 'L',
  email: 'ada@example.com',
  password: 'Correct horse 9 battery',
}

/** From the registration to being logged in, the way of a newcomer: the form, the mail in development, its button, the form. */
export async function join(browser: Browser, next: string): Promise<string | undefined> {
  const refused = await browser.visit(next)
  expect(refused.location).toBe(`/login?next=${encodeURIComponent(next)}`)
  expect((await browser.submit('/register', person)).location).toBe('/login?status=unverified')
  const mail = await browser.getJson(`/__dev/mail/latest.json?to=${person.email}`)
  const { pathname, search, origin } = new URL(mail.json.links[0])
  expect(origin).toBe(browser.base)
  expect((await browser.submit(`${pathname}${search}`, {})).location).toBe('/login?status=verified')
  const form = await browser.submit(refused.location as string, { login: person.email, password: person.password })
  expect(form.status).toBe(302)
  return form.location
}
