import { answerFault, Question } from '@weiwang/domain/access/questions'
import type { AnswerFault } from '@weiwang/domain/access/questions'
import { findDisposition } from '@weiwang/domain/tasks/disposition'
import { askedFields, isUnusual } from '@weiwang/domain/tasks/form'
import type { Form, FormField } from '@weiwang/domain/tasks/form'
import type { VisitDraft } from './draft.ts'

/** Questions come as data with the campaign; what this version cannot read is left out, never refused (case 19). */
export function readQuestions(raw: unknown): Question[] {
  if (!Array.isArray(raw)) return []
  return raw.flatMap((one) => {
    const parsed = Question.safeParse(one)
    return parsed.success ? [parsed.data] : []
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

export type FormFault = 'disposition' | 'result' | 'goesTo' | 'expectedDay' | 'note' | 'correctionReason'
export type ShownFault = AnswerFault | 'unusual'
export type Faults = {
  fields: FormFault[]
  answers: Record<string, ShownFault>
  members: Record<string, Record<string, ShownFault>>
}

export type Asked = {
  kind: 'task' | 'door'
  /** Of the campaign. */
  questions: readonly Question[]
  form: Form
  persons: readonly string[]
}

/** Somebody was met, or it is not said yet: then what is asked of people is asked. */
export function isMet(draft: Pick<VisitDraft, 'result'>): boolean {
  return draft.result === 'met' || draft.result === null
}

/** The fields of the form that the campaign does not ask already: nobody is asked twice. */
export function fieldsOf(asked: Asked, of: 'door' | 'person', draft: VisitDraft, person = ''): FormField[] {
  const taken = new Set(asked.questions.map((question) => question.key))
  const fields = askedFields(asked.form, of, draft.answers, draft.members[person] ?? {})
  return fields.filter((field) => !taken.has(field.ask.key))
}

export function confirmKey(person: string | null, key: string, value: unknown): string {
  return `${person ?? ''}/${key}=${JSON.stringify(value)}`
}

function fieldFault(field: FormField, answer: unknown, draft: VisitDraft, person: string | null): ShownFault | null {
  const fault = answerFault(field.ask, answer)
  if (fault) return fault
  const looked = draft.confirmed.includes(confirmKey(person, field.ask.key, answer))
  return isUnusual(field, answer) && !looked ? 'unusual' : null
}

/**
 * What still has to be said before the visit can be filed, and which questions are open. Those are asked only when someone was
 * met; a required one that nobody answers is named once and does not hold the visit back (VISIT-2).
 */
export function faultsOf(draft: VisitDraft, asked: Asked): Faults {
  const fields: FormFault[] = []
  const disposition = draft.disposition === null ? null : findDisposition(draft.disposition)
  if (asked.kind === 'task' && draft.disposition === null) fields.push('disposition')
  if (asked.kind === 'door' && draft.result === null) fields.push('result')
  if (disposition?.needs.includes('area') && draft.goesTo === null) fields.push('goesTo')
  if (disposition?.needs.includes('day') && draft.expectedDay === '') fields.push('expectedDay')
  if (disposition?.needs.includes('note') && draft.note.trim() === '') fields.push('note')
  if (draft.supersedes !== null && draft.correctionReason.trim() === '') fields.push('correctionReason')
  const faults: Faults = { fields, answers: {}, members: {} }
  if (!isMet(draft)) return faults
  for (const question of asked.questions) {
    const fault = answerFault(question, draft.answers[question.key])
    if (fault) faults.answers[question.key] = fault
  }
  for (const field of fieldsOf(asked, 'door', draft)) {
    const fault = fieldFault(field, draft.answers[field.ask.key], draft, null)
    if (fault) faults.answers[field.ask.key] = fault
  }
  for (const person of asked.persons) {
    const found: Record<string, ShownFault> = {}
    for (const field of fieldsOf(asked, 'person', draft, person)) {
      const fault = fieldFault(field, draft.members[person]?.[field.ask.key], draft, person)
      if (fault) found[field.ask.key] = fault
    }
    if (Object.keys(found).length > 0) faults.members[person] = found
  }
  return faults
}

function all(faults: Faults): ShownFault[] {
  return [faults.answers, ...Object.values(faults.members)].flatMap((one) => Object.values(one))
}

/** What keeps a visit from being filed: a field of the form, or an answer that cannot be read. Open questions do not (VISIT-2). */
export function holdsBack(faults: Faults): boolean {
  return faults.fields.length > 0 || all(faults).some((fault) => fault !== 'missing')
}

/** Required questions without an answer. */
export function openQuestions(faults: Faults): number {
  return all(faults).filter((fault) => fault === 'missing').length
}
