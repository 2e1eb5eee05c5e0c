import { addDays, instantOf } from '@weiwang/domain/core/day'
import { followTime } from '@weiwang/server/observation/due'
import type { BenchRow } from '../row.ts'
import { gridCode, gridsOf, openProvince, timed, whole } from './province.ts'
import type { Province, Shape } from './province.ts'

/** The job behind readings: what a deadline costs, what a midnight costs, and that it costs what is due and not what ever was. */
const ZONE = 'Asia/Shanghai'
const DAY = '2020-02-10'
const WRITTEN = [
  'reading_slot',
  'reading_call',
  'open_task',
  'task',
  'task_event',
  'grid_feed',
  'grid_clock',
  'stat_day',
  'stat_town',
]

function setClock(at: Province, day: string, hour: number, minute: number): void {
  at.server.clock.shift(instantOf(day, ZONE, hour, minute).getTime() - at.server.clock.now().getTime())
}

/** People at home over all grids, whose evening deadline is the next thing. */
async function observed(at: Province, shape: Shape, people: number): Promise<void> {
  await at.client.query(
    `insert into reading_due (county, observation_id, area, responsible_area, emergency_id, person_id, responder_person_id, masked, ordinal, contact,
       first_day, last_day, from_at, handled_to, next_due, updated_at)
     select left(code, 6), gen_random_uuid(), code, code, $1, id, id, '张*', 1, 'sms', $3::date - 5, $3::date + 9, $4, $5, $6, $5
     from (select gen_random_uuid() as id, ${gridCode(`(n::bigint * 7919) % ${gridsOf(shape)}`, shape)} as code from generate_series(0, $2::int - 1) n) x`,
    [
      at.emergencyId,
      people,
      DAY,
      instantOf(addDays(DAY, -5), ZONE),
      instantOf(DAY, ZONE, 18, 31),
      instantOf(DAY, ZONE, 20, 1),
    ],
  )
  await at.client.query('vacuum analyze reading_due')
}

/** People whose days are over, with what came for two of their slots each. */
async function ended(at: Province, shape: Shape, people: number): Promise<void> {
  await at.client.query(
    `with made as (
       insert into reading_due (county, observation_id, area, responsible_area, emergency_id, person_id, responder_person_id, masked, ordinal, contact,
         first_day, last_day, from_at, handled_to, ended_at, updated_at)
       select left(code, 6), gen_random_uuid(), code, code, $1, id, id, '李*', 1, 'sms', $3::date - 60, $3::date - 46, $4, $4, $4, $4
       from (select gen_random_uuid() as id, ${gridCode(`(n::bigint * 7919) % ${gridsOf(shape)}`, shape)} as code from generate_series(0, $2::int - 1) n) x
       returning county, observation_id, area)
     insert into reading_slot (county, observation_id, day, part, area, emergency_id, due_at, state, recorded_at)
     select county, observation_id, $3::date - 47, part, area, $1, $4, 'on_time', $4 from made cross join unnest(array['morning', 'evening']) part`,
    [at.emergencyId, people, DAY, instantOf(addDays(DAY, -47), ZONE, 12)],
  )
  await at.client.query('vacuum analyze reading_due, reading_slot')
}

async function columnsOf(at: Province, table: string): Promise<string> {
  const { rows } = await at.client.query<{ list: string }>(
    `select string_agg(format('%I', column_name), ', ' order by ordinal_position) as list from information_schema.columns
     where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`,
    [table],
  )
  return rows[0]?.list ?? '*'
}

/** The peer: exactly the rows that were written, inserted into tables with the same keys and indexes, and the same rows updated. */
async function raw(at: Province): Promise<number> {
  const statements: string[] = []
  for (const table of WRITTEN) {
    await at.client.query(`create table ${table}_raw (like ${table} including all)`)
    const columns = await columnsOf(at, table)
    statements.push(`insert into ${table}_raw (${columns}) select ${columns} from ${table}`)
  }
  statements.push('update reading_due set updated_at = updated_at, next_due = next_due where ended_at is null')
  return timed(async () => {
    for (const statement of statements) await at.client.query(statement)
  })
}

