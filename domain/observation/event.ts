import { z } from 'zod'
import { Length, Measure } from './measure.ts'
import { OutingAgreedBy, OutingPurpose, OutingWay } from './outing.ts'

/**
 * What happened to an observation, append-only (OBS-1). Bodies hold ids, days and closed words; what a person typed, and what
 * was signed, is sealed beside (OBS-24). `on` is the local day of recording, so that the fold and the counters need no zone.
 * Stored bodies are read by these schemas; a kind or body that is not known is skipped, never a fault (case 19).
 */
const on = z.string()
const text = z.string()
const word = z.string()

export const From = z.object({ county: text, id: text, area: text })
export type From = z.infer<typeof From>

/** Where the wish for an observation came from; ids of the thing when there is one. */
export const OPENED_FROM = ['task', 'visit', 'contact', 'return', 'hand', 'transfer'] as const

export const CARE_STAGES = [
  'doctor_called',
  'doctor_seen',
  'clinic_asked',
  'clinic_seen',
  'hospital_asked',
  'hospital_left',
  'hospital_arrived',
  'admitted',
  'returned',
] as const
export const CareStage = z.enum(CARE_STAGES)
export type CareStage = z.infer<typeof CareStage>

export const BREACH_STEPS = ['called', 'at_the_door', 'persuaded', 'police', 'incident'] as const

const envelope = { n: z.number().int(), area: text, by: text.nullable(), occurredAt: text, recordedAt: text }

function of<K extends string, B extends z.ZodRawShape>(kind: K, body: B) {
  return z.object({ kind: z.literal(kind), body: z.object({ on, ...body }), ...envelope })
}

const AnyEvent = z.discriminatedUnion('kind', [
  of('opened', {
    root: text,
    measure: Measure,
    reason: word,
    from: z.object({ kind: word, id: text.nullable() }),
    responsibleArea: text,
    personId: text,
    householdId: text.nullable(),
    groupId: text.nullable(),
    place: z.enum(['home', 'elsewhere', 'central']),
    responderPersonId: text.nullable(),
    /** Under age on the first day, as far as the register knows: somebody has to answer (OBS-28). */
    minor: z.boolean().optional(),
    exposureDay: text.nullable(),
    continuous: z.boolean(),
    startDay: text,
    endDay: text.nullable(),
    length: Length,
    rules: z.object({ id: text.nullable(), version: z.number().int() }),
    movedFrom: From.nullable(),
  }),
  /** Day 0 becomes known, or an exposure that went on has ended (OBS-4). */
  of('dated', { exposureDay: text, endDay: text }),
  of('suitability', {
    suitable: z.boolean(),
    wantsCentral: z.boolean(),
    room: z.boolean(),
    toilet: z.boolean(),
    coResidents: z.number().int(),
    elderly: z.number().int(),
    children: z.number().int(),
    pets: z.boolean(),
    medicines: z.boolean(),
  }),
  of('notified', { how: z.enum(['paper', 'screen', 'read']), objection: z.boolean() }),
  of('committed', {
    how: z.enum(['signed', 'paper', 'witness']),
    photoId: text.nullable(),
    paperId: text.nullable(),
    witnessed: z.boolean(),
  }),
  of('refused', { reason: word }),
  of('bound', { teamId: text }),
  of('unbound', { reason: word }),
  of('symptom', { codes: z.array(word), temperature: z.number().nullable(), readingId: text.nullable() }),
  of('symptom_over', {}),
  of('care', { stage: CareStage, at: text }),
  /** A reading did not come, and how the person was found when somebody asked (OBS-12). */
  of('missed', { slot: text }),
  /** The person has reported again by itself: the silence is over without anybody having asked (READ-11). */
  of('heard', { slot: text }),
  of('welfare', {
    how: z.enum(['phone', 'door', 'relative']),
    found: z.enum(['well', 'needs_help', 'unwell', 'not_there']),
    visitId: text.nullable(),
  }),
  of('breach', { what: z.enum(['left', 'visitors', 'co_resident_left', 'no_readings']) }),
  of('breach_step', { step: z.enum(BREACH_STEPS), reference: text.nullable() }),
  of('breach_over', { outcome: z.enum(['back', 'explained', 'handed_over', 'error']) }),
  /** An outing for need: asked for, agreed to or not, over (OBS-27). */
  of('outing_asked', { purpose: OutingPurpose, from: text, to: text }),
  of('outing_agreed', { purpose: OutingPurpose, way: OutingWay, agreedBy: OutingAgreedBy, from: text, to: text }),
  of('outing_refused', { reason: word }),
  of('outing_over', { outing: z.number().int(), at: text, off: z.boolean() }),
  of('extended', { from: text, endDay: text, document: text }),
  of('shorten_asked', { endDay: text, reason: word }),
  of('shortened', { from: text.nullable(), endDay: text, reason: word, askedBy: text.nullable() }),
  of('shorten_refused', { reason: word }),
  of('stay_changed', { to: text, responsibleArea: text, householdId: text.nullable(), place: word }),
  of('reorganised', { to: text, responsibleArea: text, householdId: text.nullable(), changeId: text.nullable() }),
  of('responder', { personId: text.nullable() }),
  of('objected', { reference: text }),
  of('objection_answered', { outcome: z.enum(['kept', 'changed', 'ended']) }),
  of('release_checked', { symptoms: z.boolean(), tests: z.enum(['negative', 'not_asked', 'pending']) }),
  of('released', { effective: text, followUpDay: text, deleteDay: text, note: text, automatic: z.boolean() }),
  of('lapsed', {}),
  of('followed_up', { outcome: z.enum(['well', 'unwell', 'not_reached']) }),
  /** Nobody was reached for the call: the file is closed without it. */
  of('closed', {}),
  of('transferred', { to: text, successor: From, deleteDay: text }),
  of('central', { place: text, deleteDay: text }),
  of('cancelled', { reason: word, deleteDay: text }),
])

/** `n` counts from 1; `area` is where the person stayed when it happened. ISO instants. */
export type ObservationEvent = z.infer<typeof AnyEvent>

type Bare<E> = E extends { kind: infer K; body: infer B } ? { kind: K; body: B } : never
/** A decision's event before it is recorded. */
export type NewObservationEvent = Bare<ObservationEvent>

/** A stored row as an event, or null when this version does not know it. */
export function readObservationEvent(row: unknown): ObservationEvent | null {
  const parsed = AnyEvent.safeParse(row)
  return parsed.success ? parsed.data : null
}
