import type { AreaCode } from '@weiwang/domain/areas/code'
import { countyOf } from '@weiwang/domain/areas/code'
import { DOOR_ACCURACY, roundPosition } from '@weiwang/domain/people/change'
import type { Position } from '@weiwang/domain/people/change'
import type { Ctx } from '../core/ctx.ts'
import { takePosition } from './store-change.ts'
import { tellChanged } from './told.ts'

/**
 * PEOPLE-23: where a door is, from a phone that stood before it and was allowed to say so. Called in the visit's transaction; one
 * statement, and none when the position is too coarse to tell a door. It is the door's, so it stands with the door.
 */
export async function notePosition(ctx: Ctx, door: { id: string; area: AreaCode }, seen: Position): Promise<void> {
  if (seen.accuracy > DOOR_ACCURACY) return
  const at = { county: countyOf(door.area), id: door.id }
  if (await takePosition(ctx.db, at, roundPosition(seen), ctx.now)) tellChanged(ctx, { householdIds: [door.id] })
}
