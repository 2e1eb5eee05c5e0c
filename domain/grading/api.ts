import { z } from 'zod'
import { AREA_PATTERN } from '../areas/code.ts'
import { isDay } from '../core/day.ts'
import { PageQuery } from '../core/page.ts'
import { MANUAL_REASONS } from './reasons.ts'
import { Colour, Grade, RuleSetDocument } from './rule-set.ts'

/**
 * The wire of the grading room: rule sets, runs and previews, graded people, manual changes. Requests are strict; lists
 * answer `pageOf(...)` of domain/core/page. Paths stand beside each schema.
 */
const Area = z.string().regex(AREA_PATTERN)
const DayText = z.string().refine(isDay, { message: '日期须为 YYYY-MM-DD · a day is YYYY-MM-DD' })
const SayText = z.object({ zh: z.string(), en: z.string() })
const Instant = z.iso.datetime({ offset: true })

/** One fault of a rule set: where, what and what to do. `level` 'error' refuses the save, 'hint' does not. */
export const Fault = z.object({
  path: z.string(),
  level: z.enum(['error', 'hint']),
  rule: z.string(),
  message: SayText,
  remedy: SayText,
})
export type Fault = z.infer<typeof Fault>

export const RULE_SET_STATES = ['draft', 'proposed', 'active', 'retired'] as const
export const RuleSetState = z.enum(RULE_SET_STATES)

/** What the reader may do with a proposal (ACCESS-6): whether he made it, and whether he may decide it. Names say nothing of either. */
const Decidable = { mine: z.boolean(), mayDecide: z.boolean() }

const RuleSetHead = z.object({
  id: z.uuid(),
  code: z.string(),
  version: z.number().int(),
  area: Area,
  name: SayText,
  state: RuleSetState,
  rules: z.number().int(),
  createdBy: z.string().nullable(),
  proposedBy: z.string().nullable(),
  ...Decidable,
  approvedBy: z.string().nullable(),
  createdAt: Instant,
  activatedAt: Instant.nullable(),
  retiredAt: Instant.nullable(),
})

/** GET /api/rule-sets → pageOf(RuleSetSummary): own area and those above it, newest first. */
export const ListRuleSets = z.strictObject({
  ...PageQuery.shape,
  state: RuleSetState.optional(),
  code: z.string().max(40).optional(),
})
export type ListRuleSets = z.infer<typeof ListRuleSets>
export const RuleSetSummary = RuleSetHead
export type RuleSetSummary = z.infer<typeof RuleSetSummary>

/** GET /api/rule-sets/:id → RuleSetView; also the parameter of propose, approve and refuse. */
export const RuleSetRef = z.strictObject({ id: z.uuid() })
export type RuleSetRef = z.infer<typeof RuleSetRef>

/** A rule as people read it, in the order of the rule set. */
export const RuleSentence = z.object({ id: z.string(), sentence: SayText })
export type RuleSentence = z.infer<typeof RuleSentence>

export const RuleSetView = RuleSetHead.extend({
  document: RuleSetDocument,
  sentences: z.array(RuleSentence),
  faults: z.array(Fault),
  /** The newest preview of exactly this version, or null: without one it cannot be proposed (GRADE-20). */
  previewRunId: z.uuid().nullable(),
})
export type RuleSetView = z.infer<typeof RuleSetView>

/** GET /api/rule-set-presets → { items: RuleSetPreset[] } */
export const RuleSetPreset = z.object({ document: RuleSetDocument, sentences: z.array(RuleSentence) })
export type RuleSetPreset = z.infer<typeof RuleSetPreset>

/** POST /api/rule-sets/validate → Validation. The document may be anything: what does not parse is told as faults. */
export const ValidateRuleSet = z.strictObject({ document: z.unknown() })
export type ValidateRuleSet = z.infer<typeof ValidateRuleSet>
export const Validation = z.object({ ok: z.boolean(), faults: z.array(Fault), sentences: z.array(RuleSentence) })
export type Validation = z.infer<typeof Validation>

/** POST /api/rule-sets → RuleSetView: a new draft version of `code`, refused with RULE_SET_FAULTY when it has errors. */
export const SaveRuleSet = z.strictObject({ document: z.unknown() })
export type SaveRuleSet = z.infer<typeof SaveRuleSet>

