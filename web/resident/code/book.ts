import type { FreshCodes, MyCode, MyCodes } from '@weiwang/domain/healthcode/code-api'
import { dayOf } from '@weiwang/domain/core/day'
import { forget, forgetAll, keep, recall } from '../keep.ts'
import { ask, hear, Trouble } from '../net.ts'
import { CodeClock } from './clock.ts'
import type { KeptClock } from './clock.ts'
import {
  applied,
  colourOf,
  daysKey,
  entriesFor,
  hasKeys,
  keepDays,
  lacks,
  liveEntry,
  nextAt,
  recallDays,
} from './days.ts'
import type { Days } from './days.ts'

/**
 * The codes of this phone: what is kept is shown at once, and the server is asked when it wants to be asked (CODE-18). A phone that
 * holds a valid code waits a moment before it asks, so that a city that opens its phones at eight does not ask in one second.
 */
/** `prove`: the log-in has shown the number only, and a document is bound to it (REGISTER-4). */
export type Why = 'offline' | 'busy' | 'out' | 'prove' | 'other'
export type Book = {
  phase: 'opening' | 'out' | 'prove' | 'ready'
  codes: MyCodes | null
  days: Readonly<Record<string, Days>>
  /** Why the last asking did not succeed; what is shown is then what was kept. */
  trouble: { why: Why; body: Trouble; retryAt: number } | null
  asking: boolean
}

const SPREAD_MS = 5_000
/** What is wanting is asked for again soon, but not in a ring. */
const SOON_MS = 5_000
const RETRY = { firstMs: 15_000, mostMs: 300_000 }
/** The words of a code are asked anew after so long, also when nothing said that they changed. */
const WORDS_MS = 6 * 3_600_000
/** Whoever waits for a colour, or was registered meanwhile by somebody else, is told soon. */
const WAITING_MS = 60_000
const BAD_KEYS = new Set(['KEY_USED', 'KEY_ELSEWHERE', 'BAD_HOLDER_KEY'])
const CODES = 'codes'
const CLOCK = 'clock'
const LEAVING = 'leaving'

function whyOf(trouble: Trouble): Why {
  if (trouble.status === 0) return 'offline'
  if (trouble.body.code === 'PROOF_NEEDED') return 'prove'
  if (trouble.status === 401) return 'out'
  return trouble.status === 503 || (trouble.status === 429 && trouble.retryAfterS !== null) ? 'busy' : 'other'
}

export class CodeBook {
  #book: Book = { phase: 'opening', codes: null, days: {}, trouble: null, asking: false }
  clock = new CodeClock(null)
  readonly #listeners = new Set<() => void>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #failed = 0
  /** Logged out here and not yet at the server: until it has heard of it, nothing is asked in the old log-in. */
  #leaving = false

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly read = (): Book => this.#book

  #set(part: Partial<Book>): void {
    this.#book = { ...this.#book, ...part }
    for (const listener of this.#listeners) listener()
  }

