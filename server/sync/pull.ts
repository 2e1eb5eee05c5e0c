import { setImmediate } from 'node:timers/promises'
import { can } from '@weiwang/domain/access/can'
import type { Actor } from '@weiwang/domain/access/actor'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { MAX_GRIDS, MAX_PAGE, PROTOCOL, PROTOCOL_MIN } from '@weiwang/domain/sync/api'
import type { FeedIdentity, GridState, Mine, Order, Pull, Pulled, Reference } from '@weiwang/domain/sync/api'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import type { Ctx } from '../core/ctx.ts'
import { permit } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { openText } from '../people/opening.ts'
import type { Admission } from './admission.ts'
import { coveredBy, mineOf } from './mine.ts'
import type { Covered } from './mine.ts'
import { referenceOf } from './reference.ts'
import type { Restored } from './restored.ts'
import { clocksOf, feedAfter, sealedDoors, sealedPersons, urgentOf } from './store-feed.ts'
import type { ClockRow, FeedRow } from './store-feed.ts'

/** The bounded head page of what is urgent. */
const HEAD = 100

/** So many things of a feed, or persons, are read in one go. */
const READ_AT_ONCE = 250

/** More than this behind is a first sync, which waits for its place (SYNC-11). */
const HEAVY = MAX_PAGE

export type PullOptions = {
  order: Order
  durableTo: string | null
  admission: Admission
  home: AreaCode
  restored: Restored
}

type Read = {
  covered: Covered[]
  states: GridState[]
  gone: AreaCode[]
  rows: FeedRow[]
  more: boolean
  comeBack: number | null
  mine: Mine | undefined
  reference: Reference | undefined
}

/** An answer whose items are JSON already: what the feed says goes to the phone as it lies there. */
export type Page = { head: Omit<Pulled, 'items'>; items: string[] }

export function pageText({ head, items }: Page): Buffer {
  return Buffer.from(`${JSON.stringify(head).slice(0, -1)},"items":[${items.join(',')}]}`)
}

/**
 * What is new for a phone, strictly by number (SYNC-3). Grids that are not covered today are named as gone and nothing of them
 * is sent, whatever cursor the phone brings (SYNC-10, cases 1, 7, 52); a phone of another epoch, or from before the floor,
 * begins anew (SYNC-8, SYNC-9).
 */
export async function pull(server: Server, actor: Actor, args: Pull, options: PullOptions): Promise<Page> {
  const answer = {
    now: server.clock.now().toISOString(),
    protocol: { now: PROTOCOL, min: PROTOCOL_MIN },
    order: options.order,
    restoredAt: options.restored.at,
  }
  // A phone that is to be cleared is told nothing more.
  if (options.order !== 'none')
    return { head: { ...answer, grids: [], gone: [], more: false, comeBack: null }, items: [] }
  const read = await server.read(actor, 'sync.pull', args, (ctx) => readFeed(ctx, server, args, options), 'all')
  const opened = await openRows(server, actor, read)
  const head = {
    ...answer,
    grids: read.states,
    gone: read.gone,
    more: read.more,
    comeBack: read.comeBack,
    ...(read.mine ? { mine: read.mine } : {}),
    ...(read.reference ? { reference: read.reference } : {}),
  }
  return { head, items: read.rows.map((row) => present(row, opened)) }
}

async function readFeed(ctx: Ctx, server: Server, args: Pull, options: PullOptions): Promise<Read> {
  const covered = (await coveredBy(ctx)).filter(({ grid, unit }) =>
    can(ctx.actor, 'read', { kind: 'task', area: unit ?? grid }),
  )
  const grids = covered.map(({ grid }) => grid)
  const clocks = await clocksOf(ctx.db, grids)
  const states = grids.map((grid) => stateOf(grid, clocks.get(grid), args, options.restored.epoch))
  const mine = await mineOf(ctx, covered, options.home, {
    durableTo: options.durableTo,
    exercise: server.config.exercise !== 'off',
  })
  const reference = await referenceOf(ctx, grids)
  const gone = args.grids.map(({ grid }) => grid).filter((grid) => !grids.includes(grid))
  const rest = {
    covered,
    states,
    gone,
    mine: mine.version === args.mine ? undefined : mine,
    reference: reference.version === args.reference ? undefined : reference,
  }
  if (args.head) return { ...rest, rows: await headOf(ctx, covered), more: false, comeBack: null }
  const cursors = new Map(states.map((state) => [state.grid, state.to]))
  const behind = states.reduce((sum, state) => sum + Math.max(0, state.n - (cursors.get(state.grid) ?? 0)), 0)
  if (behind > HEAVY) {
    const place = options.admission.admit({ account: ctx.actor.id, device: args.device }, performance.now())
    if (!place.in) return { ...rest, rows: [], more: true, comeBack: place.seconds }
  }
  const page = await pagesOf(ctx, covered, states, args.limit)
  return { ...rest, comeBack: null, ...page }
}

/** @param least the epoch of a grid whose clock began after the last restore: one of the same code before it was another */
function stateOf(grid: AreaCode, clock: ClockRow | undefined, args: Pull, least: number): GridState {
  const mine = args.grids.find((one) => one.grid === grid)
  const epoch = Math.max(clock?.epoch ?? 1, least)
  const n = clock?.n ?? 0
  const reset =
    mine !== undefined && (mine.epoch !== epoch || mine.n > n || (mine.n > 0 && mine.n < (clock?.floor ?? 0)))
  return { grid, epoch, n, reset, to: reset ? 0 : (mine?.n ?? 0) }
}

