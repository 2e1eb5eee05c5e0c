import type { Bell } from './bell.ts'
import { isFull, readMeta } from './store.ts'
import type { ContactRow, Store } from './store.ts'
import type { Clock } from './types.ts'

/** SYNC-17: without a contact for so long the register is closed. */
export const AWAY_MS = 72 * 3_600_000
/** A phone whose clock is off by more is told on the screen. */
const WRONG_MS = 24 * 3_600_000
/** Smaller steps back are the clock being kept right. */
const STEP_BACK_MS = 60_000
/** Longer silences of the clock may be a clock put forward. */
const LEAP_MS = 30 * 24 * 3_600_000
const SAVE_EVERY_MS = 60_000
/** No answer is waited for so long. */
const MOST_TOOK_MS = 10 * 60_000
/** Longer than any round of exchanges. */
const ROUND_MS = 3_600_000

/** What the server has said of this phone, as against what its clock shows. */
type Word = Partial<Pick<ContactRow, 'order' | 'mustLogIn' | 'restoredAt'>>

function wordOf({ order, mustLogIn, restoredAt }: ContactRow): Word {
  return { order, mustLogIn, ...(restoredAt === undefined ? {} : { restoredAt }) }
}

export type Time = Awaited<ReturnType<typeof openTime>>

/**
 * The phone's clock may be wrong by years and may be put back. So the server's distance is kept from each contact, and the time
 * away is the sum of what the clock ran forward since: putting it back gains nothing, it only stops the sum for as long as
 * nobody uses the phone (SYNC-17).
 */
export async function openTime({ store, clock, bell }: { store: Store; clock: Clock; bell: Bell }) {
  let row: ContactRow = (await readMeta(store, 'contact')) ?? {
    key: 'contact',
    offset: 0,
    contactAt: null,
    lastSeen: clock.now(),
    awayMs: 0,
    clockRun: 0,
    contactRun: 0,
    order: 'none',
    mustLogIn: false,
  }
  /** The server's word on this phone that is not on the disk yet. */
  let unsaved: Word = {}
  let savedAt = Number.NEGATIVE_INFINITY
  let leapt = false
  let contacts = 0

  /** Of the server's word the newest counts, whichever tab heard it; of the clock each tab keeps its own account. */
  function take(there: ContactRow | undefined): void {
    row = { ...row, ...(there ? wordOf(there) : {}), ...unsaved }
  }

  /**
   * A full disk keeps nobody from working (SYNC-23): it is kept in memory, and written with the next contact that finds room. What
   * another tab heard meanwhile stays: an order that is fulfilled must not come back from the memory of a tab that was asleep.
   */
  async function save(): Promise<void> {
    savedAt = row.awayMs
    try {
      const written = await store.transaction('rw', store.meta, async () => {
        take(await readMeta(store, 'contact'))
        await store.meta.put(row)
        return unsaved
      })
      if (written === unsaved) unsaved = {}
    } catch (error) {
      if (!isFull(error)) throw error
      savedAt = Number.NEGATIVE_INFINITY
    }
  }

  function look(): void {
    const now = clock.now()
    const ran = now - row.lastSeen
    if (ran > LEAP_MS) leapt = true
    row = {
      ...row,
      lastSeen: now,
      awayMs: row.awayMs + Math.max(0, ran),
      clockRun: row.clockRun + (ran < -STEP_BACK_MS ? 1 : 0),
    }
  }

  return {
    row: () => row,
    /** How often the server was heard since the start. */
    contacts: () => contacts,
    /** Looks at the clock; call it at every start, tick and act. */
    observe: async (): Promise<void> => {
      const { clockRun } = row
      look()
      if (row.awayMs - savedAt >= SAVE_EVERY_MS || row.clockRun !== clockRun) await save()
    },
    /** The server answered `server` (ms) to a request that took from `sent` to now. */
    contact: async (server: number, sent: number): Promise<void> => {
      look()
      // Set while the answer was on its way, the clock of then says nothing of now.
      const took = row.lastSeen - sent
      const offset = server - (took >= 0 && took < MOST_TOOK_MS ? sent + took / 2 : row.lastSeen)
      row = { ...row, offset, contactAt: server, awayMs: 0, contactRun: row.clockRun }
      leapt = false
      contacts += 1
      await save()
      bell.ring()
    },
    set: async (patch: Word): Promise<void> => {
      unsaved = { ...unsaved, ...patch }
      row = { ...row, ...patch }
      await save()
      bell.ring()
    },
    /** What another tab heard. */
    reload: async (): Promise<void> => take(await readMeta(store, 'contact')),
    isAway: (): boolean => row.contactAt !== null && row.awayMs > AWAY_MS,
    /** The clock was put back, or perhaps forward, since the server was last heard: its time is asked before work is sent. */
    isDoubtful: (): boolean => leapt || row.clockRun !== row.contactRun || row.contactAt === null,
    now: (): Date => new Date(clock.now() + row.offset),
    /**
     * The server's time after a contact of this round, which a clock that is set meanwhile moves by an hour at most, and only forward:
     * what is forgotten or said to be at the server goes by it.
     */
    steady: (): Date => {
      const now = clock.now() + row.offset
      const at = row.contactAt ?? now
      return new Date(now >= at && now - at <= ROUND_MS ? now : at + ROUND_MS)
    },
    /** Phone minus server in whole minutes when it is too much, else null. */
    wrongBy: (): number | null => (Math.abs(row.offset) > WRONG_MS ? Math.round(-row.offset / 60_000) : null),
  }
}
