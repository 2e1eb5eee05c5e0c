/**
 * OBS-22: when areas are reorganised, open observations go to where the door or the person now is within what the area became;
 * otherwise to its one successor or the parent. Nobody has moved: nothing about the days, the papers or the team changes, and it is
 * no transfer. What has ended keeps its codes. Between counties the observation ends and goes on under the same root.
 */
import { contains, countyOf, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { isOpen } from '@weiwang/domain/observation/fold'
import { sql } from 'kysely'
import { codesNow, standsAt, successorsNow } from '../areas/store.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Db } from '../core/db/connect.ts'
import type { Server } from '../core/server.ts'
import { resolveAlias } from '../people/store.ts'
import { doorAreas } from '../tasks/store-reorganise.ts'
import { changeObservation } from './change.ts'
import { moveTo } from './react.ts'
import { homesOf, lockObservations } from './store.ts'
import type { Loaded } from './store.ts'

const ZERO = '00000000-0000-0000-0000-000000000000'
const CHUNK = 200

/** Open ones whose place of stay, or the area that counts them, is no area any more: the ended codes are few, each asked by index. */
async function stranded(db: Db, after: string): Promise<string[]> {
  const ended = sql`(select distinct s.code from area_successor s where not exists (select from area a where a.code = s.code and a.valid_to is null))`
  const { rows } = await sql<{ id: string }>`
    select id from (
      select t.id from ${ended} s join observation t on t.area = s.code where t.ended_at is null
      union
      select t.id from ${ended} s join observation t on t.responsible_area = s.code where t.ended_at is null
    ) x where id > ${after}::uuid order by id limit ${CHUNK}`.execute(db)
  return rows.map((row) => row.id)
}

/** Whatever said that areas changed: everything that is stranded follows; what is waiting for people follows at the next call. */
export async function followAreas(server: Server, _payload: unknown): Promise<void> {
  for (let after = ZERO; ;) {
    const ids = await server.asSystem('observation.areas', async (ctx) => {
      const found = await stranded(ctx.db, after)
      await moveChunk(ctx, await lockObservations(ctx.db, [''], found))
      return found
    })
    const last = ids.at(-1)
    if (ids.length < CHUNK || last === undefined) return
    after = last
  }
}

async function moveChunk(ctx: Ctx, list: readonly Loaded[]): Promise<void> {
  if (list.length === 0) return
  const persons = list.map(({ state }) => state.personId)
  const roots = await resolveAlias(ctx.db, persons)
  const homes = await homesOf(ctx.db, [...roots.values()])
  const doors = await doorAreas(
    ctx.db,
    list.flatMap(({ state }) => state.householdId ?? []),
  )
  const areas = [...new Set(list.flatMap(({ state }) => [state.area, state.responsibleArea]))]
  const codes = [...new Set([...areas, ...Array.from(homes.values(), (home) => home.area)].flatMap(pathOf))]
  const standing = await codesNow(ctx.db, codes)
  const now = await successorsNow(
    ctx.db,
    codes.filter((code) => !standing.has(code)),
  )
  const stands = await standsAt(ctx.db, areas)
  for (const loaded of list) {
    const { state, row } = loaded
    if (!isOpen(state)) continue
    const home = homes.get(roots.get(state.personId) ?? state.personId) ?? null
    // The person's own area has ended too and people has not followed yet: it is not known where this belongs.
    if (home !== null && !pathOf(home.area).every((code) => standing.has(code))) continue
    const became = (area: AreaCode): AreaCode[] => pathOf(area).flatMap((code) => now.get(code) ?? [])
    const goes = (area: AreaCode): AreaCode => {
      const inside = (code: AreaCode | null | undefined): code is AreaCode =>
        code !== null && code !== undefined && became(area).some((one) => contains(one, code))
      const door = state.householdId === null ? null : doors.get(state.householdId)
      if (inside(door)) return door
      return inside(home?.area) ? home.area : (stands.get(area) ?? area)
    }
    const to = standing.has(state.area) ? state.area : goes(state.area)
    const responsibleArea = standing.has(state.responsibleArea) ? state.responsibleArea : goes(state.responsibleArea)
    if (to.length < 6 || (to === state.area && responsibleArea === state.responsibleArea)) continue
    if (countyOf(to) !== row.county) {
      await moveTo(ctx, loaded, { area: to, masked: row.masked, householdId: state.householdId })
      continue
    }
    const body = { on: ctx.today, to, responsibleArea, householdId: state.householdId, changeId: null }
    await changeObservation(ctx, loaded, [{ kind: 'reorganised', body }], { by: null })
  }
}