async function headOf(ctx: Ctx, covered: readonly Covered[]): Promise<FeedRow[]> {
  const rows: FeedRow[] = []
  for (const { grid, unit } of covered.slice(0, MAX_GRIDS)) {
    if (rows.length >= HEAD) break
    rows.push(...(await urgentOf(ctx.db, grid, unit, HEAD - rows.length)))
  }
  return rows
}

/** The next page, grid by grid; `to` of each grid is moved to what the phone holds when it has stored the page. */
async function pagesOf(
  ctx: Ctx,
  covered: readonly Covered[],
  before: readonly GridState[],
  limit: number,
): Promise<{ rows: FeedRow[]; more: boolean; states: GridState[] }> {
  const rows: FeedRow[] = []
  const states = before.map((state) => ({ ...state }))
  for (const [i, state] of states.entries()) {
    const at = { grid: state.grid, unit: covered[i]?.unit ?? null, fresh: state.to === 0 }
    while (state.to < state.n) {
      const room = Math.min(READ_AT_ONCE, limit - rows.length)
      if (room <= 0) return { rows, more: true, states }
      const found = await feedAfter(ctx.db, { ...at, n: state.to }, room + 1)
      const page = found.slice(0, room)
      rows.push(...page)
      // The clock and the page are one snapshot: after the last page the phone is level, whatever was left out of it.
      state.to = found.length > room ? (page.at(-1)?.n ?? state.to) : state.n
    }
  }
  return { rows, more: false, states }
}

type Opened = { identities: Record<string, FeedIdentity>; addresses: Record<string, string> }

const Rows = z.strictObject({ area: z.string(), personIds: z.array(z.uuid()), householdIds: z.array(z.uuid()) })

/**
 * PEOPLE-11: a page of identities sent to a phone on duty is one line of the audit trail that lists the ids. A value whose data
 * key was destroyed is deleted and stays empty.
 */
const openPage = defineAction({
  name: 'sync.open_page',
  input: Rows,
  reach: 'all',
  secret: true,
  run: async (ctx, args): Promise<Opened> => {
    permit(ctx, 'open', { kind: 'person', area: args.area })
    const opened: Opened = { identities: {}, addresses: {} }
    const pause = pauses()
    for (const ids of inParts(args.personIds))
      for (const row of await sealedPersons(ctx.db, ids)) {
        await pause()
        const at = (table: string, column: string) => ({ table, row: row.person_id, column })
        const document = await openText(ctx, at('identity', 'doc_sealed'), row.doc_sealed)
        opened.identities[row.person_id] = {
          name: await openText(ctx, at('person', 'name_sealed'), row.name_sealed),
          phone: await openText(ctx, at('identity', 'phone_sealed'), row.phone_sealed),
          birth: await openText(ctx, at('identity', 'birth_sealed'), row.birth_sealed),
          documentEnd: documentEnd(document),
        }
      }
    for (const ids of inParts(args.householdIds))
      for (const row of await sealedDoors(ctx.db, ids)) {
        await pause()
        const text = await openText(
          ctx,
          { table: 'household', row: row.id, column: 'address_sealed' },
          row.address_sealed,
        )
        if (text !== null) opened.addresses[row.id] = text
      }
    ctx.audit({
      verb: 'person.open_page',
      thing: 'grid',
      thingId: args.area,
      area: args.area,
      purpose: 'check_at_door',
      ids: args.personIds,
      detail: { doors: args.householdIds.length },
    })
    return opened
  },
})

/** Opening is work of the processor alone: what came meanwhile has its turn after each so many milliseconds (SYNC-11). */
const SLICE_MS = 1

function pauses(): () => Promise<void> {
  let began = performance.now()
  return async () => {
    if (performance.now() - began < SLICE_MS) return
    await setImmediate()
    began = performance.now()
  }
}

function inParts(ids: readonly string[]): string[][] {
  const parts = Math.ceil(ids.length / READ_AT_ONCE)
  return Array.from({ length: parts }, (_, i) => ids.slice(i * READ_AT_ONCE, (i + 1) * READ_AT_ONCE))
}

const DocumentText = z.tuple([z.string(), z.string(), z.string()])

function documentEnd(text: string | null): string | null {
  if (text === null) return null
  const parsed = DocumentText.safeParse(JSON.parse(text))
  return parsed.success ? parsed.data[2].slice(-4) : null
}

async function openRows(server: Server, actor: Actor, { rows, covered }: Read): Promise<Opened> {
  const opened: Opened = { identities: {}, addresses: {} }
  const live = rows.filter((row) => !row.gone && (row.kind === 'person' || row.kind === 'household'))
  for (const { grid, unit } of covered) {
    const area = unit ?? grid
    const here = live.filter((row) => row.grid === grid)
    if (here.length === 0) continue
    const idsOf = (kind: string) => here.filter((row) => row.kind === kind).map((row) => row.id)
    const page = await server.run(openPage, actor, {
      area,
      personIds: idsOf('person'),
      householdIds: idsOf('household'),
    })
    Object.assign(opened.identities, page.identities)
    Object.assign(opened.addresses, page.addresses)
  }
  return opened
}

function present(row: FeedRow, opened: Opened): string {
  const identity = row.kind === 'person' ? opened.identities[row.id] : undefined
  const address = row.kind === 'household' ? opened.addresses[row.id] : undefined
  const { grid, n, kind, id } = row
  const rest = { ...(identity ? { identity } : {}), ...(address === undefined ? {} : { address }) }
  return `${JSON.stringify({ grid, n, kind, id, ...rest }).slice(0, -1)},"body":${row.body}}`
}
