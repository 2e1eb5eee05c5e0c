import type { Day } from '../core/day.ts'
import { addDays } from '../core/day.ts'
import { manualTooLong, reasonWrongWay, redNeedsCase } from './problems.ts'
import { MANUAL_REASON_INFO } from './reasons.ts'
import type { ManualReasonCode } from './reasons.ts'
import type { Colour, Grade } from './rule-set.ts'
import { COLOUR_RANK, GRADE_RANK } from './rule-set.ts'

export type ManualRequest = {
  grade: Grade | null
  colour: Colour | null
  reason: ManualReasonCode
  caseNo?: string | undefined
  until: Day
}
export type Standing = { grade: Grade | null; colour: Colour | null }

const gradeRank = (grade: Grade | null): number => (grade === null ? 0 : GRADE_RANK[grade])
// No colour and green stand on the same step: nothing is held against the person.
const colourRank = (colour: Colour | null): number => (colour === null ? COLOUR_RANK.green : COLOUR_RANK[colour])

/** GRADE-24 for what does not depend on the person. @throws redNeedsCase, manualTooLong */
export function checkManual(request: ManualRequest, today: Day): void {
  const red = request.grade === 'red' || request.colour === 'red'
  if (red && !request.caseNo) throw redNeedsCase({}, 'caseNo')
  const { maxDays } = MANUAL_REASON_INFO[request.reason]
  if (request.until < today || request.until > addDays(today, maxDays)) throw manualTooLong({ days: maxDays }, 'until')
}

/** A reason says which way it may be used: what lowers never raises, and the other way round. */
export function fitsWay(request: ManualRequest, now: Standing): boolean {
  const grade = gradeRank(request.grade) - gradeRank(now.grade)
  const colour = colourRank(request.colour) - colourRank(now.colour)
  return MANUAL_REASON_INFO[request.reason].way === 'lower'
    ? grade <= 0 && colour <= 0
    : grade >= 0 && colour >= 0 && (grade > 0 || colour > 0)
}

/** @throws reasonWrongWay */
export function checkWay(request: ManualRequest, now: Standing): void {
  if (!fitsWay(request, now)) throw reasonWrongWay({ way: MANUAL_REASON_INFO[request.reason].way }, 'reason')
}
