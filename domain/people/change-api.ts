/**
 * Wire shapes of changes from the phone: fields of persons and doors (three-way), what a phone's own ids became, what two people
 * say differently, and calls for help.
 */
import { z } from 'zod'
import { AREA_PATTERN } from '../areas/code.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { CreateHousehold, CreatePerson, HOUSEHOLD_KINDS, HOUSEHOLD_USES } from './api.ts'

const Area = z.string().regex(AREA_PATTERN)
const Id = z.uuid()
const Instant = z.iso.datetime({ offset: true })

export const PERSON_CHANGES = ['name', 'phone', 'birth', 'sex'] as const
export const HOUSEHOLD_CHANGES = ['kind', 'use', 'estate', 'building', 'door', 'hazards', 'position'] as const
/** `area`: where a door stands, which a phone never changes; a register may say another village (PEOPLE-24). */
export const CHANGE_FIELDS = [...PERSON_CHANGES, ...HOUSEHOLD_CHANGES, 'area'] as const
export const ChangeField = z.enum(CHANGE_FIELDS)
export type ChangeField = z.infer<typeof ChangeField>

const text = (max: number) =>
  z.strictObject({ from: z.string().max(max).nullable(), to: z.string().max(max).nullable() })
const sex = z.number().int().min(0).max(2)
const Note = z.string().trim().max(300)

/** `from` is the value of the last server version that the phone saw, never of its own unsent edit (case 46). */
export const ChangePerson = z.strictObject({
  id: Id,
  changes: z
    .strictObject({
      name: text(100),
      phone: text(40),
      birth: text(30),
      sex: z.strictObject({ from: sex, to: sex }),
    })
    .partial(),
  /** Where the worker has it from, for whoever decides. */
  note: Note.optional(),
  occurredAt: Instant,
})
export type ChangePerson = z.infer<typeof ChangePerson>

export const Position = z.strictObject({
  lat: z.number().min(-90).max(90),
  lng: z.number().min(-180).max(180),
  accuracy: z.number().min(0).max(100_000),
})

export const ChangeHousehold = z.strictObject({
  id: Id,
  changes: z
    .strictObject({
      kind: z.strictObject({ from: z.string().max(40), to: z.enum(HOUSEHOLD_KINDS) }),
      use: z.strictObject({ from: z.string().max(40), to: z.enum(HOUSEHOLD_USES) }),
      estate: text(60),
      building: text(60),
      door: text(60),
      /** Closed words (hazards.ts); words that the server does not know are left out. */
      hazards: z.strictObject({ from: z.array(z.string().max(40)).max(40), to: z.array(z.string().max(40)).max(40) }),
      position: z.strictObject({ from: Position.nullable(), to: Position.nullable() }),
    })
    .partial(),
  note: Note.optional(),
  occurredAt: Instant,
})
export type ChangeHousehold = z.infer<typeof ChangeHousehold>

/** `kept`: this value was looked at already and the other one stays. */
export const CHANGE_OUTCOMES = ['applied', 'same', 'superseded', 'held', 'kept'] as const
export const Changed = z.object({
  id: Id,
  version: z.number().int(),
  fields: z.array(z.object({ field: ChangeField, outcome: z.enum(CHANGE_OUTCOMES), conflictId: Id.nullable() })),
})
export type Changed = z.infer<typeof Changed>

/** A person registered on a phone: `id` is made there, and later items may name it. */
export const AddPerson = CreatePerson.extend({ id: Id })
export type AddPerson = z.infer<typeof AddPerson>
/** "It is this one": what a refused addition becomes, when the near record is the person. */
export const UsePerson = z.strictObject({
  id: Id,
  personId: Id,
  householdId: Id.optional(),
  fromDay: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional(),
})
export const UsedPerson = z.object({ personId: Id, state: z.enum(['used', 'moved', 'unchanged', 'handed_over']) })
export const AddHousehold = CreateHousehold
export const UseHousehold = z.strictObject({ id: Id, householdId: Id })
export const UsedHousehold = z.object({ householdId: Id })

// What two people say differently.
/** changed: the phone saw another value; document: the document says otherwise; register: a register says so (PEOPLE-24). */
export const CONFLICT_WHYS = ['changed', 'document', 'register'] as const
export const ListConflicts = PageQuery.extend({
  area: Area.optional(),
  thing: z.enum(['person', 'household']).optional(),
}).strict()
export type ListConflicts = z.infer<typeof ListConflicts>
export const ConflictLine = z.object({
  id: Id,
  thing: z.enum(['person', 'household']),
  thingId: Id,
  area: z.string(),
  areaName: z.string(),
  /** A masked name, or the door. */
  label: z.string(),
  field: ChangeField,
  why: z.enum(CONFLICT_WHYS),
  byName: z.string(),
  /** How many more said the same. */
  also: z.number().int(),
  madeAt: Instant,
  since: Instant,
})
export type ConflictLine = z.infer<typeof ConflictLine>
export const ConflictPage = pageOf(ConflictLine)

