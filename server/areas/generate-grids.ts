import { planGrids } from '@weiwang/domain/areas/plan-grids'
import type { VillageSize } from '@weiwang/domain/areas/plan-grids'
import type { Day } from '@weiwang/domain/core/day'
import type { Ctx } from '../core/ctx.ts'
import { childrenCounts, insertAreas, insertTerms } from './store.ts'

/**
 * Makes grids of about 300 to 500 households for villages that have none, for an exercise or a start without a grid map.
 * Villages that have any grid are left alone, so it can be repeated. Runs as the system.
 * @returns how many grids were made, and for how many villages
 */
export async function generateGrids(
  ctx: Ctx,
  villages: readonly VillageSize[],
  from: Day,
): Promise<{ grids: number; villages: number }> {
  const have = await childrenCounts(
    ctx.db,
    villages.map((v) => v.code),
  )
  const empty = villages.filter((v) => v.households > 0 && (have.get(v.code) ?? 0) === 0)
  const grids = empty.flatMap(planGrids)
  await insertAreas(ctx.db, grids, from)
  await insertTerms(ctx.db, grids)
  return { grids: grids.length, villages: empty.length }
}
