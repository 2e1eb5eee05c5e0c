import { z } from 'zod'
import { Organised } from '../areas/api.ts'
import { AREA_PATTERN } from '../areas/code.ts'
import { isDay } from '../core/day.ts'
import { PageQuery, pageOf } from '../core/page.ts'

/** Wire shapes of services: help that is asked for and brought to a door. Requests are strict, answers are whitelists. */
const Area = z.string().regex(AREA_PATTERN)
const DayText = z.string().refine(isDay)
const SayText = z.object({ zh: z.string(), en: z.string() })
const Instant = z.iso.datetime({ offset: true })
const Id = z.uuid()
const Words = z.string().trim().min(1).max(500)
const Purpose = z.string().trim().min(2).max(200)

/** SERV-1: what can be asked for. A closed list, so that it can be counted and each kind has its time. */
export const SERVICE_KINDS = [
  'food',
  'medicine',
  'rubbish',
  'parcel',
  'medical',
  'psychological',
  'care',
  'school',
  'other',
] as const
export const ServiceKind = z.enum(SERVICE_KINDS)
export type ServiceKind = z.infer<typeof ServiceKind>

/** `round`: with the round of the next day (order a day before, delivery once). */
export const URGENCIES = ['urgent', 'usual', 'round'] as const
export const Urgency = z.enum(URGENCIES)
export type Urgency = z.infer<typeof Urgency>

/** SERV-2: where a service stands. Whether it is late is a function of the moment it is read. */
export const SERVICE_STATES = ['open', 'offered', 'accepted', 'under_way', 'done', 'refused', 'cancelled'] as const
export const ServiceStateName = z.enum(SERVICE_STATES)
export type ServiceStateName = z.infer<typeof ServiceStateName>

/** On whose word a service was asked for; a rule that repeats and a medicine that runs out ask by themselves. */
export const ASKERS = ['resident', 'worker', 'team', 'desk', 'rule', 'medicine'] as const
export const Asker = z.enum(ASKERS)
export type Asker = z.infer<typeof Asker>

export const SERVICE_STEPS = [
  'accept',
  'decline',
  'start',
  'done',
  'give_back',
  'cost',
  'rate',
  'not_received',
  'refuse',
  'cancel',
] as const
export const ServiceStep = z.enum(SERVICE_STEPS)
export type ServiceStep = z.infer<typeof ServiceStep>

/**
 * SERV-7: how the receiver says that it has come: the four digits on his page read out, a picture of what stands at the door, his
 * word through the door or by telephone, or his own tap. Nobody signs anything.
 */
export const PROOFS = ['code', 'photo', 'word', 'receiver'] as const
export const Proof = z.enum(PROOFS)
export type Proof = z.infer<typeof Proof>

/** SERV-7: whose word it was. Who is not of the household is named. */
export const RECEIVED_BY = ['self', 'family', 'neighbour', 'other'] as const
export const ReceivedBy = z.enum(RECEIVED_BY)
export type ReceivedBy = z.infer<typeof ReceivedBy>

export const PAYERS = ['resident', 'helper', 'centre', 'free'] as const
export const Payer = z.enum(PAYERS)
export type Payer = z.infer<typeof Payer>

/** Why a service ends without being given, or an offer is declined: closed words, counted and never a judgement of somebody. */
export const END_REASONS = ['not_needed', 'twice', 'not_possible', 'not_ours', 'moved_away', 'other'] as const
export const EndReason = z.enum(END_REASONS)
export type EndReason = z.infer<typeof EndReason>

/** In fen. */
const Cents = z.number().int().min(0).max(10_000_000)
export const Cost = z.strictObject({ cents: Cents, paidBy: Payer, receiptPhoto: Id.nullish() })
export type Cost = z.infer<typeof Cost>

/** POST /api/services, push kind `service.ask`. The id is made where it is asked. One of household, person is named. */
export const AskService = z.strictObject({
  id: Id,
  kind: ServiceKind,
  urgency: Urgency.default('usual'),
  householdId: Id.optional(),
  personId: Id.optional(),
  /** When it is asked for somebody under observation. */
  observationId: Id.optional(),
  /** When somebody is there to take it, or would like it. */
  window: z.strictObject({ from: Instant, to: Instant }).optional(),
  /** What is wanted; sealed. */
  words: Words.optional(),
  occurredAt: Instant.optional(),
})
export type AskService = z.infer<typeof AskService>
export const AskedService = z.object({
  id: Id,
  area: z.string(),
  state: ServiceStateName,
  dueBy: Instant,
  version: z.number().int(),
})
export type AskedService = z.infer<typeof AskedService>

