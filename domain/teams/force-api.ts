/** Wire shapes of forces. */
import { z } from 'zod'
import { Organised } from '../areas/api.ts'
import { AREA_PATTERN } from '../areas/code.ts'
import { DaySchema } from '../core/api.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { BODIES, FORCE_KINDS, KIT, ORG_KINDS, POST_KINDS, SKILLS } from './force.ts'
import { TURN_STATES } from './force-time.ts'

const Area = z.string().regex(AREA_PATTERN)
const Id = z.uuid()
const At = z.iso.datetime()
const Name = z.string().trim().min(1).max(60)
const Reason = z.string().trim().min(2).max(300)
const Phone = z.string().trim().max(30)
const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const Words = z.object({ zh: z.string(), en: z.string() })
const Skill = z.enum(SKILLS)
const HoursSchema = z.strictObject({
  day: z.number().int().min(1).max(7),
  from: Clock,
  to: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/),
})
/** Where a list looks; `own` and `organised` come from the doors of figures. */
const Place = {
  area: Area.optional(),
  own: z.stringbool().optional(),
  organised: Organised.optional(),
}
const Days = { from: DaySchema.optional(), to: DaySchema.optional() }
export const ForceId = z.strictObject({ id: Id })
export const ForceDone = z.object({ id: Id })

// ---- people --------------------------------------------------------------------------------------------------------------
export const PEOPLE_LISTS = ['all', 'enrolled', 'confirmed'] as const
export const ListForcePeople = PageQuery.extend({
  ...Place,
  list: z.enum(PEOPLE_LISTS).default('all'),
  kind: z.enum(FORCE_KINDS).optional(),
  skill: Skill.optional(),
  org: Id.optional(),
}).strict()
export type ListForcePeople = z.output<typeof ListForcePeople>
export const ForcePerson = z.object({
  id: Id,
  accountId: Id,
  name: z.string(),
  area: z.string(),
  areaName: z.string(),
  kind: z.enum(FORCE_KINDS),
  org: z.object({ id: Id, name: z.string() }).nullable(),
  skills: z.array(Skill),
  hours: z.array(HoursSchema.strip()),
  state: z.enum(['enrolled', 'confirmed']),
  enrolledBy: z.string(),
  confirmedBy: z.string().nullable(),
  version: z.number().int(),
})
export type ForcePerson = z.infer<typeof ForcePerson>
export const ForcePeoplePage = pageOf(ForcePerson)
export const EnrolForce = z.strictObject({
  area: Area,
  name: Name,
  phone: Phone.min(5),
  kind: z.enum(FORCE_KINDS),
  orgId: Id.nullable(),
  skills: z.array(Skill).max(SKILLS.length),
  hours: z.array(HoursSchema).max(42),
})
export const EditForce = EnrolForce.pick({ kind: true, orgId: true, skills: true, hours: true }).extend({
  id: Id,
  version: z.number().int(),
})
export const LeaveForce = z.strictObject({ id: Id, lastDay: DaySchema, reason: Reason })
/** What a leaving does to what was ahead. */
export const LeftForce = z.object({ id: Id, turns: z.number().int(), handed: z.number().int() })

export const ReadForceFile = z.strictObject({ fileName: z.string().max(200), content: z.string().max(8_000_000) })
export const ForceRow = z.strictObject({
  row: z.number().int().min(1),
  name: z.string().max(200).default(''),
  phone: z.string().max(60).default(''),
  area: z.string().max(200).default(''),
  kind: z.string().max(60).default(''),
  org: z.string().max(200).default(''),
  skills: z.string().max(400).default(''),
  hours: z.string().max(600).default(''),
})
export type ForceRow = z.infer<typeof ForceRow>
export const ForceFile = z.object({
  rows: z.array(ForceRow),
  columns: z.array(z.object({ heading: z.string(), field: z.string().nullable() })),
})
export type ForceFile = z.infer<typeof ForceFile>
/** Up to 500 rows in one request; a longer list comes in several. */
export const ImportForces = z.strictObject({ rows: z.array(ForceRow).min(1).max(500) })
export const ForceResult = z.object({
  row: z.number().int(),
  result: z.enum(['accepted', 'unchanged', 'rejected']),
  column: z.string().nullable(),
  value: z.string().nullable(),
  reason: Words.nullable(),
  remedy: Words.nullable(),
})
export type ForceResult = z.infer<typeof ForceResult>
export const ForceReport = z.object({
  accepted: z.number().int(),
  unchanged: z.number().int(),
  rejected: z.number().int(),
  rows: z.array(ForceResult),
})
export type ForceReport = z.infer<typeof ForceReport>

