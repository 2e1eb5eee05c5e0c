import { z } from 'zod'
import { AREA_PATTERN } from '../areas/code.ts'
import { isDay } from '../core/day.ts'

/**
 * Wire shapes of the code (CODE-1 …): the resident's page (`/api/my/codes…`, whose rows personsOfAccount says), the desk's paper
 * code, and what gates and other places fetch (`/api/code/…`). Bytes travel as base64url without padding.
 */
const Id = z.uuid()
const DayText = z.string().refine(isDay, { message: 'a day as YYYY-MM-DD' })
const Instant = z.iso.datetime({ offset: true })
const SayText = z.object({ zh: z.string(), en: z.string() })
const bytes = (least: number, most: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .min(Math.ceil((least * 4) / 3))
    .max(Math.ceil((most * 4) / 3))

export const CodeColour = z.enum(['red', 'yellow', 'green', 'pending'])

/**
 * none: nobody registered | applied: registered, not yet judged | the four colours | expired: the emergency is over or the
 * registration withdrawn | suspended: the identity is held for review (PEOPLE-5).
 */
export const CODE_STATES = ['none', 'applied', 'green', 'pending', 'yellow', 'red', 'expired', 'suspended'] as const
export const CodeState = z.enum(CODE_STATES)
export type CodeState = z.infer<typeof CodeState>

/** What made a code change. */
export const CODE_TRIGGERS = [
  'applied',
  'declaration',
  'rule',
  'period_over',
  'manual',
  'objection',
  'correction',
  'rule_set',
  'moved',
  'identity',
  'emergency_over',
] as const
export const CodeTrigger = z.enum(CODE_TRIGGERS)
export type CodeTrigger = z.infer<typeof CodeTrigger>

/** Why, from whom, of which day, until when. Of what belongs to somebody behind the same door no place or value is said. */
export const CodeReason = z.object({
  rule: z.string(),
  say: SayText,
  colour: CodeColour,
  /** Where it was said: the name of the office or "your own declaration"; null when no fact stands behind it. */
  source: SayText.nullable(),
  /** The place or the days of the fact in words, when it may be told. */
  what: SayText.nullable(),
  day: DayText.nullable(),
  /** The last day, included; null: until something happens. */
  until: DayText.nullable(),
})
export type CodeReason = z.infer<typeof CodeReason>

export const CodeChange = z.object({
  n: z.number().int(),
  at: Instant,
  from: CodeState,
  to: CodeState,
  trigger: CodeTrigger,
  say: SayText,
  reasons: z.array(CodeReason),
})
export type CodeChange = z.infer<typeof CodeChange>

export const MyCode = z.object({
  personId: Id,
  /** `number`: known by the number of this phone alone, so nobody has said yet who of them holds it (CODE-22). */
  relation: z.enum(['self', 'child', 'parent', 'spouse', 'other', 'number']),
  /** Masked name, as it stands in the code. */
  masked: z.string(),
  state: CodeState,
  /** In words: 绿码, 已登记，等待研判 … */
  stateName: SayText,
  colour: CodeColour.nullable(),
  /** Where the holder may go and what a gate does. */
  means: SayText,
  /** What to do now, in order. */
  todo: z.array(SayText),
  ruleSet: z.object({ short: z.string(), name: SayText }).nullable(),
  fromDay: DayText.nullable(),
  untilDay: DayText.nullable(),
  reasons: z.array(CodeReason),
  /** Newest first, the last fifty; `n` of the first change is 1, so that whoever shows them knows whether there are earlier ones. */
  history: z.array(CodeChange),
  /** Grows with every change of the code: what `fresh` compares. */
  n: z.number().int(),
  mayPaper: z.boolean(),
})
export type MyCode = z.infer<typeof MyCode>

/** GET /api/my/codes: self first, then wards. */
export const AskMyCodes = z.strictObject({})
export const MyCodes = z.object({ items: z.array(MyCode), today: DayText, zone: z.string(), asOf: Instant })
export type MyCodes = z.infer<typeof MyCodes>

/** GET /api/my/codes/:person/history: what came before change `before`, newest first. */
export const AskHistory = z.strictObject({ person: Id, before: z.coerce.number().int().min(1).max(1_000_000_000) })
export const CodeHistory = z.object({ items: z.array(CodeChange) })
export type CodeHistory = z.infer<typeof CodeHistory>

export const DAYS_AHEAD = 3

/**
 * POST /api/my/codes/:person/days. One key a day, made on the phone and never leaving it: a point of P-256, 33 or 65 bytes. The
 * same key again for the same day gives the standing credential, or a new one after a change of colour.
 */
export const AskDays = z.strictObject({
  person: Id,
  days: z
    .array(z.strictObject({ day: DayText, publicKey: bytes(33, 65) }))
    .min(1)
    .max(DAYS_AHEAD)
    .refine((days) => new Set(days.map(({ day }) => day)).size === days.length, { message: 'each day once' }),
})
export type AskDays = z.infer<typeof AskDays>

export const DayCredential = z.object({
  day: DayText,
  /** The COSE bytes for presentationText. */
  credential: z.string(),
  codeId: z.string(),
  /** The same point, 33 bytes: which of the phone's keys it is for. */
  holder: z.string(),
  from: Instant,
  /** Exclusive. */
  until: Instant,
})
export type DayCredential = z.infer<typeof DayCredential>

/**
 * What `days` and `fresh` answer, with an ETag. `nextS`: after how many seconds to ask again, spread over phones (CODE-18).
 * `missing`: days that have no credential and why (the colour ends before, or nothing is judged yet).
 */
export const FreshCodes = z.object({
  n: z.number().int(),
  state: CodeState,
  credentials: z.array(DayCredential),
  missing: z.array(z.object({ day: DayText, why: SayText })),
  nextS: z.number().int(),
  asOf: Instant,
})
export type FreshCodes = z.infer<typeof FreshCodes>

/** GET /api/my/codes/:person/fresh; If-None-Match gives 304, 503 with Retry-After at the peak: what is on the phone stays valid. */
export const AskFresh = z.strictObject({ person: Id })

/** POST /api/my/codes/:person/paper → PDF. */
export const AskMyPaper = z.strictObject({ person: Id })
/** POST /api/codes/:person/paper → PDF: at the desk, for somebody who stands there. */
export const AskPaper = z.strictObject({
  person: Id,
  purpose: z.string().trim().min(2).max(200).default('打印纸质码 printing a paper code'),
})

/** GET /api/codes/:person: what the desk says to somebody who asks about their code. */
export const AskCode = z.strictObject({ person: Id })
export const CodeView = MyCode.omit({ relation: true }).extend({
  area: z.string(),
  /** Stopped to the end of this day (CODE-21). */
  heldUntil: DayText.nullable(),
  /** Whether this reader may print, stop and let it go on. */
  mayAct: z.boolean(),
})
export type CodeView = z.infer<typeof CodeView>

/**
 * CODE-21. phone_lost: the holder says that the phone is gone: everything on it ends, the colour stays. used_by_others,
 * not_the_holder: somebody else uses the code, or was registered with the document: no colour until a desk has seen the card.
 */
export const STOP_REASONS = ['phone_lost', 'used_by_others', 'not_the_holder'] as const
export const StopReason = z.enum(STOP_REASONS)
export type StopReason = z.infer<typeof StopReason>
/** POST /api/codes/:person/stop */
export const StopCode = z.strictObject({ person: Id, why: StopReason, words: z.string().trim().min(2).max(500) })
/** POST /api/codes/:person/resume: the card was seen. */
export const ResumeCode = z.strictObject({
  person: Id,
  cardSeen: z.literal(true),
  words: z.string().trim().min(2).max(500),
})
export const StoppedCode = z.object({
  personId: Id,
  state: CodeState,
  heldUntil: DayText.nullable(),
  ended: z.number().int(),
})
export type StoppedCode = z.infer<typeof StoppedCode>

// ---- Gates and other places -----------------------------------------------------------------------------------------------

export const CodeKey = z.object({
  /** Hex of four bytes. */
  kid: z.string().regex(/^[0-9a-f]{8}$/),
  /** The point, 65 bytes. */
  publicKey: z.string(),
  /** Seconds, like the claims: codes signed with it hold from … until (exclusive). */
  from: z.number().int(),
  until: z.number().int(),
  revokedAt: z.number().int().nullable(),
})

/** GET /api/code/keys: public keys are public. `now` is the server's clock in seconds, for a gate to set its trust by. */
export const AskKeys = z.strictObject({})
export const CodeKeys = z.object({
  keys: z.array(CodeKey),
  ruleSets: z.array(z.object({ short: z.string(), name: SayText, area: z.string() })),
  issuer: z.object({ name: SayText, url: z.string().nullable() }),
  now: z.number(),
})
export type CodeKeys = z.infer<typeof CodeKeys>

/** GET /api/code/revocations?since=&epoch= → application/cbor, as decodeRevocations reads it. */
export const AskRevocations = z.strictObject({
  since: z.coerce.number().int().min(0).default(0),
  epoch: z.coerce.number().int().min(0).default(0),
})

/** POST /api/code/verify, with the machine key of another place (Bearer …): one scanned text, one verdict, nothing kept. */
export const VerifyCode = z.strictObject({ text: z.string().min(1).max(1000) })
export const CodeVerdict = z.object({
  verdict: z.enum(['colour', 'by_hand', 'refused']),
  colour: CodeColour.nullable(),
  why: SayText.nullable(),
  rule: z.string().nullable(),
  masked: z.string().nullable(),
  paper: z.boolean(),
  /** Colours of different rule sets are never compared: whose rules gave it. */
  ruleSet: z.object({ short: z.string(), name: SayText, area: z.string() }).nullable(),
  until: Instant.nullable(),
  listAgeS: z.number().nullable(),
  at: Instant,
})
export type CodeVerdict = z.infer<typeof CodeVerdict>

/** GET /api/my/codes/:person/export: one's own code in the elements of GB/T 38961/38962 (docs/gbt-38961.md), to hand over. */
export const ExportedCode = z.object({
  standard: z.string(),
  personalBasic: z.object({ name: z.string(), nationality: z.string().nullable(), regDivision: z.string() }),
  health: z.object({
    healthState: CodeColour.nullable(),
    stateSource: SayText.nullable(),
    ruleSet: z.string().nullable(),
    reasons: z.array(SayText),
  }),
  code: z.object({ issuedAt: Instant.nullable(), expiresAt: Instant.nullable() }),
})
export type ExportedCode = z.infer<typeof ExportedCode>

// ---- Other places that ask for verdicts (CODE-20) ---------------------------------------------------------------------------

export const PARTNER_STATES = ['proposed', 'refused', 'open', 'over', 'ended'] as const
/** POST /api/code/partners: proposed by one; a second person decides, and is told the key. */
export const MakePartner = z.strictObject({
  area: z.string().regex(AREA_PATTERN),
  name: z.string().trim().min(2).max(100),
  purpose: z.string().trim().min(2).max(300),
  /** The last day on which it is answered. */
  until: DayText,
})
const Asked = z.object({ colour: z.number().int(), byHand: z.number().int(), refused: z.number().int() })
export const Partner = z.object({
  id: Id,
  area: z.string(),
  areaName: z.string(),
  name: z.string(),
  purpose: z.string(),
  until: DayText,
  state: z.enum(PARTNER_STATES),
  madeBy: z.string(),
  madeAt: Instant,
  decidedBy: z.string().nullable(),
  decidedAt: Instant.nullable(),
  endedBy: z.string().nullable(),
  endedAt: Instant.nullable(),
  endReason: z.string().nullable(),
  mine: z.boolean(),
  mayDecide: z.boolean(),
  mayEnd: z.boolean(),
  /** Verdicts given, by kind; of what was asked nothing is kept. */
  today: Asked,
  fortnight: Asked,
  lastDay: DayText.nullable(),
})
export type Partner = z.infer<typeof Partner>
/** GET /api/code/partners: at most 500, the newest first. */
export const ListPartners = z.strictObject({})
export const PartnerList = z.object({ items: z.array(Partner) })
export type PartnerList = z.infer<typeof PartnerList>
/** POST /api/code/partners/:id/decide. The key is told once, here. */
export const DecidePartner = z.strictObject({ id: Id, approve: z.boolean() })
export const DecidedPartner = Partner.extend({ key: z.string().nullable() })
export type DecidedPartner = z.infer<typeof DecidedPartner>
/** POST /api/code/partners/:id/end: at once and by one person, since a key that was lost must not wait for a second. */
export const EndPartner = z.strictObject({ id: Id, reason: z.string().trim().min(2).max(300) })

export const KeyRef = z.strictObject({
  kid: z.string().regex(/^[0-9a-f]{8}$/),
  reason: z.string().trim().min(2).max(300),
})
