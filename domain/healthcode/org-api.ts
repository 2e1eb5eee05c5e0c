import { z } from 'zod'
import { AREA_PATTERN } from '../areas/code.ts'
import { isDay } from '../core/day.ts'
import { PageQuery, pageOf } from '../core/page.ts'

/**
 * Wire shapes of companies and schools (ORG-1 … ORG-16): their officer's own pages, the consent of each person on the own phone,
 * the desk. No shape of an employer has a colour, a reason, a source or a place of anybody.
 */
const Id = z.uuid()
const Area = z.string().regex(AREA_PATTERN)
const DayText = z.string().refine(isDay, { message: 'a day as YYYY-MM-DD' })
const Instant = z.iso.datetime({ offset: true })
const SayText = z.object({ zh: z.string(), en: z.string() })
const Words = z.string().trim().min(2).max(1000)
const Purpose = z.string().trim().min(2).max(200)
const Count = z.number().int().min(0).max(100_000)

export const ORG_KINDS = ['company', 'school'] as const
export const OrgKind = z.enum(ORG_KINDS)
export type OrgKind = z.infer<typeof OrgKind>

export const ORG_STATES = ['applied', 'approved', 'refused', 'closed'] as const
export const OrgState = z.enum(ORG_STATES)
export type OrgState = z.infer<typeof OrgState>

/** ORG-7: everything that an employer ever learns of somebody. */
export const ANSWERS = ['may_work', 'may_work_from', 'not_yet', 'no_rules', 'waits_consent'] as const
export const AnswerKind = z.enum(ANSWERS)
export type AnswerKind = z.infer<typeof AnswerKind>
export const OrgAnswer = z.object({ kind: AnswerKind, from: z.string().nullable(), say: SayText })
export type OrgAnswer = z.infer<typeof OrgAnswer>

/** ORG-4: what became of a row of a list. */
export const ROW_RESULTS = ['invited', 'invalid_document', 'duplicate_row', 'already', 'cannot_be_judged'] as const
export const RowResult = z.enum(ROW_RESULTS)
export type RowResult = z.infer<typeof RowResult>

/** ORG-11: states of a resumption file. */
export const FILE_STATES = [
  'draft',
  'submitted',
  'supplement_once',
  'site_check',
  'approved',
  'rejected',
  'expired',
] as const
export const FileState = z.enum(FILE_STATES)
export type FileState = z.infer<typeof FileState>

// ---- The officer ---------------------------------------------------------------------------------------------------------------

/** Of whom the centre asks something; sealed. */
export const OrgContact = z.strictObject({
  name: z.string().trim().min(1).max(100),
  phone: z.string().trim().min(5).max(40),
})
export type OrgContact = z.infer<typeof OrgContact>

/** POST /api/my/orgs: `area` is a town or village of the deployment, where it stands. */
export const ApplyOrg = z.strictObject({
  id: Id,
  kind: OrgKind,
  name: z.string().trim().min(2).max(100),
  creditCode: z.string().trim().max(30).optional(),
  area: Area,
  contact: OrgContact,
})
export type ApplyOrg = z.infer<typeof ApplyOrg>

/** What has to be there before work begins, in days of need (ORG-12). */
export const Materials = z.strictObject({ masks: Count, disinfectant: Count, thermometry: Count })
export type Materials = z.infer<typeof Materials>
export const FileBody = z.strictObject({
  plan: z.string().trim().max(4000),
  opens: DayText,
  headcount: Count,
  materials: Materials,
  isolationRooms: z.number().int().min(0).max(1000),
  /** Who answers for it on the spot. */
  officer: z.strictObject({ name: z.string().trim().max(100), phone: z.string().trim().max(40) }),
})
export type FileBody = z.infer<typeof FileBody>

export const FileHistory = z.object({ n: z.number().int(), at: Instant, say: SayText, words: z.string().nullable() })
export const OrgFile = z.object({
  id: Id,
  state: FileState,
  stateName: SayText,
  body: FileBody,
  /** Until when what was asked for is waited for. */
  askedUntil: z.string().nullable(),
  /** What still lacks before it can be handed in. */
  lacks: z.array(SayText),
  history: z.array(FileHistory),
  version: z.number().int(),
})
export type OrgFile = z.infer<typeof OrgFile>

