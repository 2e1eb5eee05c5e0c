/** Wire shapes of gates: the gate's own app (`/api/gate…`, `/api/passages`) and the desk (`/api/gates…`). */
import { z } from 'zod'
import { Organised } from '../areas/api.ts'
import { AREA_PATTERN } from '../areas/code.ts'
import { DaySchema, SaySchema } from '../core/api.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { TEMPERATURE } from '../observation/temperature.ts'
import {
  CHECKS,
  DIRECTIONS,
  DISPOSITIONS,
  GATE_COLOURS,
  GATE_KINDS,
  GatePolicy,
  HOME_PROOFS,
  LANES,
  REFER_WHY,
  VERDICTS,
} from './gate.ts'

const Area = z.string().regex(AREA_PATTERN)
const Id = z.uuid()
const At = z.iso.datetime({ offset: true })
const Temperature = z.int().min(TEMPERATURE.least).max(TEMPERATURE.most)
const Words = z.object({ zh: z.string(), en: z.string() })
const Count = z.number().int()
export const CodeId = z.string().regex(/^[0-9a-f]{16}$/)
export const GateId = z.strictObject({ id: Id })
export const GateDone = z.object({ id: Id })

// ---- the gate's app: what it needs to work without the server -----------------------------------------------------------------
/** GET /api/gate/me */
export const AskMyGates = z.strictObject({})
export const MyGate = z.object({
  id: Id,
  name: Words,
  kind: z.enum(GATE_KINDS),
  area: z.string(),
  areaName: z.string(),
  policy: GatePolicy,
  /** Raised with every change of the gate. */
  version: Count,
  /** The shift at this gate in which I am on the roster now, or next within 12 hours. */
  shift: z.object({ startsAt: z.string(), endsAt: z.string(), now: z.boolean() }).nullable(),
  today: z.object({
    passages: Count,
    notGreen: Count,
    fever: Count,
    referrals: Count,
    /** Fevers that rest and were not measured again yet. */
    resting: Count,
  }),
})
export type MyGate = z.infer<typeof MyGate>
export const MyGates = z.object({
  now: z.string(),
  today: DaySchema,
  zone: z.string(),
  exercise: z.boolean(),
  account: z.object({ id: Id, name: z.string() }),
  /** The gate of my shift first; empty: no duty at any gate today. */
  gates: z.array(MyGate),
  /** Raw P-256 point (65 bytes, base64url) to which the queue is sealed (domain/core/sealed-box.ts), and its id. */
  sealKey: z.object({ id: z.string(), point: z.string() }),
  keepDays: Count,
})
export type MyGates = z.infer<typeof MyGates>

// ---- passages up ----------------------------------------------------------------------------------------------------------------
/** Visitors of an estate: kept with the passage and for its days, never compared with anybody (GATE-9). */
export const Visitor = z.strictObject({
  name: z.string().trim().min(1).max(60),
  document: z.string().trim().max(40),
  phone: z.string().trim().max(30),
  purpose: z.string().trim().max(100),
  host: z.string().trim().max(60),
})
export type Visitor = z.infer<typeof Visitor>
export const PassagePrivate = z.strictObject({
  /** The random code id of the day, hex; null in lanes without a code. Never a key, never a name (GATE-10). */
  codeId: CodeId.nullable(),
  plate: z.string().trim().max(20).nullable(),
  visitor: Visitor.nullable(),
})
export type PassagePrivate = z.infer<typeof PassagePrivate>
export const ReferralPrivate = z.strictObject({
  name: z.string().trim().min(1).max(60),
  document: z.string().trim().max(40),
  phone: z.string().trim().max(30),
  /** Where the person lives, as said; resolved to the grid by the server. */
  address: z.string().trim().max(200),
  note: z.string().trim().max(300),
})
export type ReferralPrivate = z.infer<typeof ReferralPrivate>
/** The same as text (JSON) in a box sealed to `sealKey` under the item's `id`, so that a queue on a phone says nothing. */
const Box = z.strictObject({ keyId: z.string().max(40), box: z.string().max(8_000) })

/**
 * One person through a gate. Exactly one of `private` and `sealed`. `id` is made by the gate (UUIDv7) and makes a repeat harmless.
 * `at`: the gate's clock at the time; an instant after the server's own is taken as the server's.
 */
