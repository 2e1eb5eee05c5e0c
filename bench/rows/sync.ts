import { fork } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { z } from 'zod'
import { startDeployment } from '../../e2e/deployment.ts'
import type { Deployment } from '../../e2e/deployment.ts'
import type { BenchRow } from '../row.ts'
import { refreshBesideVisits } from './code-visits.ts'
import { whole } from './province.ts'
import { agent, ask, contact, NOTHING, pull } from './sync-phone.ts'
import type { Worker } from './sync-phone.ts'

/**
 * Phones against the program itself, in a process of its own as at an operator's, over HTTP, with the load maker beside it on the
 * same machine. Peers run in turns with what they are compared to.
 */
const VILLAGE = '320508018025'
const GRID = `${VILLAGE}001`
const PEOPLE = 1000
const DOORS = 400
const TASKS = 200
const DAYS = 30
const VISITS_A_DAY = 20
/** Who files, each in a grid of his own, in so many towns: the county's grids lie in more. */
const WORKERS = 40
const TOWNS = 8
const SIDE_BY_SIDE = 16
const PHONES = 1000

const Settings = z.object({ superuser: z.string(), port: z.number() })
const Pushed = z.looseObject({ results: z.array(z.looseObject({ outcome: z.string() })) })

/** Until the phone holds everything, without waiting for a place. */
async function firstSync(at: string, worker: Worker, device: string) {
  let [cursor, wire, items, pages] = [NOTHING, 0, 0, 0]
  for (;;) {
    const page = await pull(at, worker, device, cursor)
    cursor = page.next
    wire += page.wire
    items += page.items
    pages += 1
    if (page.comeBack !== null) throw new Error('the only phone was told to come back')
    if (!page.more) return { cursor, wire, items, pages }
  }
}

type Place = { deployment: Deployment; address: string; db: pg.Pool; close: () => Promise<void> }

async function openPlace(): Promise<Place> {
  // What is measured is this tree, not a build of yesterday.
  process.env['WEIWANG_SOURCE'] = '1'
  const deployment = await startDeployment({ exercise: 'grid' })
  const settings = Settings.parse(JSON.parse(readFileSync(path.join(deployment.dataDir, 'postgres.json'), 'utf8')))
  const url = `postgres://postgres:${settings.superuser}@127.0.0.1:${settings.port}/weiwang_exercise`
  // The same driver as the program's; the superuser may look everywhere.
  const db = new pg.Pool({ connectionString: url, max: SIDE_BY_SIDE })
  return {
    deployment,
    address: deployment.address,
    db,
    close: async () => {
      agent.destroy()
      await db.end()
      await deployment.stop()
    },
  }
}

async function makeWorker(db: pg.Pool, grid: string): Promise<Worker> {
  const [id, device, token] = [randomUUID(), randomUUID(), randomBytes(32).toString('base64url')]
  const now = `(select max(at) from audit)`
  const home = grid.slice(0, 12)
  await db.query(
    `insert into account (id, area, name, login, state, sessions_from, created_at, updated_at) values ($1, $2, '网格员', $3, 'active', ${now}, ${now}, ${now})`,
    [id, home, `bench-${id}`],
  )
  await db.query(`insert into account_role (account_id, role, area, granted_at) values ($1, 'worker', $2, ${now})`, [
    id,
    home,
  ])
  await db.query(
    `insert into duty (id, account_id, area, kind, account_name, from_day, created_at) values ($1, $2, $3, 'cover', '网格员', '2020-01-01', ${now})`,
    [randomUUID(), id, grid],
  )
  await db.query(
    `insert into session (id, token_hash, account_id, level, created_at, last_seen_at, expires_at) values ($1, $2, $3, 'full', ${now}, ${now}, ${now} + interval '300 days')`,
    [randomUUID(), createHash('sha256').update(token).digest(), id],
  )
  await registerPhone(db, id, device)
  return { id, grid, device, cookie: `weiwang_session=${token}` }
}

