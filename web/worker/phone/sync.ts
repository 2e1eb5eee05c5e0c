import { FeedItemOut, GridState, MAX_PUSH, PROTOCOL, PushResult } from '@weiwang/domain/sync/api'
import { z } from 'zod'
import type { Bell } from './bell.ts'
import { isRecord } from './codec.ts'
import type { Drafts } from './drafts.ts'
import { Trouble } from './exchange.ts'
import type { Answer, Auth, Exchange } from './exchange.ts'
import type { Feed } from './feed.ts'
import type { Outbox } from './outbox.ts'
import type { HeardLists } from './heard.ts'
import type { OwnMatters } from './own.ts'
import type { Photographs } from './photos.ts'
import { isFull } from './store.ts'
import type { Time } from './time.ts'
import type { Clock, Locks, Log, Room, SyncLine } from './types.ts'
import type { Vault } from './vault.ts'
import type { Due } from './works.ts'

const MOST_BYTES = 1_000_000
const MOST_DRAFTS = 10
const MOST_LINES = 50
/** Room that downloads leave for reports and pictures. */
const SPARE_BYTES = 20_000_000
const SPARE_PART = 0.9
const FULL_AGAIN_MS = 600_000
const ASK_EVERY_MS = 600_000
const MOST_ASKED = 50

const PulledPage = z.looseObject({
  grids: z.array(GridState),
  gone: z.array(z.string()).default([]),
  items: z.array(z.unknown()).default([]),
  more: z.boolean().default(false),
  comeBack: z.number().nullable().default(null),
})
const Results = z.looseObject({ results: z.array(z.unknown()) })
const Handovers = z.object({
  items: z.array(
    z.object({
      key: z.string(),
      state: z.string(),
      note: z.string().nullable().default(null),
      helper: z.object({ name: z.string(), phone: z.string() }).nullable().default(null),
      decidedAt: z.string().nullable().default(null),
    }),
  ),
})
export const DraftsKept = z.object({
  items: z.array(
    z.object({ form: z.string(), version: z.string(), subject: z.string(), savedAt: z.string(), content: z.unknown() }),
  ),
})

export type SyncNeeds = {
  exchange: Exchange
  outbox: Outbox
  drafts: Drafts
  own: OwnMatters
  heard: HeardLists
  photos: Photographs
  feed: Feed
  vault: Vault
  time: Time
  bell: Bell
  clock: Clock
  log: Log
  locks: Locks
  lockName: string
  room: Room | null
  session: { isOn: () => boolean; end: () => void }
  /** The server's order, after work was handed over to it. */
  obey: (order: Answer['order']) => Promise<void>
  tellTabs: () => void
  /** Another tab may have made new keys: nothing more is sealed under the old one. */
  keysOfOthers: () => Promise<void>
  /** A new secret for this phone, by the session. */
  registerAgain: () => Promise<void>
  /** After an order to clear, when nothing is left to hand in. */
  finishClearing: () => Promise<void>
  /** Once after a log-in, when what lay here has gone up. */
  fetchDrafts: () => Promise<void>
}

export type Sync = ReturnType<typeof newSync>

/**
 * One round: what was done here goes up first, then the page of what is urgent, then the feed by number, then pictures. Every
 * step is kept before the next is asked for, so a round may end anywhere and the next goes on from there.
 */
