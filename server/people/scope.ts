import { can } from '@weiwang/domain/access/can'
import { contains } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { notAllowed, notFound } from '@weiwang/domain/core/problems'
import type { Ctx } from '../core/ctx.ts'

export function inMyScope(ctx: Ctx, area: AreaCode): boolean {
  return ctx.scope.some((mine) => contains(mine, area))
}

/** @throws notFound */
export function requireInScope(ctx: Ctx, area: AreaCode, thing: string): void {
  if (!inMyScope(ctx, area)) throw notFound({ thing })
}

/**
 * The request with its scope cut to where the actor may read this kind of thing; a role without that right anywhere is told
 * so, and an actor without any scope simply sees nothing.
 * @throws notAllowed
 */
export function readable(ctx: Ctx, kind: 'person' | 'household'): Ctx {
  const scope = ctx.scope.filter((area) => can(ctx.actor, 'read', { kind, area }))
  if (scope.length === 0 && ctx.scope.length > 0) throw notAllowed({ verb: 'read', thing: kind })
  return { ...ctx, scope }
}
