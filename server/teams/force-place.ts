/** Where a list of forces, teams or watches looks: the areas of the reader, or one of them, as counted or as organised now or on a day (STAT-2, STAT-11). */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Organised } from '@weiwang/domain/areas/api'
import type { ThingKind } from '@weiwang/domain/access/can'
import { foldFor } from '../areas/fold.ts'
import { areasFor, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Placed } from './placed.ts'

/** @throws notAllowed, notFound */
export function forceAreas(ctx: Ctx, area: AreaCode | undefined, kind: ThingKind = 'force'): AreaCode[] {
  const areas = areasFor(ctx, area).map((one) => (one === '' ? ctx.root : one))
  for (const one of areas.length === 0 ? [ctx.root] : areas) permit(ctx, 'read', { kind, area: one })
  return areas
}

export async function forcePlace(
  ctx: Ctx,
  args: { area?: AreaCode | undefined; own?: boolean | undefined; organised?: Organised | undefined },
  kind: ThingKind = 'force',
): Promise<Placed> {
  const areas = forceAreas(ctx, args.area, kind)
  const own = args.own === true && areas.length === 1
  return { areas, own, ...(await foldFor(ctx, args, own)) }
}
