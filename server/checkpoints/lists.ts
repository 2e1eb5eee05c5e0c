/** What a desk reads of passages and referrals (GATE-10, GATE-13). */
import type {
  AskGateFigures,
  GateFigure,
  GateFigures,
  ListPassages,
  ListReferrals,
  PassageList,
  PassageView,
  ReferralView,
} from '@weiwang/domain/checkpoints/api'
import {
  CloseReferral,
  GateDone,
  OpenedReferral,
  OpenReferral,
  PASSAGE_LISTS,
  ReferralPrivate,
} from '@weiwang/domain/checkpoints/api'
import { DISPOSITIONS, REFER_WHY } from '@weiwang/domain/checkpoints/gate'
import { referralClosed } from '@weiwang/domain/checkpoints/problems'
import { say } from '@weiwang/domain/core/say'
import { notFound } from '@weiwang/domain/core/problems'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { areaNames } from '../people/store.ts'
import { gatePlace, readAreas } from './gates.ts'
import { nameAtGate } from './named.ts'
import { findGate, findGates } from './store.ts'
import { busiestGates, figuresByGate, figuresByHour, listPassages, passageOf } from './store-passages.ts'
import { closeReferralRow, listReferrals, lockReferral, tasksOf } from './store-referrals.ts'
import type { ReferralRow } from './store-referrals.ts'

const MOST_ROWS = 200
const Metric = z.enum(PASSAGE_LISTS)
type Counts = Partial<Record<PassageList, number>>

function add(counts: Counts, metric: string, n: number): void {
  const known = Metric.safeParse(metric)
  if (known.success) counts[known.data] = (counts[known.data] ?? 0) + n
}

const UNKNOWN_GATE = say('已撤除的卡口', 'a gate that is gone')

/** Figures of a day, from the counters that stand beside the passages. Exact in one's own scope. */
export async function readFigures(ctx: Ctx, args: z.output<typeof AskGateFigures>): Promise<GateFigures> {
  const areas = readAreas(ctx, args.area)
  const day = args.day ?? ctx.today
  const hours = await figuresByHour(ctx.db, { areas, day, gate: args.gate })
  const busiest = await busiestGates(ctx.db, { areas, day }, MOST_ROWS)
  const figures = await figuresByGate(ctx.db, { areas, day, gates: busiest.ids })
  const gates = await findGates(ctx.db, busiest.ids)
  const nameOf = await areaNames(
    ctx.db,
    figures.map((one) => one.area),
  )
  const rows = new Map<string, GateFigure>()
  for (const one of figures) {
    const row = rows.get(one.gate_id) ?? {
      gateId: one.gate_id,
      name: gates.get(one.gate_id)?.name ?? UNKNOWN_GATE,
      areaName: nameOf(one.area),
      hour: null,
      counts: {},
    }
    add(row.counts, one.metric, one.n)
    rows.set(one.gate_id, row)
  }
  const total: Counts = {}
  const byHour = new Map<number, Counts>()
  for (const one of hours) {
    const counts = byHour.get(one.hour) ?? {}
    add(counts, one.metric, one.n)
    byHour.set(one.hour, counts)
    add(total, one.metric, one.n)
  }
  return {
    day,
    asOf: ctx.now.toISOString(),
    total,
    rows: busiest.ids.flatMap((id) => rows.get(id) ?? []),
    gates: busiest.gates,
    hours: [...byHour].map(([hour, counts]) => ({ hour, counts })),
  }
}

export async function readPassages(ctx: Ctx, args: ListPassages) {
  const place = await gatePlace(ctx, args, 'passage')
  const gate = args.gate === undefined ? undefined : await findGate(ctx.db, args.gate)
  if (gate === null) throw notFound({ thing: 'gate' })
  if (gate) permit(ctx, 'read', { kind: 'passage', area: gate.area })
  const day = args.day ?? args.from ?? ctx.today
  const to = args.day ?? args.to ?? day
  const filter = { place, from: day, to, gate, hour: args.hour, list: args.list }
  const page = await listPassages(ctx.db, filter, args)
  const gates = await findGates(
    ctx.db,
    page.rows.map((row) => row.gate_id),
  )
  const nameOf = await areaNames(
    ctx.db,
    page.rows.map((row) => row.area),
  )
  const items = page.rows.map((row): PassageView => {
    const { direction, lane, checked, colour, verdict } = passageOf(row)
    return {
      id: row.id,
      gateId: row.gate_id,
      gate: gates.get(row.gate_id)?.name ?? UNKNOWN_GATE,
      areaName: nameOf(row.area),
      at: row.at.toISOString(),
      direction,
      lane,
      check: checked,
      checkRule: row.check_rule,
      colour,
      verdict,
      temperature: row.temperature,
      retest: row.retest,
      retestAt: row.retest_at?.toISOString() ?? null,
      companions: row.companions,
      clockTrusted: row.clock_trusted,
      recordedAt: row.recorded_at.toISOString(),
    }
  })
  return { items, next: page.next, total: page.total }
}

