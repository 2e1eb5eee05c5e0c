import { z } from 'zod'
import { isAreaCode } from '../areas/code.ts'
import { isDay } from '../core/day.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { ROLES } from './actor.ts'
import { Questions } from './questions.ts'

/**
 * The wire of the access room: request and answer of every route, built on by the screens. Instants are ISO texts in UTC,
 * days `YYYY-MM-DD` in the deployment's zone, phone numbers leave masked. Route by route, in the order of server/access/routes.ts.
 */

const Id = z.uuid()
const Area = z.string().refine(isAreaCode, 'area code')
const DayText = z.string().refine(isDay, 'YYYY-MM-DD')
const Instant = z.string()
const RoleName = z.enum(ROLES)
const Phone = z.string().trim().min(5).max(30)
const Reason = z.string().trim().min(2).max(500)
const Both = z.strictObject({ zh: z.string().trim().min(1).max(2000), en: z.string().trim().min(1).max(2000) })
const SayAnswer = z.object({ zh: z.string(), en: z.string() })
const ById = z.strictObject({ id: Id })

// ---- Log-in (no session needed) ---------------------------------------------------------------------------------------

/** POST /api/login: phone or login name with a password. The session comes as the cookie `weiwang_session`. */
export const Login = z.strictObject({
  identifier: z.string().trim().min(1).max(60),
  password: z.string().min(1).max(200),
  device: z.string().max(80).default(''),
})
/** What stands between this session and the work: nothing, the second factor, or enrolling one. */
export const LoginAnswer = z.object({ next: z.enum(['done', 'totp', 'enrol']) })

/** POST /api/login/code: ask for a one-time code by SMS. The answer is the same for every number (ACCESS-12). */
export const AskCode = z.strictObject({ phone: Phone })
export const AskedAnswer = z.object({ sent: z.literal(true), minutes: z.number().int(), digits: z.number().int() })
/** POST /api/login/code/verify */
export const LoginCode = z.strictObject({
  phone: Phone,
  code: z.string().trim().max(12),
  device: z.string().max(80).default(''),
})

/** POST /api/resident/verify with the code of POST /api/resident/code: who has no account gets one (ACCESS-22). */
export const ResidentCode = LoginCode.extend({ lang: z.enum(['zh', 'en']).default('zh') })

/** POST /api/login/totp: the six digits, or one of the recovery codes. Needs the half-open session's cookie. */
export const LoginTotp = z.strictObject({ code: z.string().trim().min(6).max(20) })

/** POST /api/login/totp/enrol: a role that must have a second factor makes it now (ACCESS-20). Answers EnrolledTotp. */
export const EnrolAtLogin = z.strictObject({})
/** POST /api/login/totp/enrol/confirm: puts it in force and opens the session; the recovery codes are shown this once. */
export const ConfirmAtLogin = z.strictObject({ code: z.string().trim().min(6).max(8) })
export const ConfirmedAtLogin = z.object({
  next: z.enum(['done', 'totp', 'enrol']),
  recoveryCodes: z.array(z.string()),
})

/** POST /api/activation/code: a worker on the roster asks for the activation code; same answer for every number. */
export const AskActivation = z.strictObject({ phone: Phone })
/** POST /api/activation: code and first password; `identifier` is the phone, or the login name with a code handed over by the centre. */
export const Activate = z.strictObject({
  identifier: z.string().trim().min(1).max(60),
  code: z.string().trim().min(6).max(20),
  password: z.string().min(1).max(200),
  device: z.string().max(80).default(''),
})

/** POST /api/recovery: asked by who cannot log in; same answer whether or not the account exists. */
export const AskRecovery = z.strictObject({
  identifier: z.string().trim().min(1).max(60),
  kind: z.enum(['password', 'totp', 'phone']),
  newPhone: Phone.optional(),
  reason: Reason,
})
export const AskedRecovery = z.object({ asked: z.literal(true), say: SayAnswer })

/** POST /api/logout */
export const Logout = z.strictObject({})
export const Done = z.object({ done: z.literal(true) })

// ---- Me -----------------------------------------------------------------------------------------------------------------