async function registerPhone(db: pg.Pool, account: string, device: string): Promise<void> {
  await db.query(
    `insert into phone (device, account_id, account_name, area, county, app, protocol, state, registered_at, contact_at)
     values ($1, $2, '网格员', $3, left($3, 6), 'bench', 1, 'active', now(), now())`,
    [device, account, VILLAGE],
  )
}

/** The grid of the exercise is filled up to its size through what phones send; tasks and visits stand in its feed as they would. */
async function fill(place: Place, worker: Worker): Promise<void> {
  const { db } = place
  const count = async (kind: string): Promise<number> => {
    const { rows } = await db.query<{ n: number }>(
      `select count(*)::int as n from grid_feed where grid = $1 and kind = $2 and body ->> 'gone' is null`,
      [GRID, kind],
    )
    return rows[0]?.n ?? 0
  }
  const [doors, people] = [DOORS - (await count('household')), PEOPLE - (await count('person'))]
  for (let d = 0; d < doors; d++) {
    const members = Array.from({ length: Math.ceil((people - d) / doors) }, (_, i) => ({
      name: `王${String.fromCodePoint(0x4e00 + d * 40 + i)}`,
      birth: `19${50 + (d % 50)}-0${1 + (i % 9)}-1${d % 9}`,
    }))
    const body = {
      id: randomUUID(),
      area: `${GRID}001`,
      kind: 'home',
      use: 'self',
      estate: `新苑${d}`,
      door: '101',
      members,
    }
    await send(place, worker, [item('household.add', body)])
  }
  // The reactions tell the grid of the new people; nobody else may take numbers below.
  // Less than the five seconds after which an idle connection is closed.
  await sleep(4000)
  await db.query(
    `with one as (select body from grid_feed where grid = $1 and kind = 'task' limit 1),
     last as (select n from grid_clock where grid = $1)
     insert into grid_feed (county, grid, n, kind, id, urgent, body, at)
     select left($1, 6), $1, last.n + i, 'task', gen_random_uuid()::text, i % 5 = 0,
       one.body || jsonb_build_object('reference', 'B' || i, 'personId', gen_random_uuid(), 'masked', '王*' || i), now()
     from one, last, generate_series(1, $2::int) i`,
    [GRID, Math.max(0, TASKS - (await count('task')))],
  )
  await db.query(
    `with last as (select max(n) as n from grid_feed where grid = $1)
     insert into grid_feed (county, grid, n, kind, id, urgent, body, at)
     select left($1, 6), $1, last.n + i, 'visit', gen_random_uuid()::text, false, jsonb_build_object('county', left($1, 6),
       'taskId', null, 'householdId', gen_random_uuid(), 'day', ('2020-02-15'::date - i % ${DAYS})::text, 'method', 'door', 'result', 'met',
       'disposition', null, 'purpose', 'household_check', 'supersedes', null, 'by', $3::uuid), now()
     from last, generate_series(1, $2::int) i`,
    [GRID, DAYS * VISITS_A_DAY, worker.id],
  )
  await db.query(`update grid_clock set n = (select max(n) from grid_feed where grid = $1) where grid = $1`, [GRID])
}

async function moreGrids(db: pg.Pool): Promise<string[]> {
  const codes = Array.from(
    { length: WORKERS },
    (_, i) => `${VILLAGE.slice(0, 6)}${String(801 + (i % TOWNS))}001${String(500 + i)}`,
  )
  for (const [level, digits] of [
    [4, 9],
    [5, 12],
    [6, 15],
  ])
    await db.query(
      `insert into area (code, parent, level, name, kind, valid_from) select distinct left(c, $2), left(c, $3), $4::int, left(c, $2), 'comprehensive', '2020-01-01'::date
       from unnest($1::text[]) c`,
      [codes, digits, digits === 9 ? 6 : (digits ?? 0) - 3, level],
    )
  return codes
}

function item(kind: string, body: object) {
  return { key: randomUUID(), seq: 1, kind, at: new Date().toISOString(), body }
}

function visit(worker: Worker) {
  return item('visit.file', {
    id: randomUUID(),
    area: worker.grid,
    method: 'door',
    result: 'met',
    purpose: 'household_check',
    answers: { symptoms: false, members: 3, returned: 'no' },
    note: '家中三人，无发热',
  })
}

