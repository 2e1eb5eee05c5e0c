import { answerFault, Questions } from '@weiwang/domain/access/questions'
import type { AnswerFault, Question } from '@weiwang/domain/access/questions'
import { findDisposition } from '@weiwang/domain/tasks/disposition'
import type { FileVisit } from '@weiwang/domain/visits/api'
import type { Draft } from './drafts.ts'

/** Questions come as data with the task; what this version of the page cannot read is left out, never refused (case 19). */
export function readQuestions(raw: unknown): Question[] {
  if (!Array.isArray(raw)) return []
  return raw.flatMap((one) => {
    const parsed = Questions.safeParse([one])
    return parsed.success ? parsed.data : []
  })
}

/** What a disposition says about the door, so that the worker need not say it twice; a tap changes it. */
export function resultOf(disposition: string): string {
  switch (disposition) {
    case 'HERE_REFUSED':
      return 'refused'
    case 'AWAY_OTHER_AREA':
      return 'moved_out'
    // Nobody was reached: whoever could answer the campaign's questions was not there.
    case 'NOT_RETURNED':
    case 'PHONE_EMPTY':
    case 'PHONE_OFF':
    case 'NO_ANSWER':
    case 'HUNG_UP':
    case 'PHONE_NOT_OWNER':
    case 'DUPLICATE':
    case 'DECEASED_OTHER':
      return 'not_home'
    case 'NOT_RESIDENT':
    case 'WRONG_INFO':
      return 'wrong_address'
    default:
      return 'met'
  }
}

/** A number as it is typed: a comma is a point, full-width digits count. */
export function readNumber(text: string): number | null {
  const plain = text.normalize('NFKC').trim().replace(',', '.')
  if (plain === '' || !/^-?\d+(\.\d+)?$/.test(plain)) return null
  return Number(plain)
}

export type FormFault = 'disposition' | 'goesTo' | 'expectedDay' | 'note' | 'correctionReason'
export type Faults = { fields: FormFault[]; answers: Record<string, AnswerFault> }

/**
 * What still has to be said before the visit can be filed, and which questions of the campaign are open. Those are asked
 * only when someone was met; a required one that nobody answers is named once and does not hold the visit back (VISIT-2).
 */
export function faultsOf(draft: Draft, questions: readonly Question[], subject: 'task' | 'door'): Faults {
  const fields: FormFault[] = []
  const disposition = draft.disposition === null ? null : findDisposition(draft.disposition)
  if (subject === 'task' && draft.disposition === null) fields.push('disposition')
  if (disposition?.needs.includes('area') && draft.goesTo === null) fields.push('goesTo')
  if (disposition?.needs.includes('day') && draft.expectedDay === '') fields.push('expectedDay')
  if (disposition?.needs.includes('note') && draft.note.trim() === '') fields.push('note')
  if (draft.supersedes !== null && draft.correctionReason.trim() === '') fields.push('correctionReason')
  const answers: Record<string, AnswerFault> = {}
  if (draft.result === 'met' || draft.result === null) {
    for (const question of questions) {
      const fault = answerFault(question, draft.answers[question.key])
      if (fault) answers[question.key] = fault
    }
  }
  return { fields, answers }
}

/** What keeps a visit from being filed: a field of the form, or an answer that cannot be read. Open questions do not (VISIT-2). */
export function holdsBack(faults: Faults): boolean {
  return faults.fields.length > 0 || Object.values(faults.answers).some((fault) => fault !== 'missing')
}

/** Required questions without an answer. */
export function openQuestions(faults: Faults): number {
  return Object.values(faults.answers).filter((fault) => fault === 'missing').length
}

/** The request of a draft; `at` is the phone's time corrected by the distance to the server's clock. */
export function requestOf(
  draft: Draft,
  subject: { taskId?: string; householdId?: string; campaignId?: string; personIds: string[] },
  at: Date,
): FileVisit {
  return {
    id: draft.visitId,
    ...(subject.taskId ? { taskId: subject.taskId } : {}),
    ...(subject.householdId && !subject.taskId ? { householdId: subject.householdId } : {}),
    ...(subject.campaignId ? { campaignId: subject.campaignId } : {}),
    personIds: subject.personIds,
    method: draft.method,
    result: draft.result ?? 'met',
    ...(draft.disposition ? { disposition: draft.disposition } : {}),
    answers: draft.answers,
    ...(draft.note.trim() ? { note: draft.note.trim() } : {}),
    ...(draft.goesTo ? { goesTo: draft.goesTo.code } : {}),
    ...(draft.expectedDay ? { expectedDay: draft.expectedDay } : {}),
    ...(draft.supersedes ? { supersedes: draft.supersedes, correctionReason: draft.correctionReason.trim() } : {}),
    occurredAt: at.toISOString(),
  }
}
