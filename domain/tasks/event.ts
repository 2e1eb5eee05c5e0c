import { z } from 'zod'
import { Channel, Grade } from './api.ts'
import { Clock } from './due.ts'

/**
 * What happened to a task, append-only. Bodies hold ids and closed words; what a person typed is sealed beside (TASK-16). `on` is the local day of recording, so that the fold and the counters need no zone.
 * Bodies are read from the database by these schemas; a kind or body that is not known is skipped, never a fault (case 19).
 */
const on = z.string()
const text = z.string()
const next = z.enum(['close', 'review', 'forward', 'wait'])

const From = z.object({ county: text, taskId: text, area: text })
const envelope = { n: z.number().int(), area: text, by: text.nullable(), occurredAt: text, recordedAt: text }

function of<K extends string, B extends z.ZodRawShape>(kind: K, body: B) {
  return z.object({ kind: z.literal(kind), body: z.object(body), ...envelope })
}

const AnyTaskEvent = z.discriminatedUnion('kind', [
  of('opened', {
    on,
    pushId: text.nullable(),
    root: text,
    campaignId: text,
    personId: text.nullable(),
    householdId: text.nullable(),
    grade: Grade,
    clock: Clock,
    sources: z.array(text),
    movedFrom: From.nullable(),
  }),
  of('pushed', { on, pushId: text, sources: z.array(text) }),
  of('accepted', { on, assignee: text }),
  of('assigned', { on, to: text.nullable(), from: text.nullable() }),
  of('attempted', {
    on,
    channel: Channel,
    result: text,
    nextTry: text.nullable(),
    visitId: text.nullable(),
  }),
  of('answered', {
    on,
    disposition: text,
    next,
    visitId: text.nullable(),
    dueDay: text.nullable(),
    clock: Clock.nullable(),
    successor: From.nullable(),
  }),
  of('corrected', { on, disposition: text, visitId: text, reopen: z.boolean() }),
  of('returned_up', {
    on,
    from: text,
    to: text,
    reason: text,
    disposition: text.nullable(),
    visitId: text.nullable(),
  }),
  of('passed_down', { on, from: text, to: text, reason: text, sideways: z.boolean(), householdId: text.nullable() }),
  of('reorganised', { on, from: text, to: text, changeId: text.nullable(), householdId: text.nullable() }),
  of('locate_requested', { on }),
  of('reviewed', {
    on,
    decision: z.enum(['confirm', 'change', 'reopen']),
    disposition: text.nullable(),
    clock: Clock.nullable(),
  }),
  of('closed', { on, reason: text }),
  of('regraded', { on, grade: Grade, from: Grade, clock: Clock, sources: z.array(text), runId: text.nullable() }),
  of('withdrawn', { on, reason: text, runId: text.nullable() }),
  of('moved', { on, to: text, successor: From }),
  of('escalated', {
    on,
    clock: z.enum(['accept', 'answer']),
    step: z.number().int(),
    area: text,
    to: z.array(z.object({ id: text, name: text })),
  }),
  of('merged_duplicate', { on, visitId: text.nullable(), earlier: text.nullable() }),
  of('expired', { on, reason: text }),
])

/** `n` counts from 1; `area` is where the task lay when it happened. ISO instants. */
export type TaskEvent = z.infer<typeof AnyTaskEvent>

type Bare<E> = E extends { kind: infer K; body: infer B } ? { kind: K; body: B } : never
/** A decision's event before it is recorded. */
export type NewTaskEvent = Bare<TaskEvent>

/** A stored row as an event, or null when this version does not know it. */
export function readTaskEvent(row: unknown): TaskEvent | null {
  const parsed = AnyTaskEvent.safeParse(row)
  return parsed.success ? parsed.data : null
}
