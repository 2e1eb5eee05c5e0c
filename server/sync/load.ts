/** LOAD-1: forms and messages for each worker, by day and at night. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import type { Page } from '@weiwang/domain/core/page'
import { badLoad, ListLoad, LoadPage, loadFault } from '@weiwang/domain/sync/load'
import type { WorkerLoad } from '@weiwang/domain/sync/load'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { z } from 'zod'
import { areaNames } from '../access/store.ts'
import { areasFor, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { decodeCursor, encodeCursor } from '../core/db/keyed-page.ts'
import { inScope } from '../core/db/scope.ts'
import type { Http } from '../core/http.ts'

type Row = Omit<WorkerLoad, 'account' | 'areaName'> & { id: string; name: string; rank: number }

const ByArea = z.tuple([z.string(), z.uuid()])
const ByNumber = z.tuple([z.number().int(), z.uuid()])

function workersIn(areas: readonly AreaCode[]): RawBuilder<unknown> {
  return sql`from account a where ${inScope('a.area', areas)} and a.state = 'active'
    and exists (select from account_role r where r.account_id = a.id and r.role = 'worker')`
}

/** One indexed read of visits, notices and pushes for each worker that is looked at. */
function loadsOf(ctx: Ctx, span: { from: string; to: string }): RawBuilder<unknown> {
  const night = (at: string): RawBuilder<boolean> =>
    sql`not (extract(hour from ${sql.ref(at)} at time zone ${ctx.zone}) between 8 and 19)`
  const first = instantOf(span.from, ctx.zone)
  const end = instantOf(addDays(span.to, 1), ctx.zone)
  return sql`
    cross join lateral (
      select coalesce(sum(d.n), 0)::int as forms, count(*)::int as days, coalesce(max(d.n), 0)::int as most, coalesce(sum(d.night), 0)::int as "formsNight"
      from (select count(*) as n, count(*) filter (where ${night('v.occurred_at')}) as night from visit v
        where v.by = w.id and v.day between ${span.from}::date and ${span.to}::date group by v.day) d
    ) f
    cross join lateral (
      select count(*)::int as n, (count(*) filter (where ${night('n.at')}))::int as night from notice n
      where n.account_id = w.id and n.at >= ${first} and n.at < ${end}
    ) m
    cross join lateral (
      select coalesce(sum(c.n), 0)::int as n, coalesce(sum(c.night), 0)::int as night from wake_count c
      where c.account_id = w.id and c.day between ${span.from}::date and ${span.to}::date
    ) p`
}

async function rowsBy(
  ctx: Ctx,
  areas: readonly AreaCode[],
  args: ListLoad & { from: string; to: string },
): Promise<Row[]> {
  const limit = args.limit + 1
  const shown = sql`w.id, w.name, w.area, f.forms, f.days, f.most, f."formsNight", m.n + p.n as messages, m.night + p.night as "messagesNight"`
  if (args.sort === 'area') {
    const after = decodeCursor(ByArea, args.cursor)
    const rest = after === null ? sql`true` : sql`(a.area, a.id) > (${after[0]}, ${after[1]}::uuid)`
    const { rows } = await sql<Row>`
      with w as (select a.id, a.name, a.area ${workersIn(areas)} and ${rest} order by a.area, a.id limit ${limit})
      select ${shown}, 0 as rank from w ${loadsOf(ctx, args)} order by w.area, w.id`.execute(ctx.db)
    return rows
  }
  const after = decodeCursor(ByNumber, args.cursor)
  const rest = after === null ? sql`true` : sql`(rank < ${after[0]} or (rank = ${after[0]} and id > ${after[1]}::uuid))`
  const rank = args.sort === 'forms' ? sql`f.forms` : sql`f."formsNight" + m.night + p.night`
  const { rows } = await sql<Row>`
    with w as (select a.id, a.name, a.area ${workersIn(areas)}), l as (select ${shown}, ${rank} as rank from w ${loadsOf(ctx, args)})
    select * from l where ${rest} order by rank desc, id limit ${limit}`.execute(ctx.db)
  return rows
}

export async function readLoad(ctx: Ctx, given: ListLoad): Promise<Page<WorkerLoad>> {
  const areas = areasFor(ctx, given.area).map((area) => (area === '' ? ctx.root : area))
  for (const area of areas) permit(ctx, 'read', { kind: 'account', area })
  const args = { ...given, from: given.from ?? given.to ?? ctx.today, to: given.to ?? given.from ?? ctx.today }
  for (const area of areas) {
    const fault = loadFault({ ...args, area })
    if (fault !== null) throw badLoad({ fault })
  }
  const found = await rowsBy(ctx, areas, args)
  const { rows: counted } = await sql<{ n: number }>`select count(*)::int as n ${workersIn(areas)}`.execute(ctx.db)
  const page = found.slice(0, args.limit)
  const names = await areaNames(
    ctx.db,
    page.map((row) => row.area),
  )
  const last = page.at(-1)
  return {
    items: page.map(({ id, name, ...row }) => ({
      account: { id, name },
      ...row,
      areaName: names.get(row.area) ?? row.area,
    })),
    next:
      found.length > args.limit && last ? encodeCursor([args.sort === 'area' ? last.area : last.rank, last.id]) : null,
    total: counted[0]?.n ?? 0,
  }
}

export function loadRoutes(http: Http): void {
  // Notices and pushes lie where only the jobs role reads: the query itself keeps to the scope.
  http.query('GET', '/api/worker-load', { input: ListLoad, output: LoadPage, reach: 'all', run: readLoad })
}
