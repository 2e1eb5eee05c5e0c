import { z } from 'zod'
import { Organised } from '../areas/api.ts'
import { AREA_PATTERN } from '../areas/code.ts'
import { isDay } from '../core/day.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { Measure } from './measure.ts'
import { CallOutcome, Contact, Mood, Need, Temperature, WayIn } from './reading.ts'
import { How, isZone, Part, ReadingPlan, SlotState } from './slots.ts'

/** Wire shapes of readings: what the resident, the link, the desk and the worker's phone send and get. Answers are whitelists. */
const Area = z.string().regex(AREA_PATTERN)
const County = z.string().regex(/^\d{6}$/)
const DayText = z.string().refine(isDay)
const Instant = z.iso.datetime({ offset: true })
const Id = z.uuid()
const Zone = z.string().refine(isZone, { message: 'unknown time zone' })

const SlotName = z.strictObject({ day: DayText, part: Part })

/** What is said of one person. `temperature` in tenths of a degree, null when it could not be taken. */
const Words = {
  temperature: Temperature.nullable(),
  /** Codes of domain/observation/reading.ts SYMPTOMS; what this version does not know is kept as it came. */
  symptoms: z.array(z.string().min(1).max(40)).max(30).default([]),
  mood: Mood.nullable().default(null),
  needs: z.array(Need).max(20).default([]),
  note: z.string().trim().max(500).optional(),
  /** READ-3: an unlikely temperature (below 35.5, from 39.0) was asked about and confirmed. */
  confirmed: z.boolean().default(false),
}

/** One person's reading. `id` is made by whoever types it (UUIDv7), so that a repeat changes nothing. */
export const ReadingItem = z.strictObject({
  id: Id,
  county: County,
  observationId: Id,
  /** READ-4: the slot it belongs to, when it is said (yesterday evening, told by telephone); otherwise by when it was taken. */
  slot: SlotName.optional(),
  ...Words,
  /** The reading that this one corrects. Both are kept. */
  supersedes: Id.optional(),
})
export type ReadingItem = z.infer<typeof ReadingItem>

/** POST /api/readings and the phone's item `reading.file`: by telephone or at the door, for several persons at once. */
export const FileReadings = z.strictObject({
  how: z.enum(['phone', 'door']),
  /** When it was taken, by the phone's corrected clock. */
  occurredAt: Instant,
  items: z.array(ReadingItem).min(1).max(20),
})
export type FileReadings = z.infer<typeof FileReadings>

/** POST /api/my/readings: by the resident, for himself and for whom he answers. */
export const FileMyReadings = z.strictObject({
  occurredAt: Instant.optional(),
  items: z.array(ReadingItem).min(1).max(20),
})
export type FileMyReadings = z.infer<typeof FileMyReadings>

export const FiledReading = z.object({
  id: z.string(),
  observationId: z.string(),
  slot: z.object({ day: z.string(), part: Part }),
  state: SlotState,
  /** READ-6: what the person should be told at once, null when there is nothing. */
  alarm: z.object({ fever: z.boolean(), symptoms: z.array(z.string()) }).nullable(),
  /** The welfare task or call that this reading ended. */
  ended: z.object({ callId: z.string().nullable(), taskId: z.string().nullable() }).nullable(),
  recordedAt: Instant,
})
export const FiledReadings = z.object({ items: z.array(FiledReading), recordedAt: Instant })
export type FiledReadings = z.infer<typeof FiledReadings>

export const ReadingView = z.object({
  id: z.string(),
  slot: z.object({ day: z.string(), part: Part }),
  how: WayIn,
  temperature: z.number().nullable(),
  symptoms: z.array(z.string()),
  mood: Mood.nullable(),
  needs: z.array(z.string()),
  /** There are words with it; they are opened one reading at a time. */
  hasNote: z.boolean(),
  fever: z.boolean(),
  alarm: z.boolean(),
  confirmed: z.boolean(),
  occurredAt: Instant,
  recordedAt: Instant,
  by: z.object({ id: z.string(), name: z.string() }).nullable(),
  supersedes: z.string().nullable(),
  supersededBy: z.string().nullable(),
})
export type ReadingView = z.infer<typeof ReadingView>

/** A slot at the moment of the answer. Screens may compute `state` again by slots.ts when time goes on. */
export const SlotView = z.object({
  day: z.string(),
  part: Part,
  opensAt: Instant,
  dueAt: Instant,
  closesAt: Instant,
  state: SlotState,
  reading: ReadingView.nullable(),
})
export type SlotView = z.infer<typeof SlotView>