/** POST /api/services/:id/step, push kind `service.step`. What a step asks beside its name is said in service-decide.ts. */
export const StepService = z.strictObject({
  id: Id,
  step: ServiceStep,
  /** done */
  proof: z
    .strictObject({
      kind: Proof,
      code: z
        .string()
        .regex(/^\d{4}$/)
        .optional(),
      /** Goes with each of them; the picture itself follows by its own way. */
      photo: Id.optional(),
      /** word: whose, and the name of who is not of the household; sealed. */
      by: ReceivedBy.optional(),
      name: z.string().trim().min(1).max(40).optional(),
    })
    .optional(),
  /** cost; also with done */
  cost: Cost.optional(),
  /** rate: 1 to 5 */
  rating: z.number().int().min(1).max(5).optional(),
  /** decline, give_back, refuse, cancel */
  reason: EndReason.optional(),
  /** Sealed beside the event. */
  words: Words.optional(),
  occurredAt: Instant.optional(),
})
export type StepService = z.infer<typeof StepService>
export const SteppedService = AskedService.extend({})
export type SteppedService = z.infer<typeof SteppedService>

/** PUT /api/services/:id/photos/:photo, the bytes of a JPEG: the picture that a step named, by who took that step (VISIT-8). */
export const PutServicePhoto = z.strictObject({ id: Id, photo: Id })
export const ServicePhoto = z.object({ id: Id, bytes: z.number().int() })
export type ServicePhoto = z.infer<typeof ServicePhoto>
/** GET of the same: for a purpose that the audit keeps. */
export const OpenServicePhoto = PutServicePhoto.extend({ purpose: Purpose })

/** POST /api/services/:id/offer: a desk gives it to somebody by name; no `to`: to whoever is next. */
export const OfferService = z.strictObject({ id: Id, to: Id.optional() })
/** GET /api/services/:id/helpers: who could bring it, nearest and least loaded first (SERV-5). */
export const GetService = z.strictObject({ id: Id })
export const Helper = z.object({
  id: Id,
  name: z.string(),
  role: z.string(),
  /** Levels of the area tree shared with the door: 7 the same building, 6 the grid, 5 the village. */
  near: z.number().int(),
  load: z.number().int(),
  /** Responsible for this very door. */
  team: z.boolean(),
  /** Has let this service pass already. */
  passed: z.boolean(),
})
export type Helper = z.infer<typeof Helper>
export const Helpers = z.object({ items: z.array(Helper) })

const Person = z.object({ id: Id, name: z.string() })

export const ServiceCard = z.object({
  id: Id,
  county: z.string(),
  area: z.string(),
  areaName: z.string(),
  householdId: Id.nullable(),
  door: z.string().nullable(),
  personId: Id.nullable(),
  /** Masked name (张*明); empty for a door as a whole or when the detail was deleted. */
  masked: z.string(),
  observationId: Id.nullable(),
  kind: ServiceKind,
  urgency: Urgency,
  state: ServiceStateName,
  asker: Asker,
  askedBy: Person.nullable(),
  offeredTo: Person.nullable(),
  offerUntil: Instant.nullable(),
  takenBy: Person.nullable(),
  windowFrom: Instant.nullable(),
  windowTo: Instant.nullable(),
  dueBy: Instant,
  /** Late at the end or now, in whole minutes; 0 when in time. */
  lateMinutes: z.number().int(),
  escalated: z.number().int(),
  /** One of a repeating rule. */
  ruleId: Id.nullable(),
  roundDay: z.string().nullable(),
  proof: Proof.nullable(),
  rating: z.number().int().nullable(),
  reason: z.string().nullable(),
  askedAt: Instant,
  doneAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  updatedAt: Instant,
  version: z.number().int(),
})
export type ServiceCard = z.infer<typeof ServiceCard>

/**
 * GET /api/services. Lists of now (`open`, `unassigned`, `late`, `escalated`) are functions of the moment; lists of a span
 * (`asked`, `done`, `ended`) take `from` and `to`, both included (STAT-2).
 */
export const SERVICE_LISTS = ['open', 'unassigned', 'late', 'escalated', 'asked', 'done', 'ended'] as const
export const ServiceList = z.enum(SERVICE_LISTS)
export type ServiceList = z.infer<typeof ServiceList>
export const ListServices = PageQuery.extend({
  list: ServiceList.default('open'),
  area: Area.optional(),
  kind: ServiceKind.optional(),
  urgency: Urgency.optional(),
  householdId: Id.optional(),
  personId: Id.optional(),
  observationId: Id.optional(),
  takenBy: Id.optional(),
  from: DayText.optional(),
  to: DayText.optional(),
  own: z.stringbool().optional(),
  organised: Organised.optional(),
}).strict()
export type ListServices = z.infer<typeof ListServices>
export const ServicePage = pageOf(ServiceCard).extend({ asOf: Instant })

