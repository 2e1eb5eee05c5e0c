import { z } from 'zod'
import { Organised } from '../areas/api.ts'
import { AREA_PATTERN } from '../areas/code.ts'
import { isDay } from '../core/day.ts'
import { PageQuery, pageOf } from '../core/page.ts'

/** Wire shapes of the visit room. */
const Area = z.string().regex(AREA_PATTERN)
const DayText = z.string().refine(isDay)
const Instant = z.iso.datetime({ offset: true })

export const METHODS = ['door', 'phone', 'video', 'self_report', 'robot'] as const
export const RESULTS = [
  'met',
  'not_home',
  'refused',
  'wrong_address',
  'phone_off',
  'empty_number',
  'no_answer',
  'moved_out',
] as const

/**
 * One answer as it came: the value of the question's own form, or anything at all when the question is not known here
 * (a newer or older campaign on the phone). Kept raw, never refused (VISIT-3, case 19).
 */
export const Answers = z.record(z.string().max(60), z.unknown())
export type Answers = z.infer<typeof Answers>

/**
 * POST /api/visits. The id is made on the phone; five equal posts give one row and five equal answers (case 58).
 * `result` and `disposition` are open text on purpose: an unknown word is kept and reviewed (VISIT-3).
 */
export const FileVisit = z.strictObject({
  id: z.uuid(),
  taskId: z.uuid().optional(),
  householdId: z.uuid().optional(),
  campaignId: z.uuid().optional(),
  /** Where, when neither a task nor a household says so. */
  area: Area.optional(),
  personIds: z.array(z.uuid()).max(50).default([]),
  method: z.enum(METHODS),
  result: z.string().min(1).max(40),
  disposition: z.string().min(1).max(40).optional(),
  answers: Answers.default({}),
  /** What the visit is for and which version of its form was used (FORM-1); unknown words are kept (VISIT-3). */
  purpose: z.string().min(1).max(40).optional(),
  form: z.strictObject({ id: z.string().max(60), version: z.number().int().min(0) }).optional(),
  /** The instruction for which every door is visited; the door counts once (INSTR-6). */
  instructionId: z.uuid().optional(),
  /** Answers about each person; several members of a household in one visit. */
  members: z
    .array(z.strictObject({ personId: z.uuid(), answers: Answers }))
    .max(50)
    .optional(),
  /** Photos that will follow by their own upload. */
  photos: z.array(z.uuid()).max(12).optional(),
  /** Where the phone was, when it was allowed to say so; never demanded. WGS-84 degrees, metres. */
  position: z
    .strictObject({
      lat: z.number().min(-90).max(90),
      lng: z.number().min(-180).max(180),
      accuracy: z.number().min(0).max(100_000),
    })
    .optional(),
  note: z.string().max(2000).optional(),
  /** AWAY_OTHER_AREA: where the person is now. */
  goesTo: Area.optional(),
  /** NOT_RETURNED: the day the person is expected. */
  expectedDay: DayText.optional(),
  /** The earlier visit that this one corrects; both are kept. */
  supersedes: z.uuid().optional(),
  correctionReason: z.string().max(500).optional(),
  /** The phone's own time, corrected by its last known offset. */
  occurredAt: Instant,
})
export type FileVisit = z.infer<typeof FileVisit>

export const FiledVisit = z.object({
  id: z.uuid(),
  county: z.string(),
  area: z.string(),
  day: z.string(),
  recordedAt: Instant,
  /** Questions of the campaign that are still without an answer; the visit is filed all the same. */
  missing: z.array(z.string()),
  /** Answers kept as they came because this server does not know the question or the word. */
  raw: z.array(z.string()),
  task: z
    .object({
      id: z.uuid(),
      state: z.string(),
      outcome: z.string().nullable(),
      version: z.number().int(),
      answerBy: Instant,
    })
    .nullable(),
})
export type FiledVisit = z.infer<typeof FiledVisit>