  get today(): string {
    return dayOf(new Date(this.clock.now()), this.#book.codes?.zone ?? 'Asia/Shanghai')
  }

  /** From the phone first; then, when it is time, from the server. */
  async open(): Promise<void> {
    const [clock, codes] = await Promise.all([recall<KeptClock>(CLOCK), recall<MyCodes>(CODES)])
    this.clock = new CodeClock(clock)
    this.#leaving = (await recall<boolean>(LEAVING)) === true
    if (codes !== null) {
      const kept = await Promise.all(
        codes.items.map(async ({ personId }) => [personId, await recallDays(personId)] as const),
      )
      const days = Object.fromEntries(kept.flatMap(([id, one]) => (one === null ? [] : [[id, one]])))
      this.#set({ codes, days, phase: 'ready' })
    }
    addEventListener('online', () => this.#wake(SPREAD_MS))
    document.addEventListener('visibilitychange', () => this.#wake(SPREAD_MS))
    if (codes === null) await this.refresh(true)
    else this.#plan()
  }

  /** The page came back, or the network did. */
  #wake(withinMs: number): void {
    if (document.visibilityState !== 'visible') return
    if (this.#dueAt() <= this.clock.now()) this.#after(Math.random() * withinMs)
    else if (this.#book.trouble?.why === 'offline' && navigator.onLine) this.#after(Math.random() * withinMs)
  }

  #dueAt(): number {
    const { codes, days, trouble } = this.#book
    if (trouble !== null) return trouble.retryAt
    if (codes === null) return 0
    const due = codes.items
      .filter((one) => colourOf(one.state) !== null)
      .map(({ personId, n }) => {
        const mine = days[personId]
        if (mine === undefined) return 0
        const wanting = lacks(mine) || n !== mine.n || mine.entries[0]?.day !== this.today
        return wanting ? mine.heard + SOON_MS : nextAt(mine)
      })
    return Math.min(this.#wordsDueAt(codes), ...due)
  }

  #wordsDueAt({ asOf, items }: MyCodes): number {
    const waits = items.length === 0 || items.some((one) => colourOf(one.state) === null)
    return Date.parse(asOf) + (waits ? WAITING_MS : WORDS_MS)
  }

  #plan(): void {
    if (this.#book.trouble?.why === 'out' || this.#book.trouble?.why === 'prove') return
    const shows = this.#book.codes?.items.some(({ personId }) =>
      liveEntry(this.#book.days[personId] ?? null, this.clock.now()),
    )
    const spread = shows === true ? Math.random() * SPREAD_MS : 0
    this.#after(Math.max(0, this.#dueAt() - this.clock.now()) + spread)
  }

  #after(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(
      () => {
        if (document.visibilityState === 'visible') void this.refresh(false)
      },
      // Longer waits overflow a browser's timer.
      Math.min(ms, 2 ** 31 - 1),
    )
  }

  /** @param all the holder asks: whatever the server would like to be asked again */
  async refresh(all: boolean): Promise<void> {
    if (this.#book.asking) return
    clearTimeout(this.#timer)
    this.#set({ asking: true })
    try {
      if (this.#leaving) await this.#leave()
      const { codes } = this.#book
      if (all || codes === null || this.#wordsDueAt(codes) < this.clock.now()) await this.#words()
      const trouble = await this.#freshenAll(all)
      if (trouble !== null) throw trouble
      this.#failed = 0
      this.#set({ trouble: null, phase: 'ready' })
    } catch (error) {
      if (!(error instanceof Trouble)) throw error
      this.#fail(error)
    } finally {
      this.#set({ asking: false })
      this.#plan()
    }
  }

  #fail(body: Trouble): void {
    const why = whyOf(body)
    this.#failed++
    const wait =
      body.retryAfterS === null
        ? Math.min(RETRY.mostMs, RETRY.firstMs * 2 ** (this.#failed - 1))
        : body.retryAfterS * 1000
    // Not all at the same second again.
    const retryAt = this.clock.now() + wait * (1 + Math.random() / 2)
    this.#set({
      trouble: { why, body, retryAt },
      phase: this.#book.codes !== null ? 'ready' : why === 'out' || why === 'prove' ? why : this.#book.phase,
    })
  }

  /** What stands behind the colours, and of whom. */
  async #words(): Promise<void> {
    const { answer, real } = await hear<MyCodes>('GET', '/api/my/codes')
    if (answer === null) return
    this.#heard(Date.parse(answer.asOf), real)
    const theirs = new Set(answer.items.map(({ personId }) => personId))
    const gone = Object.keys(this.#book.days).filter((id) => !theirs.has(id))
    // Somebody else's log-in, or a ward no longer mine: their keys go.
    await Promise.all(gone.map((id) => forget(daysKey(id))))
    const days = Object.fromEntries(Object.entries(this.#book.days).filter(([id]) => theirs.has(id)))
    this.#set({ codes: answer, days, phase: 'ready' })
    await keep(CODES, answer)
  }

  #heard(server: number | null, real: number | null): void {
    this.clock.heard(server, real)
    void keep(CLOCK, this.clock.toKeep())
  }

  /** Written down now and then, so that time does not run back over a closed page. */
  remember(): void {
    this.clock.now()
    void keep(CLOCK, this.clock.toKeep())
  }

  /** What one code is refused for does not hold up the others; without a network or at the peak nobody else is asked for. */
  async #freshenAll(all: boolean): Promise<Trouble | null> {
    let first: Trouble | null = null
    for (const one of this.#book.codes?.items ?? []) {
      if (colourOf(one.state) === null) continue
      try {
        await this.#freshen(one, all)
      } catch (error) {
        if (!(error instanceof Trouble) || whyOf(error) !== 'other') throw error
        first ??= error
      }
    }
    return first
  }

  async #freshen({ personId, n }: MyCode, all: boolean): Promise<void> {
    if (!hasKeys()) return
    const { today } = this
    const before = this.#book.days[personId] ?? null
    if (before === null) return this.#fetchDays(personId, null, await entriesFor(today, []))
    const rolled = before.entries[0]?.day !== today
    const due = all || rolled || lacks(before) || n !== before.n || nextAt(before) <= this.clock.now()
    if (!due) return
    const entries = rolled ? await entriesFor(today, before.entries) : before.entries
    // Asked first, also for a new day: what another phone has fetched meanwhile is not taken from it.
    const { answer, etag, real, nextS } = await hear<FreshCodes>('GET', `/api/my/codes/${personId}/fresh`, {
      // The words know of a change already: a quick "the same as before" would be older than they are.
      etag: n === before.n ? before.etag : null,
    })
    this.#heard(answer === null ? null : Date.parse(answer.asOf), real)
    const now = this.clock.now()
    const after =
      answer === null
        ? { ...before, entries, heard: now, nextS: nextS ?? before.nextS }
        : applied(before, entries, answer, { etag, now })
    await this.#put(personId, after)
    if (after.n > n) await this.#words()
    if (lacks(after)) await this.#fetchDays(personId, after, after.entries)
  }

  async #fetchDays(personId: string, before: Days | null, entries: Days['entries'], again = false): Promise<void> {
    const days = entries.map(({ day, holder }) => ({ day, publicKey: holder }))
    const heard = await hear<FreshCodes>('POST', `/api/my/codes/${personId}/days`, { body: { days } }).catch(
      (error: unknown) => {
        if (again || !(error instanceof Trouble) || !BAD_KEYS.has(error.body.code)) throw error
        return null
      },
    )
    // A key that the server will not have is made anew, once.
    if (heard === null) return this.#fetchDays(personId, null, await entriesFor(this.today, []), true)
    const { answer, etag, real } = heard
    if (answer === null) return
    this.#heard(Date.parse(answer.asOf), real)
    const after = applied(before, entries, answer, { etag, now: this.clock.now() })
    await this.#put(personId, after)
    const known = this.#book.codes?.items.find((one) => one.personId === personId)
    if (known !== undefined && known.n < after.n) await this.#words()
  }

  /** The holder wants it on this phone: it is taken from the other one. */
  async takeHere(personId: string): Promise<void> {
    await this.#fetchDays(personId, null, await entriesFor(this.today, this.#book.days[personId]?.entries ?? []))
  }

  async #put(personId: string, days: Days): Promise<void> {
    this.#set({ days: { ...this.#book.days, [personId]: days } })
    await keepDays(personId, days)
  }

  /** Keys, credentials and drafts of this phone are gone before the server hears of it; without a network it hears of it later. */
  async logOut(): Promise<void> {
    clearTimeout(this.#timer)
    await forgetAll()
    await keep(LEAVING, true)
    this.#leaving = true
    this.#set({ codes: null, days: {}, trouble: null, asking: true })
    try {
      await this.#leave()
    } catch (error) {
      if (!(error instanceof Trouble)) throw error
    } finally {
      this.#set({ phase: 'out', asking: false })
    }
  }

  async #leave(): Promise<void> {
    await ask('POST', '/api/logout').catch((error: unknown) => {
      // Out already: ended at another place, or by its time.
      if (!(error instanceof Trouble) || error.status !== 401) throw error
    })
    await this.entered()
  }

  /** A log-in takes the place of the one that was left. */
  async entered(): Promise<void> {
    this.#leaving = false
    await forget(LEAVING)
  }
}

export const book = new CodeBook()