async function send(place: Place, worker: Worker, items: readonly object[]): Promise<void> {
  const { status, body } = await ask(`${place.address}/api/sync/push`, worker.cookie, {
    ...contact(worker.device),
    items,
  })
  const outcomes = status === 200 ? Pushed.parse(body).results : []
  const bad = outcomes.find(({ outcome }) => outcome !== 'accepted')
  if (outcomes.length !== items.length || bad)
    throw new Error(`push ${status}: ${JSON.stringify(bad ?? body).slice(0, 400)}`)
}

/** `cpu`: milliseconds of processor for each thing done, of the program and of the database, beyond what both use when idle. */
type Load = { rate: number; times: number[]; cpu: [program: number, database: number] }
type Used = readonly [program: number, database: number]

const usedBy = ({ deployment }: Place): Used => [
  cpuOf(deployment.child.pid ?? 0),
  databaseCpu(deployment.databasePid()),
]

/** What timers and the queue use in a millisecond without any request. */
async function idleUse(place: Place): Promise<Used> {
  const [before, began] = [usedBy(place), performance.now()]
  // Less than the five seconds after which an idle connection is closed.
  await sleep(4000)
  const [after, ms] = [usedBy(place), performance.now() - began]
  return [(after[0] - before[0]) / ms, (after[1] - before[1]) / ms]
}

/** As many at once as the peer, each worker one report after another. */
async function fullLoad(place: Place, idle: Used, ms: number, one: (turn: number) => Promise<void>): Promise<Load> {
  const times: number[] = []
  const before = usedBy(place)
  const began = performance.now()
  let turn = 0
  await Promise.all(
    Array.from({ length: SIDE_BY_SIDE }, async () => {
      while (performance.now() - began < ms) {
        const started = performance.now()
        await one(turn++)
        times.push(performance.now() - started)
      }
    }),
  )
  const lasted = performance.now() - began
  const after = usedBy(place)
  const each = (i: 0 | 1): number => Math.max(0, after[i] - before[i] - idle[i] * lasted) / times.length
  return { rate: (times.length / lasted) * 1000, times, cpu: [each(0), each(1)] }
}

/** Reports at a steady rate, whatever becomes of the earlier ones: a late one counts from when it was due. */
async function pacedLoad(ms: number, rate: number, one: (turn: number) => Promise<void>): Promise<number[]> {
  const times: number[] = []
  const under: Promise<void>[] = []
  const began = performance.now()
  for (let turn = 0; turn < (ms / 1000) * rate; turn++) {
    const due = began + (turn / rate) * 1000
    const wait = due - performance.now()
    if (wait > 1) await sleep(wait)
    under.push(one(turn).then(() => void times.push(performance.now() - due)))
  }
  await Promise.all(under)
  return times
}

function part(times: readonly number[], p: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0
}

const shown = (times: readonly number[]): string =>
  `p50 ${part(times, 0.5).toFixed(1)}, p95 ${part(times, 0.95).toFixed(1)}, p99 ${part(times, 0.99).toFixed(1)} ms`

