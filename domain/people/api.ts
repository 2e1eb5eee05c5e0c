/**
 * Wire shapes of the people room. Everything a list shows is masked; only `open` and `openPage` answer in clear, and each of
 * their answers leaves an audit line that lists the ids (PEOPLE-11). Searches are POST, so that no name or number stands in
 * an address line or a proxy's log.
 */
import { z } from 'zod'
import { AREA_PATTERN } from '../areas/code.ts'
import { PageQuery, pageOf } from '../core/page.ts'

const Words = z.object({ zh: z.string(), en: z.string() })
const Area = z.string().regex(AREA_PATTERN)
const Id = z.uuid()
const DayText = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

export const DOCUMENT_KINDS = [
  'resident',
  'hmt_residence',
  'hm_travel',
  'tw_travel',
  'passport',
  'permanent',
  'none',
] as const
/** resident 居民身份证 | hmt_residence 港澳台居民居住证 | hm_travel 回乡证 | tw_travel 台胞证 | passport 护照 | permanent 外国人永久居留身份证 */
export const DocumentKind = z.enum(DOCUMENT_KINDS)
export type DocumentKind = z.infer<typeof DocumentKind>

export const HOUSEHOLD_KINDS = ['home', 'shop', 'rental', 'group_rental', 'dormitory', 'business'] as const
export const HOUSEHOLD_USES = ['self', 'rented', 'vacant', 'unassigned'] as const
export const RESIDENCE_KINDS = ['own', 'rent', 'dorm', 'visiting', 'unknown'] as const

/** PEOPLE-11: why an identity is opened, from a closed list; nothing outside outbreak control. */
export const OPEN_PURPOSES = [
  'contact_person',
  'check_at_door',
  'medical_help',
  'deliver_service',
  'correct_record',
  'review_duplicate',
] as const
export const OpenPurpose = z.enum(OPEN_PURPOSES)
export type OpenPurpose = z.infer<typeof OpenPurpose>

export const PersonLine = z.object({
  personId: Id,
  masked: z.string(),
  /** 0 unknown, 1 male, 2 female. */
  sex: z.number().int(),
  docKind: z.string(),
  area: z.string(),
  /** Official names from the county down to the area. */
  areaName: z.string(),
  householdId: Id.nullable(),
  /** Up to which level the residence is certain (1 province … 7 unit, 0 nothing known). */
  certainty: z.number().int(),
  unresolved: z.boolean(),
  inReview: z.boolean(),
})
export type PersonLine = z.infer<typeof PersonLine>

export const ResidenceView = z.object({
  id: Id,
  area: z.string(),
  areaName: z.string(),
  householdId: Id.nullable(),
  kind: z.enum(RESIDENCE_KINDS),
  certainty: z.number().int(),
  source: z.string(),
  fromDay: DayText,
  toDay: DayText.nullable(),
})

export const PersonView = PersonLine.extend({
  hasDocument: z.boolean(),
  hasPhone: z.boolean(),
  source: z.string(),
  /** Other records that were merged into this one. */
  mergedFrom: z.array(Id),
  residences: z.array(ResidenceView),
  updatedAt: z.string(),
  version: z.number().int(),
})
export type PersonView = z.infer<typeof PersonView>

export const ListPeople = PageQuery.extend({ area: Area.optional(), householdId: Id.optional() }).strict()
export const PeoplePage = pageOf(PersonLine)

export const SEARCH_BY = [
  'auto',
  'name',
  'pinyin',
  'initials',
  'phone',
  'phone_end',
  'birth',
  'address',
  'document',
] as const
/** `auto` reads what was typed. Above a community only exact values answer (PEOPLE-10). */
export const SearchPeople = PageQuery.extend({
  text: z.string().trim().min(1).max(200),
  by: z.enum(SEARCH_BY).default('auto'),
  area: Area.optional(),
}).strict()
export const SearchAnswer = PeoplePage.extend({
  /** How the text was read. */
  by: z.enum(SEARCH_BY),
  /** True when rows of one community were opened in memory, so that parts of names and addresses answer as well. */
  loose: z.boolean(),
})
export type SearchAnswer = z.infer<typeof SearchAnswer>

