import { z } from 'zod'

/**
 * What stands in a grid's feed, by kind (SYNC-3). A phone reads what it knows and keeps the rest as it came; every body may
 * instead be `{ gone: true }`: the thing is no longer this grid's (case 1). Readers are loose on purpose: new fields, and words
 * that this phone does not know, never break a sync (case 19).
 */
export const Gone = z.looseObject({ gone: z.literal(true), why: z.string().optional() })
export function isGone(body: Readonly<Record<string, unknown>>): boolean {
  return body['gone'] === true
}

const text = z.string().nullish()

/** kind `task`; server/tasks/change.ts feedBody writes it. */
export const TaskBody = z.looseObject({
  county: z.string(),
  area: z.string(),
  campaignId: z.string(),
  personId: text,
  householdId: text,
  masked: z.string(),
  reference: z.string(),
  grade: z.string(),
  state: z.string(),
  disposition: text,
  assignee: text,
  acceptBy: text,
  answerBy: z.string(),
  dueDay: text,
  nextTry: text,
  version: z.number(),
})
export type TaskBody = z.infer<typeof TaskBody>

/** kind `household`: a door of the grid. */
export const HouseholdBody = z.looseObject({
  county: z.string(),
  area: z.string(),
  kind: z.string(),
  use: z.string(),
  estate: text,
  building: text,
  door: text,
  members: z.number().default(0),
  /** Closed words noted at the door for the next who comes, for example `dog`, `dark_stairs`. */
  hazards: z.array(z.string()).default([]),
  /** Where the door is, when a worker's phone was allowed to say so: WGS-84 degrees and metres. */
  position: z.object({ lat: z.number(), lng: z.number(), accuracy: z.number() }).nullish(),
  version: z.number(),
})
export type HouseholdBody = z.infer<typeof HouseholdBody>

/** kind `person`; name, telephone and birth come beside it as `identity`. */
export const PersonBody = z.looseObject({
  area: z.string(),
  householdId: text,
  masked: z.string(),
  sex: z.number().default(0),
  docKind: z.string().default('none'),
  version: z.number(),
})
export type PersonBody = z.infer<typeof PersonBody>

/** kind `visit`: filed for a task or a door of the grid in the last 30 days, by whomever. */
export const VisitBody = z.looseObject({
  county: z.string(),
  taskId: text,
  householdId: text,
  day: z.string(),
  method: z.string(),
  result: z.string(),
  disposition: text,
  supersedes: text,
  by: text,
  /** Under which instruction it went (INSTR-6). */
  instructionId: text,
})
export type VisitBody = z.infer<typeof VisitBody>

/** kind `notice`: something to be told to one account, or to whoever covers the grid when `for` is null. */
export const NoticeBody = z.looseObject({ for: text, what: z.string(), taskId: text, by: text, byName: text })
export type NoticeBody = z.infer<typeof NoticeBody>

/** A campaign in force: what is asked and said at a door, as data. */
export const CampaignBody = z.looseObject({
  id: z.string(),
  name: z.object({ zh: z.string(), en: z.string() }),
  purpose: z.object({ zh: z.string(), en: z.string() }),
  basis: z.object({ zh: z.string(), en: z.string() }),
  script: z.unknown(),
  questions: z.unknown(),
  ends: z.string(),
  version: z.number(),
})
export type CampaignBody = z.infer<typeof CampaignBody>

/** One version of a form (domain/tasks/form.ts): the newest of each purpose serves new visits, older ones what was begun with them. */
export const FormBody = z.looseObject({
  id: z.string(),
  /** Where it is in force; empty for what is shipped. */
  area: z.string(),
  version: z.number(),
  purpose: z.string(),
  form: z.unknown(),
})
export type FormBody = z.infer<typeof FormBody>

/** kind `instruction`: an order with what this grid is to do and where its own answer stands (domain/tasks/instruction.ts). */
export const InstructionBody = z.looseObject({
  instructionId: z.string(),
  version: z.number(),
  state: z.string(),
})

/** kind `observation`; server/observation/change.ts feedBody writes it. `current` is the whole state of domain/observation/fold.ts. */
export const ObservationBody = z.looseObject({
  county: z.string(),
  area: z.string(),
  masked: z.string(),
  reference: z.string(),
  personId: z.string(),
  householdId: text,
  groupId: text,
  measure: z.string(),
  state: z.string(),
  step: z.string(),
  startDay: z.string(),
  endDay: text,
  current: z.unknown(),
  version: z.number(),
})
export type ObservationBody = z.infer<typeof ObservationBody>

/** kind `team`; server/teams/telling.ts writes it: who is responsible for an observed door, and which seats are empty. */
export const TeamBody = z.looseObject({
  county: z.string(),
  area: z.string(),
  householdId: z.string(),
  since: z.string(),
  team: z
    .looseObject({
      members: z.array(
        z.looseObject({
          role: z.string(),
          accountId: z.string(),
          name: z.string(),
          from: z.string(),
          to: text,
          standsInFor: text,
          away: z.boolean().default(false),
        }),
      ),
      missing: z.array(z.looseObject({ role: z.string(), need: z.number(), has: z.number(), limit: text })).default([]),
    })
    .optional(),
  version: z.number(),
})
export type TeamBody = z.infer<typeof TeamBody>

/** kind `watch`; server/teams/watch-telling.ts writes it. */
export const WatchBody = z.looseObject({
  county: z.string(),
  area: z.string(),
  code: z.string(),
  kind: z.string(),
  name: z.string(),
  leader: z.looseObject({ kind: z.string(), name: text }).nullish(),
  doors: z.array(z.string()),
  version: z.number(),
})
export type WatchBody = z.infer<typeof WatchBody>

/** kind `watch_note`: a leader asks for help at a door; urgent until somebody has seen to it. What was typed is not in it. */
export const WatchNoteBody = z.looseObject({
  area: z.string(),
  watchId: z.string(),
  watchName: z.string(),
  householdId: text,
  by: text,
  answered: z.boolean().default(false),
})
export type WatchNoteBody = z.infer<typeof WatchNoteBody>
