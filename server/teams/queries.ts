/** What is read of teams. */
import { pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { dayOf, secondOfDay } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import type {
  AskCandidates,
  CandidateView,
  ListLoads,
  ListMyDoors,
  ListTeams,
  ListVisitPlans,
  LoadView,
  Responsible,
  TeamDetail,
  TeamRow as TeamView,
  TeamSummary,
  TemplateAnswer,
  VisitPlanView,
} from '@weiwang/domain/teams/api'
import { fillTeams, metresBetween, nearness } from '@weiwang/domain/teams/fill'
import { planVisits, roundsOn } from '@weiwang/domain/teams/plan'
import type { Work } from '@weiwang/domain/teams/plan'
import { SHIPPED_TEMPLATE, TEAM_ROLES, templateAt } from '@weiwang/domain/teams/template'
import type { TeamRole } from '@weiwang/domain/teams/template'
import { z } from 'zod'
import type { Ctx } from '../core/ctx.ts'
import { areasFor, permit } from '../core/ctx.ts'
import { phonesOf } from '../people/store-help.ts'
import { areaNames } from '../people/store.ts'
import { asDoor, asPerson, couldServe, rulesOf, templateOf, templatesFor } from './filling.ts'
import { forcePlace } from './force-place.ts'
import { groupBy } from './group.ts'
import { doorLabel, memberView, presentTeams, seatView, templateView } from './present.ts'
import {
  doorsById,
  findTeam,
  historyOf,
  membersOf,
  openServicesAt,
  openTasksAt,
  openTeamAt,
  seatsOf,
  templatesAround,
} from './store.ts'
import type { MemberNow, OpenService, TeamRow } from './store.ts'
import { countAway, listLeaves, listLoads, listTeams, spreadByRole, summaryOf } from './store-lists.ts'
import { standsOn } from './telling.ts'

const RoleWord = z.enum(TEAM_ROLES)
const TEAM_ROLE_WORDS: readonly string[] = TEAM_ROLES
const MOST_CANDIDATES = 50

/** The areas of a list, each read with the right to it. */
export function readable(ctx: Ctx, area: AreaCode | undefined, kind: 'team' | 'watch'): AreaCode[] {
  const areas = areasFor(ctx, area).map((one) => (one === '' ? ctx.root : one))
  for (const one of areas) permit(ctx, 'read', { kind, area: one })
  // Who has no area at all has no list, and is refused like anybody without the right.
  if (areas.length === 0) permit(ctx, 'read', { kind, area: ctx.root })
  return areas
}

export async function readTemplate(ctx: Ctx, args: { area: AreaCode }): Promise<TemplateAnswer> {
  permit(ctx, 'read', { kind: 'team', area: args.area })
  const rows = await templatesAround(ctx.db, pathOf(args.area))
  const holds = templateAt(rows.map(templateOf), args.area)
  const row = rows.find((one) => one.area === holds.area && one.version === holds.version)
  return {
    holds: await templateView(ctx, { ...row, ...holds }),
    versions: await Promise.all(
      rows.filter((one) => one.area === args.area).map((one) => templateView(ctx, { ...one, ...templateOf(one) })),
    ),
  }
}

export async function readTeams(ctx: Ctx, args: ListTeams) {
  const place = await forcePlace(ctx, args, 'team')
  const filter = { ...place, list: args.list, account: args.account ?? null, day: ctx.today }
  const page = await listTeams(ctx.db, filter, args)
  return { items: await presentTeams(ctx, page.rows), next: page.next, total: page.total }
}

export async function readSummary(ctx: Ctx, args: { area?: AreaCode | undefined }): Promise<TeamSummary> {
  const areas = readable(ctx, args.area, 'team')
  const filter = { areas, roles: TEAM_ROLE_WORDS, day: ctx.today }
  const sum = await summaryOf(ctx.db, areas, ctx.today)
  const spread = new Map((await spreadByRole(ctx.db, filter)).map((one) => [one.role, one]))
  const { people, away } = await countAway(ctx.db, filter)
  return {
    doors: sum.doors,
    full: sum.doors - sum.short,
    short: sum.short,
    people,
    away,
    roles: TEAM_ROLES.flatMap((role) => {
      const seats = sum.roles.find((one) => one.role === role)
      const of = spread.get(role)
      if (!seats && !of) return []
      return [
        {
          role,
          need: seats?.need ?? 0,
          has: seats?.has ?? 0,
          people: of?.people ?? 0,
          least: of?.least ?? 0,
          most: of?.most ?? 0,
        },
      ]
    }),
  }
}

export async function readTeam(ctx: Ctx, args: { id: string }): Promise<TeamDetail> {
  const team = await findTeam(ctx.db, ctx.scope, args.id)
  if (!team) throw notFound({ thing: 'team' })
  permit(ctx, 'read', { kind: 'team', area: team.area })
  const [shown] = await presentTeams(ctx, [team])
  if (!shown) throw notFound({ thing: 'team' })
  const templates = await templatesFor(ctx, [team.area])
  const template =
    templates.find((one) => one.area === team.template_area && one.version === team.template_version) ??
    SHIPPED_TEMPLATE
  const history = await historyOf(ctx.db, team.county, team.id)
  return {
    ...shown,
    template: await templateView(ctx, template),
    endedAt: team.ended_at?.toISOString() ?? null,
    history: history.map((row) => ({
      ...memberView(row),
      endedAt: row.ended_at?.toISOString() ?? null,
      endedWhy: row.ended_why,
    })),
  }
}

const NEAR_WORDS: Record<number, CandidateView['near']> = {
  18: 'grid',
  15: 'grid',
  12: 'village',
  9: 'town',
  6: 'county',
}

/** TEAM-3, for one seat by hand: everybody of the role in the county, the best first, with what stands against the others. */
export async function readCandidates(
  ctx: Ctx,
  args: z.output<typeof AskCandidates>,
): Promise<{ items: CandidateView[] }> {
  const team = await findTeam(ctx.db, ctx.scope, args.id)
  if (!team) throw notFound({ thing: 'team' })
  permit(ctx, 'read', { kind: 'team', area: team.area })
  const rule = rulesOf(team, await templatesFor(ctx, [team.area])).find((one) => one.role === args.role)
  if (!rule) return { items: [] }
  const [door] = await doorsById(ctx.db, [team.household_id], [''])
  const taken = (await membersOf(ctx.db, team.county, [team.id], ctx.today)).map((one) => one.account_id)
  const span = { from: ctx.today, to: ctx.today }
  const people = await couldServe(ctx, team.county, [team.area], [{ ...rule, reach: 'county' }], span)
  const nameOf = await areaNames(
    ctx.db,
    people.map((one) => one.area),
  )
  const items = people.map((person): CandidateView & { rank: number } => {
    const asked = asDoor(team, door, { taken, seats: [{ rule, missing: 1 }] })
    const fitted = fillTeams([asked], [asPerson(person)])
    const limit = person.away ? 'leave' : (fitted.gaps[0]?.limit ?? null)
    const near = nearness(person.covers, team.area)
    const serves = asked.building !== null && person.buildings.includes(asked.building)
    const at = asPerson(person).position
    return {
      accountId: person.id,
      name: person.name,
      areaName: nameOf(person.area),
      load: person.load,
      cap: person.cap ?? rule.cap,
      near: serves ? 'building' : (NEAR_WORDS[near] ?? 'far'),
      metres: at && asked.position ? metresBetween(at, asked.position) : null,
      limit: limit === 'nobody' ? 'reach' : limit,
      rank: (limit === null ? 0 : 1e9) + person.load * 100 + (18 - near) + (serves ? 0 : 1),
    }
  })
  return {
    items: items
      .toSorted((a, b) => a.rank - b.rank || (a.accountId < b.accountId ? -1 : 1))
      .slice(0, MOST_CANDIDATES)
      .map(({ rank: _rank, ...item }) => item),
  }
}

export async function readLoads(ctx: Ctx, args: z.output<typeof ListLoads>) {
  const areas = readable(ctx, args.area, 'team')
  const roles = args.role === undefined ? TEAM_ROLE_WORDS : [args.role]
  const page = await listLoads(ctx.db, { areas, roles, away: args.away ?? null, day: ctx.today }, args)
  const nameOf = await areaNames(
    ctx.db,
    page.rows.map((row) => row.area),
  )
  const items = page.rows.map((row): LoadView => ({
    accountId: row.account_id,
    name: row.name,
    areaName: nameOf(row.area),
    roles: row.roles.flatMap((role) => RoleWord.safeParse(role).data ?? []),
    load: row.load,
    ownCap: row.cap,
    leave:
      row.leave_id === null || row.leave_from === null
        ? null
        : { id: row.leave_id, from: row.leave_from, to: row.leave_to, standIn: row.stand_in_name },
  }))
  return { items, next: page.next, total: page.total }
}

export async function readLeaves(
  ctx: Ctx,
  args: { area?: AreaCode | undefined; limit: number; cursor?: string | undefined },
) {
  const areas = readable(ctx, args.area, 'team')
  const page = await listLeaves(ctx.db, areas, ctx.today, args)
  return {
    items: page.rows.map((row) => ({
      id: row.id,
      accountId: row.account_id,
      name: row.account_name,
      from: row.from_day,
      to: row.to_day,
      standIn: row.stand_in_name,
      by: row.by_name,
      covered: row.covered,
      doors: row.doors,
    })),
    next: page.next,
    total: page.total,
  }
}

/**
 * TEAM-11: who is responsible at a door now, in one query. The caller has decided who asks: the resident's room for the resident,
 * `readResponsible` for desks, workers and members.
 */
export async function responsibleNow(ctx: Ctx, at: { county: string; householdId: string }): Promise<Responsible> {
  const team = await openTeamAt(ctx.db, at.county, at.householdId)
  if (!team) return { teamId: null, members: [], missing: [] }
  const members = await membersOf(ctx.db, team.county, [team.id], ctx.today)
  const here = members.filter((one) => standsOn(one, ctx.today))
  const seats = await seatsOf(ctx.db, team.county, [team.id])
  const phones = await phonesOf(
    ctx.db,
    here.map((one) => one.account_id),
  )
  return {
    teamId: team.id,
    members: await Promise.all(
      here.map(async (one) => {
        const sealed = phones.get(one.account_id)
        const place = { table: 'account', row: one.account_id, column: 'phone_sealed' }
        return {
          role: RoleWord.parse(one.role),
          name: one.account_name,
          accountId: one.account_id,
          standsInFor: one.stands_in_for_name,
          until: one.to_day,
          phone: sealed ? await ctx.keys.open(place, sealed) : null,
        }
      }),
    ),
    missing: seats.map((seat) => seatView(seat, members, ctx.today)).filter((seat) => seat.has < seat.need),
  }
}

/** Desks and workers of the area, and whoever is in the team. @throws notFound */
export async function readResponsible(ctx: Ctx, args: { householdId: string }): Promise<Responsible> {
  const [door] = await doorsById(ctx.db, [args.householdId], [''])
  if (!door) throw notFound({ thing: 'household' })
  const answer = await responsibleNow(ctx, { county: door.county, householdId: door.id })
  if (answer.members.some((one) => one.accountId === ctx.actor.id)) return answer
  permit(ctx, 'read', { kind: 'team', area: door.area })
  return answer
}

/** A door at which I stand in the team today, with the roles that I have there, and what the register knows of it. */
export type MyTeam = { team: TeamView; roles: TeamRole[]; members: number; hazards: string[] }

/** TEAM-9: the teams in which I stand today. Which fields of a door are mine is said by `showDoor`, where what is known comes together. */
export async function myTeams(
  ctx: Ctx,
  args: z.output<typeof ListMyDoors>,
): Promise<{ items: MyTeam[]; next: string | null; total: number }> {
  const filter = { areas: [''], own: false, list: 'all', account: ctx.actor.id, day: ctx.today } as const
  const page = await listTeams(ctx.db, filter, args)
  const shown = await presentTeams(ctx, page.rows)
  const doors = new Map(
    (
      await doorsById(
        ctx.db,
        page.rows.map((row) => row.household_id),
        [''],
      )
    ).map((door) => [door.id, door]),
  )
  const items = shown.map((team): MyTeam => ({
    team,
    roles: rolesOn(ctx, team),
    members: doors.get(team.householdId)?.members ?? 0,
    hazards: doors.get(team.householdId)?.hazards ?? [],
  }))
  return { items, next: page.next, total: page.total }
}

function rolesOn(ctx: Ctx, { members }: TeamView): TeamRole[] {
  return members
    .filter(
      (one) => one.accountId === ctx.actor.id && one.from <= ctx.today && (one.to === null || one.to >= ctx.today),
    )
    .map((one) => one.role)
}

/** A team of mine by its id, open and with me in it today. @throws notFound */
export async function myTeam(ctx: Ctx, id: string): Promise<MyTeam> {
  const row = await findTeam(ctx.db, [''], id)
  const [team] = row && row.ended_at === null ? await presentTeams(ctx, [row]) : []
  const roles = team ? rolesOn(ctx, team) : []
  if (!team || roles.length === 0) throw notFound({ thing: 'team' })
  const [door] = await doorsById(ctx.db, [team.householdId], [''])
  return { team, roles, members: door?.members ?? 0, hazards: door?.hazards ?? [] }
}

/** TEAM-10: what is to be done at the doors of a page on a day, door by door as few visits as there can be. */
export async function readVisitPlans(ctx: Ctx, args: z.output<typeof ListVisitPlans>) {
  const mine = args.account === ctx.actor.id
  const areas = mine ? [''] : readable(ctx, args.area, 'team')
  const day = args.day ?? ctx.today
  const filter = { areas, own: false, list: 'all', account: args.account ?? null, day: ctx.today } as const
  const page = await listTeams(ctx.db, filter, args)
  const nameOf = await areaNames(
    ctx.db,
    page.rows.map((row) => row.area),
  )
  const items: VisitPlanView[] = []
  for (const [county, teams] of groupBy(page.rows, (row) => row.county))
    items.push(...(await plansOf(ctx, county, teams, day, nameOf)))
  const place = new Map(page.rows.map((row, i) => [row.id, i]))
  return {
    items: items.toSorted((a, b) => (place.get(a.teamId) ?? 0) - (place.get(b.teamId) ?? 0)),
    next: page.next,
    total: page.total,
  }
}

async function plansOf(
  ctx: Ctx,
  county: string,
  teams: readonly TeamRow[],
  day: string,
  nameOf: (code: AreaCode) => string,
): Promise<VisitPlanView[]> {
  const households = teams.map((team) => team.household_id)
  const ids = teams.map((team) => team.id)
  const members = groupBy(await membersOf(ctx.db, county, ids, day), (one) => one.team_id)
  const doors = new Map((await doorsById(ctx.db, households, [''])).map((door) => [door.id, door]))
  const templates = await templatesFor(
    ctx,
    teams.map((team) => team.area),
  )
  const tasks = (await openTasksAt(ctx.db, county, households)).map((task): Work => ({
    kind: 'task',
    id: task.id,
    householdId: task.household_id,
    role: 'worker',
    urgency: task.urgency,
    between: null,
  }))
  const services = (await openServicesAt(ctx.db, county, households)).flatMap((service): Work[] => {
    const team = teams.find((one) => one.household_id === service.household_id)
    const role = team ? roleBringing(members.get(team.id) ?? [], service.taken_by, day) : null
    if (role === null || !isOfDay(ctx, service, day)) return []
    return [
      {
        kind: 'service',
        id: service.id,
        householdId: service.household_id,
        role,
        urgency: service.rank,
        between: windowOn(ctx, service),
      },
    ]
  })
  const rounds = teams.flatMap((team) =>
    roundsOn(rulesOf(team, templates), team.from_day, day).map((role): Work => ({
      kind: 'round',
      id: `${team.id}/${role}`,
      householdId: team.household_id,
      role,
      urgency: 3,
      between: null,
    })),
  )
  const plans = groupBy(planVisits([...tasks, ...services, ...rounds], day), (plan) => plan.householdId)
  return teams.map((team) => {
    const here = (members.get(team.id) ?? []).filter((one) => standsOn(one, day))
    return {
      ...doorLabel(team.household_id, doors.get(team.household_id)),
      teamId: team.id,
      area: team.area,
      areaName: nameOf(team.area),
      day,
      visits: (plans.get(team.household_id) ?? []).map((visit) => ({
        between: visit.between === null ? null : ([visit.between[0], visit.between[1]] satisfies [number, number]),
        people: here
          .filter((one) => visit.roles.some((role) => role === one.role))
          .map((one) => ({ role: RoleWord.parse(one.role), name: one.account_name, accountId: one.account_id })),
        missing: visit.roles.filter((role) => !here.some((one) => one.role === role)),
        works: visit.works.map(({ kind, id, role, urgency }) => ({ kind, id, role, urgency })),
      })),
    }
  })
}

/** Who of the team brings it: whoever took it; the worker as long as nobody has. Null: somebody from elsewhere does. */
function roleBringing(members: readonly MemberNow[], takenBy: string | null, day: string): TeamRole | null {
  if (takenBy === null) return 'worker'
  const one = members.find((member) => member.account_id === takenBy && standsOn(member, day))
  return one ? RoleWord.parse(one.role) : null
}

/** A service is of the day of its window, otherwise of the day on which it is due; what is late is of today. */
function isOfDay(ctx: Ctx, service: OpenService, day: string): boolean {
  const due = dayOf(service.window_from ?? service.due_by, ctx.zone)
  return due === day || (due < day && day === ctx.today)
}

const MINUTE = 60
const DAY_MINUTES = 1440

/** The hours that were asked for, as minutes of the local day; one that goes over midnight ends with the day. */
function windowOn(ctx: Ctx, { window_from: from, window_to: to }: OpenService): [number, number] | null {
  if (from === null || to === null || dayOf(from, ctx.zone) < ctx.today) return null
  const begins = Math.floor(secondOfDay(from, ctx.zone) / MINUTE)
  const ends =
    dayOf(to, ctx.zone) === dayOf(from, ctx.zone) ? Math.floor(secondOfDay(to, ctx.zone) / MINUTE) : DAY_MINUTES
  return [begins, ends]
}
