import { z } from 'zod'
import { AREA_PATTERN } from '../areas/code.ts'
import { isDay } from '../core/day.ts'
import { pageOf, PageQuery } from '../core/page.ts'
import { PROTOCOL_MIN } from './api.ts'
import type { Order, Push } from './api.ts'

/** Workers' phones: which there are, how their syncs go, and what becomes of a lost one (SYNC-16, SYNC-18). */
const Area = z.string().regex(AREA_PATTERN)
const Instant = z.iso.datetime({ offset: true })
const DayText = z.string().refine(isDay)

/** What each request of a phone says of it. */
export type Contact = Pick<
  Push,
  'account' | 'device' | 'protocol' | 'app' | 'clock' | 'waiting' | 'refused' | 'oldest' | 'restoredAt'
>

/** Requests further apart than this are two runs of syncing. */
export const RUN_MINUTES = 10

export type PhoneStanding = { lost: boolean; account: string; sessionLive: boolean }

/**
 * What a phone is told (SYNC-16). One that is lost, or whose account was closed, hands in what is sealed on it and is then told
 * to destroy its key; until then, and when its session is over, it shows nothing.
 * @param waiting how many items still lie on the phone
 */
export function orderFor(standing: PhoneStanding, waiting: number): Order {
  if (standing.lost || standing.account === 'closed') return waiting === 0 ? 'clear' : 'lock'
  return standing.sessionLive && standing.account === 'active' ? 'none' : 'lock'
}

export const PHONE_STATES = ['active', 'lost', 'cleared'] as const
export const PhoneState = z.enum(PHONE_STATES)

export const PhoneRow = z.object({
  device: z.uuid(),
  account: z.object({ id: z.uuid(), name: z.string() }),
  area: z.string(),
  areaName: z.string(),
  name: z.string(),
  app: z.string(),
  protocol: z.number().int(),
  /** Older than this server syncs with; it can still hand in (SYNC-18). */
  tooOld: z.boolean(),
  state: PhoneState,
  registeredAt: Instant,
  contactAt: Instant,
  /** When it last held everything; null: never. */
  syncedAt: Instant.nullable(),
  waiting: z.number().int(),
  refused: z.number().int(),
  oldestAt: Instant.nullable(),
  /** Milliseconds by which its clock is ahead. */
  clockAhead: z.number().int(),
  lostAt: Instant.nullable(),
  lostBy: z.string().nullable(),
  clearToldAt: Instant.nullable(),
  clearedAt: Instant.nullable(),
})
export type PhoneRow = z.infer<typeof PhoneRow>

export function isTooOld(protocol: number): boolean {
  return protocol < PROTOCOL_MIN
}

/** What a list of phones is narrowed to. */
export const PHONE_FILTERS = ['all', 'waiting', 'refused', 'lost', 'old'] as const

/** GET /api/sync/phones: in the reader's scope, by the last contact, newest first. */
export const ListPhones = PageQuery.extend({
  area: Area.optional(),
  only: z.enum(PHONE_FILTERS).default('all'),
  /** Only those that have not been in contact since this day began. */
  silentSince: DayText.optional(),
}).strict()
export type ListPhones = z.infer<typeof ListPhones>
export const PhonePage = pageOf(PhoneRow)

/** GET /api/sync/unsynced: workers who have duty today and whose phones did not get everything since a day began (case 6). */
export const ListUnsynced = PageQuery.extend({ area: Area.optional(), since: DayText }).strict()
export type ListUnsynced = z.infer<typeof ListUnsynced>
export const UnsyncedRow = z.object({
  account: z.object({ id: z.uuid(), name: z.string() }),
  area: z.string(),
  areaName: z.string(),
  phones: z.number().int(),
  syncedAt: Instant.nullable(),
  contactAt: Instant.nullable(),
  /** Runs since that day that did not end. */
  tries: z.number().int(),
  /** Milliseconds and bytes of the longest of them. */
  longestMs: z.number().int(),
  bytes: z.number().int(),
})
export type UnsyncedRow = z.infer<typeof UnsyncedRow>
export const UnsyncedPage = pageOf(UnsyncedRow)

/** GET /api/sync/phones/mine: the phones of who asks. */
export const MyPhones = z.strictObject({})
export const MyPhone = PhoneRow.extend({ thisOne: z.boolean() })
export const MyPhonesAnswer = z.object({ items: z.array(MyPhone) })
export type MyPhonesAnswer = z.infer<typeof MyPhonesAnswer>

/** POST /api/sync/phones/:device/lost, by its worker from elsewhere or by a centre; `account` is whose phone it was. */
export const ReportLost = z.strictObject({
  device: z.uuid(),
  account: z.uuid(),
  reason: z.string().trim().min(2).max(200),
})
/** POST /api/sync/phones/:device/found: as long as it has not been cleared. */
export const ReportFound = z.strictObject({ device: z.uuid(), account: z.uuid() })

/** GET /api/sync/phones/:device/tries: the last runs of one phone. */
export const ListTries = PageQuery.extend({ device: z.uuid(), account: z.uuid() }).strict()
export type ListTries = z.infer<typeof ListTries>
export const TryRow = z.object({
  startedAt: Instant,
  ms: z.number().int(),
  requests: z.number().int(),
  bytes: z.number().int(),
  items: z.number().int(),
  /** aborted: it never ended. */
  outcome: z.enum(['running', 'done', 'failed', 'aborted']),
})
export type TryRow = z.infer<typeof TryRow>
export const TryPage = pageOf(TryRow)

/** How a run stands now: without an end it is still going on, or was broken off. */
export function runOutcome(run: { outcome: string | null; lastAt: Date }, now: Date): TryRow['outcome'] {
  if (run.outcome === 'done' || run.outcome === 'failed') return run.outcome
  return now.getTime() - run.lastAt.getTime() < RUN_MINUTES * 60_000 ? 'running' : 'aborted'
}

/** POST /api/sync/cleared, with the phone's secret: the key is destroyed; the secret ends. */
export const Cleared = z.object({ device: z.uuid() })
