import { z } from 'zod'
import { AREA_PATTERN } from '../areas/code.ts'
import { isDay } from '../core/day.ts'
import { PageQuery } from '../core/page.ts'
import { FACT_KINDS } from './fact.ts'

/**
 * The wire of the feeds room: sources, batches, rejects, risk areas, daily counts, precision. Requests are strict; lists
 * answer `pageOf(...)` of domain/core/page. Paths stand beside each schema.
 */
const Area = z.string().regex(AREA_PATTERN)
const DayText = z.string().refine(isDay, { message: '日期须为 YYYY-MM-DD · a day is YYYY-MM-DD' })
const SayText = z.strictObject({ zh: z.string().trim().min(1).max(200), en: z.string().trim().min(1).max(200) })
const Instant = z.iso.datetime({ offset: true })
export const FeedId = z.string().regex(/^[a-z][a-z0-9_]{1,39}$/)

export const FEED_KINDS = [
  'rail',
  'air',
  'road',
  'telecom',
  'fever_clinic',
  'laboratory',
  'case_investigation',
  'letter',
  'other',
] as const
export const FeedKind = z.enum(FEED_KINDS)
export type FeedKind = z.infer<typeof FeedKind>

/** What a column may mean. There is no meaning for a position, a cell, a track, a belief or an opinion (FEED-4). */
export const MEANINGS = [
  'name',
  'doc_kind',
  'doc_number',
  'doc_country',
  'phone',
  'address',
  'place',
  'from_day',
  'to_day',
  'arrived_at',
  'value',
  'degree',
  'vehicle',
  'external_id',
] as const
export const Meaning = z.enum(MEANINGS)
export type Meaning = z.infer<typeof Meaning>

/** The order of day, month and year when a column writes them with separators; `null` accepts only what cannot be misread. */
export const DATE_ORDERS = ['ymd', 'dmy', 'mdy'] as const
export const DateOrder = z.enum(DATE_ORDERS)
export type DateOrder = z.infer<typeof DateOrder>

export const MappedColumn = z.strictObject({
  meaning: Meaning,
  /** Spellings of the header, Chinese and English; compared without blanks, case and width. */
  headers: z.array(z.string().trim().min(1).max(60)).min(1).max(30),
  required: z.boolean().default(false),
  dates: DateOrder.nullable().default(null),
})
export type MappedColumn = z.infer<typeof MappedColumn>

export const Mapping = z.strictObject({
  fact: z.enum(FACT_KINDS),
  columns: z.array(MappedColumn).min(2).max(20),
  /** Spellings of values beyond the built-in ones: canonical value → spellings. */
  values: z.record(z.string(), z.array(z.string().max(60)).max(40)).default({}),
  /** The value or degree of every row, when the source has no column for it. */
  constant: z
    .strictObject({
      value: z.string().max(20).optional(),
      degree: z.union([z.literal(1), z.literal(2), z.literal(3)]).optional(),
    })
    .default({}),
})
export type Mapping = z.infer<typeof Mapping>

/** Known errors of a source, allowed for before a declaration is called contradictory. */
export const ErrorBounds = z.strictObject({
  /** Stays shorter than this are not reported or not reliable. */
  dwellMinutes: z.number().int().min(0).max(10_080).optional(),
  /** Phones near a border may appear in the neighbouring area. */
  borderRoaming: z.boolean().optional(),
  clockSkewMinutes: z.number().int().min(0).max(2_880).optional(),
})
export type ErrorBounds = z.infer<typeof ErrorBounds>

export const FEED_STATES = ['draft', 'open', 'closed'] as const

/** One source, as every centre sees it. */
export const Feed = z.object({
  id: FeedId,
  area: Area,
  name: SayText,
  owner: z.string(),
  purpose: SayText,
  kind: FeedKind,
  mapping: Mapping,
  bounds: ErrorBounds,
  /** True only after somebody outside the centre has approved it (FEED-20). */
  mayGiveRed: z.boolean(),
  red: z.enum(['none', 'proposed', 'approved']),
  redProposedBy: z.string().nullable(),
  redApprovedBy: z.string().nullable(),
  hasKey: z.boolean(),
  state: z.enum(FEED_STATES),
  batches: z.number().int(),
  lastBatchAt: Instant.nullable(),
  version: z.number().int(),
})
export type Feed = z.infer<typeof Feed>

