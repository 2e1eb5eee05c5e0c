/** Teams: what other rooms call, and one function for each verb of the desk. */
import { countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import { changedMeanwhile, notFound } from '@weiwang/domain/core/problems'
import {
  AskLeave,
  EndLeave,
  EndTeam,
  FillAnswer,
  FillArea,
  FormedTeams,
  FormTeams,
  HandedOver,
  HandOverDoors,
  LeaveAnswer,
  ReplaceMember,
  SaveTemplate,
  SetCap,
  TakeLeave,
  TeamState,
  TemplateView,
} from '@weiwang/domain/teams/api'
import {
  atCap,
  badLeave,
  badTemplate,
  leaveOverlaps,
  notMember,
  notSuited,
  teamEnded,
} from '@weiwang/domain/teams/problems'
import { nearness } from '@weiwang/domain/teams/fill'
import { REACH_DIGITS, TEAM_ROLES, templateFault } from '@weiwang/domain/teams/template'
import { z } from 'zod'
import { areaExists } from '../access/store.ts'
import { findAccount, insertNotices } from '../access/account-store.ts'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { newId } from '../core/transaction.ts'
import { couldServe, fillAndTell, fillAnswer, openTeams, passOn, rulesOf, templatesFor } from './filling.ts'
import type { Passing } from './filling.ts'
import { groupBy } from './group.ts'
import {
  doorsById,
  endLeave as endLeaveRow,
  endMembers,
  endTeam as endTeamRow,
  insertLeave,
  insertMembers,
  insertTemplate,
  lockFilling,
  lockLeave,
  lockTeam,
  membersOf,
  membershipsOf,
  openTasksAt,
  openTeamAt,
  overlappingLeave,
  setCap as setCapRow,
  setObservations,
  teamsById,
  templatesAround,
  touchTeams,
} from './store.ts'
import type { LeaveRow, MemberRow, TeamRow } from './store.ts'
import { shortTeams } from './store-lists.ts'
import { tellTeams } from './telling.ts'
import { templateView } from './present.ts'

const RoleWord = z.enum(TEAM_ROLES)
/** Doors in one filling of an area, a transaction; what is left the next one takes. */
const MOST_DOORS = 2000

export type TeamAt = { teamId: string; /** Seats that nobody could be found for. */ missing: number }

/**
 * TEAM-3: called by the observation room when somebody at a door begins to be observed: forms and fills the team, or joins the one
 * that is there. Runs in the caller's transaction; what the caller's own bounds do not show is filled by a reaction a moment later.
 * @throws notFound for a door that the register does not know, noOpenEmergency
 */
export async function fillTeam(
  ctx: Ctx,
  at: { county: string; householdId: string; area: AreaCode; observationId?: string },
): Promise<TeamAt> {
  await lockFilling(ctx.db, at.county)
  const standing = await openTeamAt(ctx.db, at.county, at.householdId)
  if (standing) {
    if (at.observationId !== undefined && !standing.observations.includes(at.observationId))
      await setObservations(ctx.db, standing, [...standing.observations, at.observationId])
    return { teamId: standing.id, missing: await fillOne(ctx, standing) }
  }
  const [door] = await doorsById(ctx.db, [at.householdId], [''])
  if (!door) throw notFound({ thing: 'household' })
  const [team] = await openTeams(ctx, [door], at.observationId ?? null)
  if (!team) throw notFound({ thing: 'household' })
  const missing = await fillOne(ctx, team)
  ctx.audit({
    verb: 'team.form',
    thing: 'team',
    thingId: team.id,
    area: team.area,
    detail: { household: door.id, missing },
  })
  return { teamId: team.id, missing }
}

async function fillOne(ctx: Ctx, team: TeamRow): Promise<number> {
  const shared = await fillAndTell(ctx, [team])
  const missing = shared.gaps.reduce((sum, gap) => sum + gap.missing, 0)
  if (missing > 0) ctx.emit('team.short', { county: team.county, teamIds: [team.id] }, { key: team.id })
  return missing
}

/** TEAM-8: the observation has ended, or moved away: the team ends with the last one at the door. */
export async function releaseTeam(
  ctx: Ctx,
  at: { county: string; householdId: string; observationId?: string; why?: 'released' | 'moved' },
): Promise<void> {
  const team = await openTeamAt(ctx.db, at.county, at.householdId)
  if (!team) return
  const left = at.observationId === undefined ? [] : team.observations.filter((id) => id !== at.observationId)
  if (left.length > 0) return setObservations(ctx.db, team, left)
  await endTeamRow(ctx.db, team, at.why ?? 'released', ctx.now)
  await tellTeams(ctx, team.county, [team.id])
  ctx.audit({
    verb: 'team.end',
    thing: 'team',
    thingId: team.id,
    area: team.area,
    detail: { why: at.why ?? 'released' },
  })
}

// ---- templates ----------------------------------------------------------------------------------------------------------

/** TEAM-1: a new version; teams that stand keep theirs. */
export const saveTemplate = defineAction({
  name: 'team.template',
  input: SaveTemplate,
  output: TemplateView,
  run: async (ctx, args) => {
    permit(ctx, 'file', { kind: 'team', area: args.area })
    if (!(await areaExists(ctx.db, args.area))) throw notFound({ thing: 'area' })
    const fault = templateFault(args.roles)
    if (fault) throw badTemplate({ fault })
    const [newest] = await templatesAround(ctx.db, [args.area])
    const theirs = newest?.version ?? null
    const stale = changedMeanwhile({ thing: 'team', mine: args.basedOn ?? 0, theirs: theirs ?? 0 })
    if (theirs !== args.basedOn) throw stale
    const row = {
      area: args.area,
      version: (theirs ?? 0) + 1,
      by: actorId(ctx),
      by_name: ctx.actor.name,
      at: ctx.now,
    }
    if (!(await insertTemplate(ctx.db, { ...row, name: json(args.name), roles: json(args.roles) }))) throw stale
    ctx.audit({
      verb: 'team.template',
      thing: 'team',
      thingId: `${args.area}/${row.version}`,
      area: args.area,
      detail: { roles: args.roles.map((rule) => `${rule.role} ${rule.count}/${rule.cap}/${rule.reach}`) },
    })
    return templateView(ctx, { ...row, name: args.name, roles: args.roles })
  },
})

// ---- filling ------------------------------------------------------------------------------------------------------------

/** Teams for doors by hand, all of one county: what an observation does by itself (TEAM-3). */
export const formTeams = defineAction({
  name: 'team.form',
  input: FormTeams,
  output: FormedTeams,
  reach: 'county',
  run: async (ctx, args) => {
    const ids = [...new Set(args.householdIds)]
    const doors = await doorsById(ctx.db, ids, ctx.scope)
    const [first] = doors
    if (doors.length !== ids.length || !first || doors.some((door) => door.county !== first.county))
      throw notFound({ thing: 'household' })
    for (const area of new Set(doors.map((door) => door.area))) permit(ctx, 'file', { kind: 'team', area })
    await lockFilling(ctx.db, first.county)
    const standing: TeamRow[] = []
    const without = []
    for (const door of doors) {
      const team = await openTeamAt(ctx.db, door.county, door.id)
      if (team) standing.push(team)
      else without.push(door)
    }
    const made = await openTeams(ctx, without, null)
    const teams = [...standing, ...made]
    const shared = await fillAndTell(ctx, teams)
    for (const team of made)
      ctx.audit({
        verb: 'team.form',
        thing: 'team',
        thingId: team.id,
        area: team.area,
        detail: { household: team.household_id },
      })
    if (made.length === 0)
      ctx.audit({
        verb: 'team.fill',
        thing: 'team',
        thingId: first.county,
        area: first.area,
        detail: { filled: shared.seats.length },
      })
    return { ...fillAnswer(shared, teams.length), teams: teams.map((team) => team.id) }
  },
})

/** TEAM-3: every door of an area that lacks somebody, county by county. */
export const fillArea = defineAction({
  name: 'team.fill',
  input: FillArea,
  output: FillAnswer,
  reach: 'county',
  run: async (ctx, args) => {
    permit(ctx, 'bulk', { kind: 'team', area: args.area })
    const short = await shortTeams(ctx.db, [args.area], ctx.today, MOST_DOORS)
    const answer: FillAnswer = { doors: short.length, filled: 0, gaps: [], spread: [] }
    for (const teams of groupBy(short, (team) => team.county).values()) {
      const one = fillAnswer(await fillAndTell(ctx, teams), teams.length)
      answer.filled += one.filled
      answer.gaps.push(...one.gaps)
      answer.spread.push(...one.spread)
    }
    ctx.audit({
      verb: 'team.fill',
      thing: 'team',
      thingId: args.area,
      area: args.area,
      detail: { doors: answer.doors, filled: answer.filled },
    })
    return answer
  },
})

export const endTeam = defineAction({
  name: 'team.end',
  input: EndTeam,
  output: TeamState,
  reach: 'county',
  run: async (ctx, args) => {
    const team = await lockTeam(ctx.db, ctx.scope, args.id)
    if (!team) throw notFound({ thing: 'team' })
    permit(ctx, 'file', { kind: 'team', area: team.area })
    if (team.ended_at !== null) throw teamEnded({})
    await endTeamRow(ctx.db, team, 'by_hand', ctx.now)
    await tellTeams(ctx, team.county, [team.id])
    ctx.audit({ verb: 'team.end', thing: 'team', thingId: team.id, area: team.area, detail: { why: 'by_hand' } })
    return { id: team.id, version: team.version + 1 }
  },
})

/** TEAM-5: a person chosen by hand must have the role, a duty within its reach, no leave, and room under the cap. */
export const replaceMember = defineAction({
  name: 'team.replace',
  input: ReplaceMember,
  output: TeamState,
  reach: 'county',
  run: async (ctx, args) => {
    const team = await lockTeam(ctx.db, ctx.scope, args.id)
    if (!team) throw notFound({ thing: 'team' })
    permit(ctx, 'file', { kind: 'team', area: team.area })
    if (team.ended_at !== null) throw teamEnded({})
    await lockFilling(ctx.db, team.county)
    const members = await membersOf(ctx.db, team.county, [team.id], ctx.today)
    const old = args.out === null ? null : members.find((one) => one.account_id === args.out && one.role === args.role)
    if (args.out !== null && !old) throw notMember({})
    if (members.some((one) => one.account_id === args.in)) throw notSuited({ accountId: args.in, why: 'seated' })
    const rules = rulesOf(team, await templatesFor(ctx, [team.area]))
    const rule = rules.find((one) => one.role === args.role)
    if (!rule) throw notSuited({ accountId: args.in, why: 'role' })
    const span = { from: ctx.today, to: ctx.today }
    const person = (await couldServe(ctx, team.county, [team.area], [{ ...rule, reach: 'county' }], span)).find(
      (one) => one.id === args.in,
    )
    if (!person || !person.roles.includes(args.role)) throw notSuited({ accountId: args.in, why: 'role' })
    if (nearness(person.covers, team.area) < Math.min(REACH_DIGITS[rule.reach], team.area.length))
      throw notSuited({ accountId: args.in, why: 'duty' })
    if (person.away) throw notSuited({ accountId: args.in, why: 'leave' })
    const cap = person.cap ?? rule.cap
    if (person.load >= cap) throw atCap({ load: person.load, cap })
    if (old) await endMembers(ctx.db, team.county, [old], 'replaced', ctx.now)
    await insertMembers(
      ctx.db,
      [
        {
          county: team.county,
          id: newId(ctx.now),
          team_id: team.id,
          household_id: team.household_id,
          area: team.area,
          role: args.role,
          account_id: person.id,
          account_name: person.name,
          from_day: ctx.today,
          to_day: null,
          stands_in_for: null,
          stands_in_for_name: null,
          leave_id: null,
          why: old ? 'replaced' : 'by_hand',
          by: actorId(ctx),
        },
      ],
      ctx.now,
    )
    await touchTeams(ctx.db, team.county, [team.id], ctx.now)
    await tellTeams(ctx, team.county, [team.id])
    ctx.audit({
      verb: 'team.replace',
      thing: 'team',
      thingId: team.id,
      area: team.area,
      detail: { role: args.role, out: args.out, in: args.in },
    })
    return { id: team.id, version: team.version + 1 }
  },
})

// ---- leave and handing over ------------------------------------------------------------------------------------------------

/** All that a person has, by county; loaded with their teams and whoever else is there. */
async function passingOf(
  ctx: Ctx,
  accountId: string,
  day: string,
  keep: (row: MemberRow) => boolean,
  lock = true,
): Promise<Passing[]> {
  const rows = (await membershipsOf(ctx.db, accountId, day, lock)).filter(keep)
  const all: Passing[] = []
  for (const [county, of] of groupBy(rows, (row) => row.county)) {
    const ids = [...new Set(of.map((row) => row.team_id))]
    all.push({
      county,
      rows: of,
      teams: await teamsById(ctx.db, county, ids),
      members: await membersOf(ctx.db, county, ids, ctx.today),
    })
  }
  return all
}

const NOTHING: LeaveAnswer = { doors: 0, covered: 0, by: [], gaps: [], spread: [] }

function together(answers: readonly LeaveAnswer[]): LeaveAnswer {
  return answers.reduce(
    (sum, one) => ({
      doors: sum.doors + one.doors,
      covered: sum.covered + one.covered,
      by: [...sum.by, ...one.by],
      gaps: [...sum.gaps, ...one.gaps],
      spread: [...sum.spread, ...one.spread],
    }),
    NOTHING,
  )
}

async function leaver(
  ctx: Ctx,
  args: z.output<typeof AskLeave>,
): Promise<{ id: string; name: string; area: AreaCode }> {
  const account = await findAccount(ctx.db, ctx.scope, args.accountId, ctx.today)
  if (!account) throw notFound({ thing: 'account' })
  permit(ctx, 'file', { kind: 'team', area: account.area })
  if (args.from < ctx.today || (args.to !== null && args.to < args.from) || args.standIn === args.accountId)
    throw badLeave({})
  const other = await overlappingLeave(ctx.db, args.accountId, args.from, args.to)
  if (other) throw leaveOverlaps({ from: other.from_day, to: other.to_day ?? '…' })
  return { id: account.id, name: account.name, area: account.area }
}

function touchesSpan(row: MemberRow, from: string, to: string | null): boolean {
  return (to === null || row.from_day <= to) && (row.to_day === null || row.to_day >= from)
}

/** What a leave would do, without doing it. */
export async function previewLeave(ctx: Ctx, args: z.output<typeof AskLeave>): Promise<LeaveAnswer> {
  await leaver(ctx, args)
  const span = { from: args.from, to: args.to }
  const passing = await passingOf(ctx, args.accountId, args.from, (row) => touchesSpan(row, span.from, span.to), false)
  const answers: LeaveAnswer[] = []
  for (const one of passing)
    answers.push(await passOn(ctx, one, { span, first: args.standIn, leave: null, why: 'stand_in' }, true))
  return together(answers)
}

/** TEAM-7: from the first to the last day somebody stands in at each door, or the answer names the limit. */
export const takeLeave = defineAction({
  name: 'team.leave',
  input: TakeLeave,
  output: LeaveAnswer,
  reach: 'county',
  run: async (ctx, args) => {
    const account = await leaver(ctx, args)
    const standIn = args.standIn === null ? null : await findAccount(ctx.db, [''], args.standIn, ctx.today)
    if (args.standIn !== null && !standIn) throw notFound({ thing: 'account' })
    const leave = {
      county: countyOf(account.area),
      id: args.id,
      area: account.area,
      account_id: account.id,
      account_name: account.name,
      from_day: args.from,
      to_day: args.to,
      stand_in: standIn?.id ?? null,
      stand_in_name: standIn?.name ?? null,
      by: actorId(ctx),
      by_name: ctx.actor.name,
      at: ctx.now,
      ended_at: null,
    }
    await insertLeave(ctx.db, leave)
    const answer = await bridge(ctx, leave)
    await tellPeople(
      ctx,
      answer,
      `${account.name}请假（${args.from} 至 ${args.to ?? '另行通知'}）`,
      `${account.name} is on leave from ${args.from} to ${args.to ?? 'further notice'}`,
    )
    ctx.audit({
      verb: 'team.leave',
      thing: 'account',
      thingId: account.id,
      area: account.area,
      detail: { from: args.from, to: args.to, doors: answer.doors, covered: answer.covered },
    })
    return answer
  },
})

/** Finds stand-ins for the doors of a leave that have none yet. */
export async function bridge(ctx: Ctx, leave: LeaveRow): Promise<LeaveAnswer> {
  const from = leave.from_day < ctx.today ? ctx.today : leave.from_day
  const span = { from, to: leave.to_day }
  const passing = await passingOf(ctx, leave.account_id, from, (row) => touchesSpan(row, span.from, span.to))
  const answers: LeaveAnswer[] = []
  for (const one of passing) {
    const bridged = new Set(
      one.members.filter((m) => m.leave_id === leave.id && m.stands_in_for === leave.account_id).map((m) => m.team_id),
    )
    const rows = one.rows.filter((row) => !bridged.has(row.team_id))
    const answer = await passOn(ctx, { ...one, rows }, { span, first: leave.stand_in, leave, why: 'stand_in' })
    answers.push(answer)
  }
  return together(answers)
}

/** Whoever gets doors of somebody else hears of it. */
async function tellPeople(ctx: Ctx, answer: LeaveAnswer, zh: string, en: string): Promise<void> {
  await insertNotices(
    ctx.db,
    answer.by.map((one) => ({
      accountId: one.accountId,
      id: newId(ctx.now),
      kind: 'team.doors',
      body: { zh: `${zh}，由您负责 ${one.doors} 户`, en: `${en}: ${one.doors} doors are yours` },
      at: ctx.now,
    })),
  )
}

export const endLeave = defineAction({
  name: 'team.leave_end',
  input: EndLeave,
  output: TeamState,
  reach: 'county',
  run: async (ctx, args) => {
    const leave = await lockLeave(ctx.db, ctx.scope, args.id)
    if (!leave) throw notFound({ thing: 'leave' })
    permit(ctx, 'file', { kind: 'team', area: leave.area })
    if (args.lastDay < addDays(leave.from_day, -1) || args.lastDay < addDays(ctx.today, -1)) throw badLeave({})
    const teams = await endLeaveRow(ctx.db, leave, args.lastDay, ctx.now)
    await touchTeams(ctx.db, leave.county, teams, ctx.now)
    await tellTeams(ctx, leave.county, teams)
    ctx.audit({
      verb: 'team.leave_end',
      thing: 'account',
      thingId: leave.account_id,
      area: leave.area,
      detail: { lastDay: args.lastDay },
    })
    return { id: leave.id, version: 0 }
  },
})

/** TEAM-8: everything that a person has goes to another, or is shared out; tasks that are open stay at the doors. */
export const handOverDoors = defineAction({
  name: 'team.hand_over',
  input: HandOverDoors,
  output: HandedOver,
  reach: 'county',
  run: async (ctx, args) => {
    const account = await findAccount(ctx.db, ctx.scope, args.from, ctx.today)
    if (!account || args.from === args.to) throw notFound({ thing: 'account' })
    permit(ctx, 'file', { kind: 'team', area: account.area })
    const { answer, openTasks } = await passAll(ctx, args.from, args.to, 'handed_over')
    await tellPeople(ctx, answer, `${account.name}移交`, `Handed over by ${account.name}`)
    ctx.audit({
      verb: 'team.hand_over',
      thing: 'account',
      thingId: account.id,
      area: account.area,
      detail: { to: args.to, doors: answer.doors, covered: answer.covered, openTasks },
    })
    return { ...answer, openTasks }
  },
})

/** Ends all that a person has and finds others; also when a duty or the account ends. */
export async function passAll(
  ctx: Ctx,
  accountId: string,
  to: string | null,
  why: 'handed_over' | 'replaced',
  keep: (row: MemberRow) => boolean = () => true,
): Promise<{ answer: LeaveAnswer; openTasks: number }> {
  const passing = await passingOf(ctx, accountId, ctx.today, keep)
  const answers: LeaveAnswer[] = []
  let openTasks = 0
  for (const one of passing) {
    const span = { from: ctx.today, to: ctx.today }
    answers.push(await passOn(ctx, one, { span, first: to, leave: null, why }))
    openTasks += (
      await openTasksAt(
        ctx.db,
        one.county,
        one.rows.map((row) => row.household_id),
      )
    ).length
  }
  return { answer: together(answers), openTasks }
}

export const setCap = defineAction({
  name: 'team.cap',
  input: SetCap,
  output: TeamState,
  run: async (ctx, args) => {
    const account = await findAccount(ctx.db, ctx.scope, args.accountId, ctx.today)
    if (!account || !account.roles.some((role) => RoleWord.safeParse(role).success))
      throw notFound({ thing: 'account' })
    permit(ctx, 'file', { kind: 'team', area: account.area })
    await setCapRow(ctx.db, {
      county: countyOf(account.area),
      account_id: account.id,
      area: account.area,
      cap: args.cap,
      by: actorId(ctx),
      at: ctx.now,
    })
    ctx.audit({
      verb: 'team.cap',
      thing: 'account',
      thingId: account.id,
      area: account.area,
      detail: { cap: args.cap },
    })
    return { id: account.id, version: 0 }
  },
})
