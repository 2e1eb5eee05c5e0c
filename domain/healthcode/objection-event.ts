import { z } from 'zod'
import { Colour } from '../grading/rule-set.ts'
import { Asker, Finding, Ground, ProofKind, Refusal, Stage, Wrong } from './objection-api.ts'

/**
 * What happened to an objection, append-only. Bodies hold ids, days and closed words; what was said is sealed beside the event, and
 * nothing here says who anybody is. A kind that is not known is skipped, never a fault.
 */
const text = z.string()
const id = text.nullable()
const envelope = { n: z.number().int(), area: text, by: id, occurredAt: text, recordedAt: text }

function of<K extends string, B extends z.ZodRawShape>(kind: K, body: B) {
  return z.object({ kind: z.literal(kind), body: z.object({ on: text, ...body }), ...envelope })
}

/** The reason that is objected to: enough to count by, and to find it again behind the colour. */
export const Contested = z.object({ key: text, rule: text, source: text, household: z.boolean() })
export type Contested = z.infer<typeof Contested>

const AnyObjectionEvent = z.discriminatedUnion('kind', [
  of('opened', { ground: Ground, asker: Asker, colour: Colour.nullable(), contested: Contested.nullable() }),
  of('proved', { proof: text, proofKind: ProofKind }),
  of('taken', { stage: Stage }),
  of('asked', { stage: Stage, until: text }),
  of('supplemented', { atDesk: z.boolean() }),
  of('passed', { from: Stage, to: Stage, finding: Finding }),
  /** Written by the timer; `at` is the moment from which it holds, whenever it was written. */
  of('escalated', { from: Stage, to: Stage, at: text }),
  of('granted', {
    wrong: Wrong,
    denied: z.array(text),
    manual: z.array(text),
    elsewhere: z.boolean(),
    before: Colour.nullable(),
    after: Colour.nullable(),
  }),
  of('refused', { refusal: Refusal, before: Colour.nullable() }),
  of('withdrawn', { atDesk: z.boolean() }),
  /** A correction that turned out to rest on a forged proof is taken back by a second person. */
  of('undone', { lifted: z.array(text), after: Colour.nullable() }),
  of('reorganised', { from: text, to: text }),
  /** The person has moved: another grid, perhaps of another county. */
  of('moved', { from: text, to: text }),
])
export type ObjectionEvent = z.infer<typeof AnyObjectionEvent>

type Bare<E> = E extends { kind: infer K; body: infer B } ? { kind: K; body: B } : never
export type NewObjectionEvent = Bare<ObjectionEvent>

export function readObjectionEvent(row: unknown): ObjectionEvent | null {
  const parsed = AnyObjectionEvent.safeParse(row)
  return parsed.success ? parsed.data : null
}
