import { doorGoesTo, pointGoesTo } from '@weiwang/domain/areas/change'
import type { Door } from '@weiwang/domain/areas/change'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import type { Db } from '../core/db/connect.ts'
import { findChange } from './store-changes.ts'
import { successorsOn } from './store.ts'

export type Following = {
  onDay: Day
  /** The lowest area that holds everything the change touches. */
  area: AreaCode
  /** Areas whose doors, people, tasks and duties move: everything inside them. */
  tops: AreaCode[]
  /** Where a door of an ended area goes (AREA-5). */
  goesTo: (door: Door) => AreaCode
  /** Where a street or a building of the register goes; the parent when its doors may go several ways. */
  pointGoesTo: (point: Omit<Door, 'id'>) => AreaCode
  /** Where what has no door goes (a duty, a task of a person without a household): its one successor, otherwise the parent. */
  stands: (area: AreaCode) => AreaCode
  /** What an area became in this change: none, one or several. */
  becomes: (area: AreaCode) => AreaCode[]
}

/**
 * What rooms that hold things by area do with `areas.changed` {changeId}: null when nothing moves (a rename, an import, or a
 * change that was not applied).
 */
export async function followChange(db: Db, changeId: string): Promise<Following | null> {
  const change = await findChange(db, changeId, [''])
  if (!change || change.state !== 'applied' || change.plan === null || change.plan.kind === 'rename') return null
  const { plan, onDay } = change
  const tops = plan.kind === 'merge' ? plan.codes.filter((c) => c !== plan.into) : [plan.code]
  const pairs = await successorsOn(db, tops, onDay)
  const one = (code: AreaCode) => {
    const all = pairs.get(code) ?? []
    return all.length === 1 ? all[0] : undefined
  }
  const stands = (area: AreaCode) => one(area) ?? ((pairs.get(area) ?? []).length > 1 ? change.area : area)
  return {
    onDay,
    area: change.area,
    tops,
    goesTo: (door) => doorGoesTo(plan, door, one),
    pointGoesTo: (point) => pointGoesTo(plan, point, one) ?? stands(point.area),
    stands,
    becomes: (area) => pairs.get(area) ?? [],
  }
}
