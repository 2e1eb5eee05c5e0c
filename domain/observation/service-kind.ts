import { addDays, dayOf, instantOf } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import { say } from '../core/say.ts'
import type { Say } from '../core/say.ts'
import { dueAt, outOfQuietHours } from '../tasks/due.ts'
import { SERVICE_KINDS } from './service-api.ts'
import type { EndReason, ReceivedBy, ServiceKind, Urgency } from './service-api.ts'

/**
 * SERV-3: how soon each kind has to be there, as data. `hours` stand still from 20:00 to 08:00 unless they run at night; `by` is
 * the next local hour of day, for what is done on a walk. Hours of a place that wants others are another row, not other code.
 */
type Within = { hours: number; nights: boolean } | { by: number }
type Promise = { usual: Within; urgent: Within; say: Say; icon: string }

const hours = (n: number, nights = false): Within => ({ hours: n, nights })

export const PROMISES: Readonly<Record<ServiceKind, Promise>> = {
  food: { usual: hours(4), urgent: hours(2), say: say('生活物资', 'Food'), icon: '米' },
  medicine: { usual: hours(4), urgent: hours(1, true), say: say('药品', 'Medicine'), icon: '药' },
  rubbish: { usual: { by: 17 }, urgent: hours(4), say: say('收垃圾', 'Rubbish'), icon: '桶' },
  parcel: { usual: { by: 20 }, urgent: hours(4), say: say('快递', 'Parcel'), icon: '递' },
  medical: { usual: hours(0.5, true), urgent: hours(0.5, true), say: say('就医', 'Medical care'), icon: '医' },
  psychological: { usual: hours(12), urgent: hours(2, true), say: say('心理疏导', 'Somebody to talk to'), icon: '谈' },
  care: { usual: hours(4), urgent: hours(1, true), say: say('照料老人孩子', 'Care of the old or young'), icon: '护' },
  school: { usual: hours(24), urgent: hours(12), say: say('学习', 'School'), icon: '学' },
  other: { usual: hours(12), urgent: hours(4), say: say('其他', 'Other'), icon: '他' },
}

export const URGENCY_SAY: Readonly<Record<Urgency, Say>> = {
  urgent: say('急', 'Urgent'),
  usual: say('一般', 'Usual'),
  round: say('次日集中配送', 'Next day’s round'),
}
export const URGENCY_RANK: Readonly<Record<Urgency, number>> = { urgent: 1, usual: 2, round: 3 }

export const END_SAY: Readonly<Record<EndReason, Say>> = {
  not_needed: say('不再需要', 'No longer needed'),
  twice: say('重复', 'Asked for twice'),
  not_possible: say('无法提供', 'Cannot be given'),
  not_ours: say('不属服务范围', 'Not a service'),
  moved_away: say('已搬离', 'Moved away'),
  other: say('其他', 'Other'),
}

export const RECEIVED_SAY: Readonly<Record<ReceivedBy, Say>> = {
  self: say('本人', 'The person'),
  family: say('同住家人', 'The family'),
  neighbour: say('邻居', 'A neighbour'),
  other: say('其他', 'Somebody else'),
}

/** The round: ordered until the end of the day before, delivered once. */
export const ROUND_HOUR = 16
export function roundDayOf(asked: Date, zone: string): Day {
  return addDays(dayOf(asked, zone), 1)
}

function nextHour(start: Date, hour: number, zone: string): Date {
  const today = dayOf(start, zone)
  const at = instantOf(today, zone, hour)
  return at > start ? at : instantOf(addDays(today, 1), zone, hour)
}

function promised(start: Date, within: Within, zone: string): Date {
  if ('by' in within) return nextHour(start, within.by, zone)
  return dueAt(start, within.hours, within.nights ? 'red' : 'yellow', zone)
}

/** The shares of the time at which it is told to whoever is on shift, higher each time (SERV-9). */
const SHARES = [1, 1.5, 2]

export type ServiceTimes = { dueBy: string; steps: string[]; nextOffer: string; roundDay: Day | null }

/**
 * SERV-3, SERV-4: until when, and from when on it is offered. A window that was asked for counts before the promise; a window
 * whose end is past does not. Not urgent: nobody is asked at night.
 */
export function timesOf(
  ask: { kind: ServiceKind; urgency: Urgency; windowTo: string | null },
  asked: Date,
  zone: string,
): ServiceTimes {
  const roundDay = ask.urgency === 'round' ? roundDayOf(asked, zone) : null
  const due = dueOf(ask, asked, roundDay, zone)
  const span = Math.max(due.getTime() - asked.getTime(), 60_000)
  const awake = ask.urgency === 'urgent' || nightly(ask.kind)
  return {
    dueBy: due.toISOString(),
    steps: SHARES.map((share) => quiet(new Date(asked.getTime() + share * span), awake, zone).toISOString()),
    nextOffer: quiet(asked, awake, zone).toISOString(),
    roundDay,
  }
}

function dueOf(
  ask: { kind: ServiceKind; urgency: Urgency; windowTo: string | null },
  asked: Date,
  roundDay: Day | null,
  zone: string,
): Date {
  const to = ask.windowTo === null ? null : new Date(ask.windowTo)
  if (to !== null && to > asked) return to
  if (roundDay !== null) return instantOf(roundDay, zone, ROUND_HOUR)
  return promised(asked, PROMISES[ask.kind][ask.urgency === 'urgent' ? 'urgent' : 'usual'], zone)
}

/** What is promised at night may wake somebody at night. */
function nightly(kind: ServiceKind): boolean {
  const { usual } = PROMISES[kind]
  return 'nights' in usual && usual.nights
}

function quiet(at: Date, awake: boolean, zone: string): Date {
  return awake ? at : outOfQuietHours(at, zone)
}

/** How long an offer waits for its answer before the next is asked. */
export function offerEnds(urgency: Urgency, now: Date): Date {
  return new Date(now.getTime() + (urgency === 'urgent' ? 10 : 30) * 60_000)
}

export function isServiceKind(text: string): text is ServiceKind {
  return SERVICE_KINDS.some((kind) => kind === text)
}
