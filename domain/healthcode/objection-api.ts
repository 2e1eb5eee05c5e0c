import { z } from 'zod'
import { Organised } from '../areas/api.ts'
import { AREA_PATTERN } from '../areas/code.ts'
import { isDay } from '../core/day.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { Colour } from '../grading/rule-set.ts'

/**
 * Wire shapes of objections to a colour (OBJECT-1 … OBJECT-16) and of the temporary paper pass for hardship. What is wrong and
 * what proves it are sealed; everything plain is a word of a closed list, a day, a code.
 */
const Area = z.string().regex(AREA_PATTERN)
const DayText = z.string().refine(isDay)
const SayText = z.object({ zh: z.string(), en: z.string() })
const Instant = z.iso.datetime({ offset: true })
const Id = z.uuid()
const Words = z.string().trim().min(2).max(1000)
const Purpose = z.string().trim().min(2).max(200)

/** OBJECT-1: on what an objection rests. */
export const GROUNDS = [
  'period_over',
  'wrong_person',
  'never_there',
  'not_a_contact',
  'data_late',
  'result_missing',
  'household',
  'other',
] as const
export const Ground = z.enum(GROUNDS)
export type Ground = z.infer<typeof Ground>

/** OBJECT-2: where an objection stands. */
export const OBJECTION_STATES = [
  'submitted',
  'community_review',
  'need_more',
  'supplemented',
  'street_review',
  'county_decision',
  'granted',
  'refused',
  'withdrawn',
] as const
export const ObjectionStateName = z.enum(OBJECTION_STATES)
export type ObjectionStateName = z.infer<typeof ObjectionStateName>

/** Whose turn it is; `city` is above the county, which has let 24 hours pass. */
export const STAGES = ['community', 'street', 'county', 'city'] as const
export const Stage = z.enum(STAGES)
export type Stage = z.infer<typeof Stage>

/** Who speaks: the person, somebody of the family with an account, or somebody at the community desk. */
export const ASKERS = ['self', 'account', 'desk_self', 'desk_relative'] as const
export const Asker = z.enum(ASKERS)
export type Asker = z.infer<typeof Asker>
export const RELATIONS = ['child', 'parent', 'spouse', 'other'] as const
export const Relation = z.enum(RELATIONS)
export type Relation = z.infer<typeof Relation>

export const PROOF_KINDS = ['ticket', 'test', 'paper', 'photo'] as const
export const ProofKind = z.enum(PROOF_KINDS)
export type ProofKind = z.infer<typeof ProofKind>
/** OBJECT-5: pictures as JPEG; a browser makes one of anything else. */
export const MAX_PROOF_BYTES = 1_000_000
export const MAX_PROOFS = 6

/** OBJECT-10: what a desk below has found when it passes an objection on. */
export const FINDINGS = ['supports', 'doubts', 'unclear'] as const
export const Finding = z.enum(FINDINGS)
export type Finding = z.infer<typeof Finding>

/** OBJECT-11: who was wrong, when an objection is granted. */
export const WRONGS = ['source', 'matching', 'late', 'register', 'rule', 'by_hand', 'declaration', 'nobody'] as const
export const Wrong = z.enum(WRONGS)
export type Wrong = z.infer<typeof Wrong>

/** OBJECT-12: why an objection is refused; each says what can be done next. */
export const REFUSALS = ['facts_hold', 'period_runs', 'proof_lacking', 'rule_applies', 'another_person'] as const
export const Refusal = z.enum(REFUSALS)
export type Refusal = z.infer<typeof Refusal>

/** What stands behind a colour, as its holder may read it. `key` names a reason of this person's colour. */
export const ContestedReason = z.object({
  key: z.string(),
  rule: z.string(),
  say: SayText,
  colour: Colour.nullable(),
  household: z.boolean(),
  fact: z.object({
    kind: z.string(),
    say: SayText,
    place: z.string().nullable(),
    placeName: z.string().nullable(),
    from: z.string(),
    to: z.string(),
    source: z.string(),
    sourceName: SayText,
  }),
  day: z.string(),
  until: z.string().nullable(),
})
export type ContestedReason = z.infer<typeof ContestedReason>

