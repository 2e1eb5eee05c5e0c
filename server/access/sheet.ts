import { readRoster } from '@weiwang/domain/access/roster'
import type { RosterTable } from '@weiwang/domain/access/roster'
import { unreadableFile } from '@weiwang/domain/access/problems'
import { parse } from 'csv-parse/sync'
import readXlsxFile from 'read-excel-file/node'
import { decodeText, isWorkbook, tableRows, unpackedSize } from '../core/small-file.ts'

/**
 * A centre's roster as it comes: XLSX by its first bytes, otherwise text by byte-order mark, strict UTF-8, then GB18030, with the
 * separator that the first lines use most. Rosters are small, so the file is read whole; size and rows are bounded.
 */
const MAX_BYTES = 5 * 1024 * 1024
const MAX_ROWS = 20_000
/** What a compressed workbook may unfold to. */
const MAX_UNFOLDED = 100 * 1024 * 1024

function separatorOf(text: string): string {
  const head = text.split(/\r?\n/u, 10).join('\n')
  const count = (sep: string): number => head.split(sep).length
  return [',', ';', '\t', '|', '，'].reduce((best, sep) => (count(sep) > count(best) ? sep : best), ',')
}

function readText(bytes: Uint8Array): string[][] {
  const text = decodeText(bytes).replace(/^\ufeff/u, '')
  const rows: unknown = parse(text, {
    delimiter: separatorOf(text),
    relax_column_count: true,
    relax_quotes: true,
    to: MAX_ROWS + 1,
  })
  return tableRows(rows).map((row) => row.map(String))
}

/** A whole number that a spreadsheet kept as a number is written out in full; dates and the rest as text. */
function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number' && Number.isInteger(cell)) return cell.toFixed(0)
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean' ? String(cell) : ''
}

async function readSheet(bytes: Buffer): Promise<string[][]> {
  return tableRows(await readXlsxFile(bytes))
    .slice(0, MAX_ROWS + 1)
    .map((row) => row.map(cellText))
}

/** A small table as a file has it. @throws unreadableFile */
export async function readTable(content: string): Promise<string[][]> {
  const bytes = Buffer.from(content, 'base64')
  if (bytes.length === 0 || bytes.length > MAX_BYTES) throw unreadableFile({ why: `${bytes.length} B` })
  const isZip = isWorkbook(bytes)
  if (isZip && unpackedSize(bytes) > MAX_UNFOLDED) throw unreadableFile({ why: `> ${MAX_UNFOLDED} B` })
  let table: string[][]
  try {
    table = isZip ? await readSheet(bytes) : readText(bytes)
  } catch {
    throw unreadableFile({ why: isZip ? 'XLSX' : 'CSV' })
  }
  if (table.length > MAX_ROWS) throw unreadableFile({ why: `> ${MAX_ROWS}` })
  return table
}

/** @throws unreadableFile */
export async function readRosterFile(content: string): Promise<RosterTable> {
  const roster = readRoster(await readTable(content))
  if (!roster) throw unreadableFile({ why: '姓名 / name' })
  return roster
}
