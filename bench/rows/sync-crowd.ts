import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { agent, NOTHING, pull } from './sync-phone.ts'
import type { Cursor, Worker } from './sync-phone.ts'

/** A crowd of phones that all ask for their first sync at once, in a process of its own; told what to do by its parent. */
const Task = z.object({
  address: z.string(),
  phones: z.array(z.object({ cookie: z.string(), device: z.string() })),
  ms: z.number(),
})

/** A page, or after how many seconds to come again: told in an answer, or at the door. */
async function askTurn(at: string, worker: Pick<Worker, 'cookie'>, device: string, from: Cursor) {
  try {
    const page = await pull(at, worker, device, from)
    return page.comeBack === null ? page : { seconds: page.comeBack }
  } catch (error) {
    const seconds = error instanceof Error ? /"seconds":(\d+)/.exec(error.message)?.[1] : undefined
    // A kept connection that the server closes in the moment of the request: a phone comes again.
    if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET') return { seconds: 3 }
    if (seconds !== undefined) return { seconds: Number(seconds) }
    // The server had no database for it: a phone comes again, and the row says how often.
    if (error instanceof Error && error.message.includes('"UNAVAILABLE"')) return { seconds: 3, away: true }
    throw error
  }
}

/** Each phone asks, comes back when it is told to, and begins again only after all is there. */
async function crowd({ address, phones, ms }: z.infer<typeof Task>) {
  const end = performance.now() + ms
  const count = { level: 0, asked: 0, told: 0, away: 0 }
  await Promise.all(
    phones.map(async ({ cookie, device }) => {
      let cursor = NOTHING
      while (performance.now() < end) {
        count.asked += 1
        const page = await askTurn(address, { cookie }, device, cursor)
        if ('seconds' in page) {
          count.told += 1
          if ('away' in page) count.away += 1
          await sleep(Math.min(page.seconds * 1000, Math.max(0, end - performance.now())))
          continue
        }
        cursor = page.next
        if (page.more) continue
        count.level += 1
        return
      }
    }),
  )
  return count
}

process.once('message', (message) => {
  void crowd(Task.parse(message)).then((count) => {
    process.send?.(count)
    agent.destroy()
    process.disconnect()
  })
})
// A parent that was ended, as a group is that does not keep to its time, takes the crowd with it.
process.once('disconnect', () => process.exit())
process.send?.('ready')
