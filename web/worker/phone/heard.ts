import type { Bell } from './bell.ts'
import { recordOf } from './codec.ts'
import type { Heard, NetAnswer, NetRequest } from './types.ts'
import { readMeta } from './store.ts'
import type { Store } from './store.ts'
import type { Vault } from './vault.ts'

/** What only the server can tell about the account itself, wherever its grids are; each is one address and one sealed row. */
export const HEARD = [
  '/api/watches/mine',
  '/api/services/mine?list=offered',
  '/api/services/mine?list=taken',
  '/api/mediations/mine?state=open',
  '/api/forces/turns/mine',
  '/api/forces/health/mine',
  '/api/forces/mine',
] as const
export type HeardPath = (typeof HEARD)[number]

const metaKey = (path: HeardPath): `heard ${HeardPath}` => `heard ${path}`

export type HeardLists = Awaited<ReturnType<typeof openHeard>>

/**
 * SYNC-26: lists that a screen asks the server for: asked while it is open, kept sealed, and read without a net as they were last heard.
 * A refusal (the account may not) and a server that does not know the address leave what was heard before.
 */
export async function openHeard(needs: { store: Store; vault: Vault; bell: Bell; now: () => Date }) {
  const { store, vault, bell } = needs
  let lists: ReadonlyMap<HeardPath, Heard> = new Map()
  const wanted = new Set<HeardPath>()

  async function read(): Promise<void> {
    const next = new Map<HeardPath, Heard>()
    for (const path of HEARD) {
      const row = await readMeta(store, metaKey(path))
      const text = row ? await vault.open(row.sealed, metaKey(path)) : null
      const kept = text === null ? null : recordOf(text)
      if (kept && typeof kept['asOf'] === 'string') next.set(path, { body: kept['body'], asOf: new Date(kept['asOf']) })
    }
    lists = next
    bell.ring()
  }

  return {
    heard: (path: HeardPath): Heard | null => (vault.isOpen() ? (lists.get(path) ?? null) : null),
    /** The next round asks: its screen is open. */
    want: (path: HeardPath): void => void wanted.add(path),
    reload: async (): Promise<void> => {
      if (vault.isOpen()) return read()
      lists = new Map()
      return undefined
    },
    refresh: async (exchange: (request: NetRequest) => Promise<NetAnswer>): Promise<void> => {
      for (const path of wanted) {
        const asOf = needs.now()
        const { status, body } = await exchange({ method: 'GET', path })
        wanted.delete(path)
        if (status !== 200 || !vault.isOpen()) continue
        const text = JSON.stringify({ body, asOf: asOf.toISOString() })
        await store.meta.put({ key: metaKey(path), sealed: await vault.seal(text, metaKey(path)) })
        lists = new Map(lists).set(path, { body, asOf })
        bell.ring()
      }
    },
  }
}
