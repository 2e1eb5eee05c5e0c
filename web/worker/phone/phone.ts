import { dayOf } from '@weiwang/domain/core/day'
import { PROTOCOL, RegisteredPhone } from '@weiwang/domain/sync/api'
import type { Order } from '@weiwang/domain/sync/api'
import { newId } from '../../shared/newId.ts'
import { newBell, newQueue, steady } from './bell.ts'
import { ciphersOf, PIN_ROUNDS } from './crypto.ts'
import { newDrafts } from './drafts.ts'
import { newExchange, Trouble } from './exchange.ts'
import { openFeed } from './feed.ts'
import { openHeard } from './heard.ts'
import { openOutbox } from './outbox.ts'
import { openOwn } from './own.ts'
import { newPacer } from './pacer.ts'
import { openPhotos } from './photos.ts'
import { near, nearDoors, search } from './search.ts'
import { newShelf } from './shelf.ts'
import { isFull, PhoneFull, Store } from './store.ts'
import { stripOf } from './strip.ts'
import { DraftsKept, gridNews, newSync } from './sync.ts'
import { openTime } from './time.ts'
import type { Gate, NotOpen, OutboxItem, Phone, PhoneOptions, PhoneState, Strip, Timer, UnlockAnswer } from './types.ts'
import { openVault, PIN_DIGITS } from './vault.ts'

const DEFAULT_ZONE = 'Asia/Shanghai'
const TICK_MS = 60_000
const NEWS_WITHIN_MS = 3_000
const LIVE_AGAIN_MS = 30_000

/** Said to the log at the moment in which nothing of an account is left on this phone. */
export const CLEARED = 'the phone was cleared'

/** Fewer than six digits, or no digits. */
export class PinTooShort extends Error {}