export const PersonId = z.strictObject({ id: Id })

export const OpenIdentity = z.strictObject({ id: Id, purpose: OpenPurpose })
export const OpenIdentities = z.strictObject({ ids: z.array(Id).min(1).max(200), purpose: OpenPurpose })
export const OpenedIdentity = z.object({
  personId: Id,
  name: z.string().nullable(),
  document: z.object({ kind: z.string(), country: z.string(), number: z.string() }).nullable(),
  phone: z.string().nullable(),
  birth: z.string().nullable(),
  address: z.string().nullable(),
})
export type OpenedIdentity = z.infer<typeof OpenedIdentity>
export const OpenedPage = z.object({ items: z.array(OpenedIdentity) })

const PersonFields = {
  name: z.string().trim().min(1).max(100),
  document: z.string().trim().max(60).optional(),
  documentKind: DocumentKind.optional(),
  documentCountry: z.string().trim().max(3).optional(),
  phone: z.string().trim().max(40).optional(),
  birth: z.string().trim().max(30).optional(),
  sex: z.number().int().min(0).max(2).optional(),
}

/** Near records before saving (case 9). */
export const NearPeople = z.strictObject({ ...PersonFields, area: Area })
export const NearCandidate = z.object({ person: PersonLine, score: z.number(), reasons: z.array(Words) })
export const NearAnswer = z.object({ items: z.array(NearCandidate) })
export type NearAnswer = z.infer<typeof NearAnswer>

export const CreatePerson = z.strictObject({
  ...PersonFields,
  area: Area,
  address: z.string().trim().max(300).optional(),
  householdId: Id.optional(),
  /** Why a new record is made beside a near one; without it a near record refuses the save with NEAR_PERSON. */
  continueReason: z.string().trim().min(2).max(200).optional(),
})
export const OUTCOMES = ['created', 'unchanged', 'updated', 'held', 'rejected'] as const
export const Outcome = z.enum(OUTCOMES)
export type Outcome = z.infer<typeof Outcome>
export const CreatedPerson = z.object({ personId: Id, outcome: Outcome })

export const MovePerson = z.strictObject({
  id: Id,
  /** Where to: an area (any level), or a household, which says its area itself. */
  area: Area.optional(),
  householdId: Id.optional(),
  address: z.string().trim().max(300).optional(),
  kind: z.enum(RESIDENCE_KINDS).default('unknown'),
  fromDay: DayText,
})
/** `handed_over`: the new place lies outside the mover's area; the server moves the person in a moment. */
export const MovedPerson = z.object({ personId: Id, state: z.enum(['moved', 'unchanged', 'handed_over']) })

// The queue of addresses that did not lead to a grid.
export const UNRESOLVED_WHY = [
  'no_address',
  'not_found',
  'ambiguous',
  'coarse',
  'outside',
  'no_grid',
  'unreadable',
] as const
export const ListUnresolved = PageQuery.extend({ area: Area.optional() }).strict()
export const UnresolvedLine = z.object({
  personId: Id,
  masked: z.string(),
  area: z.string(),
  areaName: z.string(),
  why: z.enum(UNRESOLVED_WHY),
  since: z.string(),
})
export type UnresolvedLine = z.infer<typeof UnresolvedLine>
export const UnresolvedPage = pageOf(UnresolvedLine)

export const AssignUnresolved = z.strictObject({
  id: Id,
  area: Area.optional(),
  householdId: Id.optional(),
  /** What the register learns, so that the next address like this one resolves by itself. */
  learn: z
    .strictObject({
      alias: z.string().trim().min(2).max(60).optional(),
      street: z.string().trim().min(2).max(60).optional(),
      number: z.number().int().min(1).max(99_999).optional(),
      building: z.string().trim().max(60).optional(),
    })
    .optional(),
})
export const AssignedUnresolved = z.object({
  personId: Id,
  area: z.string(),
  state: z.enum(['moved', 'unchanged', 'handed_over']),
})