const Answer = z.object({
  granted: z.boolean(),
  at: Instant,
  /** granted: who was wrong; refused: why. */
  say: SayText,
  wrong: Wrong.nullable(),
  refusal: Refusal.nullable(),
  /** What the desk wrote to the holder. */
  words: z.string().nullable(),
  colourBefore: Colour.nullable(),
  colourAfter: Colour.nullable(),
  /** OBJECT-12: what can be done next, the nearest first; of a granted one whose colour is not green yet, why. */
  remedies: z.array(SayText),
})

// ---- The resident --------------------------------------------------------------------------------------------------------------

/** GET /api/my/objections: of every person of mine; decided ones until their file is deleted. */
export const AskMyObjections = z.strictObject({})
export const MyObjection = z.object({
  id: Id,
  /** Short enough to be told on the telephone. */
  reference: z.string(),
  personId: Id,
  masked: z.string(),
  self: z.boolean(),
  ground: Ground,
  groundName: SayText,
  colour: Colour.nullable(),
  reason: ContestedReason.nullable(),
  state: ObjectionStateName,
  stateName: SayText,
  stage: Stage,
  /** Where it lies now, by name. */
  deskName: z.string(),
  openedAt: Instant,
  /** By when it is answered at the latest; null while it waits for me. */
  dueBy: Instant.nullable(),
  late: z.boolean(),
  /** What the desk asks for, while the state is need_more. */
  asked: z.string().nullable(),
  /** Until when the review waits for what was asked; then it goes on with what is there. */
  askedUntil: Instant.nullable(),
  words: z.string(),
  proofs: z.array(z.object({ id: Id, kind: ProofKind })),
  answer: Answer.nullable(),
  may: z.array(z.enum(['supplement', 'prove', 'withdraw'])),
  history: z.array(z.object({ at: Instant, say: SayText })),
})
export type MyObjection = z.infer<typeof MyObjection>

/** Who may object now, and to what. */
export const MayObject = z.object({
  personId: Id,
  masked: z.string(),
  self: z.boolean(),
  colour: Colour.nullable(),
  reasons: z.array(ContestedReason),
  may: z.boolean(),
  /** Why not: nothing to object to, or one is under way. */
  why: SayText.nullable(),
})
export type MayObject = z.infer<typeof MayObject>

export const MyPass = z.object({
  id: Id,
  personId: Id,
  masked: z.string(),
  number: z.string(),
  reasonName: SayText,
  from: Instant,
  until: Instant,
})
export type MyPass = z.infer<typeof MyPass>

export const MyObjections = z.object({
  /** Those under way first, then the newest: at most fifty of `total`; all of them stand on the page of rights (REGISTER-20). */
  items: z.array(MyObjection),
  total: z.number().int(),
  people: z.array(MayObject),
  /** Temporary passes that hold now (OBJECT-15); their paper is GET /api/my/passes/:id/pass.pdf. */
  passes: z.array(MyPass),
  grounds: z.array(z.object({ ground: Ground, say: SayText, hint: SayText })),
  asOf: Instant,
})
export type MyObjections = z.infer<typeof MyObjections>

/** POST /api/my/objections: for oneself or for whom one answers. Proof follows by PUT, each picture by its own. */
export const OpenMyObjection = z.strictObject({
  id: Id,
  personId: Id,
  ground: Ground,
  /** `key` of the reason that is wrong; without one the first, which is the strongest. */
  reason: z.string().max(200).optional(),
  words: Words,
})
export type OpenMyObjection = z.infer<typeof OpenMyObjection>
/** POST /api/my/objections/:id/supplement: words and, before or after, pictures. */
export const SupplementMine = z.strictObject({ id: Id, words: Words })
/** POST /api/my/objections/:id/withdraw */
export const WithdrawMine = z.strictObject({ id: Id })
/** Every step of the resident answers with the objection as it is now. */