export const OpenConflict = z.strictObject({ id: Id })
/** Opened to decide: leaves its audit line, because it names somebody (PEOPLE-11). */
export const OpenedConflict = ConflictLine.extend({
  /** What stands there now. */
  current: z.string().nullable(),
  /** What the worker wants it to be. */
  proposed: z.string().nullable(),
  /** What the worker saw on the phone. */
  saw: z.string().nullable(),
  note: z.string().nullable(),
  /** Goes back with the decision, so that nobody decides about a value that has changed meanwhile. */
  seen: z.string(),
})
export type OpenedConflict = z.infer<typeof OpenedConflict>

export const DecideConflict = z.strictObject({
  id: Id,
  decision: z.enum(['keep', 'take']),
  reason: z.string().trim().min(2).max(200),
  seen: z.string().max(100),
})
export const DecidedConflict = z.object({ id: Id, state: z.enum(['kept', 'taken']) })

/** The worker's own: what became of what was held. */
export const ListMyChanges = PageQuery.strict()
export const MyChange = z.object({
  id: Id,
  thing: z.enum(['person', 'household']),
  thingId: Id,
  field: ChangeField,
  state: z.enum(['open', 'kept', 'taken', 'settled', 'superseded']),
  madeAt: Instant,
  decidedAt: Instant.nullable(),
  byName: z.string().nullable(),
  reason: z.string().nullable(),
})
export type MyChange = z.infer<typeof MyChange>
export const MyChangePage = pageOf(MyChange)

// Help at hand.
export const AskHelp = z.strictObject({
  id: Id,
  /** Any area that the phone knows; when it is none of the server's, the account's own. */
  grid: z.string().max(18).optional(),
  position: Position.optional(),
  taskId: Id.optional(),
  householdId: Id.optional(),
  words: z.string().trim().max(300).optional(),
  occurredAt: Instant,
})
export type AskHelp = z.infer<typeof AskHelp>
export const HELP_STATES = ['open', 'seen', 'closed'] as const
export const HelpState = z.enum(HELP_STATES)
export const AskedHelp = z.object({ id: Id, area: z.string(), areaName: z.string(), at: Instant, state: HelpState })
export type AskedHelp = z.infer<typeof AskedHelp>
export const HelpNote = z.strictObject({ id: Id, note: z.string().trim().max(300).optional() })
export const HelpId = z.strictObject({ id: Id })

export const ListHelp = PageQuery.extend({
  area: Area.optional(),
  state: z.enum(['waiting', 'closed']).default('waiting'),
}).strict()
export type ListHelp = z.infer<typeof ListHelp>
export const HelpLine = z.object({
  id: Id,
  area: z.string(),
  areaName: z.string(),
  state: HelpState,
  by: z.object({ id: Id, name: z.string(), phone: z.string().nullable() }),
  taskId: Id.nullable(),
  householdId: Id.nullable(),
  door: z.string().nullable(),
  position: Position.nullable(),
  words: z.string().nullable(),
  /** When the worker pressed the button, and when the server heard of it. */
  at: Instant,
  heardAt: Instant,
  seenBy: z.string().nullable(),
  seenAt: Instant.nullable(),
  closedBy: z.string().nullable(),
  closedAt: Instant.nullable(),
  note: z.string().nullable(),
})
export type HelpLine = z.infer<typeof HelpLine>
export const HelpPage = pageOf(HelpLine)

export const MyHelp = z.object({
  id: Id,
  at: Instant,
  area: z.string(),
  areaName: z.string(),
  state: HelpState,
  seenBy: z.object({ name: z.string(), phone: z.string().nullable() }).nullable(),
  seenAt: Instant.nullable(),
  closedAt: Instant.nullable(),
  note: z.string().nullable(),
})
export type MyHelp = z.infer<typeof MyHelp>
export const MyHelpPage = pageOf(MyHelp)

export const CHANGE_PATHS = {
  changePerson: 'POST /api/people/:id/change',
  changeHousehold: 'POST /api/households/:id/change',
  conflicts: 'GET /api/people/conflicts',
  openConflict: 'POST /api/people/conflicts/:id/open',
  decideConflict: 'POST /api/people/conflicts/:id/decide',
  mine: 'GET /api/people/changes/mine',
  askHelp: 'POST /api/help',
  help: 'GET /api/help',
  myHelp: 'GET /api/help/mine',
  seeHelp: 'POST /api/help/:id/see',
  closeHelp: 'POST /api/help/:id/close',
} as const
