import { z } from 'zod'
import { Organised } from '../areas/api.ts'
import { AREA_PATTERN } from '../areas/code.ts'
import { isDay } from '../core/day.ts'
import { PageQuery, pageOf } from '../core/page.ts'

/** Wire shapes of the task room: lists, pushes, tasks. Requests are strict, answers are whitelists. */
const Area = z.string().regex(AREA_PATTERN)
const DayText = z.string().refine(isDay)
const SayText = z.object({ zh: z.string(), en: z.string() })
const Instant = z.iso.datetime({ offset: true })

export const GRADES = ['red', 'yellow', 'blue'] as const
export const Grade = z.enum(GRADES)
export type Grade = z.infer<typeof Grade>

/** TASK-1: where a task stands. Whether it is late is a function of the moment it is read, not a state. */
export const TASK_STATES = [
  'pushed',
  'accepted',
  'in_progress',
  'returned',
  'waiting',
  'locating',
  'review',
  'closed',
] as const
export const TaskStateName = z.enum(TASK_STATES)
export type TaskStateName = z.infer<typeof TaskStateName>

export const OUTCOMES = ['answered', 'withdrawn', 'moved', 'merged_duplicate', 'expired'] as const
export const Outcome = z.enum(OUTCOMES)
export type Outcome = z.infer<typeof Outcome>

export const CHANNELS = ['phone', 'door', 'message', 'video', 'robot', 'relative'] as const
export const Channel = z.enum(CHANNELS)
export type Channel = z.infer<typeof Channel>

export const TASK_ACTIONS = ['accept', 'assign', 'attempt', 'visit', 'return', 'pass', 'locate', 'review'] as const
export const TaskAction = z.enum(TASK_ACTIONS)
export type TaskAction = z.infer<typeof TaskAction>

export const TASK_EVENT_KINDS = [
  'opened',
  'pushed',
  'accepted',
  'assigned',
  'attempted',
  'answered',
  'corrected',
  'returned_up',
  'passed_down',
  'reorganised',
  'locate_requested',
  'reviewed',
  'closed',
  'regraded',
  'withdrawn',
  'moved',
  'escalated',
  'merged_duplicate',
  'expired',
] as const
export const TaskEventKind = z.enum(TASK_EVENT_KINDS)
export type TaskEventKind = z.infer<typeof TaskEventKind>

/**
 * The lists a figure may open (STAT-2). Lists of now (`open` … `escalated`) are functions of the moment; lists of a span
 * (`answered`, `found`, `withdrawn`, `expired`) take `from` and `to`, both included.
 */
export const TASK_LISTS = [
  'open',
  'accepted',
  'overdue',
  'unaccepted',
  'unresolved',
  'waiting',
  'review',
  'escalated',
  'answered',
  'found',
  'withdrawn',
  'expired',
] as const
export const TaskList = z.enum(TASK_LISTS)
export type TaskList = z.infer<typeof TaskList>

export const TaskCard = z.object({
  id: z.uuid(),
  county: z.string(),
  area: z.string(),
  areaName: z.string(),
  campaignId: z.uuid(),
  personId: z.uuid().nullable(),
  householdId: z.uuid().nullable(),
  /** Masked name (张*明), as PEOPLE gives it. */
  masked: z.string(),
  /** Estate, building and door of the household when known: shown largest. */
  door: z.string().nullable(),
  grade: Grade,
  state: TaskStateName,
  outcome: Outcome.nullable(),
  disposition: z.string().nullable(),
  assignee: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  reference: z.string(),
  attempts: z.number().int(),
  acceptBy: Instant.nullable(),
  answerBy: Instant,
  nextTry: Instant.nullable(),
  dueDay: z.string().nullable(),
  /** Late at the moment of the answer, in whole minutes; 0 when in time. */
  lateMinutes: z.number().int(),
  escalated: z.number().int(),
  openedAt: Instant,
  answeredAt: Instant.nullable(),
  closedAt: Instant.nullable(),
  updatedAt: Instant,
  version: z.number().int(),
})
export type TaskCard = z.infer<typeof TaskCard>

export const TaskReason = z.object({ rule: z.string(), say: SayText, until: z.string().nullable() })

export const TaskHistoryLine = z.object({
  n: z.number().int(),
  kind: z.string(),
  area: z.string(),
  by: z.object({ id: z.uuid().nullable(), name: z.string() }),
  occurredAt: Instant,
  recordedAt: Instant,
  body: z.record(z.string(), z.unknown()),
  /** A person typed something with it, to be opened for a purpose. */
  hasText: z.boolean(),
})

