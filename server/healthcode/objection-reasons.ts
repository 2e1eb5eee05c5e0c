import type { Day } from '@weiwang/domain/core/day'
import type { Say } from '@weiwang/domain/core/say'
import { say } from '@weiwang/domain/core/say'
import type { ContestedReason } from '@weiwang/domain/healthcode/objection-api'
import { colourOfState } from '@weiwang/domain/healthcode/code-state'
import { factSay } from '@weiwang/domain/healthcode/objection-words'
import { MANUAL_RULE } from '@weiwang/domain/grading/manual'
import type { Colour, Reason } from '@weiwang/domain/grading/rule-set'
import { z } from 'zod'
import { areaNames } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { gradeToday, recordsOf } from '../grading/store.ts'
import { personsInScope } from '../grading/store-read.ts'
import type { PersonRow } from '../grading/store-read.ts'
import { seenCodes } from './code-change.ts'
import { findCodes } from './code-store.ts'
import { sourceNames } from './objection-store.ts'

/** What stands behind a colour, as holder and desk read it, each with a key by which it is objected to. */
export function reasonKey({ rule, fact, via }: Pick<Reason, 'rule' | 'fact' | 'via'>): string {
  const { kind, place, value, degree, from, to, source } = fact
  return [rule, source, kind, place ?? '', value ?? '', degree ?? '', from, to, via ?? ''].join('|').slice(0, 200)
}

export type Standing = {
  person: PersonRow
  /** The person and the records merged into them. */
  records: string[]
  colour: Colour | null
  reasons: Reason[]
}

/** A person within some areas, with today's colour. Null when there is none. For the jobs role. */
export async function colourStanding(ctx: Ctx, areas: readonly string[], personId: string): Promise<Standing | null> {
  const { target, records } = await recordsOf(ctx.db, personId)
  const [person] = await personsInScope(ctx.db, areas, [target])
  if (!person) return null
  const now = await gradeToday(ctx.db, target, ctx.today)
  const graded = { colour: now?.colour ?? null, reasons: now?.reasons ?? [] }
  return { person, records, ...((await byCode(ctx, target, graded.colour)) ?? graded) }
}

/**
 * Where the code says something else than the grade: pending by what is declared (绿码待定), which no fact stands behind, and a place
 * where nobody is judged (CODE-23). Null: as it is graded.
 */
async function byCode(
  ctx: Ctx,
  personId: string,
  graded: Colour | null,
): Promise<Pick<Standing, 'colour' | 'reasons'> | null> {
  const codes = await findCodes(ctx.db, [personId])
  const seen = codes.has(personId) ? (await seenCodes(ctx, [personId], codes)).get(personId) : undefined
  if (!seen) return null
  const { state, reasons } = seen.standing
  const pending = state === 'pending' && (graded === null || graded === 'green')
  if (seen.judged && !pending) return null
  return { colour: colourOfState(state), reasons: reasons.map((reason) => ({ ...reason, grade: null })) }
}

/** Reasons that hold on a day; of a colour the ones that give it stand first. */
export function reasonsFor(reasons: readonly Reason[], colour: Colour | null, day: Day): Reason[] {
  const live = reasons.filter((reason) => reason.until === null || reason.until >= day)
  const gives = (reason: Reason): boolean => reason.colour === colour
  return [...live.filter(gives), ...live.filter((reason) => !gives(reason))]
}

const MANUAL: Say = say('手工变更', 'A change by hand')
const DECLARED: Say = say('本人申报', 'Own declaration')

export async function sourcesByName(ctx: Ctx, ids: readonly string[]): Promise<(id: string) => Say> {
  const names = await sourceNames(ctx.db, ids)
  const own: Record<string, Say> = { [MANUAL_RULE]: MANUAL, declaration: DECLARED }
  return (id) => own[id] ?? names.get(id) ?? say(id, id)
}

export async function presentReasons(ctx: Ctx, reasons: readonly Reason[]): Promise<ContestedReason[]> {
  const places = await areaNames(
    ctx.db,
    reasons.flatMap(({ fact }) => fact.place ?? []),
  )
  const source = await sourcesByName(
    ctx,
    reasons.map(({ fact }) => fact.source),
  )
  return reasons.map((reason): ContestedReason => {
    const { fact } = reason
    const household = reason.via === 'household'
    const placeName = fact.place === undefined ? null : (places.get(fact.place) ?? fact.place)
    return {
      key: reasonKey(reason),
      rule: reason.rule,
      say: reason.say,
      colour: reason.colour,
      household,
      fact: {
        kind: fact.kind,
        say: factSay(fact, placeName, household),
        place: fact.place ?? null,
        placeName,
        from: fact.from,
        to: fact.to,
        source: fact.source,
        sourceName: source(fact.source),
      },
      day: reason.day,
      until: reason.until,
    }
  })
}

const Words = z.object({ zh: z.string(), en: z.string() })
const Kept = z.array(
  z.object({
    rule: z.string(),
    say: Words,
    colour: z.enum(['red', 'yellow', 'pending', 'green']).nullable(),
    grade: z.enum(['red', 'yellow', 'blue']).nullable().catch(null),
    via: z.enum(['household']).optional(),
    fact: z.object({
      kind: z.string(),
      place: z.string().optional(),
      value: z.string().optional(),
      degree: z.number().optional(),
      from: z.string(),
      to: z.string(),
      source: z.string(),
    }),
    day: z.string(),
    until: z.string().nullable(),
  }),
)

/** The reasons as they were when the objection was opened. */
export function keptReasons(value: unknown): Reason[] {
  return Kept.catch([]).parse(value)
}