/** GET /api/me */
export const Me = z.object({
  id: z.string(),
  name: z.string(),
  area: z.string(),
  areaName: z.string(),
  scope: z.array(z.object({ area: z.string(), name: z.string() })),
  roles: z.array(RoleName),
  createdBy: z.string().nullable(),
  lang: z.enum(['zh', 'en']),
  totp: z.boolean(),
  /** A centre role without a second factor: the screens ask to enrol one. */
  totpAdvised: z.boolean(),
  sessionId: z.string().nullable(),
  now: Instant,
  today: z.string(),
  zone: z.string(),
  exercise: z.boolean(),
  emergency: z.object({ id: z.string(), name: SayAnswer, starts: z.string() }).nullable(),
})
/** POST /api/me/password */
export const ChangePassword = z.strictObject({ old: z.string().min(1).max(200), password: z.string().min(1).max(200) })
/** POST /api/me/lang */
export const ChangeLang = z.strictObject({ lang: z.enum(['zh', 'en']) })
/** POST /api/me/totp/enrol: a new secret, not in force until confirmed. */
export const EnrolTotp = z.strictObject({ password: z.string().min(1).max(200) })
export const EnrolledTotp = z.object({ secret: z.string(), uri: z.string() })
/** POST /api/me/totp/confirm: shown once: ten recovery codes. */
export const ConfirmTotp = z.strictObject({ code: z.string().trim().min(6).max(8) })
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) })

/** GET /api/me/sessions, GET /api/accounts/:id/sessions */
export const SessionItem = z.object({
  id: z.string(),
  device: z.string(),
  agent: z.string(),
  createdAt: Instant,
  lastSeenAt: Instant,
  expiresAt: Instant,
  mine: z.boolean(),
})
export const MySessions = z.strictObject({ ...PageQuery.shape })
export const Sessions = pageOf(SessionItem)
/** POST /api/me/sessions/:id/end ; POST /api/me/sessions/end-others */
export const EndMySession = ById
export const EndOthers = z.strictObject({})
export const EndedSessions = z.object({ ended: z.number().int() })

/** GET /api/me/notices: what was decided about me without asking me (duties, roles, recovery). POST /api/me/notices/read */
export const NoticeItem = z.object({
  id: z.string(),
  kind: z.enum(['duty_given', 'duty_taken', 'role_given', 'role_taken', 'recovery', 'other']).catch('other'),
  say: SayAnswer,
  at: Instant,
  read: z.boolean(),
})
export const ListNotices = z.strictObject({ ...PageQuery.shape })
export const Notices = pageOf(NoticeItem)
export const ReadNotices = z.strictObject({ upTo: Id })

// ---- Accounts ------------------------------------------------------------------------------------------------------------

export const ACCOUNT_STATES = ['roster', 'active', 'locked', 'closed'] as const
export const AccountState = z.enum(ACCOUNT_STATES)

export const AccountItem = z.object({
  id: z.string(),
  name: z.string(),
  area: z.string(),
  areaName: z.string(),
  login: z.string().nullable(),
  phone: z.string().nullable().describe('masked'),
  roles: z.array(RoleName),
  /** Roles proposed and waiting for a second person. */
  pendingRoles: z.array(RoleName),
  state: AccountState,
  totp: z.boolean(),
  createdBy: z.string().nullable(),
  createdAt: Instant,
  version: z.number().int(),
  duties: z.number().int().describe('duties valid today'),
})
/** GET /api/accounts ; `q` is the beginning of the name or the whole phone number. */
export const ListAccounts = z.strictObject({
  ...PageQuery.shape,
  area: Area.optional(),
  role: RoleName.optional(),
  state: AccountState.optional(),
  q: z.string().trim().max(60).optional(),
  duty: z.enum(['none']).optional().describe('with a field role, and no duty today'),
})
export const Accounts = pageOf(AccountItem)
/** GET /api/accounts/:id */
export const GetAccount = ById

const Roles = z.array(RoleName).min(1).max(6)
/** POST /api/accounts: puts someone on the roster. */
export const InviteAccount = z.strictObject({
  name: z.string().trim().min(1).max(60),
  area: Area,
  login: z
    .string()
    .regex(/^[a-z][a-z0-9._-]{2,39}$/)
    .optional(),
  phone: Phone.optional(),
  roles: Roles,
  lang: z.enum(['zh', 'en']).default('zh'),
})
/** `needsHandOver`: without a phone the activation code is made by POST /api/accounts/:id/hand-over and given by hand. */
export const Invited = z.object({ account: AccountItem, needsHandOver: z.boolean() })