/** A phone of one account: everything it needs of the world is given, nothing lies in the module. */
export async function createPhone(options: PhoneOptions): Promise<Phone> {
  const { net, clock, crypto } = options
  const random = options.random ?? Math.random
  const bell = newBell()
  const store = new Store(options.dbName, options)
  const ciphers = ciphersOf(crypto)
  await store.open()
  const vault = await openVault({ store, ciphers, bell, rounds: options.pinRounds ?? PIN_ROUNDS })
  const time = await openTime({ store, clock, bell })
  let sessionEnded = false
  let stopped = false
  let draftsWanted = false
  const session = {
    isOn: (): boolean => !sessionEnded && !time.row().mustLogIn,
    end: (): void => {
      sessionEnded = true
      bell.ring()
    },
  }
  const zone = (): string => feed.mine()?.zone ?? options.zone ?? DEFAULT_ZONE
  const today = (): string => dayOf(time.now(), zone())
  const drafts = newDrafts({ store, vault, time, bell, crypto })
  const outbox = await openOutbox({ store, vault, time, drafts, bell, clock, crypto, random, zone })
  const shelf = newShelf({
    works: outbox.works,
    heardAt: outbox.heardAt,
    levelAt: () => feed.levelAt(),
    account: () => vault.phone()?.account.id ?? '',
    dayOf: (at) => dayOf(new Date(at), zone()),
  })
  const feed = await openFeed({
    store,
    vault,
    shelf,
    bell,
    clock,
    log: options.log,
    today: () => dayOf(time.steady(), zone()),
  })
  const photos = await openPhotos({
    store,
    vault,
    ciphers,
    bell,
    clock,
    random,
    newId: () => newId(time.now()),
    now: () => time.steady().getTime(),
    shrink: options.shrink,
  })
  const own = await openOwn({
    store,
    vault,
    bell,
    now: time.now,
    receipts: outbox.receiptRows,
    notices: () => shelf.shown.notices(),
  })
  const heard = await openHeard({ store, vault, bell, now: time.now })
  const exchange = newExchange({ net, clock, time, vault, app: options.app, counts: outbox.counts })

  /** Closes the register; what waits stays and goes up sealed. */
  async function close(): Promise<void> {
    vault.lock()
    shelf.clear()
    await own.reload()
    await heard.reload()
    await outbox.reload()
  }

  /**
   * A PIN that was forgotten in another tab, keys that were destroyed there, an order that was heard or fulfilled: what lies here in
   * memory is of before.
   */
  async function keysOfOthers(): Promise<void> {
    const wasOpen = vault.isOpen()
    await time.reload()
    await vault.reload()
    if (wasOpen && !vault.isOpen()) await close()
  }

  async function obey(order: Order): Promise<void> {
    if (order === 'lock' && !time.row().mustLogIn) {
      await time.set({ order, mustLogIn: true })
      await close()
    }
    if (order === 'clear' && time.row().order !== 'clear') {
      // Boxes need no data key: it goes first, whatever happens to the net or the disk meanwhile (SYNC-16). What was ended in
      // between begins again with the next contact.
      await vault.destroy()
      await time.set({ order, mustLogIn: true })
      feed.forget()
      await outbox.reload()
      await outbox.offerRefused()
    }
  }

  /** The last word of a cleared phone; the secret ends with it, and nothing of the account stays. */
  async function finishClearing(): Promise<void> {
    // Found and made a phone again in another tab meanwhile: what lies here now is new work.
    await keysOfOthers()
    if (time.row().order !== 'clear') return
    // Written in another tab before the order came: it goes first. Later than that nothing is kept any more.
    if (await outbox.refresh()) return outbox.offerRefused()
    const authorization = await vault.authorization()
    if (authorization === null) return
    await exchange.checked({
      method: 'POST',
      path: '/api/sync/cleared',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ device: vault.phone()?.device }),
    })
    if (!(await vault.wipe())) return keysOfOthers()
    options.log(CLEARED)
    await time.set({ order: 'none', mustLogIn: false })
    await outbox.reload()
    await photos.relist()
  }

  const sync = newSync({
    exchange,
    outbox,
    drafts,
    photos,
    feed,
    vault,
    time,
    bell,
    clock,
    log: options.log,
    locks: options.locks ?? (async (_name, run) => (await run(), true)),
    lockName: `weiwang.sync.${options.dbName}`,
    room: options.room ?? null,
    session,
    obey,
    fetchDrafts,
    own,
    heard,
    finishClearing,
    registerAgain: async () => {
      const phone = vault.phone()
      if (phone) await vault.renewSecret(await register({ device: phone.device, account: phone.account.id, name: '' }))
    },
    keysOfOthers,
    tellTabs: () => options.channel?.post({ weiwang: 'changed' }),
  })
  const pacer = newPacer({
    clock,
    random,
    sync: async () => {
      await observe()
      return sync.now()
    },
    due: () => [outbox.nextAt(), sync.comeBackAt()],
  })

  async function observe(): Promise<void> {
    await time.observe()
    if (time.isAway() && vault.isOpen()) await close()
  }

  function gate(): Gate {
    if (vault.isNew()) return 'new'
    if (vault.isLost()) return 'lost'
    if (time.row().mustLogIn) return 'logIn'
    if (vault.isOpen()) return 'open'
    if (!time.isAway()) return 'locked'
    // Once the session is refused, only a log-in may bring the contact: the server may not know this phone's secret either (SYNC-14).
    return sessionEnded ? 'logIn' : 'away'
  }

  /** Full once: what is at the server makes room, and again. Null: there is none (SYNC-23). */
  async function withRoom<T>(write: () => Promise<T>): Promise<T | null> {
    try {
      return await write()
    } catch (error) {
      if (!(error instanceof PhoneFull)) throw error
    }
    try {
      await feed.makeRoom()
      await photos.makeRoom()
      return await write()
    } catch (error) {
      if (error instanceof PhoneFull || isFull(error)) return null
      throw error
    }
  }

  async function unlock(pin: string): Promise<UnlockAnswer> {
    await observe()
    const before = gate()
    const no = (why: NotOpen): UnlockAnswer => ({
      ok: false,
      why,
      triesLeft: vault.triesLeft(),
    })
    if (before === 'new' || before === 'lost' || before === 'away' || before === 'logIn') return no(before)
    const opened = await withRoom(() => vault.unlock(pin))
    if (opened === null) return no('full')
    if (!opened) {
      // Guessed at too often, or handed in and cleared, in another tab: then no PIN is wrong.
      if (!vault.isLost() && !vault.isNew()) return no('pin')
      feed.forget()
      return no(vault.isNew() ? 'new' : 'lost')
    }
    // The list may be drawn from here on; the rest comes in pieces.
    await outbox.reload()
    await own.reload()
    await heard.reload()
    await feed.load()
    pacer.soon()
    return { ok: true }
  }

  /** Makes this browser a phone of who is logged in. @throws Trouble */
  async function register(who: { device: string; account: string; name: string }): Promise<RegisteredPhone> {
    const { body } = await exchange.checked({
      method: 'POST',
      path: '/api/sync/phones',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'x-weiwang': '1',
        'idempotency-key': crypto.randomUUID(),
      },
      body: JSON.stringify({ ...who, app: options.app, protocol: PROTOCOL }),
    })
    const parsed = RegisteredPhone.safeParse(body)
    if (!parsed.success) throw new Trouble('server', 200)
    return parsed.data
  }

  async function enrol(args: { account: { id: string; name: string }; pin: string; name?: string }): Promise<void> {
    if (!PIN_DIGITS.test(args.pin)) throw new PinTooShort()
    const device = vault.phone()?.device ?? crypto.randomUUID()
    const sent = clock.now()
    const { secret, sealKey, now } = await register({
      device,
      account: args.account.id,
      name: args.name ?? '',
    })
    await vault.enrol({ pin: args.pin, phone: { account: args.account, device, sealKey }, secret })
    await time.contact(new Date(now).getTime(), sent)
    await time.set({ order: 'none', mustLogIn: false })
    sessionEnded = false
    feed.forget()
    await own.reload()
    await heard.reload()
    await outbox.reload()
    draftsWanted = true
    options.channel?.post({ weiwang: 'changed' })
    await options.room?.persist()
    pacer.soon()
  }

  /** Half-written forms of this account from its other phone (case 57); without them the phone works all the same. */
  async function fetchDrafts(): Promise<void> {
    if (!draftsWanted || !vault.isOpen() || !session.isOn()) return
    try {
      const { body } = await exchange.checked({ method: 'GET', path: '/api/sync/drafts' })
      const parsed = DraftsKept.safeParse(body)
      if (parsed.success) await drafts.take(parsed.data.items)
      draftsWanted = false
    } catch (error) {
      if (!(error instanceof Trouble)) throw error
      // A server that keeps none is not asked each time.
      if (error.why === 'content') draftsWanted = false
    }
  }

  const add: Phone['outbox']['add'] = async (work) => {
    await observe()
    const item = await withRoom(() => outbox.add(work))
    if (item === null) throw new PhoneFull()
    options.channel?.post({ weiwang: 'changed' })
    await photos.relist(item.photos)
    pacer.soon()
    return item
  }

  /** Pictures of refused work go with what replaces it. */
  async function replaced(next: Promise<OutboxItem>): Promise<OutboxItem> {
    const item = await changed(next)
    await photos.relist(item.photos)
    return item
  }

  /** What is done to kept work is seen in other tabs at once, and goes soon: the tab that did it may be closed. */
  async function changed<T>(change: Promise<T>): Promise<T> {
    const done = await change
    options.channel?.post({ weiwang: 'changed' })
    pacer.soon()
    return done
  }

  let live: (() => void) | null = null
  let liveTimer: Timer | null = null
  function listen(): void {
    if (!options.live || live || stopped || !session.isOn()) return
    live = options.live({
      event: (name, data) => {
        const news = name === 'grid' ? gridNews(data) : null
        if (name !== 'grid' || (news && feed.isBehind(news.grid, news.n))) pacer.soon(NEWS_WITHIN_MS)
      },
      closed: () => {
        live = null
        liveTimer = clock.setTimeout(listen, LIVE_AGAIN_MS * (0.5 + random()))
      },
    })
  }

  let ticker: Timer | null = null
  function tick(): void {
    ticker = clock.setTimeout(() => {
      void observe()
      if (!stopped) tick()
    }, TICK_MS)
  }

  const inTurn = newQueue()
  const stopListening = options.channel?.listen(() => void inTurn(reloadAll))
  async function reloadAll(): Promise<void> {
    if (stopped) return
    await keysOfOthers()
    await outbox.reload()
    await feed.reload()
    await own.reload()
    await heard.reload()
    await photos.relist()
  }

  let state: PhoneState | null = null
  let strip: Strip | null = null
  let stale = { state: true, strip: true }
  bell.listen(() => {
    shelf.touch()
    stale = { state: true, strip: true }
  })

  return {
    start: async () => {
      await observe()
      await outbox.reload()
    },
    stop: async () => {
      stopped = true
      pacer.stop()
      live?.()
      stopListening?.()
      for (const timer of [ticker, liveTimer]) if (timer !== null) clock.clearTimeout(timer)
      await sync.ended()
      store.close()
    },
    state: () => {
      if (state && !stale.state) return state
      stale.state = false
      state = steady(state, {
        gate: gate(),
        account: vault.phone()?.account ?? null,
        triesLeft: vault.triesLeft(),
        order: time.row().order,
        sessionEnded: !session.isOn(),
        loading: feed.isLoading(),
        whole: feed.isWhole(),
        tooOld: sync.isTooOld(),
      })
      return state
    },
    strip: () => {
      if (strip && !stale.strip) return strip
      stale.strip = false
      strip = steady(strip, stripOf({ outbox, photos, shelf: shelf.shown, time, sync, today: today() }))
      return strip
    },
    mine: feed.mine,
    reference: feed.reference,
    helpers: () => feed.mine()?.helpers ?? NO_HELPERS,
    own: own.own,
    askOwn: () => {
      own.want()
      pacer.soon()
    },
    heard: heard.heard,
    askHeard: (path) => {
      heard.want(path)
      pacer.soon()
    },
    now: time.now,
    today,
    subscribe: bell.listen,
    enrol,
    unlock,
    lock: () => void close(),
    changePin: async (old, next) => {
      if (!PIN_DIGITS.test(next)) throw new PinTooShort()
      const changed = await vault.changePin(old, next)
      if (vault.isLost()) feed.forget()
      return changed
    },
    signedIn: async (accountId, how = { fresh: false }) => {
      if (accountId !== vault.phone()?.account.id) return session.end()
      sessionEnded = false
      if (how.fresh && time.row().order === 'lock') await time.set({ order: 'none', mustLogIn: false })
      listen()
      pacer.soon()
      bell.ring()
    },
    signedOut: session.end,
    shelf: shelf.shown,
    outbox: {
      ...outbox.shown,
      add,
      mend: (key, body, kind) => replaced(outbox.shown.mend(key, body, kind)),
      toSupervisor: (key, note) => replaced(outbox.shown.toSupervisor(key, note)),
      retry: (key) => changed(outbox.shown.retry(key)),
      dismiss: (key) => changed(outbox.shown.dismiss(key)),
    },
    photos: photos.shown,
    drafts: drafts.shown,
    search: (text, most) => search(shelf.shown, text, most),
    near: (person) => near(shelf.shown, person, time.now()),
    nearDoors: (door) => nearDoors(shelf.shown, door),
    sync: async () => {
      await observe()
      return sync.now()
    },
    run: () => {
      pacer.start()
      listen()
      tick()
    },
    nudge: () => {
      void observe()
      listen()
      pacer.soon()
    },
    syncLog: sync.lines,
    storage: async () => {
      if (!options.room) return null
      const [persisted, estimate] = await Promise.all([options.room.persist(), options.room.estimate()])
      return estimate === null ? null : { persisted, ...estimate }
    },
  }
}

const NO_HELPERS: readonly never[] = []
