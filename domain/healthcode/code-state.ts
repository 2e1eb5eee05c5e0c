import { maxDay } from '../core/day.ts'
import type { Day } from '../core/day.ts'
import { MANUAL_RULE } from '../grading/manual.ts'
import type { Reason } from '../grading/rule-set.ts'
import type { CodeState, CodeTrigger } from './code-api.ts'
import type { Colour } from './credential.ts'

/**
 * What a code is and how it changes (CODE-13): the state follows from the grading, from the rule set's words about everybody
 * else, and from whether anything may be collected at all. Nothing here makes a colour: it only says which one there is.
 */
export type CodeReasonRow = Pick<Reason, 'rule' | 'say' | 'colour' | 'fact' | 'day' | 'until'> & {
  via?: 'household'
  capped?: true
}

export type CodeNow = {
  n: number
  state: Exclude<CodeState, 'none'>
  ruleSetId: string | null
  fromDay: Day
  untilDay: Day | null
  reasons: CodeReasonRow[]
}

export type CodeStanding = Omit<CodeNow, 'n'>

type Graded = {
  colour: Colour
  ruleSetId: string
  fromDay: Day
  untilDay: Day | null
  reasons: readonly Reason[]
}

export type CodeInputs = {
  today: Day
  /** The last day on which somebody looks at who uses it (CODE-21): no colour meanwhile, and no wrong one. */
  heldUntil: Day | null
  /** Registered, and not erased since (REGISTER-22). */
  registered: boolean
  /** Whether anything personal may be kept for the person's home. */
  emergencyOpen: boolean
  /** The grade of today, when it has a colour. */
  graded: Graded | null
  /** In force where the person lives; null: nobody is judged there. */
  ruleSet: {
    id: string
    otherwise: { colour: Colour; say: { zh: string; en: string } } | null
    /** What the rule set says of who is neither registered nor settled here (绿码待定), by the declaration. */
    unsettled: { colour: Colour; say: { zh: string; en: string } } | null
  } | null
  /** The declaration says: not registered here, and a short stay. */
  unsettled: boolean
  /** The day from which the present declaration stands. */
  since: Day
}

export const OTHERWISE_RULE = 'otherwise'
export const UNSETTLED_RULE = 'unsettled'

function byDeclaration(
  rule: string,
  of: { colour: Colour; say: { zh: string; en: string } },
  since: Day,
): CodeReasonRow {
  const fact = { kind: 'declaration', from: since, to: since, source: 'declaration' }
  return { rule, say: of.say, colour: of.colour, fact, day: since, until: null }
}

const STRENGTH: Record<Colour, number> = { green: 1, pending: 2, yellow: 3, red: 4 }

const lives = (reason: Reason, today: Day): boolean => reason.until === null || reason.until >= today

/**
 * CODE-23: what the rules of another place gave is judged by nobody where no rule set is in force: it would neither end when its conditions
 * are met nor be put right. What a person decided under its guard rests on no rule and stands to its end.
 */
function decidedByHand(graded: Graded, today: Day): Graded | null {
  const reasons = graded.reasons.filter((reason) => reason.rule === MANUAL_RULE && lives(reason, today))
  const colour = reasons
    .flatMap((reason) => reason.colour ?? [])
    .reduce<Colour | null>((most, one) => (most !== null && STRENGTH[most] >= STRENGTH[one] ? most : one), null)
  if (colour === null) return null
  const ends = reasons.filter((reason) => reason.colour === colour).map((reason) => reason.until)
  const untilDay = ends.reduce<Day | null>(
    (last, end) => (last === null || end === null ? null : maxDay(last, end)),
    ends[0] ?? null,
  )
  return { ...graded, colour, untilDay, reasons }
}

