/** Wire shapes of teams and watches. */
import { z } from 'zod'
import { Organised } from '../areas/api.ts'
import { AREA_PATTERN } from '../areas/code.ts'
import { DaySchema, SaySchema } from '../core/api.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { LIMITS } from './fill.ts'
import { REACHES, TEAM_ROLES } from './template.ts'
import { NOTE_KINDS, RANG, WATCH_KINDS } from './watch.ts'

const Area = z.string().regex(AREA_PATTERN)
const Id = z.uuid()
const Role = z.enum(TEAM_ROLES)
const At = z.iso.datetime()
const Words = z.object({ zh: z.string(), en: z.string() })
const Reason = z.string().trim().min(2).max(300)

export const RoleRuleSchema = z.strictObject({
  role: Role,
  count: z.number().int().min(1).max(5),
  cap: z.number().int().min(1).max(500),
  reach: z.enum(REACHES),
  metres: z.number().int().min(50).max(100_000).nullable(),
  every: z.number().int().min(0).max(14),
})

export const AtArea = z.strictObject({ area: Area })
export const TemplateView = z.object({
  area: z.string(),
  areaName: z.string(),
  version: z.number().int(),
  name: Words,
  roles: z.array(RoleRuleSchema.strip()),
  by: z.string().nullable(),
  at: At.nullable(),
})
export type TemplateView = z.infer<typeof TemplateView>
/** What holds at an area, and the versions of the area itself, newest first. */
export const TemplateAnswer = z.object({ holds: TemplateView, versions: z.array(TemplateView) })
export type TemplateAnswer = z.infer<typeof TemplateAnswer>
export const SaveTemplate = z.strictObject({
  area: Area,
  name: SaySchema,
  roles: z.array(RoleRuleSchema).min(1).max(TEAM_ROLES.length),
  /** The version that the writer saw; null: the area had none of its own. */
  basedOn: z.number().int().nullable(),
})

export const MemberView = z.object({
  id: Id,
  role: Role,
  accountId: Id,
  name: z.string(),
  from: DaySchema,
  to: DaySchema.nullable(),
  /** Whom this person stands in for. */
  standsInFor: z.string().nullable(),
  /** On leave on the day asked for; somebody else stands here then, or the seat is empty. */
  away: z.boolean(),
  why: z.string(),
})
export type MemberView = z.infer<typeof MemberView>

export const SeatView = z.object({
  role: Role,
  need: z.number().int(),
  has: z.number().int(),
  /** The limit that left it empty. */
  limit: z.enum(LIMITS).nullable(),
})
export type SeatView = z.infer<typeof SeatView>

export const DoorLabel = z.object({
  householdId: Id,
  estate: z.string().nullable(),
  building: z.string().nullable(),
  /** Null above a grid (PEOPLE-11). */
  door: z.string().nullable(),
})

/** Where: the reader's areas or one of them; `own`: what lies at the area itself alone; `organised`: as the areas are now (STAT-11). */
const Place = { area: Area.optional(), own: z.stringbool().optional(), organised: Organised.optional() }

export const TEAM_LISTS = ['all', 'full', 'short'] as const
export const ListTeams = PageQuery.extend({
  ...Place,
  list: z.enum(TEAM_LISTS).default('all'),
  account: Id.optional(),
}).strict()
export type ListTeams = z.output<typeof ListTeams>
export const TeamRow = DoorLabel.extend({
  id: Id,
  county: z.string(),
  area: z.string(),
  areaName: z.string(),
  since: DaySchema,
  observed: z.number().int(),
  members: z.array(MemberView),
  seats: z.array(SeatView),
  version: z.number().int(),
})
export type TeamRow = z.infer<typeof TeamRow>
export const TeamPage = pageOf(TeamRow)

export const TeamId = z.strictObject({ id: Id })
export const TeamDetail = TeamRow.extend({
  template: TemplateView,
  endedAt: At.nullable(),
  history: z.array(MemberView.extend({ endedAt: At.nullable(), endedWhy: z.string().nullable() })),
})
export type TeamDetail = z.infer<typeof TeamDetail>

export const SpreadView = z.object({
  role: Role,
  people: z.number().int(),
  least: z.number().int(),
  most: z.number().int(),
  limit: z.enum(['reach', 'cap', 'held']).nullable(),
})
export type SpreadView = z.infer<typeof SpreadView>

