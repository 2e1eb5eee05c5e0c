import { z } from 'zod'
import { AREA_PATTERN, contains } from '../areas/code.ts'
import type { AreaCode } from '../areas/code.ts'
import { addDays, dayOf } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import { pageOf, PageQuery } from '../core/page.ts'
import { ProblemOut } from './api.ts'

/**
 * Work that arrived and could not be filed by its worker (SYNC-13). It is kept for the supervisor of the place, who takes it in
 * as that worker's work or sets it aside with a reason; the worker sees it in either case.
 */
const Area = z.string().regex(AREA_PATTERN)
const Instant = z.iso.datetime({ offset: true })

/** How long after a duty ended its work is still taken in without being asked about: 30 days. */
export const LATE_DAYS = 30

/** A duty with both ends included; `cutAt` is when its end was set, `endedAt` when it was taken back on its first day. */
export type Cover = { area: AreaCode; from: Day; to: Day | null; endedAt: Date | null; cutAt: Date | null }

/**
 * SYNC-13: did this duty cover its area at that instant? An end is set for whole days ("yesterday was the last day"), so what was
 * done today before it was set still counts.
 */
export function coveredAt(duty: Cover, at: Date, zone: string): boolean {
  const day = dayOf(at, zone)
  if (duty.from > day || (duty.endedAt !== null && at >= duty.endedAt)) return false
  if (duty.to === null || day <= duty.to) return true
  return duty.cutAt !== null && at < duty.cutAt
}

/** Late work counts for LATE_DAYS after the duty; then somebody looks at it first. */
export function stillTaken(duty: Cover, today: Day, zone: string): boolean {
  const ends = [duty.to, duty.endedAt === null ? null : dayOf(duty.endedAt, zone)].filter((day) => day !== null)
  return ends.every((day) => addDays(day, LATE_DAYS) >= today)
}

/** Whether the account covered one of these places then, and not too long ago. */
export function hadCovered(
  duties: readonly Cover[],
  places: readonly AreaCode[],
  when: { at: Date; today: Day; zone: string },
): boolean {
  return duties.some(
    (duty) =>
      places.some((place) => contains(duty.area, place)) &&
      coveredAt(duty, when.at, when.zone) &&
      stillTaken(duty, when.today, when.zone),
  )
}

export const HANDOVER_STATES = ['waiting', 'taken', 'set_aside'] as const
export const HandoverState = z.enum(HANDOVER_STATES)
/**
 * not_mine: the place was not the worker's when it was done. no_role: the worker may not do it. unknown_kind: this server does not
 * know the kind yet. account_closed: the account was closed before it arrived. after_loss: made after the phone was reported
 * lost. server_fault: the server failed on it. asked: it was refused and the worker cannot mend it.
 */
export const HANDOVER_REASONS = [
  'not_mine',
  'no_role',
  'unknown_kind',
  'account_closed',
  'after_loss',
  'server_fault',
  'asked',
] as const
export const HandoverReason = z.enum(HANDOVER_REASONS)
export type HandoverReason = z.infer<typeof HandoverReason>

export const HandoverRow = z.object({
  id: z.uuid(),
  area: z.string(),
  areaName: z.string(),
  kind: z.string(),
  worker: z.object({ id: z.uuid(), name: z.string() }),
  madeAt: Instant,
  recordedAt: Instant,
  reason: HandoverReason,
  /** What the server answered when it was tried. */
  problem: ProblemOut.nullable(),
  state: HandoverState,
  /** This server can run the kind, so that it can be taken in. */
  known: z.boolean(),
  decidedBy: z.string().nullable(),
  decidedAt: Instant.nullable(),
})
export type HandoverRow = z.infer<typeof HandoverRow>

/** GET /api/sync/handovers: of the places in the reader's scope, newest first. */
export const ListHandovers = PageQuery.extend({
  area: Area.optional(),
  state: HandoverState.default('waiting'),
  worker: z.uuid().optional(),
}).strict()
export type ListHandovers = z.infer<typeof ListHandovers>
export const HandoverPage = pageOf(HandoverRow)

/** POST /api/sync/handovers/:id/open, for a purpose that the audit keeps. */
export const OpenHandover = z.strictObject({ id: z.uuid(), purpose: z.string().min(2).max(200) })
export const OpenedHandover = z.object({
  id: z.uuid(),
  kind: z.string(),
  madeAt: Instant,
  /** The item's body as the phone made it; null when it is gone (taken in, or its data key was destroyed). */
  body: z.record(z.string(), z.unknown()).nullable(),
  /** What the worker wrote beside it, when the worker asked for the supervisor. */
  asked: z.string().nullable(),
  note: z.string().nullable(),
})
export type OpenedHandover = z.infer<typeof OpenedHandover>

/** POST /api/sync/handovers/:id/take */
export const TakeHandover = z.strictObject({
  id: z.uuid(),
  /** Where to file it, when the area that the item names became several. */
  area: Area.optional(),
})
export const TakenHandover = z.object({ id: z.uuid(), state: HandoverState, answer: z.unknown() })
export type TakenHandover = z.infer<typeof TakenHandover>

/** POST /api/sync/handovers/:id/set-aside: the worker reads the reason. */
export const SetAsideHandover = z.strictObject({ id: z.uuid(), reason: z.string().trim().min(2).max(300) })

/** GET /api/sync/handovers/mine: the worker's own, newest first. */
/** `keys`: of these items alone, parted by commas, as a phone asks what became of what it handed in. */
export const ListMyHandovers = PageQuery.extend({
  state: HandoverState.optional(),
  keys: z
    .string()
    .max(4000)
    .transform((text) => text.split(','))
    .pipe(z.array(z.uuid()).max(100))
    .optional(),
}).strict()
export type ListMyHandovers = z.infer<typeof ListMyHandovers>
export const MyHandover = HandoverRow.extend({
  key: z.uuid(),
  note: z.string().nullable(),
  /** Whom to ask about it. */
  helper: z.object({ name: z.string(), phone: z.string() }).nullable(),
})
export type MyHandover = z.infer<typeof MyHandover>
export const MyHandoverPage = pageOf(MyHandover)
