import { GateItem, MAX_ITEMS } from '@weiwang/domain/checkpoints/api'
import type { PassageResult } from '@weiwang/domain/checkpoints/api'
import { Dexie } from 'dexie'
import type { Bell } from '../../worker/phone/bell.ts'
import { newQueue } from '../../worker/phone/bell.ts'
import { recordOf, textOf, utf8 } from '../../worker/phone/codec.ts'
import type { Ciphers } from '../../worker/phone/crypto.ts'
import { orFull } from '../../worker/phone/store.ts'
import type { GateStore, QueueRow } from './store.ts'

const FIRST_WAIT_MS = 10_000
const MOST_WAIT_MS = 30 * 60_000

export type PassageQueue = Awaited<ReturnType<typeof openQueue>>
export type Refused = { id: string; kind: GateItem['kind']; item: GateItem | null; problem: QueueRow['problem'] }

/**
 * What was decided here and is not yet at the server. Rows live on the disk only: a day of ten thousand passages takes no memory. An
 * item leaves on the server's word alone, each on its own (GATE-104, cases 41 and 64).
 */
export async function openQueue(needs: {
  store: GateStore
  ciphers: Ciphers
  deviceKey: CryptoKey
  bell: Bell
  wall: () => number
  random: () => number
}) {
  const { store, ciphers, deviceKey, bell, wall } = needs
  const inTurn = newQueue()
  let waiting = 0
  let refused = 0

  async function count(): Promise<void> {
    const before = [waiting, refused]
    waiting = await store.queue.where('state').anyOf('waiting', 'open').count()
    refused = await store.queue.where('state').equals('refused').count()
    if (before[0] !== waiting || before[1] !== refused) bell.ring()
  }

  // Whoever was dealt with when the application ended is dealt with no more.
  await store.queue.where('state').equals('open').modify({ state: 'waiting' })
  await count()

  const seal = (item: GateItem) => ciphers.seal(deviceKey, utf8(JSON.stringify(item)), item.id)

  async function open(row: QueueRow): Promise<GateItem | null> {
    try {
      const parsed = GateItem.safeParse(recordOf(textOf(await ciphers.open(deviceKey, row.sealed, row.id))))
      return parsed.success ? parsed.data : null
    } catch {
      return null
    }
  }

  async function later(row: QueueRow): Promise<void> {
    const tries = row.tries + 1
    const wait = Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries - 1, 10))
    await store.queue.update(row.id, { tries, nextAt: wall() + wait * (0.75 + needs.random() / 2) })
  }

  async function settle(result: PassageResult): Promise<void> {
    const row = await store.queue.get(result.id)
    if (!row) return
    if (result.outcome === 'later') return later(row)
    if (result.outcome !== 'refused') return store.queue.delete(row.id)
    const said = result.problem
    await store.queue.update(row.id, {
      state: 'refused',
      tries: row.tries + 1,
      problem: said
        ? { code: said.code, rule: said.rule ?? null, message: said.message, remedy: said.remedy ?? null }
        : null,
    })
  }

  return {
    waiting: () => waiting,
    refused: () => refused,
    count,

    /** `open`: it may still be changed and does not leave. @throws PhoneFull */
    add: (item: GateItem, state: 'open' | 'waiting'): Promise<void> =>
      inTurn(async () => {
        const sealed = await seal(item)
        await orFull(() =>
          store.queue.add({ id: item.id, kind: item.kind, state, nextAt: 0, tries: 0, sealed, problem: null }),
        )
        waiting += 1
        bell.ring()
      }),

    /** Only an open item is changed. @returns whether it was. */
    change: (id: string, make: (item: GateItem) => GateItem): Promise<boolean> =>
      inTurn(async () => {
        const row = await store.queue.get(id)
        const item = row?.state === 'open' ? await open(row) : null
        if (!item) return false
        await store.queue.update(id, { sealed: await seal(make(item)) })
        return true
      }),

    close: (id: string): Promise<void> =>
      inTurn(async () => {
        await store.queue
          .where('id')
          .equals(id)
          .and((row) => row.state === 'open')
          .modify({ state: 'waiting' })
      }),

    /** The oldest that are due, opened; those that no longer open (a changed key) are set aside so that they block nothing. */
    due: (most = MAX_ITEMS): Promise<GateItem[]> =>
      inTurn(async () => {
        const rows = await store.queue
          .where('[state+nextAt]')
          .between(['waiting', Dexie.minKey], ['waiting', wall()], true, true)
          .limit(most)
          .toArray()
        const items: GateItem[] = []
        for (const row of rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
          const item = await open(row)
          if (item) items.push(item)
          else await store.queue.update(row.id, { state: 'refused' })
        }
        return items
      }),

    /** One answer of the server for each item, alone. */
    settle: (results: readonly PassageResult[]): Promise<void> =>
      inTurn(async () => {
        for (const result of results) await settle(result)
        await count()
      }),

    /** An answer that named none of them: they are kept and come again. */
    unanswered: (ids: readonly string[]): Promise<void> =>
      inTurn(async () => {
        for (const row of await store.queue.bulkGet([...ids])) if (row) await later(row)
      }),

    refusals: async (): Promise<Refused[]> => {
      const rows = await store.queue.where('state').equals('refused').limit(50).toArray()
      return Promise.all(
        rows.map(async (row) => ({ id: row.id, kind: row.kind, item: await open(row), problem: row.problem })),
      )
    },

    /** The attendant has read why; only what was refused for good may go (case 55). */
    drop: (id: string): Promise<void> =>
      inTurn(async () => {
        await store.queue
          .where('id')
          .equals(id)
          .and((row) => row.state === 'refused')
          .delete()
        await count()
      }),
  }
}
