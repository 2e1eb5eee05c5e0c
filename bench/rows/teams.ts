import { fillTeams } from '@weiwang/domain/teams/fill'
import type { FillDoor, FillPerson } from '@weiwang/domain/teams/fill'
import { SHIPPED_TEMPLATE } from '@weiwang/domain/teams/template'
import { fillAndTell, openTeams } from '@weiwang/server/teams/filling'
import { doorsById } from '@weiwang/server/teams/store'
import { teamFigures } from '@weiwang/server/teams/store-lists'
import { makeIn } from '@weiwang/server/teams/watch-making'
import type { BenchRow } from '../row.ts'
import { gridCode, openProvince, timed, whole } from './province.ts'
import type { Province, Shape } from './province.ts'

/**
 * Teams and watches beside a plain insert of the very rows that they wrote, in the same run: what reading, deciding and telling
 * cost on top of what any program must write.
 */
const DOORS = 10_000
const TEAM_TIMES = 20
const WATCH_TIMES = 20
/** Households of a county of the province: 8.5 million in about a hundred counties. */
const COUNTY_DOORS = 85_000
const COUNTIES = 10
/** Observed doors of one county, far more than there ever were. */
const SHORT_DOORS = 50_000
const CHUNK = 500
const EVEN = 2

type Cast = { worker: number; doctor: number; cadre: number; officer: number }

/** People of one county: a worker a grid, the others by town and village. */
function people(shape: Shape, per: Cast): FillPerson[] {
  const made: FillPerson[] = []
  const add = (role: 'worker' | 'doctor' | 'cadre' | 'officer', area: string, n: number): void => {
    for (let i = 0; i < n; i++)
      made.push({
        id: `${role}${area}${i}`,
        roles: [role],
        covers: [area],
        load: 0,
        cap: null,
        position: null,
        buildings: [],
      })
  }
  const code = (...parts: number[]): string => `320101${parts.map((n) => String(n).padStart(3, '0')).join('')}`
  for (let t = 1; t <= shape.towns; t++) {
    add('doctor', code(t), per.doctor)
    add('officer', code(t), per.officer)
    for (let v = 1; v <= shape.villages; v++) {
      add('cadre', code(t, v), per.cadre)
      for (let g = 1; g <= shape.grids; g++) add('worker', code(t, v, g), per.worker)
    }
  }
  return made
}

/** Doors spread unevenly: some villages have many. */
function doorsOf(shape: Shape, n: number): FillDoor[] {
  return Array.from({ length: n }, (_, i) => {
    const t = 1 + (i % shape.towns)
    const v = 1 + (Math.floor((i * i) / 7) % shape.villages)
    const g = 1 + (Math.floor(i / 3) % shape.grids)
    const area = `320101${[t, v, g].map((x) => String(x).padStart(3, '0')).join('')}`
    return {
      id: `d${String(i).padStart(6, '0')}`,
      area,
      building: null,
      position: null,
      taken: [],
      seats: SHIPPED_TEMPLATE.roles.map((rule) => ({ rule: { ...rule, cap: 500 }, missing: rule.count })),
    }
  })
}

function pureRow(shape: Shape): BenchRow {
  const doors = doorsOf(shape, DOORS)
  const cast = people(shape, { worker: 3, doctor: 20, cadre: 12, officer: 10 })
  const before = process.cpuUsage()
  const filled = fillTeams(doors, cast)
  const used = process.cpuUsage(before)
  const ms = (used.user + used.system) / 1000
  const loads = filled.spread.map((one) => {
    const average = DOORS / one.people
    return `${one.role} ${one.least}–${one.most} (average ${average.toFixed(1)}${one.limit === null ? '' : `, bound by ${one.limit}`})`
  })
  const odd = filled.spread.filter((one) => one.limit === null && one.most - one.least > EVEN).length
  return {
    name: `teams: deciding for ${whole(DOORS)} doors and ${whole(cast.length)} people`,
    measured: `${(ms / 1000).toFixed(2)} CPU-s, ${whole(filled.seats.length)} seats, ${filled.gaps.length} gaps`,
    limit: 'loads differ by at most two, or the limit is named',
    ratio: odd,
    ok: odd === 0 && filled.seats.length + filled.gaps.reduce((sum, gap) => sum + gap.missing, 0) === DOORS * 4,
    note: loads.join('; '),
  }
}