/** POST /api/accounts/:id/close ; /area ; /phone ; /roles/grant ; /roles/revoke */
export const CloseAccount = z.strictObject({ id: Id, reason: Reason })
export const MoveAccount = z.strictObject({ id: Id, area: Area, version: z.number().int() })
/** `takeOver`: the number changed hands; the account that has it loses it, its sessions end, and both must be activated anew. */
export const ChangePhone = z.strictObject({
  id: Id,
  phone: Phone,
  version: z.number().int(),
  takeOver: z.boolean().default(false),
})
export const GrantRole = z.strictObject({ id: Id, role: RoleName })
export const RevokeRole = z.strictObject({ id: Id, role: RoleName, reason: Reason })
/** POST /api/accounts/:id/hand-over: a new activation code for someone on the roster without a phone, shown once. */
export const HandOver = ById
export const HandOverAnswer = z.object({ handOver: z.string(), until: Instant })

/** GET /api/role-proposals ; POST /api/role-proposals/:id/decide (ACCESS-8: roles that approve are given by two people) */
export const RoleProposalItem = z.object({
  id: z.string(),
  accountId: z.string(),
  accountName: z.string(),
  area: z.string(),
  role: RoleName,
  state: z.enum(['proposed', 'approved', 'refused']),
  proposedBy: z.string().nullable(),
  proposedByName: z.string(),
  proposedAt: Instant,
})
export const ListRoleProposals = z.strictObject({ ...PageQuery.shape })
export const RoleProposals = pageOf(RoleProposalItem)
export const DecideRole = z.strictObject({ id: Id, approve: z.boolean(), reason: z.string().max(500).default('') })

/** GET /api/accounts/:id/sessions ; POST /api/accounts/:id/sessions/end */
export const AccountSessions = z.strictObject({ id: Id, ...PageQuery.shape })
export const EndAccountSessions = z.strictObject({ id: Id, reason: Reason })

/** POST /api/accounts/import/read: a CSV or XLSX file to roster rows; writes nothing. `content` is base64. */
export const ReadRoster = z.strictObject({ fileName: z.string().max(200), content: z.string().max(8_000_000) })
/** One row of a roster: the area by code or by name, roles by key or by Chinese name, grids by code, several parted by 、；;,| or spaces. */
export const RosterRow = z.strictObject({
  row: z.number().int().min(1),
  name: z.string().max(200).default(''),
  phone: z.string().max(60).default(''),
  area: z.string().max(200).default(''),
  roles: z.string().max(300).default(''),
  grids: z.string().max(4000).default(''),
})
export type RosterRow = z.infer<typeof RosterRow>
export const RosterRead = z.object({
  rows: z.array(RosterRow),
  /** Columns of the file that were recognised and that were not. */
  columns: z.array(z.object({ heading: z.string(), field: z.string().nullable() })),
})
/** POST /api/accounts/import: up to 500 rows in one request; bigger rosters come in several. */
export const ImportRoster = z.strictObject({ rows: z.array(RosterRow).min(1).max(500) })
export const RosterResult = z.object({
  row: z.number().int(),
  result: z.enum(['accepted', 'unchanged', 'rejected']),
  accountId: z.string().nullable(),
  column: z.string().nullable(),
  value: z.string().nullable(),
  reason: SayAnswer.nullable(),
  remedy: SayAnswer.nullable(),
})
export type RosterResult = z.infer<typeof RosterResult>
export const RosterReport = z.object({
  accepted: z.number().int(),
  unchanged: z.number().int(),
  rejected: z.number().int(),
  rows: z.array(RosterResult),
})
export type RosterReport = z.infer<typeof RosterReport>

/** GET /api/recoveries ; POST /api/recoveries/:id/decide */
export const RecoveryItem = z.object({
  id: z.string(),
  accountId: z.string(),
  accountName: z.string(),
  area: z.string(),
  kind: z.enum(['password', 'totp', 'phone']),
  reason: z.string(),
  newPhone: z.string().nullable().describe('masked'),
  state: z.enum(['asked', 'approved', 'refused', 'used']),
  askedAt: Instant,
  /** Two people reset the second factor of such a role: whether it is one, and who was the first (ACCESS-21). */
  needsTwo: z.boolean(),
  confirmedBy: z.string().nullable(),
  confirmedByName: z.string().nullable(),
  decidedAt: Instant.nullable(),
})
export const ListRecoveries = z.strictObject({
  ...PageQuery.shape,
  state: z.enum(['asked', 'approved', 'refused', 'used']).default('asked'),
})
export const Recoveries = pageOf(RecoveryItem)
export const DecideRecovery = z.strictObject({ id: Id, approve: z.boolean(), reason: z.string().max(500).default('') })
/** `confirmed`: a second person decides. `needsHandOver`: the account has no phone; make the activation code by POST /api/accounts/:id/hand-over. */
export const DecidedRecovery = z.object({
  state: z.enum(['confirmed', 'approved', 'refused']),
  needsHandOver: z.boolean(),
})