export const PassageItem = z.strictObject({
  kind: z.literal('passage'),
  id: Id,
  gateId: Id,
  at: At,
  clockTrusted: z.boolean(),
  /** Age of the gate's list of revoked codes at the check, in minutes; null: it had none, or the lane needs none. */
  listAgeMin: z.int().min(0).nullable(),
  direction: z.enum(DIRECTIONS),
  lane: z.enum(LANES),
  check: z.enum(CHECKS).nullable(),
  /** The rule by which a code was refused or to be checked by hand, for example CODE-12. */
  checkRule: z.string().max(20).nullable(),
  /** Shown only for a valid code (or one by document); null otherwise. */
  colour: z.enum(GATE_COLOURS).nullable(),
  verdict: z.enum(VERDICTS),
  temperature: Temperature.nullable(),
  /** A second measurement made before the item was sent. */
  retest: z.strictObject({ at: At, temperature: Temperature }).nullable(),
  /** Others in the same vehicle that were not looked at one by one; whoever was has an item of his own. */
  companions: z.int().min(0).max(99).nullable(),
  private: PassagePrivate.optional(),
  sealed: Box.optional(),
})
export type PassageItem = z.infer<typeof PassageItem>
/** A fever measured again after rest, sent after its passage. */
export const RetestItem = z.strictObject({
  kind: z.literal('retest'),
  id: Id,
  gateId: Id,
  passageId: Id,
  at: At,
  temperature: Temperature,
})
/** Where somebody went who did not simply pass (GATE-7); `grid` makes a task for the grid of the home. */
export const ReferralItem = z.strictObject({
  kind: z.literal('referral'),
  id: Id,
  gateId: Id,
  passageId: Id.nullable(),
  at: At,
  why: z.enum(REFER_WHY),
  disposition: z.enum(DISPOSITIONS),
  homeProof: z.enum(HOME_PROOFS).nullable(),
  /** A finest known area of the home, when the gate's people know it. */
  homeArea: Area.nullable(),
  /** Whom the gate has called. */
  called: z.string().trim().max(60).nullable(),
  private: ReferralPrivate.optional(),
  sealed: Box.optional(),
})
export type ReferralItem = z.infer<typeof ReferralItem>
/** Somebody who has said that they come back stands at the gate (GATE-14): a word of its own, beside no passage and no code. */
export const ArrivalItem = z.strictObject({
  kind: z.literal('arrival'),
  id: Id,
  gateId: Id,
  at: At,
  /** Of the list of who is expected. */
  returnId: Id,
})
export type ArrivalItem = z.infer<typeof ArrivalItem>
export const GateItem = z.discriminatedUnion('kind', [PassageItem, RetestItem, ReferralItem, ArrivalItem])
export type GateItem = z.infer<typeof GateItem>

export const MAX_ITEMS = 200
/** POST /api/passages. Items are read one by one: what one of them lacks never holds its neighbours up (cases 41, 64). */
export const FilePassages = z.object({ items: z.array(z.unknown()).max(MAX_ITEMS) })
export const PASSAGE_OUTCOMES = ['accepted', 'duplicate', 'refused', 'later'] as const
/**
 * accepted, duplicate: the server has it, drop it. refused: it never will, with the reason; show it and let it be removed. later:
 * nothing was decided, keep it and come again.
 */
export const PassageResult = z.object({
  id: z.string(),
  outcome: z.enum(PASSAGE_OUTCOMES),
  problem: z
    .object({ code: z.string(), rule: z.string().optional(), message: Words, remedy: Words.optional() })
    .loose()
    .optional(),
  recordedAt: z.string().optional(),
  /** Of a referral to the grid: the reference of its task, to be read out; `areaName` when the gate itself named the home area. */
  task: z.object({ reference: z.string(), areaName: z.string().nullable() }).optional(),
})
export type PassageResult = z.infer<typeof PassageResult>
export const FiledPassages = z.object({
  now: z.string(),
  /** One for each item, in the order of the items. */
  results: z.array(PassageResult),
})
export type FiledPassages = z.infer<typeof FiledPassages>

// ---- code by identity document ----------------------------------------------------------------------------------------------------
/** POST /api/gate/document: `number` from a reader or typed; the name on the card must go with it (GATE-8). */
export const AskByDocument = z.strictObject({
  gateId: Id,
  kind: z.enum(['resident', 'hmt_residence', 'hm_travel', 'tw_travel', 'passport', 'permanent']).default('resident'),
  /** Of a passport: who issued it, two or three letters. */
  country: z.string().trim().max(3).optional(),
  number: z.string().trim().min(4).max(40),
  name: z.string().trim().min(1).max(60),
  how: z.enum(['reader', 'typed']),
})
export type AskByDocument = z.infer<typeof AskByDocument>
/**
 * `none`: no code of today goes with this document and name. It does not tell whether the document or the name is known; go on in
 * the lane without a code.
 */
