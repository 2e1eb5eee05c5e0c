/** Told of every change; what changed is read again from its owner. */
export type Bell = { ring: () => void; listen: (listener: () => void) => () => void }

export function newBell(): Bell {
  const listeners = new Set<() => void>()
  return {
    ring: () => {
      for (const listener of listeners) listener()
    },
    listen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Work that must not overlap, one after another; a failed one does not hold back the next. */
export function newQueue(): <T>(run: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (run) => {
    const mine = last.then(run, run)
    last = mine.catch(() => undefined)
    return mine
  }
}

/** The former object when the next one says the same, so that who looks at it sees that nothing changed. */
export function steady<View extends Readonly<Record<string, unknown>>>(
  before: View | null | undefined,
  next: View,
): View {
  if (!before) return next
  return Object.entries(next).every(([name, value]) => isSame(before[name], value)) ? before : next
}

function isSame(was: unknown, value: unknown): boolean {
  if (was === value) return true
  if (was instanceof Date && value instanceof Date) return was.getTime() === value.getTime()
  return Array.isArray(was) && Array.isArray(value) && steadyList(was, value) === was
}

export function steadyList<View>(before: readonly View[] | null | undefined, next: readonly View[]): readonly View[] {
  return before && before.length === next.length && before.every((one, i) => one === next[i]) ? before : next
}
