import { z } from 'zod'
import { Closing, DisputeKind, MediationResult } from './api.ts'

/**
 * What happened to a dispute, append-only. Bodies hold ids and closed words; whatever says who or what is sealed beside. `on` is the
 * local day of recording; `dueBy` until when something is to be done next. A kind that is not known is skipped, never a fault.
 */
const text = z.string()
const id = text.nullable()
const envelope = { n: z.number().int(), area: text, by: id, occurredAt: text, recordedAt: text }

function of<K extends string, B extends z.ZodRawShape>(kind: K, body: B) {
  return z.object({ kind: z.literal(kind), body: z.object({ on: text, ...body }), ...envelope })
}

const AnyDisputeEvent = z.discriminatedUnion('kind', [
  of('opened', { kind: DisputeKind, desk: text, mediator: id, visitId: id, dueBy: text }),
  of('taken', { mediator: text }),
  of('mediated', { result: MediationResult, followUp: id, dueBy: text, visitId: id }),
  of('passed_up', { to: text, dueBy: text }),
  of('followed_up', { holds: z.boolean(), followUp: id, dueBy: text }),
  of('closed', { closing: Closing }),
  of('reopened', { dueBy: text }),
  of('access_given', { account: text }),
  of('access_ended', { account: text }),
  of('corrected', { kind: DisputeKind, visitId: id }),
  of('reorganised', { from: text, to: text, desks: z.array(text) }),
])
export type DisputeEvent = z.infer<typeof AnyDisputeEvent>

type Bare<E> = E extends { kind: infer K; body: infer B } ? { kind: K; body: B } : never
export type NewDisputeEvent = Bare<DisputeEvent>

export function readDisputeEvent(row: unknown): DisputeEvent | null {
  const parsed = AnyDisputeEvent.safeParse(row)
  return parsed.success ? parsed.data : null
}