/** Milliseconds of processor that a process and its children have used, the ended ones too. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i] ?? 0), 0) * 10
}

function databaseCpu(postmaster: number): number {
  const children = readdirSync('/proc').filter((name) => {
    try {
      return (
        /^\d+$/.test(name) &&
        readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(postmaster)
      )
    } catch {
      return false
    }
  })
  return children.reduce((sum, name) => sum + cpuOf(Number(name)), cpuOf(postmaster))
}

async function firstSyncRows(place: Place, worker: Worker): Promise<BenchRow[]> {
  const { address, deployment, db } = place
  const ROUNDS = 6
  await firstSync(address, worker, worker.device)
  const before = [cpuOf(deployment.child.pid ?? 0), databaseCpu(deployment.databasePid())]
  const times: number[] = []
  let last = await firstSync(address, worker, worker.device)
  for (let i = 1; i < ROUNDS; i++) {
    const started = performance.now()
    last = await firstSync(address, worker, worker.device)
    times.push(performance.now() - started)
  }
  const [program = 0, database = 0] = [cpuOf(deployment.child.pid ?? 0), databaseCpu(deployment.databasePid())].map(
    (now, i) => (now - (before[i] ?? 0)) / ROUNDS,
  )
  const scans = async (): Promise<{ clock: number; feed: number; seq: number }> => {
    // Backends tell what they have done at most once a second.
    await sleep(1500)
    const { rows } = await db.query<{ relname: string; idx: number; seq: number }>(
      `select relname, coalesce(idx_scan, 0)::int as idx, coalesce(seq_scan, 0)::int as seq from pg_stat_user_tables where relname in ('grid_clock', 'grid_feed')`,
    )
    const of = (name: string) => rows.find((row) => row.relname === name)
    return {
      clock: of('grid_clock')?.idx ?? 0,
      feed: of('grid_feed')?.idx ?? 0,
      seq: (of('grid_clock')?.seq ?? 0) + (of('grid_feed')?.seq ?? 0),
    }
  }
  const REPEATS = 50
  const from = await scans()
  const began = performance.now()
  let wire = 0
  for (let i = 0; i < REPEATS; i++) wire = (await pull(address, worker, worker.device, last.cursor)).wire
  const to = await scans()
  // Timers of the program look at the clocks too: what they do in the same time without any phone is not the phone's.
  await sleep(performance.now() - began)
  const idle = await scans()
  const of = (name: 'clock' | 'feed' | 'seq'): number => Math.max(0, 2 * to[name] - from[name] - idle[name])
  const reads = Math.round(((of('clock') + of('feed')) / REPEATS) * 10) / 10
  const seq = of('seq')
  return [
    {
      name: `first sync of a grid: ${whole(last.items)} things (${PEOPLE} people, ${DOORS} doors, ${TASKS} tasks, ${DAYS} days of visits)`,
      measured: `${whole(last.wire / 1024)} KiB on the wire in ${last.pages} pages; processor ${whole(program)} ms of the program, ${whole(database)} ms of the database; ${whole(part(times, 0.5))} ms from first request to last answer`,
      limit: 'none',
      ratio: 1,
      ok: true,
      note: 'names, telephones and addresses opened; gzip; time on a phone: e2e/journeys/engine.spec.ts',
    },
    {
      name: 'repeat sync with no change',
      measured: `${wire} bytes with the head of the answer; ${reads} indexed reads a sync; ${seq} scans of a table in ${REPEATS} syncs`,
      limit: 'under 1,024 bytes; one indexed read for the one grid',
      ratio: Math.max(wire / 1024, reads),
      // A timer may fall into the one half and not into the other.
      ok: wire < 1024 && reads <= 1.1 && seq < 5,
      note: 'grid_clock and grid_feed by pg_stat_user_tables',
    },
  ]
}

/** The tables that an accepted report writes a row of, each with the columns that make a copied row another one. */
const WRITTEN: readonly { table: string; fresh: Readonly<Record<string, 'uuid' | 'text' | 'number'>> }[] = [
  { table: 'visit', fresh: { id: 'uuid' } },
  { table: 'audit', fresh: { id: 'uuid' } },
  { table: 'idempotency', fresh: { key: 'text' } },
  { table: 'grid_feed', fresh: { id: 'text', n: 'number' } },
  { table: 'grid_clock', fresh: { grid: 'text' } },
  { table: 'stat_day', fresh: { metric: 'text' } },
  { table: 'stat_town', fresh: { metric: 'text' } },
]
let fresh = 0
const freshValue = { uuid: () => randomUUID(), text: () => `raw/${randomUUID()}`, number: () => ++fresh }

type Insert = { name: string; text: string; values: () => unknown[] }

