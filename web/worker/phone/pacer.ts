import type { Clock, SyncLine, Timer } from './types.ts'

const IDLE_MS = 300_000
const FIRST_MS = 15_000
const MOST_MS = 600_000
const LEAST_MS = 5_000
const MOST_TIMER_MS = 2 ** 31 - 1

/** When the next round is. Phones of one place must not all come at once, so every wait is spread (case 5). */
export function newPacer({
  clock,
  random,
  sync,
  due,
}: {
  clock: Clock
  random: () => number
  sync: () => Promise<SyncLine>
  /** What may be sent or asked for earlier, by the phone's clock. */
  due: () => readonly (number | null)[]
}) {
  let timer: Timer | null = null
  let at = Number.POSITIVE_INFINITY
  let failures = 0
  let on = false

  function arm(ms: number): void {
    const wait = Math.min(MOST_TIMER_MS, Math.max(0, ms))
    const then = clock.now() + wait
    if (timer !== null) clock.clearTimeout(timer)
    at = then
    timer = clock.setTimeout(() => void go(), wait)
  }

  function nextWait(line: SyncLine): number {
    failures = line.ok ? 0 : failures + 1
    const spread = 0.75 + random() / 2
    if (!line.ok) return Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10)) * spread
    const now = clock.now()
    const earliest = due().flatMap((time) => (time === null ? [] : [Math.max(LEAST_MS, time - now)]))
    return Math.min(IDLE_MS * spread, ...earliest.map((ms) => ms * (1 + random() / 4)))
  }

  async function go(): Promise<void> {
    if (timer !== null) clock.clearTimeout(timer)
    timer = null
    at = Number.POSITIVE_INFINITY
    const line = await sync()
    if (on && timer === null) arm(nextWait(line))
  }

  return {
    start: (): void => {
      if (on) return
      on = true
      arm(0)
    },
    /** Within so many milliseconds, spread; an earlier one stands. */
    soon: (within = 0): void => {
      if (!on) return
      const wait = within * random()
      if (clock.now() + wait < at || at - clock.now() > MOST_MS * 2) arm(wait)
    },
    stop: (): void => {
      on = false
      if (timer !== null) clock.clearTimeout(timer)
      timer = null
    },
  }
}
