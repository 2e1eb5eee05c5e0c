/** One presenter of a code, for its holder's page and for the desk (CODE-13, CODE-16). */
import type { CodeChange, CodeReason, CodeState, MyCode } from '@weiwang/domain/healthcode/code-api'
import { colourOfState } from '@weiwang/domain/healthcode/code-state'
import type { CodeReasonRow } from '@weiwang/domain/healthcode/code-state'
import {
  CODE_MEANS,
  CODE_STATE_SAY,
  CODE_TRIGGER_SAY,
  factSay,
  NO_RULES,
  reasonSay,
  sourceSay,
  todoOf,
} from '@weiwang/domain/healthcode/code-words'
import type { Say } from '@weiwang/domain/core/say'
import type { Ctx } from '../core/ctx.ts'
import { activeRuleSets } from '../grading/store.ts'
import { feedNames } from '../grading/store-sets.ts'
import { areaNames } from '../people/store.ts'
import { seenCodes } from './code-change.ts'
import type { Seen } from './code-change.ts'
import { eventsOf, findCodes, namedRuleSets } from './code-store.ts'
import type { CodeRow, EventRow } from './code-store.ts'

const HISTORY = 50

type Words = {
  feeds: ReadonlyMap<string, Say>
  areaName: (code: string) => string
  ruleSet: (id: string) => { short: string; name: Say } | null
}

async function wordsFor(ctx: Ctx, reasons: readonly CodeReasonRow[]): Promise<Words> {
  const feeds = await feedNames(ctx.db, [...new Set(reasons.map((r) => r.fact.source))])
  const places = reasons.flatMap(({ fact }) => (fact.place === undefined || fact.place === null ? [] : [fact.place]))
  const names = await areaNames(ctx.db, [...new Set(places)])
  const shorts = new Map((await namedRuleSets(ctx.db)).map((one) => [one.ruleSetId, one]))
  const active = new Map((await activeRuleSets(ctx.db)).map((row) => [row.id, row.name]))
  return {
    feeds,
    areaName: (code) => names(code),
    ruleSet: (id) => {
      const name = shorts.get(id)?.name ?? active.get(id)
      return name ? { short: shorts.get(id)?.short ?? '', name } : null
    },
  }
}

function presentReason(reason: CodeReasonRow, words: Words): CodeReason[] {
  if (reason.colour === null) return []
  return [
    {
      rule: reason.rule,
      say: reasonSay(reason),
      colour: reason.colour,
      source: reason.via === 'household' ? null : sourceSay(reason, words.feeds),
      what: factSay(reason, words.areaName),
      day: reason.day,
      until: reason.until,
    },
  ]
}

function presentChange(event: EventRow, words: Words): CodeChange {
  return {
    n: event.n,
    at: event.at.toISOString(),
    from: event.from,
    to: event.to,
    trigger: event.trigger,
    say: CODE_TRIGGER_SAY[event.trigger],
    reasons: event.reasons.flatMap((reason) => presentReason(reason, words)),
  }
}

function stateOf(row: CodeRow | undefined, seen: Seen): CodeState {
  if (row) return seen.standing.state
  return seen.subject.declared_on === null ? 'none' : 'applied'
}

type Presented = Omit<MyCode, 'relation'> & { area: string }

/** CODE-22: what a log-in that has shown no document is told of somebody who is known by its number: to show it. */
export function unproven({ personId, area, masked }: Presented): Presented {
  return {
    personId,
    area,
    masked,
    state: 'none',
    stateName: CODE_STATE_SAY.none,
    colour: null,
    means: CODE_MEANS.none,
    todo: todoOf('none', null),
    ruleSet: null,
    fromDay: null,
    untilDay: null,
    reasons: [],
    history: [],
    n: 0,
    mayPaper: false,
  }
}

/** How the code of somebody changed before change `n`; the words of each are those of the rules at the time. */
export async function presentHistory(ctx: Ctx, personId: string, before: number): Promise<CodeChange[]> {
  const events = await eventsOf(ctx.db, [personId], { most: HISTORY, before })
  const words = await wordsFor(
    ctx,
    events.flatMap((event) => event.reasons),
  )
  return events.map((event) => presentChange(event, words))
}

/** In the order asked; who is not known is left out. */
export async function presentCodes(ctx: Ctx, ids: readonly string[]): Promise<Presented[]> {
  const codes = await findCodes(ctx.db, ids)
  const seen = await seenCodes(ctx, ids, codes)
  const events = await eventsOf(ctx.db, ids, { most: HISTORY })
  const words = await wordsFor(ctx, [
    ...[...seen.values()].flatMap(({ standing }) => standing.reasons),
    ...events.flatMap((event) => event.reasons),
  ])
  return ids.flatMap((personId) => {
    const one = seen.get(personId)
    if (!one) return []
    const row = codes.get(personId)
    const state = stateOf(row, one)
    const colour = colourOfState(state)
    const { standing, subject } = one
    // Who is not judged is told why, and not to wait.
    const told =
      state === 'applied' && !one.judged
        ? { stateName: NO_RULES.name, means: NO_RULES.means, todo: NO_RULES.todo }
        : { stateName: CODE_STATE_SAY[state], means: CODE_MEANS[state], todo: todoOf(state, standing.untilDay) }
    return [
      {
        personId,
        area: subject.home_area,
        masked: subject.masked,
        state,
        ...told,
        colour,
        ruleSet: colour === null || standing.ruleSetId === null ? null : words.ruleSet(standing.ruleSetId),
        fromDay: colour === null ? null : standing.fromDay,
        untilDay: colour === null ? null : standing.untilDay,
        reasons: colour === null ? [] : standing.reasons.flatMap((reason) => presentReason(reason, words)),
        history: events.filter((event) => event.person_id === personId).map((event) => presentChange(event, words)),
        n: row?.n ?? 0,
        mayPaper: colour !== null,
      },
    ]
  })
}
