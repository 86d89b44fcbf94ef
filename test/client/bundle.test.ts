import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

const root = new URL('../../', import.meta.url).pathname

describe('the client in a browser', () => {
  it('is small, and holds nothing of the service and no declaration', async () => {
    const { outputFiles, metafile } = await build({
      entryPoints: [`${root}src/client.ts`],
      absWorkingDir: root,
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      metafile: true,
      write: false,
    })
    const inputs = Object.keys(metafile.inputs)
    expect(inputs).toContain('src/client/transport.ts')
    expect(inputs.filter((path) => !/^src\/(client\.ts|client\/|std\/)/.test(path))).toEqual([])
    const [file] = outputFiles
    expect(gzipSync(file?.contents ?? '').length).toBeLessThan(8 * 1024)
  })
})