export const TaskDetail = TaskCard.extend({
  root: z.uuid(),
  reasons: z.array(TaskReason),
  sources: z.array(z.string()),
  channels: z.array(z.string()),
  bounces: z.number().int(),
  campaign: z.object({
    id: z.uuid(),
    name: SayText,
    purpose: SayText,
    basis: SayText,
    script: z.unknown(),
    questions: z.unknown(),
    ends: z.string(),
  }),
  history: z.array(TaskHistoryLine),
  /** Names of the areas that the history speaks of, by code; an ended area by its last name. */
  places: z.record(z.string(), z.string()),
  /** What this reader may do now, and why not the rest. */
  actions: z.array(
    z.object({ action: TaskAction, ok: z.boolean(), why: SayText.nullable(), rule: z.string().nullable() }),
  ),
  /** The answer that existed before, of this task's root or of the same campaign. */
  earlier: z.array(z.object({ taskId: z.uuid(), disposition: z.string(), answeredAt: Instant, areaName: z.string() })),
  visits: z.array(z.object({ id: z.uuid(), day: z.string(), disposition: z.string().nullable(), method: z.string() })),
})
export type TaskDetail = z.infer<typeof TaskDetail>

/** GET /api/tasks */
export const ListTasks = PageQuery.extend({
  list: TaskList.default('open'),
  area: Area.optional(),
  grade: Grade.optional(),
  campaignId: z.uuid().optional(),
  disposition: z.string().max(40).optional(),
  assignee: z.uuid().optional(),
  reference: z.string().max(20).optional(),
  updatedSince: Instant.optional(),
  from: DayText.optional(),
  to: DayText.optional(),
  /** Only rows that lie at `area` itself and at nothing inside it. */
  own: z.stringbool().optional(),
  /** With `area`: as organised now, what ended areas left behind counts where it stands (STAT-11). */
  organised: Organised.optional(),
}).strict()
export type ListTasks = z.infer<typeof ListTasks>
export const TaskPage = pageOf(TaskCard).extend({ asOf: Instant })

/** GET /api/tasks/:id */
export const GetTask = z.strictObject({ id: z.uuid() })

/** GET /api/tasks/:id/owners: who may be given this task (case 53). */
export const Owners = z.object({
  items: z.array(z.object({ id: z.uuid(), name: z.string(), area: z.string(), open: z.number().int() })),
})

/** POST /api/tasks/:id/accept */
export const AcceptTask = z.strictObject({ id: z.uuid(), occurredAt: Instant.optional() })
/** POST /api/tasks/assign */
export const AssignTasks = z.strictObject({ ids: z.array(z.uuid()).min(1).max(200), to: z.uuid() })
/** POST /api/tasks/:id/attempt: an attempt that did not reach the person. */
export const AttemptTask = z.strictObject({
  id: z.uuid(),
  channel: Channel,
  result: z.string().min(1).max(40),
  note: z.string().max(500).optional(),
  occurredAt: Instant.optional(),
})
/** POST /api/tasks/:id/return: to the level above, with the evidence. */
export const ReturnTask = z.strictObject({
  id: z.uuid(),
  reason: z.enum(['not_my_area', 'not_resident', 'cannot']),
  evidence: z.string().min(1).max(500),
})
/** POST /api/tasks/:id/pass: down to a grid or any area inside, or across inside the reach of the centre that passes. */
export const PassTask = z.strictObject({ id: z.uuid(), area: Area, reason: z.string().min(1).max(500) })
/** POST /api/tasks/:id/locate: ask the police to find the person, by a human with a reason. */
export const LocateTask = z.strictObject({ id: z.uuid(), reason: z.string().min(5).max(500) })
/** POST /api/tasks/:id/review */
export const ReviewTask = z.strictObject({
  id: z.uuid(),
  decision: z.enum(['confirm', 'change', 'reopen']),
  disposition: z.string().max(40).optional(),
  reason: z.string().min(1).max(500),
})

/** POST /api/tasks/:id/open: what people typed with their acts, by number of the event. */
export const OpenTask = z.strictObject({ id: z.uuid(), purpose: z.string().min(2).max(200) })
export const OpenedTask = z.object({
  id: z.uuid(),
  texts: z.array(z.object({ n: z.number().int(), text: z.string() })),
})
export type OpenedTask = z.infer<typeof OpenedTask>

// ---- Escalations: who was told that a task is late (TASK-4, TASK-18) -------------------------------------------------------

/** How a told person dealt with it: handed the task on, called who is responsible; closed when the task itself was answered. */
export const DEALT = ['passed', 'called', 'closed'] as const
export const ESCALATION_STATES = ['new', 'seen', 'dealt'] as const
/** GET /api/escalations: those told to me, or all in an area; what still waits unless another state is asked for. */
export const ListEscalations = PageQuery.extend({
  whose: z.enum(['mine', 'all']).default('mine'),
  state: z.enum(['open', ...ESCALATION_STATES]).default('open'),
  grade: Grade.optional(),
  area: Area.optional(),
}).strict()
export type ListEscalations = z.infer<typeof ListEscalations>
const Person = z.object({ id: z.uuid(), name: z.string() })
export const Escalation = z.object({
  taskId: z.uuid(),
  n: z.number().int(),
  to: Person,
  /** The level that was told: one above the task at the first step, then higher. */
  told: z.object({ code: z.string(), name: z.string() }),
  clock: z.enum(['accept', 'answer']),
  step: z.number().int(),
  /** 50, 100 or 150 % of the time to accept or to answer. */
  percent: z.number().int(),
  at: Instant,
  state: z.enum(ESCALATION_STATES),
  seenAt: Instant.nullable(),
  dealt: z.enum(DEALT).nullable(),
  dealtBy: Person.nullable(),
  dealtAt: Instant.nullable(),
  mine: z.boolean(),
  task: TaskCard,
})
export type Escalation = z.infer<typeof Escalation>
export const EscalationPage = pageOf(Escalation)
const Told = z.strictObject({ taskId: z.uuid(), n: z.int().min(1) })
/** POST /api/escalations/see: I have read them; others who were told still have theirs. */
export const SeeEscalations = z.strictObject({ items: z.array(Told).min(1).max(200) })
export const SeenEscalations = z.object({ seen: z.number().int() })
/** POST /api/escalations/deal: what was done about a late task; it counts for everybody who was told of it so far. */
export const DealEscalation = z.strictObject({ taskId: z.uuid(), n: z.int().min(1), how: z.enum(['passed', 'called']) })
export const DealtEscalation = z.object({ dealt: z.number().int() })