/** A row of each as the last report wrote it, into tables with the same keys and indexes. */
async function copies(db: pg.Pool): Promise<Insert[]> {
  const inserts: Insert[] = []
  for (const { table, fresh: fields } of WRITTEN) {
    await db.query(`create table ${table}_raw (like ${table} including all)`)
    const { rows: made } = await db.query<{ name: string; json: boolean }>(
      `select column_name as name, data_type in ('json', 'jsonb') as json from information_schema.columns
       where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER' order by ordinal_position`,
      [table],
    )
    const { rows } = await db.query<Record<string, unknown>>(
      `select ${made.map(({ name, json }) => (json ? `${name}::text as ${name}` : name)).join(', ')} from ${table} where county = $1
       ${table === 'visit' ? 'and note_sealed is not null' : table === 'audit' ? `and verb = 'visit.file'` : ''} limit 1`,
      [VILLAGE.slice(0, 6)],
    )
    const [row] = rows
    if (!row) throw new Error(`no row of ${table} to write again`)
    inserts.push({
      name: table,
      text: `insert into ${table}_raw (${made.map(({ name }) => name).join(', ')}) values (${made.map((_, i) => `$${i + 1}`).join(', ')})`,
      values: () => made.map(({ name }) => (fields[name] ? freshValue[fields[name]]() : row[name])),
    })
  }
  return inserts
}

/** Plain single-row inserts of the rows that one report writes, one statement each, nothing else. */
async function peer(db: pg.Pool): Promise<(turn: number) => Promise<void>> {
  const inserts = await copies(db)
  return async () => {
    for (const { name, text, values } of inserts) await db.query({ name, text, values: values() })
  }
}

async function filingRows(
  place: Place,
  workers: readonly Worker[],
  seconds: number,
): Promise<{ rows: BenchRow[]; rate: number }> {
  const of = (turn: number): Worker => {
    const worker = workers[turn % workers.length]
    if (!worker) throw new Error('no workers')
    return worker
  }
  const TURNS = 4
  const BATCH = 10
  const single = (turn: number) => send(place, of(turn), [visit(of(turn))])
  const batch = (turn: number) =>
    send(
      place,
      of(turn),
      Array.from({ length: BATCH }, () => visit(of(turn))),
    )
  const idle = await idleUse(place)
  await fullLoad(place, idle, 3000, single)
  const insert = await peer(place.db)
  await fullLoad(place, idle, 1000, insert)
  const ms = (seconds * 1000) / TURNS
  const loads: Record<'raw' | 'one' | 'ten', Load[]> = { raw: [], one: [], ten: [] }
  for (let i = 0; i < TURNS; i++) {
    loads.raw.push(await fullLoad(place, idle, ms / 2, insert))
    loads.one.push(await fullLoad(place, idle, ms, single))
    loads.ten.push(await fullLoad(place, idle, ms, batch))
  }
  // The best of several in turn, of both sides: what else the machine does only ever makes a turn slower.
  const best = (list: readonly Load[]): number => Math.max(...list.map(({ rate }) => rate))
  const times = (list: readonly Load[]): number[] => list.flatMap((load) => load.times)
  const [raw, one, ten] = [best(loads.raw), best(loads.one), best(loads.ten) * BATCH]
  const least = (list: readonly Load[], of: 0 | 1, each = 1): string =>
    (Math.min(...list.map(({ cpu }) => cpu[of])) / each).toFixed(2)
  const processor = (list: readonly Load[], each = 1): string =>
    `processor ${least(list, 0, each)} ms of the program, ${least(list, 1, each)} ms of the database a report`
  const row = (name: string, rate: number, list: readonly Load[], note: string): BenchRow => ({
    name,
    measured: `${whole(rate)} reports/s (best of ${TURNS}); ${shown(times(list))} a request; ${processor(list, rate === ten ? BATCH : 1)}`,
    limit: `0.5 of plain single-row inserts of the same ${WRITTEN.length} rows (${whole(raw)} reports/s, ${shown(times(loads.raw))}; ${least(loads.raw, 1)} ms of the database)`,
    ratio: (raw * 0.5) / rate,
    ok: rate >= raw * 0.5,
    note,
  })
  return {
    rate: one,
    rows: [
      row(
        `visit reports, one a request, ${SIDE_BY_SIDE} at once`,
        one,
        loads.one,
        `ratio is limit over measured; the rows of ${WRITTEN.map(({ table }) => table).join(', ')}`,
      ),
      row(`visit reports, ${BATCH} a request`, ten, loads.ten, 'as a phone hands in what it did without a net'),
    ],
  }
}

