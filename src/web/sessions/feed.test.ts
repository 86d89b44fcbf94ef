import { expect, test } from 'vitest'
import type { News } from '../service/service.ts'
import { createFeed } from './feed.ts'

test('closing waits for the question under way, answered or not, and asks no more', async () => {
  const questions: PromiseWithResolvers<News>[] = []
  const news = () => {
    const question = Promise.withResolvers<News>()
    questions.push(question)
    return question.promise
  }
  const feed = createFeed({ news }, { delay: 1, now: () => 0, log: () => {}, onNews: () => {} })
  void feed.need()
  let isClosed = false
  const closed = feed.close().then(() => {
    isClosed = true
  })
  await new Promise(setImmediate)
  expect(isClosed).toBe(false)
  questions[0]?.reject(new Error('away'))
  await closed
  expect(questions).toHaveLength(1)
})
