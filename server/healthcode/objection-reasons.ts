import type { Day } from '@weiwang/domain/core/day'
import type { Say } from '@weiwang/domain/core/say'
import { say } from '@weiwang/domain/core/say'
import type { ContestedReason } from '@weiwang/domain/healthcode/objection-api'
import { factSay } from '@weiwang/domain/healthcode/objection-words'
import { MANUAL_RULE } from '@weiwang/domain/grading/manual'
import type { Colour, Reason } from '@weiwang/domain/grading/rule-set'
import { z } from 'zod'
import { areaNames } from '../access/store.ts'
import type { Ctx } from '../core/ctx.ts'
import { gradeToday, recordsOf } from '../grading/store.ts'
import { personsInScope } from '../grading/store-read.ts'
import type { PersonRow } from '../grading/store-read.ts'
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
  return { person, records, colour: now?.colour ?? null, reasons: now?.reasons ?? [] }
}

/** Reasons that hold on a day; of a colour the ones that give it stand first. */
export function reasonsFor(reasons: readonly Reason[], colour: Colour | null, day: Day): Reason[] {
  const live = reasons.filter((reason) => reason.until === null || reason.until >= day)
  const gives = (reason: Reason): boolean => reason.colour === colour
  return [...live.filter(gives), ...live.filter((reason) => !gives(reason))]
}

const MANUAL: Say = say('手工变更', 'A change by hand')

export async function sourcesByName(ctx: Ctx, ids: readonly string[]): Promise<(id: string) => Say> {
  const names = await sourceNames(ctx.db, ids)
  return (id) => (id === MANUAL_RULE ? MANUAL : (names.get(id) ?? say(id, id)))
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
