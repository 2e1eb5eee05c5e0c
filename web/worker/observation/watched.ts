import { addDays } from '@weiwang/domain/core/day'
import { StepBody } from '@weiwang/domain/observation/api'
import type { StepName } from '@weiwang/domain/observation/api'
import { dayStrip, standing } from '@weiwang/domain/observation/dates'
import type { Standing, StripDay } from '@weiwang/domain/observation/dates'
import { daysOf, nobodyAnswers, ObservationState, recordObservation } from '@weiwang/domain/observation/fold'
import { openOuting } from '@weiwang/domain/observation/outing'
import { outingNow } from '@weiwang/domain/observation/outing-now'
import { FileReadings, ReadingBody } from '@weiwang/domain/observation/reading-api'
import {
  isExpected,
  localDay,
  overAt,
  readPlan,
  slotAt,
  slotsOfDay,
  slotState,
} from '@weiwang/domain/observation/slots'
import type { Slot, SlotState } from '@weiwang/domain/observation/slots'
import { decideStep, stepRefusal, stepRight } from '@weiwang/domain/observation/steps'
import { isGone, ObservationBody } from '@weiwang/domain/sync/feed'
import { z } from 'zod'
import type { OutboxItem, RawView } from '../phone/types.ts'

/**
 * Whoever is observed at the doors of my grids, from the feed and from what waits in the outbox. Days, slots and steps are
 * computed here by the functions of the server (OBS-1, READ-1), so a day begins and a deadline passes without a net.
 */
export type SlotNow = Slot & {
  state: SlotState
  /** Tenths of a degree; null when nothing came or it was not taken. */
  temperature: number | null
  /** It was filed here and the server has not said that it has it. */
  here: boolean
}
export type Why = 'care' | 'missed' | 'release' | 'back' | 'outing' | 'reading' | 'answerer' | 'paper' | 'none'
export type Watched = {
  id: string
  grid: string
  county: string
  masked: string
  reference: string
  personId: string
  householdId: string | null
  state: ObservationState
  standing: Standing
  strip: StripDay[]
  /** Today's, and yesterday's that were missed; in order. */
  slots: SlotNow[]
  /** What the plan wants done about silence: call or door; null when nothing. */
  how: string | null
  heardAt: string | null
  steps: StepName[]
  /** Steps and readings that wait in the outbox. */
  waiting: number
  why: Why
  /** When it is due; null when it has no hour. */
  at: Date | null
}

/** What a worker does at a door; the rest is the desk's and the doctor's. */
const DOOR_STEPS: readonly StepName[] = [
  'suitability',
  'notice',
  'commitment',
  'refusal',
  'welfare',
  'symptom',
  'symptom_over',
  'care',
  'responder',
  'ask_outing',
  'outing',
  'refuse_outing',
  'outing_over',
  'breach',
  'breach_step',
  'breach_over',
  'check_release',
  'release',
  'follow_up',
]
const RANK: Readonly<Record<Why, number>> = {
  care: 0,
  missed: 2,
  back: 3,
  release: 4,
  outing: 5,
  reading: 6,
  answerer: 7,
  paper: 8,
  none: 9,
}
/** A release that is late is our fault, and the hour of its lapse comes (OBS-20). */
const RELEASE_LATE = 1
const PENDING: readonly string[] = ['waiting', 'sending', 'stuck', 'held']

const StepItem = z.looseObject({ id: z.string(), do: StepBody })

/** What was done here and is on its way, applied by the fold that the server uses. */
function withSteps(id: string, state: ObservationState, pending: readonly OutboxItem[], now: Date, zone: string) {
  let current = state
  let n = 0
  for (const item of pending) {
    const step = item.kind === 'observation.step' ? StepItem.safeParse(item.body).data : undefined
    if (step?.id !== id) continue
    n++
    const at = new Date(item.at)
    const decided = decideStep(current, step.do, { now, zone, occurredAt: at }, { successorId: 'here', note: '' })
    if (!decided.ok) continue
    const stamp = { area: current.area, by: null, occurredAt: item.at, recordedAt: item.at }
    current = recordObservation(current, decided.events, stamp).state
  }
  return { state: current, n }
}

type Came = { day: string; part: string; takenAt: Date; temperature: number | null; here: boolean }

function cameOf(id: string, body: ReadingBody, pending: readonly OutboxItem[]): Came[] {
  const plan = readPlan(body.plan)
  const came: Came[] = body.came.map((one) => ({ ...one, takenAt: new Date(one.takenAt), here: false }))
  for (const item of pending) {
    const filed = item.kind === 'reading.file' ? FileReadings.safeParse(item.body).data : undefined
    for (const one of filed?.items ?? []) {
      if (one.observationId !== id) continue
      const takenAt = new Date(item.at)
      came.push({
        ...(one.slot ?? slotAt(plan, takenAt, body.zone)),
        takenAt,
        temperature: one.temperature,
        here: true,
      })
    }
  }
  return came
}