/** Each number opens its list: full and short of ListTeams; people of ListLoads. */
export const TeamSummary = z.object({
  doors: z.number().int(),
  full: z.number().int(),
  short: z.number().int(),
  people: z.number().int(),
  away: z.number().int(),
  roles: z.array(
    z.object({
      role: Role,
      need: z.number().int(),
      has: z.number().int(),
      people: z.number().int(),
      least: z.number().int(),
      most: z.number().int(),
    }),
  ),
})
export type TeamSummary = z.infer<typeof TeamSummary>
export const AskTeams = z.strictObject({ area: Area.optional() })

export const ListLoads = PageQuery.extend({
  area: Area.optional(),
  role: Role.optional(),
  away: z.stringbool().optional(),
}).strict()
export const LoadView = z.object({
  accountId: Id,
  name: z.string(),
  areaName: z.string(),
  roles: z.array(Role),
  load: z.number().int(),
  ownCap: z.number().int().nullable(),
  leave: z.object({ id: Id, from: DaySchema, to: DaySchema.nullable(), standIn: z.string().nullable() }).nullable(),
})
export type LoadView = z.infer<typeof LoadView>
export const LoadsPage = pageOf(LoadView)

/** Fills every door of an area that lacks somebody. */
export const FillArea = z.strictObject({ area: Area })
export const FillAnswer = z.object({
  doors: z.number().int(),
  filled: z.number().int(),
  gaps: z.array(z.object({ role: Role, limit: z.enum(LIMITS), seats: z.number().int(), doors: z.number().int() })),
  spread: z.array(SpreadView),
})
export type FillAnswer = z.infer<typeof FillAnswer>

/** Forms teams for doors by hand: what opening an observation does by itself. */
export const FormTeams = z.strictObject({ householdIds: z.array(Id).min(1).max(500) })
export const FormedTeams = FillAnswer.extend({ teams: z.array(Id) })
export const EndTeam = z.strictObject({ id: Id, reason: Reason })
export const TeamState = z.object({ id: Id, version: z.number().int() })

export const AskCandidates = z.strictObject({ id: Id, role: Role })
export const CandidateView = z.object({
  accountId: Id,
  name: z.string(),
  areaName: z.string(),
  load: z.number().int(),
  cap: z.number().int(),
  near: z.enum(['building', 'grid', 'village', 'town', 'county', 'far']),
  metres: z.number().int().nullable(),
  /** Why this person cannot be chosen; null: can. */
  limit: z.enum(['reach', 'distance', 'cap', 'seated', 'leave']).nullable(),
})
export type CandidateView = z.infer<typeof CandidateView>
/** Best first; at most fifty. */
export const Candidates = z.object({ items: z.array(CandidateView) })

export const ReplaceMember = z.strictObject({
  id: Id,
  role: Role,
  /** Null: an empty seat is filled. */
  out: Id.nullable(),
  in: Id,
  reason: Reason,
})

export const AskLeave = z.strictObject({
  accountId: Id,
  from: DaySchema,
  to: DaySchema.nullable(),
  /** First choice for every door as far as the cap goes; the others are shared out. */
  standIn: Id.nullable(),
})
export const TakeLeave = AskLeave.extend({ id: Id })
export const LeaveAnswer = z.object({
  /** Doors of the person, those that somebody stands in for, and those where nobody could be found, by limit. */
  doors: z.number().int(),
  covered: z.number().int(),
  by: z.array(z.object({ accountId: Id, name: z.string(), doors: z.number().int(), load: z.number().int() })),
  gaps: FillAnswer.shape.gaps,
  spread: z.array(SpreadView),
})
export type LeaveAnswer = z.infer<typeof LeaveAnswer>
export const EndLeave = z.strictObject({ id: Id, lastDay: DaySchema })
export const ListLeaves = PageQuery.extend({ area: Area.optional() }).strict()
export const LeaveView = z.object({
  id: Id,
  accountId: Id,
  name: z.string(),
  from: DaySchema,
  to: DaySchema.nullable(),
  standIn: z.string().nullable(),
  by: z.string(),
  /** Doors where somebody stands in now, of the doors that the person has. */
  covered: z.number().int(),
  doors: z.number().int(),
})
export type LeaveView = z.infer<typeof LeaveView>
export const LeavesPage = pageOf(LeaveView)

