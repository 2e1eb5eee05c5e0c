import type { Bell } from './bell.ts'
import { newQueue } from './bell.ts'
import { base64url } from './codec.ts'
import type { Bytes } from './codec.ts'
import type { Ciphers } from './crypto.ts'
import { orFull, PhoneLocked } from './store.ts'
import type { PhotoRow, Store } from './store.ts'
import type { Clock, NetAnswer, NetRequest, Photos as Shown, PhotoView } from './types.ts'
import type { Vault } from './vault.ts'

const KEY_BYTES = 32
const FIRST_WAIT_MS = 20_000
const MOST_WAIT_MS = 3_600_000
const KEPT_MS = 30 * 24 * 3_600_000
/** Upload of a picture over a weak net. */
const PATIENCE_MS = 120_000
/** The server read it and will never take it. */
const REFUSED = [400, 413, 415, 422]

export type Photographs = Awaited<ReturnType<typeof openPhotos>>

export type PhotoNeeds = {
  store: Store
  vault: Vault
  ciphers: Ciphers
  bell: Bell
  clock: Clock
  random: () => number
  newId: () => string
  /** By the server's clock. */
  now: () => number
  shrink: (picture: Blob) => Promise<Blob>
}

/**
 * Pictures have their own way up, after the reports and without holding them back. Each lies sealed under a key of its own, and
 * that key under the data key and sealed to the server: a forgotten PIN loses no picture either (SYNC-15).
 */
export async function openPhotos(needs: PhotoNeeds) {
  const { store, vault, ciphers, bell, clock } = needs
  const queue = newQueue()
  let views: readonly PhotoView[] = []

  async function relist(): Promise<void> {
    const rows: PhotoView[] = []
    await store.photos.each(
      ({ id, of, state, bytes }) => void rows.push({ id, of: of === '' ? null : of, state, bytes }),
    )
    views = rows
    bell.ring()
  }
  await relist()

  async function take(picture: Blob): Promise<PhotoView> {
    if (!vault.isOpen()) throw new PhoneLocked()
    const small = await needs.shrink(picture)
    const id = needs.newId()
    const raw = ciphers.random(KEY_BYTES)
    const plain = new Uint8Array(await small.arrayBuffer())
    const row: PhotoRow = {
      id,
      of: '',
      subject: '',
      state: 'draft',
      sealed: await ciphers.seal(await ciphers.dataKeyOf(raw), plain, id),
      photoKey: await vault.sealBytes(raw, `photo/${id}`),
      ...(await vault.box(raw, id)),
      bytes: plain.length,
      takenAt: clock.now(),
      tries: 0,
      nextAt: 0,
    }
    await orFull(() => store.photos.add(row))
    await relist()
    return { id, of: null, state: 'draft', bytes: plain.length }
  }

  async function opened(row: PhotoRow): Promise<Bytes | null> {
    if (!row.sealed) return null
    const raw = await vault.openBytes(row.photoKey, `photo/${row.id}`)
    return raw === null ? null : ciphers.open(await ciphers.dataKeyOf(raw), row.sealed, row.id)
  }

  async function requestOf(row: PhotoRow, session: boolean): Promise<NetRequest | null> {
    const about = {
      'idempotency-key': row.id,
      'x-weiwang': '1',
      'x-weiwang-of': row.of,
      'x-weiwang-subject': row.subject,
    }
    const base = { method: 'PUT' as const, path: `/api/photos/${row.id}?visit=${row.subject}`, timeoutMs: PATIENCE_MS }
    const plain = session ? await opened(row) : null
    if (plain) return { ...base, headers: { ...about, 'content-type': 'image/jpeg' }, body: plain }
    const authorization = await vault.authorization()
    if (!row.sealed || authorization === null) return null
    const headers = {
      ...about,
      authorization,
      'content-type': 'application/octet-stream',
      'x-weiwang-box': base64url(row.box),
      'x-weiwang-box-key': row.boxKey,
    }
    return { ...base, headers, body: row.sealed }
  }

  async function settle(row: PhotoRow, status: number, sealed: boolean): Promise<void> {
    if (status >= 200 && status < 300) await store.photos.update(row.id, { state: 'done', doneAt: needs.now() })
    // A sealed picture may go up in clear once the phone is open again: only that answer is about the picture itself.
    else if (!sealed && REFUSED.includes(status)) await store.photos.update(row.id, { state: 'refused' })
    else {
      const wait = Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** row.tries) * (0.75 + needs.random() / 2)
      await store.photos.update(row.id, { tries: row.tries + 1, nextAt: clock.now() + wait })
    }
    await relist()
  }

  return {
    relist,
    /** Those that another tab took and was ended. */
    refresh: async (): Promise<void> => {
      if ((await store.photos.count()) !== views.length) await relist()
    },
    /** @param exchange throws when there was no answer: then the rest waits for another round. */
    upload: (session: boolean, exchange: (request: NetRequest) => Promise<NetAnswer>): Promise<number> =>
      queue(async () => {
        let done = 0
        for (const { id } of views.filter((view) => view.state === 'waiting')) {
          const row = await store.photos.get(id)
          if (!row || row.state !== 'waiting') continue
          const early = row.nextAt - clock.now()
          if (early > 0 && early <= 2 * MOST_WAIT_MS) continue
          const request = await requestOf(row, session)
          if (!request) continue
          const { status } = await exchange(request)
          // Nobody is logged in: that is no fault of the picture, and all of them go at once after the log-in.
          if (status === 401) break
          await settle(row, status, request.headers?.['authorization'] !== undefined)
          if (status < 300) done += 1
        }
        return done
      }),
    waiting: () => views.filter((view) => view.state === 'waiting').length,
    /** The server lost what it had: pictures that are still kept go up again, as their visits do (SYNC-14). */
    offerAgain: (): Promise<void> =>
      queue(async () => {
        await store.photos
          .filter((row) => row.state === 'done' && row.sealed !== null)
          .modify({ state: 'waiting', tries: 0, nextAt: 0 })
        await relist()
      }),
    /** Room for a report: pictures that the server has go first. */
    makeRoom: async (): Promise<void> => {
      await store.photos.filter((row) => row.state === 'done').modify({ sealed: null })
    },
    tidy: async (durableTo: string | null): Promise<void> => {
      const limit = clock.now() - KEPT_MS
      const durable = durableTo === null ? 0 : new Date(durableTo).getTime()
      await store.photos
        .filter((row) => row.state === 'done' && row.sealed !== null && (row.doneAt ?? 0) < durable)
        .modify({ sealed: null })
      await store.photos.filter((row) => row.state === 'done' && row.takenAt < limit).delete()
    },
    shown: {
      take,
      list: () => views,
      drop: (id) =>
        queue(async () => {
          const row = await store.photos.get(id)
          if (row?.state === 'draft') await store.photos.delete(id)
          await relist()
        }),
      read: async (id) => {
        const row = await store.photos.get(id)
        const plain = row ? await opened(row) : null
        return plain ? new Blob([plain], { type: 'image/jpeg' }) : null
      },
    } satisfies Shown,
  }
}