export const ByDocument = z.discriminatedUnion('result', [
  z.object({
    result: z.literal('colour'),
    colour: z.enum(GATE_COLOURS),
    /** 张*明 */
    name: z.string(),
    /** The instant until which the colour is valid. */
    until: z.string(),
    /** For the passage: the code id of the day, as if the code had been shown. */
    codeId: CodeId.nullable(),
    why: Words,
  }),
  z.object({ result: z.literal('none'), why: Words }),
])
export type ByDocument = z.infer<typeof ByDocument>

/** GET /api/gate/passes?gateId=: temporary passes valid now; the short id on the paper is compared with these. */
export const AskPasses = z.strictObject({ gateId: Id })
export const GatePass = z.object({
  /** The number that the paper says. */
  shortId: z.string(),
  /** 张*明 */
  name: z.string(),
  purpose: Words,
  from: z.string(),
  until: z.string(),
  /** What the list of replaced codes calls it when it is revoked, and what the passage notes (OBJECT-17). */
  mark: CodeId,
})
export type GatePass = z.infer<typeof GatePass>
export const GatePasses = z.object({ asOf: z.string(), items: z.array(GatePass) })
export type GatePasses = z.infer<typeof GatePasses>

/** GET /api/gate/expected?gateId=: who has told of a return behind this gate and has not come yet, the nearest day first (GATE-14). */
export const AskExpected = z.strictObject({ gateId: Id })
export const ExpectedReturn = z.object({
  id: Id,
  /** 张*明 */
  name: z.string(),
  expectedDay: DaySchema,
  /** Past the days that are waited for. */
  late: z.boolean(),
  fromName: z.string(),
  level: z.enum(['high', 'medium', 'low']).nullable(),
  transport: Words,
  companions: Count,
})
export type ExpectedReturn = z.infer<typeof ExpectedReturn>
export const ExpectedReturns = z.object({ asOf: z.string(), items: z.array(ExpectedReturn), total: Count })
export type ExpectedReturns = z.infer<typeof ExpectedReturns>

// ---- the desk -----------------------------------------------------------------------------------------------------------------------
const GateFields = {
  name: SaySchema,
  kind: z.enum(GATE_KINDS),
  policy: GatePolicy,
}
export const GATE_LISTS = ['open', 'closed', 'unstaffed'] as const
export const ListGates = PageQuery.extend({
  area: Area.optional(),
  list: z.enum(GATE_LISTS).default('open'),
  kind: z.enum(GATE_KINDS).optional(),
}).strict()
export type ListGates = z.output<typeof ListGates>
export const GateView = z.object({
  id: Id,
  area: z.string(),
  areaName: z.string(),
  name: Words,
  kind: z.enum(GATE_KINDS),
  policy: GatePolicy,
  version: Count,
  /** The post in whose roster the shifts of the gate stand (Forces). */
  postId: Id,
  openedAt: z.string(),
  closedAt: z.string().nullable(),
  /** People on the roster now, and how many more the running shift asks for; null: no shift runs now. */
  staff: z.object({ now: Count, missing: Count, until: z.string() }).nullable(),
  shiftsAhead: Count,
  today: z.object({ passages: Count, notGreen: Count, fever: Count, referrals: Count }),
})
export type GateView = z.infer<typeof GateView>
export const GatePage = pageOf(GateView)
/** `postId`: an existing post of kind gate to become one; otherwise a post is made with it. */
export const AddGate = z.strictObject({ id: Id, area: Area, ...GateFields, postId: Id.optional() })
export type AddGate = z.infer<typeof AddGate>
export const EditGate = z.strictObject({ id: Id, version: Count, ...GateFields })
export type EditGate = z.infer<typeof EditGate>
export const CloseGate = z.strictObject({ id: Id, reason: z.string().trim().min(2).max(300) })

