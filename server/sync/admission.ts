/**
 * SYNC-11: first syncs are served a few at a time, so that a thousand phones at eight in the morning do not keep those waiting
 * who file a visit (case 5). A phone that was let in keeps its place from page to page; the others are told when to come back,
 * spread by chance, so that they do not all come back at once.
 */
/** A phone of somebody who has logged in; an account has one place at a time, whatever it says of its devices. */
export type Caller = { account: string; device: string }

export type Admission = {
  admit: (who: Caller, now: number) => { in: true } | { in: false; seconds: number }
  /** After how many seconds to come again when there is no place; null when there is one. Takes none. */
  wait: (who: Caller, now: number) => number | null
  /** Whether this phone has a place. */
  holds: (who: Caller) => boolean
  /** Whether no place is free. */
  full: (now: number) => boolean
  /** The place is another's at once; `level`: since the phone has everything, which says how long one takes. */
  leave: (who: Caller, level?: { now: number }) => void
  /** How many seconds pass, of late, from one phone that has everything to the next. */
  eachSeconds: () => number
}

const LEASE_MS = 15_000
const SHORTEST_S = 3
const LONGEST_S = 300
/** How long one first sync takes from its first page to its last, until some have been seen. */
const ONE_TAKES_S = 2
const WEIGHT = 0.2

export function admission(places: number, random: () => number): Admission {
  const leases = new Map<string, { device: string; since: number; until: number }>()
  const refusedAt = new Map<string, number>()
  let takes = ONE_TAKES_S
  const forget = (now: number): void => {
    for (const [account, { until }] of leases) if (until < now) leases.delete(account)
  }
  const each = (): number => takes / places
  const holds = ({ account, device }: Caller): boolean => leases.get(account)?.device === device
  const wait = (who: Caller, now: number): number | null => {
    const { account } = who
    forget(now)
    if (holds(who) || (leases.size < places && !leases.has(account))) return null
    for (const [other, at] of refusedAt) {
      if (at >= now - LONGEST_S * 1000) break
      refusedAt.delete(other)
    }
    // By the last word of each, the oldest first.
    refusedAt.delete(account)
    refusedAt.set(account, now)
    // Everybody who waits is served once in this time; each comes back at a moment of it.
    const span = Math.min(LONGEST_S, refusedAt.size * each())
    return Math.ceil(SHORTEST_S + random() * span)
  }
  return {
    eachSeconds: each,
    wait,
    holds,
    full(now) {
      forget(now)
      return leases.size >= places
    },
    leave(who, level) {
      const lease = leases.get(who.account)
      if (lease?.device !== who.device) return
      if (level) takes += WEIGHT * ((level.now - lease.since) / 1000 - takes)
      leases.delete(who.account)
    },
    admit(who, now) {
      const seconds = wait(who, now)
      if (seconds !== null) return { in: false, seconds }
      const { account, device } = who
      leases.set(account, { device, since: leases.get(account)?.since ?? now, until: now + LEASE_MS })
      refusedAt.delete(account)
      return { in: true }
    },
  }
}

/**
 * Of requests that take long, a few are worked on at a time and some wait in line; what comes beyond is answered at once that it
 * must come again. So those who file find the server free however many ask (case 5).
 */
/** `leave` after a rest of so many milliseconds when others wait, so that what is short finds a gap between what is long. */
export type Turns = { enter: () => Promise<boolean>; leave: (restMs?: number) => void }

export function turns(places: number, most: number): Turns {
  let busy = 0
  const line: (() => void)[] = []
  return {
    enter: async () => {
      if (busy < places) {
        busy += 1
        return true
      }
      if (line.length >= most) return false
      await new Promise<void>((resolve) => line.push(resolve))
      return true
    },
    leave: (restMs = 0) => {
      const pass = (): void => {
        const next = line.shift()
        if (next) next()
        else busy -= 1
      }
      if (line.length > 0 && restMs > 0) setTimeout(pass, restMs)
      else pass()
    },
  }
}

/**
 * Counts what is under way; beyond `most` it answers after how many seconds to come again, longer the more were turned away of late.
 * Strangers, of whom nothing is known yet, have a part of the places, and a crowd of them lengthens nobody's wait but theirs.
 */
export type Door = {
  enter: (now: number, stranger?: boolean) => { in: true } | { in: false; seconds: number }
  leave: (stranger?: boolean) => void
  /** Nobody, or no stranger, can enter at this moment. */
  full: (stranger?: boolean) => boolean
}

const LATELY_MS = 60_000
/** More than so many who were turned away do not lengthen a wait any further. */
const MOST_COUNTED = 10_000

/** How many were turned away in the last minute. */
function turnedAway(): (now: number) => number {
  // Times, oldest first; those before `from` are long ago.
  let away: number[] = []
  let from = 0
  return (now) => {
    away.push(now)
    while ((away[from] ?? now) <= now - LATELY_MS || away.length - from > MOST_COUNTED) from += 1
    if (from > 1000) [away, from] = [away.slice(from), 0]
    return away.length - from
  }
}

/** @param eachSeconds how soon one of those who wait is served after another */
export function door(
  most: number,
  random: () => number,
  eachSeconds = () => ONE_TAKES_S / 8,
  mostStrangers = most,
): Door {
  let [inside, strangers] = [0, 0]
  const counts = { known: turnedAway(), strangers: turnedAway() }
  const full = (stranger = false): boolean => inside >= most || (stranger && strangers >= mostStrangers)
  return {
    full,
    enter(now, stranger = false) {
      if (!full(stranger)) {
        inside += 1
        if (stranger) strangers += 1
        return { in: true }
      }
      const span = Math.min(LONGEST_S, counts[stranger ? 'strangers' : 'known'](now) * eachSeconds())
      return { in: false, seconds: Math.ceil(SHORTEST_S + random() * span) }
    },
    leave(stranger = false) {
      inside -= 1
      if (stranger) strangers -= 1
    },
  }
}

/**
 * What comes to the door in one moment is looked at a little at a time: in each window of some milliseconds one goes to the door, the
 * rest is for others. Who comes while nobody waits and there is time left is looked at at once.
 */
export type Threshold = { next: (look: () => void) => void }

const WINDOW_MS = 5
const LOOKED_MS = 1
/** Beyond so many the door is not kept from anything: they would only wait. */
const MOST_BEFORE_DOOR = 5_000

/** @param busy whether there are others whom looking would keep waiting */
export function threshold(busy: (now: number) => boolean): Threshold {
  const before: (() => void)[] = []
  let [began, used, waits] = [-Infinity, 0, false]
  const look = (one: () => void): void => {
    const at = performance.now()
    one()
    used += performance.now() - at
  }
  const drain = (): void => {
    waits = false
    ;[began, used] = [performance.now(), 0]
    for (const [i, one] of before.entries()) {
      if (used >= LOOKED_MS && busy(began)) {
        before.splice(0, i)
        wait()
        return
      }
      look(one)
    }
    before.length = 0
  }
  const wait = (): void => {
    if (waits) return
    waits = true
    setTimeout(drain, WINDOW_MS)
  }
  return {
    next(one) {
      const now = performance.now()
      if (now - began >= WINDOW_MS) [began, used] = [now, 0]
      if ((before.length === 0 && (used < LOOKED_MS || !busy(now))) || before.length >= MOST_BEFORE_DOOR) look(one)
      else {
        before.push(one)
        wait()
      }
    },
  }
}
