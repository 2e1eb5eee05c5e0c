import { FiledPassages, MyGates } from '@weiwang/domain/checkpoints/api'
import { Deployment } from '@weiwang/domain/core/api'
import { newQueue } from '../../worker/phone/bell.ts'
import type { Bell } from '../../worker/phone/bell.ts'
import type { GateClock } from './clock.ts'
import type { KeptLists } from './kept.ts'
import type { GateLists } from './lists.ts'
import type { PassageQueue } from './queue.ts'
import type { GateOptions } from './gate.ts'
import type { Net, NetAnswer, Referred, Session } from './types.ts'

const TICK_MS = 1_000
const EVERY_MS = 60_000
const MINE_EVERY_MS = 5 * 60_000
const SOON_MS = 3_000
const FIRST_WAIT_MS = 10_000
const MOST_WAIT_MS = 5 * 60_000
const BATCH = 100
/** In one turn; the rest goes in the next, so that lists never wait behind a day's queue. */
const BATCHES = 20

/**
 * Talks to the server when it is there: whose gate this is, the time, the lists, and what was decided. Nothing at the gate waits for
 * any of it. A server that is not reached is asked again after a while that grows and is spread, so that a city's gates do not come
 * back all at once.
 */
export function newSync(needs: {
  net: Net
  clocks: GateOptions['clocks']
  timers: GateOptions['timers']
  random: () => number
  locks: GateOptions['locks']
  bell: Bell
  clock: GateClock
  lists: GateLists
  kept: KeptLists
  /** The gate at which one stands. */
  gateId: () => string | null
  queue: PassageQueue
  setMine: (mine: MyGates) => Promise<void>
  hasMine: () => boolean
  setSession: (session: Session) => void
  onReferred: (one: Referred) => void
}) {
  const { net, clocks, timers, bell, clock, lists, kept, queue } = needs
  let reached: boolean | null = null
  let busy = false
  let failures = 0
  let dueAt = 0
  let mineAt = Number.NEGATIVE_INFINITY
  let ticking: unknown = null
  let stopped = false
  let told = 0

  /** What ends a turn early. */
  class NotReached extends Error {}

  async function ask(request: Parameters<Net>[0]): Promise<NetAnswer> {
    const answer = await net(request).catch(() => null)
    if (!answer || answer.status >= 500) throw new NotReached()
    reached = true
    if (answer.status === 401) needs.setSession('out')
    return answer
  }

  async function hearTime(): Promise<void> {
    const sent = clocks.steady()
    const answer = await ask({ method: 'GET', path: '/api/deployment' })
    const parsed = Deployment.safeParse(answer.body)
    if (answer.status === 200 && parsed.success) await clock.contact(new Date(parsed.data.now).getTime(), sent)
  }

  async function hearMine(): Promise<boolean> {
    if (clocks.steady() - mineAt < MINE_EVERY_MS) return true
    const answer = await ask({ method: 'GET', path: '/api/gate/me' })
    const parsed = MyGates.safeParse(answer.body)
    if (answer.status !== 200 || !parsed.success) return false
    mineAt = clocks.steady()
    needs.setSession('in')
    await needs.setMine(parsed.data)
    return true
  }

  /** @returns whether more may be waiting. */
  async function sendBatch(n: number): Promise<boolean> {
    const items = await queue.due(BATCH)
    if (items.length === 0) return false
    const ids = items.map((item) => item.id)
    const answer = await ask({ method: 'POST', path: '/api/passages', body: { items } }).catch(
      async (error: unknown) => {
        await queue.unanswered(ids)
        throw error
      },
    )
    const parsed = FiledPassages.safeParse(answer.body)
    if (answer.status !== 200 || !parsed.success) {
      await queue.unanswered(ids)
      return false
    }
    await queue.settle(parsed.data.results)
    const named = new Set(parsed.data.results.map((one) => one.id))
    await queue.unanswered(ids.filter((id) => !named.has(id)))
    for (const { id, task } of parsed.data.results) if (task) needs.onReferred({ id, ...task })
    return items.length === BATCH && n < BATCHES
  }

  async function turn(): Promise<void> {
    await hearTime()
    if (!(await hearMine())) return
    await lists.sync(ask, { steady: clocks.steady, now: clock.now })
    for (let n = 1; await sendBatch(n); n++);
    // Behind what was decided here, so that who has come is not expected any more.
    await kept.sync(ask, { gateId: needs.gateId(), steady: clocks.steady })
  }

  async function once(): Promise<void> {
    busy = true
    bell.ring()
    try {
      await turn()
      failures = 0
      dueAt = clocks.steady() + EVERY_MS * (0.85 + needs.random() * 0.3)
    } catch (error) {
      if (!(error instanceof NotReached)) throw error
      reached = false
      failures += 1
      const wait = Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 8))
      dueAt = clocks.steady() + wait * (0.75 + needs.random() / 2)
    } finally {
      busy = false
      bell.ring()
    }
  }

  const inTurn = newQueue()
  /** One turn of this page behind the other; another page that is at it does the work of both. */
  function start(want?: () => void): Promise<unknown> {
    return inTurn(() => {
      want?.()
      return needs.locks('weiwang.gate.sync', once)
    })
  }

  async function tick(): Promise<void> {
    await clock.observe()
    // The age of the list is on the screen.
    if (clocks.steady() - told >= 10_000) {
      told = clocks.steady()
      bell.ring()
    }
    if (clocks.steady() >= dueAt) {
      dueAt = clocks.steady() + EVERY_MS
      await start()
    }
  }

  function next(): void {
    if (stopped) return
    ticking = timers.set(() => void tick().finally(next), TICK_MS)
  }

  return {
    reached: () => reached,
    busy: () => busy,
    run: (): void => {
      stopped = false
      void tick().finally(next)
    },
    stop: (): void => {
      stopped = true
      timers.clear(ticking)
    },
    /** Something was decided: it goes up in a moment, with what comes meanwhile. */
    soon: (): void => {
      if (failures === 0) dueAt = Math.min(dueAt, clocks.steady() + SOON_MS)
    },
    /** The network came back, or the page was opened again. */
    nudge: (): void => {
      failures = 0
      dueAt = 0
      mineAt = Number.NEGATIVE_INFINITY
    },
    /** The device says that there is no network. */
    lost: (): void => {
      reached = false
      bell.ring()
    },
    /** Somebody pressed the button: a turn of its own, behind one that is under way. */
    now: async (): Promise<void> => {
      await start(() => {
        mineAt = Number.NEGATIVE_INFINITY
        lists.wantAll()
        kept.wantAll()
      })
    },
  }
}