/** All doors of one person to another, or shared out among those who can; with what is open there. */
export const HandOverDoors = z.strictObject({ from: Id, to: Id.nullable(), reason: Reason })
export const HandedOver = LeaveAnswer.extend({
  /** Open tasks at these doors, which the new people find there. */
  openTasks: z.number().int(),
})

export const SetCap = z.strictObject({ accountId: Id, cap: z.number().int().min(0).max(500).nullable() })

/** Who is responsible at a door now: one tap for the resident, the centre and the phone. */
export const AtDoor = z.strictObject({ householdId: Id })
export const Responsible = z.object({
  teamId: Id.nullable(),
  members: z.array(
    z.object({
      role: Role,
      name: z.string(),
      accountId: Id,
      standsInFor: z.string().nullable(),
      until: DaySchema.nullable(),
      phone: z.string().nullable(),
    }),
  ),
  missing: z.array(SeatView),
})
export type Responsible = z.infer<typeof Responsible>

export const ListMyDoors = PageQuery.strict()
export const ListVisitPlans = PageQuery.extend({
  area: Area.optional(),
  account: Id.optional(),
  day: DaySchema.optional(),
}).strict()
export const VisitPlanView = DoorLabel.extend({
  teamId: Id,
  area: z.string(),
  areaName: z.string(),
  day: DaySchema,
  visits: z.array(
    z.object({
      between: z.tuple([z.number(), z.number()]).nullable(),
      people: z.array(z.object({ role: Role, name: z.string(), accountId: Id })),
      missing: z.array(Role),
      works: z.array(
        z.object({ kind: z.enum(['task', 'service', 'round']), id: z.string(), role: Role, urgency: z.number() }),
      ),
    }),
  ),
})
export type VisitPlanView = z.infer<typeof VisitPlanView>
/** `total` counts the doors of the filter; a door with nothing to do on the day stands with no visit. */
export const VisitPlanPage = pageOf(VisitPlanView)

// ---------------------------------------------------------------------------------------------------------------- watches
export const WatchLeader = z.object({
  kind: z.enum(['account', 'neighbour']),
  accountId: Id.nullable(),
  name: z.string(),
})
export const WATCH_LISTS = ['all', 'no_leader', 'large'] as const
export const ListWatches = PageQuery.extend({
  ...Place,
  kind: z.enum(WATCH_KINDS).optional(),
  list: z.enum(WATCH_LISTS).default('all'),
}).strict()
export type ListWatches = z.output<typeof ListWatches>
export const WatchRow = z.object({
  id: Id,
  county: z.string(),
  code: z.string(),
  area: z.string(),
  areaName: z.string(),
  kind: z.enum(WATCH_KINDS),
  name: z.string(),
  leader: WatchLeader.nullable(),
  doors: z.number().int(),
  people: z.number().int(),
  openHelp: z.number().int(),
  version: z.number().int(),
})
export type WatchRow = z.infer<typeof WatchRow>
export const WatchPage = pageOf(WatchRow)

export const WatchId = z.strictObject({ id: Id })
export const WatchDoorView = DoorLabel.extend({ members: z.number().int(), kind: z.string(), help: z.boolean() })
export type WatchDoorView = z.infer<typeof WatchDoorView>
export const WatchDetail = WatchRow.extend({
  doorList: z.array(WatchDoorView),
  /** The other watches of the grid, for joining and moving. */
  neighbours: z.array(z.object({ id: Id, name: z.string(), code: z.string(), doors: z.number().int() })),
})
export type WatchDetail = z.infer<typeof WatchDetail>

export const AskCoverage = z.strictObject({ area: Area.optional() })
export const WatchCoverage = z.object({
  area: z.string(),
  /** Doors of the register; each is in one watch or in none. */
  doors: z.number().int(),
  inOne: z.number().int(),
  inNone: z.number().int(),
  /** Kept impossible by the key; counted all the same. */
  inTwo: z.number().int(),
  /** Stand in a watch of another grid than their own, or are no doors of the register any more. */
  astray: z.number().int(),
  watches: z.number().int(),
  noLeader: z.number().int(),
  large: z.number().int(),
  openHelp: z.number().int(),
  holds: z.boolean(),
})
export type WatchCoverage = z.infer<typeof WatchCoverage>
export const ListUncovered = PageQuery.extend({ area: Area.optional() }).strict()
export const UncoveredDoor = DoorLabel.extend({ area: z.string(), areaName: z.string(), kind: z.string() })
export type UncoveredDoor = z.infer<typeof UncoveredDoor>
export const UncoveredPage = pageOf(UncoveredDoor)

