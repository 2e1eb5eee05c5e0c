import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const KINDS = /\.(js|mjs|css|html|svg|json|wasm|webmanifest)$/
const SMALLEST = 1024

/** Writes `.br` and `.gz` beside every file of the build that shrinks; the server sends them as they are (a third of the bytes). */
export function compressed(): Plugin {
  let outDir = ''
  return {
    name: 'weiwang-compressed',
    apply: 'build',
    // After everything else, the service worker among it, has been written.
    enforce: 'post',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir)
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        for (const name of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
          const path = join(outDir, name)
          if (!KINDS.test(name) || statSync(path).size < SMALLEST) continue
          const bytes = readFileSync(path)
          writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }))
          writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
        }
      },
    },
  }
}
