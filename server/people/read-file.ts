/** A household register as an office keeps it: CSV or XLSX, headings in their words, cells as text. */
import type { RegisterRow } from '@weiwang/domain/people/api'
import { unreadableRegister } from '@weiwang/domain/people/problems'
import { parse } from 'csv-parse/sync'
import readXlsx from 'read-excel-file/node'
import { decodeText, isWorkbook, tableRows, unpackedSize } from '../core/small-file.ts'

/** A county's register has some 300,000 lines. */
export const MAX_BYTES = 64 * 1024 * 1024
const MAX_ROWS = 400_000
const MAX_INFLATED = 1024 * 1024 * 1024
const HEAD_ROWS = 10
const MAX_CELL = 400

type Field = Exclude<keyof RegisterRow, 'row'>

const HEADINGS: readonly [Field, RegExp][] = [
  ['externalId', /^(户编号|户号|户籍号|房屋编号|家庭编号|household_?id|external_?id)$/i],
  ['grid', /^(所属)?(微?网格)(编码|编号|代码|号)?$|^grid(_?code)?$/i],
  ['address', /^(详细|居住|现住|家庭|房屋)?(地址|住址)$|^address$/i],
  ['kind', /^(户|房屋|住户|场所)?(类型|类别|性质)$|^kind$/i],
  ['use', /^(房屋)?(使用情况|使用状态|居住情况|用途)$|^use$/i],
  ['estate', /^(小区|小区名称|楼盘|自然村)$|^estate$/i],
  ['building', /^(楼栋|楼幢|幢|栋|幢号|栋号|楼号)$|^building$/i],
  ['door', /^(室|室号|门牌|门牌号|房号|房间号)$|^door$/i],
  ['name', /^(成员|住户|人员)?(姓名|名字)$|^name$/i],
  ['documentKind', /^证件(类型|种类|类别)$|^document_?kind$/i],
  ['document', /^(证件|身份证|公民身份)(号码|号|编号)?$|^(document|id_?number)$/i],
  ['phone', /^(联系|移动|手机)?(电话|手机|手机号|手机号码|电话号码|联系方式)(号码)?$|^phone$/i],
  ['birth', /^(出生日期|出生年月|生日)$|^birth(_?date)?$/i],
]

export type RegisterFile = {
  rows: RegisterRow[]
  /** Text cells of a workbook: a number that ends in 000 was typed so. */
  textCells: boolean
}

/** A long number has lost its last digits in the spreadsheet; it is written as the float it is, so that it is refused as one (PEOPLE-2). */
function textOf(cell: unknown): string {
  if (typeof cell === 'number')
    return Number.isInteger(cell) ? (cell < 1e15 ? cell.toFixed(0) : cell.toExponential()) : String(cell)
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  return typeof cell === 'string' ? cell.trim().slice(0, MAX_CELL) : ''
}

async function cells(bytes: Buffer): Promise<{ rows: unknown[][]; textCells: boolean }> {
  if (isWorkbook(bytes)) {
    if (unpackedSize(bytes) > MAX_INFLATED) throw unreadableRegister({ why: `> ${MAX_INFLATED / 1024 / 1024} MB` })
    const sheets: unknown = await readXlsx(bytes)
    return { rows: tableRows(sheets), textCells: true }
  }
  const text = decodeText(bytes).replace(/^\ufeff/u, '')
  const head = text.slice(0, 4000).split('\n', HEAD_ROWS).join('\n')
  const delimiter =
    [',', '\t', ';', '|', '，'].toSorted((a, b) => head.split(b).length - head.split(a).length)[0] ?? ','
  const parsed: unknown = parse(text, {
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    max_record_size: 20_000,
    to: MAX_ROWS + HEAD_ROWS,
  })
  return { rows: tableRows(parsed), textCells: false }
}

function columnsOf(heading: readonly unknown[]): Map<Field, number> {
  const columns = new Map<Field, number>()
  heading.forEach((cell, i) => {
    const title = textOf(cell)
      .normalize('NFKC')
      .replace(/[\s*()]/g, '')
    const field = HEADINGS.find(([f, pattern]) => pattern.test(title) && !columns.has(f))?.[0]
    if (field !== undefined) columns.set(field, i)
  })
  return columns
}

/**
 * Rows of a register with their line numbers as Excel counts them. The heading is found among the first ten lines.
 * @throws unreadableRegister when there is none, or too much of everything
 */
export async function readRegisterFile(bytes: Buffer): Promise<RegisterFile> {
  if (bytes.length === 0 || bytes.length > MAX_BYTES) throw unreadableRegister({ why: `${bytes.length} B` })
  const { rows, textCells } = await cells(bytes).catch((error: unknown) => {
    throw unreadableRegister({ why: error instanceof Error ? error.message.slice(0, 100) : '?' })
  })
  const scored = rows.slice(0, HEAD_ROWS).map((row) => columnsOf(row))
  const at = scored.findIndex((columns) => columns.size >= 2 && (columns.has('grid') || columns.has('address')))
  const columns = scored[at]
  if (columns === undefined) throw unreadableRegister({ why: '没有表头（网格或地址、户编号、姓名…） no heading' })
  const data = rows
    .map((cell, i) => ({ cell, row: i + 1 }))
    .slice(at + 1)
    .filter(({ cell }) => cell.some((c) => textOf(c) !== ''))
  if (data.length > MAX_ROWS) throw unreadableRegister({ why: `> ${MAX_ROWS} 行 rows` })
  return {
    rows: data.map(({ cell, row }) => ({
      row,
      ...Object.fromEntries([...columns].map(([field, i]) => [field, textOf(cell[i])])),
    })),
    textCells,
  }
}
