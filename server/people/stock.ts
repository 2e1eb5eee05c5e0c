/**
 * STAT-15: how many people and doors the register holds, as counters. They move in the transaction that makes, moves, joins or
 * deletes one, so that a list of everybody says its exact total at any size without counting its rows.
 */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { STOCK_DAY, sumCounts } from '../core/counters.ts'
import type { Stock } from '../core/counters.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Db } from '../core/db/connect.ts'

/** Counters stand at grids. */
const GRID = 15

/** From nowhere: it is new. To nowhere: it stands in no list any more. */
export type StockMove = { from: AreaCode | null; to: AreaCode | null }

export function countStock(ctx: Ctx, metric: Stock, moves: readonly StockMove[]): void {
  const steps = new Map<AreaCode, number>()
  const step = (area: AreaCode | null, n: number): void => {
    if (area === null) return
    const grid = area.slice(0, GRID)
    steps.set(grid, (steps.get(grid) ?? 0) + n)
  }
  for (const { from, to } of moves) {
    step(from, -1)
    step(to, 1)
  }
  const moved = [...steps].filter(([, n]) => n !== 0)
  if (moved.length > 0) ctx.count(moved.map(([area, n]) => ({ area, day: STOCK_DAY, metric, n })))
}

/** What these areas hold; null where one is finer than counters are, and its few rows are counted. */
export async function stockOf(db: Db, metric: Stock, areas: readonly AreaCode[]): Promise<number | null> {
  if (areas.some((area) => area.length > GRID)) return null
  const sums = await sumCounts(db, { areas }, { from: STOCK_DAY, to: STOCK_DAY })
  return sums.get(metric) ?? 0
}
