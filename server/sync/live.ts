import type { ServerResponse } from 'node:http'
import type { Actor } from '@weiwang/domain/access/actor'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Server } from '../core/server.ts'
import { coveredBy } from './mine.ts'
import { clocksOf } from './store-feed.ts'

/**
 * Live updates while a page is open, by server-sent events. One look at the clocks of all grids that somebody listens to
 * serves every listener of this process; nothing is kept in the database for them, and a listener that is cut off loses
 * nothing, since the pull knows where it stands. An event says that there is something, never what (nothing personal travels
 * here).
 */
const LOOK_MS = 2_000
const PING_MS = 20_000
/** Duties change and sessions end: a stream is made anew, and asked for its rights again, after so long. */
const LIFE_MS = 600_000
const MOST_LISTENERS = 5_000
/** Tabs and phones of one account. */
const MOST_EACH = 8
/** Clocks are looked up so many at a time. */
const LOOK_CHUNK = 2_000

type Listener = { account: string; grids: readonly AreaCode[]; out: ServerResponse }

function event(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}

export class Live {
  readonly #server: Server
  readonly #listeners = new Set<Listener>()
  readonly #seen = new Map<AreaCode, number>()
  #timer: NodeJS.Timeout | null = null
  #looking = false

  constructor(server: Server) {
    this.#server = server
  }

  get listening(): number {
    return this.#listeners.size
  }

  #isFull(account: string): boolean {
    if (this.#listeners.size >= MOST_LISTENERS) return true
    let mine = 0
    for (const listener of this.#listeners) if (listener.account === account) mine += 1
    return mine >= MOST_EACH
  }

  /** @returns false when this process, or this account, has as many listeners as can be served; the phone goes on asking by its timer. */
  async listen(actor: Actor, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    if (this.#isFull(actor.id)) return false
    const clocks = await this.#server.read(
      actor,
      'sync.live',
      null,
      async (ctx) => {
        const grids = (await coveredBy(ctx)).map(({ grid }) => grid)
        const known = await clocksOf(ctx.db, grids)
        return grids.map((grid) => ({ grid, n: known.get(grid)?.n ?? 0 }))
      },
      'all',
    )
    if (this.#isFull(actor.id)) return false
    reply.hijack()
    const out = reply.raw
    // Whoever has gone meanwhile has closed already, and would never be heard to leave.
    if (out.destroyed) return true
    // From here on every change is told: what the phone has read before the stream stands may be older than the first look.
    for (const { grid, n } of clocks) if (!this.#seen.has(grid)) this.#seen.set(grid, n)
    out.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    })
    out.write(event('hello', { now: this.#server.clock.now().toISOString() }))
    const listener = { account: actor.id, grids: clocks.map(({ grid }) => grid), out }
    this.#listeners.add(listener)
    const ping = setInterval(() => out.write(': ping\n\n'), PING_MS)
    const leave = (): void => {
      clearInterval(ping)
      clearTimeout(life)
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.close()
    }
    const life = setTimeout(() => {
      out.end()
      leave()
    }, LIFE_MS)
    request.raw.on('close', leave)
    out.on('close', leave)
    this.#timer ??= setInterval(() => void this.#look(), LOOK_MS)
    this.#timer.unref()
    return true
  }

  async #look(): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    try {
      const grids = [...new Set([...this.#listeners].flatMap((listener) => listener.grids))]
      for (let i = 0; i < grids.length; i += LOOK_CHUNK) {
        const clocks = await clocksOf(this.#server.jobsPool.db, grids.slice(i, i + LOOK_CHUNK))
        for (const clock of clocks.values()) this.#tell(clock)
      }
      // Of now: whoever came while the clocks were read is heard from the beginning.
      const listened = new Set([...this.#listeners].flatMap((listener) => listener.grids))
      for (const grid of this.#seen.keys()) if (!listened.has(grid)) this.#seen.delete(grid)
    } catch (error) {
      this.#server.log.warn({ err: error }, 'the clocks could not be read for those who listen')
    } finally {
      this.#looking = false
    }
  }

  #tell({ grid, n, epoch }: { grid: AreaCode; n: number; epoch: number }): void {
    const before = this.#seen.get(grid)
    this.#seen.set(grid, n)
    if (before === undefined || before === n) return
    for (const listener of this.#listeners)
      if (listener.grids.includes(grid)) listener.out.write(event('grid', { grid, n, epoch }))
  }

  /** Ends every stream; called when the program stops. */
  close(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
    for (const { out } of this.#listeners) out.end()
  }
}
