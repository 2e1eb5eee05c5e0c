import { addDays } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import {
  Asker,
  Cost,
  Proof,
  SERVICE_KINDS,
  ServiceKind,
  ServiceStateName,
  Urgency,
} from '@weiwang/domain/observation/service-api'
import type {
  AskKinds,
  AskRound,
  Helper,
  KindFigures,
  ListMyServices,
  ListServices,
  ServiceCard,
  ServiceDetail,
} from '@weiwang/domain/observation/service-api'
import { availableSteps } from '@weiwang/domain/observation/service-decide'
import { PROMISES } from '@weiwang/domain/observation/service-kind'
import { z } from 'zod'
import { areaNames } from '../access/store.ts'
import { sumCounts } from '../core/counters.ts'
import { may, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { areasOf, placeOf, spanOf } from '../tasks/queries.ts'
import { accountNames, lineOf } from '../access/names.ts'
import { doorsOf } from '../tasks/store.ts'
import { actorOf, inMyAreas, mayKnow } from './service-actions.ts'
import { helpersOf } from './service-offers.ts'
import { findService, serviceHistory } from './service-store.ts'
import type { LoadedService, ServiceRow } from './service-store.ts'
import { photosHere } from './service-photo-store.ts'
import { listMine, listRound, listServices, openByKind } from './service-store-lists.ts'

const MINUTE = 60_000
const iso = (at: Date | null): string | null => at?.toISOString() ?? null

export function permitServices(ctx: Ctx, areas: readonly string[]): void {
  for (const area of areas) permit(ctx, 'read', { kind: 'service', area })
}

function late(row: ServiceRow, now: Date): number {
  const until = row.ended_at ?? now
  return Math.max(0, Math.floor((until.getTime() - row.due_by.getTime()) / MINUTE))
}

export async function presentServices(ctx: Ctx, rows: readonly ServiceRow[]): Promise<ServiceCard[]> {
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const people = await accountNames(
    ctx.db,
    rows.flatMap((row) => [row.asked_by, row.offered_to, row.taken_by]),
  )
  const doors = await doorsOf(
    ctx.db,
    rows.map((row) => ({ county: row.county, id: row.household_id })),
  )
  const person = (id: string | null) => (id === null ? null : { id, name: people.get(id) ?? '' })
  return rows.map((row) => ({
    id: row.id,
    county: row.county,
    area: row.area,
    areaName: names.get(row.area) ?? row.area,
    householdId: row.household_id,
    door: row.household_id === null ? null : (doors.get(row.household_id) ?? null),
    personId: row.person_id,
    masked: row.masked,
    observationId: row.observation_id,
    kind: ServiceKind.catch('other').parse(row.kind),
    urgency: Urgency.catch('usual').parse(row.urgency),
    state: ServiceStateName.parse(row.state),
    asker: Asker.catch('desk').parse(row.asker),
    askedBy: person(row.asked_by),
    offeredTo: person(row.offered_to),
    offerUntil: iso(row.offer_until),
    takenBy: person(row.taken_by),
    windowFrom: iso(row.window_from),
    windowTo: iso(row.window_to),
    dueBy: row.due_by.toISOString(),
    lateMinutes: late(row, ctx.now),
    escalated: row.escalated,
    ruleId: row.rule_id,
    roundDay: row.round_day,
    proof: Proof.nullable().catch(null).parse(row.proof),
    rating: row.rating,
    reason: row.reason,
    askedAt: row.asked_at.toISOString(),
    doneAt: iso(row.done_at),
    endedAt: iso(row.ended_at),
    updatedAt: row.updated_at.toISOString(),
    version: row.version,
  }))
}

export async function readServices(ctx: Ctx, args: ListServices) {
  const place = await placeOf(ctx, args)
  permitServices(ctx, place.areas)
  const { limit, cursor, area: _area, own: _own, organised: _organised, from: _from, to: _to, ...filter } = args
  const page = await listServices(
    ctx.db,
    { ...place, ...spanOf(ctx, args), ...filter, now: ctx.now },
    { limit, cursor },
  )
  const items = await presentServices(ctx, page.rows)
  return { items, next: page.next, total: page.total, asOf: ctx.now.toISOString() }
}

/** What is mine needs no right over an area: it was offered to me, I have taken it or asked for it. */
export async function readMyServices(ctx: Ctx, args: ListMyServices) {
  const page = await listMine(ctx.db, ctx.actor.id, args.list, args)
  const items = await presentServices(ctx, page.rows)
  return { items, next: page.next, total: page.total, asOf: ctx.now.toISOString() }
}

const Names = z.array(z.object({ id: z.string(), name: z.string() }))

function accountsIn(body: Record<string, unknown>): string[] {
  return [body['by'], body['to']].flatMap((one) =>
    typeof one === 'string' && z.uuid().safeParse(one).success ? [one] : [],
  )
}

export async function readService(ctx: Ctx, id: string): Promise<ServiceDetail> {
  const loaded = await findService(ctx.db, id)
  if (!loaded || !mayKnow(ctx, loaded)) throw notFound({ thing: 'service' })
  const { row, state } = loaded
  const [card] = await presentServices(ctx, [row])
  if (!card) throw notFound({ thing: 'service' })
  const lines = (await serviceHistory(ctx.db, row.county, row.id)).map((line) => ({
    ...line,
    body: z.record(z.string(), z.unknown()).catch({}).parse(line.body),
  }))
  const people = await accountNames(
    ctx.db,
    lines.flatMap((line) => [line.by, ...accountsIn(line.body)]),
  )
  for (const line of lines) for (const one of Names.safeParse(line.body['to']).data ?? []) people.set(one.id, one.name)
  const who = actorOf(ctx, loaded)
  const involved = who.desk || state.takenBy === who.self || state.doneBy === who.self || state.askedBy === who.self
  const here = await photosHere(ctx.db, row.county, row.id)
  const picture = (photo: string | null) => (photo === null || !involved ? null : { id: photo, here: here.has(photo) })
  return {
    ...card,
    hasWords: row.words_sealed !== null,
    cost: involved ? costOf(state.cost) : null,
    receivedBy: state.receivedBy,
    proofPhoto: picture(row.proof_photo),
    receiptPhoto: picture(row.receipt_photo),
    history: lines.map((line) => ({ ...lineOf(line, people), body: shown(line.body, involved) })),
    people: Object.fromEntries(people),
    steps: availableSteps(state, who, { now: ctx.now, zone: ctx.zone }).map(({ step, problem }) => ({
      step,
      ok: problem === null,
      why: problem?.body.message ?? null,
      rule: problem?.body.rule ?? null,
    })),
    mayOffer: who.desk && state.endedAt === null && state.takenBy === null,
    mayOpen: mayOpen(ctx, loaded),
  }
}

function mayOpen(ctx: Ctx, { state }: LoadedService): boolean {
  if (state.takenBy === ctx.actor.id && state.endedAt === null) return true
  return inMyAreas(ctx, state.area) && may(ctx, 'open', { kind: 'service', area: state.area })
}

function costOf(cost: LoadedService['state']['cost']): Cost | null {
  return Cost.nullable().catch(null).parse(cost)
}

/** Amounts are for who is involved; the history of everybody else has none. */
function shown(body: Record<string, unknown>, involved: boolean): Record<string, unknown> {
  if (involved || body['cost'] === undefined) return body
  const { cost: _cost, ...rest } = body
  return rest
}

export async function readHelpers(ctx: Ctx, id: string): Promise<{ items: Helper[] }> {
  const loaded = await findService(ctx.db, id)
  if (!loaded || !mayKnow(ctx, loaded)) throw notFound({ thing: 'service' })
  permit(ctx, 'bulk', { kind: 'service', area: loaded.state.area })
  const ranked = await helpersOf(ctx, loaded)
  return {
    items: ranked.slice(0, 50).map(({ id: helper, name, role, near, load, team, passed }) => ({
      id: helper,
      name,
      role,
      near,
      load,
      team,
      passed,
    })),
  }
}

export async function readKinds(ctx: Ctx, args: AskKinds): Promise<KindFigures> {
  const areas = areasOf(ctx, args.area)
  permitServices(ctx, areas)
  const span = spanOf(ctx, args)
  const sums = await sumCounts(ctx.db, { areas }, span)
  const now = new Map((await openByKind(ctx.db, areas, ctx.now)).map((row) => [row.kind, row]))
  return {
    asOf: ctx.now.toISOString(),
    items: SERVICE_KINDS.map((kind) => ({
      kind,
      say: PROMISES[kind].say,
      asked: sums.get(`svc_asked:${kind}`) ?? 0,
      done: sums.get(`svc_done:${kind}`) ?? 0,
      open: now.get(kind)?.open ?? 0,
      late: now.get(kind)?.late ?? 0,
    })),
  }
}

/** The round of a day; until its hour is over that is today's, afterwards tomorrow's. */
export async function readRound(ctx: Ctx, args: AskRound) {
  const areas = areasOf(ctx, args.area)
  permitServices(ctx, areas)
  const day = args.day ?? addDays(ctx.today, 1)
  const page = await listRound(ctx.db, areas, day, args)
  const cards = await presentServices(ctx, page.rows)
  const items = cards.flatMap((card, i) => {
    const row = page.rows[i]
    return row ? [{ ...card, estate: row.estate, building: row.building, doorOnly: row.door }] : []
  })
  return { items, next: page.next, total: page.total, day }
}
