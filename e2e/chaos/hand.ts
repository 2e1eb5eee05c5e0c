import type { Rng } from '@weiwang/domain/exercise/prng'
import { z } from 'zod'
import { CLEARED, createPhone } from '../../web/worker/phone/phone.ts'
import { keyRange, newDisk } from '../../web/worker/phone/testing.ts'
import type { Locks, NetAnswer, NetRequest, Phone } from '../../web/worker/phone/types.ts'
import { diskOf, setFull } from './full.ts'
import { chaoticNet, exchange } from './net.ts'
import type { Faults } from './net.ts'
import type { Place, Worker } from './place.ts'

/** One tab of a browser: an engine that can be cut off in the middle of anything. */
export type Tab = { phone: Phone; dead: boolean; kill: () => void }

/** A browser on a device: one clock, one session at a time, whoever uses it. */
export type Device = {
  name: string
  disk: IDBFactory
  /** Milliseconds by which its clock is wrong. */
  skew: number
  cookie: string | null
  /** Nothing can be written until so many operations have been done. */
  full: boolean
  fullUntil: number
  /** It was full at some time: what could be read again at the server has made room. */
  wasFull: boolean
  /** Lies in a drawer until so many operations have been done. */
  awayUntil: number
  hands: Hand[]
}

/** A worker's register on a device: its disk outlives its tabs. */
export type Hand = {
  name: string
  device: Device
  worker: Worker
  /** One database for each account on the device, as in a browser. */
  dbName: () => string
  pin: string
  /** It has been made a phone and was not cleared since. */
  enrolled: boolean
  tabs: Tab[]
  /** Decides what is done on it; what the net does to it has a stream of its own. */
  rng: Rng
  /** Opens one more tab on the same disk. */
  openTab: () => Promise<Tab>
  /** Ends a tab in order. */
  close: (tab: Tab) => Promise<void>
  /** It was cleared, and another worker gets it. */
  give: (worker: Worker) => void
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
const MiB = 2 ** 20

export function newDevice(name: string): Device {
  return {
    name,
    disk: newDisk(),
    skew: 0,
    cookie: null,
    full: false,
    fullUntil: 0,
    wasFull: false,
    awayUntil: 0,
    hands: [],
  }
}

/** Nothing can be written on it any more, or there is room again. */
export function fill(device: Device, is: boolean): void {
  device.full = is
  device.wasFull ||= is
  for (const hand of device.hands) setFull(hand.dbName(), is)
}

export type HandNeeds = {
  name: string
  device: Device
  worker: Worker
  place: Place
  rng: Rng
  netRng: Rng
  faults: () => Faults
  told: (what: string) => void
  /** What was made on it until now went with the order to clear; it may be a phone again before anybody looks. */
  cleared: () => void
  /** An answer that no request should have. */
  odd: (what: string) => void
}

export function newHand(needs: HandNeeds): Hand {
  const { name, place, device, netRng } = needs
  let holder: Tab | null = null
  const listeners = new Map<Tab, Set<(message: unknown) => void>>()
  const cuts = new Map<Tab, { left: number; got: boolean; now: () => void }>()

  function cut(tab: Tab): void {
    tab.dead = true
    tab.kill()
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
      // A phone that speaks with its own secret does not bring somebody's session along.
      const cookie = request.headers?.['authorization'] === undefined ? device.cookie : null
      const plan = cuts.get(tab)
      if (plan && plan.left-- <= 0) {
        if (plan.got) await exchange(place.deployment.address, cookie, request).catch(() => undefined)
        cut(tab)
        plan.now()
        return never()
      }
      const answer = await exchange(place.deployment.address, cookie, request)
      const results = Results.safeParse(answer.body)
      if (results.success)
        needs.told(
          `${name}: ${results.data.results.map((one) => `${one.key.slice(0, 8)} ${one.outcome} ${one.problem?.code ?? ''}`).join(', ')}`,
        )
      else if (request.path.includes('/photos/'))
        needs.told(
          `${name}: ${request.path.split('?')[0] ?? ''} is ${answer.status} ${JSON.stringify(answer.body).slice(0, 100)}`,
        )
      if (answer.status >= 400) needs.told(`${name}: ${request.method} ${request.path} is answered ${answer.status}`)
      if (answer.status === 500) {
        needs.odd(`${name}: ${request.method} ${request.path} is answered 500`)
        needs.told(`the program said: ${place.deployment.said().slice(-2000)}`)
      }
      return tab.dead ? never() : answer
    }

  async function openTab(): Promise<Tab> {
    const early: ((message: unknown) => void)[] = []
    let made: Tab | null = null
    const own = diskOf(device.disk)
    const self = (): Tab => {
      if (!made) throw new Error('a tab speaks before it is open')
      return made
    }
    const phone = await createPhone({
      net: chaoticNet({
        send: (request) => sendFrom(self())(request),
        rng: netRng,
        faults: needs.faults,
        told: (what) => needs.told(`${name}: ${what}`),
      }),
      clock: {
        now: () => Date.now() + device.skew,
        setTimeout: (run, ms) => setTimeout(run, ms),
        clearTimeout: (timer) => clearTimeout(Number(timer)),
      },
      dbName: hand.dbName(),
      indexedDB: own.disk,
      IDBKeyRange: keyRange,
      crypto: globalThis.crypto,
      log: (what, detail) => {
        if (what === CLEARED) needs.cleared()
        needs.told(`${name}: ${what} ${JSON.stringify(detail ?? {})}`)
      },
      app: 'chaos',
      shrink: async (picture) => picture,
      random: () => netRng.next(),
      pinRounds: 1,
      room: {
        persist: async () => true,
        estimate: async () => ({ usage: device.full ? 1000 * MiB : MiB, quota: 1000 * MiB }),
      },
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
    made = { phone, dead: false, kill: own.kill }
    listeners.set(made, new Set(early))
    await phone.start()
    hand.tabs.push(made)
    return made
  }

  const hand: Hand = {
    name,
    device,
    worker: needs.worker,
    dbName: () => `${device.name}/${hand.worker.id}`,
    pin: '246802',
    enrolled: false,
    tabs: [],
    rng: needs.rng,
    openTab,
    close: async (tab) => {
      await tab.phone.stop()
      cut(tab)
    },
    give: (worker) => {
      for (const tab of hand.tabs) cut(tab)
      hand.worker = worker
      hand.enrolled = false
      setFull(hand.dbName(), device.full)
    },
    killIn: async (tab, exchanges, got, act) => {
      const cutOff = new Promise<void>((resolve) => cuts.set(tab, { left: exchanges, got, now: resolve }))
      await Promise.race([cutOff, act().catch(() => undefined)])
      cuts.delete(tab)
      if (!tab.dead) cut(tab)
    },
  }
  device.hands.push(hand)
  return hand
}
