import type { Bell } from './bell.ts'
import { newQueue } from './bell.ts'
import { base64url, recordOf, utf8 } from './codec.ts'
import { orFull } from './store.ts'
import type { DraftRecord, Store } from './store.ts'
import type { Due } from './works.ts'
import type { Time } from './time.ts'
import type { DraftOf, DraftRow, Drafts as Shown } from './types.ts'
import type { Vault } from './vault.ts'

const KEPT_MS = 14 * 24 * 3_600_000

export type Drafts = ReturnType<typeof newDrafts>

function idOf({ form, version, subject }: DraftOf): string {
  return JSON.stringify([form, version, subject])
}

/**
 * What is typed is kept on every change (case 20), sealed, and bound to account, form, version and subject (case 51): the
 * database is the account's own, the rest is the row's id and part of its seal. Each draft is sealed to the server too and goes
 * up when there is a net, so that it follows the worker to another phone (case 57); the last one written wins.
 */
export function newDrafts({
  store,
  vault,
  time,
  bell,
  crypto,
}: {
  store: Store
  vault: Vault
  time: Time
  bell: Bell
  crypto: Crypto
}) {
  const queue = newQueue()

  async function record(of: DraftOf, content: unknown, savedAt: string, dropped: boolean): Promise<DraftRecord> {
    const id = idOf(of)
    const key = crypto.randomUUID()
    const item = {
      key,
      seq: 0,
      kind: 'draft.keep',
      at: savedAt,
      body: { form: of.form, version: of.version, subject: of.subject, savedAt, content: dropped ? null : content },
    }
    return {
      id,
      form: of.form,
      version: of.version,
      subject: of.subject,
      savedAt,
      plain: await vault.seal(JSON.stringify({ content }), `draft/${id}`),
      push: { key, at: savedAt, ...(await vault.box(utf8(JSON.stringify(item)), key)) },
      dropped,
    }
  }

  async function read(row: DraftRecord | undefined): Promise<DraftRow | null> {
    if (!row || row.dropped) return null
    const text = await vault.open(row.plain, `draft/${row.id}`)
    const opened = text === null ? null : recordOf(text)
    if (!opened) return null
    const { form, version, subject, savedAt } = row
    return { form, version, subject, savedAt, content: opened['content'] }
  }

  const savedNow = (): string => time.now().toISOString()

  return {
    prepareDrop: (of: DraftOf): Promise<DraftRecord> => record(of, null, savedNow(), true),
    /** Drafts whose last state the server has not said to have. */
    due: async (): Promise<Due[]> => {
      const rows = await store.drafts.toArray()
      return Promise.all(
        rows
          .flatMap((row) => (row.push ? [{ row, push: row.push }] : []))
          .map(async ({ row, push }) => {
            const draft = row.dropped ? null : await read(row)
            const { form, version, subject, savedAt } = row
            const body = { form, version, subject, savedAt, content: draft?.content ?? null }
            const readable = row.dropped || draft !== null
            return {
              key: push.key,
              seq: 0,
              boxKey: push.boxKey,
              box: base64url(push.box),
              plain: readable ? { key: push.key, seq: 0, kind: 'draft.keep', at: push.at, body } : null,
            }
          }),
      )
    },
    /** The server has these, or will never take them: a draft is no report and is not offered for ever. */
    settled: (keys: readonly string[]): Promise<void> =>
      queue(async () => {
        await store.transaction('rw', store.drafts, async () => {
          for (const row of await store.drafts.toArray()) {
            if (row.push === null || !keys.includes(row.push.key)) continue
            if (row.dropped) await store.drafts.delete(row.id)
            else await store.drafts.put({ ...row, push: null, keptAt: time.steady().toISOString() })
          }
        })
      }),
    /** What another phone of this account left at the server; the later one stays. */
    take: (rows: readonly DraftRow[]): Promise<void> =>
      queue(async () => {
        for (const { content, savedAt, ...of } of rows) {
          const here = await store.drafts.get(idOf(of))
          // One that lies here under a key that is gone is no draft any more.
          const readable = here !== undefined && (here.dropped || (await read(here)) !== null)
          if (readable && here.savedAt >= savedAt) continue
          const keptAt = time.steady().toISOString()
          await store.drafts.put({ ...(await record(of, content, savedAt, false)), push: null, keptAt })
        }
        bell.ring()
      }),
    /** Half-written forms that nobody touched for two weeks go. */
    tidy: async (): Promise<void> => {
      const limit = new Date(time.steady().getTime() - KEPT_MS).toISOString()
      const rows = await store.drafts.toArray()
      // A clock that was wrong may have said that it was saved years ago.
      const old = rows.filter((row) => row.push === null && (row.keptAt ?? row.savedAt) < limit)
      if (old.length > 0) await store.drafts.bulkDelete(old.map(({ id }) => id))
    },
    shown: {
      load: async (of) => read(await store.drafts.get(idOf(of))),
      save: (of, content) =>
        queue(async () => {
          const row = await record(of, content, savedNow(), false)
          await orFull(() => store.drafts.put(row))
        }),
      drop: (of) =>
        queue(async () => {
          const here = await store.drafts.get(idOf(of))
          if (!here) return
          const row = await record(of, null, savedNow(), true)
          await orFull(() => store.drafts.put(row))
        }),
      list: async () => {
        const rows = await Promise.all((await store.drafts.toArray()).map(read))
        return rows.flatMap((row) => (row ? [row] : [])).toSorted((a, b) => b.savedAt.localeCompare(a.savedAt))
      },
    } satisfies Shown,
  }
}
