import { contains } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import type { Ctx } from '../core/ctx.ts'

/**
 * The areas that a list runs over: the whole scope, or the part of it that lies inside the area asked for.
 * @throws notFound when the two have nothing in common (ACCESS-3).
 */
export function areasFor(ctx: Ctx, area: AreaCode | undefined): readonly AreaCode[] {
  if (area === undefined) return ctx.scope
  if (ctx.scope.some((mine) => contains(mine, area))) return [area]
  const inside = ctx.scope.filter((mine) => contains(area, mine))
  if (inside.length === 0) throw notFound({ thing: 'area' })
  return inside
}

export function inMyScope(ctx: Ctx, area: AreaCode): boolean {
  return ctx.scope.some((mine) => contains(mine, area))
}

/** @throws notFound */
export function requireInScope(ctx: Ctx, area: AreaCode, thing: string): void {
  if (!inMyScope(ctx, area)) throw notFound({ thing })
}