/** One push of a grade run to the doors: proposed by one, approved by another (ACCESS-6). */
export const PushConsequence = z.object({
  persons: z.number().int(),
  byGrade: z.object({ red: z.number().int(), yellow: z.number().int(), blue: z.number().int() }),
  grids: z.number().int(),
  counties: z.number().int(),
  unresolved: z.number().int(),
  keptOpen: z.number().int(),
  answeredBefore: z.number().int(),
})
export type PushConsequence = z.infer<typeof PushConsequence>

export const PUSH_STATES = ['proposed', 'running', 'done', 'failed', 'refused'] as const
export const PushView = z.object({
  id: z.uuid(),
  area: z.string(),
  areaName: z.string(),
  runId: z.uuid().nullable(),
  campaignId: z.uuid(),
  state: z.enum(PUSH_STATES),
  /** Counted when proposed, before anything is sent. */
  consequence: PushConsequence,
  /** What was really done so far, by outcome. */
  result: z.object({
    task: z.number().int(),
    keptOpen: z.number().int(),
    answeredBefore: z.number().int(),
    unresolved: z.number().int(),
  }),
  jobId: z.uuid().nullable(),
  by: z.object({ id: z.uuid().nullable(), name: z.string() }),
  approvedBy: z.object({ id: z.uuid().nullable(), name: z.string() }).nullable(),
  startedAt: Instant,
  finishedAt: Instant.nullable(),
})
export type PushView = z.infer<typeof PushView>

/** POST /api/pushes */
export const ProposePush = z.strictObject({
  id: z.uuid(),
  area: Area,
  campaignId: z.uuid(),
  runId: z.uuid().optional(),
})
/** POST /api/pushes/:id/decide */
export const DecidePush = z.strictObject({ id: z.uuid(), approve: z.boolean(), reason: z.string().max(500).optional() })
/** GET /api/pushes */
export const ListPushes = PageQuery.extend({ area: Area.optional(), state: z.enum(PUSH_STATES).optional() }).strict()
export const GetPush = z.strictObject({ id: z.uuid() })
export const PushPage = pageOf(PushView)

export const LIST_OUTCOMES = ['task', 'kept_open', 'answered_before', 'unresolved'] as const
/** GET /api/list-entries: the list per level; opens the figure `listed`. */
export const ListEntries = PageQuery.extend({
  area: Area.optional(),
  pushId: z.uuid().optional(),
  grade: Grade.optional(),
  outcome: z.enum(LIST_OUTCOMES).optional(),
  from: DayText.optional(),
  to: DayText.optional(),
  own: z.stringbool().optional(),
  /** With `area`: as organised now, what ended areas left behind counts where it stands (STAT-11). */
  organised: Organised.optional(),
}).strict()
export type ListEntries = z.infer<typeof ListEntries>
export const ListEntry = z.object({
  pushId: z.uuid(),
  personId: z.uuid(),
  masked: z.string(),
  area: z.string(),
  areaName: z.string(),
  grade: Grade,
  outcome: z.enum(LIST_OUTCOMES),
  taskId: z.uuid().nullable(),
  state: TaskStateName.nullable(),
  disposition: z.string().nullable(),
  at: Instant,
})
export const ListEntryPage = pageOf(ListEntry)

/** GET /api/transfers: persons whose open task went with them to another area (case 33). */
export const ListTransfers = PageQuery.extend({
  area: Area.optional(),
  direction: z.enum(['in', 'out']).default('out'),
  from: DayText.optional(),
  to: DayText.optional(),
  own: z.stringbool().optional(),
  /** With `area`: as organised now, what ended areas left behind counts where it stands (STAT-11). */
  organised: Organised.optional(),
}).strict()
export type ListTransfers = z.infer<typeof ListTransfers>
export const Transfer = z.object({
  taskId: z.uuid(),
  masked: z.string(),
  area: z.string(),
  areaName: z.string(),
  other: z.string(),
  otherName: z.string(),
  day: z.string(),
  at: Instant,
})
export const TransferPage = pageOf(Transfer)
