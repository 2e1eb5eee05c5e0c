import type { GridRow } from '@weiwang/domain/areas/api'
import { unreadableFile } from '@weiwang/domain/areas/problems'
import { parse } from 'csv-parse/sync'
import readXlsx from 'read-excel-file/node'
import { decodeText, isWorkbook, tableRows, unpackedSize } from '../core/small-file.ts'

/** A grid file is a list of at most some thousand lines; anything bigger is not one. */
export const MAX_BYTES = 5 * 1024 * 1024
const MAX_ROWS = 20_000

/** Headings as offices write them, by field. */
const HEADINGS: readonly [keyof GridRow, RegExp][] = [
  ['unit', /微网格(号|编码|编号)|^unit$/i],
  ['village', /村|社区|village/i],
  ['grid', /网格(号|编码|编号|序号)|^grid$/i],
  ['name', /^(?!.*(?:村|社区|village)).*(?:名称|name)/i],
  ['kind', /类型|类别|kind|type/i],
  ['households', /户数|households/i],
]

function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return Number.isInteger(cell) ? cell.toFixed(0) : String(cell)
  return typeof cell === 'string' ? cell.trim() : ''
}

async function cells(bytes: Buffer): Promise<string[][]> {
  if (isWorkbook(bytes)) {
    if (unpackedSize(bytes) > MAX_UNPACKED) throw new Error('展开后过大 too big when unpacked')
    const sheets: unknown = await readXlsx(bytes)
    return tableRows(sheets).map((row) => row.map(textOf))
  }
  const text = decodeText(bytes)
  const head = text.slice(0, text.indexOf('\n') + 1 || text.length)
  const delimiter = [',', '\t', ';', '，'].toSorted((a, b) => head.split(b).length - head.split(a).length)[0] ?? ','
  const rows: unknown = parse(text, {
    bom: true,
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: 10_000,
  })
  return tableRows(rows).map((row) => row.map(textOf))
}

const MAX_UNPACKED = 60 * 1024 * 1024

/**
 * Rows of a CSV or XLSX file of grids; the heading line is found among the first five (a title may stand above it).
 * `firstRow` is the line of the first row, so that a note about one names the line that the office sees.
 * @throws unreadableFile when there is no heading with a village and a grid, or too much of everything
 */
export async function readGridFile(bytes: Buffer): Promise<{ rows: GridRow[]; firstRow: number }> {
  if (bytes.length > MAX_BYTES) throw unreadableFile({ why: `> ${MAX_BYTES / 1024 / 1024} MB` })
  const rows = await cells(bytes).catch((error: unknown) => {
    throw unreadableFile({ why: error instanceof Error ? error.message.slice(0, 100) : '?' })
  })
  const at = rows.slice(0, 5).findIndex((row) => columnsOf(row).has('village') && columnsOf(row).has('grid'))
  const heading = rows[at]
  if (heading === undefined) throw unreadableFile({ why: '没有表头 no heading' })
  const data = rows.slice(at + 1).filter((row) => row.some((c) => c !== ''))
  if (data.length > MAX_ROWS) throw unreadableFile({ why: `> ${MAX_ROWS} 行 rows` })
  const columns = columnsOf(heading)
  const cell = (row: string[], field: keyof GridRow) => {
    const i = columns.get(field)
    return i === undefined ? '' : (row[i] ?? '').slice(0, 60)
  }
  const grids = data.map((row) => ({
    village: cell(row, 'village'),
    grid: cell(row, 'grid').slice(0, 20),
    unit: cell(row, 'unit').slice(0, 20),
    name: cell(row, 'name'),
    kind: cell(row, 'kind').slice(0, 20),
    households: cell(row, 'households').slice(0, 12),
  }))
  return { rows: grids, firstRow: at + 2 }
}

function columnsOf(heading: readonly string[]): Map<keyof GridRow, number> {
  const columns = new Map<keyof GridRow, number>()
  heading.forEach((title, i) => {
    const field = HEADINGS.find(([f, pattern]) => pattern.test(title) && !columns.has(f))?.[0]
    if (field !== undefined) columns.set(field, i)
  })
  return columns
}
