import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir, totalmem } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { uuid8 } from '@weiwang/domain/core/ids'
import { PRESETS } from '@weiwang/domain/feeds/presets'
import { checkDigit } from '@weiwang/domain/people/document'
import { readConfig } from '@weiwang/server/core/config'
import { json } from '@weiwang/server/core/db/json'
import { sharedBuffers } from '@weiwang/server/core/postgres/embedded'
import { Server } from '@weiwang/server/core/server'
import { startTestCluster } from '@weiwang/server/core/testing/cluster'
import { importBatch, walk } from '@weiwang/server/feeds/importer'
import { fileOf } from '@weiwang/server/feeds/inbox'
import { readyFacts } from '@weiwang/server/feeds/load'
import { getFeed } from '@weiwang/server/feeds/store'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { pino } from 'pino'
import type { BenchRow } from '../row.ts'

/** Feed import: raw COPY and the importer write the same facts into tables with the same indexes, in turns, in one run. */
const HEAD = '姓名,证件类型,证件号码,手机号,现住址,出发地,乘车日期,车次\n'
const NAMES = [
  ['32', '江苏省'],
  ['42', '湖北省'],
  ['4201', '武汉市'],
  ['4211', '黄冈市'],
  ['33', '浙江省'],
  ['3303', '温州市'],
  ['41', '河南省'],
  ['4115', '信阳市'],
] as const
const PLACES = ['湖北省武汉市', '湖北省黄冈市', '浙江省温州市', '420100', '河南 信阳']

function idNumber(n: number): string {
  const year = 1950 + (n % 55)
  const day = String(1 + (Math.floor(n / 55) % 28)).padStart(2, '0')
  const month = String(1 + (Math.floor(n / 1540) % 12)).padStart(2, '0')
  const first = `${320_100 + (Math.floor(n / 18_480_000) % 900)}${year}${month}${day}${String(1 + (Math.floor(n / 18_480) % 998)).padStart(3, '0')}`
  return first + checkDigit(first)
}

const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜'
const GIVEN = '伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰玉萍红梅建国华文辉力海波宁婷雪飞鹏玲琴云莲'

/** Some 60,000 names, unevenly shared as in life. */
function nameOf(n: number): string {
  const m = (n * 2_654_435_761) % 4_294_967_296
  return `${SURNAMES[m % SURNAMES.length] ?? ''}${GIVEN[(m >>> 5) % GIVEN.length] ?? ''}${GIVEN[(m >>> 13) % GIVEN.length] ?? ''}`
}

function line(n: number): string {
  const day = 1 + (n % 28)
  return `${nameOf(n)},居民身份证,${idNumber(n)},138${String(n % 100_000_000).padStart(8, '0')},苏州市吴中区木渎镇中山东路${n % 900}号${n % 30}幢,${PLACES[n % 5]},2020-02-${String(day).padStart(2, '0')},G${7000 + (n % 900)}\n`
}

async function writeFile(file: string, from: number, rows: number): Promise<void> {
  const out = createWriteStream(file)
  out.write(HEAD)
  for (let n = from; n < from + rows; n++) if (!out.write(line(n))) await once(out, 'drain')
  out.end()
  await once(out, 'finish')
}

const COPIED =
  'person_id, fact_id, kind, place, value, degree, from_day, to_day, source, batch_id, recorded_at, withdrawn_at, external, superseded_by'

/** The same facts as COPY takes them, made beforehand: its time is the database's alone. */
function* copyLines(rows: number, batchId: string): Generator<string> {
  let text = ''
  for (let n = 0; n < rows; n++) {
    const person = uuid8(createHash('sha256').update(`p${n}`).digest())
    const id = uuid8(createHash('sha256').update(`f${n}`).digest())
    text += `${person}\t${id}\tstay\t4201\t\\N\t\\N\t2020-02-05\t2020-02-05\tbench\t${batchId}\t2020-03-01 00:00:00+00\t\\N\t\\N\t\\N\n`
    if (n % 500 === 499) {
      yield text
      text = ''
    }
  }
  if (text !== '') yield text
}

