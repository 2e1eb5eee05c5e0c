import { dayOf } from '@weiwang/domain/core/day'
import type { PhotoSubject, PushResult } from '@weiwang/domain/sync/api'
import type { Bell } from './bell.ts'
import { newQueue } from './bell.ts'
import { base64url, isRecord, textIn, utf8 } from './codec.ts'
import type { Drafts } from './drafts.ts'
import { orFull, PhoneLocked, readMeta } from './store.ts'
import type { Kept, OutboxRow, ReceiptRow, SentRow, Store } from './store.ts'
import type { Time } from './time.ts'
import type { AddWork, Clock, Decision, OutboxItem, Outbox as Shown, Receipt } from './types.ts'
import type { Vault } from './vault.ts'
import { itemOf, openPlain, openWord, subjectOf } from './works.ts'
import type { Body, Due, PlainItem } from './works.ts'

const FIRST_WAIT_MS = 15_000
const MOST_WAIT_MS = 3_600_000
/** After so many tries without a word the item is set aside, shown, and tried once an hour (case 41). */
export const STUCK_AFTER = 8
const HELP = 'help.ask'
const KEPT_MS = 30 * 24 * 3_600_000
/** What was just accepted stays in sight until the feed shows it. */
const IN_SIGHT_MS = 3_600_000
/** A phone's clock that is nearer than this was right enough when the work was written. */
const CLOSE_MS = 60_000

/** What the pictures of a piece of work belong to. */
function aboutOf(kind: string): PhotoSubject {
  if (kind.startsWith('observation.')) return 'observation'
  return kind.startsWith('service.') ? 'service' : 'visit'
}

export type Outbox = Awaited<ReturnType<typeof openOutbox>>

export type OutboxNeeds = {
  store: Store
  vault: Vault
  time: Time
  drafts: Drafts
  bell: Bell
  clock: Clock
  crypto: Crypto
  random: () => number
  zone: () => string
}

/**
 * Work done here and not yet at the server. Nothing leaves but on the server's word: accepted and held items move to `sent`,
 * where they stay sealed until they are in a backup or for 30 days, to be offered again after a restore (SYNC-14, case 8).
 * A row here IS the local change: lists show what it makes of a task or a door, so both come and go in one transaction.
 */