// Duplicates.
export const REVIEW_KINDS = ['same_document', 'near_name', 'name_clash'] as const
export const ListReviews = PageQuery.extend({ area: Area.optional(), kind: z.enum(REVIEW_KINDS).optional() }).strict()
export const ReviewLine = z.object({
  id: Id,
  kind: z.enum(REVIEW_KINDS),
  area: z.string(),
  areaName: z.string(),
  person: PersonLine,
  /** Null when it lies outside the reader's scope, as a record made at another place does. */
  other: PersonLine.nullable(),
  /** name_clash, same_document: the other name that came under the same document, masked. */
  otherMasked: z.string().nullable(),
  score: z.number(),
  reasons: z.array(Words),
  since: z.string(),
})
export type ReviewLine = z.infer<typeof ReviewLine>
export const ReviewPage = pageOf(ReviewLine)

/**
 * near_name: merge (one person, `keep` stays) | different (two persons, not asked again). name_clash: keep (the stored name
 * stays) | take (the new name is right). same_document, the person was registered away from home: moved (lives there now, and
 * that record is joined to this one) | stays (lives here as before; the other place keeps what it has entered).
 */
export const DECISIONS = {
  near_name: ['merge', 'different'],
  name_clash: ['keep', 'take'],
  same_document: ['moved', 'stays'],
} as const
export const DecideReview = z.strictObject({
  id: Id,
  decision: z.enum(['merge', 'different', 'keep', 'take', 'moved', 'stays']),
  keep: Id.optional(),
})
export const DecidedReview = z.object({ id: Id, state: z.enum(['merged', 'different', 'kept']) })

export const MergePeople = z.strictObject({ from: Id, into: Id, reason: z.string().trim().min(2).max(200) })
export const MergedPeople = z.object({ personId: Id, mergedFrom: z.array(Id) })
export const UndoMerge = z.strictObject({ id: Id, reason: z.string().trim().min(2).max(200) })

// Households.
export const HouseholdLine = z.object({
  id: Id,
  county: z.string(),
  area: z.string(),
  areaName: z.string(),
  kind: z.enum(HOUSEHOLD_KINDS),
  use: z.enum(HOUSEHOLD_USES),
  estate: z.string().nullable(),
  building: z.string().nullable(),
  /** Masked in lists above a grid (PEOPLE-11). */
  door: z.string().nullable(),
  members: z.number().int(),
  externalId: z.string().nullable(),
})
export type HouseholdLine = z.infer<typeof HouseholdLine>
export const ListHouseholds = PageQuery.extend({
  area: Area.optional(),
  estate: z.string().trim().max(60).optional(),
  building: z.string().trim().max(60).optional(),
}).strict()
export const HouseholdPage = pageOf(HouseholdLine)
export const HouseholdId = z.strictObject({ id: Id })
export const HouseholdView = HouseholdLine.extend({
  source: z.string(),
  /** Closed words (hazards.ts) for the next who comes. */
  hazards: z.array(z.string()),
  /** WGS-84 degrees and metres; set by hand or seen at a visit. */
  position: z.object({ lat: z.number(), lng: z.number(), accuracy: z.number(), by: z.string() }).nullable(),
  version: z.number().int(),
  updatedAt: z.string(),
  people: z.array(PersonLine),
})
export type HouseholdView = z.infer<typeof HouseholdView>

export const HouseholdMember = z.strictObject({
  ...PersonFields,
  name: z.string().trim().max(100).optional(),
  /** Made on the phone; later items may name it (PEOPLE-21). */
  id: Id.optional(),
})
export const NearHouseholds = z.strictObject({
  area: Area,
  address: z.string().trim().max(300).optional(),
  estate: z.string().trim().max(60).optional(),
  building: z.string().trim().max(60).optional(),
  door: z.string().trim().max(60).optional(),
  members: z.array(HouseholdMember).max(50).default([]),
})
export const NearHousehold = z.object({ household: HouseholdLine, reasons: z.array(Words) })
export const NearHouseholdsAnswer = z.object({ items: z.array(NearHousehold), people: z.array(NearCandidate) })
export type NearHouseholdsAnswer = z.infer<typeof NearHouseholdsAnswer>

