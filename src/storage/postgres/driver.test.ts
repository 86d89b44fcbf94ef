import { expect, test } from 'vitest'
import { loadDriver } from './driver.ts'

test('a missing pg is said with the command that installs it', async () => {
  const missing = () =>
    Promise.reject(Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' }))
  await expect(loadDriver(missing)).rejects.toThrow('npm install pg')
})

test('any other failure to load it is shown as it is', async () => {
  const broken = () => Promise.reject(new SyntaxError('broken'))
  await expect(loadDriver(broken)).rejects.toThrow(SyntaxError)
})
