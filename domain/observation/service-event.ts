import { z } from 'zod'
import { Asker, Proof, ReceivedBy, ServiceKind, Urgency } from './service-api.ts'

/**
 * What happened to a service, append-only. Bodies hold ids and closed words; what a person typed is sealed beside. `on` is the
 * local day of recording. Bodies are read by these schemas; a kind or body that is not known is skipped, never a fault (case 19).
 */
const text = z.string()
const id = text.nullable()
const envelope = { n: z.number().int(), area: text, by: id, occurredAt: text, recordedAt: text }

function of<K extends string, B extends z.ZodRawShape>(kind: K, body: B) {
  return z.object({ kind: z.literal(kind), body: z.object({ on: text, ...body }), ...envelope })
}

const Cost = z.object({ cents: z.number().int(), paidBy: text, receiptPhoto: id })

const AnyServiceEvent = z.discriminatedUnion('kind', [
  of('asked', {
    kind: ServiceKind,
    urgency: Urgency,
    asker: Asker,
    askedBy: id,
    householdId: id,
    personId: id,
    observationId: id,
    ruleId: id,
    medicineId: id,
    windowFrom: id,
    windowTo: id,
    dueBy: text,
    steps: z.array(text),
    nextOffer: text,
    roundDay: id,
  }),
  of('offered', { to: text, until: text }),
  of('passed', { by: text, why: z.enum(['declined', 'expired']), reason: id, nextOffer: text }),
  of('unmatched', { again: id }),
  of('accepted', { by: text }),
  of('started', {}),
  of('given_back', { by: text, reason: id, nextOffer: text }),
  of('done', { proof: Proof, photo: id, by: id, receivedBy: ReceivedBy.nullish() }),
  // Taken by who brought it, after the receiver had confirmed it by himself.
  of('pictured', { photo: text }),
  of('not_received', { nextOffer: text }),
  of('cost', { cost: Cost }),
  of('rated', { rating: z.number().int() }),
  of('refused', { reason: text }),
  of('cancelled', { reason: id }),
  of('escalated', { step: z.number().int(), area: text, to: z.array(z.object({ id: text, name: text })) }),
  of('reorganised', { from: text, to: text }),
])
/** `n` counts from 1; `area` is where the service lay when it happened. ISO instants. */
export type ServiceEvent = z.infer<typeof AnyServiceEvent>

type Bare<E> = E extends { kind: infer K; body: infer B } ? { kind: K; body: B } : never
export type NewServiceEvent = Bare<ServiceEvent>

export function readServiceEvent(row: unknown): ServiceEvent | null {
  const parsed = AnyServiceEvent.safeParse(row)
  return parsed.success ? parsed.data : null
}
