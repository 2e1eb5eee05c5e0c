import { z } from 'zod'
import { AREA_PATTERN } from '../areas/code.ts'
import { DaySchema } from '../core/api.ts'
import { isDay } from '../core/day.ts'
import { SYMPTOMS } from '../feeds/fact.ts'
import { DOCUMENT_KINDS, RESIDENCE_KINDS } from '../people/api.ts'

/**
 * Wire shapes of registration as the resident's page uses them (`/api/my/…`). Whose they are is said by the account alone
 * (REGISTER-1): a person who is not the account's is not found. Shapes of the desk and the worker's phone: reg-desk-api.ts.
 */
const Id = z.uuid()
const Area = z.string().regex(AREA_PATTERN)
const DayText = z.string().refine(isDay, { message: 'a day as YYYY-MM-DD' })
const Instant = z.iso.datetime({ offset: true })
const SayText = z.object({ zh: z.string(), en: z.string() })
const line = (max: number) => z.string().trim().min(1).max(max)
/** ISO 3166-1 alpha-2. */
const Country = z.string().regex(/^[A-Z]{2}$/)

// ---- What somebody says ---------------------------------------------------------------------------------------------------

export const TRANSPORTS = ['train', 'plane', 'coach', 'car', 'ship', 'walk', 'other'] as const
export const Transport = z.enum(TRANSPORTS)
export type Transport = z.infer<typeof Transport>

export const PURPOSES = ['home', 'work', 'study', 'business', 'visit', 'medical', 'tourism', 'other'] as const
export const Purpose = z.enum(PURPOSES)
export type Purpose = z.infer<typeof Purpose>

/** living here already | returning home | coming from elsewhere. */
export const SITUATIONS = ['living', 'returning', 'coming'] as const
export const Situation = z.enum(SITUATIONS)
export type Situation = z.infer<typeof Situation>

/** Of a ward to the account's holder; `spouse` and `other` are never given over the page (REGISTER-12). */
export const RELATIONS = ['self', 'child', 'parent', 'spouse', 'other'] as const
export const Relation = z.enum(RELATIONS)
export type Relation = z.infer<typeof Relation>
export const WardRelation = z.enum(['child', 'parent'])

export const DocumentTyped = z.strictObject({
  kind: z.enum(DOCUMENT_KINDS).exclude(['none']),
  /** Needed of a passport only. */
  country: Country.optional(),
  number: line(40),
})
export type DocumentTyped = z.infer<typeof DocumentTyped>

/** Who somebody is. `birth` and `sex` are asked only when the document does not say them. */
export const Who = z.strictObject({
  document: DocumentTyped,
  name: line(100),
  birth: z.string().trim().max(30).optional(),
  sex: z.number().int().min(0).max(2).optional(),
})
export type Who = z.infer<typeof Who>

/** Where somebody lives. `area` is the finest official area chosen; the rest is resolved to the grid (PEOPLE-15). */
export const Home = z.strictObject({
  area: Area.optional(),
  address: line(300),
  kind: z.enum(RESIDENCE_KINDS).default('unknown'),
})
export type Home = z.infer<typeof Home>

export const Arrival = z.strictObject({
  /** The county (or coarser) one comes from, or a country. */
  fromArea: Area.optional(),
  fromCountry: Country.optional(),
  leftOn: DayText.optional(),
  arrivedOn: DayText,
  transport: Transport,
  /** Train, flight or plate: sealed, never compared with anything outside. */
  number: z.string().trim().max(30).optional(),
})
export type Arrival = z.infer<typeof Arrival>

/** `document` lets a member be told from another; none is made a person by being named here. */
export const Member = z.strictObject({
  name: line(100),
  relation: Relation.exclude(['self']),
  document: line(40).optional(),
})
export type Member = z.infer<typeof Member>

