import { addDays } from '@weiwang/domain/core/day'
import { FeedIdentity, FeedItemOut, Mine, Reference } from '@weiwang/domain/sync/api'
import type { GridCursor, GridState } from '@weiwang/domain/sync/api'
import { isGone } from '@weiwang/domain/sync/feed'
import type { Bell } from './bell.ts'
import { newQueue } from './bell.ts'
import { isRecord, recordOf, textIn } from './codec.ts'
import type { Entry, Shelf } from './shelf.ts'
import { readMeta } from './store.ts'
import type { CursorRow, ItemRow, Store } from './store.ts'
import type { Clock, Log } from './types.ts'
import type { Vault } from './vault.ts'

const VISIT_DAYS = 30
/** Rows opened at a time, so that the first list is drawn before the last row is read. */
const CHUNK = 200
/** What is needed first. */
const ORDER = ['task', 'household', 'person']

/** Kinds that stand in several grids at once, in each with its own answer: on the phone one of each. */
const IN_SEVERAL = new Set(['instruction'])

/** Under which id a thing of the feed lies on the phone. What lies in two of my grids stays in one when the other goes. */
export function idHere({ kind, id, grid }: { kind: string; id: string; grid: string }): string {
  return IN_SEVERAL.has(kind) ? `${id}.${grid}` : id
}

export type Page = {
  grids: readonly GridState[]
  gone: readonly string[]
  items: readonly unknown[]
  more: boolean
  comeBack: number | null
  mine?: unknown
  reference?: unknown
}

export type Feed = Awaited<ReturnType<typeof openFeed>>

export type FeedNeeds = {
  store: Store
  vault: Vault
  shelf: Shelf
  bell: Bell
  clock: Clock
  log: Log
  today: () => string
}

