import { z } from 'zod'
import { Organised } from '../areas/api.ts'
import { AREA_PATTERN } from '../areas/code.ts'
import { isDay } from '../core/day.ts'
import { PageQuery, pageOf } from '../core/page.ts'

/**
 * Wire shapes of mediation: disputes that outbreak control brought about, settled at the grid. There is no field for anybody's
 * opinion, belief, petition or "stability", and none may be added (design, "Lines we do not cross").
 */
const Area = z.string().regex(AREA_PATTERN)
const DayText = z.string().refine(isDay)
const SayText = z.object({ zh: z.string(), en: z.string() })
const Instant = z.iso.datetime({ offset: true })
const Id = z.uuid()
const Words = z.string().trim().min(1).max(1000)
const Purpose = z.string().trim().min(2).max(200)

/** MED-1: what a dispute may be about. Closed: what is about something else does not belong here. */
export const DISPUTE_KINDS = ['access', 'charges', 'rent', 'fear', 'discrimination', 'other'] as const
export const DisputeKind = z.enum(DISPUTE_KINDS)
export type DisputeKind = z.infer<typeof DisputeKind>

/** MED-2: where a dispute stands. */
export const DISPUTE_STATES = ['open', 'mediating', 'agreed', 'not_agreed', 'passed_up', 'closed'] as const
export const DisputeStateName = z.enum(DISPUTE_STATES)
export type DisputeStateName = z.infer<typeof DisputeStateName>

/** How a round of talking ended: agreed, to be held again, not agreed. */
export const RESULTS = ['agreed', 'again', 'not_agreed'] as const
export const MediationResult = z.enum(RESULTS)
export type MediationResult = z.infer<typeof MediationResult>

/** What the dispute came to in the end; it is counted. */
export const CLOSINGS = ['kept', 'settled_otherwise', 'to_court', 'withdrawn', 'twice'] as const
export const Closing = z.enum(CLOSINGS)
export type Closing = z.infer<typeof Closing>

export const MEDIATION_STEPS = [
  'take',
  'mediated',
  'pass_up',
  'followed_up',
  'close',
  'reopen',
  'give_access',
  'end_access',
] as const
export const MediationStep = z.enum(MEDIATION_STEPS)
export type MediationStep = z.infer<typeof MediationStep>

/** One side. All of it is sealed. */
export const Party = z.strictObject({
  name: z.string().trim().min(1).max(100),
  phone: z.string().trim().max(40).optional(),
  /** Tenant, neighbour, property company, shop …: as they were called. */
  role: z.string().trim().max(40).optional(),
  personId: Id.optional(),
  householdId: Id.optional(),
})
export type Party = z.infer<typeof Party>

/** POST /api/mediations, push kind `mediation.open`. Whoever records it is its mediator until somebody takes it. */
export const OpenDispute = z.strictObject({
  id: Id,
  kind: DisputeKind,
  /** The grid, or a door in it. */
  area: Area.optional(),
  householdId: Id.optional(),
  parties: z.array(Party).max(10).default([]),
  words: Words.optional(),
  /** What was held already when it is recorded. */
  held: z.strictObject({ result: MediationResult, followUp: DayText.optional(), agreed: Words.optional() }).optional(),
  occurredAt: Instant.optional(),
})
export type OpenDispute = z.infer<typeof OpenDispute>
export const OpenedDispute = z.object({
  id: Id,
  area: z.string(),
  state: DisputeStateName,
  followUp: z.string().nullable(),
  version: z.number().int(),
})
export type OpenedDispute = z.infer<typeof OpenedDispute>

/** POST /api/mediations/:id/step, push kind `mediation.step`. */
export const StepDispute = z.strictObject({
  id: Id,
  step: MediationStep,
  /** mediated */
  result: MediationResult.optional(),
  /** mediated, followed_up: when it is looked at again. */
  followUp: DayText.optional(),
  /** followed_up: what was agreed is kept. */
  holds: z.boolean().optional(),
  /** close */
  closing: Closing.optional(),
  /** give_access, end_access: to whom, by name. */
  account: Id.optional(),
  /** What was agreed, why it is passed up or opened again; sealed beside the event. */
  words: Words.optional(),
  occurredAt: Instant.optional(),
})
export type StepDispute = z.infer<typeof StepDispute>

const Person = z.object({ id: Id, name: z.string() })