async function plantPeople(at: Province, shape: Shape): Promise<void> {
  const cast = people(shape, { worker: 3, doctor: 20, cadre: 12, officer: 10 })
  await at.client.query(
    `with c as (select gen_random_uuid() as id, x.* from json_to_recordset($1::json) as x (role text, area text, name text)),
     a as (insert into account (id, area, name, state, sessions_from, created_at, updated_at) select id, area, name, 'active', now(), now(), now() from c returning id),
     r as (insert into account_role (account_id, role, area, granted_at) select id, role, area, now() from c)
     insert into duty (id, account_id, account_name, area, kind, from_day, created_at) select gen_random_uuid(), id, name, area, 'cover', '2020-01-01', now() from c`,
    [JSON.stringify(cast.map((one) => ({ role: one.roles[0], area: one.covers[0], name: one.id })))],
  )
}

/** Homes along roads, a third of them flats of buildings of forty, a few shops; by SQL, numbered through the grids of a county. */
async function plantDoors(at: Province, shape: Shape, county: number, n: number): Promise<void> {
  const perCounty = shape.towns * shape.villages * shape.grids
  await at.client.query(
    `insert into household (county, id, area, emergency_id, kind, use, estate, building, door, members, source, created_at, updated_at)
     select left(code, 6), gen_random_uuid(), code, $3, case when k % 25 = 0 then 'shop' else 'home' end, 'self', 'R' || (k / 400 % 7),
       case when k % 3 = 0 then (k / 120)::text || '幢' end, (k % 400)::text || '号', 1 + k % 4, 'bench', now(), now()
     from (select n / ${perCounty} as k, ${gridCode(`(n % ${perCounty} + ${perCounty} * $2::int)::int`, shape)} as code from generate_series(0, $1::int - 1) n) x`,
    [n, county, at.emergencyId],
  )
}

async function teamRow(at: Province, n: number): Promise<BenchRow> {
  const { rows } = await at.client.query<{ id: string }>(
    `select id from household where county = '320101' and kind = 'home' order by md5(id::text) limit $1`,
    [n],
  )
  const ids = rows.map((row) => row.id)
  const ms = await timed(async () => {
    for (let i = 0; i < ids.length; i += CHUNK)
      await at.server.asSystem('bench', async (ctx) => {
        await fillAndTell(ctx, await openTeams(ctx, await doorsById(ctx.db, ids.slice(i, i + CHUNK), ['']), null))
      })
  })
  const copy = async (table: string, where = 'true'): Promise<void> => {
    await at.client.query(`create table copy_${table} (like ${table} including all)`)
    const { rows: columns } = await at.client.query<{ list: string }>(
      `select string_agg(quote_ident(column_name), ', ') as list from information_schema.columns where table_name = $1 and is_generated = 'NEVER'`,
      [table],
    )
    const list = columns[0]?.list ?? ''
    await at.client.query(`insert into copy_${table} (${list}) select ${list} from ${table} where ${where}`)
  }
  const plain = await timed(async () => {
    for (const table of ['team', 'team_seat', 'team_member']) await copy(table)
    await copy('grid_feed', `kind = 'team'`)
  })
  const loads = await at.client.query<{ role: string; least: number; most: number; average: number }>(
    `select r.role, min(n)::int as least, max(n)::int as most, avg(n)::float8 as average from (
       select r.role, r.account_id, (select count(*) from team_member m where m.account_id = r.account_id) as n from account_role r) r group by 1 order by 1`,
  )
  for (const table of ['team', 'team_seat', 'team_member', 'grid_feed'])
    await at.client.query(`drop table copy_${table}`)
  return {
    name: `teams: ${whole(ids.length)} doors formed and filled, ${CHUNK} a transaction, phones told`,
    measured: `${(ms / 1000).toFixed(1)} s, ${whole(ids.length / (ms / 1000))} doors/s, ${(ms / plain).toFixed(1)} × a plain insert`,
    limit: `at most ${TEAM_TIMES} × a plain insert of the same rows`,
    ratio: ms / plain / TEAM_TIMES,
    ok: ms / plain <= TEAM_TIMES,
    note: loads.rows.map((one) => `${one.role}: largest ${one.most}, average ${one.average.toFixed(1)}`).join('; '),
  }
}