export const VisitRow = z.object({
  id: z.uuid(),
  county: z.string(),
  area: z.string(),
  areaName: z.string(),
  taskId: z.uuid().nullable(),
  householdId: z.uuid().nullable(),
  door: z.string().nullable(),
  method: z.string(),
  result: z.string(),
  disposition: z.string().nullable(),
  purpose: z.string().nullable(),
  persons: z.number().int(),
  photos: z.number().int(),
  by: z.object({ id: z.uuid(), name: z.string() }),
  day: z.string(),
  occurredAt: Instant,
  recordedAt: Instant,
  supersedes: z.uuid().nullable(),
})
export type VisitRow = z.infer<typeof VisitRow>

/** GET /api/visits: newest day first; corrected visits are left out unless `corrected` is asked for. */
export const ListVisits = PageQuery.extend({
  area: Area.optional(),
  from: DayText.optional(),
  to: DayText.optional(),
  taskId: z.uuid().optional(),
  householdId: z.uuid().optional(),
  personId: z.uuid().optional(),
  by: z.uuid().optional(),
  recordedSince: Instant.optional(),
  own: z.stringbool().optional(),
  /** With `area`: as organised now, what ended areas left behind counts where it stands (STAT-11). */
  organised: Organised.optional(),
}).strict()
export type ListVisits = z.infer<typeof ListVisits>
export const VisitPage = pageOf(VisitRow)

/** GET /api/visits/:id: without free text. */
export const GetVisit = z.strictObject({ id: z.uuid() })
/** POST /api/visits/:id/open: the note and the free text, for a purpose that the audit keeps. */
export const OpenVisit = z.strictObject({ id: z.uuid(), purpose: z.string().min(2).max(200) })
export const OpenedVisit = z.object({
  id: z.uuid(),
  note: z.string().nullable(),
  correctionReason: z.string().nullable(),
  answers: Answers,
  members: z.array(z.object({ personId: z.uuid(), answers: Answers })),
})
export type OpenedVisit = z.infer<typeof OpenedVisit>
export const VisitDetail = VisitRow.extend({
  answers: Answers,
  personIds: z.array(z.uuid()),
  masked: z.array(z.string()),
  /** Photos that have come, oldest first, and how many are still to come. */
  photoIds: z.array(z.uuid()),
  photosMissing: z.number().int(),
  form: z.object({ id: z.string(), version: z.number().int() }).nullable(),
  members: z.array(z.object({ personId: z.uuid(), answers: Answers })),
  /** There is a note or free text to open. */
  hasNote: z.boolean(),
  supersededBy: z.uuid().nullable(),
})
export type VisitDetail = z.infer<typeof VisitDetail>

/**
 * GET /api/visits/persons: one row for each person and visit; opens the figure `persons`. Whom a visit met is deleted with its
 * detail (DELETE-1): the row stays, as it is still counted, and names nobody (`nth` tells such rows of one visit apart).
 */
export const VisitPersonRow = VisitRow.extend({
  personId: z.uuid().nullable(),
  masked: z.string().nullable(),
  nth: z.number().int(),
})
export type VisitPersonRow = z.infer<typeof VisitPersonRow>
export const VisitPersonPage = pageOf(VisitPersonRow)

/** PUT /api/photos/:id?visit=…: one picture of a visit, as bytes (VISIT-8). Sent again, it is the same picture. */
export const MAX_PHOTO_BYTES = 1_000_000
export const PutPhoto = z.strictObject({ id: z.uuid(), visit: z.uuid() })
export const StoredPhoto = z.object({ id: z.uuid(), bytes: z.number().int() })
export type StoredPhoto = z.infer<typeof StoredPhoto>
/** GET /api/photos/:id?purpose=…: opened for a purpose that the audit keeps (VISIT-7). */
export const OpenPhoto = z.strictObject({ id: z.uuid(), purpose: z.string().min(2).max(200) })
