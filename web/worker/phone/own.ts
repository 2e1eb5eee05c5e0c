import { z } from 'zod'
import type { Bell } from './bell.ts'
import { recordOf } from './codec.ts'
import type { NetAnswer, NetRequest, NoticeView, Own } from './types.ts'
import { readMeta } from './store.ts'
import type { ReceiptRow, Store } from './store.ts'
import type { Vault } from './vault.ts'

/** Work whose end the server tells only by these lists. */
const KINDS = ['help.ask', 'help.close', 'person.change', 'household.change']
const TOLD = ['help.seen', 'help.closed', 'change.kept', 'change.taken']
/** As long as something is open it may have been decided where no notice reaches this phone (HELP-1: without a grid). */
const OPEN_AGAIN_MS = 600_000
const MOST = 50
const ABOUT = 'own'

const Help = z.object({
  id: z.string(),
  at: z.string(),
  areaName: z.string(),
  state: z.string(),
  seenBy: z.object({ name: z.string(), phone: z.string().nullable() }).nullable().catch(null),
  seenAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  note: z.string().nullable(),
})
const Change = z.object({
  id: z.string(),
  thing: z.string(),
  thingId: z.string(),
  field: z.string(),
  state: z.string(),
  madeAt: z.string(),
  decidedAt: z.string().nullable(),
  byName: z.string().nullable(),
  reason: z.string().nullable(),
})
const Lists = z.object({
  help: z.array(Help),
  helpTotal: z.number(),
  changes: z.array(Change),
  changesTotal: z.number(),
})
const Kept = z.object({ lists: Lists, asOf: z.string(), notices: z.array(z.string()) })

const page = <T extends z.ZodType>(of: T) => z.object({ items: z.array(of), total: z.number() })

export type OwnMatters = Awaited<ReturnType<typeof openOwn>>

/**
 * My calls for help and my changes that a centre had to decide on, as last heard (HELP-1, PEOPLE-20): asked of the server when
 * there is reason to, kept sealed, readable without a net.
 */
export async function openOwn(needs: {
  store: Store
  vault: Vault
  bell: Bell
  now: () => Date
  receipts: () => Iterable<ReceiptRow>
  notices: () => readonly NoticeView[]
}) {
  const { store, vault, bell } = needs
  let own: Own | null = null
  let notices: readonly string[] = []
  let wanted = false

  async function read(): Promise<void> {
    const row = await readMeta(store, 'own')
    const text = row ? await vault.open(row.sealed, ABOUT) : null
    const kept = text === null ? null : Kept.safeParse(recordOf(text))
    own = kept?.success ? { ...kept.data.lists, asOf: new Date(kept.data.asOf) } : null
    notices = kept?.success ? kept.data.notices : []
    bell.ring()
  }

  const told = (): string[] =>
    needs
      .notices()
      .filter(({ body }) => TOLD.includes(body.what))
      .map(({ id, n }) => `${id} ${n}`)

  function hasReason(): boolean {
    if (wanted || told().some((one) => !notices.includes(one))) return true
    const asOf = own?.asOf.getTime() ?? 0
    for (const { kind, recordedAt } of needs.receipts())
      if (KINDS.includes(kind) && new Date(recordedAt).getTime() > asOf) return true
    const isOpen =
      own?.help.some(({ state }) => state !== 'closed') || own?.changes.some(({ state }) => state === 'open')
    return (isOpen ?? false) && Math.abs(needs.now().getTime() - asOf) > OPEN_AGAIN_MS
  }

  return {
    own: (): Own | null => own,
    /** The next round asks: its screen is open. */
    want: (): void => {
      wanted = true
    },
    reload: async (): Promise<void> => {
      if (vault.isOpen()) return read()
      own = null
      return undefined
    },
    /** Nothing goes over the net while there is no reason; an answer that is not understood leaves what was heard before. */
    refresh: async (exchange: (request: NetRequest) => Promise<NetAnswer>): Promise<void> => {
      if (!hasReason()) return
      const seen = told()
      const asOf = needs.now()
      const list = async <T extends z.ZodType>(path: string, of: T) => {
        const { status, body } = await exchange({ method: 'GET', path: `${path}?limit=${MOST}` })
        return status === 200 ? page(of).safeParse(body).data : undefined
      }
      const help = await list('/api/help/mine', Help)
      const changes = await list('/api/people/changes/mine', Change)
      if (!help || !changes || !vault.isOpen()) return
      const lists = { help: help.items, helpTotal: help.total, changes: changes.items, changesTotal: changes.total }
      const text = JSON.stringify({ lists, asOf: asOf.toISOString(), notices: seen })
      await store.meta.put({ key: 'own', sealed: await vault.seal(text, ABOUT) })
      wanted = false
      await read()
    },
  }
}