export async function readReferrals(ctx: Ctx, args: ListReferrals) {
  const page = await listReferrals(
    ctx.db,
    {
      place: await gatePlace(ctx, args, 'gate'),
      list: args.list,
      gate: args.gate,
      from: args.day ?? args.from,
      to: args.day ?? args.to ?? args.from,
    },
    args,
  )
  return { items: await presentReferrals(ctx, page.rows), next: page.next, total: page.total }
}

const Why = z.enum(REFER_WHY)
const Disposition = z.enum(DISPOSITIONS)
const Outcome = z.enum(['arrived', 'lost', 'none_needed']).nullable()

async function presentReferrals(ctx: Ctx, rows: readonly ReferralRow[]): Promise<ReferralView[]> {
  const gates = await findGates(
    ctx.db,
    rows.map((row) => row.gate_id),
  )
  const nameOf = await areaNames(
    ctx.db,
    rows.flatMap((row) => [row.area, ...(row.home_area === null ? [] : [row.home_area])]),
  )
  const tasks = await tasksOf(
    ctx.db,
    rows.flatMap((row) =>
      row.task_id === null || row.task_county === null ? [] : [{ id: row.task_id, county: row.task_county }],
    ),
  )
  return rows.map((row) => {
    // In another county the task is there and its state is not ours to read.
    const task =
      row.task_id === null || row.task_county === null
        ? null
        : (tasks.get(row.task_id) ?? {
            id: row.task_id,
            county: row.task_county,
            reference: row.reference ?? '',
            state: 'elsewhere',
          })
    return {
      id: row.id,
      gateId: row.gate_id,
      gate: gates.get(row.gate_id)?.name ?? UNKNOWN_GATE,
      areaName: nameOf(row.area),
      at: row.at.toISOString(),
      why: Why.parse(row.why),
      disposition: Disposition.parse(row.disposition),
      homeAreaName: row.home_area === null ? null : nameOf(row.home_area),
      task,
      called: row.called,
      name: row.masked,
      outcome: Outcome.parse(row.outcome),
      closedAt: row.closed_at?.toISOString() ?? null,
      closedBy: row.closed_by,
    }
  })
}

/** Whether the clinic, the site or the grid has the person: asked by the desk, noted once. */
export const closeReferral = defineAction({
  name: 'gate.referral_close',
  input: CloseReferral,
  output: GateDone,
  reach: 'county',
  run: async (ctx, args) => {
    const row = await lockReferral(ctx.db, ctx.scope, args.id)
    if (!row) throw notFound({ thing: 'gate_referral' })
    permit(ctx, 'file', { kind: 'gate', area: row.area })
    if (row.closed_at !== null) throw referralClosed({})
    await closeReferralRow(ctx.db, row, { outcome: args.outcome, by: ctx.actor.name, now: ctx.now })
    ctx.audit({
      verb: 'gate.referral_close',
      thing: 'gate',
      thingId: row.gate_id,
      area: row.area,
      detail: { referral: row.id, outcome: args.outcome },
    })
    return { id: row.id }
  },
})

/** Name, number and where somebody lives, for one stated purpose; the line of the trail says which. */
export const openReferral = defineAction({
  name: 'gate.referral_open',
  secret: true,
  input: OpenReferral,
  output: OpenedReferral,
  reach: 'county',
  run: async (ctx, args) => {
    const row = await lockReferral(ctx.db, ctx.scope, args.id)
    if (!row) throw notFound({ thing: 'gate_referral' })
    permit(ctx, 'open', { kind: 'gate', area: row.area })
    if (row.private_sealed === null) throw notFound({ thing: 'gate_referral' })
    const place = { table: 'gate_referral', row: row.id, column: 'private_sealed' }
    const opened = ReferralPrivate.parse(JSON.parse(await ctx.keys.open(place, row.private_sealed)))
    ctx.audit({
      verb: 'gate.referral_open',
      thing: 'gate',
      thingId: row.gate_id,
      area: row.area,
      purpose: args.purpose,
      detail: { referral: row.id },
    })
    if (row.person_id !== null)
      await nameAtGate(ctx, {
        county: row.county,
        area: row.area,
        emergencyId: row.emergency_id,
        day: row.day,
        verb: 'gate.referral_open',
        purpose: args.purpose,
        people: [row.person_id],
      })
    return opened
  },
})
