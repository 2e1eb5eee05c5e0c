/** Where a list of forces, teams or watches looks: the areas of the reader, or one of them, as counted or as organised now (STAT-2, STAT-11). */
import { levelOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { foldOf } from '@weiwang/domain/areas/fold'
import type { ThingKind } from '@weiwang/domain/access/can'
import { movedAround } from '../areas/fold.ts'
import { areasFor, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Placed } from './placed.ts'

const DIGITS = [2, 4, 6, 9, 12, 15, 18]

/** @throws notAllowed, notFound */
export function forceAreas(ctx: Ctx, area: AreaCode | undefined, kind: ThingKind = 'force'): AreaCode[] {
  const areas = areasFor(ctx, area).map((one) => (one === '' ? ctx.root : one))
  for (const one of areas.length === 0 ? [ctx.root] : areas) permit(ctx, 'read', { kind, area: one })
  return areas
}

export async function forcePlace(
  ctx: Ctx,
  args: { area?: AreaCode | undefined; own?: boolean | undefined; organised?: 'now' | 'then' | undefined },
  kind: ThingKind = 'force',
): Promise<Placed> {
  const areas = forceAreas(ctx, args.area, kind)
  const own = args.own === true && areas.length === 1
  if (args.organised !== 'now' || args.area === undefined) return { areas, own }
  const digits = own ? (DIGITS[levelOf(args.area)] ?? 18) : args.area.length
  const { moved } = await movedAround(ctx, args.area, digits)
  return { areas, own, ...foldOf(args.area, own, moved) }
}
