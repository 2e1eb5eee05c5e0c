import { METHODS } from '@weiwang/domain/visits/api'
import type { FileVisit } from '@weiwang/domain/visits/api'
import { z } from 'zod'

/** What has been entered of one visit so far, as it lies in its draft. Other shapes of other versions are not read. */
const Answers = z.record(z.string(), z.unknown())
export const Position = z.object({ lat: z.number(), lng: z.number(), accuracy: z.number() })
export type Position = z.infer<typeof Position>

export const VisitDraft = z.object({
  visitId: z.string(),
  method: z.enum(METHODS),
  result: z.string().nullable(),
  disposition: z.string().nullable(),
  answers: Answers,
  /** Who was visited; null until it was chosen: then whoever the visit is about. */
  persons: z.array(z.string()).nullable(),
  members: z.record(z.string(), Answers),
  note: z.string(),
  goesTo: z.object({ code: z.string(), name: z.string() }).nullable(),
  expectedDay: z.string(),
  photos: z.array(z.string()),
  position: Position.nullable(),
  /** Unusual numbers that were looked at again: `key` or `person/key` with the value. */
  confirmed: z.array(z.string()),
  supersedes: z.string().nullable(),
  correctionReason: z.string(),
})
export type VisitDraft = z.infer<typeof VisitDraft>

export function freshDraft(visitId: string): VisitDraft {
  return {
    visitId,
    method: 'door',
    result: null,
    disposition: null,
    answers: {},
    persons: null,
    members: {},
    note: '',
    goesTo: null,
    expectedDay: '',
    photos: [],
    position: null,
    confirmed: [],
    supersedes: null,
    correctionReason: '',
  }
}

export function readDraft(content: unknown): VisitDraft | null {
  return VisitDraft.safeParse(content).data ?? null
}

export type Subject = {
  taskId?: string
  householdId?: string
  campaignId?: string
  instructionId?: string
  purpose: string
  form: { id: string; version: number }
  /** Whom the visit is about when nobody was chosen. */
  personIds: readonly string[]
}

export function personsOf(draft: VisitDraft, subject: Pick<Subject, 'personIds'>): readonly string[] {
  return draft.persons ?? subject.personIds
}

/** The request of a draft. `occurredAt` is set by the engine to the corrected time. */
export function requestOf(draft: VisitDraft, subject: Subject, at: Date): FileVisit {
  const persons = personsOf(draft, subject)
  const members = persons.flatMap((personId) => {
    const answers = draft.members[personId] ?? {}
    return Object.keys(answers).length > 0 ? [{ personId, answers }] : []
  })
  return {
    id: draft.visitId,
    ...(subject.taskId ? { taskId: subject.taskId } : {}),
    ...(subject.householdId && !subject.taskId ? { householdId: subject.householdId } : {}),
    ...(subject.campaignId ? { campaignId: subject.campaignId } : {}),
    ...(subject.instructionId ? { instructionId: subject.instructionId } : {}),
    personIds: [...persons],
    method: draft.method,
    result: draft.result ?? 'met',
    ...(draft.disposition ? { disposition: draft.disposition } : {}),
    answers: draft.answers,
    purpose: subject.purpose,
    form: subject.form,
    ...(members.length > 0 ? { members } : {}),
    ...(draft.photos.length > 0 ? { photos: draft.photos } : {}),
    ...(draft.position ? { position: draft.position } : {}),
    ...(draft.note.trim() ? { note: draft.note.trim() } : {}),
    ...(draft.goesTo ? { goesTo: draft.goesTo.code } : {}),
    ...(draft.expectedDay ? { expectedDay: draft.expectedDay } : {}),
    ...(draft.supersedes ? { supersedes: draft.supersedes, correctionReason: draft.correctionReason.trim() } : {}),
    occurredAt: at.toISOString(),
  }
}

const Filed = z.looseObject({
  id: z.string(),
  method: z.enum(METHODS).catch('door'),
  result: z.string().catch('met'),
  disposition: z.string().nullish(),
  answers: Answers.catch({}),
  personIds: z.array(z.string()).catch([]),
  members: z.array(z.object({ personId: z.string(), answers: Answers })).catch([]),
  note: z.string().catch(''),
  goesTo: z.string().nullish(),
  expectedDay: z.string().catch(''),
  photos: z.array(z.string()).catch([]),
  position: Position.nullish().catch(null),
  supersedes: z.string().nullish(),
  correctionReason: z.string().catch(''),
})

/** What was filed as a draft again: to be mended, or to be corrected under a new id. Null when it is no visit. */
export function draftOf(body: unknown): VisitDraft | null {
  const parsed = Filed.safeParse(body)
  if (!parsed.success) return null
  const said = parsed.data
  return {
    ...freshDraft(said.id),
    method: said.method,
    result: said.result,
    disposition: said.disposition ?? null,
    answers: said.answers,
    persons: said.personIds,
    members: Object.fromEntries(said.members.map((member) => [member.personId, member.answers])),
    note: said.note,
    goesTo: said.goesTo ? { code: said.goesTo, name: said.goesTo } : null,
    expectedDay: said.expectedDay,
    photos: said.photos,
    position: said.position ?? null,
    supersedes: said.supersedes ?? null,
    correctionReason: said.correctionReason,
  }
}

/** A correction begins with what was said before, so that one word can be changed; the pictures stay with the first. */
export function correctionOf(said: VisitDraft, id: string): VisitDraft {
  return { ...said, visitId: id, supersedes: said.visitId, correctionReason: '', photos: [] }
}