/** From a file written beforehand: lines kept in memory would be counted as the importer's. */
async function copyRate(client: pg.Client, table: string, rows: number): Promise<number> {
  const dir = mkdtempSync(path.join(tmpdir(), 'weiwang-bench-copy-'))
  const file = path.join(dir, 'lines')
  try {
    await pipeline(Readable.from(copyLines(rows, randomUUID())), createWriteStream(file))
    const started = performance.now()
    const lines = createReadStream(file, { highWaterMark: 256 * 1024 })
    await pipeline(lines, client.query(copyFrom(`copy ${table} (${COPIED}) from stdin`)))
    return rows / ((performance.now() - started) / 1000)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

type Bench = { server: Server; client: pg.Client; dataDir: string; emergency: string; next: number }

/** Seconds that something takes and the peak of the resident memory meanwhile, in MB; what came before is cleared away first. */
async function peak(run: () => Promise<unknown>): Promise<{ seconds: number; mb: number }> {
  globalThis.gc?.()
  const started = performance.now()
  let most = process.memoryUsage().rss
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20)
  try {
    await run()
    const seconds = (performance.now() - started) / 1000
    return { seconds, mb: Math.max(most, process.memoryUsage().rss) / 1e6 }
  } finally {
    clearInterval(timer)
  }
}

async function newBatch(bench: Bench, rows: number): Promise<string> {
  const id = randomUUID()
  await writeFile(fileOf(bench.dataDir, id), bench.next, rows)
  bench.next += rows
  const now = new Date()
  await bench.server.jobsPool.db
    .insertInto('batch')
    .values({
      id,
      feed_id: 'bench',
      area: '32',
      emergency_id: bench.emergency,
      file_name: 'bench.csv',
      file_hash: randomBytes(16),
      bytes: 0,
      state: 'received',
      received_at: now,
    })
    .execute()
  return id
}

/** Rows per second of the first stage: read, validated, hashed and stored as facts, chunk by chunk. */
async function factsRate(bench: Bench, rows: number): Promise<{ rate: number; mb: number; id: string }> {
  const id = await newBatch(bench, rows)
  const { db } = bench.server.jobsPool
  const batch = await db.selectFrom('batch').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const feed = await getFeed(db, 'bench')
  const { seconds, mb } = await peak(() =>
    walk(bench.server, batch, feed, { name: 'batch.facts', cursor: 0, run: readyFacts }),
  )
  const rate = rows / seconds
  const counted = await db
    .selectFrom('batch')
    .select(['accepted', 'rows'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  if (counted.rows !== rows || counted.accepted < rows * 0.99)
    throw new Error(`${counted.accepted} of ${rows} rows were stored`)
  return { rate, mb, id }
}

async function wholeRate(bench: Bench, rows: number): Promise<number> {
  const id = await newBatch(bench, rows)
  const started = performance.now()
  await importBatch(bench.server, id)
  return rows / ((performance.now() - started) / 1000)
}

/** Indexes are made when the rows are in: dense ones, which the import must then split, so that this favours nothing. */
async function fill(client: pg.Client, rows: number): Promise<void> {
  const { rows: indexes } = await client.query<{ name: string; def: string }>(
    `select indexname as name, indexdef as def from pg_indexes where tablename = 'fact' and indexname <> 'fact_pkey'`,
  )
  for (const { name } of indexes) await client.query(`drop index ${name}`)
  await client.query('alter table fact drop constraint fact_pkey')
  for (let done = 0; done < rows; done += 500_000) {
    await client.query(
      `insert into fact (person_id, fact_id, kind, place, from_day, to_day, source, batch_id, recorded_at)
       select gen_random_uuid(), gen_random_uuid(), 'stay', (array['4201','4211','3303','4115'])[1 + n % 4], date '2020-01-20' + n % 20, date '2020-01-20' + n % 20, 'fill', '00000000-0000-4000-8000-000000000000', now()
       from generate_series(1, $1::int) n`,
      [Math.min(500_000, rows - done)],
    )
  }
  await client.query(`set maintenance_work_mem = '512MB'`)
  await client.query('alter table fact add primary key (person_id, fact_id)')
  for (const { def } of indexes) await client.query(def)
  await client.query('vacuum analyze fact')
}

const whole = (n: number): string => Math.round(n).toLocaleString('en')

async function openOn(url: string, dir: string): Promise<Bench> {
  const dataDir = path.join(dir, randomUUID())
  mkdirSync(path.join(dataDir, 'inbox'), { recursive: true })
  const config = readConfig({ DATA_DIR: dataDir, EXERCISE: 'off', KEY_FILE: path.join(dir, 'key.json') })
  const server = await Server.open({ config, log: pino({ level: 'silent' }), url, rooms: [], now: new Date() })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const emergency = randomUUID()
  await client.query(
    `insert into emergency (id, area, name, legal_order, purpose, basis, starts, state, proposed_at) values ($1, '32', '{}', 'x', '{}', '{}', '2020-01-01', 'open', now())`,
    [emergency],
  )
  for (const [code, name] of NAMES) {
    await client.query(
      `insert into area (code, level, name, kind, valid_from) values ($1, length($1) / 2, $2, 'official', '2020-01-01')`,
      [code, name],
    )
  }
  const rail = PRESETS.find((p) => p.id === 'rail')
  if (rail === undefined) throw new Error('no preset')
  await server.jobsPool.db
    .insertInto('feed')
    .values({
      id: 'bench',
      area: '32',
      name: json(rail.name),
      owner: 'bench',
      purpose: json(rail.purpose),
      kind: 'rail',
      mapping: json<unknown>(rail.mapping),
      bounds: json<unknown>({}),
      state: 'open',
      created_at: new Date(),
    })
    .execute()
  return { server, client, dataDir, emergency, next: 0 }
}

/** Two databases on one server: the second one is filled, so that full and empty can be measured in turns. */
async function open(): Promise<{ empty: Bench; full: Bench; close: () => Promise<void> }> {
  const cluster = await startTestCluster({ shared_buffers: sharedBuffers(totalmem()) })
  const dir = mkdtempSync(path.join(tmpdir(), 'weiwang-bench-feeds-'))
  const admin = new pg.Client({ connectionString: cluster.url('postgres') })
  await admin.connect()
  for (const name of ['bench_empty', 'bench_full'])
    await admin.query(`create database ${name} template ${cluster.template}`)
  await admin.end()
  const empty = await openOn(cluster.url('bench_empty'), dir)
  const full = await openOn(cluster.url('bench_full'), dir)
  return {
    empty,
    full,
    close: async () => {
      for (const { client, server } of [empty, full]) {
        await client.end()
        await server.close()
      }
      await cluster.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** The pair in the middle of several taken in turn: a burst of another program's work is then nobody's speed. */
function middle<P extends { rate: number; peer: number }>(pairs: readonly P[]): P {
  const sorted = pairs.toSorted((a, b) => a.rate / a.peer - b.rate / b.peer)
  const found = sorted[Math.floor(sorted.length / 2)]
  if (found === undefined) throw new Error('nothing was measured')
  return found
}

/** The importer and COPY; `mb` is the importer's highest peak. */
async function besideCopy(
  empty: Bench,
  rows: number,
  times: number,
): Promise<{ rate: number; peer: number; mb: number }> {
  const pairs: { rate: number; peer: number; mb: number }[] = []
  for (let i = 0; i < times; i++) {
    await empty.client.query('truncate fact_copy, fact')
    const peer = await copyRate(empty.client, 'fact_copy', rows)
    pairs.push({ peer, ...(await factsRate(empty, rows)) })
  }
  return { ...middle(pairs), mb: Math.max(...pairs.map(({ mb }) => mb)) }
}

/** The importer on a table that is full and on one that is empty, by short imports. */
async function besideEmpty(empty: Bench, full: Bench, rows: number): Promise<{ rate: number; peer: number }> {
  const pairs: { rate: number; peer: number }[] = []
  await factsRate(full, rows)
  for (let i = 0; i < 7; i++) {
    await empty.client.query('truncate fact')
    const peer = (await factsRate(empty, rows)).rate
    pairs.push({ peer, rate: (await factsRate(full, rows)).rate })
  }
  return middle(pairs)
}

async function measure(empty: Bench, full: Bench, scale: number): Promise<BenchRow[]> {
  const rows = Math.max(20_000, Math.round(1_000_000 * scale))
  const stored = Math.max(200_000, Math.round(10_000_000 * scale))
  await empty.client.query('create table fact_copy (like fact including all)')
  await copyRate(empty.client, 'fact_copy', 5_000)
  await factsRate(empty, 5_000)
  await fill(full.client, stored)
  const small = await factsRate(empty, 10_000)
  const copy = await besideCopy(empty, rows, scale >= 1 ? 3 : 7)
  const beside = await besideEmpty(empty, full, Math.min(rows, 100_000))
  const wholeRows = Math.min(rows, 10_000)
  const everything = await wholeRate(empty, wholeRows)
  const better = 'ratio above 1 is better than the limit'
  return [
    {
      name: `feed import: ${whole(rows)} rows parsed, validated, hashed and stored as facts`,
      measured: `${whole(copy.rate)} rows/s (COPY ${whole(copy.peer)})`,
      limit: '0.25 of raw COPY into the same table and indexes',
      ratio: copy.rate / copy.peer / 0.25,
      ok: copy.rate >= copy.peer * 0.25,
      note: better,
    },
    {
      name: 'feed import with its second stage (persons sealed, near names looked for, addresses queued)',
      measured: `${whole(everything)} rows/s`,
      limit: 'none',
      ratio: 1,
      ok: true,
      note: `${whole(wholeRows)} rows; informs only`,
    },
    {
      name: `feed import: memory at ${whole(rows)} rows beside 10,000`,
      measured: `${Math.round(copy.mb)} MB beside ${Math.round(small.mb)} MB`,
      limit: 'twice the peak at 10,000 rows',
      ratio: copy.mb / small.mb / 2,
      ok: copy.mb <= small.mb * 2,
      note: 'what the collector has not yet taken; what is kept is 30 MB at any size',
    },
    {
      name: `feed import: rate with ${whole(stored)} facts stored beside empty`,
      measured: `${whole(beside.rate)} rows/s beside ${whole(beside.peer)}`,
      limit: 'at most 20 % slower',
      ratio: beside.rate / beside.peer / 0.8,
      ok: beside.rate >= beside.peer * 0.8,
      note: better,
    },
  ]
}

export async function feedRows(scale: number): Promise<BenchRow[]> {
  const { empty, full, close } = await open()
  try {
    return await measure(empty, full, scale)
  } finally {
    await close()
  }
}
