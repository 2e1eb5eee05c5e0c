import type { Rng } from '@weiwang/domain/exercise/prng'
import { z } from 'zod'
import { createPhone } from '../../web/worker/phone/phone.ts'
import { keyRange, newDisk } from '../../web/worker/phone/testing.ts'
import type { Locks, NetAnswer, NetRequest, Phone } from '../../web/worker/phone/types.ts'
import { chaoticNet, exchange } from './net.ts'
import type { Faults } from './net.ts'
import type { Place, Worker } from './place.ts'

/** One tab of a browser: an engine that can be cut off in the middle of anything. */
export type Tab = { phone: Phone; dead: boolean }

/** A phone in a worker's hand: its disk outlives its tabs, its clock is its own. */
export type Hand = {
  name: string
  worker: Worker
  disk: IDBFactory
  dbName: string
  /** Milliseconds by which its clock is wrong. */
  skew: number
  pin: string
  cookie: string | null
  tabs: Tab[]
  rng: Rng
  /** Opens one more tab on the same disk. */
  openTab: () => Promise<Tab>
  /** Ends a tab in order. */
  close: (tab: Tab) => Promise<void>
  /**
   * Cuts the tab off after so many exchanges more, after the server got the last one or before; resolves when that happened or
   * what was done ended before it.
   */
  killIn: (tab: Tab, exchanges: number, got: boolean, act: () => Promise<unknown>) => Promise<void>
}

/** The server's word on each item, for the trace. */
const Results = z.object({
  results: z
    .array(z.object({ key: z.string(), outcome: z.string(), problem: z.object({ code: z.string() }).optional() }))
    .min(1),
})

const never = (): Promise<never> => new Promise(() => undefined)

export function newHand(needs: {
  name: string
  worker: Worker
  place: Place
  rng: Rng
  faults: () => Faults
  told: (what: string) => void
}): Hand {
  const { name, place, rng } = needs
  let holder: Tab | null = null
  const listeners = new Map<Tab, Set<(message: unknown) => void>>()
  const cuts = new Map<Tab, { left: number; got: boolean; now: () => void }>()

  function cut(tab: Tab): void {
    tab.dead = true
    if (holder === tab) holder = null
    listeners.delete(tab)
    hand.tabs = hand.tabs.filter((one) => one !== tab)
  }

  const locks =
    (tab: Tab): Locks =>
    async (_name, run) => {
      if (holder !== null) return false
      holder = tab
      try {
        await run()
      } finally {
        if (holder === tab) holder = null
      }
      return true
    }

  /** What leaves this tab; once it is cut off nothing comes back to it any more. */
  const sendFrom =
    (tab: Tab) =>
    async (request: NetRequest): Promise<NetAnswer> => {
      if (tab.dead) return never()
      const plan = cuts.get(tab)
      if (plan && plan.left-- <= 0) {
        if (plan.got) await exchange(place.deployment.address, hand.cookie, request).catch(() => undefined)
        cut(tab)
        plan.now()
        return never()
      }
      const answer = await exchange(place.deployment.address, hand.cookie, request)
      const results = Results.safeParse(answer.body)
      if (results.success)
        needs.told(
          `${name}: ${results.data.results.map((one) => `${one.key.slice(0, 8)} ${one.outcome} ${one.problem?.code ?? ''}`).join(', ')}`,
        )
      if (answer.status >= 400) needs.told(`${name}: ${request.method} ${request.path} is answered ${answer.status}`)
      return tab.dead ? never() : answer
    }

  async function openTab(): Promise<Tab> {
    const early: ((message: unknown) => void)[] = []
    let made: Tab | null = null
    const self = (): Tab => {
      if (!made) throw new Error('a tab speaks before it is open')
      return made
    }
    const phone = await createPhone({
      net: chaoticNet({
        send: (request) => sendFrom(self())(request),
        rng,
        faults: needs.faults,
        told: (what) => needs.told(`${name}: ${what}`),
      }),
      clock: {
        now: () => Date.now() + hand.skew,
        setTimeout: (run, ms) => setTimeout(run, ms),
        clearTimeout: (timer) => clearTimeout(Number(timer)),
      },
      dbName: hand.dbName,
      indexedDB: hand.disk,
      IDBKeyRange: keyRange,
      crypto: globalThis.crypto,
      log: (what, detail) => needs.told(`${name}: ${what} ${JSON.stringify(detail ?? {})}`),
      app: 'chaos',
      shrink: async (picture) => picture,
      random: () => rng.next(),
      pinRounds: 100,
      locks: (lock, run) => locks(self())(lock, run),
      channel: {
        post: (message) => {
          for (const [other, set] of listeners)
            if (other !== self()) for (const listener of set) setImmediate(() => listener(message))
        },
        listen: (listener) => {
          early.push(listener)
          return () => made && listeners.get(made)?.delete(listener)
        },
      },
    })
    made = { phone, dead: false }
    listeners.set(made, new Set(early))
    await phone.start()
    hand.tabs.push(made)
    return made
  }

  const hand: Hand = {
    name,
    worker: needs.worker,
    disk: newDisk(),
    dbName: `phone-${needs.worker.id}`,
    skew: 0,
    pin: '246802',
    cookie: null,
    tabs: [],
    rng,
    openTab,
    close: async (tab) => {
      await tab.phone.stop()
      cut(tab)
    },
    killIn: async (tab, exchanges, got, act) => {
      const cutOff = new Promise<void>((resolve) => cuts.set(tab, { left: exchanges, got, now: resolve }))
      await Promise.race([cutOff, act().catch(() => undefined)])
      cuts.delete(tab)
      if (!tab.dead) cut(tab)
    },
  }
  return hand
}
