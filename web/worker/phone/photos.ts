import { PHOTO_PART_BYTES, SealedPhotoTaken } from '@weiwang/domain/sync/api'
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

const LATER_S = 300
const ALL: readonly number[] = [0]

type Exchange = (request: NetRequest) => Promise<NetAnswer>

function pathOf({ about, subject, id }: PhotoRow): string {
  if (about === 'observation') return `/api/observations/${subject}/photos/${id}`
  if (about === 'service') return `/api/services/${subject}/photos/${id}`
  return `/api/photos/${id}?visit=${subject}`
}

/** A picture without its bytes: these are read when it goes up or is looked at, and at no other time. */
type Known = Pick<PhotoRow, 'id' | 'of' | 'state' | 'bytes' | 'takenAt' | 'doneAt' | 'nextAt'> & { kept: boolean }

const partsOf = (sealed: Bytes): number => Math.ceil(sealed.length / PHOTO_PART_BYTES)

export type Photographs = Awaited<ReturnType<typeof openPhotos>>

export type PhotoNeeds = {
  store: Store
  vault: Vault
  ciphers: Ciphers
  bell: Bell
  clock: Clock
  random: () => number
  newId: () => string
  /** The server's time, whatever the phone's clock does. */
  now: () => number
  shrink: (picture: Blob) => Promise<Blob>
}

/**
 * Pictures have their own way up, after the reports and without holding them back. Each lies sealed under a key of its own, and
 * that key under the data key and sealed to the server: with a forgotten PIN, an ended session or an order to clear it goes up as
 * it lies, part by part (SYNC-25).
 */
