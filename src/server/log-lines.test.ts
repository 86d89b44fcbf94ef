import { expect, test } from 'vitest'
import { atLeast, type LogRecord, toLog } from './log.ts'
import { createLineLog } from './log-lines.ts'

const now = () => new Date('2026-03-10T09:30:15.250Z')
const HOSTILE = 'a\r\n{"level":"info"}\u001b[31m\u009b2J\u2028\u2029\u0085\u202e"\\'

function lines(options: { pretty?: boolean; color?: boolean } = {}) {
  const written: string[] = []
  return { written, ...createLineLog({ write: (text) => written.push(text), now, ...options }) }
}

test('WEB-W157 a line is one JSON object with time, level and a stable code', () => {
  const { log, flush, written } = lines()
  log({ level: 'info', event: 'http.request', msg: 'GET', status: 200, tenant: undefined })
  flush()
  expect(written).toEqual([
    '{"ts":"2026-03-10T09:30:15.250Z","level":"info","event":"http.request","msg":"GET","status":200}\n',
  ])
})

test('GOAL-M2 no field can forge a line or command a terminal', () => {
  for (const options of [{}, { pretty: true }]) {
    const { log, flush, written } = lines(options)
    log({ level: 'info', event: HOSTILE, msg: HOSTILE, [HOSTILE]: HOSTILE, nested: { deep: [HOSTILE] } })
    flush()
    const [text = ''] = written
    expect(text.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u)
    if (!options.pretty) expect(JSON.parse(text)).toMatchObject({ msg: HOSTILE, nested: { deep: [HOSTILE] } })
  }
})

test('calm lines are written together, urgent ones at once and behind those before them', () => {
  const { log, flush, written } = lines()
  const say = (level: LogRecord['level'], msg: string) => log({ level, event: 'e', msg })
  for (let i = 0; i < 3; i++) say('info', `calm ${i}`)
  expect(written).toEqual([])
  say('error', 'urgent')
  expect(written).toHaveLength(1)
  expect(written[0]?.split('\n').map((line) => line && JSON.parse(line).msg)).toEqual([
    'calm 0',
    'calm 1',
    'calm 2',
    'urgent',
    '',
  ])
  for (let i = 0; i < 256; i++) say('info', 'many')
  expect(written).toHaveLength(2)
  flush()
  expect(written).toHaveLength(2)
})

test('colours are for terminals alone', () => {
  const [plain, colored] = [lines({ pretty: true }), lines({ pretty: true, color: true })]
  for (const { log } of [plain, colored]) log({ level: 'error', event: 'e', msg: 'broken', status: 500 })
  expect(plain.written[0]).toMatch(/^\d\d:\d\d:\d\d error broken {2}e status=500\n$/)
  expect(colored.written[0]).toContain('\u001b[')
})

test('a level lets through what is as urgent, and silent nothing', () => {
  const heard: string[] = []
  const all = ['debug', 'info', 'warn', 'error'] as const
  for (const level of [...all, 'silent'] as const) {
    const log = atLeast(level, (record) => heard.push(`${level}:${record.level}`))
    for (const each of all) log({ level: each, event: 'e', msg: 'm' })
  }
  expect(heard).toHaveLength(4 + 3 + 2 + 1)
  expect(heard.filter((line) => line.startsWith('warn'))).toEqual(['warn:warn', 'warn:error'])
})

test('an application may take the lines itself', () => {
  const heard: unknown[] = []
  const take = (level: string) => (fields: object, message: string) => heard.push([level, fields, message])
  const logger = { debug: take('debug'), info: take('info'), warn: take('warn'), error: take('error') }
  toLog(logger)({ level: 'warn', event: 'auth.limited', msg: 'refused', tenant: 't' })
  expect(heard).toEqual([['warn', { event: 'auth.limited', tenant: 't' }, 'refused']])
})
