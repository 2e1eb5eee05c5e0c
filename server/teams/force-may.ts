import { countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Ctx } from '../core/ctx.ts'

const COUNTY_DIGITS = 6

/**
 * FORCE-10: whose reports somebody may open: the desk of a county (not one above or below it) those of its county, a doctor those of
 * the people in his teams. Everybody else reads his own and nothing more.
 */
export function readsHealth(ctx: Ctx): { counties: AreaCode[]; doctor: boolean } {
  const { actor } = ctx
  if (actor.kind !== 'account') return { counties: [], doctor: false }
  const desk = actor.roles.includes('operator') || actor.roles.includes('chief')
  const counties =
    desk && actor.area.length === COUNTY_DIGITS && ctx.scope.includes(actor.area) ? [countyOf(actor.area)] : []
  return { counties, doctor: actor.roles.includes('doctor') }
}
