import { type Child, startChild } from './child.ts'

export interface BareServer extends AsyncDisposable {
  pid: number
  port: number
}

/** Starts bare `node:http`, answering with a body of so many bytes. */
export async function startBare(bytes: number): Promise<BareServer> {
  return serving(startChild(new URL('./bare-http.ts', import.meta.url)), { bytes })
}

/** A child that tells its port when it is asked to begin. */
export async function serving(child: Child, begin: unknown): Promise<BareServer> {
  const port = await child.ask<number>(begin)
  return { pid: child.pid, port, [Symbol.asyncDispose]: child.stop }
}
