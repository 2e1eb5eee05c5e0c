import { dayOf } from '../core/day.ts'
import type { Problem } from '../core/problem.ts'
import { SOURCE_FOUND_RIGHT, SOURCE_FOUND_WRONG } from '../feeds/found.ts'
import type { Colour } from '../grading/rule-set.ts'
import type { DecideObjection, DeskStep, Finding } from './objection-api.ts'
import { clockAt, nextStage } from './objection-clock.ts'
import type { NewObjectionEvent } from './objection-event.ts'
import { askUntil, standingOf } from './objection-fold.ts'
import type { ObjectionState } from './objection-fold.ts'
import * as problems from './objection-problems.ts'

export type ObjectionWhen = { now: Date; zone: string }
export type ObjectionDecision = { ok: true; events: NewObjectionEvent[] } | { ok: false; problem: Problem }

const yes = (...events: NewObjectionEvent[]): ObjectionDecision => ({ ok: true, events })
const no = (problem: Problem): ObjectionDecision => ({ ok: false, problem })

/** Seen from an objection: `stage`: this desk may work where it lies now; `county`: it may decide for the county. */
export type ObjectionDesk = {
  stage: boolean
  county: boolean
  /** Decided the colour by hand, or opened the objection at the desk (OBJECT-9). */
  ownColour: boolean
  ownIntake: boolean
  /** Decided the objection itself (OBJECT-14). */
  decided: boolean
}

/** OBJECT-6: the steps of the clock that are due and not written yet; they stand before whatever else is recorded. */
export function dueEvents(state: ObjectionState, when: ObjectionWhen): NewObjectionEvent[] {
  if (state.closedAt !== null) return []
  return clockAt(state.clock, when.now).steps.map(({ from, to, at }) => ({
    kind: 'escalated',
    body: { on: dayOf(new Date(at), when.zone), from, to, at },
  }))
}

/** What the holder or a relative does (OBJECT-3, OBJECT-7). */
export function decideHolder(
  state: ObjectionState,
  step: 'supplement' | 'withdraw',
  atDesk: boolean,
  when: ObjectionWhen,
): ObjectionDecision {
  const on = dayOf(when.now, when.zone)
  if (state.closedAt !== null) return no(problems.objectionClosed({}))
  if (step === 'withdraw') return yes({ kind: 'withdrawn', body: { on, atDesk } })
  // What comes after the wait is read all the same.
  return state.asked === null ? no(problems.nothingAsked({})) : yes({ kind: 'supplemented', body: { on, atDesk } })
}

export type DeskArgs = { step: DeskStep; finding?: Finding | undefined; words?: string | undefined }

/** OBJECT-8: what a step of a desk does, or the rule that refuses it. Pure. */
export function decideDesk(
  state: ObjectionState,
  args: DeskArgs,
  who: ObjectionDesk,
  when: ObjectionWhen,
): ObjectionDecision {
  const on = dayOf(when.now, when.zone)
  if (state.closedAt !== null) return no(problems.objectionClosed({}))
  const { stage, waiting } = standingOf(state, when.now)
  switch (args.step) {
    case 'supplement':
    case 'withdraw':
      return decideHolder(state, args.step, true, when)
    case 'take':
      if (!who.stage) return no(problems.notYourStage({}))
      return state.taken && state.clock.stage === stage ? yes() : yes({ kind: 'taken', body: { on, stage } })
    case 'ask':
      if (!who.stage) return no(problems.notYourStage({}))
      if (waiting || state.askedBy.includes(stage)) return no(problems.askedBefore({}))
      if (args.words === undefined) return no(problems.stepLacks({ missing: '说明 words' }))
      return yes({ kind: 'asked', body: { on, stage, until: askUntil(when.now) } })
    case 'pass': {
      if (!who.stage) return no(problems.notYourStage({}))
      const to = stage === 'county' ? null : nextStage(stage)
      if (to === null) return no(problems.notYourStage({}))
      if (args.finding === undefined) return no(problems.stepLacks({ missing: '核查意见 finding' }))
      return yes({ kind: 'passed', body: { on, from: stage, to, finding: args.finding } })
    }
  }
}