const Counted = z.object({ level: z.number(), asked: z.number(), told: z.number(), away: z.number() })

type Crowd = { go: (ms: number) => Promise<z.infer<typeof Counted>>; end: () => void }

/**
 * The phones of the crowd are a process of their own, so that what they wait for does not delay who files; it has started before
 * anything is measured.
 */
async function crowd(place: Place): Promise<Crowd> {
  // Each phone is another worker's, as in the morning: an account has one place (SYNC-11).
  const phones: Worker[] = []
  while (phones.length < PHONES) phones.push(await makeWorker(place.db, GRID))
  const child = fork(path.join(import.meta.dirname, 'sync-crowd.ts'), { execArgv: process.execArgv })
  await once(child, 'message', { signal: AbortSignal.timeout(60_000) })
  return {
    go: async (ms) => {
      const answer = once(child, 'message', { signal: AbortSignal.timeout(ms + 60_000) })
      child.send({ address: place.address, phones, ms })
      return Counted.parse((await answer)[0])
    },
    end: () => void child.kill(),
  }
}

/** A crowd of this size is served over minutes. That a thousand connections open at one moment is a part of it and not the whole. */
const CROWD_S = 60
const OPENING_S = 2

async function crowdRow(place: Place, workers: readonly Worker[], rate: number): Promise<BenchRow> {
  const one = (turn: number): Promise<void> => {
    const worker = workers[turn % workers.length]
    return worker ? send(place, worker, [visit(worker)]) : Promise.resolve()
  }
  const idle = await pacedLoad(CROWD_S * 250, rate / 2, one)
  const all = await crowd(place)
  const opening = pacedLoad(OPENING_S * 1000, rate / 2, one)
  const filing = opening.then(async (times) => [times, await pacedLoad((CROWD_S - OPENING_S) * 1000, rate / 2, one)])
  const [[opened = [], after = []], phones] = await Promise.all([filing, all.go(CROWD_S * 1000)]).finally(all.end)
  const again = await pacedLoad(CROWD_S * 250, rate / 2, one)
  const busy = [...opened, ...after]
  const [quiet, loud] = [part([...idle, ...again], 0.95), part(busy, 0.95)]
  return {
    name: `${whole(PHONES)} phones ask for their first sync at once while others file ${whole(rate / 2)} reports/s`,
    measured: `filing ${shown(busy)} over ${CROWD_S} s (p95 of the first ${OPENING_S} s, in which all connect: ${part(opened, 0.95).toFixed(1)} ms); ${phones.level} phones level meanwhile, ${whole(phones.told)} times told to come back${phones.away > 0 ? `, ${phones.away} of them without a database` : ''}`,
    limit: `p95 within twice the idle p95 (${quiet.toFixed(1)} ms)`,
    ratio: loud / (2 * quiet),
    ok: loud <= 2 * quiet,
    note: 'half of the rate measured before; idle before and after',
  }
}

export async function syncRows(scale: number): Promise<BenchRow[]> {
  const seconds = scale >= 0.5 ? 60 : 12
  const place = await openPlace()
  try {
    const first = await makeWorker(place.db, GRID)
    await fill(place, first)
    const workers: Worker[] = []
    for (const grid of await moreGrids(place.db)) workers.push(await makeWorker(place.db, grid))
    await sleep(3000)
    const syncing = await firstSyncRows(place, first)
    const { rows, rate } = await filingRows(place, workers, seconds)
    const half = (ms: number): Promise<number> =>
      pacedLoad(ms, rate / 2, (turn) => {
        const worker = workers[turn % workers.length]
        return worker ? send(place, worker, [visit(worker)]) : Promise.resolve()
      }).then((times) => part(times, 0.95))
    return [
      ...syncing,
      ...rows,
      await crowdRow(place, workers, rate),
      await refreshBesideVisits(place, GRID, seconds, half),
    ]
  } finally {
    await place.close()
  }
}