/** What a figure counts; each opens ListPassages with the same `list`, gate, day and hour. */
export const PASSAGE_LISTS = [
  'all',
  'in',
  'out',
  'green',
  'yellow',
  'red',
  'pending',
  'no_colour',
  'by_hand',
  'refused_code',
  'fever',
  'fever_twice',
  'resting',
  'refer',
  'emergency',
  'no_code',
  'visitor',
  'hardship',
  'vehicle',
] as const
export type PassageList = (typeof PASSAGE_LISTS)[number]
export const AskGateFigures = z.strictObject({ area: Area.optional(), day: DaySchema.optional(), gate: Id.optional() })
export const GateFigure = z.object({
  gateId: Id,
  name: Words,
  areaName: z.string(),
  /** 0 to 23 of the local day, in which the passage was; null: the whole day. */
  hour: Count.nullable(),
  counts: z.partialRecord(z.enum(PASSAGE_LISTS), Count),
})
export type GateFigure = z.infer<typeof GateFigure>
export const GateFigures = z.object({
  day: DaySchema,
  asOf: z.string(),
  total: z.partialRecord(z.enum(PASSAGE_LISTS), Count),
  /** Whole days of gates, the busiest first, at most 200; `gates` how many there are. */
  rows: z.array(GateFigure),
  gates: Count,
  /** By hour: of one gate when one was asked for, otherwise of all together. */
  hours: z.array(z.object({ hour: Count, counts: z.partialRecord(z.enum(PASSAGE_LISTS), Count) })),
})
export type GateFigures = z.infer<typeof GateFigures>

/** Where a list looks; `own`, `organised`, `from` and `to` come from the doors of figures. A day goes before a span. */
const Place = {
  area: Area.optional(),
  own: z.stringbool().optional(),
  organised: Organised.optional(),
  from: DaySchema.optional(),
  to: DaySchema.optional(),
}
export const ListPassages = PageQuery.extend({
  ...Place,
  gate: Id.optional(),
  day: DaySchema.optional(),
  hour: z.coerce.number().int().min(0).max(23).optional(),
  list: z.enum(PASSAGE_LISTS).default('all'),
}).strict()
export type ListPassages = z.output<typeof ListPassages>
/** A passage as a desk sees it: never a code id, a plate, a visitor or a person (GATE-10). */
export const PassageView = z.object({
  id: Id,
  gateId: Id,
  gate: Words,
  areaName: z.string(),
  at: z.string(),
  direction: z.enum(DIRECTIONS),
  lane: z.enum(LANES),
  check: z.enum(CHECKS).nullable(),
  checkRule: z.string().nullable(),
  colour: z.enum(GATE_COLOURS).nullable(),
  verdict: z.enum(VERDICTS),
  temperature: z.number().int().nullable(),
  retest: z.number().int().nullable(),
  retestAt: z.string().nullable(),
  companions: Count.nullable(),
  clockTrusted: z.boolean(),
  recordedAt: z.string(),
})
export type PassageView = z.infer<typeof PassageView>
export const PassagePage = pageOf(PassageView)

export const REFERRAL_LISTS = [
  'open',
  'all',
  'grid',
  'fever_clinic',
  'isolation_site',
  'turned_back',
  'cleared',
] as const
export const ListReferrals = PageQuery.extend({
  ...Place,
  gate: Id.optional(),
  day: DaySchema.optional(),
  list: z.enum(REFERRAL_LISTS).default('open'),
}).strict()
export type ListReferrals = z.output<typeof ListReferrals>
export const ReferralView = z.object({
  id: Id,
  gateId: Id,
  gate: Words,
  areaName: z.string(),
  at: z.string(),
  why: z.enum(REFER_WHY),
  disposition: z.enum(DISPOSITIONS),
  /** Where the person's grid is, when it is known. */
  homeAreaName: z.string().nullable(),
  task: z.object({ id: Id, county: z.string(), reference: z.string(), state: z.string() }).nullable(),
  called: z.string().nullable(),
  /** 张*明 */
  name: z.string(),
  /** arrived: the clinic, site or grid has the person. lost: did not arrive; the desk follows up. */
  outcome: z.enum(['arrived', 'lost', 'none_needed']).nullable(),
  closedAt: z.string().nullable(),
  closedBy: z.string().nullable(),
})
export type ReferralView = z.infer<typeof ReferralView>
export const ReferralPage = pageOf(ReferralView)
export const CloseReferral = z.strictObject({
  id: Id,
  outcome: z.enum(['arrived', 'lost', 'none_needed']),
})
export const OpenReferral = z.strictObject({ id: Id, purpose: z.enum(['contact_person', 'hand_over']) })
export const OpenedReferral = ReferralPrivate.strip()
export type OpenedReferral = z.infer<typeof OpenedReferral>