// ---- Duties --------------------------------------------------------------------------------------------------------------

export const DUTY_KINDS = ['cover', 'stand_in', 'shift'] as const
export const DutyItem = z.object({
  id: z.string(),
  accountId: z.string(),
  accountName: z.string(),
  area: z.string(),
  areaName: z.string(),
  kind: z.enum(DUTY_KINDS),
  standsInFor: z.string().nullable(),
  standsInForName: z.string().nullable(),
  from: z.string(),
  to: z.string().nullable(),
  /** Who assigned it (case 18). */
  by: z.string().nullable(),
  byName: z.string().nullable(),
  createdAt: Instant,
  validToday: z.boolean(),
})
/** GET /api/duties: duties over an area and everything in it, on a day (today unless told), or of one account. */
export const ListDuties = z.strictObject({
  ...PageQuery.shape,
  area: Area.optional(),
  account: Id.optional(),
  day: DayText.optional(),
  all: z.stringbool().default(false).describe('past and future ones too'),
})
export const Duties = pageOf(DutyItem)
/** POST /api/duties */
export const AssignDuty = z.strictObject({
  accountId: Id,
  area: Area,
  kind: z.enum(DUTY_KINDS).default('cover'),
  standsInFor: Id.optional(),
  from: DayText,
  to: DayText.optional(),
})
/** POST /api/duties/:id/end: `lastDay` is still valid; the day before it began means it never did. */
export const EndDuty = z.strictObject({ id: Id, lastDay: DayText, reason: Reason })
/** POST /api/duties/reassign: all duties of one account over these areas go to another from a day on, all or none. */
export const ReassignDuties = z.strictObject({
  from: Id,
  to: Id,
  areas: z.array(Area).min(1).max(200),
  day: DayText,
  reason: Reason,
})
export const Reassigned = z.object({ moved: z.number().int(), duties: z.array(DutyItem) })
/** POST /api/duties/stand-in: one covers for another from day to day, over these areas, all or none; the duties stay the other's. */
export const StandIn = z.strictObject({
  for: Id,
  by: Id,
  areas: z.array(Area).min(1).max(200),
  from: DayText,
  to: DayText,
  reason: Reason,
})
export const StoodIn = z.object({ given: z.number().int(), duties: z.array(DutyItem) })
/** GET /api/duties/owners: who may be given this area (case 53: only eligible owners are offered). */
export const ListOwners = z.strictObject({ ...PageQuery.shape, area: Area })
export const Owner = z.object({
  id: z.string(),
  name: z.string(),
  area: z.string(),
  roles: z.array(RoleName),
  duties: z.number().int(),
})
export const Owners = pageOf(Owner)
/** GET /api/duties/cover: who covers an area now, nearest first: its own, then those of the areas around it. */
export const WhoCovers = z.strictObject({ area: Area })
export const Cover = z.object({ area: z.string(), items: z.array(DutyItem) })
/** GET /api/duties/gaps: areas of a level (5 village, 6 grid, 7 unit) that nobody covers today. */
export const ListGaps = z.strictObject({
  ...PageQuery.shape,
  area: Area,
  level: z.coerce.number().int().min(3).max(7).default(6),
})
export const Gap = z.object({ area: z.string(), name: z.string(), parentName: z.string() })
export const Gaps = pageOf(Gap)

// ---- Emergency and campaigns -------------------------------------------------------------------------------------------------