/**
 * One row of a list. For whoever has no access (`hidden`) it is a stub: the figure is the same, and nobody can tell from it who
 * quarrels with whom, at which door, or who speaks with them (MED-3).
 */
export const DisputeRow = z.object({
  id: Id,
  hidden: z.boolean(),
  area: z.string(),
  areaName: z.string(),
  kind: DisputeKind,
  state: DisputeStateName,
  openedDay: z.string(),
  closedDay: z.string().nullable(),
  followUp: z.string().nullable(),
  late: z.boolean(),
  mediator: Person.nullable(),
  door: z.string().nullable(),
  parties: z.number().int().nullable(),
  sessions: z.number().int().nullable(),
  version: z.number().int(),
})
export type DisputeRow = z.infer<typeof DisputeRow>

/** GET /api/mediations: `open`, `follow_up` (its day has come) and `late` (nothing for 24 h, or the day is over) are of now; `opened` and `closed` of a span. */
export const DISPUTE_LISTS = ['open', 'late', 'follow_up', 'opened', 'closed'] as const
export const DisputeList = z.enum(DISPUTE_LISTS)
export type DisputeList = z.infer<typeof DisputeList>
export const ListDisputes = PageQuery.extend({
  list: DisputeList.default('open'),
  area: Area.optional(),
  kind: DisputeKind.optional(),
  from: DayText.optional(),
  to: DayText.optional(),
  own: z.stringbool().optional(),
  organised: Organised.optional(),
}).strict()
export type ListDisputes = z.infer<typeof ListDisputes>
export const DisputePage = pageOf(DisputeRow).extend({ asOf: Instant })

/** GET /api/mediations/mine: of whose disputes I am the mediator or was given access. */
export const ListMyDisputes = PageQuery.extend({ state: z.enum(['open', 'closed']).default('open') }).strict()
export type ListMyDisputes = z.infer<typeof ListMyDisputes>

export const GetDispute = z.strictObject({ id: Id })
export const DisputeDetail = DisputeRow.extend({
  householdId: Id.nullable(),
  /** The desk that it lies with: the nearest at or above the grid where somebody sits, or the one it was passed up to. */
  desk: z.object({ code: z.string(), name: z.string() }),
  closing: Closing.nullable(),
  hasWords: z.boolean(),
  recordedBy: Person.nullable(),
  visitId: Id.nullable(),
  access: z.array(Person),
  history: z.array(
    z.object({
      n: z.number().int(),
      kind: z.string(),
      by: z.object({ id: Id.nullable(), name: z.string() }),
      recordedAt: Instant,
      occurredAt: Instant,
      body: z.record(z.string(), z.unknown()),
      hasText: z.boolean(),
    }),
  ),
  people: z.record(z.string(), z.string()),
  steps: z.array(
    z.object({ step: MediationStep, ok: z.boolean(), why: SayText.nullable(), rule: z.string().nullable() }),
  ),
})
export type DisputeDetail = z.infer<typeof DisputeDetail>

/** POST /api/mediations/:id/read: parties and every text, for a purpose that the audit keeps. */
export const ReadDispute = z.strictObject({ id: Id, purpose: Purpose })
export const ReadOut = z.object({
  id: Id,
  words: z.string().nullable(),
  parties: z.array(
    z.object({
      name: z.string(),
      phone: z.string().nullable(),
      role: z.string().nullable(),
      personId: Id.nullable(),
      householdId: Id.nullable(),
    }),
  ),
  texts: z.array(z.object({ n: z.number().int(), text: z.string() })),
})
export type ReadOut = z.infer<typeof ReadOut>

/** GET /api/mediations/:id/colleagues: to whom access may be given: the people of the desks around and the workers of the grid. */
export const Colleagues = z.object({ items: z.array(Person.extend({ area: z.string() })) })

/** GET /api/mediations/kinds: the figures by kind. */
export const AskDisputeKinds = z.strictObject({
  area: Area.optional(),
  from: DayText.optional(),
  to: DayText.optional(),
})
export type AskDisputeKinds = z.infer<typeof AskDisputeKinds>
export const DisputeKinds = z.object({
  asOf: Instant,
  items: z.array(
    z.object({
      kind: DisputeKind,
      say: SayText,
      opened: z.number().int(),
      closed: z.number().int(),
      open: z.number().int(),
      late: z.number().int(),
    }),
  ),
})