/** What of a declaration is coded: what grading and the finder of contradictions read. Days are local, last ones included. */
export const Answers = z.strictObject({
  situation: Situation,
  /** Registered (户籍) in this city; asked, never read from a number. */
  registeredHere: z.boolean(),
  arrival: Arrival.omit({ number: true }).nullable().default(null),
  /** Counties (or coarser) stayed in, within the days that are asked (`config.askDays`). */
  stays: z
    .array(z.strictObject({ area: Area, from: DayText, to: DayText }))
    .max(30)
    .default([]),
  abroad: z
    .array(z.strictObject({ country: Country, arrivedOn: DayText }))
    .max(10)
    .default([]),
  contacts: z
    .array(z.strictObject({ degree: z.union([z.literal(1), z.literal(2), z.literal(3)]), day: DayText }))
    .max(10)
    .default([]),
  symptoms: z
    .array(z.strictObject({ code: z.enum(SYMPTOMS), from: DayText }))
    .max(8)
    .default([]),
  /** Tenths of a degree. */
  temperature: z.number().int().min(300).max(450).nullable().default(null),
  /** Under medical observation or isolation now. */
  underMeasure: z.boolean(),
})
export type Answers = z.infer<typeof Answers>
export type AnswersIn = z.input<typeof Answers>

/** What of a declaration is sealed: free words and what identifies. */
export const Words = z.strictObject({
  number: z.string().trim().max(30).optional(),
  members: z.array(Member).max(20).default([]),
  purpose: Purpose,
  employer: z.string().trim().max(100).optional(),
  remark: z.string().trim().max(500).optional(),
})
export type Words = z.infer<typeof Words>

const Promised = z.literal(true)

// ---- /api/my/registration -------------------------------------------------------------------------------------------------

/**
 * `none` nobody is registered under this account yet | `prove` somebody is, and this log-in has shown the number only (REGISTER-4) |
 * `checked` sent in and being looked at by a person | `registered`.
 */
export const REGISTRATION_STATES = ['none', 'prove', 'checked', 'registered'] as const
export const RegistrationState = z.enum(REGISTRATION_STATES)

export const NEEDS = ['must', 'may'] as const
export const Need = z.enum(NEEDS)
export type Need = z.infer<typeof Need>

/** What the place asks of whom: what the page shows before the first field (REGISTER-9). */
export const PlaceRules = z.object({
  area: z.string(),
  name: SayText,
  groups: z.array(
    z.object({ need: Need, say: SayText, situation: Situation.nullable(), registeredHere: z.boolean().nullable() }),
  ),
  /** Whom neither group names: they may. */
  others: Need,
  askDays: z.number().int(),
  documents: z.array(z.enum(DOCUMENT_KINDS)),
  family: z.object({ max: z.number().int(), childUnder: z.number().int(), elderFrom: z.number().int() }),
  /** A purpose, basis, end and recipient of each collection (domain 11.3): shown before anything is typed. */
  notice: z.array(
    z.object({ about: z.string(), say: SayText, why: SayText, basis: SayText, until: SayText, seenBy: SayText }),
  ),
})
export type PlaceRules = z.infer<typeof PlaceRules>

export const AskMine = z.strictObject({ area: Area.optional() })
/** Everything known is not asked again: what the holder of this log-in may see of himself. */
export const Known = z.object({
  personId: Id,
  relation: Relation,
  masked: z.string(),
  name: z.string().nullable(),
  /** First and last two characters. */
  document: z.string().nullable(),
  documentKind: z.string(),
  birth: z.string().nullable(),
  sex: z.number().int(),
  phone: z.string().nullable(),
  address: z.string().nullable(),
  area: z.string(),
  areaName: z.string(),
  /** The home has been found down to the grid; otherwise somebody is at it. */
  placed: z.boolean(),
  registeredAt: Instant.nullable(),
  need: Need.nullable(),
  words: Words.nullable(),
  answers: Answers.nullable(),
  declaredAt: Instant.nullable(),
})
export type Known = z.infer<typeof Known>

