import { z } from 'zod'
import { Organised } from '../areas/api.ts'
import { AREA_PATTERN } from '../areas/code.ts'
import { isDay } from '../core/day.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { BREACH_STEPS, CareStage } from './event.ts'
import { ObservationState, ObservationStateName, Step } from './fold.ts'
import { Measure, ObservationRules } from './measure.ts'
import { OUTING_REFUSALS, OutingAgreedBy, OutingPurpose, OutingWay } from './outing.ts'

/** Wire shapes of home observation 居家观察. Requests are strict, answers are whitelists; readings and services have their own. */
const Area = z.string().regex(AREA_PATTERN)
const DayText = z.string().refine(isDay)
const Instant = z.iso.datetime({ offset: true })
const SayText = z.object({ zh: z.string(), en: z.string() })
const Note = z.string().min(1).max(500)

/** Why somebody is observed: a closed word; the facts behind it stay with grading. */
export const OBSERVATION_REASONS = [
  'close_contact',
  'secondary_contact',
  'risk_area',
  'abroad',
  'after_central',
  'recovered',
  'co_resident',
  'other',
] as const
export const ObservationReason = z.enum(OBSERVATION_REASONS)

// ---- Opening ---------------------------------------------------------------------------------------------------------------

/** One person of the door; the days of each may differ, so each has an end of its own. */
const OpenPerson = z.strictObject({
  /** Made by who opens it (UUIDv7): sent twice, it is one observation. */
  id: z.uuid(),
  personId: z.uuid(),
  /** Who answers for a child or an elder; the person itself when left out. */
  responderPersonId: z.uuid().optional(),
  exposureDay: DayText.optional(),
  /** The exposure goes on (lives with or cares for a case): no end is set while it does (case 31). */
  continuous: z.boolean().default(false),
})

/** POST /api/observations: one person, or a whole household as one group. */
export const OpenObservation = z.strictObject({
  persons: z.array(OpenPerson).min(1).max(20),
  measure: Measure,
  reason: ObservationReason,
  openedFrom: z
    .strictObject({ kind: z.enum(['task', 'visit', 'contact', 'return', 'hand']), id: z.string().max(60).optional() })
    .default({ kind: 'hand' }),
  /** Where they stay: a door of the register, or an area with the address in words; the persons' home when left out (OBS-6). */
  householdId: z.uuid().optional(),
  area: Area.optional(),
  address: z.string().min(1).max(300).optional(),
  /** Which area counts it; the place of stay unless another is named (case 17). */
  responsibleArea: Area.optional(),
  place: z.enum(['home', 'elsewhere', 'central']).default('home'),
  /** The first day; today unless a later one is named. */
  startDay: DayText.optional(),
  note: Note.optional(),
  occurredAt: Instant.optional(),
})
export type OpenObservation = z.infer<typeof OpenObservation>
export const OpenedObservations = z.object({
  groupId: z.uuid().nullable(),
  items: z.array(
    z.object({
      id: z.uuid(),
      personId: z.uuid(),
      /** opened: new. exists: the person has an open one, which is answered. over: the days lie wholly in the past, none opened. */
      outcome: z.enum(['opened', 'exists', 'over']),
      endDay: z.string().nullable(),
      version: z.number().int().nullable(),
    }),
  ),
})
export type OpenedObservations = z.infer<typeof OpenedObservations>

// ---- Steps -----------------------------------------------------------------------------------------------------------------

/** A signature as strokes: each a row of x, y, x, y … in 0 to 1000. Sealed as it came; no sound is ever taken (OBS-10). */
const Strokes = z
  .array(z.array(z.int().min(0).max(1000)).min(2).max(2000))
  .min(1)
  .max(60)

const UNIT = {
  unit: z.string().trim().min(1).max(100).optional(),
  unitContact: z.string().trim().min(1).max(50).optional(),
  unitPhone: z.string().trim().min(3).max(30).optional(),
}

/**
 * What can be done to an observation, one shape for desk, phone (`observation.step`) and jobs. Bodies are loose inside: a field of
 * a newer phone is left out, never refused (case 19). Texts are sealed.
 */