/** PUT /api/my/objections/:id/proofs/:proof?kind=…, PUT /api/objections/:id/proofs/:proof?kind=…: the bytes of one JPEG. */
export const PutProof = z.strictObject({ id: Id, proof: Id, kind: ProofKind })
export type PutProof = z.infer<typeof PutProof>
export const StoredProof = z.object({ id: Id, bytes: z.number().int() })
export type StoredProof = z.infer<typeof StoredProof>
/** GET /api/my/objections/:id/proofs/:proof; GET /api/objections/:id/proofs/:proof?purpose=…: opened for a purpose that the audit keeps. */
export const OpenMyProof = z.strictObject({ id: Id, proof: Id })
export const OpenProof = z.strictObject({ id: Id, proof: Id, purpose: Purpose })

// ---- The desk ------------------------------------------------------------------------------------------------------------------

const Account = z.object({ id: Id, name: z.string() })

export const ObjectionRow = z.object({
  id: Id,
  reference: z.string(),
  area: z.string(),
  areaName: z.string(),
  personId: Id.nullable(),
  masked: z.string(),
  asker: Asker,
  ground: Ground,
  colour: Colour.nullable(),
  rule: z.string().nullable(),
  ruleName: SayText.nullable(),
  source: z.string().nullable(),
  sourceName: SayText.nullable(),
  state: ObjectionStateName,
  stage: Stage,
  openedAt: Instant,
  openedDay: z.string(),
  /** By when this stage acts, and by when all of it is decided; null while it waits for the holder. */
  dueBy: Instant.nullable(),
  allDueBy: Instant.nullable(),
  /** The stage's time is over or it was escalated for that; 24 hours are over. */
  late: z.boolean(),
  overdue: z.boolean(),
  escalations: z.number().int(),
  proofs: z.number().int(),
  decidedAt: Instant.nullable(),
  minutes: z.number().int().nullable(),
  version: z.number().int(),
})
export type ObjectionRow = z.infer<typeof ObjectionRow>

/**
 * GET /api/objections: what is due first stands first; decided ones by the day of the decision. `near`: less than two hours to a
 * deadline, or past it. `from` and `to` bound the day of opening, for decided ones that of the decision.
 */
export const OBJECTION_LISTS = [
  'open',
  'near',
  'late',
  'overdue',
  'waiting',
  'opened',
  'decided',
  'granted',
  'refused',
  'withdrawn',
] as const
export const ObjectionList = z.enum(OBJECTION_LISTS)
export type ObjectionList = z.infer<typeof ObjectionList>
export const ListObjections = PageQuery.extend({
  list: ObjectionList.default('open'),
  area: Area.optional(),
  stage: Stage.optional(),
  ground: Ground.optional(),
  rule: z.string().max(100).optional(),
  source: z.string().max(100).optional(),
  from: DayText.optional(),
  to: DayText.optional(),
  own: z.stringbool().optional(),
  organised: Organised.optional(),
}).strict()
export type ListObjections = z.infer<typeof ListObjections>
export const ObjectionPage = pageOf(ObjectionRow).extend({ asOf: Instant })

/** POST /api/objections: at the desk, for a person without a phone, or for one who is away by a relative who came. */
export const OpenAtDesk = z.strictObject({
  id: Id,
  personId: Id,
  ground: Ground,
  reason: z.string().max(200).optional(),
  words: Words,
  /** A relative: name, number and relation are sealed; the document was looked at. */
  relative: z
    .strictObject({ relation: Relation, name: z.string().trim().min(1).max(100), phone: z.string().trim().max(40) })
    .optional(),
  /** The document of whoever stands at the desk was seen. */
  documentSeen: z.literal(true),
})
export type OpenAtDesk = z.infer<typeof OpenAtDesk>

/** GET /api/objections/ask?personId=…: what the desk may object to for a person, before it opens one. */
export const AskAtDesk = z.strictObject({ personId: Id })