/** What of the grids lies here, and how a page of the feed becomes that: items and cursor in one transaction (SYNC-3). */
export async function openFeed(needs: FeedNeeds) {
  const { store, vault, shelf, bell } = needs
  let cursors = new Map((await store.cursors.toArray()).map((row) => [row.grid, row]))
  let mine = (await readMeta(store, 'mine'))?.mine ?? null
  let reference = (await readMeta(store, 'reference'))?.reference ?? null
  // A page that is taken in while the disk is read would be overwritten in memory by what was read before it.
  const queue = newQueue()
  let levelAt = 0
  let loading = false

  async function opened(row: ItemRow): Promise<Entry | null> {
    const text = await vault.open(row.sealed, `${row.kind}/${row.id}`)
    const record = text === null ? null : recordOf(text)
    if (!record || !isRecord(record['body'])) return null
    const identity = FeedIdentity.safeParse(record['identity'])
    return {
      kind: row.kind,
      id: row.id,
      grid: row.grid,
      n: row.n,
      body: record['body'],
      identity: identity.success ? identity.data : null,
      address: textIn(record, 'address'),
    }
  }

  async function loadRows(rows: readonly ItemRow[]): Promise<void> {
    for (let i = 0; i < rows.length; i += CHUNK) {
      const chunk = await Promise.all(rows.slice(i, i + CHUNK).map(opened))
      shelf.put(chunk.flatMap((entry) => (entry ? [entry] : [])))
      bell.ring()
    }
  }

  /** All kinds but those that come first, by ranges: a cursor, as of `noneOf`, asks the disk once for each row. */
  async function loadRest(): Promise<void> {
    const kinds = ORDER.toSorted()
    for (const [i, kind] of kinds.entries()) {
      const before = kinds[i - 1]
      const where = store.items.where('kind')
      const range = before === undefined ? where.below(kind) : where.between(before, kind, false, false)
      await loadRows(await range.toArray())
    }
    await loadRows(
      await store.items
        .where('kind')
        .above(kinds.at(-1) ?? '')
        .toArray(),
    )
  }

  /** Tasks, then doors, then people, then the rest. */
  async function load(): Promise<void> {
    loading = true
    shelf.clear()
    for (const kind of ORDER) await loadRows(await store.items.where('kind').equals(kind).toArray())
    await loadRest()
    loading = false
    bell.ring()
  }

  async function reload(): Promise<void> {
    cursors = new Map((await store.cursors.toArray()).map((row) => [row.grid, row]))
    mine = (await readMeta(store, 'mine'))?.mine ?? null
    reference = (await readMeta(store, 'reference'))?.reference ?? null
    if (vault.isOpen()) await load()
  }

  async function sealedRow(item: FeedItemOut): Promise<ItemRow> {
    const { kind, id, grid, n, body, identity, address } = item
    const sealed = await vault.seal(JSON.stringify({ body, identity, address }), `${kind}/${id}`)
    const due = textIn(body, kind === 'visit' ? 'day' : 'answerBy') ?? ''
    return { kind, id, grid, n, due, sealed }
  }

  /** Items that cannot be read at all are left out, never the page (case 19). */
  function readable(items: readonly unknown[]): FeedItemOut[] {
    return items.flatMap((raw) => {
      const parsed = FeedItemOut.safeParse(raw)
      if (parsed.success) return [{ ...parsed.data, id: idHere(parsed.data) }]
      needs.log('feed item left out', { issue: parsed.error.issues[0]?.message ?? '' })
      return []
    })
  }

  async function putPage(plan: Plan): Promise<{ put: ItemRow[]; dropped: ItemRow[] }> {
    const put: ItemRow[] = []
    const dropped: ItemRow[] = []
    await store.transaction('rw', store.items, store.cursors, store.meta, async () => {
      for (const grid of plan.forget) await store.items.where('grid').equals(grid).delete()
      await store.cursors.bulkDelete([...plan.forget])
      const keys = [...plan.rows, ...plan.gone].map(({ kind, id }): [string, string] => [kind, id])
      const before = new Map(
        (await store.items.bulkGet(keys)).flatMap((row) => (row ? [[`${row.kind}/${row.id}`, row]] : [])),
      )
      const older = (one: { kind: string; id: string; grid: string; n: number }): ItemRow | undefined =>
        before.get(`${one.kind}/${one.id}`)
      for (const row of plan.rows) {
        const here = older(row)
        if (!here || here.grid !== row.grid || here.n <= row.n) put.push(row)
      }
      // Gone from one grid of mine is not gone from another that it went to, be it in this very page.
      const arrived = new Set(put.map(({ kind, id }) => `${kind}/${id}`))
      for (const one of plan.gone) {
        const here = older(one)
        if (here && here.grid === one.grid && here.n <= one.n && !arrived.has(`${one.kind}/${one.id}`))
          dropped.push(here)
      }
      await store.items.bulkPut(put)
      await store.items.bulkDelete(dropped.map(({ kind, id }): [string, string] => [kind, id]))
      await store.cursors.bulkPut([...plan.cursors])
      if (plan.mine) await store.meta.put({ key: 'mine', mine: plan.mine })
      if (plan.reference) await store.meta.put({ key: 'reference', reference: plan.reference })
    })
    return { put, dropped }
  }

  /** @param head the bounded page of what is urgent; it moves no cursor. */
  async function apply(page: Page, head: boolean): Promise<{ received: number; otherEpoch: boolean }> {
    const items = readable(page.items)
    const live = items.filter((item) => !isGone(item.body))
    const resets = page.grids.filter((state) => state.reset)
    const covered = new Set(page.grids.map((state) => state.grid))
    const left = [...new Set([...page.gone, ...[...cursors.keys()].filter((grid) => !covered.has(grid))])]
    const otherEpoch = resets.some((state) => {
      const here = cursors.get(state.grid)
      return here !== undefined && here.epoch !== state.epoch
    })
    const parsedMine = Mine.safeParse(page.mine)
    const parsedReference = Reference.safeParse(page.reference)
    const plan: Plan = {
      forget: [...left, ...resets.map((state) => state.grid)],
      rows: await Promise.all(live.map(sealedRow)),
      gone: items.filter((item) => isGone(item.body)),
      cursors: cursorsAfter(page, head, cursors),
      mine: parsedMine.success ? parsedMine.data : null,
      reference: parsedReference.success ? parsedReference.data : null,
    }
    const { put, dropped } = await putPage(plan)
    cursors = new Map([...cursors].filter(([grid]) => !plan.forget.includes(grid)))
    for (const row of plan.cursors) cursors.set(row.grid, row)
    mine = plan.mine ?? mine
    reference = plan.reference ?? reference
    shelf.dropGrids(plan.forget)
    shelf.drop(dropped)
    const kept = new Set(put.map((row) => `${row.kind}/${row.id}`))
    shelf.put(live.filter((item) => kept.has(`${item.kind}/${item.id}`)).map(entryOf))
    bell.ring()
    return { received: items.length, otherEpoch }
  }

  return {
    load: () => queue(load),
    apply: (page: Page, head: boolean) => queue(() => apply(page, head)),
    isLoading: () => loading,
    mine: () => mine,
    reference: () => reference,
    levelAt: () => levelAt,
    /** The feed was read to its end by a round that began then. */
    setLevel: (at: number): void => {
      levelAt = at
      shelf.touch()
      bell.ring()
    },
    cursors: (): GridCursor[] => [...cursors.values()].map(({ grid, epoch, n }) => ({ grid, epoch, n })),
    /** Whether a number of a grid's clock is news. */
    isBehind: (grid: string, n: number): boolean => n > (cursors.get(grid)?.n ?? 0),
    /** Whether what lies here is all of my grids, as the server last said; told to come back it is not (SYNC-11). */
    isWhole: (): boolean =>
      (mine?.duties ?? []).every(({ grid }) => cursors.has(grid)) &&
      [...cursors.values()].every((row) => row.n >= (row.upTo ?? 0)),
    hasNothing: (): boolean => [...cursors.values()].every((row) => row.n === 0),
    forget: (): void => {
      cursors = new Map()
      mine = null
      reference = null
      shelf.clear()
    },
    reload: (): Promise<void> => queue(reload),
    /**
     * What another tab read or forgot that was ended before it could tell: without it this one would go on from a number of a
     * grid whose things lie here no more.
     */
    refresh: (): Promise<void> =>
      queue(async () => {
        const rows = await store.cursors.toArray()
        const same = (row: CursorRow): boolean => {
          const here = cursors.get(row.grid)
          return here !== undefined && here.epoch === row.epoch && here.n === row.n
        }
        if (rows.length !== cursors.size || !rows.every(same)) await reload()
      }),
    /** Visits of more than 30 days ago are read at the server when they are asked for. */
    tidy: async (): Promise<void> => {
      // By keys alone, which say the kind: nothing is read of what stays.
      const keys = await store.items.where('due').between('0', addDays(needs.today(), -VISIT_DAYS)).primaryKeys()
      const old = keys.flatMap(([kind, id]) => (kind === 'visit' ? [{ kind, id }] : []))
      await store.items.bulkDelete(old.map(({ kind, id }): [string, string] => [kind, id]))
      if (old.length > 0) shelf.drop(old)
    },
    /** Room for a report: visits, which the server has, go first. */
    makeRoom: async (): Promise<void> => {
      const rows = await store.items.where('kind').equals('visit').toArray()
      await store.items.bulkDelete(rows.map(({ kind, id }): [string, string] => [kind, id]))
      shelf.drop(rows)
    },
  }
}

type Plan = {
  forget: readonly string[]
  rows: readonly ItemRow[]
  gone: readonly FeedItemOut[]
  cursors: readonly CursorRow[]
  mine: Mine | null
  reference: Reference | null
}

function entryOf(item: FeedItemOut): Entry {
  const { kind, id, grid, n, body } = item
  return { kind, id, grid, n, body, identity: item.identity ?? null, address: item.address ?? null }
}

/** The server says which cursor belongs to a page; a head page leaves it where it is. */
function cursorsAfter(page: Page, head: boolean, before: ReadonlyMap<string, CursorRow>): CursorRow[] {
  return page.grids.map(({ grid, epoch, n: upTo, reset, to }) => {
    const here = reset ? 0 : (before.get(grid)?.n ?? 0)
    return { grid, epoch, upTo, n: head || page.comeBack !== null ? here : Math.max(here, to) }
  })
}