export const StepBody = z.discriminatedUnion('step', [
  z.object({
    step: z.literal('suitability'),
    room: z.boolean(),
    toilet: z.boolean(),
    coResidents: z.int().min(0).max(50),
    elderly: z.int().min(0).max(50),
    children: z.int().min(0).max(50).default(0),
    pets: z.boolean(),
    medicines: z.boolean(),
    /** The person would rather go to a central place: a right, whatever the home is like. */
    wantsCentral: z.boolean().default(false),
    note: Note.optional(),
  }),
  z.object({
    step: z.literal('notice'),
    how: z.enum(['paper', 'screen', 'read']),
    /** Employer or school as the person says it, for the notice (OBS-9); left out, what was said before stays. */
    ...UNIT,
  }),
  z.object({
    step: z.literal('commitment'),
    how: z.enum(['signed', 'paper', 'witness']),
    strokes: Strokes.optional(),
    photoId: z.uuid().optional(),
    /** Who heard it read out and agreed to, with what the witness saw. */
    witness: z.string().min(2).max(200).optional(),
  }),
  z.object({
    step: z.literal('refusal'),
    reason: z.enum(['disputes', 'wants_central', 'cannot_stay', 'other']),
    note: Note.optional(),
  }),
  z.object({ step: z.literal('team'), teamId: z.uuid() }),
  z.object({
    step: z.literal('symptom'),
    codes: z.array(z.string().max(40)).min(1).max(12),
    temperature: z.number().min(30).max(45).optional(),
    note: Note.optional(),
  }),
  z.object({ step: z.literal('symptom_over'), note: Note }),
  /** The chain of care with the moment of each link: doctor, clinic, hospital, back home or admitted (OBS-11). */
  z.object({ step: z.literal('care'), stage: CareStage, at: Instant.optional(), note: Note.optional() }),
  z.object({
    step: z.literal('welfare'),
    how: z.enum(['phone', 'door', 'relative']),
    found: z.enum(['well', 'needs_help', 'unwell', 'not_there']),
    visitId: z.uuid().optional(),
    note: Note.optional(),
  }),
  z.object({
    step: z.literal('breach'),
    what: z.enum(['left', 'visitors', 'co_resident_left', 'no_readings']),
    note: Note.optional(),
  }),
  z.object({
    step: z.literal('breach_step'),
    done: z.enum(BREACH_STEPS),
    reference: z.string().max(60).optional(),
    note: Note.optional(),
  }),
  z.object({
    step: z.literal('breach_over'),
    outcome: z.enum(['back', 'explained', 'handed_over', 'error']),
    note: Note.optional(),
  }),
  /** An outing for need (OBS-27): asked for by the person, agreed to by the community, back or called off. */
  z.object({
    step: z.literal('ask_outing'),
    purpose: OutingPurpose,
    from: Instant,
    to: Instant,
    note: Note.optional(),
  }),
  z.object({
    step: z.literal('outing'),
    purpose: OutingPurpose,
    way: OutingWay,
    agreedBy: OutingAgreedBy,
    from: Instant,
    to: Instant,
    note: Note.optional(),
  }),
  z.object({ step: z.literal('refuse_outing'), reason: z.enum(OUTING_REFUSALS), note: Note.optional() }),
  z.object({ step: z.literal('outing_over'), note: Note.optional() }),
  z.object({ step: z.literal('date'), exposureDay: DayText, note: Note.optional() }),
  /** Only a doctor, and only with the reference of the written decision (OBS-14). */
  z.object({ step: z.literal('extend'), endDay: DayText, document: z.string().min(2).max(60), note: Note }),
  /** Asked by one, decided by another (OBS-15, case 15). */
  z.object({
    step: z.literal('shorten'),
    endDay: DayText,
    reason: z.enum(['wrong_exposure', 'rule_changed', 'contact_excluded', 'other']),
    note: Note,
  }),
  z.object({ step: z.literal('decide_shorten'), approve: z.boolean(), note: Note }),
  /** Another place of stay; in another county the observation ends here and goes on there (OBS-16). */
  z.object({
    step: z.literal('stay'),
    area: Area,
    householdId: z.uuid().optional(),
    address: z.string().min(1).max(300).optional(),
    responsibleArea: Area.optional(),
    place: z.enum(['home', 'elsewhere', 'central']).default('home'),
    note: Note.optional(),
  }),
  z.object({ step: z.literal('central'), place: z.string().min(1).max(60), note: Note.optional() }),
  z.object({ step: z.literal('responder'), personId: z.uuid().optional() }),
  z.object({ step: z.literal('objection'), reference: z.string().min(1).max(60), note: Note.optional() }),
  z.object({
    step: z.literal('answer_objection'),
    outcome: z.enum(['kept', 'changed', 'ended']),
    note: Note,
  }),
  z.object({
    step: z.literal('check_release'),
    symptoms: z.boolean(),
    tests: z.enum(['negative', 'not_asked', 'pending']),
  }),
  z.object({ step: z.literal('release'), note: z.string().max(500).optional() }),
  z.object({
    step: z.literal('follow_up'),
    outcome: z.enum(['well', 'unwell', 'not_reached']),
    note: Note.optional(),
  }),
  z.object({
    step: z.literal('cancel'),
    reason: z.enum(['wrong_person', 'duplicate', 'entry_error', 'no_basis']),
    note: Note,
  }),
])
export type StepBody = z.infer<typeof StepBody>
export type StepName = StepBody['step']

