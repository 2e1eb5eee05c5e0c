/** Rows as the wire has them. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Say } from '@weiwang/domain/core/say'
import { LIMITS } from '@weiwang/domain/teams/fill'
import { TEAM_ROLES } from '@weiwang/domain/teams/template'
import type { RoleRule } from '@weiwang/domain/teams/template'
import type { MemberView, SeatView, TeamRow as TeamView, TemplateView } from '@weiwang/domain/teams/api'
import { z } from 'zod'
import type { Ctx } from '../core/ctx.ts'
import { areaNames } from '../people/store.ts'
import { groupBy } from './group.ts'
import { doorsById, membersOf, seatsOf } from './store.ts'
import type { DoorRow, MemberNow, MemberRow, SeatRow, TeamRow } from './store.ts'
import { standsOn } from './telling.ts'

const RoleWord = z.enum(TEAM_ROLES)
const LimitWord = z.enum(LIMITS).nullable()

export async function templateView(
  ctx: Ctx,
  row: { area: AreaCode; version: number; name: Say; roles: RoleRule[]; by_name?: string; at?: Date },
): Promise<TemplateView> {
  const nameOf = await areaNames(ctx.db, row.area === '' ? [] : [row.area])
  return {
    area: row.area,
    areaName: row.area === '' ? '' : nameOf(row.area),
    version: row.version,
    name: row.name,
    roles: row.roles,
    by: row.by_name ?? null,
    at: row.at?.toISOString() ?? null,
  }
}

export function memberView(row: MemberRow & { away?: boolean }): MemberView {
  return {
    id: row.id,
    role: RoleWord.parse(row.role),
    accountId: row.account_id,
    name: row.account_name,
    from: row.from_day,
    to: row.to_day,
    standsInFor: row.stands_in_for_name,
    away: row.away ?? false,
    why: row.why,
  }
}

export function seatView(seat: SeatRow, members: readonly MemberNow[], day: string): SeatView {
  const has = members.filter((one) => one.role === seat.role && standsOn(one, day)).length
  return {
    role: RoleWord.parse(seat.role),
    need: seat.need,
    has,
    limit: has < seat.need ? LimitWord.parse(seat.bound) : null,
  }
}

export function doorLabel(
  householdId: string,
  door: Pick<DoorRow, 'estate' | 'building' | 'door'> | undefined,
): { householdId: string; estate: string | null; building: string | null; door: string | null } {
  return {
    householdId,
    estate: door?.estate ?? null,
    building: door?.building ?? null,
    door: door?.door ?? null,
  }
}

/** Teams of any counties, with who stands there on the day and what is missing. */
export async function presentTeams(ctx: Ctx, rows: readonly TeamRow[]): Promise<TeamView[]> {
  const nameOf = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const doors = new Map(
    (
      await doorsById(
        ctx.db,
        rows.map((row) => row.household_id),
        [''],
      )
    ).map((door) => [door.id, door]),
  )
  const members = new Map<string, MemberNow[]>()
  const seats = new Map<string, SeatRow[]>()
  for (const [county, of] of groupBy(rows, (row) => row.county)) {
    const ids = of.map((row) => row.id)
    for (const [id, some] of groupBy(await membersOf(ctx.db, county, ids, ctx.today), (m) => m.team_id))
      members.set(id, some)
    for (const [id, some] of groupBy(await seatsOf(ctx.db, county, ids), (s) => s.team_id)) seats.set(id, some)
  }
  return rows.map((row) => {
    const people = members.get(row.id) ?? []
    return {
      ...doorLabel(row.household_id, doors.get(row.household_id)),
      id: row.id,
      county: row.county,
      area: row.area,
      areaName: nameOf(row.area),
      since: row.from_day,
      observed: row.observations.length,
      members: people.map(memberView).toSorted((a, b) => TEAM_ROLES.indexOf(a.role) - TEAM_ROLES.indexOf(b.role)),
      seats: (seats.get(row.id) ?? []).map((seat) => seatView(seat, people, ctx.today)),
      version: row.version,
    }
  })
}