/** GET /api/feeds → pageOf(Feed) */
export const ListFeeds = z.strictObject({
  ...PageQuery.shape,
  state: z.enum(FEED_STATES).optional(),
  kind: FeedKind.optional(),
  /** 'proposed': sources whose right to give red waits for somebody outside (FEED-20). */
  red: z.enum(['proposed']).optional(),
})
export type ListFeeds = z.infer<typeof ListFeeds>

/** GET /api/feeds/:id → Feed; also the parameter of the acts below that need nothing else. */
export const FeedRef = z.strictObject({ id: FeedId })
export type FeedRef = z.infer<typeof FeedRef>

/** GET /api/feed-presets → { items: FeedPreset[] }: the seven offices, ready to register. */
export const FeedPreset = z.object({
  id: FeedId,
  name: SayText,
  purpose: SayText,
  kind: FeedKind,
  mapping: Mapping,
  bounds: ErrorBounds,
})
export type FeedPreset = z.infer<typeof FeedPreset>

/** POST /api/feeds → Feed (state draft). */
export const CreateFeed = z.strictObject({
  id: FeedId,
  area: Area,
  name: SayText,
  owner: z.string().trim().min(1).max(120),
  purpose: SayText,
  kind: FeedKind,
  mapping: Mapping,
  bounds: ErrorBounds.default({}),
})
export type CreateFeed = z.infer<typeof CreateFeed>

/** POST /api/feeds/:id/edit → Feed. Refused with CHANGED_MEANWHILE when `version` is not the newest. A change of mapping withdraws the red right (FEED-20). */
export const EditFeed = z.strictObject({
  id: FeedId,
  version: z.number().int(),
  name: SayText.optional(),
  owner: z.string().trim().min(1).max(120).optional(),
  purpose: SayText.optional(),
  mapping: Mapping.optional(),
  bounds: ErrorBounds.optional(),
})
export type EditFeed = z.infer<typeof EditFeed>

/** POST /api/feeds/:id/open, /api/feeds/:id/close → Feed. */
/** POST /api/feeds/:id/red/propose, /api/feeds/:id/red/approve, /api/feeds/:id/red/revoke → Feed. */

/** POST /api/feeds/:id/key → FeedKey: the key of machines, shown once; the former one stops. POST /api/feeds/:id/key/revoke → Feed. */
export const FeedKey = z.object({ id: FeedId, key: z.string() })
export type FeedKey = z.infer<typeof FeedKey>

export const BATCH_STATES = ['received', 'loading', 'loaded', 'failed', 'withdrawing', 'withdrawn'] as const
export const BatchState = z.enum(BATCH_STATES)
export type BatchState = z.infer<typeof BatchState>

/** How a file was read: told so that a misreading is seen. */
export const Reading = z.object({
  format: z.enum(['csv', 'xlsx', 'rows']),
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'gb18030']).nullable(),
  separator: z.string().nullable(),
  headerRow: z.number().int().nullable(),
  sheet: z.string().nullable(),
  /** Header as written → meaning. */
  columns: z.array(z.object({ header: z.string(), meaning: Meaning })),
  /** Columns that are neither read nor kept. */
  ignored: z.array(z.string()),
})
export type Reading = z.infer<typeof Reading>

const ProblemText = z.object({
  code: z.string(),
  rule: z.string().optional(),
  message: SayText,
  remedy: SayText.optional(),
})

/** rows = accepted + unchanged + rejected, always. */
export const Batch = z.object({
  id: z.uuid(),
  feedId: FeedId,
  feedName: SayText,
  area: Area,
  fileName: z.string(),
  bytes: z.number().int(),
  state: BatchState,
  reading: Reading.nullable(),
  rows: z.number().int(),
  accepted: z.number().int(),
  unchanged: z.number().int(),
  rejected: z.number().int(),
  /** Of them all: rows that say what was corrected for their person, and stay without effect (FEED-42). */
  denied: z.number().int(),
  error: ProblemText.nullable(),
  jobId: z.uuid().nullable(),
  by: z.string().nullable(),
  receivedAt: Instant,
  finishedAt: Instant.nullable(),
  withdrawnAt: Instant.nullable(),
  withdrawReason: z.string().nullable(),
})
export type Batch = z.infer<typeof Batch>