/** Slots of today in the person's own zone, and of yesterday what is still missing. */
function slotsOf(id: string, body: ReadingBody, pending: readonly OutboxItem[], now: Date): SlotNow[] {
  const plan = readPlan(body.plan)
  const { firstDay, lastDay, zone } = body
  const span = {
    firstDay,
    lastDay,
    zone,
    fromAt: new Date(body.fromAt),
    endedAt: body.endedAt === null ? null : new Date(body.endedAt),
  }
  const came = cameOf(id, body, pending)
  const today = localDay(now, zone)
  const slots = [...slotsOfDay(plan, addDays(today, -1), zone), ...slotsOfDay(plan, today, zone)]
  return slots.flatMap((slot): SlotNow[] => {
    if (!isExpected(span, slot)) return []
    const here = came.filter((one) => one.day === slot.day && one.part === slot.part)
    const first = here.toSorted((a, b) => a.takenAt.getTime() - b.takenAt.getTime())[0]
    const state = slotState(slot, first?.takenAt ?? null, now)
    if (slot.day !== today && state !== 'missed') return []
    // What is newest is what is true of the person; when it came is told by the first.
    return [{ ...slot, state, temperature: here.at(-1)?.temperature ?? null, here: here.some((one) => one.here) }]
  })
}

/** A silence that somebody has heard about since is over (READ-11). */
function isSilent(slots: readonly SlotNow[], heardAt: string | null): boolean {
  const heard = heardAt === null ? null : new Date(heardAt)
  return slots.some((slot) => slot.state === 'missed' && (heard === null || heard < overAt(slot)))
}

function dueOf(of: Omit<Watched, 'why' | 'at'>, now: Date): { why: Why; at: Date | null } {
  const { state, slots, standing: stands, steps } = of
  if (state.symptoms !== null && state.care?.stage !== 'admitted') return { why: 'care', at: null }
  if (isSilent(slots, of.heardAt))
    return { why: 'missed', at: slots.find((one) => one.state === 'missed')?.dueAt ?? null }
  const outing = openOuting(state.outings)
  if (outing && outingNow(outing, now) === 'overdue') return { why: 'back', at: new Date(outing.to) }
  if (stands.phase === 'due' || stands.phase === 'lapsed' || (stands.phase === 'last_day' && !state.releaseCheck))
    return { why: 'release', at: stands.endsAt }
  if (state.outingAsked) return { why: 'outing', at: new Date(state.outingAsked.from) }
  const open = slots.find((one) => one.state === 'open')
  if (open) return { why: 'reading', at: open.dueAt }
  if (nobodyAnswers(state)) return { why: 'answerer', at: null }
  const paper = steps.includes('commitment') && state.commitment === null
  if (state.noticeOn === null || paper) return { why: 'paper', at: null }
  return { why: 'none', at: null }
}

export function watchedOf(from: {
  observations: readonly RawView[]
  readings: readonly RawView[]
  outbox: readonly OutboxItem[]
  now: Date
  zone: string
}): Watched[] {
  const { now, zone } = from
  const pending = from.outbox.filter((item) => PENDING.includes(item.state))
  const readings = new Map(from.readings.map((view) => [view.id, view.body]))
  return from.observations.flatMap((view): Watched[] => {
    if (isGone(view.body)) return []
    const body = ObservationBody.safeParse(view.body).data
    const current = ObservationState.safeParse(body?.current).data
    if (!body || !current) return []
    const { state, n } = withSteps(view.id, current, pending, now, zone)
    if (state.endedAt !== null && state.followUpDay === null) return []
    const reading = ReadingBody.safeParse(readings.get(view.id)).data ?? null
    const slots = reading ? slotsOf(view.id, reading, pending, now) : []
    const when = { now, zone, occurredAt: now }
    const steps = DOOR_STEPS.filter(
      (step) => stepRight(step).verb === 'file' && stepRefusal(state, step, when) === null,
    )
    const one = {
      id: view.id,
      grid: view.grid,
      county: body.county,
      masked: body.masked,
      reference: body.reference,
      personId: body.personId,
      householdId: state.householdId,
      state,
      standing: standing(daysOf(state), now, zone),
      strip: dayStrip(daysOf(state), now, zone),
      slots,
      how: reading?.how ?? null,
      heardAt: reading?.heardAt ?? null,
      steps,
      waiting: n + slots.filter((slot) => slot.here).length,
    }
    return [{ ...one, ...dueOf(one, now) }]
  })
}

/** Cannot wait: ill, silent, or kept in beyond the days. */
export function isPressing({ why, standing: { phase } }: Pick<Watched, 'why' | 'standing'>): boolean {
  return why === 'care' || why === 'missed' || why === 'back' || (why === 'release' && phase !== 'last_day')
}

function rankOf(one: Watched): number {
  return one.why === 'release' && isPressing(one) ? RELEASE_LATE : RANK[one.why]
}

export function byDue(a: Watched, b: Watched): number {
  return (
    rankOf(a) - rankOf(b) ||
    (a.at?.getTime() ?? Infinity) - (b.at?.getTime() ?? Infinity) ||
    a.reference.localeCompare(b.reference)
  )
}

export type WatchedDoor = { id: string; householdId: string | null; people: Watched[] }

/** Door after door, the most pressing first; who stays at no known door stands alone. */
export function doorsWatched(list: readonly Watched[]): WatchedDoor[] {
  const doors = new Map<string, WatchedDoor>()
  for (const one of list.toSorted(byDue)) {
    const id = one.householdId ?? one.id
    const door = doors.get(id) ?? { id, householdId: one.householdId, people: [] }
    door.people.push(one)
    doors.set(id, door)
  }
  return [...doors.values()]
}

/** Something has to be done now: everything but `none`. */
export function isDue(one: Watched): boolean {
  return one.why !== 'none'
}
