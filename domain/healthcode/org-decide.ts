import { suppressOne } from '../core/small.ts'
import { addDays } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import type { CodeState } from './code-api.ts'
import type { AnswerKind, OrgAnswer, RollDay } from './org-api.ts'
import { answerSay } from './org-words.ts'

/** What is known of a member at the moment of reading; none of it leaves the server. */
export type MemberFacts = {
  today: Day
  consented: boolean
  code: { state: CodeState; untilDay: Day | null }
  /** False: no rules are in force that could give a colour (CODE-23). */
  judged: boolean
  /** An observation that has not ended, with its last day. */
  observation: { endDay: Day | null } | null
}

function answer(kind: AnswerKind, from: Day | null = null): OrgAnswer {
  return { kind, from, say: answerSay(kind, from) }
}

const LATER = (a: Day, b: Day): Day => (a > b ? a : b)

/**
 * ORG-7: the one answer. A colour that ends and an observation that ends give the day after the later of the two; what has no
 * end, or has passed its end without being released, is "not yet", and so is a code that is pending, suspended or not there. Where
 * no rules could ever give a colour the employer is told that, so that nobody waits for a day that does not come.
 */
export function answerOf(facts: MemberFacts): OrgAnswer {
  const { today, consented, code, judged, observation } = facts
  if (!consented) return answer('waits_consent')
  const green = code.state === 'green'
  if (!judged && code.state === 'applied' && observation === null) return answer('no_rules')
  if (!green && code.state !== 'yellow' && code.state !== 'red') return answer('not_yet')
  if (!green && (code.untilDay === null || code.untilDay < today)) return answer('not_yet')
  if (observation !== null && (observation.endDay === null || observation.endDay < today)) return answer('not_yet')
  const ends = [...(green ? [] : [code.untilDay]), observation?.endDay ?? null].flatMap((day) => day ?? [])
  const [first, ...rest] = ends
  if (first === undefined) return answer('may_work')
  return answer('may_work_from', addDays(rest.reduce(LATER, first), 1))
}

/** ORG-10: fewer than five are hidden from an employer (STAT-6); a sum, which would give a hidden one away, is never shown. */
export function rollShown(days: readonly { day: Day; present: number; absent: number; fever: number }[]): RollDay[] {
  return days.map(({ day, present, absent, fever }) => ({
    day,
    present: suppressOne(present),
    absent: suppressOne(absent),
    fever: suppressOne(fever),
  }))
}

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

/** ORG-2: the unified social credit code (GB 32100-2015): 17 characters and their check, modulo 31; null when it is none. */
export function readCreditCode(text: string): string | null {
  const code = text.normalize('NFKC').toUpperCase().replace(/[\s-]/gu, '')
  if (code.length !== 18) return null
  const values = Array.from(code, (char) => ALPHABET.indexOf(char))
  if (values.some((value) => value < 0)) return null
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * (values[i] ?? 0), 0)
  return (31 - (sum % 31)) % 31 === values[17] ? code : null
}
