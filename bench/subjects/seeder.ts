/** Seeds in a process of its own, so that several databases can be filled at once and nothing else is held up. */
import { answerQuestions, say } from './child.ts'
import { type SeedOptions, seed } from './seed.ts'

answerQuestions(
  (options: Omit<SeedOptions, 'progress'>) => seed({ ...options, progress: say }),
  async () => {},
)