/** Who may decide, and what of (OBJECT-8, OBJECT-9); null when he may. */
export function mayDecide(
  state: ObjectionState,
  decision: DecideObjection['decision'],
  who: ObjectionDesk,
  when: ObjectionWhen,
): Problem | null {
  if (state.closedAt !== null) return problems.objectionClosed({})
  if (!who.county) return problems.notHighEnough({})
  if (who.ownColour) return problems.decidedByYou({})
  if (who.ownIntake) return problems.openedByYou({})
  const { stage } = standingOf(state, when.now)
  // To the holder's good the county need not wait for anybody; against it, those who know the place have had their time.
  if (decision === 'refused' && (stage === 'community' || stage === 'street')) return problems.notLookedAt({})
  return null
}

/** OBJECT-14: a correction is taken back by somebody other than who decided it; null when this one may. */
export function mayUndo(state: ObjectionState, who: { county: boolean; decided: boolean }): Problem | null {
  if (state.outcome !== 'granted' || state.undone || state.denied.length === 0) return problems.objectionOpen({})
  if (!who.county) return problems.notHighEnough({})
  return who.decided ? problems.undoByAnother({}) : null
}

/** What was put right, by ids; the colour as it was before and is now that the person has been judged again. */
export type Corrected = { denied: string[]; manual: string[]; before: Colour | null; after: Colour | null }

export function decideOutcome(
  state: ObjectionState,
  args: DecideObjection,
  who: ObjectionDesk,
  corrected: Corrected,
  when: ObjectionWhen,
): ObjectionDecision {
  const problem = mayDecide(state, args.decision, who, when)
  if (problem) return no(problem)
  const on = dayOf(when.now, when.zone)
  const { before, after, denied, manual } = corrected
  if (args.decision === 'refused') return yes({ kind: 'refused', body: { on, refusal: args.refusal, before } })
  if (denied.length === 0 && manual.length === 0 && !args.elsewhere) return no(problems.nothingCorrected({}))
  const { wrong, elsewhere } = args
  return yes({ kind: 'granted', body: { on, wrong, denied, manual, elsewhere, before, after } })
}

export type StepName = DeskStep | 'decide' | 'undo'

/** Each step for this reader, and why not; what a step asks beside its name is taken as given. */
export function availableSteps(
  state: ObjectionState,
  who: ObjectionDesk,
  when: ObjectionWhen,
): { step: StepName; problem: Problem | null }[] {
  const given = { finding: 'unclear', words: '-' } as const
  const steps = (['take', 'ask', 'supplement', 'pass', 'withdraw'] as const).flatMap((step) => {
    const decision = decideDesk(state, { step, ...given }, who, when)
    if (decision.ok && decision.events.length === 0) return []
    return [{ step, problem: decision.ok ? null : decision.problem }]
  })
  if (state.outcome === 'granted' && !state.undone && state.denied.length > 0)
    return [...steps, { step: 'undo', problem: mayUndo(state, { county: who.county, decided: who.decided }) }]
  return [...steps, { step: 'decide', problem: mayDecide(state, 'granted', who, when) }]
}

/** STAT-8 for objections: what a decision says of the source that was objected to; null when it says nothing of it. */
export function sourceFinding(
  state: Pick<ObjectionState, 'contested' | 'outcome' | 'wrong' | 'undone'>,
): { source: string; disposition: string } | null {
  const { contested, outcome, wrong, undone } = state
  if (contested === null) return null
  if (outcome === 'refused') return { source: contested.source, disposition: SOURCE_FOUND_RIGHT }
  const ofSource = wrong === 'source' || wrong === 'matching' || wrong === 'late'
  if (outcome !== 'granted' || !ofSource) return null
  return { source: contested.source, disposition: undone ? SOURCE_FOUND_RIGHT : SOURCE_FOUND_WRONG }
}