/**
 * POST /api/rule-sets/:id/propose → RuleSetView (after a preview).
 * POST /api/rule-sets/:id/approve → RuleSetActivated: a second person; the former one of the area retires, a full run starts.
 * POST /api/rule-sets/:id/refuse → RuleSetView (back to draft).
 */
export const RefuseRuleSet = z.strictObject({ id: z.uuid(), reason: z.string().trim().min(2).max(500) })
export type RefuseRuleSet = z.infer<typeof RefuseRuleSet>
export const RuleSetActivated = z.object({ ruleSet: RuleSetView, runId: z.uuid() })
export type RuleSetActivated = z.infer<typeof RuleSetActivated>

export const RUN_KINDS = ['full', 'incremental', 'preview'] as const
/** waiting: proposed, waits for the second person; held: stopped by the guard before it took effect (GRADE-22). */
export const RUN_STATES = ['waiting', 'running', 'done', 'held', 'refused', 'failed'] as const

/** Before and after; null stands for "no grade" and "no colour". */
export const ChangeCell = z.object({
  before: z.string().nullable(),
  after: z.string().nullable(),
  persons: z.number().int(),
})
export type ChangeCell = z.infer<typeof ChangeCell>

export const AreaChange = z.object({
  area: Area,
  name: z.string(),
  /** Persons by what they would have: { red: 12, yellow: 40, none: 3 }. */
  before: z.record(z.string(), z.number().int()),
  after: z.record(z.string(), z.number().int()),
  changed: z.number().int(),
})
export type AreaChange = z.infer<typeof AreaChange>

export const ReasonView = z.object({
  rule: z.string(),
  say: SayText,
  grade: Grade.nullable(),
  colour: Colour.nullable(),
  capped: z.boolean().optional(),
  via: z.enum(['household']).optional(),
  fact: z.object({
    kind: z.string(),
    place: z.string().optional(),
    value: z.string().optional(),
    degree: z.number().optional(),
    from: DayText,
    to: DayText,
    source: z.string(),
  }),
  day: DayText,
  until: DayText.nullable(),
})
export type ReasonView = z.infer<typeof ReasonView>

export const PreviewSample = z.object({
  personId: z.uuid(),
  masked: z.string(),
  area: z.string(),
  before: z.object({ grade: Grade.nullable(), colour: Colour.nullable() }),
  after: z.object({ grade: Grade.nullable(), colour: Colour.nullable(), until: DayText.nullable() }),
  reasons: z.array(ReasonView),
})

/** Whom a run would change against today. Areas are those one level below the actor's. */
export const Preview = z.object({
  asOf: DayText,
  changed: z.number().int(),
  grades: z.array(ChangeCell),
  colours: z.array(ChangeCell),
  areas: z.array(AreaChange),
  samples: z.array(PreviewSample).max(10),
})
export type Preview = z.infer<typeof Preview>

export const GuardFinding = z.object({
  kind: z.enum(['place', 'source']),
  key: z.string(),
  changes: z.number().int(),
  /** Median of changes a day before; null: not enough days yet. */
  median: z.number().nullable(),
  limit: z.number().int(),
  /** GRADE-28: the changes are those to red, on the first days of the place or source. */
  red: z.literal(true).optional(),
})
export type GuardFinding = z.infer<typeof GuardFinding>

export const Run = z.object({
  id: z.uuid(),
  area: Area,
  ruleSetId: z.uuid(),
  ruleSetName: SayText,
  kind: z.enum(RUN_KINDS),
  asOf: DayText,
  state: z.enum(RUN_STATES),
  /** Persons looked at, changed; and by grade and colour after the run: { touched, changed, red, yellow, blue … }. */
  counts: z.record(z.string(), z.number().int()),
  guard: z.array(GuardFinding.extend({ name: SayText })).nullable(),
  hasPreview: z.boolean(),
  jobId: z.uuid().nullable(),
  by: z.string().nullable(),
  ...Decidable,
  approvedBy: z.string().nullable(),
  startedAt: Instant,
  finishedAt: Instant.nullable(),
})
export type Run = z.infer<typeof Run>