/** Who answers for an organisation, as its officers see each other (ORG-17). */
export const OrgOfficer = z.object({ masked: z.string(), since: Instant, me: z.boolean() })
export type OrgOfficer = z.infer<typeof OrgOfficer>

export const MyOrg = z.object({
  id: Id,
  kind: OrgKind,
  name: z.string(),
  creditCode: z.string().nullable(),
  area: z.string(),
  areaName: z.string(),
  state: OrgState,
  stateName: SayText,
  refusal: z.string().nullable(),
  members: z.object({ invited: z.number().int(), consented: z.number().int() }),
  /** There is a link that can be opened; it is shown once, when it is made. */
  linked: z.boolean(),
  officers: z.array(OrgOfficer),
  /** A link for another officer that nobody has taken yet; it is shown once, when it is made. */
  invited: z.object({ until: Instant, handOver: z.boolean() }).nullable(),
  file: OrgFile.nullable(),
  version: z.number().int(),
})
export type MyOrg = z.infer<typeof MyOrg>
/** GET /api/my/orgs: a resident answers for at most twenty. */
export const AskMyOrgs = z.strictObject({})
export const MyOrgs = z.object({ items: z.array(MyOrg), today: z.string(), asOf: Instant })
export type MyOrgs = z.infer<typeof MyOrgs>

export const MAX_ROWS = 2000
export const OrgListRow = z.strictObject({
  row: z.number().int().min(1).max(100_000),
  name: z.string().max(200),
  number: z.string().max(200),
  kind: z.string().max(60).default(''),
  /** The employer's own number of the person, so that the list need not show a name. */
  ref: z.string().max(40).default(''),
  /** The day on which the employer expects the person back, as it was written; may be left out (ORG-18). */
  returns: z.string().max(40).default(''),
})
export type OrgListRow = z.infer<typeof OrgListRow>

/** POST /api/my/orgs/:id/lists: a file (CSV or XLSX, base64) or rows. `whole`: who was listed before and is not now has left. */
export const SendList = z.strictObject({
  id: Id,
  list: Id,
  file: z.string().max(1_900_000).optional(),
  rows: z.array(OrgListRow).max(MAX_ROWS).optional(),
  whole: z.boolean().default(false),
})
export type SendList = z.infer<typeof SendList>
export const ListedRow = z.object({
  row: z.number().int(),
  result: RowResult,
  say: SayText,
  remedy: SayText.nullable(),
})
export type ListedRow = z.infer<typeof ListedRow>
export const ListSums = z.object({
  invited: z.number().int(),
  invalid_document: z.number().int(),
  duplicate_row: z.number().int(),
  already: z.number().int(),
  cannot_be_judged: z.number().int(),
})
export type ListSums = z.infer<typeof ListSums>
export const OrgList = z.object({
  id: Id,
  n: z.number().int(),
  at: Instant,
  whole: z.boolean(),
  left: z.number().int(),
  sums: ListSums,
})
export type OrgList = z.infer<typeof OrgList>
export const SentList = OrgList.extend({ rows: z.array(ListedRow) })
export type SentList = z.infer<typeof SentList>
/** GET /api/my/orgs/:id/lists, newest first; GET /api/my/orgs/:id/lists/:list with its rows. */
export const ListLists = PageQuery.extend({ id: Id }).strict()
export type ListLists = z.infer<typeof ListLists>
export const ListPage = pageOf(OrgList)
export const GetList = z.strictObject({ id: Id, list: Id })

/** POST /api/my/orgs/:id/link: a new one; the one before is no link any more. */
export const MakeLink = z.strictObject({ id: Id })
export const MadeLink = z.object({ token: z.string(), path: z.string() })
export type MadeLink = z.infer<typeof MadeLink>

