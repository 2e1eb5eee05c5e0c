import { useCallback, useState } from 'react'
import { highest } from '../order.ts'

/** Up to which number of each grid the worker has seen what there is; numbers say nothing of anybody, so they lie open. */
type Seen = Record<string, number>

function load(name: string): Seen {
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(name) ?? '{}')
    if (typeof raw !== 'object' || raw === null) return {}
    return Object.fromEntries(
      Object.entries(raw).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    )
  } catch {
    return {}
  }
}

export function useSeen(
  account: string,
  views: readonly { grid: string; n: number }[],
): { seen: Seen; mark: () => void } {
  const name = `weiwang.seen.${account}`
  const [seen, setSeen] = useState(() => load(name))
  const mark = useCallback((): void => {
    const next = { ...load(name), ...highest(views) }
    localStorage.setItem(name, JSON.stringify(next))
    setSeen(next)
  }, [name, views])
  return { seen, mark }
}
