import { randomUUID } from 'node:crypto'
import { runPush } from '@weiwang/server/tasks/push'
import type { BenchRow } from '../row.ts'
import { gridCode, gridsOf, openProvince, timed, whole } from './province.ts'
import type { Province, Shape } from './province.ts'

/** Graded people over all grids; a twentieth is certain to the village only. */
async function fill(at: Province, shape: Shape, people: number): Promise<void> {
  await at.client.query(
    `create temp table p as select gen_random_uuid() as id, n, case when n % 20 = 0 then left(code, 12) else code end as area,
       (array['red','yellow','yellow','blue','blue','blue'])[1 + n % 6] as grade
     from (select n, ${gridCode(`(n * 7919) % ${gridsOf(shape)}`, shape)} as code from generate_series(0, $1::int - 1) n) x`,
    [people],
  )
  await at.client.query(
    `insert into person (person_id, home_area, emergency_id, masked, doc_kind, source, created_at, updated_at) select id, area, $1, '张*' || n % 10, 'resident', 'bench', now(), now() from p`,
    [at.emergencyId],
  )
  await at.client.query(
    `insert into residence (person_id, id, home_area, area, county, kind, certainty, source, from_day, recorded_at)
     select id, gen_random_uuid(), area, area, left(area, 6), 'own', 6, 'bench', '2020-01-01', now() from p`,
  )
  await at.client.query(
    `insert into grade_now (person_id, home_area, n, rule_set_id, grade, from_day, reasons, recorded_at)
     select id, area, 1, gen_random_uuid(), grade, '2020-01-01',
       jsonb_build_array(jsonb_build_object('rule', 'key_area', 'say', jsonb_build_object('zh', '14 天内到过武汉市', 'en', 'was in Wuhan within 14 days'),
         'fact', jsonb_build_object('kind', 'stay', 'place', '4201', 'source', (array['rail','air','telecom'])[1 + n % 3]), 'day', '2020-02-01', 'until', '2020-02-15')), now() from p`,
  )
  await at.client.query('vacuum analyze person, residence, grade_now, area')
}

async function newPush(at: Province): Promise<string> {
  const id = randomUUID()
  await at.client.query(
    `insert into push (id, area, campaign_id, state, started_at) values ($1, '32', $2, 'running', now())`,
    [id, at.campaignId],
  )
  return id
}

const WRITTEN = ['list_entry', 'open_task', 'task', 'task_event', 'grid_feed', 'grid_clock', 'stat_day', 'stat_town']

/** Columns that are written: generated ones are made again by the copy. */
async function columnsOf(at: Province, table: string): Promise<string> {
  const { rows } = await at.client.query<{ list: string }>(
    `select string_agg(format('%I', column_name), ', ' order by ordinal_position) as list from information_schema.columns
     where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`,
    [table],
  )
  return rows[0]?.list ?? '*'
}

/** The peer: exactly the rows that the push wrote, inserted into tables with the same keys and indexes, one statement each. */
async function rawInsert(at: Province): Promise<number> {
  const statements: string[] = []
  for (const table of WRITTEN) {
    await at.client.query(`create table ${table}_raw (like ${table} including all)`)
    const columns = await columnsOf(at, table)
    statements.push(`insert into ${table}_raw (${columns}) select ${columns} from ${table}`)
  }
  return timed(async () => {
    for (const statement of statements) await at.client.query(statement)
  })
}

const LIMIT = 4

export async function pushRows(scale: number): Promise<BenchRow[]> {
  const people = Math.max(10_000, Math.round(100_000 * scale))
  // Always about a thousand people a county, as in a province of a hundred counties with 100,000 listed.
  const shape: Shape = {
    cities: scale >= 0.5 ? 13 : 2,
    counties: scale >= 0.5 ? 8 : 5,
    towns: 14,
    villages: 6,
    grids: 2,
  }
  const at = await openProvince(shape)
  try {
    await fill(at, shape, people)
    const first = await newPush(at)
    const ms = await timed(() => runPush(at.server, first))
    const [row] = (
      await at.client.query(
        `select (select count(*) from task)::int as tasks, (select count(*) from list_entry)::int as entries, (select count(distinct grid) from grid_feed)::int as grids`,
      )
    ).rows
    if (row.tasks !== people || row.entries !== people)
      throw new Error(`${row.tasks} tasks and ${row.entries} entries for ${people} people`)
    const raw = await rawInsert(at)
    const again = await newPush(at)
    const second = await timed(() => runPush(at.server, again))
    return [
      {
        name: `push of ${whole(people)} listed people to ${whole(row.grids)} grids`,
        measured: `${(ms / 1000).toFixed(1)} s, ${whole(people / (ms / 1000))} people/s`,
        limit: `${LIMIT} × the raw insert of the same rows (${(raw / 1000).toFixed(1)} s)`,
        ratio: ms / (raw * LIMIT),
        ok: ms <= raw * LIMIT,
        note: 'list, lock, task, event, feed and counters; each chunk of 1,000 its own transaction',
      },
      {
        name: `the same people pushed again: ${whole(people)} kept open`,
        measured: `${(second / 1000).toFixed(1)} s`,
        limit: 'the first push',
        ratio: second / ms,
        ok: second <= ms,
      },
    ]
  } finally {
    await at.close()
  }
}