/** POST /api/observations/:id/step and the phone's `observation.step`. `occurredAt`: when it was done; recording orders. */
export const StepObservation = z.strictObject({ id: z.uuid(), do: StepBody, occurredAt: Instant.optional() })
export type StepObservation = z.infer<typeof StepObservation>

export const SteppedObservation = z.object({
  id: z.uuid(),
  county: z.string(),
  area: z.string(),
  state: ObservationStateName,
  endDay: z.string().nullable(),
  version: z.number().int(),
})
export type SteppedObservation = z.infer<typeof SteppedObservation>

// ---- Lists -----------------------------------------------------------------------------------------------------------------

/**
 * The lists a figure may open. Of now: open (not ended), observed (open and the last day not over), release_due (the last day is
 * today, or is over and nobody has released yet), lapsed (12 h later), undated (no end known), care (symptoms or in care), breach,
 * outing_asked (an outing waits for a word), out (one was agreed to and is not over), unanswered (a child for whom nobody answers).
 * Of a span (`from` and `to`, both included): opened, released, lapsed_on, ended, and what went on in or came from another county:
 * transferred_out, transferred_in.
 */
export const OBSERVATION_LISTS = [
  'open',
  'observed',
  'release_due',
  'lapsed',
  'undated',
  'care',
  'breach',
  'shortening',
  'outing_asked',
  'out',
  'unanswered',
  'follow_up',
  'opened',
  'released',
  'lapsed_on',
  'ended',
  'transferred_out',
  'transferred_in',
] as const
export const ObservationList = z.enum(OBSERVATION_LISTS)
export type ObservationList = z.infer<typeof ObservationList>

const filters = {
  area: Area.optional(),
  /** responsible: counted here, each once (the default). stay: whoever stays here (case 17). */
  by: z.enum(['responsible', 'stay']).default('responsible'),
  measure: Measure.optional(),
  own: z.stringbool().optional(),
  organised: Organised.optional(),
}

/** GET /api/observations: lists of now by their last day, soonest first, then those without; lists of a span newest first. */
export const ListObservations = PageQuery.extend({
  ...filters,
  list: ObservationList.default('open'),
  step: Step.optional(),
  state: ObservationStateName.optional(),
  endDay: DayText.optional(),
  /** Looked at before the release (OBS-19). */
  checked: z.stringbool().optional(),
  householdId: z.uuid().optional(),
  groupId: z.uuid().optional(),
  personId: z.uuid().optional(),
  teamId: z.uuid().optional(),
  from: DayText.optional(),
  to: DayText.optional(),
}).strict()
export type ListObservations = z.infer<typeof ListObservations>

/** Where it stands in time at the moment of the answer: functions of the day, never stored (case 66). */
export const Standing = z.object({
  phase: z.enum(['undated', 'before', 'running', 'last_day', 'due', 'lapsed', 'ended']),
  /** "day 6 of 14" */
  day: z.number().int().nullable(),
  of: z.number().int().nullable(),
  left: z.number().int().nullable(),
  lapsesAt: Instant.nullable(),
})