/** The state of today. Not yet judged (no rule set in force) is `applied`, never a colour. */
export function standingOf(inputs: CodeInputs): CodeStanding {
  const { today, ruleSet, since } = inputs
  const graded = inputs.graded && !ruleSet ? decidedByHand(inputs.graded, today) : inputs.graded
  const bare = { ruleSetId: null, fromDay: today, untilDay: null, reasons: [] }
  if (!inputs.emergencyOpen || !inputs.registered) return { ...bare, state: 'expired' }
  if (inputs.heldUntil !== null && inputs.heldUntil >= today)
    return { ...bare, untilDay: inputs.heldUntil, state: 'suspended' }
  const unsettled = inputs.unsettled ? (ruleSet?.unsettled ?? null) : null
  if (graded && (!unsettled || STRENGTH[graded.colour] >= STRENGTH[unsettled.colour]))
    return {
      state: graded.colour,
      ruleSetId: graded.ruleSetId,
      fromDay: graded.fromDay,
      untilDay: graded.untilDay,
      reasons: graded.reasons
        .filter((reason) => reason.colour === graded.colour && lives(reason, today))
        .map(({ rule, say, colour, fact, day, until, via, capped }) => ({
          rule,
          say,
          colour,
          fact,
          day,
          until,
          ...(via ? { via } : {}),
          ...(capped ? { capped } : {}),
        })),
    }
  const given = unsettled ?? ruleSet?.otherwise ?? null
  if (!ruleSet || !given) return { ...bare, state: 'applied' }
  return {
    state: given.colour,
    ruleSetId: ruleSet.id,
    fromDay: since,
    untilDay: null,
    reasons: [byDeclaration(unsettled ? UNSETTLED_RULE : OTHERWISE_RULE, given, since)],
  }
}

export type CodeEvent = CodeStanding & { n: number; from: CodeState; trigger: CodeTrigger }

function sameReasons(a: readonly CodeReasonRow[], b: readonly CodeReasonRow[]): boolean {
  const key = (r: CodeReasonRow): string =>
    JSON.stringify([r.rule, r.colour, r.fact.kind, r.fact.place, r.fact.value, r.fact.from, r.fact.to, r.until])
  return a.length === b.length && a.every((reason, i) => key(reason) === (b[i] ? key(b[i]) : ''))
}

/** The event that leads from what was to what is, or null when nothing the holder could see has changed (CODE-16). */
export function changeOf(before: CodeNow | null, now: CodeStanding, trigger: CodeTrigger): CodeEvent | null {
  if (
    before &&
    before.state === now.state &&
    before.ruleSetId === now.ruleSetId &&
    before.untilDay === now.untilDay &&
    sameReasons(before.reasons, now.reasons)
  )
    return null
  return { ...now, n: (before?.n ?? 0) + 1, from: before?.state ?? 'none', trigger }
}

/** The pure fold: the state after an event. */
export function applyCode(event: CodeEvent): CodeNow {
  const { n, state, ruleSetId, fromDay, untilDay, reasons } = event
  return { n, state, ruleSetId, fromDay, untilDay, reasons }
}

export function colourOfState(state: CodeState): Colour | null {
  return state === 'green' || state === 'pending' || state === 'yellow' || state === 'red' ? state : null
}

/** CODE-14: whether what is on phones and paper says something else than what is so now. */
export function outdates(before: CodeNow | null, event: CodeEvent): boolean {
  return before !== null && (before.state !== event.state || before.ruleSetId !== event.ruleSetId)
}

/** What a change by a run is called, from what was and what is. @param moved the person lives in another county than before */
export function triggerOf(before: CodeNow | null, now: CodeStanding, today: Day, moved = false): CodeTrigger {
  if (now.state === 'expired') return 'emergency_over'
  if (now.state === 'suspended' || before?.state === 'suspended') return 'identity'
  if (moved && before && before.ruleSetId !== now.ruleSetId) return 'moved'
  if (now.reasons.some((reason) => reason.rule === MANUAL_RULE)) return 'manual'
  if (before && before.untilDay !== null && before.untilDay < today) return 'period_over'
  if (before && before.ruleSetId !== null && now.ruleSetId !== before.ruleSetId) return 'rule_set'
  return before === null ? 'applied' : 'rule'
}