export async function openOutbox(needs: OutboxNeeds) {
  const { store, vault, time, bell, clock } = needs
  const queue = newQueue()
  let rows = new Map<string, OutboxRow>()
  let sent = new Map<string, SentRow>()
  let receipts = new Map<string, ReceiptRow>()
  let shown = new Map<string, OutboxItem>()
  let list: readonly OutboxItem[] = []
  let sending = new Set<string>()

  async function show(row: OutboxRow | SentRow): Promise<void> {
    const [plain, word] = [await openPlain(vault, row), await openWord(vault, row)]
    shown.set(row.key, itemOf(row, { plain, word }, sending.has(row.key)))
  }

  function relist(): void {
    list = [...shown.values()]
      .filter((item) => {
        const row = rows.get(item.key)
        if (row) return row.state !== 'mended'
        return item.state === 'held' && sent.get(item.key)?.dismissed === false
      })
      .toSorted((a, b) => a.seq - b.seq)
    bell.ring()
  }

  async function reload(): Promise<void> {
    rows = new Map((await store.outbox.toArray()).map((row) => [row.key, row]))
    sent = new Map((await store.sent.toArray()).map((row) => [row.key, row]))
    receipts = new Map((await store.receipts.toArray()).map((row) => [row.key, row]))
    shown = new Map()
    // Sent work matters to lists only while it is fresh or held; the rest is opened when asked for.
    const fresh = [...sent.values()].filter((row) => inSight(row) || (row.outcome === 'held' && !row.dismissed))
    await Promise.all([...rows.values(), ...fresh].map(show))
    relist()
  }

  function inSight(row: SentRow): boolean {
    return Math.abs(clock.now() - row.heardAt) < IN_SIGHT_MS
  }

  /** Both seals of an item; before the transaction, which must not wait for ciphers. */
  async function keep(item: PlainItem, photos: readonly string[], phoneAt: number): Promise<Kept> {
    const text = JSON.stringify(item)
    const row = time.row()
    return {
      key: item.key,
      seq: item.seq,
      kind: item.kind,
      grid: item.grid ?? '',
      at: item.at,
      phoneAt,
      clockRun: row.clockRun,
      offset: row.offset,
      plain: await vault.seal(text, item.key),
      ...(await vault.box(utf8(text), item.key)),
      photos: [...photos],
      mends: item.mends ?? null,
    }
  }

  /** The number that the phone counts its work by; another tab may take it meanwhile, then the item is sealed again. */
  async function put(make: (seq: number) => PlainItem, work: Pick<AddWork, 'photos' | 'draft'>, phoneAt: number) {
    const drop = work.draft ? await needs.drafts.prepareDrop(work.draft) : null
    for (;;) {
      const before = (await readMeta(store, 'seq'))?.n ?? 0
      const item = make(before + 1)
      const kept = await keep(item, work.photos ?? [], phoneAt)
      const row: OutboxRow = { ...kept, state: 'waiting', tries: 0, offered: false, nextAt: 0, problem: null }
      const done = await orFull(() =>
        store.transaction('rw', [store.meta, store.outbox, store.photos, store.drafts], async () => {
          if (!(await vault.takes(row.plain.keyId))) throw new PhoneLocked()
          if (((await readMeta(store, 'seq'))?.n ?? 0) !== before) return false
          await store.meta.put({ key: 'seq', n: before + 1 })
          await store.outbox.add(row)
          const subject = subjectOf(item.body) ?? ''
          const about = aboutOf(item.kind)
          for (const id of row.photos) await store.photos.update(id, { of: row.key, about, subject, state: 'waiting' })
          if (row.mends !== null) await store.outbox.update(row.mends, { state: 'mended' })
          if (drop) await store.drafts.put(drop)
          return true
        }),
      )
      if (!done) continue
      rows.set(row.key, row)
      const old = row.mends === null ? undefined : rows.get(row.mends)
      if (old) rows.set(old.key, { ...old, state: 'mended' })
      await show(row)
      relist()
      return shown.get(row.key) ?? itemOf(row, { plain: null, word: null })
    }
  }

  function add(work: AddWork): Promise<OutboxItem> {
    if (!vault.isOpen()) return Promise.reject(new PhoneLocked())
    const phoneAt = (work.at ?? new Date(clock.now())).getTime()
    const at = new Date(phoneAt + time.row().offset).toISOString()
    const key = needs.crypto.randomUUID()
    return queue(() =>
      put(
        (seq) => ({
          key,
          seq,
          kind: work.kind,
          ...(work.grid === undefined ? {} : { grid: work.grid }),
          at,
          body: stamped(work.body, at),
        }),
        work,
        phoneAt,
      ),
    )
  }

  /** A new key that points to the old one: the same key with other content is refused by rule (SYNC-2). */
  function replace(key: string, change: (old: Record<string, unknown>) => Partial<PlainItem>): Promise<OutboxItem> {
    return queue(async () => {
      const row = rows.get(key)
      if (!row || (row.state !== 'refused' && row.state !== 'stuck')) throw new Error('only refused work is replaced')
      const plain = await openPlain(vault, row)
      if (!plain) throw new PhoneLocked()
      const body = isRecord(plain['body']) ? plain['body'] : {}
      const next = needs.crypto.randomUUID()
      return put(
        (seq) => ({
          key: next,
          seq,
          kind: row.kind,
          ...(row.grid === '' ? {} : { grid: row.grid }),
          at: row.at,
          body,
          mends: key,
          ...change(plain),
        }),
        { photos: row.photos },
        row.phoneAt,
      )
    })
  }

  async function receiptOf(row: OutboxRow, result: PushResult): Promise<ReceiptRow> {
    const plain = await openPlain(vault, row)
    const body = plain?.['body']
    return {
      key: row.key,
      kind: row.kind,
      subject: isRecord(body) ? subjectOf(body) : null,
      at: row.at,
      day: dayOf(new Date(row.at), needs.zone()),
      recordedAt: result.recordedAt ?? time.steady().toISOString(),
      outcome: result.outcome === 'held' ? 'held' : 'accepted',
      movedTo: result.movedTo ?? null,
      open: isRecord(result.answer) && Array.isArray(result.answer['missing']) ? result.answer['missing'].length : 0,
      supersedes: isRecord(body) ? textIn(body, 'supersedes') : null,
    }
  }

  /** The mended ones that an item replaces, and theirs. */
  function behind(row: Kept): string[] {
    const keys: string[] = []
    for (let next = row.mends; next !== null && rows.has(next); next = rows.get(next)?.mends ?? null) keys.push(next)
    return keys
  }

  async function taken(row: OutboxRow, result: PushResult): Promise<void> {
    const { state: _, tries: _tries, offered: _offered, nextAt: _next, problem: _problem, ...kept } = row
    const receipt = await receiptOf(row, result)
    const done: SentRow = {
      ...kept,
      outcome: result.outcome === 'held' ? 'held' : result.outcome === 'duplicate' ? 'duplicate' : 'accepted',
      recordedAt: receipt.recordedAt,
      movedTo: receipt.movedTo,
      answer: await wordOf(row.key, result),
      handover: null,
      heardAt: clock.now(),
      dismissed: false,
    }
    const gone = [row.key, ...behind(row)]
    await store.transaction('rw', store.outbox, store.sent, store.receipts, async () => {
      await store.sent.put(done)
      await store.receipts.put(receipt)
      await store.outbox.bulkDelete(gone)
    })
    for (const key of gone) {
      rows.delete(key)
      shown.delete(key)
    }
    sent.set(done.key, done)
    receipts.set(receipt.key, receipt)
    await show(done)
  }

  async function wordOf(key: string, result: Pick<PushResult, 'problem' | 'answer'>) {
    if (result.problem === undefined && result.answer === undefined) return null
    return vault.sealWord(JSON.stringify({ problem: result.problem, answer: result.answer }), `word/${key}`)
  }

  /**
   * By the disk's word: what another tab has sent, or offered again, meanwhile is there no more, and must not come back with what is
   * remembered here. Then all is read anew. @param may whether the row may still be changed, as it lies there
   */
  async function patched<Row extends OutboxRow | SentRow>(
    at: { get: (key: string) => PromiseLike<Row | undefined>; put: (row: Row) => PromiseLike<unknown> },
    key: string,
    patch: Partial<Row>,
    may: (there: Row) => boolean = () => true,
  ): Promise<Row | null> {
    const next = await store.transaction('rw', store.outbox, store.sent, async () => {
      const there = await at.get(key)
      if (!there || !may(there)) return null
      const changed = { ...there, ...patch }
      await at.put(changed)
      return changed
    })
    await (next ? show(next) : reload())
    return next
  }

  /** `unsent`: what was offered does not go again in another form (SYNC-2). */
  async function change({ key }: OutboxRow, patch: Partial<OutboxRow>, unsent = false): Promise<void> {
    const next = await patched<OutboxRow>(store.outbox, key, patch, (there) => !(unsent && there.offered))
    if (next) rows.set(key, next)
  }

  async function changeSent(key: string, patch: Partial<SentRow>): Promise<void> {
    const next = await patched<SentRow>(store.sent, key, patch)
    if (next) sent.set(key, next)
  }

  async function later(row: OutboxRow, result: Pick<PushResult, 'problem'>): Promise<void> {
    const tries = row.tries + 1
    const stuck = tries >= STUCK_AFTER
    const wait = stuck ? MOST_WAIT_MS : Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1))
    await change(row, {
      tries,
      state: stuck ? 'stuck' : row.state,
      nextAt: clock.now() + wait * (0.75 + needs.random() / 2),
      problem: (await wordOf(row.key, { problem: result.problem, answer: null })) ?? row.problem,
    })
  }

  /** One answer of the server, alone (SYNC-12, case 64). */
  async function settle(result: PushResult): Promise<void> {
    const row = rows.get(result.key)
    if (!row) return
    if (result.outcome === 'later') return later(row, result)
    if (result.outcome === 'refused')
      return change(row, {
        state: 'refused',
        tries: row.tries + 1,
        problem: await wordOf(row.key, { problem: result.problem, answer: null }),
      })
    return taken(row, result)
  }

  /** When a clock that was wrong is put right by a contact, work that never left is told again with the right time. */
  async function retime(): Promise<void> {
    const { offset, clockRun, contactAt } = time.row()
    for (const row of rows.values()) {
      if (row.state !== 'waiting' || row.offered) continue
      const sameRun = row.clockRun === clockRun && Math.abs(row.offset - offset) > CLOSE_MS
      const future = contactAt !== null && new Date(row.at).getTime() > contactAt + CLOSE_MS
      if (!sameRun && !future) continue
      const plain = await openPlain(vault, row)
      if (!plain || !vault.isOpen()) continue
      const right = sameRun ? row.phoneAt + offset : (contactAt ?? row.phoneAt)
      const at = new Date(Math.min(right, contactAt ?? right)).toISOString()
      const body = isRecord(plain['body']) ? stamped(plain['body'], at) : {}
      const text = JSON.stringify({ ...plain, at, body })
      const sealed = { plain: await vault.seal(text, row.key), ...(await vault.box(utf8(text), row.key)) }
      await change(row, { at, offset, clockRun, ...sealed }, true)
    }
  }

  async function due(most: number, bytes: number): Promise<Due[]> {
    const now = clock.now()
    const ready = [...rows.values()]
      .filter((row) => (row.state === 'waiting' || row.state === 'stuck') && !isEarly(row, now))
      // Who calls for help does not wait behind forty reports.
      .toSorted((a, b) => Number(b.kind === HELP) - Number(a.kind === HELP) || a.seq - b.seq)
    const out: Due[] = []
    let size = 0
    for (const row of ready.slice(0, most)) {
      const box = base64url(row.box)
      if (out.length > 0 && size + box.length > bytes) break
      size += box.length
      out.push({ key: row.key, seq: row.seq, boxKey: row.boxKey, box, plain: await openPlain(vault, row) })
    }
    return out
  }

  return {
    // In turn with what is being written, or a row put meanwhile would be missing from what was read before it.
    reload: () => queue(reload),
    /**
     * What another tab did that was ended before it could tell: seen at the latest when this one syncs. Also what it offered, retimed
     * or settled: an item that went up in one form must not go again in another (SYNC-2). @returns whether there was any
     */
    refresh: (): Promise<boolean> =>
      queue(async () => {
        const there = await store.outbox.toArray()
        const gone = await store.sent.toCollection().primaryKeys()
        const isSame =
          there.length === rows.size &&
          there.every((row) => isAsKnown(row, rows.get(row.key))) &&
          gone.length === sent.size &&
          gone.every((key) => sent.has(key))
        if (isSame) return false
        await reload()
        return true
      }),
    add,
    settle: async (results: readonly PushResult[]): Promise<void> => {
      for (const result of results) await queue(() => settle(result))
      relist()
    },
    due,
    retime: () => queue(retime),
    /** While an exchange runs its items are shown as being sent; that they were offered is on the disk before they go. */
    setSending: async (keys: readonly string[]): Promise<void> => {
      // In turn with what else is written to these rows, or one of the two would be undone.
      await queue(async () => {
        await store.outbox.where('key').anyOf(keys).modify({ offered: true })
        for (const key of keys) {
          const row = rows.get(key)
          if (row) rows.set(key, { ...row, offered: true })
        }
      })
      const touched = [...sending, ...keys]
      sending = new Set(keys)
      await Promise.all(
        touched.map((key) => rows.get(key)).map((row) => (row === undefined ? Promise.resolve() : show(row))),
      )
      relist()
    },
    /** The server lost what it had: everything that is still kept is offered again under its own key (SYNC-14, case 8). */
    offerAgain: (): Promise<number> =>
      queue(async () => {
        // From the disk: what another tab sent is offered as well, though this one may never have heard of it. A receipt says that the
        // server has it; now it does not, and may answer otherwise than before.
        const again = await store.transaction('rw', store.outbox, store.sent, store.receipts, async () => {
          const there = await store.outbox.toArray()
          const known = new Set(there.map(({ key }) => key))
          const lost = (await store.sent.toArray()).filter(({ key }) => !known.has(key)).map(offered)
          const keys = lost.map(({ key }) => key)
          // What was told to wait was told so by the server of before.
          const early = there.filter(({ state, nextAt }) => state === 'waiting' && nextAt > 0)
          await store.outbox.bulkPut([...lost, ...early.map((row) => ({ ...row, nextAt: 0 }))])
          await store.sent.bulkDelete(keys)
          await store.receipts.bulkDelete(keys)
          return [...lost, ...early]
        })
        if (again.length > 0) await reload()
        return again.length
      }),
    /** Held work that the supervisor has not decided on, as far as is known here. */
    undecided: (): string[] =>
      [...sent.values()]
        .filter((row) => row.outcome === 'held' && !row.dismissed && (row.handover?.decidedAt ?? null) === null)
        .map((row) => row.key),
    decided: (decisions: ReadonlyMap<string, Decision>): Promise<void> =>
      queue(async () => {
        for (const [key, handover] of decisions) if (sent.has(key)) await changeSent(key, { handover })
        relist()
      }),
    /** The phone is to be cleared, so what was refused can be mended nowhere: it is offered once more, for the supervisor. */
    offerRefused: (): Promise<void> =>
      queue(async () => {
        for (const row of [...rows.values()].filter(({ state }) => state === 'refused'))
          await change(row, { state: 'waiting', nextAt: 0 })
        relist()
      }),
    /** Forgets what is surely kept elsewhere, and what is older than 30 days. */
    tidy: (durableTo: string | null): Promise<void> =>
      queue(async () => {
        const now = time.steady().getTime()
        const durable = durableTo === null ? 0 : new Date(durableTo).getTime()
        const old = [...sent.values()].filter((row) => {
          if (row.outcome === 'held' && !row.dismissed) return false
          const recorded = new Date(row.recordedAt).getTime()
          return (recorded < durable && !inSight(row)) || recorded < now - KEPT_MS
        })
        const past = [...receipts.values()].filter((row) => new Date(row.recordedAt).getTime() < now - KEPT_MS)
        await store.sent.bulkDelete(old.map((row) => row.key))
        await store.receipts.bulkDelete(past.map((row) => row.key))
        for (const row of old) {
          sent.delete(row.key)
          shown.delete(row.key)
        }
        for (const row of past) receipts.delete(row.key)
        if (old.length > 0) relist()
      }),
    /** The earliest time at which something may be sent again, by the phone's clock; null when nothing waits. */
    nextAt: (): number | null => {
      const waiting = [...rows.values()].filter((row) => row.state === 'waiting' || row.state === 'stuck')
      return waiting.length === 0 ? null : Math.min(...waiting.map((row) => row.nextAt))
    },
    /** Unsent and fresh work in the order in which it was done, for the lists. */
    works: (): OutboxItem[] =>
      [...shown.values()]
        .filter((item) => {
          const row = rows.get(item.key)
          if (row) return row.state !== 'mended'
          const done = sent.get(item.key)
          return done !== undefined && (inSight(done) || (done.outcome === 'held' && !done.dismissed))
        })
        .toSorted((a, b) => a.seq - b.seq),
    heardAt: (key: string): number | null => sent.get(key)?.heardAt ?? null,
    receiptRows: (): IterableIterator<ReceiptRow> => receipts.values(),
    counts: () => {
      const all = [...rows.values()]
      return {
        waiting: all.filter((row) => row.state === 'waiting' || row.state === 'stuck').length,
        oldest: all.reduce<string | null>((least, row) => (least === null || row.at < least ? row.at : least), null),
        refused: all.filter((row) => row.state === 'refused').length,
        held: [...sent.values()].filter((row) => row.outcome === 'held' && !row.dismissed).length,
        kept: sent.size,
      }
    },
    shown: {
      items: () => list,
      item: (key) => list.find((item) => item.key === key) ?? null,
      add,
      mend: (key, body, kind) =>
        replace(key, (old) => ({ body: stamped(body, String(old['at'])), ...(kind === undefined ? {} : { kind }) })),
      toSupervisor: (key, note) => replace(key, () => ({ toSupervisor: note.slice(0, 300) })),
      retry: (key) =>
        queue(async () => {
          const row = rows.get(key)
          if (row?.state === 'stuck' || row?.state === 'waiting')
            await orFull(() => change(row, { state: 'waiting', nextAt: 0 }))
          relist()
        }),
      exportItem: async (key) => {
        const row = rows.get(key) ?? sent.get(key)
        if (!row) throw new Error('no such item')
        const plain = await openPlain(vault, row)
        const { box, boxKey } = row
        return JSON.stringify(
          { weiwang: 'outbox item', ...(plain ? { item: plain } : {}), key, boxKey, box: base64url(box) },
          null,
          2,
        )
      },
      dismiss: (key) =>
        queue(async () => {
          await orFull(() => changeSent(key, { dismissed: true }))
          relist()
        }),
      receipts: async (day) =>
        [...receipts.values()]
          .filter((row) => day === undefined || row.day === day)
          .map((row): Receipt => ({ ...row })),
    } satisfies Shown,
  }
}

/** What the server had, to be offered once more under its own key. */
function offered(row: SentRow): OutboxRow {
  const {
    outcome: _o,
    recordedAt: _r,
    movedTo: _m,
    answer: _a,
    handover: _w,
    heardAt: _h,
    dismissed: _d,
    ...kept
  } = row
  return { ...kept, state: 'waiting', tries: 1, offered: true, nextAt: 0, problem: null }
}

/** A row says the same as what is known of it; its seals are of one text as long as its time is the same. */
function isAsKnown(row: OutboxRow, known: OutboxRow | undefined): boolean {
  return (
    known !== undefined &&
    row.at === known.at &&
    row.state === known.state &&
    row.offered === known.offered &&
    row.tries === known.tries &&
    row.nextAt === known.nextAt &&
    row.offset === known.offset &&
    row.clockRun === known.clockRun
  )
}

/** A wait that lies too far ahead was made by a clock that has been put back since. */
function isEarly(row: OutboxRow, now: number): boolean {
  return row.nextAt > now && row.nextAt - now <= 2 * MOST_WAIT_MS
}

function stamped(body: Body, at: string): Body {
  return 'occurredAt' in body ? { ...body, occurredAt: at } : body
}