async function emptied(at: Province): Promise<void> {
  await at.client.query(`truncate reading_due, ${WRITTEN.join(', ')}`)
}

/** What one deadline costs for so many of whom nothing came, beside so many whose days are over. */
async function deadline(at: Province, shape: Shape, people: number, over: number): Promise<number> {
  await emptied(at)
  if (over > 0) await ended(at, shape, over)
  await observed(at, shape, people)
  setClock(at, DAY, 20, 1)
  const ms = await timed(() => followTime(at.server))
  const { rows } = await at.client.query<{ tasks: number; calls: number; missed: number }>(
    `select (select count(*) from task)::int as tasks, (select count(*) from reading_call)::int as calls,
      (select count(*) from reading_slot where state = 'missed')::int as missed`,
  )
  const [row] = rows
  if (row?.tasks !== people || row.calls !== people || row.missed !== people)
    throw new Error(`${JSON.stringify(row)} for ${people} people`)
  return ms
}

/** Followed by a clock that says midnight: everybody is a day further, and nobody is touched. */
async function midnight(at: Province): Promise<number> {
  setClock(at, addDays(DAY, 1), 0, 0)
  const runs: number[] = []
  for (let i = 0; i < 5; i++) runs.push(await timed(() => followTime(at.server)))
  return Math.min(...runs)
}

const LIMIT = 4
const TIMES = 10
const LINEAR = 1.5
const QUIET_SHARE = 0.01

export async function observationRows(scale: number): Promise<BenchRow[]> {
  const people = Math.max(4000, Math.round(200_000 * scale))
  const shape: Shape = {
    cities: scale >= 0.5 ? 13 : 2,
    counties: scale >= 0.5 ? 8 : 5,
    towns: 14,
    villages: 6,
    grids: 2,
  }
  const at = await openProvince(shape)
  try {
    await deadline(at, shape, Math.min(people, 1000), 0)
    const alone = await deadline(at, shape, people, 0)
    const still = await midnight(at)
    const peer = await raw(at)
    // Turn by turn, the better of two: what else the machine does falls on both.
    const besides = [await deadline(at, shape, people, people * TIMES)]
    const ms = Math.min(alone, await deadline(at, shape, people, 0))
    besides.push(await deadline(at, shape, people, people * TIMES))
    const beside = Math.min(...besides)
    return [
      {
        name: `readings: a deadline that ${whole(people)} of ${whole(people)} observed people missed: slots, calls, tasks, phones`,
        measured: `${(ms / 1000).toFixed(1)} s, ${whole(people / (ms / 1000))} people/s`,
        limit: `${LIMIT} × the raw insert of the same rows (${(peer / 1000).toFixed(1)} s)`,
        ratio: ms / (peer * LIMIT),
        ok: ms <= peer * LIMIT,
        note: 'the worst evening there can be; chunks of 500, each its own transaction',
      },
      {
        name: `the same beside ${whole(people * TIMES)} people whose days are over`,
        measured: `${(beside / 1000).toFixed(1)} s`,
        limit: `${LINEAR} × without them`,
        ratio: beside / (ms * LINEAR),
        ok: beside <= ms * LINEAR,
        note: 'linear in those due, not in all ever observed',
      },
      {
        name: `midnight with ${whole(people)} observed people`,
        measured: `${still.toFixed(1)} ms`,
        limit: `${QUIET_SHARE * 100} % of that deadline`,
        ratio: still / (ms * QUIET_SHARE),
        ok: still <= ms * QUIET_SHARE,
        note: 'days, deadlines and lateness are functions of dates at read time: nothing has to be written',
      },
    ]
  } finally {
    await at.close()
  }
}
