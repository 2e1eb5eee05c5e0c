import { pinyin } from 'pinyin-pro'
import { ALIASES } from './aliases.ts'
import { levelOf } from './code.ts'
import type { AreaCode } from './code.ts'
import { shortName, villageStem } from './name.ts'

export type TermKind = 'name' | 'alias' | 'pinyin'
export type Term = { term: string; kind: TermKind }

/** Readings of place names that the dictionary has otherwise. */
const READINGS: readonly [string, string[]][] = [
  ['六合', ['lu', 'he']],
  ['浒墅关', ['xu', 'shu', 'guan']],
  ['浒关', ['xu', 'guan']],
]

function syllables(text: string): string[] {
  const list = pinyin(text, { toneType: 'none', type: 'array' }).map((s) => s.replaceAll('ü', 'v').toLowerCase())
  for (const [name, reading] of READINGS) {
    const at = text.indexOf(name)
    if (at >= 0) list.splice(at, reading.length, ...reading)
  }
  return list
}

/** The part of a name that people type: without brackets and the words for the committee. */
function core(name: string, code: AreaCode): string {
  const plain = name
    .normalize('NFKC')
    .replace(/\(.*?\)/g, '')
    .replace(/\s/g, '')
  const level = levelOf(code)
  if (level === 5) return villageStem(plain).stem
  return level <= 3 ? (shortName(plain, level) ?? plain) : plain
}

/** How a text must be written to be compared with terms. */
export function searchText(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s'’·-]/g, '')
    .toLowerCase()
}

/** Grids and units that have only a number: a province has tens of thousands of 第1网格, which would bury everything else. */
const NUMBERED = /^(?:第\d+网格|\d+号微网格)$/

export function isNumbered(name: string): boolean {
  return NUMBERED.test(name)
}

/**
 * AREA-3: the texts by whose beginning an area is found: its official name, its short name and later parts of it (for
 * levels 1 to 5, so that 湖街道 finds 莫愁湖街道), its pinyin and initials. Terms are short and few: about four an area.
 */
export function termsOf(code: AreaCode, name: string): Term[] {
  if (isNumbered(name)) return []
  const terms = new Map<string, TermKind>()
  const add = (term: string, kind: TermKind) => {
    if (term !== '' && !terms.has(term)) terms.set(term.slice(0, 60), kind)
  }
  const short = core(name, code)
  add(searchText(name), 'name')
  add(searchText(short), 'name')
  if (code.length <= 12) for (let i = 1; i <= short.length - 2 && i < 6; i++) add(searchText(short.slice(i)), 'name')
  const spoken = syllables(short)
  add(spoken.join(''), 'pinyin')
  add(spoken.map((s) => s[0] ?? '').join(''), 'pinyin')
  return Array.from(terms, ([term, kind]) => ({ term, kind }))
}

export type AliasRow = { alias: string; code: AreaCode; kind: 'short' | 'old' | 'other' | 'learned' }

/** The rows of `area_alias` that come with the divisions: the old and other names of aliases.ts, one row per area. */
export function aliasRows(known: ReadonlySet<AreaCode>): AliasRow[] {
  return ALIASES.flatMap(({ alias, codes, kind }) =>
    kind === 'learned' ? [] : codes.filter((c) => known.has(c)).map((code) => ({ alias, code, kind })),
  )
}
