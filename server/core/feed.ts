import { countyOf } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Ctx, FeedItem } from './ctx.ts'
import type { Db } from './db/connect.ts'
import { byText } from './db/said.ts'
import type { Said } from './db/said.ts'

const CLOCK = 'insert into grid_clock (county, grid, n)'
const MOVED = 'on conflict (county, grid) do update set n = grid_clock.n + excluded.n returning county, grid, n'
const FED = 'insert into grid_feed (county, grid, n, kind, id, urgent, body, at)'
/** Of an item under its grid's clock: the number that it stands under. */
const NUMBERED = 'item.county, item.grid, clock.n - item.c + item.k, item.kind, item.id, item.urgent, item.body'
const IN_CLOCK = 'clock on clock.county = item.county and clock.grid = item.grid'
const ANEW = `on conflict (county, grid, kind, id) do update
        set n = excluded.n, urgent = excluded.urgent, body = excluded.body, at = excluded.at`

/**
 * SYNC-3, the one way into the feed: over a CTE `item` (county, grid, kind, id, urgent, body, and k of c in its grid) the clocks of
 * the grids are moved in ascending code and the items stand under the numbers that this gave them. For the last statement of a
 * transaction, so that the order of numbers is the order of commits and no two transactions wait in a ring.
 */
function numbered(at: Date): RawBuilder<unknown> {
  return sql`clock as (
      ${sql.raw(CLOCK)}
      select county, grid, count(*) from item group by county, grid order by county collate "C", grid collate "C"
      ${sql.raw(MOVED)}
    ), fed as (
      ${sql.raw(FED)}
      select ${sql.raw(NUMBERED)}, ${at}::timestamptz
      from item join ${sql.raw(IN_CLOCK)} ${sql.raw(ANEW)}
    )`
}

/** Takes the clocks of grids, in ascending code like every way into the feed, and moves none: what is read from here on is the last word. */
export async function holdClocks(db: Db, grids: readonly string[]): Promise<void> {
  await sql`
    insert into grid_clock (county, grid)
    select substr(grid, 1, 6), grid from unnest(${grids}::text[]) as g (grid) order by grid collate "C"
    on conflict (county, grid) do update set n = grid_clock.n`.execute(db)
}

const COLUMNS = [
  ['county', 'text'],
  ['grid', 'text'],
  ['kind', 'text'],
  ['id', 'text'],
  ['urgent', 'boolean'],
  ['body', 'jsonb'],
  ['k', 'bigint'],
  ['c', 'bigint'],
] as const

/**
 * The same over what one action gathered, as parts of its last statement (last-statement.ts); of several words about one thing the
 * last counts.
 * @param turn what the clocks wait for
 */
export function gatheredParts(
  said: Said,
  items: readonly FeedItem[],
  { at, turn }: { at: Date; turn: string },
): { parts: string[]; last: string } {
  const last = [...new Map(items.map((item) => [`${item.grid}/${item.kind}/${item.id}`, item])).values()]
  const [one] = last
  if (one && last.length === 1) {
    const clock = `clock as (${CLOCK} select ${said.list([countyOf(one.grid), one.grid])}, 1 from ${turn} ${MOVED})`
    const { kind, id, urgent = false, body } = one
    const values = `${said.list([kind, id, urgent, JSON.stringify(body), at])}`
    return { parts: [clock, `fed as (${FED} select county, grid, n, ${values} from clock ${ANEW})`], last: 'clock' }
  }
  const counted = new Map<string, number>()
  const rows = last.map(({ grid, kind, id, urgent = false, body }) => {
    const k = (counted.get(grid) ?? 0) + 1
    counted.set(grid, k)
    return { grid, row: [countyOf(grid), grid, kind, id, urgent, JSON.stringify(body), k] }
  })
  const whole = rows.map(({ grid, row }) => [...row, counted.get(grid) ?? 0])
  const clocks = [...counted].toSorted(([a], [b]) => byText(a, b)).map(([grid, n]) => [countyOf(grid), grid, n])
  const g = said.rows('g', [COLUMNS[0], COLUMNS[1], COLUMNS[7]], clocks)
  return {
    parts: [
      `clock as (${CLOCK} select g.county, g.grid, g.c from ${turn}, ${g} order by g.i ${MOVED})`,
      `fed as (${FED}
        select ${NUMBERED}, ${said.of(at)}::timestamptz
        from ${said.rows('item', COLUMNS, whole)} join ${IN_CLOCK} ${ANEW})`,
    ],
    last: 'clock',
  }
}

/**
 * What is told to one worker in whichever grid that worker covers now: it lies in the grid where it was told last and is gone from
 * any before. Of a thing that stood in two a phone would keep one, lose it with that grid, and never be sent the other (SYNC-10).
 */
export async function feedOnce(ctx: Ctx, item: FeedItem): Promise<void> {
  ctx.feed(item)
  const { rows } = await sql<{ grid: string }>`
    select grid from grid_feed
    where id = ${item.id} and kind = ${item.kind} and grid <> ${item.grid} and body ->> 'gone' is null`.execute(ctx.db)
  for (const { grid } of rows) ctx.feed({ grid, kind: item.kind, id: item.id, body: { gone: true } })
}

/**
 * The same for bulk work, as the last statement of its transaction: many items of many grids at once.
 * @param items a select that gives county, grid, id (text, once a grid), urgent and body.
 */
export async function feedMany(ctx: Ctx, kind: string, items: RawBuilder<unknown>): Promise<void> {
  await sql`
    with item as materialized (
      select i.county, i.grid, ${kind}::text as kind, i.id, i.urgent, i.body,
        row_number() over (partition by grid order by urgent desc, id) as k, count(*) over (partition by grid) as c
      from (${items}) i
    ), ${numbered(ctx.now)}
    select 1`.execute(ctx.db)
}