export const ObservationCard = z.object({
  id: z.uuid(),
  county: z.string(),
  area: z.string(),
  areaName: z.string(),
  responsibleArea: z.string(),
  responsibleAreaName: z.string(),
  /** Null once the file is deleted: the row still counts and names nobody. */
  personId: z.uuid().nullable(),
  householdId: z.uuid().nullable(),
  groupId: z.uuid().nullable(),
  masked: z.string(),
  door: z.string().nullable(),
  measure: Measure,
  reason: z.string(),
  state: ObservationStateName,
  step: Step,
  exposureDay: z.string().nullable(),
  startDay: z.string(),
  endDay: z.string().nullable(),
  standing: Standing,
  teamId: z.uuid().nullable(),
  missed: z.number().int(),
  reference: z.string(),
  openedAt: Instant,
  endedAt: Instant.nullable(),
  updatedAt: Instant,
  version: z.number().int(),
})
export type ObservationCard = z.infer<typeof ObservationCard>
export const ObservationPage = pageOf(ObservationCard)

/** GET /api/observations/:id; without names, telephones and texts, which are opened apart. */
export const GetObservation = z.strictObject({ id: z.uuid() })
export const ObservationDetail = ObservationCard.extend({
  root: z.uuid(),
  current: ObservationState,
  strip: z.array(
    z.object({
      day: z.string(),
      n: z.number().int().nullable(),
      when: z.enum(['past', 'today', 'ahead']),
      last: z.boolean(),
    }),
  ),
  /** The picture of a commitment on paper, and whether it has come yet; null when there is no such paper. */
  photo: z.object({ id: z.uuid(), here: z.boolean() }).nullable(),
  /** The others of the same household opened together. */
  group: z.array(
    z.object({ id: z.uuid(), masked: z.string(), state: ObservationStateName, endDay: z.string().nullable() }),
  ),
  /** Steps that the reader may do now, for the buttons; the server decides again. */
  may: z.array(z.string()),
  history: z.array(
    z.object({
      n: z.number().int(),
      kind: z.string(),
      area: z.string(),
      by: z.object({ id: z.uuid().nullable(), name: z.string() }),
      occurredAt: Instant,
      recordedAt: Instant,
      body: z.record(z.string(), z.unknown()),
      hasText: z.boolean(),
    }),
  ),
})
export type ObservationDetail = z.infer<typeof ObservationDetail>

const Contact = z.object({ name: z.string(), phone: z.string().nullable() })
const Unit = z.object({ name: z.string(), contact: Contact.nullable() })

/** POST /api/observations/:id/open: name, telephone, address and texts, for a purpose that the audit keeps (OBS-24). */
export const OpenedForPurpose = z.strictObject({ id: z.uuid(), purpose: z.string().min(2).max(200) })
export const OpenedObservation = z.object({
  id: z.uuid(),
  name: z.string().nullable(),
  phone: z.string().nullable(),
  address: z.string().nullable(),
  /** Employer or school, as it was said when the person was told. */
  unit: Unit.nullable(),
  texts: z.array(z.object({ n: z.number().int(), text: z.string() })),
  /** The signature as it was drawn, when there is one. */
  strokes: z.array(z.array(z.number())).nullable(),
  /** What the witness entered, when the commitment was read out (OBS-10). */
  witness: z.string().nullable(),
})
export type OpenedObservation = z.infer<typeof OpenedObservation>

/** PUT /api/observations/:id/photos/:photo: the picture that a commitment on paper names, as bytes. Sent again, it is the same. */
export const PutPaperPhoto = z.strictObject({ id: z.uuid(), photo: z.uuid() })
export const PaperPhoto = z.object({ id: z.uuid(), bytes: z.number().int() })
export type PaperPhoto = z.infer<typeof PaperPhoto>
/** GET …?purpose=: for a purpose that the audit keeps (OBS-24). */
export const OpenPaperPhoto = PutPaperPhoto.extend({ purpose: z.string().min(2).max(200) })