/** GET /api/services/mine: what I was offered, have taken or have asked for; for helpers who may read nothing else. */
export const ListMyServices = PageQuery.extend({
  list: z.enum(['offered', 'taken', 'asked']).default('taken'),
}).strict()
export type ListMyServices = z.infer<typeof ListMyServices>

export const ServiceLine = z.object({
  n: z.number().int(),
  kind: z.string(),
  by: z.object({ id: Id.nullable(), name: z.string() }),
  occurredAt: Instant,
  recordedAt: Instant,
  body: z.record(z.string(), z.unknown()),
  hasText: z.boolean(),
})
const Picture = z.object({ id: Id, here: z.boolean() })
export const ServiceDetail = ServiceCard.extend({
  hasWords: z.boolean(),
  /** Amount, who paid and the receipt: seen by who brings it, who asked and the desk. */
  cost: Cost.nullable(),
  receivedBy: ReceivedBy.nullable(),
  /** Pictures that the steps name; `here`: it has come. Looked at one at a time, for a purpose. */
  proofPhoto: Picture.nullable(),
  receiptPhoto: Picture.nullable(),
  history: z.array(ServiceLine),
  /** Names of accounts that the history speaks of, by id. */
  people: z.record(z.string(), z.string()),
  steps: z.array(
    z.object({ step: ServiceStep, ok: z.boolean(), why: SayText.nullable(), rule: z.string().nullable() }),
  ),
  mayOffer: z.boolean(),
  mayOpen: z.boolean(),
})
export type ServiceDetail = z.infer<typeof ServiceDetail>

/** POST /api/services/:id/open: what is wanted and what was written with each step, for a purpose that the audit keeps. */
export const OpenService = z.strictObject({ id: Id, purpose: Purpose })
export const OpenedService = z.object({
  id: Id,
  words: z.string().nullable(),
  /** Who takes it, null for a whole door, and where to ring, for who brings it. */
  name: z.string().nullable(),
  phone: z.string().nullable(),
  /** Whose telephone it is when it is not the receiver's: who answers for him, or for the door. */
  rung: z.string().nullable(),
  texts: z.array(z.object({ n: z.number().int(), text: z.string() })),
})
export type OpenedService = z.infer<typeof OpenedService>

/** GET /api/services/kinds: the figures by kind, each with its list. */
export const AskKinds = z.strictObject({ area: Area.optional(), from: DayText.optional(), to: DayText.optional() })
export type AskKinds = z.infer<typeof AskKinds>
export const KindFigures = z.object({
  asOf: Instant,
  items: z.array(
    z.object({
      kind: ServiceKind,
      say: SayText,
      asked: z.number().int(),
      done: z.number().int(),
      open: z.number().int(),
      late: z.number().int(),
    }),
  ),
})
export type KindFigures = z.infer<typeof KindFigures>

/** GET /api/services/round: what goes with one round, in the order of the walk: area, building, door. */
export const AskRound = PageQuery.extend({ area: Area.optional(), day: DayText.optional() }).strict()
export type AskRound = z.infer<typeof AskRound>
export const RoundLine = ServiceCard.extend({
  estate: z.string().nullable(),
  building: z.string().nullable(),
  doorOnly: z.string().nullable(),
})
export const RoundPage = pageOf(RoundLine).extend({ day: z.string() })

// ---- Repeating services ------------------------------------------------------------------------------------------------------

const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
/** SERV-10: a repeating service is data: weekdays (1 Monday … 7 Sunday), or every so many days from its first. */
export const Rhythm = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('weekdays'), days: z.array(z.number().int().min(1).max(7)).min(1).max(7) }),
  z.strictObject({ type: z.literal('every'), days: z.number().int().min(1).max(60) }),
])
export type Rhythm = z.infer<typeof Rhythm>