export function newSync(needs: SyncNeeds) {
  const { exchange, outbox, drafts, feed, vault, time, clock } = needs
  let running: Promise<SyncLine> | null = null
  let again = false
  let lines: readonly SyncLine[] = []
  let comeBackAt = 0
  let fullUntil = 0
  let tooOld = false
  /** The session was heard in this round and is welcome. */
  let isWelcome = false
  let askedAt = Number.NEGATIVE_INFINITY

  async function hear(answer: Answer, auth: Auth): Promise<void> {
    tooOld = answer.protocol !== undefined && PROTOCOL < answer.protocol.min
    // The session is the newer word: under the secret the server may still have the session before it.
    if (answer.order !== 'none' && !(isWelcome && auth === 'phone' && answer.order === 'lock'))
      await needs.obey(answer.order)
    const { restoredAt } = answer
    if (restoredAt === undefined || restoredAt === time.row().restoredAt) return
    // Never restored, as far as it is heard for the first time: from now on it is known which server a request was meant for.
    if (restoredAt === null && time.row().restoredAt === undefined) return time.set({ restoredAt })
    // The server lost what came after its backup. Noted last: killed in between, it is offered twice, which makes nothing new.
    await needs.photos.offerAgain()
    if ((await outbox.offerAgain()) > 0) again = true
    if (auth === 'session') await secretAnew()
    await time.set({ restoredAt })
  }

  /**
   * Heard by the session, a server that was restored may know another secret of this phone, or none: without a new one nothing would
   * be heard of it any more once its account is closed (SYNC-14, case 37). Where there is none for it, work goes on by the session.
   */
  async function secretAnew(): Promise<void> {
    try {
      await withSession('session', needs.registerAgain)
    } catch (error) {
      if (!(error instanceof Trouble) || error.why !== 'content') throw error
    }
  }

  /** An empty push: who is there, what the server's time is, and what it has to say to this phone. */
  async function ask(auth: Auth): Promise<Answer['order']> {
    const path = auth === 'session' ? '/api/sync/push' : '/api/sync/sealed'
    const answer = await withSession(auth, () => exchange.post(path, { items: [] }, auth))
    await hear(answer, auth)
    return answer.order
  }

  /** Null where the session is refused. */
  async function askBySession(): Promise<Answer['order'] | null> {
    try {
      return await ask('session')
    } catch (error) {
      if (!(error instanceof Trouble) || error.why !== 'session') throw error
      return null
    }
  }

  /**
   * A closed phone works by its secret, under which the server knows the session that it last spoke by: whoever has logged in again
   * and not yet typed the PIN would be sent back to the log-in. So who is there is said by the session first.
   */
  async function sayWho(): Promise<void> {
    isWelcome = false
    if (!vault.phone() || !needs.session.isOn() || vault.isOpen()) return
    isWelcome = (await askBySession()) === 'none'
  }

  /**
   * Asks for the server's time, when the phone's own may be wrong by years. Where the session is refused, as after the account was
   * closed, the phone's secret asks: with a doubtful clock nothing would go up at all (case 37).
   */
  async function hello(): Promise<void> {
    if (!vault.phone()) return
    if (needs.session.isOn() && vault.isOpen() && (await askBySession()) !== null) return
    await knownAgain(() => ask('phone'))
  }

  /**
   * The server knows who is logged in and not this phone: it was restored to before the phone got its secret. By the session the
   * phone gets another one, or a closed phone would never be heard again (SYNC-14, SYNC-17).
   */
  async function knownAgain<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof Trouble) || error.why !== 'session' || !needs.session.isOn()) throw error
      await withSession('session', needs.registerAgain)
      return run()
    }
  }

  async function withSession<T>(auth: Auth, run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (error) {
      if (auth === 'session' && error instanceof Trouble && error.why === 'session') needs.session.end()
      throw error
    }
  }

  async function send(batch: readonly Due[], auth: Auth): Promise<PushResult[]> {
    const answer = await withSession(auth, () =>
      auth === 'session'
        ? exchange.post('/api/sync/push', { items: batch.map((item) => item.plain) }, auth)
        : exchange.post(
            '/api/sync/sealed',
            {
              items: batch.map(({ key, boxKey, box }) => ({ key, keyId: boxKey, sealed: box })),
              clearing: time.row().order === 'clear',
            },
            auth,
          ),
    )
    const read = Results.safeParse(answer)
    const results = (read.success ? read.data.results : []).flatMap((raw) => {
      const parsed = PushResult.safeParse(raw)
      return parsed.success ? [parsed.data] : []
    })
    const named = new Set(results.map((result) => result.key))
    // Without a word, or with one that is not understood, an item stays and is tried again.
    const silent = batch.filter(({ key }) => !named.has(key)).map(({ key }): PushResult => ({ key, outcome: 'later' }))
    await settle([...results, ...silent])
    await hear(answer, auth)
    return results
  }

  async function settle(results: readonly PushResult[]): Promise<void> {
    await outbox.settle(results)
    await drafts.settled(results.filter(({ outcome }) => outcome !== 'later').map(({ key }) => key))
  }

  /**
   * Items go in batches; a batch that the server does not take as a whole is halved until the one that spoils it stands alone,
   * waits its turn and is shown (cases 41, 64). Two alone in a row: the fault is not the items'.
   */
  async function pushAs(auth: Auth, next: (most: number) => Promise<Due[]>, done: Set<string>): Promise<number> {
    let most = MAX_PUSH
    let alone = 0
    let sent = 0
    for (;;) {
      const batch = await next(most)
      if (batch.length === 0) return sent
      await outbox.setSending(batch.map(({ key }) => key))
      try {
        const results = await send(batch, auth)
        sent += results.filter(({ outcome }) => outcome !== 'later').length
        for (const { key } of batch) done.add(key)
        most = Math.min(MAX_PUSH, most * 2)
        alone = 0
      } catch (error) {
        if (!(error instanceof Trouble) || error.why !== 'content') throw error
        if (batch.length > 1) most = Math.ceil(batch.length / 2)
        else {
          alone += 1
          for (const { key } of batch) done.add(key)
          if (alone > 1) throw new Trouble('server', error.status, error.problem)
          const [item] = batch
          if (item)
            await settle([{ key: item.key, outcome: 'later', ...(error.problem ? { problem: error.problem } : {}) }])
        }
      } finally {
        await outbox.setSending([])
      }
    }
  }

  async function push(): Promise<number> {
    // Each item once a round, whatever comes of it.
    const done = new Set<string>()
    const take = (can: (item: Due) => boolean) => async (most: number) => {
      const fresh = (items: Due[]): Due[] => items.filter((item) => can(item) && !done.has(item.key)).slice(0, most)
      const work = fresh(await outbox.due(MAX_PUSH + done.size, MOST_BYTES))
      return work.length > 0 ? work : fresh(await drafts.due()).slice(0, MOST_DRAFTS)
    }
    let sent = 0
    if (needs.session.isOn() && vault.isOpen()) {
      try {
        sent += await pushAs(
          'session',
          take((item) => item.plain !== null),
          done,
        )
      } catch (error) {
        if (!(error instanceof Trouble) || error.why !== 'session') throw error
      }
    }
    const bySecret = (): Promise<number> =>
      pushAs(
        'phone',
        take(() => true),
        done,
      )
    return sent + (await knownAgain(bySecret))
  }

  async function page(head: boolean): Promise<{ answer: Answer; page: z.infer<typeof PulledPage> } | null> {
    const answer = await withSession('session', () =>
      exchange.post(
        '/api/sync/pull',
        {
          grids: feed.cursors(),
          head,
          mine: feed.mine()?.version ?? '',
          reference: feed.reference()?.version ?? '',
        },
        'session',
      ),
    )
    await hear(answer, 'session')
    // An order or a lock meanwhile: nothing more is read, and nothing could be sealed.
    if (answer.order !== 'none' || !vault.isOpen() || tooOld) return null
    const parsed = PulledPage.safeParse(answer)
    if (!parsed.success) throw new Trouble('server', 200)
    return { answer, page: parsed.data }
  }

  type Pulling = { received: number; otherEpoch: boolean }

  async function pull(): Promise<Pulling> {
    const began = clock.now()
    const total: Pulling = { received: 0, otherEpoch: false }
    const take = async (head: boolean): Promise<z.infer<typeof PulledPage> | null> => {
      const got = await page(head)
      if (!got) return null
      const applied = await feed.apply(
        { ...got.page, mine: got.answer['mine'], reference: got.answer['reference'] },
        head,
      )
      total.received += applied.received
      total.otherEpoch ||= applied.otherEpoch
      return got.page
    }
    let headAsked = false
    if (feed.levelAt() === 0 && feed.hasNothing()) {
      headAsked = true
      if (!(await take(true))) return total
    }
    for (;;) {
      const before = JSON.stringify(feed.cursors())
      const got = await take(false)
      if (!got) return total
      if (got.comeBack !== null) {
        comeBackAt = clock.now() + got.comeBack * 1000
        // What is urgent needs no place in the queue.
        if (!headAsked) await take(true)
        return total
      }
      if (!got.more) {
        feed.setLevel(began)
        return total
      }
      if (JSON.stringify(feed.cursors()) === before) {
        needs.log('the feed does not move', {})
        return total
      }
      if (!headAsked) {
        headAsked = true
        if (!(await take(true))) return total
      }
    }
  }

  async function isRoomShort(): Promise<boolean> {
    const room = await needs.room?.estimate()
    if (!room || room.quota === 0) return clock.now() < fullUntil
    return room.usage > room.quota * SPARE_PART || room.quota - room.usage < SPARE_BYTES
  }

  async function getRegister(line: SyncLine): Promise<void> {
    if (!needs.session.isOn() || !vault.isOpen() || tooOld) return
    if (await isRoomShort()) {
      fullUntil = clock.now() + FULL_AGAIN_MS
      line.trouble = 'storage'
      return
    }
    fullUntil = 0
    if (clock.now() < comeBackAt && comeBackAt - clock.now() < FULL_AGAIN_MS * 6) return
    const { received, otherEpoch } = await pull()
    line.received += received
    if (!otherEpoch) return
    await needs.photos.offerAgain()
    if ((await outbox.offerAgain()) > 0) line.sent += await push()
  }

  async function tidy(): Promise<void> {
    await outbox.tidy(feed.mine()?.durableTo ?? null)
    await feed.tidy()
    await needs.photos.tidy(feed.mine()?.durableTo ?? null)
    await drafts.tidy()
  }

  async function work(line: SyncLine): Promise<void> {
    await needs.keysOfOthers()
    const others = await outbox.refresh()
    await feed.refresh()
    await needs.photos.refresh(others)
    try {
      await exchangeAll(line)
    } catch (error) {
      // Its last word arrived and the answer was lost: its secret has ended, and only that word, said again, is answered. Without it the
      // phone would be refused for ever and never wiped (SYNC-16). It comes last, for a server that was restored lacks what was handed in.
      if (!(error instanceof Trouble) || error.why !== 'session' || !mayFinish()) throw error
      await needs.finishClearing()
    }
  }

  async function exchangeAll(line: SyncLine): Promise<void> {
    await sayWho()
    const before = time.contacts()
    if (time.isDoubtful()) await hello()
    await outbox.retime()
    line.sent += await push()
    await needs.fetchDrafts()
    await getRegister(line)
    // Told to clear while reading: what is left goes now.
    if (time.row().order === 'clear') line.sent += await push()
    line.sent += await needs.photos.upload(needs.session.isOn(), (request) => exchange.raw(request))
    await askSupervisor()
    await askOwn()
    // A closed phone with nothing to send listens all the same: for orders, and to be let in again (SYNC-16, SYNC-17).
    if (time.contacts() === before) await hello()
    await tidy()
    if (mayFinish()) await needs.finishClearing()
  }

  /** Told to clear, and nothing that was made here is left to hand in. */
  function mayFinish(): boolean {
    return time.row().order === 'clear' && outbox.counts().waiting === 0 && needs.photos.waiting() === 0
  }

  /** What became of my calls for help and of my changes that were held, and the lists whose screens are open. */
  async function askOwn(): Promise<void> {
    if (!needs.session.isOn() || !vault.isOpen()) return
    await needs.own.refresh((request) => exchange.raw(request))
    await needs.heard.refresh((request) => exchange.raw(request))
  }

  /** What became of the work that a supervisor holds. */
  async function askSupervisor(): Promise<void> {
    const now = clock.now()
    const keys = outbox.undecided()
    if (!needs.session.isOn() || !vault.isOpen() || keys.length === 0) return
    if (Math.abs(now - askedAt) < ASK_EVERY_MS) return
    askedAt = now
    // All of them: those at the head may wait for weeks, and would hide what was said of the others.
    for (let from = 0; from < keys.length; from += MOST_ASKED) {
      const some = keys.slice(from, from + MOST_ASKED)
      const path = `/api/sync/handovers/mine?limit=${MOST_ASKED}&keys=${some.join(',')}`
      const { status, body } = await exchange.raw({ method: 'GET', path })
      const read = status === 200 ? Handovers.safeParse(body) : null
      if (!read?.success) return
      await outbox.decided(new Map(read.data.items.map(({ key, ...decision }) => [key, decision])))
    }
  }

  async function round(): Promise<SyncLine> {
    const began = clock.now()
    const line: SyncLine = { at: time.now(), ok: false, trouble: null, sent: 0, received: 0, bytes: 0, ms: 0 }
    let seconds: number | null = null
    try {
      await needs.locks(needs.lockName, () => work(line))
      line.ok = line.trouble === null
    } catch (error) {
      if (error instanceof Trouble) {
        line.trouble = error.why === 'content' ? 'server' : error.why
        seconds = error.seconds
      } else if (isFull(error)) {
        line.trouble = 'storage'
        fullUntil = clock.now() + FULL_AGAIN_MS
      } else {
        line.trouble = 'server'
        needs.log('sync failed', { error: error instanceof Error ? error.message : String(error) })
      }
    }
    if (!needs.session.isOn() && line.trouble === null) {
      line.ok = false
      line.trouble = 'session'
    }
    if (seconds !== null) comeBackAt = clock.now() + seconds * 1000
    line.at = time.now()
    line.bytes = exchange.takeBytes()
    line.ms = clock.now() - began
    lines = [line, ...lines].slice(0, MOST_LINES)
    if (line.sent + line.received > 0) needs.tellTabs()
    return line
  }

  async function rounds(): Promise<SyncLine> {
    let line: SyncLine
    do {
      again = false
      needs.bell.ring()
      line = await round()
    } while (again && line.ok)
    return line
  }

  return {
    now: (): Promise<SyncLine> => {
      if (running) {
        again = true
        return running
      }
      running = rounds().finally(() => {
        running = null
        needs.bell.ring()
      })
      return running
    },
    isRunning: () => running !== null,
    lines: () => lines,
    /** Why the last run brought nothing, as long as it stands: whoever has logged in since is not asked for it again. */
    trouble: (): SyncLine['trouble'] => {
      const last = lines[0]?.trouble ?? null
      return last === 'session' && needs.session.isOn() ? null : last
    },
    comeBackAt: () => (comeBackAt > clock.now() ? comeBackAt : null),
    isTooOld: () => tooOld,
    isFull: () => fullUntil > clock.now(),
    ended: async (): Promise<void> => {
      await running?.catch(() => undefined)
    },
  }
}

/** What a live line says of a grid. */
export function gridNews(data: unknown): { grid: string; n: number } | null {
  const parsed = FeedItemOut.pick({ grid: true, n: true }).safeParse(isRecord(data) ? data : null)
  return parsed.success ? parsed.data : null
}
