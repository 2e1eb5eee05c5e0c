/**
 * Teams are formed and filled here, for one door or for many, by the one pure function of domain/teams/fill (TEAM-3 to TEAM-7):
 * this reads who could, asks it, and writes what it says.
 */
import { countyOf, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { maxDay } from '@weiwang/domain/core/day'
import { RoleRuleSchema } from '@weiwang/domain/teams/api'
import type { FillAnswer, LeaveAnswer } from '@weiwang/domain/teams/api'
import { fillTeams } from '@weiwang/domain/teams/fill'
import type { FillDoor, Filled, FillPerson, Gap } from '@weiwang/domain/teams/fill'
import { REACH_DIGITS, SHIPPED_TEMPLATE, TEAM_ROLES, templateAt } from '@weiwang/domain/teams/template'
import type { RoleRule, TeamRole, Template } from '@weiwang/domain/teams/template'
import { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import { actorId } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import {
  buildingKey,
  doorsById,
  endMembers,
  insertMembers,
  insertSeats,
  insertTeams,
  lockFilling,
  membersOf,
  peopleNear,
  seatsOf,
  setBounds,
  templatesAround,
  touchTeams,
} from './store.ts'
import type { DoorRow, LeaveRow, MemberNow, MemberRow, NewMember, PersonRow, TeamRow, TemplateRow } from './store.ts'
import { groupBy } from './group.ts'
import { tellTeams } from './telling.ts'

const Rules = z.array(RoleRuleSchema.strip())
const Words = z.object({ zh: z.string(), en: z.string() })
const RoleWord = z.enum(TEAM_ROLES)
const COUNTY_DIGITS = 6
/** Beyond so many places the whole county is read: one range instead of many. */
const MOST_PLACES = 40

export function templateOf(row: TemplateRow): Template {
  return { area: row.area, version: row.version, name: Words.parse(row.name), roles: Rules.parse(row.roles) }
}

export async function templatesFor(ctx: Ctx, areas: readonly AreaCode[]): Promise<Template[]> {
  const around = [...new Set(areas.flatMap(pathOf))]
  return (await templatesAround(ctx.db, around)).map(templateOf)
}

/** The rules by which a team was formed: later versions are for teams that are formed later. */
export function rulesOf(team: TeamRow, templates: readonly Template[]): readonly RoleRule[] {
  const own = templates.find((one) => one.area === team.template_area && one.version === team.template_version)
  return own?.roles ?? (team.template_version === 0 ? SHIPPED_TEMPLATE.roles : templateAt(templates, team.area).roles)
}

/** Opens teams for doors that have none, with empty seats. One emergency holds for all. */
export async function openTeams(ctx: Ctx, doors: readonly DoorRow[], observationId: string | null): Promise<TeamRow[]> {
  const templates = await templatesFor(
    ctx,
    doors.map((door) => door.area),
  )
  const [first] = doors
  if (!first) return []
  const { id: emergencyId } = await requireOpenEmergency(ctx, first.area)
  const teams = doors.map((door): TeamRow & { rules: readonly RoleRule[] } => {
    const template = templateAt(templates, door.area)
    return {
      county: door.county,
      id: newId(ctx.now),
      area: door.area,
      village: door.area.slice(0, 12),
      household_id: door.id,
      emergency_id: emergencyId,
      template_area: template.area,
      template_version: template.version,
      observations: observationId === null ? [] : [observationId],
      from_day: ctx.today,
      opened_at: ctx.now,
      updated_at: ctx.now,
      ended_at: null,
      ended_why: null,
      version: 1,
      rules: template.roles,
    }
  })
  await insertTeams(
    ctx.db,
    teams.map(({ village: _village, rules: _rules, ...row }) => row),
  )
  await insertSeats(
    ctx.db,
    teams.flatMap(({ county, id, area, rules }) =>
      rules.map((rule) => ({ county, team_id: id, role: rule.role, area, need: rule.count })),
    ),
  )
  return teams.map(({ rules: _rules, ...row }) => row)
}

type Span = { from: Day; to: Day | null }
export type Want = {
  team: TeamRow
  door: DoorRow | undefined
  rule: RoleRule
  missing: number
  taken: readonly string[]
}

function positionOf(row: { lat: number | null; lng: number | null }): { lat: number; lng: number } | null {
  return row.lat === null || row.lng === null ? null : { lat: row.lat, lng: row.lng }
}

export function asPerson(row: PersonRow): FillPerson {
  return {
    id: row.id,
    roles: row.roles,
    covers: row.covers,
    load: row.load,
    cap: row.cap,
    position: positionOf(row),
    buildings: row.buildings,
  }
}

export function asDoor(team: TeamRow, door: DoorRow | undefined, rest: Pick<FillDoor, 'taken' | 'seats'>): FillDoor {
  return {
    id: team.id,
    area: team.area,
    building: door ? buildingKey(door.estate, door.building) : null,
    position: door ? positionOf(door) : null,
    ...rest,
  }
}

/** Whoever could sit at these places by reach of these rules; those on leave within the span are told by `away`. */
export async function couldServe(
  ctx: Ctx,
  county: string,
  areas: readonly AreaCode[],
  rules: readonly RoleRule[],
  span: Span,
): Promise<PersonRow[]> {
  const digits = rules.reduce((min, rule) => Math.min(min, REACH_DIGITS[rule.reach]), 15)
  const places = [...new Set(areas.map((area) => area.slice(0, digits)))]
  return peopleNear(ctx.db, {
    county,
    places: places.length > MOST_PLACES ? [county.slice(0, COUNTY_DIGITS)] : places,
    around: [...new Set(areas.flatMap(pathOf))].slice(0, 2000),
    roles: [...new Set(rules.map((rule) => rule.role))],
    day: maxDay(ctx.today, span.from),
    away: span,
  })
}

export type Shared = Filled & { names: Map<string, string> }

/** Asks the pure function. Wants of one county; whoever is on leave within the span or is excluded is not asked. */
async function share(
  ctx: Ctx,
  county: string,
  wants: readonly Want[],
  span: Span,
  without: readonly string[],
): Promise<Shared> {
  const people = await couldServe(
    ctx,
    county,
    wants.map(({ team }) => team.area),
    wants.map(({ rule }) => rule),
    span,
  )
  const able = people.filter((person) => !person.away && !without.includes(person.id))
  const byTeam = new Map<string, Want[]>()
  for (const want of wants) byTeam.set(want.team.id, [...(byTeam.get(want.team.id) ?? []), want])
  const doors = [...byTeam.values()].flatMap(([first, ...rest]) =>
    first
      ? [
          asDoor(first.team, first.door, {
            taken: [...new Set([first, ...rest].flatMap((want) => want.taken))],
            seats: [first, ...rest].map(({ rule, missing }) => ({ rule, missing })),
          }),
        ]
      : [],
  )
  return { ...fillTeams(doors, able.map(asPerson)), names: new Map(people.map((one) => [one.id, one.name])) }
}

function memberOf(
  ctx: Ctx,
  team: TeamRow,
  seat: { role: TeamRole; personId: string },
  names: ReadonlyMap<string, string>,
  rest: Pick<NewMember, 'why'> & Partial<NewMember>,
): NewMember {
  return {
    county: team.county,
    id: newId(ctx.now),
    team_id: team.id,
    household_id: team.household_id,
    area: team.area,
    role: seat.role,
    account_id: seat.personId,
    account_name: names.get(seat.personId) ?? '',
    from_day: ctx.today,
    to_day: null,
    stands_in_for: null,
    stands_in_for_name: null,
    leave_id: null,
    by: actorId(ctx),
    ...rest,
  }
}

async function doorsOfTeams(ctx: Ctx, teams: readonly TeamRow[]): Promise<Map<string, DoorRow>> {
  const rows = await doorsById(
    ctx.db,
    teams.map((team) => team.household_id),
    [''],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** TEAM-3: fills what lacks somebody in these teams of one county; names the limit of each seat that stays empty. */
export async function fillMissing(ctx: Ctx, county: string, teams: readonly TeamRow[]): Promise<Shared> {
  await lockFilling(ctx.db, county)
  const ids = teams.map((team) => team.id)
  const [seats, members, doors, templates] = [
    await seatsOf(ctx.db, county, ids),
    await membersOf(ctx.db, county, ids, ctx.today),
    await doorsOfTeams(ctx, teams),
    await templatesFor(
      ctx,
      teams.map((team) => team.area),
    ),
  ]
  const seatsIn = groupBy(seats, (seat) => seat.team_id)
  const membersIn = groupBy(members, (member) => member.team_id)
  const wants = teams.flatMap((team): Want[] => {
    const here = membersIn.get(team.id) ?? []
    return (seatsIn.get(team.id) ?? []).flatMap((seat) => {
      const rule = rulesOf(team, templates).find((one) => one.role === seat.role)
      // Whoever is on leave keeps the seat; the leave itself is bridged (TEAM-7).
      const missing = seat.need - here.filter((one) => one.role === seat.role && one.leave_id === null).length
      const taken = here.map((one) => one.account_id)
      return rule && missing > 0 ? [{ team, door: doors.get(team.household_id), rule, missing, taken }] : []
    })
  })
  const shared = await share(ctx, county, wants, { from: ctx.today, to: ctx.today }, [])
  const teamOf = new Map(teams.map((team) => [team.id, team]))
  await insertMembers(
    ctx.db,
    shared.seats.flatMap((seat) => {
      const team = teamOf.get(seat.doorId)
      return team ? [memberOf(ctx, team, seat, shared.names, { why: 'filled' })] : []
    }),
    ctx.now,
  )
  await noteBounds(ctx, county, wants, shared.gaps)
  return shared
}

async function noteBounds(ctx: Ctx, county: string, wants: readonly Want[], gaps: readonly Gap[]): Promise<void> {
  const limitOf = new Map(gaps.map((gap) => [`${gap.doorId} ${gap.role}`, gap.limit]))
  await setBounds(
    ctx.db,
    county,
    wants.map(({ team, rule }) => ({
      teamId: team.id,
      role: rule.role,
      bound: limitOf.get(`${team.id} ${rule.role}`) ?? null,
    })),
  )
}

export function sumGaps(gaps: readonly Gap[]): FillAnswer['gaps'] {
  return [...groupBy(gaps, (gap) => `${gap.role} ${gap.limit}`).values()].flatMap((of) =>
    of[0]
      ? [
          {
            role: of[0].role,
            limit: of[0].limit,
            seats: of.reduce((sum, gap) => sum + gap.missing, 0),
            doors: new Set(of.map((gap) => gap.doorId)).size,
          },
        ]
      : [],
  )
}

export function fillAnswer(shared: Filled, doors: number): FillAnswer {
  return { doors, filled: shared.seats.length, gaps: sumGaps(shared.gaps), spread: shared.spread }
}

/** Rows of one person that others are to take: all of one county. */
export type Passing = {
  county: string
  rows: readonly MemberRow[]
  teams: readonly TeamRow[]
  members: readonly MemberNow[]
}

export type PassHow = {
  span: Span
  /** First choice for every door, as far as cap and reach allow. */
  first: string | null
  /** A stand-in's row ends with the leave; otherwise the old row ends and the new one stays. */
  leave: LeaveRow | null
  why: 'stand_in' | 'handed_over' | 'replaced'
}

/**
 * TEAM-7, TEAM-8: finds others for the seats of one person. Nobody stands alone: a door for which nobody can be found is named
 * with the limit that binds. Writes nothing when `dry`.
 */
export async function passOn(ctx: Ctx, passing: Passing, how: PassHow, dry = false): Promise<LeaveAnswer> {
  const { county, rows, teams } = passing
  await lockFilling(ctx.db, county)
  const doors = await doorsOfTeams(ctx, teams)
  const templates = await templatesFor(
    ctx,
    teams.map((team) => team.area),
  )
  const teamOf = new Map(teams.map((team) => [team.id, team]))
  const membersIn = groupBy(passing.members, (member) => member.team_id)
  const wants = rows.flatMap((row): (Want & { row: MemberRow })[] => {
    const team = teamOf.get(row.team_id)
    const role = RoleWord.safeParse(row.role)
    if (!team || !role.success) return []
    const rule = rulesOf(team, templates).find((one) => one.role === role.data) ?? {
      role: role.data,
      count: 1,
      cap: 500,
      reach: 'county',
      metres: null,
      every: 0,
    }
    const taken = (membersIn.get(team.id) ?? []).map((member) => member.account_id)
    return [{ team, door: doors.get(team.household_id), rule, missing: 1, taken, row }]
  })
  const absent = [...new Set(rows.map((row) => row.account_id))]
  const chosen = how.first === null ? null : await shareWith(ctx, county, wants, how.span, how.first)
  const left = wants.filter((want) => !chosen?.seats.some((seat) => same(seat, want)))
  // The first choice has what his cap allows and is not asked again.
  const rest = await share(ctx, county, left, how.span, how.first === null ? absent : [...absent, how.first])
  const seats = [...(chosen?.seats ?? []), ...rest.seats]
  const names = new Map([...(chosen?.names ?? []), ...rest.names])
  const loads = await loadsAfter(ctx, county, wants, seats, how.span)
  if (!dry) {
    await writePassed(ctx, passing, how, wants, seats, names)
    await noteBounds(ctx, county, left, rest.gaps)
  }
  return {
    doors: new Set(rows.map((row) => row.team_id)).size,
    covered: new Set(seats.map((seat) => seat.doorId)).size,
    by: [...groupBy(seats, (seat) => seat.personId)].map(([accountId, of]) => ({
      accountId,
      name: names.get(accountId) ?? '',
      doors: of.length,
      load: loads.get(accountId) ?? of.length,
    })),
    gaps: sumGaps(rest.gaps),
    spread: rest.spread,
  }
}

function same(seat: { doorId: string; role: string }, want: Want): boolean {
  return seat.doorId === want.team.id && seat.role === want.rule.role
}

/** The chosen stand-in alone, as far as cap and reach go. */
async function shareWith(ctx: Ctx, county: string, wants: readonly Want[], span: Span, first: string): Promise<Shared> {
  const people = await couldServe(
    ctx,
    county,
    wants.map(({ team }) => team.area),
    wants.map(({ rule }) => rule),
    span,
  )
  const only = people.filter((person) => person.id === first && !person.away)
  const filled = fillTeams(
    wants.map(({ team, door, rule, missing, taken }) => asDoor(team, door, { taken, seats: [{ rule, missing }] })),
    only.map(asPerson),
  )
  return { ...filled, names: new Map(only.map((one) => [one.id, one.name])) }
}

async function loadsAfter(
  ctx: Ctx,
  county: string,
  wants: readonly Want[],
  seats: Shared['seats'],
  span: Span,
): Promise<Map<string, number>> {
  const people = await couldServe(
    ctx,
    county,
    wants.map(({ team }) => team.area),
    wants.map(({ rule }) => rule),
    span,
  )
  const before = new Map(people.map((person) => [person.id, person.load]))
  const loads = new Map<string, number>()
  for (const seat of seats) loads.set(seat.personId, (loads.get(seat.personId) ?? before.get(seat.personId) ?? 0) + 1)
  return loads
}

async function writePassed(
  ctx: Ctx,
  passing: Passing,
  how: PassHow,
  wants: readonly (Want & { row: MemberRow })[],
  seats: Shared['seats'],
  names: ReadonlyMap<string, string>,
): Promise<void> {
  const { county } = passing
  if (how.leave === null)
    await endMembers(ctx.db, county, passing.rows, how.why === 'handed_over' ? 'handed_over' : 'off_duty', ctx.now)
  const made = seats.flatMap((seat): NewMember[] => {
    const want = wants.find((one) => same(seat, one))
    if (!want) return []
    const { row } = want
    if (how.leave === null) return [memberOf(ctx, want.team, seat, names, { why: how.why })]
    const from = maxDay(maxDay(how.span.from, row.from_day), ctx.today)
    const ends = [how.span.to, row.to_day].filter((day) => day !== null).toSorted()
    return [
      memberOf(ctx, want.team, seat, names, {
        why: 'stand_in',
        from_day: from,
        to_day: ends[0] ?? null,
        stands_in_for: row.account_id,
        stands_in_for_name: row.account_name,
        leave_id: how.leave.id,
      }),
    ]
  })
  await insertMembers(ctx.db, made, ctx.now)
  const teamIds = [...new Set(passing.rows.map((row) => row.team_id))]
  await touchTeams(ctx.db, county, teamIds, ctx.now)
  await tellTeams(ctx, county, teamIds)
}

/** Fills these teams, tells the phones of their grids, and says what was done. Teams of one county. */
export async function fillAndTell(ctx: Ctx, teams: readonly TeamRow[]): Promise<Shared> {
  const county = countyOf(teams[0]?.area ?? '')
  if (teams.length === 0) return { seats: [], gaps: [], spread: [], names: new Map() }
  const shared = await fillMissing(ctx, county, teams)
  const ids = teams.map((team) => team.id)
  await touchTeams(ctx.db, county, ids, ctx.now)
  await tellTeams(ctx, county, ids)
  return shared
}
