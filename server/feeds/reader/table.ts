import { open, stat } from 'node:fs/promises'
import { say } from '@weiwang/domain/core/say'
import type { Reading } from '@weiwang/domain/feeds/api'
import type { Cell } from '@weiwang/domain/feeds/cell'
import { cellText } from '@weiwang/domain/feeds/cell'
import { findHeader } from '@weiwang/domain/feeds/layout'
import type { HeaderReading, HeaderSpec } from '@weiwang/domain/feeds/layout'
import { columnRefused, fileTooBig, fileType, headerMissing } from '@weiwang/domain/feeds/problems'
import { refusedColumn } from '@weiwang/domain/feeds/refuse'
import type { Refusal } from '@weiwang/domain/feeds/refuse'
import { isBlankRow } from '@weiwang/domain/feeds/row'
import { csvRows, findSeparator, HEAD_ROWS } from './csv.ts'
import { findEncoding } from './encoding.ts'
import { LIMITS } from './limits.ts'
import type { Limits } from './limits.ts'
import { workbookRows } from './xlsx.ts'

/** A row of a file with the number that Excel shows for it. */
export type FileRow = { n: number; cells: readonly Cell[] }

export type Table<M extends string> = {
  reading: Omit<Reading, 'columns'>
  header: HeaderReading<M>
  /** True where a string cell is text for certain (a workbook), so that its digits are what was typed. */
  textCells: boolean
  /** About how many rows there are, for progress; null when it is not known. */
  estimate: number | null
  /** Rows below the header, blank ones left out, in bunches. Can be walked once. */
  rows: AsyncGenerator<FileRow[]>
}

/** Values of ignored columns that are looked at for positions (FEED-4). */
const SAMPLE = 200

type Source = {
  reading: Pick<Reading, 'format' | 'encoding' | 'separator' | 'sheet'>
  rows: AsyncGenerator<readonly (readonly Cell[])[]>
  textCells: boolean
  lines: number
}

async function* inBunches(rows: readonly Cell[][]): AsyncGenerator<Cell[][]> {
  for (let i = 0; i < rows.length; i += 500) yield rows.slice(i, i + 500)
}

async function kindOf(file: string, name: string): Promise<'csv' | 'xlsx'> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(8), 0, 8, 0)
    // By content, not by name: offices rename files. D0CF11E0 is an old .xls or an encrypted workbook.
    if (bytesRead >= 4 && buffer.readUInt32BE(0) === 0x504b0304) return 'xlsx'
    if (bytesRead >= 4 && (buffer.readUInt32BE(0) === 0xd0cf11e0 || buffer.toString('latin1', 0, 4) === '%PDF'))
      throw fileType({ name })
    return 'csv'
  } finally {
    await handle.close()
  }
}

async function openSource<M extends string>(
  file: string,
  name: string,
  spec: readonly HeaderSpec<M>[],
  limits: Limits,
): Promise<Source> {
  if ((await kindOf(file, name)) === 'xlsx') {
    const { sheet, rows } = await workbookRows(file, spec, limits)
    return {
      reading: { format: 'xlsx', encoding: null, separator: null, sheet },
      rows: inBunches(rows),
      textCells: true,
      lines: rows.length,
    }
  }
  const encoding = await findEncoding(file)
  const separator = await findSeparator(file, encoding, spec, limits)
  return {
    reading: { format: 'csv', encoding: encoding.encoding, separator, sheet: null },
    rows: csvRows(file, encoding, separator, limits),
    textCells: false,
    lines: encoding.lines,
  }
}

function refuse(refused: readonly { header: string; refusal: Refusal }[]): void {
  const first = refused[0]
  if (first === undefined) return
  const kinds = new Map(refused.map((r) => [r.refusal.what, r.refusal.say]))
  const what = say([...kinds.values()].map((s) => s.zh).join('、'), [...kinds.values()].map((s) => s.en).join(', '))
  throw columnRefused({ columns: refused.map((r) => r.header), what: what.zh, whatEn: what.en })
}

/** FEED-4: what stands in columns that would be ignored; a feed must not carry positions under any name. */
function refusedByValue<M extends string>(
  header: HeaderReading<M>,
  rows: readonly (readonly Cell[])[],
): { header: string; refusal: Refusal }[] {
  return header.ignored.flatMap(({ index, header: name }) => {
    const refusal = refusedColumn(rows.map((cells) => cellText(cells[index])))
    return refusal === null ? [] : [{ header: name, refusal }]
  })
}

function numbered(rows: readonly (readonly Cell[])[], first: number): FileRow[] {
  return rows.flatMap((cells, i) => (isBlankRow(cells) ? [] : [{ n: first + i, cells }]))
}

/**
 * Opens a file as a table: its kind, encoding, separator and header, with refused columns refused before any row is read.
 * @throws fileType, fileTooBig, fileBroken, fileEncoding, headerMissing, columnRefused
 */
export async function openTable<M extends string>(
  file: string,
  name: string,
  spec: readonly HeaderSpec<M>[],
  names: (meaning: M) => { zh: string; en: string },
  limits: Limits = LIMITS,
): Promise<Table<M>> {
  const { size } = await stat(file)
  if (size > limits.bytes) throw fileTooBig({ what: 'bytes', limit: limits.bytes })
  const source = await openSource(file, name, spec, limits)
  const head: (readonly Cell[])[] = []
  while (head.length < HEAD_ROWS + SAMPLE) {
    const { value, done } = await source.rows.next()
    if (done === true) break
    head.push(...value)
  }
  const found = findHeader(spec, head.slice(0, HEAD_ROWS))
  const { separator } = source.reading
  if (found === null) {
    await source.rows.return(undefined)
    throw headerMissing({ missing: [], missingEn: [], found: [], separator })
  }
  const { at, reading: header } = found
  const data = head.slice(at + 1)
  try {
    refuse([...header.refused, ...refusedByValue(header, data.slice(0, SAMPLE))])
    if (header.missing.length > 0) {
      const missing = header.missing.map(names)
      throw headerMissing({
        missing: missing.map((m) => m.zh),
        missingEn: missing.map((m) => m.en),
        found: header.columns.map((c) => c.header),
        separator,
      })
    }
  } catch (error) {
    await source.rows.return(undefined)
    throw error
  }
  const rest = source.rows
  async function* rows(): AsyncGenerator<FileRow[]> {
    yield numbered(data, at + 2)
    let next = head.length + 1
    for await (const bunch of rest) {
      yield numbered(bunch, next)
      next += bunch.length
    }
  }
  return {
    reading: { ...source.reading, headerRow: at + 1, ignored: header.ignored.map((c) => c.header) },
    header,
    textCells: source.textCells,
    estimate: Math.max(0, source.lines - at - 1),
    rows: rows(),
  }
}