export const WatchPreview = z.object({
  area: z.string(),
  doors: z.number().int(),
  units: z.number().int(),
  byKind: z.array(
    z.object({
      kind: z.enum(WATCH_KINDS),
      units: z.number().int(),
      doors: z.number().int(),
      least: z.number().int(),
      most: z.number().int(),
    }),
  ),
  /** The first fifty. */
  first: z.array(z.object({ grid: z.string(), kind: z.enum(WATCH_KINDS), name: z.string(), doors: z.number().int() })),
  /** What is applied must be what was seen. */
  seal: z.string(),
})
export type WatchPreview = z.infer<typeof WatchPreview>
export const MakeWatches = z.strictObject({ area: Area, seal: z.string().max(100) })
/** `jobId`: more than a village is divided in the background. */
export const MadeWatches = z.object({ watches: z.number().int(), doors: z.number().int(), jobId: Id.nullable() })

export const NameLeader = z.strictObject({
  id: Id,
  leader: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('account'), accountId: Id }),
    z.strictObject({
      kind: z.literal('neighbour'),
      name: z.string().trim().min(1).max(60),
      phone: z.string().trim().max(30).optional(),
    }),
    z.strictObject({ kind: z.literal('none') }),
  ]),
})
export const RenameWatch = z.strictObject({ id: Id, name: z.string().trim().min(1).max(60) })
export const SplitWatch = z.strictObject({
  id: Id,
  newId: Id,
  name: z.string().trim().min(1).max(60),
  householdIds: z.array(Id).min(1).max(2000),
})
export const JoinWatches = z.strictObject({ id: Id, other: Id })
export const MoveDoor = z.strictObject({ householdId: Id, to: Id })
export const ChangedWatch = z.object({ id: Id, doors: z.number().int(), version: z.number().int() })
export const OpenLeader = z.strictObject({ id: Id, purpose: z.enum(['contact_person', 'deliver_service']) })
export const OpenedLeader = z.object({ name: z.string(), phone: z.string().nullable() })

export const ListLeaders = z.strictObject({ area: Area })
export const LeaderChoices = z.object({
  items: z.array(z.object({ accountId: Id, name: z.string(), areaName: z.string(), watches: z.number().int() })),
})

/** What a leader sees: this and nothing else (WATCH-7). */
export const LeaderDoorView = z.strictObject({
  householdId: Id,
  building: z.string().nullable(),
  door: z.string().nullable(),
  members: z.number().int(),
  help: z.boolean(),
})
export const MyWatch = z.strictObject({
  id: Id,
  code: z.string(),
  name: z.string(),
  kind: z.enum(WATCH_KINDS),
  doors: z.array(LeaderDoorView),
})
export type MyWatch = z.infer<typeof MyWatch>
export const MyWatches = z.strictObject({ items: z.array(MyWatch) })

/** Made on a phone (push kind `watch.note`) or at the desk. */
export const WriteNote = z.strictObject({
  id: Id,
  watchId: Id,
  householdId: Id.nullable(),
  kind: z.enum(NOTE_KINDS),
  rang: z.enum(RANG).nullable(),
  text: z.string().trim().max(500).default(''),
  occurredAt: At.optional(),
})
export const WrittenNote = z.object({ id: Id, recordedAt: At })
export const ListNotes = PageQuery.extend({
  ...Place,
  open: z.stringbool().optional(),
  watchId: Id.optional(),
}).strict()
export const NoteView = z.object({
  id: Id,
  watchId: Id,
  watchName: z.string(),
  area: z.string(),
  areaName: z.string(),
  building: z.string().nullable(),
  door: z.string().nullable(),
  kind: z.enum(NOTE_KINDS),
  rang: z.enum(RANG).nullable(),
  hasText: z.boolean(),
  by: z.string(),
  occurredAt: At,
  answeredBy: z.string().nullable(),
  answeredAt: At.nullable(),
})
export type NoteView = z.infer<typeof NoteView>
export const NotePage = pageOf(NoteView)
export const OpenNote = z.strictObject({
  id: Id,
  purpose: z.enum(['contact_person', 'medical_help', 'deliver_service']),
})
export const OpenedNote = z.object({ text: z.string() })
export const AnswerNote = z.strictObject({ id: Id })
