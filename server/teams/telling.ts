/** What phones of the grid see of a team (feed kind `team`), in the fields that its workers see (TEAM-9). */
import { showDoor } from '@weiwang/domain/teams/template'
import type { Ctx } from '../core/ctx.ts'
import { groupBy } from './group.ts'
import { membersOf, seatsOf, teamsById } from './store.ts'
import type { MemberNow, SeatRow, TeamRow } from './store.ts'

const GRID_DIGITS = 15

export function missingSeats(
  seats: readonly SeatRow[],
  members: readonly MemberNow[],
  day: string,
): { role: string; need: number; has: number; limit: string | null }[] {
  return seats.flatMap((seat) => {
    const has = members.filter((one) => one.role === seat.role && standsOn(one, day)).length
    return has < seat.need ? [{ role: seat.role, need: seat.need, has, limit: seat.bound }] : []
  })
}

/** Present on the day, and not on leave. */
export function standsOn(member: MemberNow, day: string): boolean {
  return !member.away && member.from_day <= day && (member.to_day === null || member.to_day >= day)
}

function bodyOf(team: TeamRow, seats: readonly SeatRow[], members: readonly MemberNow[], day: string): object {
  const people = members.map((one) => ({
    role: one.role,
    accountId: one.account_id,
    name: one.account_name,
    from: one.from_day,
    to: one.to_day,
    standsInFor: one.stands_in_for_name,
    away: one.away,
  }))
  return {
    county: team.county,
    area: team.area,
    householdId: team.household_id,
    since: team.from_day,
    version: team.version,
    ...showDoor({ team: { members: people, missing: missingSeats(seats, members, day) } }, ['worker']),
  }
}

/** Teams of one county, by ids; one that has ended is gone from the phones. */
export async function tellTeams(ctx: Ctx, county: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const teams = await teamsById(ctx.db, county, ids)
  const seats = await seatsOf(ctx.db, county, ids)
  const members = await membersOf(ctx.db, county, ids, ctx.today)
  const seatsIn = groupBy(seats, (one) => one.team_id)
  const membersIn = groupBy(members, (one) => one.team_id)
  for (const team of teams) {
    if (team.area.length < GRID_DIGITS) continue
    const body =
      team.ended_at === null
        ? bodyOf(team, seatsIn.get(team.id) ?? [], membersIn.get(team.id) ?? [], ctx.today)
        : { gone: true, area: team.area }
    ctx.feed({ grid: team.area.slice(0, GRID_DIGITS), kind: 'team', id: team.id, body })
  }
  ctx.emit('team.changed', { county, teamIds: ids })
}
