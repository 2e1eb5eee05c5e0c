/**
 * Makes one statement of what many requests ask at the same moment: what comes while one is under way goes together with the next.
 * A request that is alone asks at once and alone, so nobody waits for company.
 * @param run answers in the order of what is asked
 */
export function together<A, R>(run: (asked: readonly A[]) => Promise<readonly R[]>, most = 50): (one: A) => Promise<R> {
  type Waiting = { one: A; resolve: (answer: R) => void; reject: (error: unknown) => void }
  const line: Waiting[] = []
  let busy = false
  const next = async (): Promise<void> => {
    busy = true
    while (line.length > 0) {
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
    }
    busy = false
  }
  return (one) =>
    new Promise((resolve, reject) => {
      line.push({ one, resolve, reject })
      if (!busy) void next()
    })
}

/** One such line for each owner: a database, a server. */
export function togetherAt<O extends object, A, R>(
  run: (owner: O, asked: readonly A[]) => Promise<readonly R[]>,
): (owner: O, one: A) => Promise<R> {
  const lines = new WeakMap<O, (one: A) => Promise<R>>()
  return (owner, one) => {
    const line = lines.get(owner) ?? together<A, R>((asked) => run(owner, asked))
    lines.set(owner, line)
    return line(one)
  }
}
