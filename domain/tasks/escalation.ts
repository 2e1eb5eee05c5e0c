import type { DEALT, Grade } from './api.ts'
import { outOfQuietHours } from './due.ts'
import type { TaskEvent } from './event.ts'
import type { TaskState } from './fold.ts'

/** TASK-18: nobody is told of a yellow or blue task between 20:00 and 08:00 local; red is told around the clock. */
export function maySound(grade: Grade, at: Date, zone: string): boolean {
  return grade === 'red' || outOfQuietHours(at, zone).getTime() === at.getTime()
}

/**
 * TASK-18: what happened to a task deals with its escalations: its answer or end closes them, a person who hands it on has
 * passed them. What the system moves by itself (a duty that ended, a reorganisation) deals with nothing.
 */
export function dealtWith(
  before: TaskState,
  after: TaskState,
  events: readonly TaskEvent[],
): (typeof DEALT)[number] | null {
  const over = (state: TaskState) => state.answeredAt !== null || state.closedAt !== null
  if (over(after) && !over(before)) return 'closed'
  const handed = events.some(
    (event) =>
      event.by !== null &&
      ((event.kind === 'assigned' && event.body.to !== null) ||
        event.kind === 'passed_down' ||
        event.kind === 'returned_up'),
  )
  return handed ? 'passed' : null
}