/** POST /api/services/rules */
export const AddRule = z.strictObject({
  id: Id,
  kind: ServiceKind,
  householdId: Id.optional(),
  personId: Id.optional(),
  observationId: Id.optional(),
  rhythm: Rhythm,
  /** Local hours of the day between which it is wanted. */
  window: z.strictObject({ from: Clock, to: Clock }).optional(),
  round: z.boolean().default(false),
  from: DayText,
  to: DayText.optional(),
  words: Words.optional(),
})
export type AddRule = z.infer<typeof AddRule>
export const EndRule = z.strictObject({ id: Id })
export const RuleCard = z.object({
  id: Id,
  area: z.string(),
  areaName: z.string(),
  householdId: Id.nullable(),
  door: z.string().nullable(),
  personId: Id.nullable(),
  masked: z.string(),
  kind: ServiceKind,
  rhythm: Rhythm,
  window: z.object({ from: z.string(), to: z.string() }).nullable(),
  round: z.boolean(),
  from: z.string(),
  to: z.string().nullable(),
  /** The next day on which it comes; null when there is none. */
  nextDay: z.string().nullable(),
  state: z.enum(['active', 'ended']),
})
export type RuleCard = z.infer<typeof RuleCard>
/** GET /api/services/rules */
export const ListRules = PageQuery.extend({
  area: Area.optional(),
  householdId: Id.optional(),
  personId: Id.optional(),
  state: z.enum(['active', 'ended']).default('active'),
}).strict()
export type ListRules = z.infer<typeof ListRules>
export const RulePage = pageOf(RuleCard)
export const SavedRule = z.object({ id: Id, state: z.enum(['active', 'ended']), nextDay: z.string().nullable() })

// ---- Medicines -------------------------------------------------------------------------------------------------------------------

/** POST /api/medicines: what a chronic patient takes and how long it lasts. Sealed as health data (SERV-11). */
export const AddMedicine = z.strictObject({
  id: Id,
  personId: Id,
  name: z.string().trim().min(1).max(100),
  /** How it is taken, where it is got. */
  note: Words.optional(),
  /** What is in the house at the beginning of `asOf`, in tablets, puffs or millilitres, and how much is taken a day. */
  stock: z.number().min(0).max(10_000),
  perDay: z.number().positive().max(1000),
  asOf: DayText.optional(),
})
export type AddMedicine = z.infer<typeof AddMedicine>
/** POST /api/medicines/:id/refill: what is in the house now. */
export const RefillMedicine = z.strictObject({
  id: Id,
  stock: z.number().min(0).max(10_000),
  perDay: z.number().positive().max(1000),
  asOf: DayText.optional(),
})
export const EndMedicine = z.strictObject({ id: Id })
export const SavedMedicine = z.object({ id: Id, runsOut: z.string(), daysLeft: z.number().int() })
/** Who needs something and until when; not what. */
export const MedicineLine = z.object({
  id: Id,
  personId: Id,
  masked: z.string(),
  householdId: Id.nullable(),
  door: z.string().nullable(),
  area: z.string(),
  areaName: z.string(),
  /** The last day for which there is enough. */
  runsOut: z.string(),
  daysLeft: z.number().int(),
  /** The service that was asked for it, when there is one under way. */
  serviceId: Id.nullable(),
})
export type MedicineLine = z.infer<typeof MedicineLine>
/** GET /api/medicines: those who run out within so many days, the soonest first. */
export const ListMedicines = PageQuery.extend({
  area: Area.optional(),
  personId: Id.optional(),
  within: z.coerce.number().int().min(0).max(365).default(7),
}).strict()
export type ListMedicines = z.infer<typeof ListMedicines>
export const MedicinePage = pageOf(MedicineLine)
/**
 * POST /api/medicines/search: who takes this medicine. Opened for a purpose; the line in the trail lists who was found. The whole
 * name above a village; a part of it inside one.
 */
export const SearchMedicine = z.strictObject({
  name: z.string().trim().min(2).max(100),
  area: Area.optional(),
  purpose: Purpose,
})
export const FoundMedicines = z.object({ items: z.array(MedicineLine), more: z.boolean() })
/** POST /api/medicines/:id/open */
export const OpenMedicine = z.strictObject({ id: Id, purpose: Purpose })
export const OpenedMedicine = z.object({
  id: Id,
  name: z.string().nullable(),
  note: z.string().nullable(),
  stock: z.number(),
  perDay: z.number(),
  asOf: z.string(),
})
export type OpenedMedicine = z.infer<typeof OpenedMedicine>

/** Feed kind `service`: what a phone of the grid is sent (domain/sync/feed.ts reads it). */
export const ServiceBody = z.looseObject({
  county: z.string(),
  area: z.string(),
  kind: z.string(),
  urgency: z.string(),
  state: z.string(),
  householdId: z.string().nullish(),
  personId: z.string().nullish(),
  observationId: z.string().nullish(),
  masked: z.string(),
  hasWords: z.boolean().default(false),
  offeredTo: z.string().nullish(),
  takenBy: z.string().nullish(),
  takenByName: z.string().nullish(),
  windowFrom: z.string().nullish(),
  windowTo: z.string().nullish(),
  dueBy: z.string(),
  roundDay: z.string().nullish(),
  askedBy: z.string().nullish(),
  version: z.number(),
})
export type ServiceBody = z.infer<typeof ServiceBody>