export const MyRegistration = z.object({
  state: RegistrationState,
  rules: PlaceRules,
  /** Of the account's own holder; null before registration and while `prove`. */
  me: Known.nullable(),
  /** The newest draft that is not older than 30 days, as it was kept. */
  draft: z.object({ subject: z.string(), body: z.record(z.string(), z.unknown()), at: Instant }).nullable(),
  /** Sent in and not decided; says when, not why. */
  checking: z.object({ since: Instant, desk: z.object({ name: z.string(), phone: z.string().nullable() }) }).nullable(),
})
export type MyRegistration = z.infer<typeof MyRegistration>

/** PUT /api/my/registration/draft; `subject` 'self', 'new' (a ward not yet sent in) or 'return'. An empty body drops it. */
export const DRAFT_SUBJECTS = ['self', 'new', 'return'] as const
export const KeepDraft = z.strictObject({
  subject: z.enum(DRAFT_SUBJECTS),
  body: z
    .record(z.string(), z.unknown())
    .refine((body) => JSON.stringify(body).length <= 20_000, { message: 'at most 20,000 characters' }),
})
export const KeptDraft = z.object({ subject: z.string(), at: Instant.nullable() })
export type KeptDraft = z.infer<typeof KeptDraft>

/** POST /api/my/registration: `id` is made on the phone (UUIDv7), so that a repeat changes nothing. */
export const Register = z.strictObject({
  id: Id,
  who: Who,
  home: Home,
  answers: Answers,
  words: Words,
  promise: Promised,
})
export type Register = z.infer<typeof Register>
export const Registered = z.object({
  state: z.enum(['registered', 'checked']),
  personId: Id.nullable(),
  /** The declaration's number, counting up from 1. */
  n: z.number().int().nullable(),
  need: Need,
})
export type Registered = z.infer<typeof Registered>

/** POST /api/my/registration/prove: the document, once for every phone. Wrong: `PROOF_FAILED`, whatever was wrong. */
export const Prove = z.strictObject({ document: line(40), name: line(100) })
export const Proved = z.object({ proved: z.literal(true) })
export type Proved = z.infer<typeof Proved>

/**
 * POST /api/my/registration/new-holder: "this number was somebody else's before". The number is taken from the old account, which
 * keeps what it holds for its owner; this log-in ends, and the next one begins with nothing (REGISTER-5).
 */
export const NewHolder = z.strictObject({ sure: z.literal(true) })
export const NewHolderDone = z.object({ again: z.literal(true) })
export type NewHolderDone = z.infer<typeof NewHolderDone>

/** POST /api/my/registration/number: my number has changed; the code is the one that /api/resident/code sent to the new one. */
export const ChangeNumber = z.strictObject({ phone: line(40), code: line(20) })
export const ChangedNumber = z.object({ phone: z.string() })
export type ChangedNumber = z.infer<typeof ChangedNumber>

/** POST /api/my/registration/correct: of oneself or a ward; without limit, each with its line in the history (REGISTER-14). */
export const CORRECTABLE = ['name', 'birth', 'sex', 'document', 'address', 'employer'] as const
export const Correct = z.strictObject({
  personId: Id,
  changes: z
    .strictObject({
      name: line(100),
      birth: z.string().trim().max(30),
      sex: z.number().int().min(0).max(2),
      document: DocumentTyped,
      home: Home,
    })
    .partial(),
})
export const Corrected = z.object({
  personId: Id,
  /** `checked`: a person looks at it first (a name that is clearly another, a document that is somebody's). */
  fields: z.array(z.object({ field: z.string(), outcome: z.enum(['changed', 'same', 'checked']) })),
})
export type Corrected = z.infer<typeof Corrected>

/** GET /api/my/places: official names, for "where I live" and "where I have been"; public knowledge, at most 20. */
export const FindPlaces = z.strictObject({
  text: line(60),
  /** Up to which level: 3 counties (stays), 5 villages (home). */
  level: z.coerce.number().int().min(1).max(5).default(3),
})
export const Places = z.object({
  items: z.array(z.object({ area: z.string(), name: z.string(), level: z.number().int() })),
})
export type Places = z.infer<typeof Places>