/** GET /api/my/readings: everybody for whom this account's telephone answers and who is observed now. */
export const MyReadings = z.object({
  items: z.array(
    z.object({
      county: z.string(),
      observationId: z.string(),
      personId: z.string(),
      masked: z.string(),
      /** "the n-th of mine", as the messages say it instead of a name. */
      ordinal: z.number().int(),
      /** The account's own observation, or somebody's for whom it answers. */
      self: z.boolean(),
      measure: Measure,
      startDay: z.string(),
      endDay: z.string().nullable(),
      day: z.number().int().nullable(),
      of: z.number().int().nullable(),
      zone: z.string(),
      contact: Contact,
      /** Today's slots in the person's own zone, in order; then those of earlier days that the rules still take (READ-4), the latest first. */
      slots: z.array(SlotView),
      earlier: z.array(SlotView),
    }),
  ),
  asOf: Instant,
})
export type MyReadings = z.infer<typeof MyReadings>

/** POST /api/my/readings/contact: sms or voice; at the door is decided by the desk. */
export const SetMyContact = z.strictObject({ county: County, observationId: Id, contact: z.enum(['sms', 'voice']) })

// ---- The link of a message: no log-in, no name ------------------------------------------------------------------------------

export const Token = z.string().regex(/^[A-Za-z0-9_-]{22}$/)

/** POST /api/readings/link/look. The token travels in the body, never in an address that is logged. */
export const LookLink = z.strictObject({ token: Token })
/** Nothing here says who it is: the page shows "the n-th person", the slot and the clock. */
export const LinkPage = z.object({
  ordinal: z.number().int(),
  day: z.string(),
  part: Part,
  dueAt: Instant,
  closesAt: Instant,
  /** Somebody has reported already: by this link, in the app or by telephone. */
  answered: z.boolean(),
})
export type LinkPage = z.infer<typeof LinkPage>

/** POST /api/readings/link/file */
export const FileByLink = z.strictObject({ token: Token, id: Id, ...Words })
export type FileByLink = z.infer<typeof FileByLink>
export const FiledByLink = z.object({
  state: SlotState,
  alarm: z.object({ fever: z.boolean(), symptoms: z.array(z.string()) }).nullable(),
  recordedAt: Instant,
})
export type FiledByLink = z.infer<typeof FiledByLink>

/** POST /api/readings/link/stop: no more messages to the number that this link went to. */
export const StopByLink = z.strictObject({ token: Token })
export const Stopped = z.object({ stopped: z.literal(true) })

// ---- The desk, the team and the worker --------------------------------------------------------------------------------------

/** GET /api/observations/:id/readings: newest first. */
export const ListReadings = PageQuery.extend({ id: Id })
export const ReadingPage = pageOf(ReadingView).extend({
  /** How the person is reached, where they are, and the slots of today and of the two days before. */
  contact: Contact,
  zone: z.string(),
  missed: z.number().int(),
  slots: z.array(SlotView),
  /** READ-18: false when the reader's role sees that a reading came and not what it says; values are blank then. */
  values: z.boolean(),
})

/** POST /api/readings/open: the words of one reading, for a purpose that the trail keeps. */
export const OpenReading = z.strictObject({ county: County, id: Id, purpose: z.string().trim().min(2).max(200) })
export const OpenedReading = z.object({ id: z.string(), note: z.string().nullable() })

/** GET /api/readings/slots: what the figures count. */
export const ListSlots = PageQuery.extend({
  area: Area.optional(),
  own: z.stringbool().optional(),
  organised: Organised.optional(),
  state: z.enum(['on_time', 'late', 'missed']).optional(),
  from: DayText.optional(),
  to: DayText.optional(),
  observationId: Id.optional(),
})
export const SlotRow = z.object({
  county: z.string(),
  observationId: z.string(),
  masked: z.string(),
  area: z.string(),
  areaName: z.string(),
  day: z.string(),
  part: Part,
  dueAt: Instant,
  state: z.enum(['on_time', 'late', 'missed']),
  how: WayIn.nullable(),
  takenAt: Instant.nullable(),
})
export type SlotRow = z.infer<typeof SlotRow>
export const SlotPage = pageOf(SlotRow)

/** GET /api/readings/calls. due: to be made now; later: not before its time; done: ended on the days asked for. */
export const CALL_LISTS = ['due', 'open', 'door', 'done'] as const
export const ListCalls = PageQuery.extend({
  area: Area.optional(),
  own: z.stringbool().optional(),
  organised: Organised.optional(),
  list: z.enum(CALL_LISTS).default('due'),
  from: DayText.optional(),
  to: DayText.optional(),
})
export const CallView = z.object({
  id: z.string(),
  county: z.string(),
  observationId: z.string(),
  area: z.string(),
  areaName: z.string(),
  personId: z.string(),
  masked: z.string(),
  /** Who answers for the person, when somebody else does. */
  responder: z.object({ personId: z.string(), masked: z.string() }).nullable(),
  /** round: is called every day because messages do not reach; missed: nothing came by the deadline. */
  why: z.enum(['round', 'missed']),
  how: How,
  missed: z.number().int(),
  since: Instant.nullable(),
  openedAt: Instant,
  notBefore: Instant,
  tries: z.number().int(),
  lastOutcome: CallOutcome.nullable(),
  lastAt: Instant.nullable(),
  taskId: z.string().nullable(),
  /** answered: a reading came; reached: somebody spoke with them; ended: the observation ended. */
  closed: z.enum(['answered', 'reached', 'ended']).nullable(),
  closedAt: Instant.nullable(),
})
export type CallView = z.infer<typeof CallView>
export const CallPage = pageOf(CallView).extend({ asOf: Instant })

