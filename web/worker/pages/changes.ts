import { z } from 'zod'

/** A field with what stood here when it was changed and what it is to be, as it is sent (PEOPLE-19). */
export type Change<T> = { from: T; to: T }
export const changeOf = <T extends z.ZodType>(field: T) => z.object({ from: field, to: field }).optional()

/**
 * What is half changed is kept as the change itself: what was not touched follows the server, and what was goes up beside the value
 * that it was changed from, however long it lay.
 * @param here what stands here now; changed back to what it was, a field is not changed
 */
export function changed<T>(before: Change<T> | undefined, here: T, to: T): Change<T> | undefined {
  const from = before ? before.from : here
  return JSON.stringify(from) === JSON.stringify(to) ? undefined : { from, to }
}
