import type { Bell } from '../../worker/phone/bell.ts'
import { readMeta } from './store.ts'
import type { ClockRow, GateStore } from './store.ts'

/** Two clocks of one phone that differ by less show the same time. */
const TOLERANCE_MS = 5_000
/** A longer leap of the phone's clock, or a longer time away, is not explained by a short sleep (GATE-102). */
export const LEAP_MS = 15 * 60_000
const SAVE_EVERY_MS = 10_000

export type Trust =
  | { trusted: true; by: 'server' | 'hand'; since: number }
  | { trusted: false; why: 'never' | 'back' | 'leap' }

export type GateClock = Awaited<ReturnType<typeof openClock>>

/** `wall` is the phone's clock, which anybody may set; `steady` counts milliseconds since the start and cannot be set. */
export type Clocks = { wall: () => number; steady: () => number }

/**
 * The time that verdicts are made with (case 70). It is the server's, heard at contacts and carried on by the steady count; what the
 * phone's own clock shows is only compared with it. It never runs backwards on this phone's own word: the last trusted time is kept
 * on the disk, and a clock that shows an earlier one after a new start is not believed, nor one that leapt (GATE-101, GATE-102).
 */
export async function openClock({ store, clocks, bell }: { store: GateStore; clocks: Clocks; bell: Bell }) {
  let row: ClockRow = (await readMeta(store, 'clock')) ?? {
    key: 'clock',
    offset: 0,
    contactAt: null,
    last: null,
    by: 'server',
    since: 0,
  }
  /** The trusted time at a moment of the steady count. */
  let anchor: { at: number; steady: number } | null = null
  let doubt: 'never' | 'back' | 'leap' | null = null
  let savedAt = Number.NEGATIVE_INFINITY

  const shown = (): number => clocks.wall() + row.offset

  function lose(why: 'never' | 'back' | 'leap'): void {
    anchor = null
    doubt = why
  }

  function hold(at: number): void {
    anchor = { at, steady: clocks.steady() }
    doubt = null
    row = { ...row, last: at }
  }

  /** After a new start there is only the phone's clock: it is believed when it goes on from where the trusted time was. */
  function begin(): void {
    if (row.contactAt === null && row.last === null) return lose('never')
    const gap = shown() - (row.last ?? 0)
    if (gap < -TOLERANCE_MS) return lose('back')
    if (gap > LEAP_MS) return lose('leap')
    hold(Math.max(shown(), row.last ?? 0))
  }
  begin()

  async function save(): Promise<void> {
    savedAt = clocks.steady()
    await store.meta.put(row)
  }

  function look(): void {
    if (!anchor) return
    const counted = anchor.at + (clocks.steady() - anchor.steady)
    const ahead = shown() - counted
    // The count of some phones stands still while they sleep; a short sleep is made up from the clock, a long leap is not believed.
    if (ahead > LEAP_MS) lose('leap')
    else hold(ahead > TOLERANCE_MS ? shown() : counted)
  }

  return {
    /** Looks at both clocks; call it at every second and at every verdict. */
    observe: async (): Promise<void> => {
      const before = doubt
      look()
      if (doubt !== before) bell.ring()
      if (doubt !== before || clocks.steady() - savedAt >= SAVE_EVERY_MS) await save()
    },
    /** Trusted time in ms; without trust the best guess, which decides nothing. */
    now: (): number => {
      look()
      return anchor ? anchor.at + (clocks.steady() - anchor.steady) : Math.max(shown(), row.last ?? 0)
    },
    trust: (): Trust => {
      look()
      return doubt === null ? { trusted: true, by: row.by, since: row.since } : { trusted: false, why: doubt }
    },
    /** The server said `server` (ms) in an answer to a request that took from `sent` (steady ms) to now. Its word sets the time. */
    contact: async (server: number, sent: number): Promise<void> => {
      const at = server + (clocks.steady() - sent) / 2
      row = { ...row, offset: at - clocks.wall(), contactAt: at, by: 'server', since: at }
      hold(at)
      await save()
      bell.ring()
    },
    /** What the phone shows, for who compares it with another clock (GATE-103); null when that is earlier than the last trusted time. */
    toConfirm: (): number | null => (row.last !== null && shown() < row.last - TOLERANCE_MS ? null : shown()),
    /** @returns false when the time shown would run backwards. */
    confirm: async (): Promise<boolean> => {
      const at = shown()
      if (row.last !== null && at < row.last - TOLERANCE_MS) return false
      row = { ...row, by: 'hand', since: at }
      hold(at)
      await save()
      bell.ring()
      return true
    },
    contactAt: (): number | null => row.contactAt,
    /** The phone's own clock minus the trusted time, when that is worth telling. */
    offBy: (): number => -row.offset,
  }
}