/** GET /api/grade-runs → pageOf(Run), newest first. */
export const ListRuns = z.strictObject({
  ...PageQuery.shape,
  kind: z.enum(RUN_KINDS).optional(),
  state: z.enum(RUN_STATES).optional(),
})
export type ListRuns = z.infer<typeof ListRuns>

/** GET /api/grade-runs/:id → RunView */
export const RunRef = z.strictObject({ id: z.uuid() })
export type RunRef = z.infer<typeof RunRef>
/** `changed`: of how many changes the person has read; with more or fewer by now the held run is shown to him anew (GRADE-22). */
export const ApproveRun = RunRef.extend({ changed: z.number().int().nonnegative().optional() })
export type ApproveRun = z.infer<typeof ApproveRun>
export const RunView = Run.extend({ preview: Preview.nullable() })
export type RunView = z.infer<typeof RunView>

/** POST /api/grade-runs/preview → RunView (state running; follow the job). Nothing is written to grades. `asOf`: today if absent. */
export const StartPreview = z.strictObject({ ruleSetId: z.uuid(), asOf: DayText.optional() })
export type StartPreview = z.infer<typeof StartPreview>

/** POST /api/grade-runs → RunView (state waiting): a full run of an active rule set, with its preview. */
export const ProposeRun = z.strictObject({ ruleSetId: z.uuid() })
export type ProposeRun = z.infer<typeof ProposeRun>

/** POST /api/grade-runs/:id/approve → RunView: the second person, for a waiting or a held run; POST …/refuse → RunView. */
export const RefuseRun = z.strictObject({ id: z.uuid(), reason: z.string().trim().min(2).max(500) })
export type RefuseRun = z.infer<typeof RefuseRun>

/** GET /api/graded → pageOf(GradedPerson): graded people in scope as of today, masked; `total` is the figure on the list's door. */
export const ListGraded = z.strictObject({
  ...PageQuery.shape,
  area: Area.optional(),
  grade: Grade.optional(),
  colour: Colour.optional(),
})
export type ListGraded = z.infer<typeof ListGraded>
export const GradedPerson = z.object({
  personId: z.uuid(),
  masked: z.string(),
  area: z.string(),
  areaName: z.string(),
  ruleSetId: z.uuid(),
  grade: Grade.nullable(),
  colour: Colour.nullable(),
  from: DayText,
  until: DayText.nullable(),
  reasons: z.array(ReasonView),
})
export type GradedPerson = z.infer<typeof GradedPerson>

/** GET /api/graded/counts?area → GradedCounts: as of today, for the area and each area one level below. */
export const GradedCountsQuery = z.strictObject({ area: Area.optional() })
export type GradedCountsQuery = z.infer<typeof GradedCountsQuery>
export const GradedCounts = z.object({
  area: Area,
  asOf: DayText,
  grades: z.record(z.string(), z.number().int()),
  colours: z.record(z.string(), z.number().int()),
  children: z.array(
    z.object({
      area: Area,
      name: z.string(),
      grades: z.record(z.string(), z.number().int()),
      colours: z.record(z.string(), z.number().int()),
    }),
  ),
})
export type GradedCounts = z.infer<typeof GradedCounts>

/** GET /api/people/:personId/grade → PersonGrade: as of today, with reasons and history (newest first, at most 100). */
export const PersonGradeRef = z.strictObject({ personId: z.uuid() })
export type PersonGradeRef = z.infer<typeof PersonGradeRef>
export const GradeEntry = z.object({
  n: z.number().int(),
  ruleSetId: z.uuid(),
  ruleSetName: SayText,
  grade: Grade.nullable(),
  colour: Colour.nullable(),
  from: DayText,
  until: DayText.nullable(),
  reasons: z.array(ReasonView),
  by: z.string().nullable(),
  caseNo: z.string().nullable(),
  recordedAt: Instant,
})
export const PersonGrade = z.object({
  personId: z.uuid(),
  /** null: not judged, or nothing holds today. */
  now: GradeEntry.omit({ n: true, by: true, caseNo: true, recordedAt: true }).nullable(),
  history: z.array(GradeEntry),
  manual: z.array(
    z.object({
      id: z.uuid(),
      reason: z.enum(MANUAL_REASONS),
      grade: Grade.nullable(),
      colour: Colour.nullable(),
      caseNo: z.string().nullable(),
      until: DayText,
      by: z.string().nullable(),
      approvedBy: z.string().nullable(),
      at: Instant,
    }),
  ),
})
export type PersonGrade = z.infer<typeof PersonGrade>