/** GET /api/my/orgs/:id/members */
export const MEMBER_LISTS = ['all', 'consented', 'invited'] as const
export const ListMembers = PageQuery.extend({ id: Id, list: z.enum(MEMBER_LISTS).default('all') }).strict()
export type ListMembers = z.infer<typeof ListMembers>
export const OrgMember = z.object({ id: Id, masked: z.string(), ref: z.string(), answer: OrgAnswer })
export type OrgMember = z.infer<typeof OrgMember>
export const MemberPage = pageOf(OrgMember).extend({ asOf: Instant })
export type MemberPage = z.infer<typeof MemberPage>
/** POST /api/my/orgs/:id/members/:member/end: works there no longer. */
export const EndMember = z.strictObject({ id: Id, member: Id })
export const Done = z.object({ id: Id })

/** POST /api/my/orgs/:id/roll: counts only (ORG-10); the same day again replaces it. */
export const SendRoll = z.strictObject({ id: Id, day: DayText, present: Count, absent: Count, fever: Count })
export type SendRoll = z.infer<typeof SendRoll>
/** null: fewer than five, or what would give such a number away. */
const Figure = z.number().int().nullable()
export const RollDay = z.object({ day: z.string(), present: Figure, absent: Figure, fever: Figure })
export type RollDay = z.infer<typeof RollDay>
/** GET /api/my/orgs/:id/roll: the last fourteen days. */
export const AskRoll = z.strictObject({ id: Id })
export const Roll = z.object({ today: z.string(), days: z.array(RollDay) })
export type Roll = z.infer<typeof Roll>

/** POST /api/my/orgs/:id/file: keeps what is filled in. POST …/file/submit: hands it in, or what was asked for. */
export const SaveFile = z.strictObject({ id: Id, body: FileBody })
export type SaveFile = z.infer<typeof SaveFile>
export const SubmitFile = z.strictObject({ id: Id, words: z.string().trim().max(1000).optional() })
/** POST /api/my/orgs/:id/officers: a link for one colleague; a new one ends the one before. `handOver`: who made it steps back when it is taken. */
export const InviteOfficer = z.strictObject({ id: Id, handOver: z.boolean().default(false) })
export const MadeOfficerLink = MadeLink.extend({ until: Instant, handOver: z.boolean() })
export type MadeOfficerLink = z.infer<typeof MadeOfficerLink>
/** POST /api/my/orgs/:id/officers/stop: the link is none any more. POST /api/my/orgs/:id/leave: answers for it no longer. */
export const StopInvitation = z.strictObject({ id: Id })
export const LeaveOrg = z.strictObject({ id: Id })

/** POST /api/my/orgs/:id/close */
export const CloseOrg = z.strictObject({ id: Id })

const OfficerToken = z.string().regex(/^[A-Za-z0-9_-]{22}$/)
/** GET /api/my/officer-link?token=: for what one is asked to answer. POST /api/my/officer-link: taken, on a log-in that has shown a document. */
export const AskOfficerLink = z.strictObject({ token: OfficerToken })
export const OfficerLink = z.object({
  org: Id,
  orgName: z.string(),
  kind: OrgKind,
  areaName: z.string(),
  handOver: z.boolean(),
  until: Instant,
})
export type OfficerLink = z.infer<typeof OfficerLink>

// ---- The person ----------------------------------------------------------------------------------------------------------------

export const EMPLOYER_STATES = ['invited', 'consented'] as const
export const MyEmployer = z.object({
  id: Id,
  org: Id,
  orgName: z.string(),
  kind: OrgKind,
  personId: Id,
  masked: z.string(),
  self: z.boolean(),
  state: z.enum(EMPLOYER_STATES),
  /** The day of the consent. */
  since: z.string().nullable(),
  /** The day of return that the employer has written, and the one that the person has confirmed (ORG-18). */
  returnsOn: z.string().nullable(),
  confirmed: z.string().nullable(),
  /** Exactly what the employer sees of this person now. */
  answer: OrgAnswer,
})
export type MyEmployer = z.infer<typeof MyEmployer>
/** GET /api/my/employers */
export const AskMyEmployers = z.strictObject({})
export const MyEmployers = z.object({
  items: z.array(MyEmployer),
  about: SayText,
  aboutReturn: SayText,
  asOf: Instant,
})
export type MyEmployers = z.infer<typeof MyEmployers>

