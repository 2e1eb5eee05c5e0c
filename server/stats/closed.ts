import type { AskClosed, ClosedEmergencies } from '@weiwang/domain/stats/api'
import type { z } from 'zod'
import { areaNames } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { areasOf, permitRead, spanOf } from '../tasks/queries.ts'
import { closedEmergencies } from './store.ts'

/** STAT-16: what a reader of figures has to know when a list shows fewer rows than the figure that opened it. */
export async function readClosed(
  ctx: Ctx,
  args: z.output<typeof AskClosed>,
): Promise<z.infer<typeof ClosedEmergencies>> {
  const areas = areasOf(ctx, args.area)
  permitRead(ctx, 'read', 'stats', areas)
  const closed = await closedEmergencies(ctx.db, areas, spanOf(ctx, args), ctx.zone)
  const names = await areaNames(
    ctx.db,
    closed.map((one) => one.area),
  )
  return {
    items: closed.map(({ last_day: lastDay, ...one }) => ({
      ...one,
      lastDay,
      areaName: names.get(one.area) ?? one.area,
    })),
  }
}
