import { countyOf } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import { standing } from '@weiwang/domain/observation/dates'
import { stateOf } from '@weiwang/domain/observation/fold'
import { Measure, MEASURE_RULES } from '@weiwang/domain/observation/measure'
import {
  Agree,
  AskForMe,
  AskOuting,
  MyAnswer,
  MyOne,
  MyStep,
  ObjectTo,
  StepMyService,
} from '@weiwang/domain/observation/my-api'
import type {
  MyObservation,
  MyObservations,
  MyPast,
  MyPastReadings,
  MyPeople,
  MyService,
  MyServices,
} from '@weiwang/domain/observation/my-api'
import { OUTING_RULES } from '@weiwang/domain/observation/outing'
import { outingNow } from '@weiwang/domain/observation/outing-now'
import { WayIn } from '@weiwang/domain/observation/reading'
import type { StepBody } from '@weiwang/domain/observation/api'
import type { AskedService, SteppedService } from '@weiwang/domain/observation/service-api'
import { availableSteps, decideStep as decideServiceStep } from '@weiwang/domain/observation/service-decide'
import type { ServiceActor } from '@weiwang/domain/observation/service-decide'
import { PROMISES } from '@weiwang/domain/observation/service-kind'
import { serviceIdTaken } from '@weiwang/domain/observation/service-problems'
import { decideStep } from '@weiwang/domain/observation/steps'
import { STATE_NAMES } from '@weiwang/domain/observation/words'
import type { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { newId } from '../core/transaction.ts'
import { recordsOfAccount } from '../people/account-persons.ts'
import { openText } from '../people/opening.ts'
import { responsibleNow } from '../teams/queries.ts'
import { accountNames } from '../access/names.ts'
import { keepPaper, whenOf } from './actions.ts'
import { changeObservation, textPlace } from './change.ts'
import { partOf } from './due-follow.ts'
import { doorKey, observationsOf, servedWith, servicesOf } from './my-store.ts'
import type { Whose } from './my-store.ts'
import { objectionAt, onDuty } from './papers.ts'
import { listReadings } from './readings-store-lists.ts'
import { requireRoom, writeService } from './service-ask.ts'
import { changeService } from './service-change.ts'
import { receiverCode } from './service-code.ts'
import { stepped as steppedService } from './service-actions.ts'
import { lockService, withState } from './service-store.ts'
import type { LoadedService } from './service-store.ts'
import { findObservation, history, loadedOf, lockObservation } from './store.ts'
import type { Loaded } from './store.ts'

/**
 * The resident's own page. No area stands behind it: whose it is is said by the number alone (READ-17), so every verb first asks
 * which persons the account's number is of, and everything else is not found.
 */
type Mine = ReadonlySet<string>

async function mineOf(ctx: Ctx): Promise<Mine> {
  return new Set(await recordsOfAccount(ctx))
}

function isMine(mine: Mine, { state }: Loaded): boolean {
  return mine.has(state.personId) || (state.responderPersonId !== null && mine.has(state.responderPersonId))
}

/** A child whose number is its mother's is hers by that number, and still not herself: whoever answers for somebody is another (READ-17). */
function isSelf(mine: Mine, { personId, responderPersonId }: Loaded['state']): boolean {
  const other = responderPersonId !== null && responderPersonId !== personId && mine.has(responderPersonId)
  return mine.has(personId) && !other
}

/** An observation of mine, to read. @throws notFound */
export async function myObservation(ctx: Ctx, id: string): Promise<Loaded> {
  const loaded = await findObservation(ctx.db, [''], id)
  if (!loaded || !isMine(await mineOf(ctx), loaded)) throw notFound({ thing: 'observation' })
  return loaded
}

async function lockMine(ctx: Ctx, id: string): Promise<Loaded> {
  const loaded = await lockObservation(ctx.db, [''], id)
  if (!loaded || !isMine(await mineOf(ctx), loaded)) throw notFound({ thing: 'observation' })
  return loaded
}

function possible(ctx: Ctx, loaded: Loaded, body: StepBody): boolean {
  const given = { successorId: loaded.row.id, note: '' }
  return decideStep(loaded.state, body, whenOf(ctx), given).ok
}

const SIGNED: StepBody = { step: 'commitment', how: 'signed', strokes: [[0, 0]] }
const OBJECTED: StepBody = { step: 'objection', reference: '-' }

function present(ctx: Ctx, mine: Mine, loaded: Loaded): MyObservation {
  const { row, state } = loaded
  const rules = MEASURE_RULES[Measure.parse(state.measure)]
  const name = stateOf(state)
  const { phase, day, of, left, lapsesAt } = standing(state, ctx.now, ctx.zone)
  return {
    id: row.id,
    county: row.county,
    self: isSelf(mine, state),
    masked: row.masked,
    measure: state.measure,
    measureName: rules.say,
    out: rules.out,
    reports: rules.reports,
    ends: rules.ends,
    state: name,
    stateName: STATE_NAMES[name],
    startDay: state.startDay,
    endDay: state.endDay,
    standing: { phase, day, of, left, lapsesAt: lapsesAt?.toISOString() ?? null },
    reference: row.reference,
    noticed: state.noticeOn !== null,
    agreed: state.commitment !== null || !rules.needs.commitment,
    mayAgree: state.commitment === null && possible(ctx, loaded, SIGNED),
    objection: state.objection === null ? null : { answered: state.objection.answered },
    mayObject: (state.objection === null || state.objection.answered !== null) && possible(ctx, loaded, OBJECTED),
    ...outingsOf(ctx, state),
    released: state.outcome === 'released',
    endedAt: state.endedAt,
    deletedOn: state.deleteDay,
  }
}

const OUTING_SHOWN_MS = 86_400_000

/** OBS-27: what lies ahead, goes on or was over within a day. */
function outingsOf(ctx: Ctx, state: Loaded['state']) {
  const since = new Date(ctx.now.getTime() - OUTING_SHOWN_MS).toISOString()
  const binds = state.endedAt === null && standing(state, ctx.now, ctx.zone).phase !== 'lapsed'
  return {
    outings: state.outings.filter((one) => one.to >= since && outingNow(one, ctx.now) !== 'off'),
    outingAsked: state.outingAsked,
    outingRefused: state.outingRefused,
    outingFor: binds ? [...(OUTING_RULES[state.measure]?.purposes ?? [])] : [],
  }
}

/** GET /api/my/observations */
export async function readMyObservations(ctx: Ctx): Promise<MyObservations> {
  const mine = await mineOf(ctx)
  const rows = await observationsOf(ctx.db, [...mine])
  return { items: rows.map((row) => present(ctx, mine, loadedOf(row))), asOf: ctx.now.toISOString() }
}

/** GET /api/my/observations/:id/people: the team of the door, or whoever is on duty there (TEAM-11). */
export async function readMyPeople(ctx: Ctx, { id }: { id: string }): Promise<MyPeople> {
  const { row, state } = await myObservation(ctx, id)
  const team =
    state.householdId === null
      ? []
      : (await responsibleNow(ctx, { county: row.county, householdId: state.householdId })).members
  const people = team.map(({ role, name, phone }) => ({ role, name, phone }))
  if (people.length === 0) {
    const worker = await onDuty(ctx, row.area, ['worker'])
    if (worker) people.push({ role: 'worker', ...worker })
  }
  const { contact, phone } = await objectionAt(ctx, row.area)
  return { people, desk: { name: contact, phone } }
}

/** GET /api/my/observations/:id/readings */
export async function readMyPast(ctx: Ctx, args: z.output<typeof MyPast>): Promise<MyPastReadings> {
  const { row } = await myObservation(ctx, args.id)
  const page = await listReadings(ctx.db, { county: row.county, observationId: row.id }, args)
  const items = page.rows.map((reading) => ({
    id: reading.id,
    day: reading.day,
    part: partOf(reading.part),
    how: WayIn.catch('phone').parse(reading.how),
    temperature: reading.temperature,
    symptoms: reading.symptoms,
    takenAt: reading.occurred_at.toISOString(),
    corrected: reading.superseded_by !== null,
  }))
  return { items, next: page.next, total: page.total }
}

/** OBS-21: what came of the objection, in the desk's own words. */
export const openMyAnswer = defineAction({
  name: 'my.answer',
  input: MyOne,
  output: MyAnswer,
  reach: 'all',
  secret: true,
  run: async (ctx, { id }): Promise<MyAnswer> => {
    const { row, state } = await myObservation(ctx, id)
    const line = (await history(ctx.db, row.county, row.id)).findLast((one) => one.kind === 'objection_answered')
    ctx.audit({
      verb: 'observation.answer_read',
      thing: 'observation',
      thingId: id,
      area: state.area,
      detail: { by: 'resident' },
    })
    return {
      outcome: state.objection?.answered ?? null,
      words: line ? await openText(ctx, textPlace(row.id, line.n), line.text_sealed) : null,
    }
  },
})

async function step(ctx: Ctx, id: string, body: StepBody, text?: string): Promise<MyStep> {
  const loaded = await lockMine(ctx, id)
  await requireOpenEmergency(ctx, loaded.state.area)
  const given = { successorId: newId(ctx.now), note: `${loaded.row.reference}-R` }
  const decision = decideStep(loaded.state, body, whenOf(ctx), given)
  if (!decision.ok) throw decision.problem
  if (body.step === 'commitment') await keepPaper(ctx, loaded, given.successorId, body)
  const after = await changeObservation(ctx, loaded, decision.events, text === undefined ? {} : { text })
  ctx.audit({
    verb: `observation.${body.step}`,
    thing: 'observation',
    thingId: id,
    area: loaded.state.area,
    detail: { by: 'resident' },
  })
  return { id, state: stateOf(after.state) }
}

export const agreeToMine = defineAction({
  name: 'my.agree',
  input: Agree,
  output: MyStep,
  reach: 'all',
  run: (ctx, { id, strokes }): Promise<MyStep> => step(ctx, id, { step: 'commitment', how: 'signed', strokes }),
})

/** OBS-21: the words are sealed with the step; the reference is the observation's own, so that nobody has to copy one. */
export const objectToMine = defineAction({
  name: 'my.object',
  input: ObjectTo,
  output: MyStep,
  reach: 'all',
  run: async (ctx, { id, words }): Promise<MyStep> => {
    const { row } = await myObservation(ctx, id)
    return step(ctx, id, { step: 'objection', reference: `${row.reference}-O` }, words)
  },
})

/** OBS-27: asked for by the person or whoever answers; the words are sealed with it. */
export const askMyOuting = defineAction({
  name: 'my.outing',
  input: AskOuting,
  output: MyStep,
  reach: 'all',
  run: (ctx, { id, purpose, from, to, words }): Promise<MyStep> =>
    step(ctx, id, { step: 'ask_outing', purpose, from, to }, words),
})

export const overMyOuting = defineAction({
  name: 'my.outing_over',
  input: MyOne,
  output: MyStep,
  reach: 'all',
  run: (ctx, { id }): Promise<MyStep> => step(ctx, id, { step: 'outing_over' }),
})

// ---- Help for me ------------------------------------------------------------------------------------------------------------

const DAYS_SHOWN = 30
const RECEIVER = ['done', 'not_received', 'rate', 'cancel'] as const

function receiverOf(ctx: Ctx): ServiceActor {
  return { self: ctx.actor.id, field: false, desk: false, receiver: true }
}

/** SERV-13: what I asked for, what is for me or mine, and what is for the whole of a door where one of us stays. */
function isForMe(ctx: Ctx, whose: Whose, { row, state }: LoadedService): boolean {
  if (state.askedBy === ctx.actor.id) return true
  if (state.personId !== null) return whose.persons.has(state.personId)
  return state.householdId !== null && whose.doors.has(doorKey(row.county, state.householdId))
}

export const askForMe = defineAction({
  name: 'my.service.ask',
  input: AskForMe,
  reach: 'all',
  run: async (ctx, args): Promise<AskedService> => {
    const { row, state } = await myObservation(ctx, args.observationId)
    const place = { area: row.area, householdId: state.householdId, personId: state.personId, masked: row.masked }
    await requireRoom(ctx, place)
    const { id, observationId, kind, urgency, words, window } = args
    const made = await writeService(ctx, place, {
      id,
      observationId,
      kind,
      urgency,
      words,
      ...(window === undefined ? {} : { window }),
      asker: 'resident',
      askedBy: ctx.actor.id,
    })
    const loaded = made ?? (await lockService(ctx.db, id))
    if (!loaded || loaded.state.askedBy !== ctx.actor.id) throw serviceIdTaken({ id })
    ctx.audit({
      verb: 'service.ask',
      thing: 'service',
      thingId: id,
      area: row.area,
      detail: { kind, urgency, by: 'resident' },
    })
    return steppedService(loaded)
  },
})

/** GET /api/my/services */
export async function readServicesOfMine(ctx: Ctx): Promise<MyServices> {
  const whose = await servedWith(ctx.db, await recordsOfAccount(ctx))
  const since = new Date(ctx.now.getTime() - DAYS_SHOWN * 86_400_000)
  const rows = await servicesOf(ctx.db, { account: ctx.actor.id, whose, since })
  const loaded = await withState(ctx.db, rows)
  const names = await accountNames(
    ctx.db,
    loaded.map(({ state }) => state.takenBy),
  )
  const items = loaded.map(({ row, state }): MyService => {
    const steps = availableSteps(state, receiverOf(ctx), { now: ctx.now, zone: ctx.zone })
    return {
      id: row.id,
      observationId: state.observationId,
      masked: row.masked,
      kind: state.kind,
      kindName: PROMISES[state.kind].say,
      urgency: state.urgency,
      state: state.state,
      askedAt: row.asked_at.toISOString(),
      windowFrom: state.windowFrom,
      dueBy: state.dueBy,
      late: state.endedAt === null && new Date(state.dueBy) < ctx.now,
      by: state.takenBy === null ? null : (names.get(state.takenBy) ?? null),
      code: state.takenBy !== null && state.endedAt === null ? receiverCode(ctx, row.id) : null,
      rating: state.rating,
      may: RECEIVER.filter((one) => steps.some((each) => each.step === one && each.problem === null)),
    }
  })
  return { items, asOf: ctx.now.toISOString() }
}

export const stepMyService = defineAction({
  name: 'my.service.step',
  input: StepMyService,
  reach: 'all',
  run: async (ctx, { id, step: name, rating, reason }): Promise<SteppedService> => {
    const loaded = await lockService(ctx.db, id)
    const whose = await servedWith(ctx.db, await recordsOfAccount(ctx))
    if (!loaded || !isForMe(ctx, whose, loaded)) throw notFound({ thing: 'service' })
    const decision = decideServiceStep(
      loaded.state,
      { step: name, rating, reason, proof: { kind: 'receiver', photo: null, codeOk: false } },
      receiverOf(ctx),
      { now: ctx.now, zone: ctx.zone },
    )
    if (!decision.ok) throw decision.problem
    const after = await changeService(ctx, loaded, decision.events)
    ctx.audit({
      verb: `service.${name}`,
      thing: 'service',
      thingId: id,
      area: after.state.area,
      detail: { by: 'resident', county: countyOf(after.state.area) },
    })
    return steppedService(after)
  },
})