const Token = z.string().regex(/^[A-Za-z0-9_-]{22}$/)
/** GET /api/my/employers/link?token=…: who asks, before anybody consents; and for whom the account may. */
export const AskLink = z.strictObject({ token: Token })
export const LinkedOrg = z.object({
  org: Id,
  orgName: z.string(),
  kind: OrgKind,
  about: SayText,
  people: z.array(z.object({ personId: Id, masked: z.string(), self: z.boolean() })),
})
export type LinkedOrg = z.infer<typeof LinkedOrg>
/**
 * POST /api/my/employers/consent: to an invitation, or by a link for one of mine. `returnsOn`: the employer's day, which the person has seen
 * and confirms; another one than stands there is refused.
 */
export const Consent = z.union([
  z.strictObject({ member: Id, returnsOn: DayText.optional() }),
  z.strictObject({ token: Token, personId: Id, ref: z.string().trim().max(40).default('') }),
])
export type Consent = z.infer<typeof Consent>
/** POST /api/my/employers/:id/withdraw: at any time, and without a reason. */
export const Withdraw = z.strictObject({ id: Id })

// ---- The desk ------------------------------------------------------------------------------------------------------------------

export const OrgRow = z.object({
  id: Id,
  kind: OrgKind,
  name: z.string(),
  creditCode: z.string().nullable(),
  area: z.string(),
  areaName: z.string(),
  state: OrgState,
  stateName: SayText,
  appliedAt: Instant,
  consented: z.number().int(),
  file: z.object({ state: FileState, stateName: SayText }).nullable(),
  /** Of today; null when none was sent. */
  roll: z.object({ present: z.number().int(), absent: z.number().int(), fever: z.number().int() }).nullable(),
  version: z.number().int(),
})
export type OrgRow = z.infer<typeof OrgRow>
/** GET /api/orgs: `waiting`: applications to decide; `files`: resumption files that wait for the desk. */
export const ORG_LISTS = ['waiting', 'files', 'approved', 'all'] as const
export const ListOrgs = PageQuery.extend({ list: z.enum(ORG_LISTS).default('waiting'), area: Area.optional() }).strict()
export type ListOrgs = z.infer<typeof ListOrgs>
export const OrgPage = pageOf(OrgRow).extend({ asOf: Instant })

export const DESK_FILE_STEPS = ['ask', 'check', 'approve', 'reject'] as const
export const DeskFileStep = z.enum(DESK_FILE_STEPS)
export type DeskFileStep = z.infer<typeof DeskFileStep>
const Step = z.object({ step: DeskFileStep, ok: z.boolean(), why: SayText.nullable() })
export const OrgDetail = OrgRow.extend({
  members: z.object({ invited: z.number().int(), consented: z.number().int() }),
  resumption: OrgFile.nullable(),
  steps: z.array(Step),
  mayDecide: z.boolean(),
  officers: z.array(OrgOfficer.omit({ me: true })),
  rolls: z.array(RollDay),
})
export type OrgDetail = z.infer<typeof OrgDetail>
/** GET /api/orgs/:id */
export const GetOrg = z.strictObject({ id: Id })
/** POST /api/orgs/:id/decide: the application. Refused says why. */
export const DecideOrg = z.strictObject({
  id: Id,
  decision: z.enum(['approved', 'refused']),
  words: Words.optional(),
})
export type DecideOrg = z.infer<typeof DecideOrg>
/** POST /api/orgs/:id/file: ask (once), check on the spot, approve, reject. */
export const StepFile = z.strictObject({
  id: Id,
  step: DeskFileStep,
  /** Of a check: whether everything was there. */
  met: z.boolean().optional(),
  words: Words.optional(),
})
export type StepFile = z.infer<typeof StepFile>
/** POST /api/orgs/:id/open: whom to call, for a purpose that the audit keeps. POST /api/orgs/:id/close */
export const OpenOrg = z.strictObject({ id: Id, purpose: Purpose })
export const OpenedOrg = z.object({ id: Id, name: z.string(), phone: z.string() })
export type OpenedOrg = z.infer<typeof OpenedOrg>
