import { readRoster } from '@weiwang/domain/access/roster'
import type { RosterTable } from '@weiwang/domain/access/roster'
import { unreadableFile } from '@weiwang/domain/access/problems'
import { parse } from 'csv-parse/sync'
import readXlsxFile from 'read-excel-file/node'

/**
 * A centre's roster as it comes: XLSX by its first bytes, otherwise text by byte-order mark, strict UTF-8, then GB18030, with the
 * separator that the first lines use most. Rosters are small, so the file is read whole; size and rows are bounded.
 */
const MAX_BYTES = 5 * 1024 * 1024
const MAX_ROWS = 20_000
/** What a compressed workbook may unfold to. */
const MAX_UNFOLDED = 100 * 1024 * 1024

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

function separatorOf(text: string): string {
  const head = text.split(/\r?\n/u, 10).join('\n')
  const count = (sep: string): number => head.split(sep).length
  return [',', ';', '\t', '|', '，'].reduce((best, sep) => (count(sep) > count(best) ? sep : best), ',')
}

function readText(bytes: Uint8Array): string[][] {
  const text = decode(bytes).replace(/^\ufeff/u, '')
  const rows: unknown = parse(text, {
    delimiter: separatorOf(text),
    relax_column_count: true,
    relax_quotes: true,
    to: MAX_ROWS + 1,
  })
  return Array.isArray(rows) ? rows.map((row: unknown) => (Array.isArray(row) ? row.map(String) : [])) : []
}

/** A whole number that a spreadsheet kept as a number is written out in full; dates and the rest as text. */
function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number' && Number.isInteger(cell)) return cell.toFixed(0)
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  return typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean' ? String(cell) : ''
}

const CENTRAL_ENTRY = Buffer.from('504b0102', 'hex')

/** The sum of the sizes that the archive's own directory declares; what unfolds to more than it declares does not unzip. */
function unfoldedSize(bytes: Buffer): number {
  let total = 0
  for (
    let at = bytes.indexOf(CENTRAL_ENTRY);
    at >= 0 && at + 46 <= bytes.length;
    at = bytes.indexOf(CENTRAL_ENTRY, at + 46)
  )
    total += bytes.readUInt32LE(at + 24)
  return total
}

async function readSheet(bytes: Buffer): Promise<string[][]> {
  const rows: unknown = await readXlsxFile(bytes)
  const first: unknown = Array.isArray(rows) && isSheet(rows[0]) ? rows[0].data : rows
  return Array.isArray(first)
    ? first.slice(0, MAX_ROWS + 1).map((row: unknown) => (Array.isArray(row) ? row.map(cellText) : []))
    : []
}

function isSheet(value: unknown): value is { data: unknown } {
  return typeof value === 'object' && value !== null && 'data' in value
}

/** @throws unreadableFile */
export async function readRosterFile(content: string): Promise<RosterTable> {
  const bytes = Buffer.from(content, 'base64')
  if (bytes.length === 0 || bytes.length > MAX_BYTES) throw unreadableFile({ why: `${bytes.length} B` })
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b
  if (isZip && unfoldedSize(bytes) > MAX_UNFOLDED) throw unreadableFile({ why: `> ${MAX_UNFOLDED} B` })
  let table: string[][]
  try {
    table = isZip ? await readSheet(bytes) : readText(bytes)
  } catch {
    throw unreadableFile({ why: isZip ? 'XLSX' : 'CSV' })
  }
  if (table.length > MAX_ROWS) throw unreadableFile({ why: `> ${MAX_ROWS}` })
  const roster = readRoster(table)
  if (!roster) throw unreadableFile({ why: '姓名 / name' })
  return roster
}