export const EMERGENCY_STATES = ['proposed', 'open', 'ended', 'closed_out'] as const
const EmergencyState = z.enum(EMERGENCY_STATES)
const CloseOutState = z.enum(['proposed', 'running', 'done'])
export const EmergencyItem = z.object({
  id: z.string(),
  area: z.string(),
  areaName: z.string(),
  name: SayAnswer,
  legalOrder: z.string(),
  purpose: SayAnswer,
  basis: SayAnswer,
  starts: z.string(),
  ends: z.string().nullable(),
  state: EmergencyState,
  exercise: z.boolean(),
  proposedBy: z.string().nullable(),
  approvedBy: z.string().nullable(),
  endedAt: Instant.nullable(),
  /** The last day of the close-out, 30 days after the end. */
  closeOutBy: z.string().nullable(),
  /** How far its close-out is, null until somebody has proposed it; `mayDecide`: the reader may be its second person. */
  closeOut: z.object({ state: CloseOutState, mayDecide: z.boolean() }).nullable(),
  version: z.number().int(),
})
/** GET /api/emergencies */
export const ListEmergencies = z.strictObject({ ...PageQuery.shape, state: EmergencyState.optional() })
export const Emergencies = pageOf(EmergencyItem)
/** POST /api/emergencies */
export const ProposeEmergency = z.strictObject({
  area: Area,
  name: Both,
  legalOrder: z.string().trim().min(4).max(200),
  purpose: Both,
  basis: Both,
  starts: DayText,
  ends: DayText.optional(),
})
/** POST /api/emergencies/:id/approve ; POST /api/emergencies/:id/end */
export const ApproveEmergency = z.strictObject({ id: Id, version: z.number().int() })
export const EndEmergency = z.strictObject({ id: Id, version: z.number().int(), reason: Reason })

export const Hours = z.strictObject({
  red: z.strictObject({ accept: z.number().min(0.5).max(72), answer: z.number().min(1).max(240) }),
  yellow: z.strictObject({ answer: z.number().min(1).max(240) }),
  blue: z.strictObject({ answer: z.number().min(1).max(240) }),
})
export type Hours = z.infer<typeof Hours>
export const DEFAULT_HOURS: Hours = { red: { accept: 2, answer: 24 }, yellow: { answer: 24 }, blue: { answer: 72 } }

export const CampaignItem = z.object({
  id: z.string(),
  emergencyId: z.string(),
  area: z.string(),
  areaName: z.string(),
  name: SayAnswer,
  purpose: SayAnswer,
  basis: SayAnswer,
  script: SayAnswer,
  questions: Questions,
  hours: Hours,
  starts: z.string(),
  ends: z.string(),
  state: z.enum(['draft', 'open', 'ended']),
  createdBy: z.string().nullable(),
  version: z.number().int(),
})
/** GET /api/campaigns, GET /api/campaigns/:id */
export const ListCampaigns = z.strictObject({
  ...PageQuery.shape,
  state: z.enum(['draft', 'open', 'ended']).optional(),
  /** True: only those that people drafted, which a push may carry; the program's own make their tasks themselves. */
  drafted: z.stringbool().optional(),
})
export const Campaigns = pageOf(CampaignItem)
export const GetCampaign = ById
const CampaignBody = {
  name: Both,
  purpose: Both,
  basis: Both,
  script: Both,
  questions: Questions,
  hours: Hours.default(DEFAULT_HOURS),
  starts: DayText,
  ends: DayText,
}
/** POST /api/campaigns: a draft. POST /api/campaigns/:id: change the draft. Both answer the campaign and its field budget. */
export const DraftCampaign = z.strictObject({ area: Area, ...CampaignBody })
export const EditCampaign = z.strictObject({ id: Id, version: z.number().int(), ...CampaignBody })
export const Budget = z.object({
  questions: z.number().int(),
  freeText: z.number().int(),
  warnAt: z.number().int(),
  refuseAt: z.number().int(),
  state: z.enum(['ok', 'warn', 'refuse']),
})
export const CampaignAnswer = z.object({ campaign: CampaignItem, budget: Budget })
/** POST /api/campaigns/:id/open (a second person) ; POST /api/campaigns/:id/end */
export const OpenCampaign = z.strictObject({ id: Id, version: z.number().int() })
export const EndCampaign = z.strictObject({ id: Id, version: z.number().int(), reason: Reason })

// ---- Audit ---------------------------------------------------------------------------------------------------------------------

