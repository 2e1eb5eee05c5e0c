/** A passage as it is kept, and what it counts for: one function for counters and lists, so that each number opens its list (GATE-13). */
import type { PassageList } from './api.ts'
import type { Check, Direction, GateColour, Lane, Verdict } from './gate.ts'

export type Passage = {
  direction: Direction
  lane: Lane
  checked: Check | null
  colour: GateColour | null
  verdict: Verdict
  temperature: number | null
  retest: number | null
  threshold: number
  vehicle: boolean
}

/** A colour is one only of a code that was judged valid: what was refused or is to be looked at by hand has none. */
export function colourSeen(of: { checked: Check | null; colour: GateColour | null }): GateColour | null {
  return of.checked === 'by_hand' || of.checked === 'refused' ? null : of.colour
}

export function listsOf(p: Passage): PassageList[] {
  const colour = colourSeen(p)
  // A gate that has not heard of a new threshold yet has judged by its old one.
  const fever = (p.temperature !== null && p.temperature >= p.threshold) || p.verdict === 'hold_fever'
  const lists: PassageList[] = ['all', p.direction, colour ?? 'no_colour']
  if (p.checked === 'by_hand') lists.push('by_hand')
  if (p.checked === 'refused') lists.push('refused_code')
  if (fever) lists.push('fever')
  if (p.retest !== null && p.retest >= p.threshold) lists.push('fever_twice')
  if (p.retest === null && p.verdict === 'hold_fever') lists.push('resting')
  if (p.verdict === 'refuse_refer') lists.push('refer')
  if (p.verdict === 'emergency_pass') lists.push('emergency')
  if (p.lane === 'no_code') lists.push('no_code')
  if (p.lane === 'visitor') lists.push('visitor')
  if (p.lane === 'hardship') lists.push('hardship')
  if (p.vehicle) lists.push('vehicle')
  return lists
}

/** GATE-5: what the second measurement makes of a passage; the first keeps its place in the figures. */
export function afterRetest<T extends Passage>(p: T, temperature: number): T {
  return { ...p, retest: temperature, verdict: temperature >= p.threshold ? 'hold_fever' : 'admit_with_temp' }
}

/** What is wrong with a passage that a gate sends; null when it can be (GATE-3, GATE-10). */
export function faultOf(
  p: Pick<Passage, 'lane' | 'checked' | 'colour' | 'verdict'> & { hasCode: boolean; hasVisitor: boolean },
): string | null {
  if ((p.lane === 'emergency') !== (p.verdict === 'emergency_pass')) return 'verdict'
  // A temporary pass is checked as a code is, and has no colour (OBJECT-17).
  const scanned = p.lane === 'code' || p.lane === 'paper' || p.lane === 'hardship'
  if (p.checked !== null && !scanned) return 'check'
  if (p.colour !== null && (p.lane === 'hardship' || (p.lane !== 'document' && p.checked !== 'valid'))) return 'colour'
  if (p.hasCode && !scanned && p.lane !== 'document') return 'codeId'
  // Without a network a document is written down by hand, as a visitor is.
  if (p.hasVisitor && p.lane !== 'visitor' && p.lane !== 'document') return 'visitor'
  return null
}