// ---- organisations and estates ---------------------------------------------------------------------------------------------
const Contact = z.strictObject({ name: Name, phone: Phone.min(3) }).nullable()
export const ListForceOrgs = PageQuery.extend({ area: Area.optional(), kind: z.enum(ORG_KINDS).optional() }).strict()
export const ForceOrg = z.object({
  id: Id,
  area: z.string(),
  areaName: z.string(),
  kind: z.enum(ORG_KINDS),
  name: z.string(),
  hasContact: z.boolean(),
  people: z.number().int(),
  estates: z.number().int(),
})
export type ForceOrg = z.infer<typeof ForceOrg>
export const ForceOrgPage = pageOf(ForceOrg)
export const AddForceOrg = z.strictObject({ id: Id, area: Area, kind: z.enum(ORG_KINDS), name: Name, contact: Contact })
export const ListEstates = PageQuery.extend({ area: Area.optional(), org: Id.optional() }).strict()
export const EstateView = z.object({
  id: Id,
  area: z.string(),
  areaName: z.string(),
  org: z.object({ id: Id, name: z.string() }).nullable(),
  name: z.string(),
  dutyPhone: z.string().nullable(),
  hasContact: z.boolean(),
})
export type EstateView = z.infer<typeof EstateView>
export const EstatePage = pageOf(EstateView)
export const AddEstate = z.strictObject({
  id: Id,
  area: Area,
  orgId: Id.nullable(),
  name: Name,
  dutyPhone: Phone.nullable(),
  contact: Contact,
})
export const OpenContact = z.strictObject({
  of: z.enum(['org', 'estate']),
  id: Id,
  purpose: z.enum(['contact_person', 'deliver_service']),
})
export const OpenedContact = z.object({ name: z.string(), phone: z.string() })

// ---- staff assigned to grids -------------------------------------------------------------------------------------------------
export const ATTACHMENT_LISTS = ['now', 'ending', 'ahead'] as const
export const ListAttachments = PageQuery.extend({
  ...Place,
  list: z.enum(ATTACHMENT_LISTS).default('now'),
  body: z.enum(BODIES).optional(),
}).strict()
export type ListAttachments = z.output<typeof ListAttachments>
export const AttachmentView = z.object({
  id: Id,
  accountId: Id,
  name: z.string(),
  area: z.string(),
  areaName: z.string(),
  body: z.enum(BODIES),
  bodyName: z.string(),
  from: DaySchema,
  to: DaySchema,
  successor: z.string().nullable(),
  /** What is open with this person now. */
  open: z.number().int(),
})
export type AttachmentView = z.infer<typeof AttachmentView>
export const AttachmentPage = pageOf(AttachmentView)
export const Attach = z.strictObject({
  id: Id,
  accountId: Id,
  area: Area,
  body: z.enum(BODIES),
  bodyName: Name,
  from: DaySchema,
  to: DaySchema,
})
export const EndAttachment = z.strictObject({ id: Id, lastDay: DaySchema, successorId: Id.nullable(), reason: Reason })
export const EndedAttachment = z.object({ id: Id, over: z.boolean(), handed: z.number().int() })
export const ListHandovers = PageQuery.extend({ area: Area.optional() }).strict()
export const HandoverView = z.object({
  id: Id,
  area: z.string(),
  areaName: z.string(),
  from: z.string(),
  to: z.string().nullable(),
  thing: z.enum(['task', 'service', 'dispute', 'turn']),
  thingId: Id,
  at: At,
  /** Somebody has taken it, or it is done. */
  settled: z.boolean(),
})
export type HandoverView = z.infer<typeof HandoverView>
export const HandoverPage = pageOf(HandoverView)