export const DESK_STEPS = ['take', 'ask', 'supplement', 'pass', 'withdraw'] as const
export const DeskStep = z.enum(DESK_STEPS)
export type DeskStep = z.infer<typeof DeskStep>
/** POST /api/objections/:id/step. ask: words; pass: finding and words; supplement, withdraw: at the desk, on behalf of the holder. */
export const StepObjection = z.strictObject({
  id: Id,
  step: DeskStep,
  finding: Finding.optional(),
  words: Words.optional(),
})
export type StepObjection = z.infer<typeof StepObjection>

/** A fact of the source that is denied; the days may be wider than the fact's own where the proof covers them. */
export const DenyFact = z.strictObject({ factId: Id, from: DayText.optional(), to: DayText.optional() })
/**
 * POST /api/objections/:id/decide. Granted: at least one thing is put right (OBJECT-11): facts that are denied, changes by hand that
 * are ended, or `elsewhere`: the register, a declaration or a result that came was put right there.
 */
export const DecideObjection = z.discriminatedUnion('decision', [
  z.strictObject({
    id: Id,
    decision: z.literal('granted'),
    wrong: Wrong,
    facts: z.array(DenyFact).max(50).default([]),
    manual: z.array(Id).max(20).default([]),
    elsewhere: z.boolean().default(false),
    words: Words,
  }),
  z.strictObject({ id: Id, decision: z.literal('refused'), refusal: Refusal, words: Words }),
])
export type DecideObjection = z.infer<typeof DecideObjection>

/** POST /api/objections/:id/undo: a granted one is taken back by a second person, with a reason (OBJECT-14). */
export const UndoObjection = z.strictObject({ id: Id, words: Words })

export const GetObjection = z.strictObject({ id: Id })

/** One fact of the person as the source gave it. */
export const FactSide = z.object({
  factId: Id,
  kind: z.string(),
  say: SayText,
  place: z.string().nullable(),
  placeName: z.string().nullable(),
  value: z.string().nullable(),
  degree: z.number().int().nullable(),
  from: z.string(),
  to: z.string(),
  source: z.string(),
  sourceName: SayText,
  recordedAt: Instant,
  /** It stands behind the colour that is objected to. */
  behind: z.boolean(),
  /** Denied by an earlier decision and without effect. */
  denied: z.boolean(),
  /** How often this source was found wrong in objections that were decided: of how many. */
  upheld: z.number().int(),
  decided: z.number().int(),
})
export type FactSide = z.infer<typeof FactSide>

export const ObjectionDetail = ObjectionRow.extend({
  reasons: z.array(ContestedReason),
  /** The reason that is objected to. */
  reason: z.string().nullable(),
  facts: z.array(FactSide),
  manual: z.array(
    z.object({
      id: Id,
      say: SayText,
      colour: Colour.nullable(),
      from: z.string(),
      until: z.string(),
      by: Account.nullable(),
      /** The reader decided it and may not decide the objection (OBJECT-9). */
      mine: z.boolean(),
    }),
  ),
  colourNow: Colour.nullable(),
  desk: z.object({ code: z.string(), name: z.string() }),
  proofList: z.array(z.object({ id: Id, kind: ProofKind, bytes: z.number().int(), at: Instant })),
  decision: Answer.omit({ words: true }).nullable(),
  history: z.array(
    z.object({
      n: z.number().int(),
      kind: z.string(),
      by: z.object({ id: Id.nullable(), name: z.string() }),
      at: Instant,
      say: SayText,
      hasText: z.boolean(),
    }),
  ),
  steps: z.array(
    z.object({
      step: z.enum([...DESK_STEPS, 'decide', 'undo']),
      ok: z.boolean(),
      why: SayText.nullable(),
      rule: z.string().nullable(),
    }),
  ),
})
export type ObjectionDetail = z.infer<typeof ObjectionDetail>

/** POST /api/objections/:id/open: what the holder says, for a purpose that the audit keeps. */
export const OpenObjection = z.strictObject({ id: Id, purpose: Purpose })
export const OpenedObjection = z.object({
  id: Id,
  words: z.string().nullable(),
  name: z.string().nullable(),
  phone: z.string().nullable(),
  relative: z.object({ relation: Relation, name: z.string(), phone: z.string() }).nullable(),
  texts: z.array(z.object({ n: z.number().int(), text: z.string() })),
})
export type OpenedObjection = z.infer<typeof OpenedObjection>

