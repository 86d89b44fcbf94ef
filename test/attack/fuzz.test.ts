import { basic, describeAttacks, type Json, link, type Target } from './attack.ts'
import { addressed, idIn, type Population, populate } from './population.ts'

/** 10,000 before a release. */
const COUNT = Number(process.env.LATCHKEY_TEST_FUZZ ?? 2000)
const SEED = Number(process.env.LATCHKEY_TEST_FUZZ_SEED ?? 20_260_310)
const AT_ONCE = 16

type Random = () => number

/** The same numbers for the same seed. (mulberry32) */
function seeded(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T

const texts = [
  '',
  ' ',
  'a',
  'joe@example.com',
  '*',
  '*a*',
  '%',
  '%00',
  '\u0000',
  '\ud800',
  '\u{1f600}',
  'ß',
  "'",
  '"',
  '\\',
  '../..',
  '<b>',
  '[1,2]',
  '[2015]',
  '(,]',
  '-1',
  '0',
  '1e400',
  '9'.repeat(40),
  'true',
  'null',
  '__proto__',
  'constructor',
  'asc',
  'x desc',
  ',',
  '()',
  'a(limit:1)',
  'x'.repeat(300),
  'x'.repeat(3000),
  '$2b$04$x',
  '{}',
]
const values: readonly unknown[] = [
  ...texts,
  null,
  true,
  0,
  -1,
  1.5,
  1e21,
  2 ** 53,
  [],
  {},
  [[]],
  [null],
  { href: '' },
  { href: null },
  { a: { b: [1] } },
]
const methods = ['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS']
const types = [
  'application/json',
  'application/json;charset=utf-16',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  '',
]
const parameters = [
  'q',
  'limit',
  'offset',
  'orderBy',
  'expand',
  '_method',
  'customData.a',
  'customData.',
  'createdAt',
  'email',
  'status',
  'id',
  'encryptSecret',
  'encryptionKeySalt',
  'encryptionKeyIterations',
  'encryptionKeySize',
  'createDirectory',
  'passwordFormat',
  'x',
]

interface Shape {
  target: Target
  document: Json
  own: Population
  random: Random
}

/** A request as the document describes it, and then a little wrong. */
function request({ target, document, own, random }: Shape): {
  method: string
  path: string
  headers: string
  body: string
} {
  const template = pick(random, Object.keys(document.paths))
  const known = Object.keys(document.paths[template]).filter(
    (each) => each !== 'parameters' && (each !== 'delete' || random() < 0.1),
  )
  const method = known.length > 0 && random() < 0.9 ? pick(random, known).toUpperCase() : pick(random, methods)
  const base = new URL(target.baseUrl).pathname
  const segment = template.replace(base, '').split('/')[1] as string
  const kind = addressed({ path: `/${segment}/:id` })
  const right = kind && idIn(own[kind], { path: `/${segment}/:id` })
  const ids = Object.values(own).map(({ href }) => href.split('/').at(-1) as string)
  const path = template.replaceAll(/\{[^}]+\}/g, () =>
    random() < 0.7 && right
      ? right
      : random() < 0.6
        ? pick(random, ids)
        : encodeURIComponent(pick(random, texts).toWellFormed()),
  )
  const pairs = Array.from({ length: Math.floor(random() * random() * 4) }, () => {
    const text = pick(random, texts).toWellFormed()
    return `${pick(random, parameters)}=${random() < 0.8 ? encodeURIComponent(text) : text.replaceAll(/[\s\0]/g, '%')}`
  })
  const body = method === 'GET' || method === 'HEAD' ? '' : bodyOf({ target, document, own, random }, template, method)
  const authorization =
    random() < 0.98 ? basic(target.key) : pick(random, ['Basic', 'Basic x', 'SAuthc1 x=y', 'Bearer z'])
  const headers = `Authorization: ${authorization}\r\nContent-Type: ${random() < 0.9 ? types[0] : pick(random, types)}\r\n`
  return { method, path: `${base}${path.replace(base, '')}${pairs.length ? `?${pairs.join('&')}` : ''}`, headers, body }
}

