import type { Day } from '../core/day.ts'
import { MANUAL_REASON_INFO } from './reasons.ts'
import type { ManualReasonCode } from './reasons.ts'
import type { Colour, Grade, Reason } from './rule-set.ts'

/**
 * GRADE-13: a change by hand stands from its day until its last day. While it stands, facts recorded before it do not count
 * for the person; what is recorded later is judged as always, and the stronger result wins.
 */
export type ManualChange = {
  grade: Grade | null
  colour: Colour | null
  reason: ManualReasonCode
  from: Day
  until: Day
  /** When it was decided, in ms of the epoch. */
  at: number
}

export function isManual(manual: ManualChange, asOf: Day): boolean {
  return manual.from <= asOf && asOf <= manual.until
}

export const MANUAL_RULE = 'manual'

export function manualReason(manual: ManualChange): Reason {
  return {
    rule: MANUAL_RULE,
    say: MANUAL_REASON_INFO[manual.reason].say,
    grade: manual.grade,
    colour: manual.colour,
    fact: { kind: MANUAL_RULE, value: manual.reason, from: manual.from, to: manual.until, source: MANUAL_RULE },
    day: manual.from,
    until: manual.until,
  }
}