// ---- /api/my/declarations -------------------------------------------------------------------------------------------------

/** GET: what was declared for a person, newest first, at most 50; `total` all there are. */
export const ListDeclarations = z.strictObject({ personId: Id })
export const Declaration = z.object({
  id: Id,
  personId: Id,
  n: z.number().int(),
  at: Instant,
  /** self | proxy (a worker typed it) | guardian */
  by: z.enum(['self', 'guardian', 'proxy']),
  answers: Answers,
  words: Words.nullable(),
  /** Replaced by a later one. */
  supersededAt: Instant.nullable(),
  erasedAt: Instant.nullable(),
})
export type Declaration = z.infer<typeof Declaration>
export const Declarations = z.object({ items: z.array(Declaration), total: z.number().int() })
export type Declarations = z.infer<typeof Declarations>

/** POST: editing makes a new one; what the last one said ceases to be said (REGISTER-8). The answer comes after the judgement. */
export const Declare = z.strictObject({ id: Id, personId: Id, answers: Answers, words: Words, promise: Promised })
export type Declare = z.infer<typeof Declare>
export const Declared = z.object({ personId: Id, id: Id, n: z.number().int() })
export type Declared = z.infer<typeof Declared>

// ---- /api/my/people -------------------------------------------------------------------------------------------------------

export const MyPerson = z.object({
  personId: Id,
  relation: Relation,
  masked: z.string(),
  since: DaySchema,
  /** The last day on which the account stands for this person: a child's last day at seventeen (REGISTER-13). */
  until: DaySchema.nullable(),
  registered: z.boolean(),
  mayEnd: z.boolean(),
})
export type MyPerson = z.infer<typeof MyPerson>
export const MyPersons = z.object({
  items: z.array(MyPerson),
  limits: z.object({
    max: z.number().int(),
    used: z.number().int(),
    childUnder: z.number().int(),
    elderFrom: z.number().int(),
    /** Why no one can be added now; null when one can. */
    closed: SayText.nullable(),
  }),
  /** Sent in and being looked at. */
  checking: z.number().int(),
})
export type MyPersons = z.infer<typeof MyPersons>

/** POST: a child or an elder of mine. The elder, an adult, is told (REGISTER-12); `phone` is where, when they have one. */
export const AddWard = Register.extend({ relation: WardRelation, phone: z.string().trim().max(40).optional() }).strict()
export type AddWard = z.infer<typeof AddWard>
/** POST /api/my/people/:id/end */
export const EndWard = z.strictObject({ id: Id })
export const EndedWard = z.object({ personId: Id, ended: z.literal(true) })
export type EndedWard = z.infer<typeof EndedWard>

// ---- /api/my/returns ------------------------------------------------------------------------------------------------------

export const RETURN_STATES = [
  'draft',
  'submitted',
  'triaged',
  'host_notified',
  'arrived_confirmed',
  'health_plan_started',
  'completed',
  'cancelled',
  'no_show',
] as const
export const ReturnState = z.enum(RETURN_STATES)
export type ReturnState = z.infer<typeof ReturnState>

/** POST: before travelling. The same id again with another day changes it (until arrival). */
export const PlanReturn = z.strictObject({
  id: Id,
  personId: Id,
  expectedDay: DayText,
  fromArea: Area.optional(),
  fromCountry: Country.optional(),
  transport: Transport,
  number: z.string().trim().max(30).optional(),
  /** Where one will stay, when it is not the home already known. */
  home: Home.optional(),
  companions: z.number().int().min(0).max(20).default(0),
  remark: z.string().trim().max(300).optional(),
})
export type PlanReturn = z.infer<typeof PlanReturn>
export const MyReturn = z.object({
  id: Id,
  personId: Id,
  masked: z.string(),
  state: ReturnState,
  stateName: SayText,
  expectedDay: DaySchema,
  transport: Transport,
  fromName: z.string(),
  areaName: z.string(),
  /** What happens next, in one sentence. */
  next: SayText,
  /** Which steps the resident may take now. */
  may: z.array(z.enum(['change', 'arrive', 'cancel'])),
  steps: z.array(z.object({ state: ReturnState, stateName: SayText, at: Instant })),
})
export type MyReturn = z.infer<typeof MyReturn>
export const MyReturns = z.object({ items: z.array(MyReturn) })
export type MyReturns = z.infer<typeof MyReturns>
/** POST /api/my/returns/:id/step */
export const StepMyReturn = z.strictObject({ id: Id, step: z.enum(['arrive', 'cancel']) })