/** POST /api/feeds/:id/batches (multipart, one part `file`) → BatchReceived. `repeated`: the same file was loaded before, this is its report. */
export const BatchReceived = z.object({ batch: Batch, repeated: z.boolean() })
export type BatchReceived = z.infer<typeof BatchReceived>

/** GET /api/batches → pageOf(Batch) */
export const ListBatches = z.strictObject({
  ...PageQuery.shape,
  feedId: FeedId.optional(),
  state: BatchState.optional(),
  rejects: z.stringbool().optional().describe('true: with rejected rows; false: without'),
  /** Received on this local day or later. */
  since: DayText.optional(),
})
export type ListBatches = z.infer<typeof ListBatches>

/** GET /api/batches/:id → Batch; POST /api/batches/:id/resume → Batch (a failed or interrupted one goes on). */
export const BatchRef = z.strictObject({ id: z.uuid() })
export type BatchRef = z.infer<typeof BatchRef>

/** POST /api/batches/:id/withdraw → Batch (state withdrawing; a job does the rest). */
export const WithdrawBatch = z.strictObject({ id: z.uuid(), reason: z.string().trim().min(2).max(500) })
export type WithdrawBatch = z.infer<typeof WithdrawBatch>

/** One fault of one row; `value` is masked by the reader's rights. */
export const Reject = z.object({
  row: z.number().int(),
  column: z.string(),
  value: z.string().nullable(),
  code: z.string(),
  rule: z.string(),
  reason: SayText,
  remedy: SayText,
})
export type Reject = z.infer<typeof Reject>

/** GET /api/batches/:id/rejects → pageOf(Reject); `total` counts faults, batch.rejected counts rows. */
export const ListRejects = z.strictObject({ ...PageQuery.shape, id: z.uuid() })
export type ListRejects = z.infer<typeof ListRejects>

/** GET /api/batches/:id/rejects.csv?lang=zh → text/csv, UTF-8 with BOM, for Excel. */
export const RejectsFile = z.strictObject({ id: z.uuid(), lang: z.enum(['zh', 'en']).default('zh') })
export type RejectsFile = z.infer<typeof RejectsFile>

/**
 * POST /api/feeds/:id/rows, for machines: `Authorization: Bearer <source key>`, `Idempotency-Key`. A JSON body like this,
 * or text/csv. A cell is named by its header, as in a file.
 */
export const MachineRows = z.strictObject({
  rows: z
    .array(z.record(z.string().max(60), z.union([z.string().max(2_000), z.number(), z.boolean(), z.null()])))
    .min(1)
    .max(5_000),
})
export type MachineRows = z.infer<typeof MachineRows>

/** One answer for each row; a bad row never fails its neighbours (case 64). */
export const RowResult = z.object({
  row: z.number().int(),
  outcome: z.enum(['accepted', 'unchanged', 'rejected']),
  /** It says what was corrected for its person: kept, and without effect (FEED-42). */
  denied: z.boolean().optional(),
  faults: z.array(Reject.omit({ row: true })),
})
export type RowResult = z.infer<typeof RowResult>

export const MachineAnswer = z.object({
  batchId: z.uuid(),
  repeated: z.boolean(),
  rows: z.number().int(),
  accepted: z.number().int(),
  unchanged: z.number().int(),
  rejected: z.number().int(),
  denied: z.number().int(),
  results: z.array(RowResult),
})
export type MachineAnswer = z.infer<typeof MachineAnswer>

/** GET /api/feeds/:id/precision?from&to → Precision. Wrong: WRONG_INFO, HERE_NO_RISK, NOT_RESIDENT. */
export const PrecisionQuery = z.strictObject({ id: FeedId, from: DayText, to: DayText })
export type PrecisionQuery = z.infer<typeof PrecisionQuery>
export const Precision = z.object({
  feedId: FeedId,
  days: z.array(
    z.object({
      day: DayText,
      answered: z.number().int(),
      wrong: z.number().int(),
      /** 1 − wrong / answered; null when nothing was answered. */
      precision: z.number().nullable(),
    }),
  ),
  dispositions: z.array(z.object({ disposition: z.string(), n: z.number().int() })),
  answered: z.number().int(),
  wrong: z.number().int(),
  precision: z.number().nullable(),
})
export type Precision = z.infer<typeof Precision>

export const RISK_LEVELS = ['high', 'medium', 'low'] as const
export const RiskLevel = z.enum(RISK_LEVELS)
export type RiskLevel = z.infer<typeof RiskLevel>