// ---- opening passages to find contacts -----------------------------------------------------------------------------------------------
export const MAX_OPENING_GATES = 5
export const MAX_OPENING_HOURS = 4
/** Where a case was and when, in hours; nothing here names a person, a code or a vehicle, and nothing can (GATE-11). */
export const ProposeOpening = z.strictObject({
  id: Id,
  caseNumber: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff〔〕()（）/_-]{3,39}$/),
  gateIds: z.array(Id).min(1).max(MAX_OPENING_GATES),
  from: At,
  to: At,
  reason: z.string().trim().min(4).max(300),
})
export type ProposeOpening = z.infer<typeof ProposeOpening>
export const OPENING_STATES = ['proposed', 'refused', 'done', 'gone'] as const
export const ListOpenings = PageQuery.extend({
  area: Area.optional(),
  state: z.enum(OPENING_STATES).optional(),
}).strict()
export type ListOpenings = z.output<typeof ListOpenings>
export const OpeningView = z.object({
  id: Id,
  area: z.string(),
  areaName: z.string(),
  caseNumber: z.string(),
  gates: z.array(z.object({ id: Id, name: Words })),
  from: z.string(),
  to: z.string(),
  reason: z.string(),
  state: z.enum(OPENING_STATES),
  proposedBy: z.string(),
  proposedAt: z.string(),
  decidedBy: z.string().nullable(),
  decidedAt: z.string().nullable(),
  /** Passages in the window, those of whom the code is known, and the people they come to; null before it is done. */
  counts: z.object({ passages: Count, withCode: Count, people: Count }).nullable(),
  mine: z.boolean(),
  mayDecide: z.boolean(),
  /** The day after which the result is gone with the passages. */
  goneAfter: DaySchema,
})
export type OpeningView = z.infer<typeof OpeningView>
export const OpeningPage = pageOf(OpeningView)
export const DecideOpening = z.strictObject({
  id: Id,
  approve: z.boolean(),
  note: z.string().trim().max(300).default(''),
})
export const ReadOpening = z.strictObject({ id: Id })
/** Who passed the same gates in the window: nothing of when, where and how often (GATE-11). */
export const OpeningResult = z.object({
  id: Id,
  people: z.array(
    z.object({
      /** Null outside one's own area: the centre there finds the person. */
      personId: Id.nullable(),
      name: z.string(),
      areaName: z.string(),
    }),
  ),
  /** Visitors of estates in the window, as they gave their names: they are looked for by telephone. */
  visitors: z.array(z.object({ name: z.string(), phone: z.string() })),
  plates: z.array(z.string()),
})
export type OpeningResult = z.infer<typeof OpeningResult>

// ---- deletion ---------------------------------------------------------------------------------------------------------------------
export const ListDeletionDays = z.strictObject({})
export const AskDeletionProof = z.strictObject({ day: DaySchema })
/** GATE-12: what is said, signed and can be verified with the deployment's public key, about one day of passages. */
export const DeletionProof = z.object({
  day: DaySchema,
  keepDays: Count,
  /** The first day on which nothing of this day is kept any more. */
  goneFrom: DaySchema,
  state: z.enum(['kept', 'due', 'gone']),
  /** Looked at now: rows that the tables and their indexes still reach. */
  reach: z.array(z.object({ table: z.string(), rows: Count })),
  deleted: z.array(z.object({ manifest: Id, at: z.string(), tables: z.record(z.string(), Count), hash: z.string() })),
  keys: z.array(z.object({ id: Id, destroyedAt: z.string().nullable() })),
  exports: z.object({ made: Count, say: Words }),
  backups: z.object({
    kept: Count,
    /** Those that were taken while rows of the day were there: their passages are noise without the key. */
    holdingDay: z.array(z.object({ place: z.string(), coversUntil: z.string(), goneBy: z.string().nullable() })),
    say: Words,
  }),
  signedAt: z.string(),
  text: z.string(),
  signature: z.string(),
  publicKey: z.string(),
})
export type DeletionProof = z.infer<typeof DeletionProof>
export const DeletionDays = z.object({
  items: z.array(z.object({ day: DaySchema, rows: Count, state: z.enum(['kept', 'due', 'gone']) })),
})
export type DeletionDays = z.infer<typeof DeletionDays>