/** Doors with a team in one county: each hundredth lacks its doctor, each hundredth person is on leave, half of them bridged. */
async function plantTeams(at: Province, shape: Shape, n: number): Promise<void> {
  const grids = shape.towns * shape.villages * shape.grids
  const { client } = at
  await client.query(
    `create temp table observed_door as select gen_random_uuid() as team, gen_random_uuid() as household, n,
       ${gridCode(`(n % ${grids} + ${grids} * ${COUNTIES})`, shape)} as code from generate_series(0, $1::int - 1) n`,
    [n],
  )
  await client.query(
    `insert into team (county, id, area, household_id, emergency_id, template_area, template_version, from_day, opened_at, updated_at)
     select left(code, 6), team, code, household, $1, '', 1, '2020-02-01', now(), now() from observed_door`,
    [at.emergencyId],
  )
  await client.query(
    `create temp table team_people as select id, (row_number() over (order by id))::int - 1 as k from account limit 4000`,
  )
  await client.query(
    `insert into team_member (county, id, team_id, household_id, area, role, account_id, account_name, from_day, why, at)
     select left(d.code, 6), gen_random_uuid(), d.team, d.household, d.code, r.role, p.id, 'x', '2020-02-01', 'filled', now()
     from observed_door d cross join unnest(array['worker', 'doctor', 'cadre', 'officer']) with ordinality as r(role, i)
       join team_people p on p.k = (d.n % ((select count(*) from team_people) / 4)) * 4 + r.i - 1
     where not (d.n % 100 = 7 and r.role = 'doctor')`,
  )
  await client.query(
    `insert into team_seat (county, team_id, role, area, need, held)
     select left(d.code, 6), d.team, r, d.code, 1, case when d.n % 100 = 7 and r = 'doctor' then 0 else 1 end
     from observed_door d cross join unnest(array['worker', 'doctor', 'cadre', 'officer']) r`,
  )
  await client.query(
    `insert into team_leave (county, id, area, account_id, account_name, from_day, to_day, by_name, at)
     select '320111', gen_random_uuid(), '320111', id, 'x', '2020-02-05', '2020-02-20', 'x', now() from team_people where k % 100 = 3`,
  )
  await client.query(
    `insert into team_member (county, id, team_id, household_id, area, role, account_id, account_name, from_day, to_day, stands_in_for, leave_id, why, at)
     select m.county, gen_random_uuid(), m.team_id, m.household_id, m.area, m.role, (select id from team_people where k = 4), 'y', '2020-02-05', '2020-02-20',
       m.account_id, l.id, 'stand_in', now()
     from team_leave l join team_member m on m.account_id = l.account_id and m.ended_at is null and m.team_id::text < '8'`,
  )
  await client.query('vacuum analyze team, team_seat, team_member, team_leave')
}

const SHORT_DAY = '2020-02-10'

/** The same from every seat: what it costs where nobody keeps in a seat how many hold it. */
const EVERY_SEAT = `
  select count(distinct (s.county, s.team_id))::int as n from team_seat s
    join team t on t.county = s.county and t.id = s.team_id and t.ended_at is null
    left join (select m.county, m.team_id, m.role, count(distinct m.account_id) as n from team_member m
      where m.ended_at is null and m.from_day <= $2 and (m.to_day is null or m.to_day >= $2) and left(m.area, 6) = $1
        and not exists (select from team_leave l where l.account_id = m.account_id and l.ended_at is null and l.from_day <= $2
          and (l.to_day is null or l.to_day >= $2)) group by 1, 2, 3) h
      on h.county = s.county and h.team_id = s.team_id and h.role = s.role
  where left(s.area, 6) = $1 and s.need > coalesce(h.n, 0)`

async function best(run: () => Promise<unknown>): Promise<number> {
  const runs: number[] = []
  for (let i = 0; i < 4; i++) runs.push(await timed(run))
  return Math.min(...runs)
}

