import readWorkbook from 'read-excel-file/node'
import type { Cell } from '@weiwang/domain/feeds/cell'
import { findHeader } from '@weiwang/domain/feeds/layout'
import type { HeaderSpec } from '@weiwang/domain/feeds/layout'
import { fileBroken, fileTooBig } from '@weiwang/domain/feeds/problems'
import { HEAD_ROWS } from './csv.ts'
import type { Limits } from './limits.ts'
import { checkWorkbook } from './zip.ts'

function asCell(value: unknown): Cell {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value instanceof Date)
    return value
  return null
}

export type SheetRows = { sheet: string; rows: Cell[][] }

/** The sheet of a workbook whose header is best recognised; the first one when none is. Dates are UTC-midnight Dates. */
export async function workbookRows<M extends string>(
  file: string,
  spec: readonly HeaderSpec<M>[],
  limits: Limits,
): Promise<SheetRows> {
  await checkWorkbook(file, limits)
  const sheets = await readWorkbook(file, { trim: false }).catch((error: unknown) => {
    throw fileBroken({ why: error instanceof Error ? error.message : 'workbook', row: 1 })
  })
  let best: { sheet: string; data: readonly (readonly unknown[])[]; score: number } | null = null
  for (const { sheet, data } of sheets) {
    const score =
      findHeader(
        spec,
        data.slice(0, HEAD_ROWS).map((row) => row.map(asCell)),
      )?.reading.columns.length ?? 0
    if (best === null || score > best.score) best = { sheet, data, score }
  }
  if (best === null) throw fileBroken({ why: 'no sheets', row: 1 })
  if (best.data.length > limits.workbookRows) throw fileTooBig({ what: 'rows', limit: limits.workbookRows })
  if (best.data.some((row) => row.length > limits.columns)) throw fileTooBig({ what: 'columns', limit: limits.columns })
  return { sheet: best.sheet, rows: best.data.map((row) => row.map(asCell)) }
}
