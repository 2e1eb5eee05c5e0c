import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

/** One official area: its code (2 to 12 digits) and its name as published. */
export type Division = { code: string; name: string }

/** Beside the source in development; from the built tree (`dist/areas`) the committed files lie two folders up. */
function folder(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const beside = join(here, 'divisions')
  return existsSync(beside) ? beside : join(here, '..', '..', 'areas', 'divisions')
}

export function parseDivisions(text: string): Division[] {
  const rows: Division[] = []
  for (const line of text.split('\n')) {
    const tab = line.indexOf('\t')
    if (tab > 0) rows.push({ code: line.slice(0, tab), name: line.slice(tab + 1) })
  }
  return rows
}

/**
 * The committed divisions (edition 2023 of the statistical codes): `jiangsu` all five levels, 23,563 rows; `country`
 * provinces, cities and counties of the whole country. Made by generate-divisions.ts.
 */
export function readDivisions(which: 'jiangsu' | 'country'): Division[] {
  return parseDivisions(gunzipSync(readFileSync(join(folder(), `${which}.tsv.gz`))).toString('utf8'))
}

/** Both files as one list in order of code, each code once: what the table `area` and the gazetteer are made of. */
export function allDivisions(): Division[] {
  const byCode = new Map<string, Division>()
  for (const row of [...readDivisions('country'), ...readDivisions('jiangsu')]) byCode.set(row.code, row)
  return [...byCode.values()].toSorted((a, b) => (a.code < b.code ? -1 : 1))
}
