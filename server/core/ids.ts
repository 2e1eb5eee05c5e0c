import { createHash, randomBytes } from 'node:crypto'
import { uuid7, uuid8 } from '@weiwang/domain/core/ids'

export function newId(now: Date): string {
  return uuid7(now, randomBytes(10))
}

/** The id of what a text names: whoever makes the thing again makes the same one. Rooms begin the text with a word of their own. */
export function idFrom(text: string): string {
  return uuid8(createHash('sha256').update(text).digest())
}