const ManualResult = {
  grade: Grade.nullable(),
  colour: Colour.nullable(),
  reason: z.enum(MANUAL_REASONS),
  /** Required for red (GRADE-24). */
  caseNo: z.string().trim().min(3).max(60).optional(),
  /** The last day on which it holds. */
  until: DayText,
}

/** POST /api/people/:personId/grade → PersonGrade: one person by hand (GRADE-24). */
export const ChangeGrade = z.strictObject({ personId: z.uuid(), ...ManualResult })
export type ChangeGrade = z.infer<typeof ChangeGrade>

/**
 * POST /api/grade-batches/preview → ManualPreview: whom a change for many would touch, before it is proposed (GRADE-25).
 * The people are those chosen on a list and those whose document stands in `lines`, pasted or read from a file. Writes nothing.
 */
export const PreviewManualBatch = z.strictObject({
  area: Area,
  persons: z.array(z.uuid()).max(5_000).default([]),
  lines: z.array(z.string().max(500)).max(5_100).default([]),
  ...ManualResult,
})
export type PreviewManualBatch = z.infer<typeof PreviewManualBatch>
export const ManualPreview = z.object({
  /** Everybody who was found in the area, once: what a proposal names. */
  persons: z.array(z.uuid()),
  /** Rows that name the same person as an earlier one. */
  repeated: z.number().int(),
  /** Rows that name nobody, or nobody of this area; `text` is masked, at most 100 are shown. */
  absent: z.array(z.object({ row: z.number().int(), text: z.string(), why: SayText })),
  absentTotal: z.number().int(),
  changed: z.number().int(),
  grades: z.array(ChangeCell),
  colours: z.array(ChangeCell),
  areas: z.array(AreaChange),
  samples: z.array(PreviewSample).max(10),
  /** Why the proposal would be refused as it stands, each with its rule; empty: it can be proposed. */
  refusals: z.array(z.object({ code: z.string(), rule: z.string(), message: SayText, remedy: SayText })),
})
export type ManualPreview = z.infer<typeof ManualPreview>

/** POST /api/grade-batches → ManualBatch (state proposed): the same change for many. POST /api/grade-batches/:id/approve, /refuse. */
export const ProposeManualBatch = z.strictObject({
  area: Area,
  persons: z.array(z.uuid()).min(1).max(5_000),
  ...ManualResult,
})
export type ProposeManualBatch = z.infer<typeof ProposeManualBatch>
export const ManualBatchRef = z.strictObject({ id: z.uuid() })
export const RefuseManualBatch = z.strictObject({ id: z.uuid(), reason: z.string().trim().min(2).max(500) })
export const ManualBatch = z.object({
  id: z.uuid(),
  area: Area,
  areaName: z.string(),
  state: z.enum(['proposed', 'applied', 'refused']),
  persons: z.number().int(),
  grade: Grade.nullable(),
  colour: Colour.nullable(),
  reason: z.enum(MANUAL_REASONS),
  caseNo: z.string().nullable(),
  until: DayText,
  by: z.string().nullable(),
  ...Decidable,
  decidedBy: z.string().nullable(),
  /** Why it was refused. */
  decision: z.string().nullable(),
  proposedAt: Instant,
  decidedAt: Instant.nullable(),
})
export type ManualBatch = z.infer<typeof ManualBatch>

/** GET /api/grade-batches → pageOf(ManualBatch) */
export const ListManualBatches = z.strictObject({
  ...PageQuery.shape,
  state: z.enum(['proposed', 'applied', 'refused']).optional(),
})
export type ListManualBatches = z.infer<typeof ListManualBatches>

/** GET /api/grade-reasons → { items: ManualReason[] }: the closed list of reasons for a manual change. */
export const ManualReason = z.object({ code: z.enum(MANUAL_REASONS), say: SayText, maxDays: z.number().int() })
export type ManualReason = z.infer<typeof ManualReason>