/** GET /api/observations/board: each number opens its list with the same filters and exactly that total. */
export const AskBoard = z.strictObject({
  area: Area.optional(),
  by: z.enum(['responsible', 'stay']).default('responsible'),
})
const Count = z.object({ n: z.number().int(), query: z.record(z.string(), z.string()) })
export const Board = z.object({
  today: z.string(),
  steps: z.array(z.object({ step: Step, say: SayText }).extend(Count.shape)),
  lists: z.array(z.object({ list: ObservationList, say: SayText }).extend(Count.shape)),
  measures: z.array(z.object({ measure: Measure, say: SayText }).extend(Count.shape)),
})
export type Board = z.infer<typeof Board>

/** GET /api/observations/calendar: last days from and to included, at most 62 days. */
export const AskCalendar = z.strictObject({
  area: Area.optional(),
  by: z.enum(['responsible', 'stay']).default('responsible'),
  from: DayText,
  to: DayText,
})
export const Calendar = z.object({
  days: z.array(
    z.object({
      day: z.string(),
      /** Open observations whose last day it is; list `open` with `endDay` opens them. */
      ends: z.number().int(),
      /** Of them; the same list with `checked`. */
      checked: z.number().int(),
      /** Released with that last day; list `released` with `endDay`, from that day until today. */
      released: z.number().int(),
    }),
  ),
})
export type Calendar = z.infer<typeof Calendar>

// ---- Papers as data --------------------------------------------------------------------------------------------------------

/** POST /api/observations/:id/notice: every field of the notice (OBS-9); blank where nothing is known, never invented. */
export const NoticeData = z.object({
  kind: z.literal('notice'),
  reference: z.string(),
  measure: Measure,
  measureName: SayText,
  name: z.string().nullable(),
  sex: z.enum(['male', 'female']).nullable(),
  phone: z.string().nullable(),
  document: z.string().nullable(),
  address: z.string().nullable(),
  unit: Unit.nullable(),
  from: z.string(),
  to: z.string().nullable(),
  rules: z.array(SayText),
  consequence: SayText,
  legalOrder: z.string(),
  cadre: Contact.nullable(),
  worker: Contact.nullable(),
  issuedBy: z.string(),
  issuedOn: z.string(),
  central: SayText,
  objection: z.object({
    say: SayText,
    contact: z.string(),
    phone: z.string().nullable(),
    reference: z.string().nullable(),
  }),
  privacy: SayText,
  signed: z.object({ how: z.string(), on: z.string(), strokes: z.array(z.array(z.number())).nullable() }).nullable(),
})
export type NoticeData = z.infer<typeof NoticeData>

/** POST /api/observations/:id/certificate: the release note; refused before there is a release. */
export const CertificateData = z.object({
  kind: z.literal('release'),
  reference: z.string(),
  note: z.string(),
  measure: Measure,
  measureName: SayText,
  name: z.string().nullable(),
  document: z.string().nullable(),
  address: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  effective: z.string(),
  issuedBy: z.string(),
  issuedOn: z.string(),
  followUpOn: z.string().nullable(),
  deletedOn: z.string(),
  text: SayText,
})
export type CertificateData = z.infer<typeof CertificateData>

// ---- Rule sets -------------------------------------------------------------------------------------------------------------

/** GET /api/observation-rules?area=…: what holds for the area today, and the versions around it. */
export const AskRules = z.strictObject({ area: Area.optional() })
export const RulesVersion = z.object({
  id: z.uuid().nullable(),
  area: z.string(),
  version: z.number().int(),
  state: z.enum(['proposed', 'in_force', 'replaced', 'refused']),
  rules: ObservationRules,
  reason: z.string(),
  by: z.object({ id: z.uuid().nullable(), name: z.string() }),
  approvedBy: z.object({ id: z.uuid().nullable(), name: z.string() }).nullable(),
  at: Instant.nullable(),
})
export const RulesInForce = z.object({ holds: RulesVersion, versions: z.array(RulesVersion) })
export type RulesInForce = z.infer<typeof RulesInForce>
/** POST /api/observation-rules: proposed by one, put in force by another (OBS-4); what is open keeps its own version. */
export const ProposeRules = z.strictObject({
  id: z.uuid(),
  area: Area,
  rules: ObservationRules,
  reason: z.string().min(5).max(500),
})
/** POST /api/observation-rules/:id/decide */
export const DecideRules = z.strictObject({ id: z.uuid(), approve: z.boolean() })
export const DecidedRules = z.object({ id: z.uuid(), version: z.number().int(), state: z.string() })
