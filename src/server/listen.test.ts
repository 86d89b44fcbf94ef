import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { listen } from './listen.ts'
import type { LogRecord } from './log.ts'

test('connections beyond the most there may be are hung up on, and the operator is told once', async () => {
  const told: LogRecord[] = []
  const listener = await listen({ host: '127.0.0.1', port: 0, maxConnections: 2, log: (record) => told.push(record) })
  listener.serve(async () => ({ status: 200, headers: {}, body: 'here' }))
  const open: Socket[] = []
  const dial = () =>
    new Promise<Socket>((resolve) => {
      const socket = connect(listener.port, '127.0.0.1', () => resolve(socket))
      open.push(socket.on('error', () => {}))
    })
  const answered = (socket: Socket) =>
    new Promise<string>((resolve) => {
      let text = ''
      socket.on('data', (bytes) => {
        text += bytes
        if (text.endsWith('here')) resolve(text)
      })
      socket.on('close', () => resolve(text))
      socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    })
  try {
    const [first, second] = [await dial(), await dial()]
    expect(await answered(first)).toContain('200')
    expect(await answered(second)).toContain('200')
    expect(await answered(await dial())).toBe('')
    expect(await answered(await dial())).toBe('')
    expect(told.map(({ event }) => event)).toEqual(['http.connections_refused'])
  } finally {
    for (const socket of open) socket.destroy()
    await listener.close(0)
  }
})
