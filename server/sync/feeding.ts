import { addDays } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { z } from 'zod'
import type { Ctx } from '../core/ctx.ts'
import { feedMany, holdClocks } from '../core/feed.ts'
import type { Server } from '../core/server.ts'

/**
 * What phones see of persons and doors. Their rows are keyed by person or door, so the feed is written by a reaction that takes
 * its own number of the grid (SYNC-3): the present form where the thing is, `gone` where it was. What has not changed takes no
 * number, so that a reaction that runs twice tells nobody anything.
 */
const Changed = z.object({ personIds: z.array(z.uuid()), householdIds: z.array(z.uuid()) })

type Kind = 'person' | 'household' | 'visit'

/** As long as visits lie on phones. */
const VISIT_DAYS = 30

/** One transaction each, so that a bulk load holds the clocks of its grids only for moments. */
const CHUNK = 500

export async function feedChanged(server: Server, payload: unknown): Promise<void> {
  const { personIds, householdIds } = Changed.parse(payload)
  // Doors first, so that a phone that is between two pages has the door before those who live there.
  for (const ids of chunks(householdIds)) {
    await server.asSystem('sync.feed', (ctx) => tell(ctx, 'household', told('household', ids, doors(ids))))
    await server.asSystem('sync.feed', (ctx) => followDoors(ctx, ids))
  }
  for (const ids of chunks(personIds))
    await server.asSystem('sync.feed', (ctx) => tell(ctx, 'person', told('person', ids, persons(ids))))
}

/**
 * Things are read once more under the clocks of their grids: a reaction that read them and then waited for a clock would write what
 * was over what another has told meanwhile, and phones would keep it. A grid that a thing has come to since is left to the reaction
 * to that.
 */
async function tell(ctx: Ctx, kind: Kind, items: RawBuilder<unknown>): Promise<void> {
  const { rows } = await sql<{ grid: string }>`select distinct i.grid from (${items}) i`.execute(ctx.db)
  if (rows.length === 0) return
  const grids = rows.map(({ grid }) => grid)
  await holdClocks(ctx.db, grids)
  await feedMany(ctx, kind, sql`select * from (${items}) i where i.grid = any(${grids}::text[])`)
}

/**
 * What was found at a door goes with it within its county: whoever is responsible for it now sees that somebody was there yesterday,
 * and who was there counts it still (case 44). Only while it lies on phones at all (SYNC-9).
 */
async function followDoors(ctx: Ctx, householdIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select v.id::text as id from household h
    cross join lateral (
      select id from visit
      where county = h.county and household_id = h.id and day >= ${addDays(ctx.today, -VISIT_DAYS)}::date offset 0
    ) v
    where h.id = any(${householdIds}::uuid[]) and length(h.area) >= 15 and exists (
      select from grid_feed f
      where f.id = v.id::text and f.kind = 'visit' and f.body ->> 'gone' is null and f.grid <> substr(h.area, 1, 15))`.execute(
    ctx.db,
  )
  const ids = rows.map(({ id }) => id)
  if (ids.length > 0) await tell(ctx, 'visit', told('visit', ids, visits(ids)))
}

/** As it lies on phones, where its door is now. */
function visits(ids: readonly string[]): RawBuilder<unknown> {
  return sql`
    select substr(h.area, 1, 15) as grid, f.id, f.body from (
      select distinct on (id) id, body from grid_feed
      where id = any(${ids}::text[]) and kind = 'visit' and body ->> 'gone' is null order by id, n desc
    ) f cross join lateral (
      select area from household where id = (f.body ->> 'householdId')::uuid and length(area) >= 15 offset 0
    ) h`
}

/** Each once: of one that is named twice there would be two words to one grid. */
function chunks(named: readonly string[]): string[][] {
  const ids = [...new Set(named)]
  return Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, i) => ids.slice(i * CHUNK, (i + 1) * CHUNK))
}

/**
 * Each is looked for by its own id, whatever the planner thinks: while a register is loaded nothing is known yet of how many there are,
 * and it would begin with everybody who lives anywhere, once for every five hundred. `offset 0` keeps it from doing so.
 * A merged record has no place of its own any more: whoever looked at it finds the one that stands for it.
 */
function persons(ids: readonly string[]): RawBuilder<unknown> {
  return sql`
    select substr(r.area, 1, 15) as grid, p.person_id::text as id, jsonb_build_object(
      'area', r.area, 'householdId', r.household_id, 'masked', p.masked, 'sex', p.sex, 'docKind', p.doc_kind, 'version', p.version
    ) as body
    from unnest(${ids}::uuid[]) as u (id) join person p on p.person_id = u.id
    cross join lateral (
      select area, household_id from residence where person_id = p.person_id and to_day is null and length(area) >= 15 offset 0
    ) r
    where not exists (select from person_alias a where a.person_id = p.person_id)`
}

function doors(ids: readonly string[]): RawBuilder<unknown> {
  return sql`
    select substr(h.area, 1, 15) as grid, h.id::text as id, jsonb_build_object(
      'county', h.county, 'area', h.area, 'kind', h.kind, 'use', h.use, 'estate', h.estate, 'building', h.building,
      'door', h.door, 'members', h.members, 'hazards', to_jsonb(h.hazards), 'position',
      case when h.lat is not null then jsonb_build_object('lat', h.lat, 'lng', h.lng, 'accuracy', h.accuracy) end,
      'version', h.version
    ) as body
    from household h where h.id = any(${ids}::uuid[]) and length(h.area) >= 15`
}

function told(kind: Kind, ids: readonly string[], present: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    with present as materialized (${present})
    select substr(p.grid, 1, 6) as county, p.grid, p.id, false as urgent, p.body from present p
    where not exists (
      select from grid_feed f
      where f.county = substr(p.grid, 1, 6) and f.grid = p.grid and f.kind = ${kind} and f.id = p.id and f.body = p.body)
    union all
    select f.county, f.grid, f.id, false, '{"gone": true}'::jsonb from grid_feed f
    where f.id = any(${ids}::text[]) and f.kind = ${kind} and f.body ->> 'gone' is null
      and not exists (select from present p where p.grid = f.grid and p.id = f.id)`
}