// ---- /api/my/data: rights on one page ---------------------------------------------------------------------------------------

export const DATA_KINDS = [
  'identity',
  'residence',
  'registration',
  'declarations',
  'returns',
  'family',
  'facts',
  'grades',
  'codes',
  'objections',
  'passes',
  'contradictions',
  'observations',
  'readings',
  'services',
  'visits',
  'tasks',
  'employers',
  'drafts',
  'account',
] as const
export const DataKind = z.enum(DATA_KINDS)
export type DataKind = z.infer<typeof DataKind>
/**
 * GET /api/my/data?personId: everything that is held about a person of mine (REGISTER-20). With `kind` and `page` what of one kind comes
 * after: `next` of the section says which page, and each is asked for until it says null.
 */
export const AskData = z.strictObject({
  personId: Id,
  kind: DataKind.optional(),
  page: z.coerce.number().int().min(0).max(1000).default(0),
})
export const DataSection = z.object({
  kind: DataKind,
  say: SayText,
  /** Who collects it for what, on what basis, who sees it, until when (domain 11.3). */
  why: SayText,
  basis: SayText,
  seenBy: SayText,
  until: SayText,
  total: z.number().int(),
  /** The page that goes on, or null. */
  next: z.number().int().nullable(),
  /** Newest first: label and value of each, in words. */
  items: z.array(z.object({ at: Instant.nullable(), lines: z.array(z.object({ label: SayText, value: z.string() })) })),
  correct: z.enum(['here', 'object', 'desk']),
  /** `now`: erased when asked; `kept`: kept for the reason given, until the day or event given. */
  erase: z.object({ may: z.enum(['now', 'kept']), say: SayText }),
})
export type DataSection = z.infer<typeof DataSection>
export const MyData = z.object({
  personId: Id,
  masked: z.string(),
  sections: z.array(DataSection),
  complain: z.array(z.object({ say: SayText, name: z.string(), phone: z.string().nullable() })),
  asOf: Instant,
})
export type MyData = z.infer<typeof MyData>

/** GET /api/my/data/copy?personId&format: the same and the openings as one file; JSON, CSV (UTF-8 with BOM) or PDF. */
export const CopyData = z.strictObject({ personId: Id, format: z.enum(['json', 'csv', 'pdf']).default('json') })

/** GET /api/my/data/opened?personId: who opened it and why; roles and areas, never names of persons (REGISTER-21). */
export const ListOpened = z.strictObject({ personId: Id, before: Instant.optional() })
export const Opened = z.object({
  at: Instant,
  role: SayText,
  areaName: z.string(),
  what: SayText,
  purpose: z.string().nullable(),
})
export type Opened = z.infer<typeof Opened>
export const OpenedList = z.object({ items: z.array(Opened), total: z.number().int(), next: Instant.nullable() })
export type OpenedList = z.infer<typeof OpenedList>

/** POST /api/my/data/erase */
export const ERASABLE = ['drafts', 'declarations', 'returns', 'registration'] as const
export const EraseData = z.strictObject({ personId: Id, kinds: z.array(z.enum(ERASABLE)).min(1).max(4) })
export const ErasedData = z.object({
  personId: Id,
  results: z.array(
    z.object({ kind: z.enum(ERASABLE), erased: z.number().int(), kept: z.number().int(), why: SayText }),
  ),
})
export type ErasedData = z.infer<typeof ErasedData>
