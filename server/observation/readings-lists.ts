import { addDays, dayOf, instantOf } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { standing } from '@weiwang/domain/observation/dates'
import { Measure } from '@weiwang/domain/observation/measure'
import { CallOutcome, Contact, Mood, WayIn } from '@weiwang/domain/observation/reading'
import { isStillTaken } from '@weiwang/domain/observation/still-taken'
import { MessageState } from '@weiwang/domain/observation/reading-api'
import type {
  CallPage,
  CallView,
  ListCalls,
  ListMessages,
  ListReadings,
  ListSlots,
  MessagePage,
  MyReadings,
  ReadingPage,
  ReadingView,
  SlotPage,
  SlotView,
} from '@weiwang/domain/observation/reading-api'
import { How, isExpected, slotState, slotsOfDay } from '@weiwang/domain/observation/slots'
import type { ReadingPlan, Slot } from '@weiwang/domain/observation/slots'
import { z } from 'zod'
import { areaNames } from '../access/store.ts'
import { may, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { recordsOfAccount } from '../people/account-persons.ts'
import { areasOf, placeOf, spanOf } from '../tasks/queries.ts'
import { accountNames } from '../access/names.ts'
import { followedOf, partOf } from './due-follow.ts'
import { zoneOf } from './reading-feed.ts'
import {
  duesOfResponders,
  findDue,
  findObserved,
  namesOf,
  plansByArea,
  readingsOf,
  slotsSince,
} from './readings-store.ts'
import type { CallRow, DueRow, ReadingRow, SlotRow } from './readings-store.ts'
import { listCalls, listReadings, listSlots } from './readings-store-lists.ts'
import { listMessages } from './reminders-store.ts'
import { findObservation } from './store.ts'

/** Rows to the wire, and the lists of readings. */
/** As far back as a slot may lie that is still taken. */
const PAST_DAYS = [1, 2, 3, 4] as const

const iso = (at: Date | null): string | null => at?.toISOString() ?? null

function permitRead(ctx: Ctx, areas: readonly string[]): void {
  for (const area of areas) permit(ctx, 'read', { kind: 'observation', area })
}

export function presentReading(row: ReadingRow, names: ReadonlyMap<string, string>): ReadingView {
  return {
    id: row.id,
    slot: { day: row.day, part: partOf(row.part) },
    how: WayIn.catch('phone').parse(row.how),
    temperature: row.temperature,
    symptoms: row.symptoms,
    mood: Mood.nullable().catch(null).parse(row.mood),
    needs: row.needs,
    hasNote: row.note_sealed !== null,
    fever: row.fever,
    alarm: row.alarm,
    confirmed: row.confirmed,
    occurredAt: row.occurred_at.toISOString(),
    recordedAt: row.recorded_at.toISOString(),
    by: row.by === null ? null : { id: row.by, name: names.get(row.by) ?? '' },
    supersedes: row.supersedes,
    supersededBy: row.superseded_by,
  }
}

type Came = { slots: readonly SlotRow[]; readings: readonly ReadingRow[]; names: ReadonlyMap<string, string> }

function slotView(slot: Slot, came: Came, now: Date): SlotView {
  const row = came.slots.find((one) => one.day === slot.day && one.part === slot.part)
  const reading = came.readings.find(
    (one) => one.day === slot.day && one.part === slot.part && one.superseded_by === null,
  )
  return {
    day: slot.day,
    part: slot.part,
    opensAt: slot.opensAt.toISOString(),
    dueAt: slot.dueAt.toISOString(),
    closesAt: slot.closesAt.toISOString(),
    // A function of the moment of the answer: whether the job has been here makes no difference (case 66).
    state: slotState(slot, row?.taken_at ?? reading?.occurred_at ?? null, now),
    reading: reading ? presentReading(reading, came.names) : null,
  }
}

/** The slots of some local days on which the person is asked. */
function slotViews(
  of: { row: DueRow; plan: ReadingPlan; zone: string; came: Came; now: Date },
  days: readonly string[],
): SlotView[] {
  const { row, plan, zone, came, now } = of
  const span = followedOf(row, { zone })
  return days
    .filter((day) => day >= row.first_day && day <= row.last_day)
    .flatMap((day) => slotsOfDay(plan, day, zone))
    .flatMap((slot) => {
      const view = slotView(slot, came, now)
      // One that was never asked (told after its reminder) can be filed while it is open, and is not missed afterwards.
      return view.reading !== null || view.state === 'open' || isExpected(span, slot) ? [view] : []
    })
}

async function cameOf(ctx: Ctx, rows: readonly DueRow[]): Promise<Came> {
  const keys = rows.map((row) => ({ county: row.county, observationId: row.observation_id }))
  const since = addDays(ctx.today, -6)
  const readings = await readingsOf(ctx.db, keys, { sinceDay: since, corrected: false })
  return {
    slots: await slotsSince(ctx.db, keys, instantOf(since, ctx.zone)),
    readings,
    names: await accountNames(
      ctx.db,
      readings.map((reading) => reading.by),
    ),
  }
}

function only(came: Came, row: DueRow): Came {
  return {
    ...came,
    slots: came.slots.filter((slot) => slot.observation_id === row.observation_id),
    readings: came.readings.filter((reading) => reading.observation_id === row.observation_id),
  }
}

/** READ-17: everybody for whom the account's telephone answers. */
export async function readMine(ctx: Ctx): Promise<z.infer<typeof MyReadings>> {
  const mine = await recordsOfAccount(ctx)
  const rows = await duesOfResponders(ctx.db, mine)
  const planOf = await plansByArea(ctx.db)
  const came = await cameOf(ctx, rows)
  const observed = new Map(
    (
      await findObserved(
        ctx.db,
        rows.map((row) => ({ county: row.county, observationId: row.observation_id })),
      )
    ).map((one) => [one.id, one]),
  )
  const items: z.infer<typeof MyReadings>['items'] = rows.flatMap((row) => {
    const one = observed.get(row.observation_id)
    if (!one) return []
    const zone = zoneOf(row, ctx)
    const today = dayOf(ctx.now, zone)
    const at = standing(
      {
        exposureDay: one.exposure_day,
        startDay: one.start_day,
        endDay: one.end_day,
        from: one.count_from === 'start' ? 'start' : 'exposure',
        endedAt: iso(one.ended_at),
      },
      ctx.now,
      ctx.zone,
    )
    const of = { row, plan: planOf(row.area), zone, came: only(came, row), now: ctx.now }
    // What the rules still take and nobody has said (READ-4), the latest first.
    const earlier = slotViews(
      of,
      PAST_DAYS.map((n) => addDays(today, -n)),
    )
      .filter((slot) => isStillTaken({ opensAt: new Date(slot.opensAt), closesAt: new Date(slot.closesAt) }, ctx.now))
      .toSorted((a, b) => (a.opensAt < b.opensAt ? 1 : -1))
    return [
      {
        county: row.county,
        observationId: row.observation_id,
        personId: row.person_id,
        masked: row.masked,
        ordinal: row.ordinal,
        self: mine.includes(row.person_id) && row.responder_person_id === row.person_id,
        measure: Measure.parse(one.measure),
        startDay: one.start_day,
        endDay: one.end_day,
        day: at.day,
        of: at.of,
        zone,
        contact: Contact.catch('sms').parse(row.contact),
        slots: slotViews(of, [today]),
        earlier,
      },
    ]
  })
  return { items, asOf: ctx.now.toISOString() }
}

/** Newest first, corrected ones marked; with the slots of today and of the two days before. */
/** READ-18: that something came, without what it says. */
function blank(view: ReadingView): ReadingView {
  return { ...view, temperature: null, symptoms: [], mood: null, needs: [], hasNote: false, fever: false, alarm: false }
}

function blankSlot(view: SlotView): SlotView {
  return view.reading === null ? view : { ...view, reading: blank(view.reading) }
}

export async function readReadings(
  ctx: Ctx,
  args: z.output<typeof ListReadings>,
): Promise<z.infer<typeof ReadingPage>> {
  const loaded = await findObservation(ctx.db, ctx.scope, args.id)
  if (!loaded) throw notFound({ thing: 'observation' })
  permitRead(ctx, [loaded.row.area])
  const key = { county: loaded.row.county, observationId: args.id }
  const page = await listReadings(ctx.db, key, args)
  const names = await accountNames(
    ctx.db,
    page.rows.map((row) => row.by),
  )
  const row = await findDue(ctx.db, key)
  const zone = row ? zoneOf(row, ctx) : ctx.zone
  const today = dayOf(ctx.now, zone)
  const plan = (await plansByArea(ctx.db))(loaded.row.area)
  const came = row ? await cameOf(ctx, [row]) : { slots: [], readings: [], names }
  const values = may(ctx, 'open', { kind: 'observation', area: loaded.row.area })
  const slots = row
    ? slotViews({ row, plan, zone, came, now: ctx.now }, [today, addDays(today, -1), addDays(today, -2)])
    : []
  return {
    items: page.rows.map((one) => presentReading(one, names)).map((one) => (values ? one : blank(one))),
    next: page.next,
    total: page.total,
    contact: Contact.catch('sms').parse(row?.contact),
    zone,
    missed: row?.missed ?? 0,
    slots: values ? slots : slots.map(blankSlot),
    values,
  }
}

const Came = z.enum(['on_time', 'late', 'missed'])

/** The list behind the figures of readings: exactly the counters' total (STAT-2). */
export async function readSlots(ctx: Ctx, args: z.output<typeof ListSlots>): Promise<z.infer<typeof SlotPage>> {
  const place = await placeOf(ctx, args)
  permitRead(ctx, place.areas)
  const page = await listSlots(
    ctx.db,
    { ...place, ...spanOf(ctx, args), state: args.state, observationId: args.observationId },
    args,
  )
  const names = await areaNames(
    ctx.db,
    page.rows.map((row) => row.area),
  )
  return {
    items: page.rows.map((row) => ({
      county: row.county,
      observationId: row.observation_id,
      masked: row.masked ?? '',
      area: row.area,
      areaName: names.get(row.area) ?? row.area,
      day: row.day,
      part: partOf(row.part),
      dueAt: row.due_at.toISOString(),
      state: Came.parse(row.state),
      how: WayIn.nullable().catch(null).parse(row.how),
      takenAt: iso(row.taken_at),
    })),
    next: page.next,
    total: page.total,
  }
}

const Why = z.enum(['round', 'missed'])
const Closed = z.enum(['answered', 'reached', 'ended'])

export async function presentCalls(ctx: Ctx, rows: readonly CallRow[]): Promise<CallView[]> {
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  const dues = await Promise.all(
    rows.map((row) => findDue(ctx.db, { county: row.county, observationId: row.observation_id })),
  )
  const masked = await namesOf(
    ctx.db,
    dues.flatMap((due) => (due ? [due.responder_person_id] : [])),
  )
  return rows.flatMap((row, i) => {
    const due = dues[i]
    if (!due) return []
    const other = due.responder_person_id !== due.person_id
    return [
      {
        id: row.id,
        county: row.county,
        observationId: row.observation_id,
        area: row.area,
        areaName: names.get(row.area) ?? row.area,
        personId: due.person_id,
        masked: due.masked,
        responder: other
          ? { personId: due.responder_person_id, masked: masked.get(due.responder_person_id) ?? '' }
          : null,
        why: Why.parse(row.why),
        how: How.parse(row.how),
        missed: row.missed,
        since: iso(row.since),
        openedAt: row.opened_at.toISOString(),
        notBefore: row.not_before.toISOString(),
        tries: row.tries,
        lastOutcome: CallOutcome.nullable().catch(null).parse(row.last_outcome),
        lastAt: iso(row.last_at),
        taskId: row.task_id,
        closed: Closed.nullable().catch(null).parse(row.closed),
        closedAt: iso(row.closed_at),
      },
    ]
  })
}

export async function readCalls(ctx: Ctx, args: z.output<typeof ListCalls>): Promise<z.infer<typeof CallPage>> {
  const place = await placeOf(ctx, args)
  permitRead(ctx, place.areas)
  const { from, to } = spanOf(ctx, args)
  const span = { from: instantOf(from, ctx.zone), to: instantOf(addDays(to, 1), ctx.zone) }
  const page = await listCalls(ctx.db, { ...place, list: args.list, now: ctx.now, ...span }, args)
  return { items: await presentCalls(ctx, page.rows), next: page.next, total: page.total, asOf: ctx.now.toISOString() }
}

export async function readMessages(
  ctx: Ctx,
  args: z.output<typeof ListMessages>,
): Promise<z.infer<typeof MessagePage>> {
  const areas = areasOf(ctx, args.area)
  permitRead(ctx, areas)
  const page = await listMessages(ctx.db, { areas, state: args.state, personId: args.personId }, args)
  const names = await areaNames(
    ctx.db,
    page.rows.map((row) => row.area),
  )
  return {
    items: page.rows.map((row) => ({
      id: row.id,
      personId: row.responder_person_id,
      area: row.area,
      areaName: names.get(row.area) ?? row.area,
      masked: row.masked ?? '',
      day: row.day,
      part: partOf(row.part),
      state: MessageState.parse(row.state),
      persons: row.persons,
      tries: row.tries,
      at: row.at.toISOString(),
      sentAt: iso(row.sent_at),
    })),
    next: page.next,
    total: page.total,
  }
}
