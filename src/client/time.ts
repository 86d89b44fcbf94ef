/** The time for some work was over. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut'
}

/**
 * Runs `work` for at most `ms` milliseconds, and only as long as nobody aborts. The signal it gets tells it to stop; the
 * promise settles at once in either case, also when `work` does not listen.
 *
 * @throws {TimedOut} | the reason of `signal` | what `work` throws
 */
export async function within<T>(
  ms: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const ended = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true })
  })
  const stop = () => controller.abort(signal?.reason)
  const timer = setTimeout(() => controller.abort(new TimedOut()), ms)
  signal?.addEventListener('abort', stop)
  try {
    return await Promise.race([work(controller.signal), ended])
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

/** Waits. @throws the reason of `signal`, as soon as it aborts */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
