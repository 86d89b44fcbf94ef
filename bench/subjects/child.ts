import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface ChildOptions {
  args?: readonly string[]
  nodeArgs?: readonly string[]
  env?: Readonly<Record<string, string>>
}

/** A process under test that talks to us over its channel. */
export interface Child extends AsyncDisposable {
  readonly pid: number
  /** Sends a question and waits for its answer. */
  ask<T>(question: unknown): Promise<T>
  /** Hears what it says unasked. */
  listen(hear: (message: unknown) => void): void
  stop(): Promise<void>
}

/** What a child says in answer to a question, or on its own. */
type Message = { id: number; value: unknown } | { id: number; error: string } | { said: unknown }

/** Starts a module of ours as a process of its own, with the sources of the product. */
export function startChild(module: URL, { args = [], nodeArgs = [], env = {} }: ChildOptions = {}): Child {
  const child = spawn(process.execPath, [...nodeArgs, module.pathname, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  const open = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()
  let hear: (message: unknown) => void = () => {}
  let last = 0
  child.on('message', (message: Message) => {
    if ('said' in message) return hear(message.said)
    const asked = open.get(message.id)
    open.delete(message.id)
    if ('error' in message) asked?.reject(new Error(message.error))
    else asked?.resolve(message.value as never)
  })
  child.on('exit', (code) => {
    for (const { reject } of open.values()) reject(new Error(`${module.pathname} ended with ${code}`))
    open.clear()
  })
  const stop = () => endProcess(child)
  return {
    pid: child.pid as number,
    ask: (question) =>
      new Promise((resolve, reject) => {
        const id = ++last
        open.set(id, { resolve, reject })
        child.send({ id, question }, (error) => error && reject(error))
      }),
    listen(listener) {
      hear = listener
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** SIGTERM, and SIGKILL to who does not listen. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await exit
  clearTimeout(force)
}

/** In the child: answers questions until the parent goes or says so. */
export function answerQuestions(answer: (question: never) => Promise<unknown>, end: () => Promise<void>): void {
  process.on('message', ({ id, question }: { id: number; question: never }) => {
    answer(question).then(
      (value) => process.send?.({ id, value } satisfies Message),
      (error) => process.send?.({ id, error: String(error?.stack ?? error) } satisfies Message),
    )
  })
  const leave = () => end().then(() => process.exit(0))
  process.once('disconnect', leave)
  process.once('SIGTERM', leave)
}

/** In the child: says something nobody asked for. */
export const say = (said: unknown): void => void process.send?.({ said } satisfies Message)