export const CreateHousehold = z.strictObject({
  /** Made on the phone (UUIDv7). */
  id: Id,
  /** A grid or unit. */
  area: Area,
  kind: z.enum(HOUSEHOLD_KINDS),
  use: z.enum(HOUSEHOLD_USES).default('self'),
  estate: z.string().trim().max(60).optional(),
  building: z.string().trim().max(60).optional(),
  door: z.string().trim().max(60).optional(),
  address: z.string().trim().max(300).optional(),
  members: z.array(HouseholdMember).max(50).default([]),
  continueReason: z.string().trim().min(2).max(200).optional(),
})
export const CreatedHousehold = z.object({
  household: HouseholdLine,
  outcome: Outcome,
  members: z.array(
    z.object({ row: z.number().int(), personId: Id.nullable(), outcome: Outcome, problem: Words.nullable() }),
  ),
})
export type CreatedHousehold = z.infer<typeof CreatedHousehold>

/**
 * Register import: cells as they stand in the file, one line per member; lines with the same external id are one household.
 * A file is read by the server (`/api/households/import/file`); rows can also be sent as JSON, 1,000 at a time.
 */
export const RegisterRow = z.object({
  row: z.number().int(),
  externalId: z.string().max(100).optional(),
  grid: z.string().max(40).optional(),
  address: z.string().max(400).optional(),
  kind: z.string().max(40).optional(),
  use: z.string().max(40).optional(),
  estate: z.string().max(100).optional(),
  building: z.string().max(60).optional(),
  door: z.string().max(60).optional(),
  name: z.string().max(200).optional(),
  document: z.string().max(100).optional(),
  documentKind: z.string().max(60).optional(),
  phone: z.string().max(60).optional(),
  birth: z.string().max(60).optional(),
})
export type RegisterRow = z.infer<typeof RegisterRow>
export const ImportHouseholds = z.strictObject({
  /** Where the register belongs; rows outside it are refused. */
  area: Area,
  source: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^[a-z0-9_-]+$/),
  rows: z.array(RegisterRow).min(1).max(1000),
})
export const RowFault = z.object({ column: z.string(), reason: z.string(), message: Words, remedy: Words })
export type RowFault = z.infer<typeof RowFault>
export const RowResult = z.object({
  row: z.number().int(),
  outcome: Outcome,
  householdId: Id.nullable(),
  personId: Id.nullable(),
  fault: RowFault.nullable(),
})
export type RowResult = z.infer<typeof RowResult>
export const ImportAnswer = z.object({
  households: z.object({
    created: z.number().int(),
    updated: z.number().int(),
    unchanged: z.number().int(),
    /** Doors that the register puts into another village: a person decides (PEOPLE-24). */
    held: z.number().int(),
  }),
  people: z.object({
    created: z.number().int(),
    updated: z.number().int(),
    unchanged: z.number().int(),
    held: z.number().int(),
  }),
  rejected: z.number().int(),
  /** Every row that was not simply created or unchanged, and at most the first 1,000. */
  rows: z.array(RowResult),
})
export type ImportAnswer = z.infer<typeof ImportAnswer>

/** POST /api/households/import/file: multipart with `area`, `source` and one CSV or XLSX; the job's result is an ImportAnswer. */
export const ImportFile = z.strictObject({
  area: Area,
  source: ImportHouseholds.shape.source,
  rows: z.number().int().min(0),
})
export const ImportStarted = z.object({ jobId: Id, rows: z.number().int() })

/** Paths, for screens and tests. */
export const PEOPLE_PATHS = {
  list: 'GET /api/people',
  search: 'POST /api/people/search',
  near: 'POST /api/people/near',
  create: 'POST /api/people',
  one: 'GET /api/people/:id',
  open: 'POST /api/people/:id/open',
  openPage: 'POST /api/people/open-page',
  move: 'POST /api/people/:id/move',
  unresolved: 'GET /api/people/unresolved',
  assign: 'POST /api/people/unresolved/:id/assign',
  reviews: 'GET /api/people/reviews',
  decide: 'POST /api/people/reviews/:id/decide',
  merge: 'POST /api/people/merge',
  undo: 'POST /api/people/:id/undo-merge',
  households: 'GET /api/households',
  household: 'GET /api/households/:id',
  nearHouseholds: 'POST /api/households/near',
  createHousehold: 'POST /api/households',
  importHouseholds: 'POST /api/households/import',
  importFile: 'POST /api/households/import/file',
} as const