// ---- posts, shifts, turns ----------------------------------------------------------------------------------------------------
export const ListPosts = PageQuery.extend({ area: Area.optional(), kind: z.enum(POST_KINDS).optional() }).strict()
export const PostView = z.object({
  id: Id,
  area: z.string(),
  areaName: z.string(),
  kind: z.enum(POST_KINDS),
  name: z.string(),
  shifts: z.number().int(),
})
export type PostView = z.infer<typeof PostView>
export const PostPage = pageOf(PostView)
export const AddPost = z.strictObject({ id: Id, area: Area, kind: z.enum(POST_KINDS), name: Name })
export const PostCode = z.object({ code: z.string(), until: At, post: z.string() })
export const PaperCode = z.object({ code: z.string(), post: z.string(), startsAt: At, endsAt: At })
export const PlanShifts = z.strictObject({
  postId: Id,
  from: DaySchema,
  to: DaySchema,
  starts: Clock,
  /** At or before `starts`: ends on the day after. */
  ends: Clock,
  needed: z.number().int().min(1).max(50),
})
export const PlannedShifts = z.object({ made: z.number().int(), there: z.number().int() })
export const SHIFT_LISTS = ['all', 'gaps'] as const
export const ListShifts = PageQuery.extend({
  ...Place,
  ...Days,
  list: z.enum(SHIFT_LISTS).default('all'),
  post: Id.optional(),
}).strict()
export type ListShifts = z.output<typeof ListShifts>
export const TurnMini = z.object({
  id: Id,
  name: z.string(),
  state: z.enum(TURN_STATES),
  late: z.number().int(),
  early: z.number().int(),
})
export const ShiftView = z.object({
  id: Id,
  postId: Id,
  post: z.string(),
  kind: z.enum(POST_KINDS),
  area: z.string(),
  areaName: z.string(),
  day: DaySchema,
  startsAt: At,
  endsAt: At,
  needed: z.number().int(),
  missing: z.number().int(),
  turns: z.array(TurnMini),
})
export type ShiftView = z.infer<typeof ShiftView>
export const ShiftPage = pageOf(ShiftView)
export const FreePeople = z.object({
  items: z.array(
    z.object({
      accountId: Id,
      name: z.string(),
      areaName: z.string(),
      why: z.enum(['busy', 'away', 'hours']).nullable(),
    }),
  ),
})
export const PutOnShift = z.strictObject({ id: Id, turnId: Id, accountId: Id })
export const TakeOff = z.strictObject({ id: Id, reason: Reason })
export const TURN_LISTS = ['all', 'worked', 'missed', 'no_sign_out'] as const
export const ListTurns = PageQuery.extend({
  ...Place,
  ...Days,
  list: z.enum(TURN_LISTS).default('all'),
  account: Id.optional(),
}).strict()
export type ListTurns = z.output<typeof ListTurns>
export const TurnView = TurnMini.extend({
  accountId: Id.nullable(),
  post: z.string(),
  area: z.string(),
  areaName: z.string(),
  day: DaySchema,
  startsAt: At,
  endsAt: At,
  inAt: At.nullable(),
  inHow: z.string().nullable(),
  outAt: At.nullable(),
  outHow: z.string().nullable(),
  mendedBy: z.string().nullable(),
  minutes: z.number().int(),
})
export type TurnView = z.infer<typeof TurnView>
export const TurnPage = pageOf(TurnView)
export const MyTurns = z.object({ items: z.array(TurnView) })
export const SignTurn = z.strictObject({ code: z.string().max(200), act: z.enum(['in', 'out']), at: At.optional() })