export async function openPhotos(needs: PhotoNeeds) {
  const { store, vault, ciphers, bell, clock } = needs
  const queue = newQueue()
  const reading = newQueue()
  const known = new Map<string, Known>()
  let views: readonly PhotoView[] = []
  /** Parts that the server still lacks, as it last said; after a restart it says so again with the first part. */
  const missing = new Map<string, readonly number[]>()

  function know({ id, of, state, bytes, takenAt, doneAt, nextAt, sealed }: PhotoRow): void {
    const told = doneAt === undefined ? {} : { doneAt }
    known.set(id, { id, of, state, bytes, takenAt, nextAt, kept: sealed !== null, ...told })
  }

  async function read(ids: readonly string[] | undefined): Promise<void> {
    if (ids) {
      const rows = await store.photos.bulkGet([...ids])
      for (const [i, id] of ids.entries()) {
        const row = rows[i]
        if (row) know(row)
        else known.delete(id)
      }
    } else {
      known.clear()
      await store.photos.each(know)
    }
    views = [...known.values()]
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, of, state, bytes }) => ({ id, of: of === '' ? null : of, state, bytes }))
    bell.ring()
  }

  /** Reads anew what became of some of them, or of all, as after another tab's work. */
  const relist = (ids?: readonly string[]): Promise<void> => reading(() => read(ids))
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
    await relist([id])
    return { id, of: null, state: 'draft', bytes: plain.length }
  }

  async function opened(row: PhotoRow): Promise<Bytes | null> {
    if (!row.sealed) return null
    const raw = await vault.openBytes(row.photoKey, `photo/${row.id}`)
    return raw === null ? null : ciphers.open(await ciphers.dataKeyOf(raw), row.sealed, row.id)
  }

  /** By the session, when somebody is logged in and the picture opens here; null: it goes as it lies. */
  async function clearRequest(row: PhotoRow): Promise<NetRequest | null> {
    const plain = await opened(row)
    if (!plain) return null
    const headers = {
      'idempotency-key': row.id,
      'x-weiwang': '1',
      'x-weiwang-of': row.of,
      'x-weiwang-subject': row.subject,
      'content-type': 'image/jpeg',
    }
    return { method: 'PUT', path: pathOf(row), timeoutMs: PATIENCE_MS, headers, body: plain }
  }

  function partRequest(row: PhotoRow, sealed: Bytes, authorization: string, part: number): NetRequest {
    const parts = partsOf(sealed)
    return {
      method: 'PUT',
      path: `/api/sync/photos/${row.id}/${part}?${row.about ?? 'visit'}=${row.subject}&parts=${parts}`,
      timeoutMs: PATIENCE_MS,
      headers: {
        authorization,
        'x-weiwang': '1',
        'content-type': 'application/octet-stream',
        'x-weiwang-box': base64url(row.box),
        'x-weiwang-box-key': row.boxKey,
      },
      body: sealed.slice(part * PHOTO_PART_BYTES, (part + 1) * PHOTO_PART_BYTES),
    }
  }

  async function wait(row: PhotoRow, ms?: number): Promise<void> {
    const spread = Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** row.tries) * (0.75 + needs.random() / 2)
    await store.photos.update(row.id, { tries: row.tries + 1, nextAt: clock.now() + (ms ?? spread) })
  }

  async function done(row: PhotoRow): Promise<'done'> {
    missing.delete(row.id)
    await store.photos.update(row.id, { state: 'done', doneAt: needs.now() })
    return 'done'
  }

  async function refused(row: PhotoRow): Promise<'waits'> {
    await store.photos.update(row.id, { state: 'refused' })
    return 'waits'
  }

  /** `stop`: nobody is let in, or this phone is told to come back; the others wait as well and lose no time by it. */
  type Came = 'done' | 'waits' | 'stop'

  async function inClear(request: NetRequest, row: PhotoRow, exchange: Exchange): Promise<Came> {
    const { status } = await exchange(request)
    // Nobody is logged in: that is no fault of the picture, and all of them go at once after the log-in.
    if (status === 401) return 'stop'
    if (status >= 200 && status < 300) return done(row)
    if (REFUSED.includes(status)) return refused(row)
    await wait(row)
    return 'waits'
  }

  /** Part by part, those first that the server lacks; a lost answer costs one part again (SYNC-25). */
  async function asItLies(row: PhotoRow, sealed: Bytes, exchange: Exchange): Promise<Came> {
    const authorization = await vault.authorization()
    if (authorization === null) return 'waits'
    const parts = partsOf(sealed)
    for (let turn = 0; turn < 2 * parts; turn++) {
      const part = (missing.get(row.id) ?? ALL)[0] ?? 0
      const { status, body } = await exchange(partRequest(row, sealed, authorization, part))
      if (status === 401) return 'stop'
      const taken = status >= 200 && status < 300 ? SealedPhotoTaken.safeParse(body).data : undefined
      if (taken?.state === 'part' && taken.missing.length > 0) {
        missing.set(row.id, taken.missing)
        continue
      }
      if (taken?.state === 'stored' || taken?.state === 'waiting') return done(row)
      if (taken?.state === 'later') {
        await wait(row, (taken.comeBack ?? LATER_S) * 1000)
        return 'stop'
      }
      // As long as its key may be at hand again it can go in clear after all.
      if (taken?.state === 'refused' && !vault.mayOpen(row.photoKey)) return refused(row)
      break
    }
    missing.delete(row.id)
    await wait(row)
    return 'waits'
  }

  async function one(row: PhotoRow, session: boolean, exchange: Exchange): Promise<Came> {
    // Only a picture that the server has makes room. It waits again with what mends its report, and has nothing more to hand in.
    if (row.sealed === null) return done(row)
    const request = session ? await clearRequest(row) : null
    return request ? inClear(request, row, exchange) : asItLies(row, row.sealed, exchange)
  }

  const waiting = (): Known[] => [...known.values()].filter((row) => row.state === 'waiting')

  return {
    relist,
    /** Those that another tab took and was ended. @param others work of another tab was found */
    refresh: async (others: boolean): Promise<void> => {
      if (others || (await store.photos.count()) !== views.length) await relist()
    },
    /** @param exchange throws when there was no answer: then the rest waits for another round. */
    upload: (session: boolean, exchange: Exchange): Promise<number> =>
      queue(async () => {
        let sent = 0
        for (const { id, nextAt } of waiting()) {
          const early = nextAt - clock.now()
          if (early > 0 && early <= 2 * MOST_WAIT_MS) continue
          const row = await store.photos.get(id)
          const came = row?.state === 'waiting' ? await one(row, session, exchange) : 'waits'
          await relist([id])
          if (came === 'done') sent += 1
          if (came === 'stop') break
        }
        return sent
      }),
    waiting: () => waiting().length,
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
      await relist()
    },
    tidy: async (durableTo: string | null): Promise<void> => {
      const limit = needs.now() - KEPT_MS
      const durable = durableTo === null ? 0 : new Date(durableTo).getTime()
      const done = [...known.values()].filter((row) => row.state === 'done')
      const old = done.filter((row) => (row.doneAt ?? row.takenAt) < limit).map(({ id }) => id)
      const safe = done.filter((row) => row.kept && (row.doneAt ?? 0) < durable).map(({ id }) => id)
      if (old.length + safe.length === 0) return
      // Another tab may have offered them again meanwhile.
      const still = (row: PhotoRow): boolean => row.state === 'done'
      await store.photos.where('id').anyOf(safe).filter(still).modify({ sealed: null })
      await store.photos.where('id').anyOf(old).filter(still).delete()
      await relist([...safe, ...old])
    },
    shown: {
      take,
      list: () => views,
      drop: (id) =>
        queue(async () => {
          const row = await store.photos.get(id)
          if (row?.state === 'draft') await store.photos.delete(id)
          await relist([id])
        }),
      read: async (id) => {
        const row = await store.photos.get(id)
        const plain = row ? await opened(row) : null
        return plain ? new Blob([plain], { type: 'image/jpeg' }) : null
      },
    } satisfies Shown,
  }
}
