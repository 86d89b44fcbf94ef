/** The limit of a log-in: the same verification of a password, or the same hash, and nothing else. */
import { chooseArgon2 } from '../../src/crypto/passwords/argon2.ts'
import { argon2id } from '../../src/crypto/passwords/argon2id.ts'
import { answerQuestions } from './child.ts'

const argon2 = chooseArgon2()
const cost = { memory: 19_456, passes: 2, parallelism: 1 }
const password = 'a password of ordinary length'
const encoded = await argon2.hash(password, cost)
const parsed = argon2id.parse(encoded)
if (typeof parsed === 'string') throw new Error('the hash we made is malformed')

export interface HashQuestion {
  work: 'verify' | 'hash'
  callers: number
  duration: number
}

/** Answers per second. */
async function rate({ work, callers, duration }: HashQuestion): Promise<number> {
  const start = performance.now()
  let done = 0
  let last = start
  const call = async () => {
    while (performance.now() - start < duration) {
      if (work === 'hash') await argon2.hash(password, cost)
      else await argon2.verify(password, encoded, parsed as never)
      done++
      last = performance.now()
    }
  }
  await Promise.all(Array.from({ length: callers }, call))
  return (done / (last - start)) * 1000
}

answerQuestions(
  async (question: HashQuestion | 'implementation') =>
    question === 'implementation' ? argon2.implementation : rate(question),
  async () => {},
)
