import type { Form } from '../tasks/form.ts'
import { askedFields } from '../tasks/form.ts'
import { answerFault, Questions } from '../access/questions.ts'
import type { Question } from '../access/questions.ts'
import { addDays, dayOf } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import { RESULTS } from './api.ts'

/** What makes a visit complete, and what is kept as it came (VISIT-2, VISIT-3). Pure. */
export type Reading = {
  /** Keys of required questions without an answer. The visit is filed all the same and the list shown. */
  missing: string[]
  /** Keys whose question or value is not known here; kept raw, never refused (case 19). */
  raw: string[]
}

/** Questions of a campaign as stored; unreadable ones are left out one by one, so that one bad row never hides the rest. */
export function questionsOf(stored: unknown): Question[] {
  if (!Array.isArray(stored)) return []
  const list: unknown[] = stored
  return list.flatMap((one) => {
    const parsed = Questions.element.safeParse(one)
    return parsed.success ? [parsed.data] : []
  })
}

export function readAnswers(questions: readonly Question[], answers: Readonly<Record<string, unknown>>): Reading {
  const known = new Map(questions.map((q) => [q.key, q]))
  const missing: string[] = []
  const raw = Object.keys(answers).filter((key) => !known.has(key))
  for (const question of questions) {
    const fault = answerFault(question, answers[question.key])
    if (fault === 'missing') missing.push(question.key)
    else if (fault !== null) raw.push(question.key)
  }
  return { missing, raw: raw.toSorted() }
}

export type Member = { personId: string; answers: Readonly<Record<string, unknown>> }

export type VisitReading = { door: Reading; members: (Reading & { personId: string })[] }

/**
 * A visit against the questions of its campaign and the fields of its form that are asked (FORM-3). What a field that was
 * hidden got as an answer is kept as it came, like everything that is not known here.
 */
export function readVisitAnswers(
  questions: readonly Question[],
  form: Form | null,
  answers: Readonly<Record<string, unknown>>,
  members: readonly Member[],
): VisitReading {
  const asked = (of: 'door' | 'person', person: Readonly<Record<string, unknown>> = {}): Question[] =>
    form === null ? [] : askedFields(form, of, answers, person).map((field) => field.ask)
  return {
    door: readAnswers([...questions, ...asked('door')], answers),
    members: members.map((member) => ({
      personId: member.personId,
      ...readAnswers(asked('person', member.answers), member.answers),
    })),
  }
}

export function isKnownResult(result: string): boolean {
  return RESULTS.some((known) => known === result)
}

/** A phone without contact is locked after 72 h, but its outbox may come weeks later. */
const OLDEST_DAYS = 30

/**
 * VISIT-4: a visit counts on the local day on which it took place. A time ahead of the server's counts as now; one older than
 * thirty days counts on the day it came in. `occurredAt` itself is kept as it was sent.
 */
export function countedDay(occurredAt: Date, recordedAt: Date, zone: string): Day {
  const received = dayOf(recordedAt, zone)
  const took = dayOf(occurredAt, zone)
  return took > received || took < addDays(received, -OLDEST_DAYS) ? received : took
}
