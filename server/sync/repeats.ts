import { createHash } from 'node:crypto'

/**
 * A request may be doubled on its way, or come once more when the phone has long gone on. It gets the answer that it had, and nothing
 * of it is run again: an item that was refused then might be accepted now, while the phone goes by the first answer (SYNC-12). Kept
 * in memory for a while. Beyond that, and after the end of the process, the keys of the items keep what was taken from being taken
 * twice, and the phone's row knows its last requests in which something was refused, by their marks.
 */
export type Repeats<T> = { once: (name: string, now: number, run: () => Promise<T>) => Promise<T>; size: () => number }

export function repeats<T>(most: number, keptMs: number): Repeats<T> {
  // The oldest first.
  const known = new Map<string, { at: number; answer: Promise<T> }>()

  function tidy(now: number): void {
    for (const [name, { at }] of known) {
      if (known.size < most && now - at <= keptMs) return
      known.delete(name)
    }
  }

  return {
    once: (name, now, run) => {
      tidy(now)
      const before = known.get(name)
      if (before) return before.answer
      const answer = run()
      const entry = { at: now, answer }
      known.set(name, entry)
      // What failed has no answer and is tried like a new one.
      answer.catch(() => {
        if (known.get(name) === entry) known.delete(name)
      })
      return answer
    },
    size: () => known.size,
  }
}

/** What tells two requests of a phone apart: it never sends the same items twice at one reading of its clock. */
export function nameOf(
  way: string,
  account: string,
  { device, clock, items }: { device: string; clock: string; items: readonly unknown[] },
): string {
  return JSON.stringify([way, account, device, clock, items.map(keyIn)])
}

/** A name as short as a row can keep it. */
export function markOf(name: string): Buffer {
  return createHash('sha256').update(name).digest().subarray(0, 16)
}

function keyIn(item: unknown): unknown {
  return typeof item === 'object' && item !== null && 'key' in item ? item.key : null
}