/** POST /api/readings/calls/number: whom to call, in clear, for this call; audited as an opening of the identity. */
export const OpenNumber = z.strictObject({ county: County, id: Id })
export const OpenedNumber = z.object({ name: z.string().nullable(), phone: z.string().nullable() })

/** POST /api/readings/calls/outcome. Readings given on the telephone come with it. */
export const CallDone = z.strictObject({
  county: County,
  id: Id,
  outcome: CallOutcome,
  occurredAt: Instant.optional(),
  readings: z.array(ReadingItem).max(20).default([]),
})
export type CallDone = z.infer<typeof CallDone>
export const CallAnswer = z.object({ call: CallView, readings: z.array(FiledReading) })

/** POST /api/readings/contact: how the person is reached, and the zone of somebody who is abroad (null: the deployment's). */
export const SetContact = z.strictObject({
  county: County,
  observationId: Id,
  contact: Contact,
  zone: Zone.nullable().optional(),
})
export const ContactSet = z.object({ observationId: z.string(), contact: Contact, zone: z.string() })

/** GET /api/readings/plan: the plan in force for an area, and where it was set (null: as delivered). */
export const AskPlan = z.strictObject({ area: Area.optional() })
export const PlanView = z.object({
  plan: ReadingPlan,
  area: z.string().nullable(),
  setBy: z.string().nullable(),
  setAt: Instant.nullable(),
  version: z.number().int(),
})
export type PlanView = z.infer<typeof PlanView>
/** POST /api/readings/plan */
export const SetPlan = z.strictObject({ area: Area, plan: ReadingPlan, version: z.number().int() })

/** GET /api/readings/messages: what became of messages; for the desk. */
export const MESSAGE_STATES = ['waiting', 'sent', 'dropped', 'voice', 'stopped', 'failed'] as const
export const MessageState = z.enum(MESSAGE_STATES)
export type MessageState = z.infer<typeof MessageState>
export const ListMessages = PageQuery.extend({
  area: Area.optional(),
  state: MessageState.optional(),
  personId: Id.optional(),
})
export const MessageRow = z.object({
  id: z.string(),
  /** Who answers: the person, or whoever does for a child or an elder. */
  personId: z.string(),
  area: z.string(),
  areaName: z.string(),
  masked: z.string(),
  day: z.string(),
  part: Part,
  state: MessageState,
  persons: z.number().int(),
  tries: z.number().int(),
  at: Instant,
  sentAt: Instant.nullable(),
})
export const MessagePage = pageOf(MessageRow)

/** POST /api/readings/stop: a number that asked for no more messages, noted by the desk. READ-15: applies to later enrolments too. */
export const StopNumber = z.strictObject({ phone: z.string().min(5).max(30), stop: z.boolean().default(true) })
export const StopAnswer = z.object({ stopped: z.boolean() })
/**
 * POST /api/readings/stop/ask: whether a number is among those. They are kept as keyed hashes alone, so nobody can list them; in a
 * body, so that no log holds the number.
 */
export const AskStop = z.strictObject({ phone: z.string().min(5).max(30) })
export const STOP_WAYS = ['reply', 'link', 'desk'] as const
export const StopStanding = z.object({
  stopped: z.boolean(),
  how: z.enum(STOP_WAYS).nullable(),
  at: Instant.nullable(),
})
export type StopStanding = z.infer<typeof StopStanding>

/**
 * In the phone's feed, kind `reading`, one for each observation (id: the observation's): the plan, where the person is, and what
 * has come for the last slots. The phone computes what is due by slots.ts (`slotsOfDay`, `slotState`) and needs no word of the
 * server for a day to begin or a deadline to pass.
 */
export const ReadingBody = z.looseObject({
  county: z.string(),
  observationId: z.string(),
  personId: z.string(),
  householdId: z.string().nullable(),
  masked: z.string(),
  contact: z.string(),
  zone: z.string(),
  firstDay: z.string(),
  lastDay: z.string(),
  fromAt: z.string(),
  endedAt: z.string().nullable(),
  plan: z.unknown(),
  /** Newest first, at most eight. */
  came: z.array(
    z.looseObject({
      day: z.string(),
      part: z.string(),
      takenAt: z.string(),
      recordedAt: z.string(),
      how: z.string(),
      temperature: z.number().nullable(),
      alarm: z.boolean(),
    }),
  ),
  /** What is being done about missed ones. */
  how: z.string().nullable(),
  taskId: z.string().nullable(),
  heardAt: z.string().nullable(),
})
export type ReadingBody = z.infer<typeof ReadingBody>
