import { ReturnBody } from '@weiwang/domain/healthcode/reg-desk-api'
import type { RawView, OutboxItem } from '../../phone/types.ts'

/** Who is expected back, as the phone has it: late by the day, with or without a net (REGISTER-16). */
export type Expected = { id: string; grid: string; body: ReturnBody; part: Part; waiting: boolean }
export type Part = 'late' | 'expected' | 'here'

const HERE = ['arrived_confirmed', 'health_plan_started']
const OVER = ['completed', 'cancelled']
const AFTER: Record<string, string> = {
  arrive: 'arrived_confirmed',
  start_plan: 'health_plan_started',
  complete: 'completed',
  cancel: 'cancelled',
}

function partOf(state: string, graceUntil: string, today: string): Part | null {
  if (OVER.includes(state)) return null
  if (HERE.includes(state)) return 'here'
  return state === 'no_show' || graceUntil < today ? 'late' : 'expected'
}

/** What waits in the outbox counts as done here already; what the server says later is the truth. */
export function expectedOf(things: readonly RawView[], outbox: readonly OutboxItem[], today: string): Expected[] {
  const steps = new Map<string, string>()
  for (const { kind, body } of outbox) {
    const [id, step] = [body?.['id'], body?.['step']]
    if (kind === 'return.step' && typeof id === 'string' && typeof step === 'string') steps.set(id, step)
  }
  return things
    .flatMap((thing): Expected[] => {
      const read = ReturnBody.safeParse(thing.body)
      if (!read.success) return []
      const step = steps.get(thing.id)
      const state = step === undefined ? read.data.state : (AFTER[step] ?? read.data.state)
      const part = partOf(state, read.data.graceUntil, today)
      return part === null
        ? []
        : [{ id: thing.id, grid: thing.grid, body: { ...read.data, state }, part, waiting: step !== undefined }]
    })
    .toSorted((a, b) =>
      a.body.expectedDay < b.body.expectedDay ? -1 : a.body.expectedDay > b.body.expectedDay ? 1 : 0,
    )
}