export const AuditItem = z.object({
  id: z.string(),
  at: Instant,
  day: z.string(),
  area: z.string(),
  actor: z.string().nullable(),
  actorName: z.string(),
  verb: z.string(),
  thing: z.string(),
  thingId: z.string(),
  outcome: z.enum(['done', 'refused']),
  purpose: z.string().nullable(),
  ids: z.number().int().describe('how many persons the line lists'),
  detail: z.record(z.string(), z.unknown()),
  sealed: z.boolean(),
})
/** GET /api/audit, newest first. `day` or `from`..`to`; `thing` with or without `thingId`. */
export const ListAudit = z.strictObject({
  ...PageQuery.shape,
  area: Area.optional(),
  actor: Id.optional(),
  thing: z.string().max(60).optional(),
  thingId: z.string().max(100).optional(),
  outcome: z.enum(['done', 'refused']).optional(),
  verb: z.string().max(60).optional(),
  from: DayText.optional(),
  to: DayText.optional(),
})
export const AuditPage = pageOf(AuditItem)
/** GET /api/audit/verify?from&to */
export const VerifyAudit = z.strictObject({
  from: DayText,
  to: DayText,
  /** A head kept outside: who rewrites the whole chain cannot rewrite that. */
  headDay: DayText.optional(),
  headHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
})
export const AuditFinding = z.object({
  kind: z.enum(['changed_block', 'missing_block', 'broken_chain', 'missing_line', 'changed_head', 'missing_head']),
  county: z.string().nullable(),
  day: z.string(),
  block: z.number().int().nullable(),
  say: SayAnswer,
})
export type AuditFinding = z.infer<typeof AuditFinding>
export const AuditVerdict = z.object({
  ok: z.boolean(),
  from: z.string(),
  to: z.string(),
  blocks: z.number().int(),
  lines: z.number().int(),
  heads: z.number().int(),
  /** The newest head: compare it with the copy kept elsewhere. */
  lastHead: z.object({ day: z.string(), hash: z.string() }).nullable(),
  unsealed: z.object({ lines: z.number().int(), oldestSeconds: z.number().int().nullable() }),
  findings: z.array(AuditFinding),
})
export type AuditVerdict = z.infer<typeof AuditVerdict>
/** GET /api/audit/heads: the chain of days, to be kept outside. */
export const ListHeads = z.strictObject({ ...PageQuery.shape })
export const Head = z.object({
  day: z.string(),
  hash: z.string(),
  prev: z.string(),
  counties: z.number().int(),
  sealedAt: Instant,
})
export const Heads = pageOf(Head)

// ---- Retention and close-out ---------------------------------------------------------------------------------------------------

/** GET /api/retention: every rule with what is due today. */
export const RetentionItem = z.object({
  rule: z.string(),
  say: SayAnswer,
  days: z.number().int(),
  cutoff: Instant,
  due: z.number().int(),
  /** Oldest row that is past its end, null when none is. */
  oldest: Instant.nullable(),
})
export const Retention = z.object({ due: z.number().int(), rules: z.array(RetentionItem) })
export const GetRetention = z.strictObject({})
/** GET /api/retention/manifests */
export const ListManifests = z.strictObject({ ...PageQuery.shape, emergency: Id.optional() })
export const ManifestItem = z.object({
  id: z.string(),
  emergencyId: z.string().nullable(),
  rule: z.string(),
  cutoff: Instant,
  tables: z.record(z.string(), z.number().int()),
  rows: z.number().int(),
  hash: z.string(),
  at: Instant,
})
export const Manifests = pageOf(ManifestItem)

/** POST /api/emergencies/:id/close-out (propose) ; /close-out/approve ; GET /api/emergencies/:id/close-out */
export const ProposeCloseOut = z.strictObject({ id: Id })
export const ApproveCloseOut = z.strictObject({ id: Id, confirm: z.literal('DELETE') })
export const GetCloseOut = ById
export const CloseOutItem = z.object({
  id: z.string(),
  emergencyId: z.string(),
  state: CloseOutState,
  /** A name. */
  proposedBy: z.string().nullable(),
  /** Whether the reader proposed it, and whether he may decide it (ACCESS-6). */
  mine: z.boolean(),
  mayDecide: z.boolean(),
  approvedBy: z.string().nullable(),
  proposedAt: Instant,
  doneAt: Instant.nullable(),
  /** Rows that will go or went, by table. */
  tables: z.record(z.string(), z.number().int()),
  certificate: z.unknown().nullable(),
})
/** POST /api/certificates/verify: is this certificate ours and unchanged? */
export const VerifyCertificate = z.strictObject({ certificate: z.record(z.string(), z.unknown()) })
export const CertificateVerdict = z.object({ valid: z.boolean(), say: SayAnswer })

// ---- Development messages --------------------------------------------------------------------------------------------------------

/** GET /api/dev/messages, and as a page GET /dev/messages: loopback or exercise only. */
export const ShownMessages = z.object({
  items: z.array(z.object({ id: z.string(), to: z.string(), text: z.string(), at: Instant })),
})