/** A level of an area for a span of days; `to` is included, null means until further notice. */
export const RiskArea = z.object({
  id: z.uuid(),
  area: Area,
  /** Names from the province down, e.g. 湖北省 武汉市. */
  areaName: z.string(),
  level: RiskLevel,
  from: DayText,
  to: DayText.nullable(),
  source: z.enum(['list', 'derived']),
  note: z.string().nullable(),
  by: z.string().nullable(),
  recordedAt: Instant,
})
export type RiskArea = z.infer<typeof RiskArea>

/** GET /api/risk-areas → pageOf(RiskArea), plus `about`. With `day`: those in force on that day. `area`: inside this area. */
export const ListRiskAreas = z.strictObject({
  ...PageQuery.shape,
  day: DayText.optional(),
  area: Area.optional(),
  level: RiskLevel.optional(),
  source: z.enum(['list', 'derived']).optional(),
})
export type ListRiskAreas = z.infer<typeof ListRiskAreas>

/** POST /api/risk-areas → RiskArea */
export const AddRiskArea = z.strictObject({
  area: Area,
  level: RiskLevel,
  from: DayText,
  to: DayText.nullable().default(null),
  reason: z.string().trim().min(2).max(500),
})
export type AddRiskArea = z.infer<typeof AddRiskArea>

/** POST /api/risk-areas/:id/end → RiskArea: its last day. */
export const EndRiskArea = z.strictObject({ id: z.uuid(), to: DayText, reason: z.string().trim().min(2).max(500) })
export type EndRiskArea = z.infer<typeof EndRiskArea>

/** POST /api/risk-areas/:id/withdraw → RiskArea: it was entered by mistake and never held. */
export const WithdrawRiskArea = z.strictObject({ id: z.uuid(), reason: z.string().trim().min(2).max(500) })
export type WithdrawRiskArea = z.infer<typeof WithdrawRiskArea>

const FileFault = z.object({
  row: z.number().int(),
  column: z.string(),
  value: z.string(),
  rule: z.string(),
  reason: SayText,
  remedy: SayText,
})

/** POST /api/risk-areas/import (multipart: file) → RiskAreaImport. POST /api/case-counts/import (multipart: file) → CountsImport. */
export const RiskAreaImport = z.object({
  rows: z.number().int(),
  accepted: z.number().int(),
  unchanged: z.number().int(),
  rejected: z.number().int(),
  faults: z.array(FileFault),
})
export type RiskAreaImport = z.infer<typeof RiskAreaImport>

export const CountsImport = z.object({
  rows: z.number().int(),
  /** Rows that became a daily count of an area. */
  used: z.number().int(),
  /** Rows that are no place: 境外输入, 未公布来源, without code. Named with how often. */
  excluded: z.array(z.object({ city: z.string(), reason: SayText, n: z.number().int() })),
  /** Days on which a cumulative count was lower than before. */
  corrections: z.number().int(),
  /** Days carried forward because the file has none. */
  carried: z.number().int(),
  areas: z.number().int(),
  from: DayText.nullable(),
  to: DayText.nullable(),
  riskAreas: z.number().int(),
  faults: z.array(FileFault),
  about: SayText,
})
export type CountsImport = z.infer<typeof CountsImport>

/** GET /api/case-counts?area&from&to → { items: CaseCount[] } */
export const ListCaseCounts = z.strictObject({ area: Area, from: DayText, to: DayText })
export type ListCaseCounts = z.infer<typeof ListCaseCounts>
export const CaseCount = z.object({
  area: Area,
  day: DayText,
  confirmed: z.number().int(),
  /** New on the day: never negative (FEED-32). */
  fresh: z.number().int(),
  /** New in the fourteen days that end with this one. */
  fortnight: z.number().int(),
  carried: z.boolean(),
  level: RiskLevel,
})
export type CaseCount = z.infer<typeof CaseCount>

/** Said wherever a derived level is shown (FEED-30). */
export const RISK_ABOUT = {
  zh: '由每日病例数推算：近14天新增超过50例为高风险，1至50例为中风险，无新增为低风险。这是本系统的近似算法；国家标准还要求判断是否有聚集性疫情。',
  en: 'Derived from daily counts: more than 50 new cases in 14 days is high, 1 to 50 medium, none low. This is our approximation; the national rule also asks for a cluster.',
} as const
