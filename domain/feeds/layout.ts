import type { Say } from '../core/say.ts'
import { say } from '../core/say.ts'
import type { DocumentKind } from '../people/api.ts'
import { readDocumentKind } from '../people/document.ts'
import type { Mapping, MappedColumn, Meaning } from './api.ts'
import type { Cell } from './cell.ts'
import { cellText, headerKey } from './cell.ts'
import type { Degree } from './fact.ts'
import type { Refusal } from './refuse.ts'
import { refusedHeader } from './refuse.ts'
import { degreeTable, valueTable } from './values.ts'

/** What a header says: which column has which meaning, which columns are ignored or refused, what is missing (FEED-6, FEED-7). */
export type HeaderReading<M extends string> = {
  columns: { index: number; header: string; meaning: M }[]
  ignored: { index: number; header: string }[]
  refused: { index: number; header: string; refusal: Refusal }[]
  missing: M[]
}

export type HeaderSpec<M extends string> = { meaning: M; headers: readonly string[]; required: boolean }

// eslint-disable-next-line no-control-regex -- exactly these are what a database text cannot hold
const CONTROL = /[\u0000-\u001f\u007f]+/g

/** A header as it is shown and stored: one line, not longer than anybody would read. */
function headerText(cell: Cell): string {
  return cellText(cell).replace(CONTROL, ' ').trim().slice(0, 80)
}

/**
 * Reads one row as a header. Where two columns have one meaning, the spelling that the source lists first is taken and the
 * other is named among the ignored.
 */
export function readHeader<M extends string>(spec: readonly HeaderSpec<M>[], cells: readonly Cell[]): HeaderReading<M> {
  const keys = keyed(spec)
  return readTaken(keys, cells, takenBy(keys, cells))
}

type KeyedSpec<M extends string> = { meaning: M; keys: readonly string[]; required: boolean }

function keyed<M extends string>(spec: readonly HeaderSpec<M>[]): KeyedSpec<M>[] {
  return spec.map(({ meaning, headers, required }) => ({ meaning, keys: headers.map(headerKey), required }))
}

/** Which cell has which meaning. */
function takenBy<M extends string>(spec: readonly KeyedSpec<M>[], cells: readonly Cell[]): Map<number, M> {
  const found = cells.map((cell) => headerKey(cellText(cell)))
  const taken = new Map<number, M>()
  for (const { meaning, keys } of spec) {
    for (const key of keys) {
      const index = found.findIndex((other, i) => other !== '' && other === key && !taken.has(i))
      if (index >= 0) {
        taken.set(index, meaning)
        break
      }
    }
  }
  return taken
}

function readTaken<M extends string>(
  spec: readonly KeyedSpec<M>[],
  cells: readonly Cell[],
  taken: ReadonlyMap<number, M>,
): HeaderReading<M> {
  const reading: HeaderReading<M> = { columns: [], ignored: [], refused: [], missing: [] }
  cells.forEach((cell, index) => {
    const header = headerText(cell)
    if (header === '') return
    const refusal = refusedHeader(header)
    const meaning = taken.get(index)
    if (refusal !== null) reading.refused.push({ index, header, refusal })
    else if (meaning === undefined) reading.ignored.push({ index, header })
    else reading.columns.push({ index, header, meaning })
  })
  const meanings = new Set(reading.columns.map((c) => c.meaning))
  reading.missing = spec.filter((s) => s.required && !meanings.has(s.meaning)).map((s) => s.meaning)
  return reading
}

/** The header among the first rows: title lines above it say nothing of the mapping. Null when no row names two columns. */
export function findHeader<M extends string>(
  spec: readonly HeaderSpec<M>[],
  rows: readonly (readonly Cell[])[],
): { at: number; reading: HeaderReading<M> } | null {
  let best: { at: number; reading: HeaderReading<M> } | null = null
  const keys = keyed(spec)
  for (const [at, cells] of rows.entries()) {
    const taken = takenBy(keys, cells)
    if (taken.size < 2) continue
    const reading = readTaken(keys, cells, taken)
    if (reading.columns.length < 2) continue
    if (best === null || reading.columns.length > best.reading.columns.length) best = { at, reading }
  }
  return best
}

/** A mapping joined with the header of one file: everything that reading a row needs, made once. */
export type Layout = {
  mapping: Mapping
  at: ReadonlyMap<Meaning, { index: number; column: MappedColumn; header: string }>
  /** Of those, the ones that no row may leave blank. */
  required: readonly Meaning[]
  values: ReadonlyMap<string, string>
  cases: ReadonlyMap<string, string>
  degrees: ReadonlyMap<string, Degree>
  /** The kind of document that a cell names: a file has few spellings, so each is looked up once. */
  kindOf: (text: string) => DocumentKind | undefined
}

const MAX_KINDS = 200

function kindLookup(): Layout['kindOf'] {
  const kinds = new Map<string, DocumentKind | undefined>()
  return (text) => {
    if (kinds.has(text)) return kinds.get(text)
    const kind = readDocumentKind(text) ?? undefined
    if (kinds.size < MAX_KINDS) kinds.set(text, kind)
    return kind
  }
}

export function layoutOf(mapping: Mapping, header: HeaderReading<Meaning>): Layout {
  const at = new Map<Meaning, { index: number; column: MappedColumn; header: string }>()
  for (const { index, header: name, meaning } of header.columns) {
    const column = mapping.columns.find((c) => c.meaning === meaning)
    if (column !== undefined) at.set(meaning, { index, column, header: name })
  }
  return {
    mapping,
    at,
    required: [...at].flatMap(([meaning, { column }]) => (column.required ? [meaning] : [])),
    values: valueTable(mapping.fact, mapping.values),
    cases: valueTable('case', mapping.fact === 'contact' ? mapping.values : {}),
    degrees: degreeTable(),
    kindOf: kindLookup(),
  }
}

export const MEANING_NAMES: Readonly<Record<Meaning, Say>> = {
  name: say('姓名', 'name'),
  doc_kind: say('证件类型', 'kind of document'),
  doc_number: say('证件号码', 'document number'),
  doc_country: say('签发国家（地区）', 'issuing country'),
  phone: say('手机号码', 'phone'),
  address: say('地址', 'address'),
  place: say('地区', 'place'),
  from_day: say('起始日期', 'first day'),
  to_day: say('结束日期', 'last day'),
  arrived_at: say('到达时间', 'arrival'),
  value: say('结果', 'value'),
  degree: say('接触类型', 'degree of contact'),
  vehicle: say('车次（航班、车牌）', 'vehicle'),
  external_id: say('来源编号', 'id at the source'),
}