function bodyOf({ document, own, random }: Shape, template: string, method: string): string {
  const content = document.paths[template]?.[method.toLowerCase()]?.requestBody?.content?.['application/json']?.schema
  const schema = resolve(document, content)
  const names = Object.keys(schema?.properties ?? { name: 1 })
  const members: [string, unknown][] = []
  for (const name of names)
    if (random() < 0.25) members.push([name, valueFor(document, schema?.properties?.[name], own, random)])
  if (random() < 0.1) members.push([pick(random, texts), pick(random, values)])
  const text = JSON.stringify(Object.fromEntries(members))
  const turn = random()
  if (turn < 0.05) return ''
  if (turn < 0.1) return pick(random, ['null', '[]', '1', '"x"', '{', '{"a":}', '\ufeff{}', '[[[[', '{"a":1,"a":2}'])
  return text
}

function resolve(document: Json, schema: Json): Json {
  const name = schema?.$ref?.split('/').at(-1)
  return name ? document.components.schemas[name] : schema
}

function valueFor(document: Json, schema: Json, own: Population, random: Random): unknown {
  const { type, enum: words } = resolve(document, schema) ?? {}
  if (random() < 0.2) return pick(random, values)
  if (words) return pick(random, words)
  if (type === 'integer') return Math.floor(random() * 300) - 20
  if (type === 'boolean') return random() < 0.5
  if (type === 'array') return [pick(random, texts)]
  if (type === 'object' || schema?.$ref)
    return random() < 0.7 ? link(pick(random, Object.values(own))) : { a: pick(random, values) }
  return `${pick(random, texts)}${Math.floor(random() * 1e6)}`
}

/** The bytes of a request, some of them exchanged, doubled or left out. */
function damage(random: Random, bytes: Buffer): Buffer {
  let damaged = bytes
  for (let i = Math.ceil(random() * 4); i > 0; i--) {
    const at = Math.floor(random() * damaged.length)
    const turn = random()
    if (turn < 0.4) {
      damaged = Buffer.from(damaged)
      damaged[at] = pick(random, [0, 9, 10, 13, 32, 34, 37, 47, 58, 63, 92, 127, 128, 255, Math.floor(random() * 256)])
    } else if (turn < 0.7)
      damaged = Buffer.concat([damaged.subarray(0, at), damaged.subarray(at + 1 + Math.floor(random() * 8))])
    else damaged = Buffer.concat([damaged.subarray(0, at), damaged.subarray(Math.max(0, at - 8))])
  }
  return damaged
}

describeAttacks('Fuzzing', [
  {
    id: 'GOAL-H1',
    title: `sending ${COUNT} requests that are a little wrong`,
    guard: 'catching what cannot be decoded',
    edits: [
      {
        file: 'std/form-encoding.ts',
        find: '  } catch {\n    return undefined\n  }',
        replace: '  } catch (error) {\n    throw error\n  }',
      },
    ],
    onPostgres: true,
    async run(target) {
      const random = seeded(SEED)
      const [document, own] = [await target.read('/openapi.json'), await populate(target)]
      const shape = { target, document, own, random }
      let harm: string | undefined
      let left = COUNT
      const answers = new Map<number, number>()
      const worker = async () => {
        while (left-- > 0 && !harm) {
          const { method, path, headers, body } = request(shape)
          const length = body === '' ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`
          const whole = Buffer.from(
            `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${target.port}\r\n${headers}${length}Connection: close\r\n\r\n${body}`,
          )
          const sent = random() < 0.3 ? damage(random, whole) : whole
          const text = await target.raw(sent, sent === whole ? { silence: 60_000 } : { silence: 250, quiet: 250 })
          const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)
          answers.set(status, (answers.get(status) ?? 0) + 1)
          const busy = status === 503 && /^retry-after:/im.test(text)
          if (status >= 500 && !busy) harm = `${status} for ${JSON.stringify(sent.toString('latin1').slice(0, 1500))}`
          else if (sent === whole && status === 0)
            harm = `no answer to ${JSON.stringify(whole.toString().slice(0, 1500))}`
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, worker))
      if (harm) return `${harm} (seed ${SEED})`
      const alive = await target.fetch('/readyz')
      if (alive.status !== 200) return `not ready any more: ${alive.status}`
      const accepted = [...answers]
        .filter(([status]) => status >= 200 && status < 300)
        .reduce((sum, [, count]) => sum + count, 0)
      return accepted > COUNT / 20
        ? undefined
        : `only ${accepted} were accepted, so little is proved: ${JSON.stringify([...answers])}`
    },
  },
])