async function shortRow(at: Province, shape: Shape, n: number): Promise<BenchRow> {
  await plantTeams(at, shape, n)
  const county = `3201${String(COUNTIES + 1).padStart(2, '0')}`
  let short = 0
  let all = 0
  const ms = await best(async () => {
    const rows = await teamFigures(at.server.jobsPool.db, { area: county }, 9, SHORT_DAY)
    short = rows.reduce((sum, row) => sum + row.short, 0)
    all = rows.reduce((sum, row) => sum + row.teams, 0)
  })
  let plain = 0
  const every = await best(async () => {
    plain = (await at.client.query<{ n: number }>(EVERY_SEAT, [county, SHORT_DAY])).rows[0]?.n ?? 0
  })
  return {
    name: `teams: how many of ${whole(n)} doors lack somebody, by town`,
    measured: `${whole(ms)} ms for ${whole(short)} of ${whole(all)}; from every seat ${whole(every)} ms`,
    limit: 'no longer than from every seat, and the same number',
    ratio: ms / every,
    ok: ms <= every && short === plain && all === n,
    note: 'each hundredth lacks a doctor, each hundredth person is on leave, half of their doors bridged',
  }
}

async function watchRow(at: Province, counties: readonly string[], perCounty: number): Promise<BenchRow> {
  const { rows } = await at.client.query<{ code: string }>(
    `select code from area where level = 5 and left(code, 6) = any($1) order by code`,
    [counties],
  )
  let watches = 0
  let doors = 0
  const ms = await timed(async () => {
    for (const { code } of rows)
      await at.server.asSystem('bench', async (ctx) => {
        const made = await makeIn(ctx, code, null)
        watches += made.watches
        doors += made.doors
      })
  })
  const inCounties = `county = any('{${counties.join(',')}}')`
  const plain = await timed(async () => {
    await at.client.query(`create table copy_watch (like watch including all)`)
    await at.client.query(`create table copy_watch_door (like watch_door including all)`)
    await at.client.query(`create table copy_grid_feed (like grid_feed including all)`)
    await at.client.query(
      `insert into copy_watch (county, id, area, code, kind, name, made, opened_at, updated_at) select county, id, area, code, kind, name, made, opened_at, updated_at from watch where ${inCounties}`,
    )
    await at.client.query(`insert into copy_watch_door select * from watch_door where ${inCounties}`)
    await at.client.query(`insert into copy_grid_feed select * from grid_feed where kind = 'watch' and ${inCounties}`)
  })
  for (const table of ['watch', 'watch_door', 'grid_feed']) await at.client.query(`drop table copy_${table}`)
  const million = (ms / 1000 / doors) * 1_000_000
  return {
    name: `watches: ${counties.length === 1 ? 'a county' : `${counties.length} counties`} of ${whole(perCounty)} doors divided`,
    measured: `${(ms / 1000).toFixed(1)} s for ${whole(doors)} doors, ${whole(million)} s a million, ${(ms / plain).toFixed(1)} × a plain insert`,
    limit: `at most ${WATCH_TIMES} × a plain insert of the same rows`,
    ratio: ms / plain / WATCH_TIMES,
    ok: ms / plain <= WATCH_TIMES && doors === counties.length * perCounty,
    note: `${whole(watches)} watches, village by village`,
  }
}

export async function teamRows(scale: number): Promise<BenchRow[]> {
  const shape: Shape = { cities: 1, counties: COUNTIES + 1, towns: 8, villages: 10, grids: 4 }
  const perCounty = Math.max(8000, Math.round(COUNTY_DOORS * Math.sqrt(scale)))
  const at = await openProvince(shape)
  try {
    await plantPeople(at, shape)
    for (let county = 0; county <= COUNTIES; county++) await plantDoors(at, shape, county, perCounty)
    await at.client.query('vacuum analyze household, area, account, duty')
    const codes = Array.from({ length: COUNTIES + 1 }, (_, i) => `3201${String(i + 1).padStart(2, '0')}`)
    return [
      pureRow(shape),
      await teamRow(at, Math.min(perCounty, Math.max(1000, Math.round(DOORS * Math.sqrt(scale))))),
      await watchRow(at, codes.slice(0, 1), perCounty),
      await watchRow(at, codes.slice(1), perCounty),
      await shortRow(at, shape, Math.max(10_000, Math.round(SHORT_DOORS * scale))),
    ]
  } finally {
    await at.close()
  }
}