export const MendTurn = z.strictObject({ id: Id, inAt: At.nullable(), outAt: At.nullable(), reason: Reason })
export const ListHours = PageQuery.extend({ area: Area.optional(), ...Days }).strict()
/** By name, never by who worked most. `turns` opens ListTurns with `list=worked` and the account. */
export const HoursView = z.object({
  accountId: Id,
  name: z.string(),
  turns: z.number().int(),
  minutes: z.number().int(),
})
export type HoursView = z.infer<typeof HoursView>
export const HoursPage = pageOf(HoursView)

// ---- kit and health ----------------------------------------------------------------------------------------------------------
export const ListKit = PageQuery.extend({ area: Area.optional(), account: Id.optional() }).strict()
export const KitView = z.object({
  id: Id,
  accountId: Id,
  name: z.string(),
  item: z.enum(KIT),
  n: z.number().int(),
  day: DaySchema,
  by: z.string(),
})
export type KitView = z.infer<typeof KitView>
export const KitPage = pageOf(KitView)
export const GiveKit = z.strictObject({
  id: Id,
  accountId: Id,
  item: z.enum(KIT),
  n: z.number().int().min(1).max(1000),
  day: DaySchema,
})
/** GET /api/forces/mine: what I was given and how long I have worked in the last thirty days; about the caller alone. */
export const MyForce = z.object({
  kit: z.array(KitView),
  hours: z.object({ from: DaySchema, to: DaySchema, turns: z.number().int(), minutes: z.number().int() }),
})
export const ListNoKit = PageQuery.extend({ area: Area.optional() }).strict()
export const NoKitView = z.object({
  accountId: Id,
  name: z.string(),
  areaName: z.string(),
  doors: z.number().int(),
  missing: z.array(z.enum(KIT)),
})
export type NoKitView = z.infer<typeof NoKitView>
export const NoKitPage = pageOf(NoKitView)
export const SYMPTOMS = ['fever', 'cough', 'breath', 'fatigue', 'diarrhoea', 'smell', 'other'] as const
export const ReportHealth = z.strictObject({
  id: Id,
  kind: z.enum(['contact', 'symptoms']),
  day: DaySchema,
  symptoms: z.array(z.enum(SYMPTOMS)).max(SYMPTOMS.length).default([]),
  words: z.string().trim().max(300).default(''),
})
export const HealthView = z.object({
  id: Id,
  accountId: Id,
  name: z.string(),
  areaName: z.string(),
  kind: z.enum(['contact', 'symptoms']),
  day: DaySchema,
  symptoms: z.array(z.enum(SYMPTOMS)),
  words: z.string(),
  restUntil: DaySchema.nullable(),
  decidedBy: z.string().nullable(),
  reportedAt: At,
  over: z.boolean(),
})
export type HealthView = z.infer<typeof HealthView>
export const ListHealth = PageQuery.extend({ area: Area.optional() }).strict()
export const HealthPage = pageOf(HealthView)
export const MyHealth = z.object({ items: z.array(HealthView) })
export const SetRest = z.strictObject({ id: Id, until: DaySchema.nullable() })

// ---- figures -----------------------------------------------------------------------------------------------------------------
export const AskForces = z.strictObject({ area: Area.optional() })
/** Each number opens its list. `health` only at a county and above: below it a number would name somebody (FORCE-10). */
export const ForceSummary = z.object({
  people: z.array(z.object({ kind: z.enum(FORCE_KINDS), enrolled: z.number().int(), confirmed: z.number().int() })),
  attached: z.array(z.object({ body: z.enum(BODIES), now: z.number().int(), ending: z.number().int() })),
  orgs: z.number().int(),
  estates: z.number().int(),
  posts: z.number().int(),
  gaps: z.number().int(),
  handovers: z.number().int(),
  noKit: z.number().int(),
  health: z.object({ contact: z.number().int(), symptoms: z.number().int(), resting: z.number().int() }).nullable(),
  /** Whether this reader may open the reports themselves. */
  mayReadHealth: z.boolean(),
})
export type ForceSummary = z.infer<typeof ForceSummary>