/** GET /api/objections/:id/answer.pdf?purpose=…: the answer on paper, for who has no phone (OBJECT-12). */
export const PrintAnswer = z.strictObject({
  id: Id,
  purpose: Purpose.default('打印申诉答复 printing the answer'),
})

/** Every step of the desk answers with this. */
export const SteppedObjection = z.object({
  id: Id,
  state: ObjectionStateName,
  stage: Stage,
  version: z.number().int(),
  /** After a decision: the colour as it is now. */
  colour: Colour.nullable(),
})
export type SteppedObjection = z.infer<typeof SteppedObjection>

/** GET /api/objections/figures: each number opens GET /api/objections with the same area, days and key. */
export const AskObjectionFigures = z.strictObject({
  area: Area.optional(),
  by: z.enum(['rule', 'source', 'ground']).default('rule'),
  from: DayText.optional(),
  to: DayText.optional(),
})
export type AskObjectionFigures = z.infer<typeof AskObjectionFigures>
const Figures = {
  opened: z.number().int(),
  granted: z.number().int(),
  refused: z.number().int(),
  withdrawn: z.number().int(),
  open: z.number().int(),
  late: z.number().int(),
  overdue: z.number().int(),
  /** Granted of all decided; null when none is decided. */
  share: z.number().nullable(),
  /** Minutes from opening to decision, without the time that it waited for the holder. */
  medianMinutes: z.number().int().nullable(),
}
export const ObjectionFigures = z.object({
  area: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  all: z.object(Figures),
  items: z.array(z.object({ key: z.string(), say: SayText, ...Figures })),
  asOf: Instant,
})
export type ObjectionFigures = z.infer<typeof ObjectionFigures>

// ---- The temporary paper pass --------------------------------------------------------------------------------------------------

/** OBJECT-15: for what a centre gives one. It changes no colour. */
export const HARDSHIPS = ['hospital', 'birth', 'funeral', 'dying', 'medicine'] as const
export const Hardship = z.enum(HARDSHIPS)
export type Hardship = z.infer<typeof Hardship>
export const MAX_PASS_HOURS = 24

/** POST /api/hardship-passes. `to`: where to, in words; sealed and printed. */
export const IssuePass = z.strictObject({
  id: Id,
  personId: Id,
  reason: Hardship,
  hours: z.int().min(1).max(MAX_PASS_HOURS),
  to: z.string().trim().min(2).max(200),
})
export type IssuePass = z.infer<typeof IssuePass>
export const PassRow = z.object({
  id: Id,
  area: z.string(),
  areaName: z.string(),
  personId: Id.nullable(),
  masked: z.string(),
  number: z.string(),
  reason: Hardship,
  reasonName: SayText,
  issuedAt: Instant,
  until: Instant,
  by: Account.nullable(),
  state: z.enum(['holds', 'over', 'revoked']),
  revokedAt: Instant.nullable(),
  revokedWhy: z.string().nullable(),
})
export type PassRow = z.infer<typeof PassRow>
/** GET /api/hardship-passes: those that hold, the first to end first; all of a span, newest first. */
export const ListPasses = PageQuery.extend({
  list: z.enum(['holds', 'all']).default('holds'),
  area: Area.optional(),
  from: DayText.optional(),
  to: DayText.optional(),
}).strict()
export type ListPasses = z.infer<typeof ListPasses>
export const PassPage = pageOf(PassRow).extend({ asOf: Instant })
/** POST /api/hardship-passes/:id/revoke */
export const RevokePass = z.strictObject({ id: Id, why: z.enum(['not_needed', 'misused', 'mistake']) })
/** GET /api/hardship-passes/:id/pass.pdf?purpose=… and GET /api/my/passes/:id/pass.pdf */
export const PrintPass = z.strictObject({ id: Id, purpose: Purpose.default('打印临时通行证 printing the pass') })
