import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

type Chunk = {
  type: 'chunk'
  fileName: string
  code: string
  isEntry: boolean
  imports: string[]
  moduleIds: string[]
  viteMetadata?: { importedCss: Set<string> }
}

/**
 * What a phone must fetch before its first list can be used: the entry, what it imports, and the lazy modules named in `also`
 * with theirs, styles too, gzipped one by one as they travel. Over the limit the build fails.
 */
export function budget({ limit, also }: { limit: number; also: readonly string[] }): Plugin {
  return {
    name: 'weiwang-budget',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const chunks = new Map<string, Chunk>()
        for (const file of Object.values(bundle)) if (file.type === 'chunk') chunks.set(file.fileName, file)
        const first = [...chunks.values()].filter(
          (chunk) => chunk.isEntry || chunk.moduleIds.some((id) => also.some((end) => id.endsWith(end))),
        )
        for (const end of also)
          if (!first.some((chunk) => chunk.moduleIds.some((id) => id.endsWith(end))))
            this.warn(`the size check names ${end}, which is not in the build`)
        const wanted = new Set<string>()
        const want = (chunk: Chunk): void => {
          if (wanted.has(chunk.fileName)) return
          wanted.add(chunk.fileName)
          for (const css of chunk.viteMetadata?.importedCss ?? []) wanted.add(css)
          for (const name of chunk.imports) {
            const next = chunks.get(name)
            if (next) want(next)
          }
        }
        for (const chunk of first) want(chunk)
        const sizes = [...wanted].map((name) => {
          const file = bundle[name]
          const content = file?.type === 'chunk' ? file.code : (file?.source ?? '')
          return { name, bytes: gzipSync(content).length }
        })
        const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
        this.emitFile({
          type: 'asset',
          fileName: 'first.json',
          source: JSON.stringify({ limit, total, files: sizes.toSorted((a, b) => b.bytes - a.bytes) }),
        })
        if (total > limit)
          this.error(
            `${Math.ceil(total / 1024)} KB gzip before the first list, ${Math.floor(limit / 1024)} KB are allowed: ` +
              sizes.map(({ name, bytes }) => `${name} ${Math.ceil(bytes / 1024)}`).join(', '),
          )
      },
    },
  }
}
