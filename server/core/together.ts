/**
 * `restMs`: a statement begins no sooner than so long after the one before it, so that under load more go together; who asks while
 * nothing was asked of late still asks at once and alone. `most` go in one.
 */
export type Rhythm = { most?: number; restMs?: number }

/** Look-ups that every report makes: in two milliseconds a busy server hears several. */
export const LOOK_UPS: Rhythm = { restMs: 2 }

/**
 * Makes one statement of what many requests ask at the same moment: what comes while one is under way goes together with the next.
 * A request that is alone asks at once and alone, so nobody waits for company.
 * @param run answers in the order of what is asked
 * @returns asks; with a rest of its own it need not go sooner, but goes along when somebody else's question does
 */
export function together<A, R>(
  run: (asked: readonly A[]) => Promise<readonly R[]>,
  { most = 50, restMs = 0 }: Rhythm = {},
): (one: A, ownRestMs?: number) => Promise<R> {
  type Waiting = { one: A; rest: number; resolve: (answer: R) => void; reject: (error: unknown) => void }
  const line: Waiting[] = []
  let [busy, began] = [false, -Infinity]
  let timer: { due: number; handle: NodeJS.Timeout } | null = null
  const go = async (): Promise<void> => {
    if (timer) clearTimeout(timer.handle)
    ;[timer, busy, began] = [null, true, performance.now()]
    const some = line.splice(0, most)
    try {
      const answers = await run(some.map(({ one }) => one))
      for (const [i, { resolve, reject }] of some.entries()) {
        const answer = answers[i]
        if (answer === undefined) reject(new Error('an answer is missing'))
        else resolve(answer)
      }
    } catch (error) {
      for (const { reject } of some) reject(error)
    }
    busy = false
    if (line.length > 0) soon(line.length >= most ? began : began + Math.min(...line.map(({ rest }) => rest)))
  }
  const soon = (due: number): void => {
    const wait = due - performance.now()
    if (wait <= 0) void go()
    else if (timer === null || due < timer.due) {
      if (timer) clearTimeout(timer.handle)
      timer = { due, handle: setTimeout(() => void go(), wait) }
    }
  }
  return (one, ownRestMs = restMs) =>
    new Promise((resolve, reject) => {
      line.push({ one, rest: ownRestMs, resolve, reject })
      if (!busy) soon(began + ownRestMs)
    })
}

/** One such line for each owner: a database, a server. */
export function togetherAt<O extends object, A, R>(
  run: (owner: O, asked: readonly A[]) => Promise<readonly R[]>,
  rhythm: Rhythm = {},
): (owner: O, one: A, ownRestMs?: number) => Promise<R> {
  const lines = new WeakMap<O, (one: A, ownRestMs?: number) => Promise<R>>()
  return (owner, one, ownRestMs) => {
    const line = lines.get(owner) ?? together<A, R>((asked) => run(owner, asked), rhythm)
    lines.set(owner, line)
    return line(one, ownRestMs)
  }
}
