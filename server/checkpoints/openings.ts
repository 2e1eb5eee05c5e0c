/**
 * Opening passages to find the contacts of a case (GATE-11): a case number, gates and hours, two persons, a line of the trail for
 * each look. The question is built from gates and hours alone (`passagesInWindow`); there is no other that reads a sealed code id.
 */
import { boundsOf } from '@weiwang/domain/access/roles'
import { can } from '@weiwang/domain/access/can'
import { contains, countyOf } from '@weiwang/domain/areas/code'
import {
  DecideOpening,
  GateDone,
  OpeningResult,
  OPENING_STATES,
  ProposeOpening,
  ReadOpening,
  Visitor,
} from '@weiwang/domain/checkpoints/api'
import type { ListOpenings, OpeningView } from '@weiwang/domain/checkpoints/api'
import { KEEP_DAYS } from '@weiwang/domain/checkpoints/gate'
import { MAX_OPENING_HOURS } from '@weiwang/domain/checkpoints/api'
import {
  goneFrom,
  MAX_OPENINGS_OF_CASE,
  MAX_OPENINGS_OF_GATE_DAY,
  windowHolds,
} from '@weiwang/domain/checkpoints/opening'
import { badWindow, gatesApart, openedEnough, openingDecided, openingGone } from '@weiwang/domain/checkpoints/problems'
import { addDays, dayOf } from '@weiwang/domain/core/day'
import { notAllowed, notFound } from '@weiwang/domain/core/problems'
import { say } from '@weiwang/domain/core/say'
import { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { openOfDay, sealOfDay } from '../core/keys/day-keys.ts'
import { areaNames } from '../people/store.ts'
import { holdersOf } from './code-link.ts'
import { readAreas } from './gates.ts'
import { nameAtGate } from './named.ts'
import type { Named } from './named.ts'
import { findGates } from './store.ts'
import {
  decideOpeningRow,
  insertOpening,
  listOpenings,
  lockOpening,
  lockOpenings,
  openingsBefore,
  passagesInWindow,
  peopleOf,
} from './store-openings.ts'
import type { OpeningRow, Sealed } from './store-openings.ts'

const TABLE = 'passage_opening'

const COUNTY_DIGITS = 6

/** Cases are looked into by a county and above: a desk of a street or village opens nothing. @throws notAllowed */
function requireCounty(ctx: Ctx, area: string): void {
  if (!atCounty(ctx, area)) throw notAllowed({ verb: 'open', thing: 'passage' })
}

function atCounty(ctx: Ctx, area: string): boolean {
  return ctx.scope.some((own) => own.length <= COUNTY_DIGITS && contains(own, area))
}

export const proposeOpening = defineAction({
  name: 'passage.propose',
  input: ProposeOpening,
  output: GateDone,
  reach: 'county',
  run: async (ctx, args) => {
    const gates = [...(await findGates(ctx.db, args.gateIds)).values()]
    if (gates.length < new Set(args.gateIds).size) throw notFound({ thing: 'gate' })
    for (const gate of gates) {
      permit(ctx, 'propose', { kind: 'passage', area: gate.area })
      requireCounty(ctx, gate.area)
    }
    const [first] = gates
    if (!first) throw notFound({ thing: 'gate' })
    const county = countyOf(first.area)
    if (gates.some((gate) => gate.county !== county)) throw gatesApart({}, 'gateIds')
    const window = { from: new Date(args.from), to: new Date(args.to) }
    if (!windowHolds(window, ctx.now, ctx.today, ctx.zone))
      throw badWindow({ hours: MAX_OPENING_HOURS, days: KEEP_DAYS }, 'to')
    const day = dayOf(window.from, ctx.zone)
    await lockOpenings(ctx.db, county)
    const gateIds = [...new Set(args.gateIds)]
    const before = await openingsBefore(ctx.db, { caseNumber: args.caseNumber, county, gateIds, day })
    if (before.ofCase >= MAX_OPENINGS_OF_CASE)
      throw openedEnough({ most: MAX_OPENINGS_OF_CASE, per: say('此病例', 'This case') }, 'caseNumber')
    if (before.ofGate >= MAX_OPENINGS_OF_GATE_DAY)
      throw openedEnough({ most: MAX_OPENINGS_OF_GATE_DAY, per: say('此卡口当日', 'This gate on the day') }, 'gateIds')
    const area = boundsOf(gates.map((gate) => gate.area)) ?? county
    const { id: emergencyId } = await requireOpenEmergency(ctx, area)
    const place = { table: TABLE, row: args.id, column: 'reason_sealed' }
    await insertOpening(ctx.db, {
      county,
      id: args.id,
      area,
      emergency_id: emergencyId,
      case_number: args.caseNumber,
      gate_ids: gateIds,
      from_at: window.from,
      to_at: window.to,
      day,
      reason_sealed: await ctx.keys.seal({ ...place, emergencyId, now: ctx.now }, args.reason),
      state: 'proposed',
      proposed_by: actorId(ctx),
      proposed_by_created_by: ctx.actor.createdBy,
      proposed_by_name: ctx.actor.name,
      proposed_at: ctx.now,
    })
    ctx.audit({
      verb: 'passage.propose',
      thing: 'passage_opening',
      thingId: args.id,
      area,
      purpose: args.caseNumber,
      detail: { gates: gateIds, from: args.from, to: args.to },
    })
    return { id: args.id }
  },
})

export const decideOpening = defineAction({
  name: 'passage.open',
  input: DecideOpening,
  output: GateDone,
  reach: 'all',
  run: async (ctx, args) => {
    const row = await lockOpening(ctx.db, ctx.scope, args.id)
    if (!row) throw notFound({ thing: 'passage_opening' })
    const { proposed_by: by, proposed_by_created_by: byCreatedBy } = row
    permit(ctx, 'approve', { kind: 'passage', area: row.area, by, byCreatedBy })
    requireCounty(ctx, row.area)
    if (row.state !== 'proposed') throw openingDecided({})
    const place = { table: TABLE, row: row.id, column: 'note_sealed' }
    const note =
      args.note === ''
        ? null
        : await ctx.keys.seal({ ...place, emergencyId: row.emergency_id, now: ctx.now }, args.note)
    const decided = { by: ctx.actor.name, at: ctx.now, note }
    if (!args.approve) {
      await decideOpeningRow(ctx.db, row, { state: 'refused', ...decided })
      ctx.audit({ verb: 'passage.refuse', thing: TABLE, thingId: row.id, area: row.area, purpose: row.case_number })
      return { id: row.id }
    }
    const found = await openWindow(ctx, row)
    const { people, visitors, plates } = found
    await decideOpeningRow(ctx.db, row, {
      state: 'done',
      ...decided,
      counts: { passages: found.passages, withCode: found.withCode, people: people.length },
      result: sealResult(ctx, row, { people, visitors, plates }),
    })
    ctx.audit({
      verb: 'passage.open',
      thing: TABLE,
      thingId: row.id,
      area: row.area,
      purpose: row.case_number,
      detail: {
        gates: row.gate_ids,
        from: row.from_at.toISOString(),
        to: row.to_at.toISOString(),
        passages: found.passages,
        people: people.length,
      },
    })
    await nameAtGate(ctx, namedBy(row, 'passage.open', people))
    return { id: row.id }
  },
})

const Result = z.object({
  people: z.array(z.uuid()),
  visitors: z.array(z.object({ name: z.string(), phone: z.string() })),
  plates: z.array(z.string()),
})
type Result = z.output<typeof Result>
type Found = Result & { passages: number; withCode: number }
const More = z.object({ plate: z.string().nullable(), visitor: Visitor.nullable() })

/** Opens what stood at the gates in the hours, and forgets when and where: who it was is all that is kept. */
async function openWindow(ctx: Ctx, row: OpeningRow): Promise<Found> {
  const passages = await passagesInWindow(ctx.db, {
    county: row.county,
    gateIds: row.gate_ids,
    from: row.from_at,
    to: row.to_at,
  })
  const codes = new Set<string>()
  const plates = new Set<string>()
  const visitors = new Map<string, { name: string; phone: string }>()
  let opened = 0
  for (const one of passages) {
    const code = openColumn(ctx, one, 'code_sealed')
    const more = openColumn(ctx, one, 'more_sealed')
    if (code !== null) codes.add(code)
    if (code !== null || more !== null) opened++
    const { plate, visitor } = more === null ? { plate: null, visitor: null } : More.parse(JSON.parse(more))
    if (plate !== null && plate !== '') plates.add(plate)
    if (visitor !== null) visitors.set(`${visitor.name}/${visitor.phone}`, { name: visitor.name, phone: visitor.phone })
  }
  const sealed = passages.some((one) => one.code_sealed !== null || one.more_sealed !== null)
  if (sealed && opened === 0) throw openingGone({})
  const holders = await holdersOf(ctx, [...codes])
  return {
    passages: passages.length,
    withCode: passages.filter((one) => one.code_sealed !== null).length,
    people: [...new Set(holders.values())].toSorted(),
    visitors: [...visitors.values()],
    plates: [...plates].toSorted(),
  }
}

/** Null: there is nothing, or the passage key of the day is gone and with it what it says. */
function openColumn(ctx: Ctx, one: Sealed, column: 'code_sealed' | 'more_sealed'): string | null {
  const sealed = one[column]
  const key = sealed === null ? null : ctx.keys.days.find({ emergencyId: one.emergency_id, day: one.day })
  if (sealed === null || key === null) return null
  return openOfDay(key, { table: 'passage', row: one.id, column }, sealed)
}

function resultPlace(row: OpeningRow): { table: string; row: string; column: string } {
  return { table: TABLE, row: row.id, column: 'result_sealed' }
}

/** GATE-15: for the person a line of its own; with the window on the trail beside it, the hours of a place would stay for years. */
function namedBy(row: OpeningRow, verb: string, people: readonly string[]): Named {
  const { county, area, emergency_id: emergencyId, day, case_number: purpose } = row
  return { county, area, emergencyId, day, verb, purpose, people }
}

/** Under the passage key of the day that it is about, so that it goes with the passages. */
function sealResult(ctx: Ctx, row: OpeningRow, result: Result): Buffer {
  const key = ctx.keys.days.take({ emergencyId: row.emergency_id, day: row.day })
  return sealOfDay(key, resultPlace(row), JSON.stringify(result))
}

/** Read by the desks around the gates; every reading is a line with the case number and the persons. */
export const readOpening = defineAction({
  name: 'passage.result',
  secret: true,
  input: ReadOpening,
  output: OpeningResult,
  reach: 'all',
  run: async (ctx, args) => {
    const row = await lockOpening(ctx.db, ctx.scope, args.id)
    if (!row) throw notFound({ thing: 'passage_opening' })
    permit(ctx, 'open', { kind: 'passage', area: row.area })
    requireCounty(ctx, row.area)
    const key = ctx.keys.days.find({ emergencyId: row.emergency_id, day: row.day })
    const text = row.result_sealed === null || key === null ? null : openOfDay(key, resultPlace(row), row.result_sealed)
    if (text === null) throw openingGone({})
    const result = Result.parse(JSON.parse(text))
    const people = await peopleOf(ctx.db, result.people)
    const nameOf = await areaNames(
      ctx.db,
      people.map((one) => one.home_area),
    )
    ctx.audit({
      verb: 'passage.result',
      thing: TABLE,
      thingId: row.id,
      area: row.area,
      purpose: row.case_number,
      detail: { people: result.people.length },
    })
    await nameAtGate(ctx, namedBy(row, 'passage.result', result.people))
    const mine = (area: string): boolean => ctx.scope.some((own) => contains(own, area))
    return {
      id: row.id,
      people: people.map((one) => ({
        personId: mine(one.home_area) ? one.person_id : null,
        name: one.masked,
        areaName: nameOf(one.home_area),
      })),
      visitors: result.visitors,
      plates: result.plates,
    }
  },
})

const State = z.enum(OPENING_STATES)
const Counts = z.object({ passages: z.number(), withCode: z.number(), people: z.number() })

export async function readOpenings(ctx: Ctx, args: ListOpenings) {
  const page = await listOpenings(ctx.db, { areas: readAreas(ctx, args.area, 'passage'), state: args.state }, args)
  const gates = await findGates(
    ctx.db,
    page.rows.flatMap((row) => row.gate_ids),
  )
  const nameOf = await areaNames(
    ctx.db,
    page.rows.map((row) => row.area),
  )
  const items: OpeningView[] = []
  for (const row of page.rows) {
    const thing = {
      kind: 'passage',
      area: row.area,
      by: row.proposed_by,
      byCreatedBy: row.proposed_by_created_by,
    } as const
    const place = { table: TABLE, row: row.id, column: 'reason_sealed' }
    items.push({
      id: row.id,
      area: row.area,
      areaName: nameOf(row.area),
      caseNumber: row.case_number,
      gates: row.gate_ids.map((id) => ({ id, name: gates.get(id)?.name ?? { zh: '', en: '' } })),
      from: row.from_at.toISOString(),
      to: row.to_at.toISOString(),
      reason: row.reason_sealed === null ? '' : await ctx.keys.open(place, row.reason_sealed),
      state: State.parse(row.state),
      proposedBy: row.proposed_by_name,
      proposedAt: row.proposed_at.toISOString(),
      decidedBy: row.decided_by_name,
      decidedAt: row.decided_at?.toISOString() ?? null,
      counts: Counts.nullable().parse(row.counts ?? null),
      mine: row.proposed_by !== null && row.proposed_by === ctx.actor.id,
      mayDecide: row.state === 'proposed' && can(ctx.actor, 'approve', thing) && atCounty(ctx, row.area),
      goneAfter: addDays(goneFrom(row.day), -1),
    })
  }
  return { items, next: page.next, total: page.total }
}
