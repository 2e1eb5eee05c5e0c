/**
 * Returns told before travelling (REGISTER-15, 16): the grid knows before anybody is there, whoever does not come is looked for by an
 * ordinary task, and every step is one event with its row beside it.
 */
import { countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import { say } from '@weiwang/domain/core/say'
import type { ReturnState, Transport } from '@weiwang/domain/healthcode/reg-api'
import { ReturnState as State, Transport as TransportRead } from '@weiwang/domain/healthcode/reg-api'
import {
  ARRIVED_HOW,
  foldReturn,
  graceUntil,
  levelOfPlaces,
  RETURN_LEVELS,
} from '@weiwang/domain/healthcode/reg-return'
import type { ReturnEvent, ReturnLevel, ReturnPlan } from '@weiwang/domain/healthcode/reg-return'
import { findEmergency, findOpenEmergency } from '../access/store.ts'
import { actorId } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { idFrom } from '../core/ids.ts'
import type { Server } from '../core/server.ts'
import { riskSpans } from '../grading/store.ts'
import { areaNames, homesOf } from '../people/store.ts'
import { openTasks } from '../tasks/bulk.ts'
import type { Campaign } from '../tasks/bulk.ts'
import { ownCampaign } from '../tasks/own-campaign.ts'
import { policyFor } from './reg-policy-store.ts'
import { appendReturnEvents, insertReturn, lockOpenReturns, overdueReturns, updateReturn } from './reg-return-store.ts'
import type { ReturnRow } from './reg-return-store.ts'
import { TRANSPORT_NAMES } from '@weiwang/domain/healthcode/reg-words'

const GRID = 15
const COUNTY = 6

export function planOf(row: ReturnRow): ReturnPlan {
  return {
    state: State.parse(row.state),
    expectedDay: row.expected_day,
    transport: TransportRead.catch('other').parse(row.transport),
    fromPlace: row.from_place,
    level: RETURN_LEVELS.find((level) => level === row.level) ?? null,
    arrivedOn: row.arrived_on,
    arrivedHow: ARRIVED_HOW.find((how) => how === row.arrived_how) ?? null,
    taskId: row.task_id,
  }
}

const ENDED: readonly ReturnState[] = ['completed', 'cancelled', 'no_show']

/** A county by its name, a country by its letters. */
export async function fromNames(ctx: Ctx, places: readonly string[]): Promise<(place: string) => string> {
  const nameOf = await areaNames(
    ctx.db,
    places.filter((place) => /^\d+$/.test(place)),
  )
  const countries = new Intl.DisplayNames(['zh'], { type: 'region', fallback: 'code' })
  return (place) =>
    /^\d+$/.test(place) ? nameOf(place) : /^[A-Z]{2}$/.test(place) ? (countries.of(place) ?? place) : ''
}

async function tellGrid(ctx: Ctx, row: ReturnRow, plan: ReturnPlan, gone?: string): Promise<void> {
  if (row.area.length < GRID) return
  const item = { grid: row.area.slice(0, GRID), kind: 'return', id: row.id }
  if (gone !== undefined || plan.state === 'completed' || plan.state === 'cancelled')
    return ctx.feed({ ...item, body: { county: row.county, gone: true, why: gone ?? plan.state } })
  const fromName = (await fromNames(ctx, [row.from_place]))(row.from_place)
  ctx.feed({
    ...item,
    urgent: plan.level === 'high' && !ENDED.includes(plan.state),
    body: {
      county: row.county,
      area: row.area,
      personId: row.person_id,
      masked: row.masked,
      state: plan.state,
      level: plan.level,
      expectedDay: plan.expectedDay,
      graceUntil: row.grace_until,
      transport: plan.transport,
      transportName: TRANSPORT_NAMES[plan.transport],
      fromName,
      companions: row.companions,
      arrivedOn: plan.arrivedOn,
      arrivedHow: plan.arrivedHow,
      version: row.version,
    },
  })
}

/** Applies events to a locked return: appended, folded, written and told in one place, so that no verb can forget it. */
export async function changeReturn(
  ctx: Ctx,
  row: ReturnRow,
  events: readonly ReturnEvent[],
  set: { graceDays?: number; companions?: number; bodySealed?: Buffer | null } = {},
): Promise<{ row: ReturnRow; plan: ReturnPlan }> {
  if (events.length === 0) return { row, plan: planOf(row) }
  const plan = events.reduce<ReturnPlan>((before, event) => foldReturn(before, event), planOf(row))
  const by = actorId(ctx)
  await appendReturnEvents(
    ctx.db,
    { county: row.county, id: row.id, area: row.area, from: row.version + 1, by, at: ctx.now },
    events,
  )
  const grace = set.graceDays === undefined ? row.grace_until : graceUntil(plan, set.graceDays)
  const after: ReturnRow = {
    ...row,
    state: plan.state,
    level: plan.level,
    expected_day: plan.expectedDay,
    grace_until: grace,
    transport: plan.transport,
    from_place: plan.fromPlace,
    companions: set.companions ?? row.companions,
    body_sealed: set.bodySealed === undefined ? row.body_sealed : set.bodySealed,
    arrived_on: plan.arrivedOn,
    arrived_how: plan.arrivedHow,
    task_id: plan.taskId,
    version: row.version + events.length,
    updated_at: ctx.now,
    ended_at: ENDED.includes(plan.state) ? (row.ended_at ?? ctx.now) : null,
  }
  const { county, id, ...values } = after
  await updateReturn(ctx.db, { county, id }, values)
  await tellGrid(ctx, after, plan)
  return { row: after, plan }
}

export type NewReturn = {
  id: string
  area: AreaCode
  emergencyId: string
  personId: string
  accountId: string | null
  masked: string
  expectedDay: string
  transport: Transport
  fromPlace: string
  companions: number
  bodySealed: Buffer | null
}

/** How far back the level of the place one comes from is asked. */
const RISK_DAYS = 14

/** REGISTER-15: the order of work, never a grade: the highest level that the place, its county or what lies in it has had lately. */
async function levelOf(ctx: Ctx, place: string): Promise<ReturnLevel> {
  if (!/^\d+$/.test(place)) return 'medium'
  const spans = await riskSpans(ctx.db, addDays(ctx.today, -RISK_DAYS))
  const near = spans.filter(({ area }) => place.startsWith(area) || area.startsWith(place.slice(0, COUNTY)))
  return levelOfPlaces(near.flatMap(({ level }) => RETURN_LEVELS.filter((one) => one === level)))
}

/** Sent in, sorted, and the grid told when it is known already; otherwise as soon as the address has been found. */
export async function openReturn(ctx: Ctx, given: NewReturn): Promise<ReturnRow> {
  const { graceDays } = (await policyFor(ctx.db, given.area)).returns
  const submitted: ReturnEvent = {
    kind: 'submitted',
    body: { expectedDay: given.expectedDay, transport: given.transport, fromPlace: given.fromPlace },
  }
  const county = countyOf(given.area)
  const row: ReturnRow = {
    county,
    id: given.id,
    area: given.area,
    emergency_id: given.emergencyId,
    person_id: given.personId,
    account_id: given.accountId,
    masked: given.masked,
    state: 'submitted',
    level: null,
    expected_day: given.expectedDay,
    grace_until: addDays(given.expectedDay, graceDays),
    transport: given.transport,
    from_place: given.fromPlace,
    companions: given.companions,
    body_sealed: given.bodySealed,
    arrived_on: null,
    arrived_how: null,
    task_id: null,
    version: 1,
    created_at: ctx.now,
    updated_at: ctx.now,
    ended_at: null,
    blanked_at: null,
  }
  await insertReturn(ctx.db, row)
  const by = actorId(ctx)
  await appendReturnEvents(ctx.db, { county, id: row.id, area: row.area, from: 1, by, at: ctx.now }, [submitted])
  const level = await levelOf(ctx, given.fromPlace)
  return (await changeReturn(ctx, row, [{ kind: 'triaged', body: { level } }, ...notified(given.area)])).row
}

function notified(area: AreaCode): ReturnEvent[] {
  return area.length >= GRID ? [{ kind: 'notified', body: { area } }] : []
}

/** Case 32: a place found or changed takes the open returns of the person along; into another county they are opened anew. */
export async function followReturns(server: Server, persons: readonly string[]): Promise<void> {
  await server.asSystem('returns.follow', async (ctx) => {
    const open = await lockOpenReturns(ctx.db, persons)
    // Under the locks: of two moves the later one is what counts, whichever is followed last.
    const homes = await homesOf(
      ctx.db,
      open.flatMap((row) => row.person_id ?? []),
    )
    for (const row of open) {
      const home = homes.get(row.person_id ?? '')
      if (home === undefined || row.area === home) continue
      if (countyOf(home) === row.county) await moveWithin(ctx, row, home)
      else await moveAway(ctx, row, home)
    }
  })
}

async function moveWithin(ctx: Ctx, row: ReturnRow, home: AreaCode): Promise<void> {
  if (row.area.length >= GRID && row.area.slice(0, GRID) !== home.slice(0, GRID))
    await tellGrid(ctx, row, planOf(row), 'moved')
  const there: ReturnRow = { ...row, area: home }
  await updateReturn(ctx.db, row, { area: home, updated_at: ctx.now })
  const { plan } = await changeReturn(ctx, there, notified(home))
  if (home.length >= GRID && plan.state !== 'host_notified') await tellGrid(ctx, there, plan)
}

async function moveAway(ctx: Ctx, row: ReturnRow, home: AreaCode): Promise<void> {
  const plan = planOf(row)
  await changeReturn(ctx, row, [{ kind: 'cancelled', body: { why: 'moved' } }])
  // What was sealed belongs to the row that it was sealed for; the journey's number is not worth opening it.
  if (row.person_id === null || ENDED.includes(plan.state)) return
  const made = await openReturn(ctx, {
    id: idFrom(`return/${row.id}/${countyOf(home)}`),
    area: home,
    emergencyId: row.emergency_id,
    personId: row.person_id,
    accountId: row.account_id,
    masked: row.masked,
    expectedDay: plan.expectedDay,
    transport: plan.transport,
    fromPlace: plan.fromPlace,
    companions: row.companions,
    bodySealed: null,
  })
  if (plan.arrivedOn !== null)
    await changeReturn(ctx, made, [{ kind: 'arrived', body: { on: plan.arrivedOn, how: plan.arrivedHow ?? 'worker' } }])
}

// ---- Who did not come -------------------------------------------------------------------------------------------------------------

const CAMPAIGN = {
  word: 'returns',
  name: say('返回未到核查', 'Return not seen'),
  purpose: say(
    '登记了返回而过期未到，先问平安，再问去向',
    'Told of a return and not seen: ask whether they are well, then where they are',
  ),
  script: say(
    '您好，我是网格员。您登记了返回，想问问您到了没有，路上是否平安？如果改期，在手机上改一下就行。',
    'Hello, I am your grid worker. You told us you would return; have you arrived, and are you well? If the day has changed, just change it on your phone.',
  ),
  hours: { yellow: { answer: 24 }, blue: { answer: 24 } },
}
/** None for somebody whose emergency has ended meanwhile. */
async function campaignOf(ctx: Ctx, emergencyId: string): Promise<Campaign | null> {
  const emergency = await findEmergency(ctx.db, [''], emergencyId)
  return emergency?.state === 'open' ? ownCampaign(ctx, emergencyId, CAMPAIGN) : null
}

async function lookFor(ctx: Ctx, row: ReturnRow): Promise<string | null> {
  if (row.area.length < GRID || row.person_id === null) return null
  const campaign = await campaignOf(ctx, row.emergency_id)
  if (!campaign) return null
  const id = idFrom(`no-show/${row.id}/${row.expected_day}`)
  const words = say(`登记 ${row.expected_day} 返回，到期未见到达`, `Expected back on ${row.expected_day} and not seen`)
  const opened = await openTasks(ctx, campaign, [
    {
      id,
      area: row.area,
      personId: row.person_id,
      householdId: null,
      masked: row.masked,
      grade: row.level === 'high' ? 'yellow' : 'blue',
      kind: 'check',
      reasons: [{ rule: 'REGISTER-16', say: words, day: ctx.today, until: null }],
    },
  ])
  return opened.has(id) ? id : null
}

const AT_ONCE = 100

/** Writes down what the day has made true already, and sends somebody to look. Harmless to repeat. */
export async function noteNoShows(server: Server): Promise<number> {
  let noted = 0
  for (;;) {
    const done = await server.asSystem('returns.no_show', async (ctx) => {
      if (!(await findOpenEmergency(ctx, ctx.root))) return 0
      const rows = await overdueReturns(ctx.db, ctx.today, AT_ONCE)
      for (const row of rows) {
        const taskId = await lookFor(ctx, row)
        await changeReturn(ctx, row, [{ kind: 'no_show', body: { on: ctx.today, taskId } }])
      }
      return rows.length
    })
    noted += done
    if (done < AT_ONCE) return noted
  }
}
