import { z } from 'zod'
import { PageQuery, pageOf } from '../core/page.ts'
import { Standing } from './api.ts'
import { ObservationStateName } from './fold.ts'
import { Measure } from './measure.ts'
import { Outing, OutingAsked, OutingPurpose } from './outing.ts'
import { WayIn } from './reading.ts'
import { EndReason, ServiceCard, ServiceKind, Urgency } from './service-api.ts'
import { Part } from './slots.ts'

/**
 * Wire shapes of the resident's own page: what somebody is told of the own days, of whoever the own number answers for, and of
 * nobody else (READ-17). Names are masked here too: the page may be looked at over a shoulder, the papers carry them in full.
 */
const Id = z.uuid()
const Instant = z.iso.datetime({ offset: true })
const SayText = z.object({ zh: z.string(), en: z.string() })
const Words = z.string().trim().min(1).max(500)

/** GET /api/my/observations: open ones, and ended ones until their file is deleted. */
export const AskMine = z.strictObject({})
export const MyObservation = z.object({
  id: Id,
  county: z.string(),
  /** This person's own; otherwise somebody's for whom this account answers. */
  self: z.boolean(),
  masked: z.string(),
  measure: Measure,
  measureName: SayText,
  /** Who may go out, who reports, what ends it: the rule in words (OBS-2). */
  out: SayText,
  reports: SayText,
  ends: SayText,
  state: ObservationStateName,
  stateName: SayText,
  startDay: z.string(),
  endDay: z.string().nullable(),
  standing: Standing,
  reference: z.string(),
  noticed: z.boolean(),
  /** A commitment is on record, or the measure asks for none. */
  agreed: z.boolean(),
  mayAgree: z.boolean(),
  objection: z.object({ answered: z.string().nullable() }).nullable(),
  mayObject: z.boolean(),
  /** OBS-27: what has been agreed to and is not long over, what was asked for, what may be asked for, and why the last was not agreed to. */
  outings: z.array(Outing),
  outingAsked: OutingAsked.nullable(),
  outingFor: z.array(OutingPurpose),
  outingRefused: z.object({ reason: z.string(), on: z.string() }).nullable(),
  released: z.boolean(),
  endedAt: Instant.nullable(),
  /** The day on which the file of an ended one is deleted. */
  deletedOn: z.string().nullable(),
})
export type MyObservation = z.infer<typeof MyObservation>
export const MyObservations = z.object({ items: z.array(MyObservation), asOf: Instant })
export type MyObservations = z.infer<typeof MyObservations>

/** GET /api/my/observations/:id/people: who is there for this door today, each with a number to call. */
export const MyOne = z.strictObject({ id: Id })
export const MyPeople = z.object({
  people: z.array(z.object({ role: z.string(), name: z.string(), phone: z.string().nullable() })),
  /** Where an objection goes, and whom to call when nobody above answers. */
  desk: z.object({ name: z.string(), phone: z.string().nullable() }),
})
export type MyPeople = z.infer<typeof MyPeople>

/** GET /api/my/observations/:id/readings: what was reported of this person, by whomever, newest first. */
export const MyPast = PageQuery.extend({ id: Id }).strict()
export const MyPastReadings = pageOf(
  z.object({
    id: Id,
    day: z.string(),
    part: Part,
    how: WayIn,
    /** Tenths of a degree; null when it could not be taken. */
    temperature: z.number().int().nullable(),
    symptoms: z.array(z.string()),
    takenAt: Instant,
    /** Another one corrects it. */
    corrected: z.boolean(),
  }),
)
export type MyPastReadings = z.infer<typeof MyPastReadings>

/** POST /api/my/observations/:id/answer: what the desk answered to the objection; the words are opened for whoever made it (OBS-21). */
export const MyAnswer = z.object({ outcome: z.string().nullable(), words: z.string().nullable() })
export type MyAnswer = z.infer<typeof MyAnswer>

const Strokes = z
  .array(z.array(z.int().min(0).max(1000)).min(2).max(2000))
  .min(1)
  .max(60)
/** POST /api/my/observations/:id/agree: the commitment, signed on the own phone (OBS-10). */
export const Agree = z.strictObject({ id: Id, strokes: Strokes })
/** POST /api/my/observations/:id/object: what is wrong, in words; the desk above answers (OBS-21). */
export const ObjectTo = z.strictObject({ id: Id, words: Words })
/** POST /api/my/observations/:id/outing: to go out for need; the community answers (OBS-27). */
export const AskOuting = z.strictObject({
  id: Id,
  purpose: OutingPurpose,
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  words: Words.optional(),
})
/** POST /api/my/observations/:id/outing/over: back home, or not needed any more. */
export const MyStep = z.object({ id: Id, state: ObservationStateName })
export type MyStep = z.infer<typeof MyStep>

/** POST /api/my/services: help for oneself or for whom one answers; brought to where they stay. */
export const AskForMe = z.strictObject({
  id: Id,
  observationId: Id,
  kind: ServiceKind,
  urgency: Urgency.default('usual'),
  /** When somebody is there to take it. */
  window: z.strictObject({ from: Instant, to: Instant }).optional(),
  words: Words.optional(),
})
/** GET /api/my/services: newest first, at most fifty of the last thirty days. */
export const MyService = z.object({
  id: Id,
  observationId: Id.nullable(),
  masked: z.string(),
  kind: ServiceKind,
  kindName: SayText,
  urgency: Urgency,
  state: ServiceCard.shape.state,
  askedAt: Instant,
  windowFrom: Instant.nullable(),
  dueBy: Instant,
  late: z.boolean(),
  by: z.string().nullable(),
  /** Read out to whoever brings it, and to nobody before (SERV-7); only while it is on its way. */
  code: z.string().nullable(),
  rating: z.number().int().nullable(),
  may: z.array(z.enum(['done', 'not_received', 'rate', 'cancel'])),
})
export type MyService = z.infer<typeof MyService>
export const MyServices = z.object({ items: z.array(MyService), asOf: Instant })
export type MyServices = z.infer<typeof MyServices>
/** POST /api/my/services/:id/step */
export const StepMyService = z.strictObject({
  id: Id,
  step: z.enum(['done', 'not_received', 'rate', 'cancel']),
  rating: z.number().int().min(1).max(5).optional(),
  reason: EndReason.optional(),
})
