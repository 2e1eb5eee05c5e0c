import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Actor } from '@weiwang/domain/access/actor'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import { checkDigit } from '@weiwang/domain/people/document'
import { PRESETS } from '@weiwang/domain/feeds/presets'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testServer } from '../core/testing/test-server.ts'
import type { Answer, TestServer } from '../core/testing/test-server.ts'
import { finishWithdrawal, importBatch } from './importer.ts'
import { fileOf } from './inbox.ts'
import { feedJobs, takeUp } from './jobs.ts'
import { feedRoutes } from './routes.ts'

const events: { event: string; payload: unknown }[] = []
const spy = (event: string) => async (_server: unknown, payload: unknown) => void events.push({ event, payload })
let t: TestServer
let operator: Actor
let chief: Actor
let emergency: string

beforeAll(async () => {
  const listener = {
    reactions: {
      'batch.loaded': spy('batch.loaded'),
      'batch.withdrawn': spy('batch.withdrawn'),
      'risk_areas.changed': spy('risk_areas.changed'),
      'feed.red_changed': spy('feed.red_changed'),
    },
    timers: [],
  }
  t = await testServer({
    rooms: [
      { room: 'feeds', jobs: feedJobs },
      { room: 'test', jobs: listener },
    ],
    routes: [feedRoutes],
  })
  for (const [code, name] of AREAS) {
    await t.sql(
      `insert into area (code, parent, level, name, kind, valid_from) values ($1, null, $2, $3, 'official', '2020-01-01')`,
      [code, code.length / 2, name],
    )
  }
  operator = t.actor({ area: '3205', roles: ['operator'], name: '操作员' })
  chief = t.actor({ area: '3205', roles: ['chief'], name: '主任' })
  emergency = await t.openEmergency()
})
afterAll(() => t.close())

const AREAS = [
  ['32', '江苏省'],
  ['3205', '苏州市'],
  ['320506', '吴中区'],
  ['42', '湖北省'],
  ['4201', '武汉市'],
  ['11', '北京市'],
  ['110108', '海淀区'],
] as const

/** A made-up number that is valid; `n` picks the person. */
function idNumber(n: number): string {
  const first = `32050619${String(60 + (n % 40)).padStart(2, '0')}0101${String(1 + (n % 998)).padStart(3, '0')}`
  return first + checkDigit(first)
}

async function openSource(id: string, preset = 'rail', area = '3205', by = operator): Promise<void> {
  const found = PRESETS.find((p) => p.id === preset)
  const { id: _id, ...rest } = found ?? PRESETS[0]!
  const made = await t.request(by, 'POST', '/api/feeds', { ...rest, id, area, owner: '交通专班' })
  expect(made.status).toBe(200)
  expect((await t.request(by, 'POST', `/api/feeds/${id}/open`, {})).body.state).toBe('open')
}

function upload(actor: Actor, url: string, content: string | Buffer, name = 'list.csv'): Promise<Answer> {
  const boundary = 'x-weiwang-boundary'
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from(`\r\n--${boundary}--\r\n`)])
  return t.request(actor, 'POST', url, body, { 'content-type': `multipart/form-data; boundary=${boundary}` })
}

/** Another process of this deployment that loads one batch. */
function importingProcess(id: string): ChildProcess {
  const script = `
    import { pino } from 'pino'
    import { readConfig } from '@weiwang/server/core/config'
    import { Server } from '@weiwang/server/core/server'
    import { importBatch } from '@weiwang/server/feeds/importer'
    const server = await Server.open({ config: readConfig(process.env), log: pino({ level: 'silent' }), url: process.env.TEST_URL, rooms: [], now: new Date() })
    await importBatch(server, '${id}')
    await server.close()`
  const { dataDir, keyFile } = t.server.config
  const env = {
    ...process.env,
    TEST_URL: t.adminUrl,
    DATA_DIR: dataDir,
    KEY_FILE: keyFile,
    EXERCISE: 'off',
    NODE_OPTIONS: '',
  }
  return spawn(process.execPath, ['--conditions=source', '--import', 'tsx', '--input-type=module', '-e', script], {
    env,
    cwd: path.join(import.meta.dirname, '../..'),
    stdio: 'ignore',
  })
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function hasLoaded(child: ChildProcess, id: string, atLeast: number): Promise<void> {
  for (;;) {
    const { rows: loaded, state } = await batch(id)
    if (loaded >= atLeast || state === 'loaded' || child.exitCode !== null) return
    await pause(5)
  }
}

/** Stops a process between two of its transactions, as when its machine is cut off: its sessions stay. */
async function standStill(child: ChildProcess, id: string): Promise<void> {
  for (;;) {
    child.kill('SIGSTOP')
    const free = await t.sql('select from batch where id = $1 for update skip locked', [id])
    if (free.length === 1) return
    child.kill('SIGCONT')
    await pause(3)
  }
}

const HEAD = '姓名,证件号码,手机号,现住址,出发地,乘车日期\n'
const row = (n: number, place = '武汉', day = '2020-02-05') =>
  `张三,${idNumber(n)},138${String(n).padStart(8, '0')},吴中区某路${n}号,${place},${day}\n`
const rows = (from: number, to: number, place?: string, day?: string) =>
  Array.from({ length: to - from }, (_, i) => row(from + i, place, day)).join('')
const batch = async (id: string) => (await t.request(operator, 'GET', `/api/batches/${id}`)).body
const liveFacts = async (source: string) =>
  Number((await t.sql('select count(*) from fact where source = $1 and withdrawn_at is null', [source]))[0].count)

async function load(feed: string, content: string | Buffer, name?: string) {
  const answer = await upload(operator, `/api/feeds/${feed}/batches`, content, name)
  expect(answer.status).toBe(200)
  await t.drain()
  return { ...(await batch(answer.body.batch.id)), repeated: answer.body.repeated }
}

describe('loading', () => {
  test('a file becomes persons and facts, counted row by row, and is deleted when it is in', async () => {
    await openSource('load1')
    events.length = 0
    const done = await load(
      'load1',
      `铁路数据\n\n${HEAD}${rows(0, 3)}王五,3.20506E+17,13800000009,,武汉,2020-02-05\n${row(1)}\n`,
    )
    expect(done).toMatchObject({
      state: 'loaded',
      rows: 5,
      accepted: 3,
      unchanged: 1,
      rejected: 1,
      reading: { headerRow: 3, encoding: 'utf-8' },
    })
    expect(await t.sql(`select kind, place, from_day, to_day from fact where source = 'load1' limit 1`)).toMatchObject([
      { kind: 'stay', place: '4201' },
    ])
    expect(
      await t.sql(
        `select count(*)::int as n from person p where exists (select from fact f where f.person_id = p.person_id and f.source = 'load1')`,
      ),
    ).toEqual([{ n: 3 }])
    expect(existsSync(fileOf(t.server.config.dataDir, done.id))).toBe(false)
    expect(events).toEqual([{ event: 'batch.loaded', payload: { batchId: done.id } }])
    expect((await t.sql('select count(*)::int as n from grade_dirty'))[0].n).toBe(3)
  })

  test('while it waits, the file is readable by the server alone', async () => {
    const answer = await upload(operator, '/api/feeds/load1/batches', `${HEAD}${row(900)}`)
    expect(statSync(fileOf(t.server.config.dataDir, answer.body.batch.id)).mode & 0o777).toBe(0o600)
    await t.drain()
  })

  test('case 13: the same file again changes nothing and says so; other files with the same rows count them unchanged', async () => {
    await openSource('twice')
    const first = await load('twice', `${HEAD}${rows(0, 4)}`)
    const again = await load('twice', `${HEAD}${rows(0, 4)}`, 'other-name.csv')
    expect(again).toMatchObject({ id: first.id, repeated: true, accepted: 4 })
    const more = await load('twice', `${HEAD}${rows(0, 4)}${row(4)}`)
    expect(more).toMatchObject({ repeated: false, accepted: 1, unchanged: 4, rejected: 0 })
    expect(await liveFacts('twice')).toBe(5)
    expect(readdirSync(path.join(t.server.config.dataDir, 'inbox'))).toEqual([])
  })

  test('case 58: the same file five times at once is one batch', async () => {
    await openSource('parallel')
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => upload(operator, '/api/feeds/parallel/batches', `${HEAD}${rows(0, 50)}`)),
    )
    expect(answers.map((a) => a.status)).toEqual([200, 200, 200, 200, 200])
    expect(new Set(answers.map((a) => a.body.batch.id)).size).toBe(1)
    const id = answers[0]?.body.batch.id
    await Promise.all([t.drain(), importBatch(t.server, id), importBatch(t.server, id)])
    expect(await batch(id)).toMatchObject({ state: 'loaded', rows: 50, accepted: 50 })
    expect(await liveFacts('parallel')).toBe(50)
  })

  test('FEED-18: an import that broke off between chunks goes on and ends exact', async () => {
    await openSource('resume')
    const content = `${HEAD}${rows(0, 900)}坏,1,,,武汉,2020-02-05\n${rows(0, 900, '武汉', '2020-02-06')}${rows(0, 900, '武汉', '2020-02-07')}`
    const { id } = (await upload(operator, '/api/feeds/resume/batches', content)).body.batch
    // The database refuses the second chunk, as when it is killed: the first stays, the cursor with it.
    await t.sql(
      `create function fail_late() returns trigger language plpgsql as $$ begin if new.cursor > 2500 then raise exception 'killed'; end if; return new; end $$`,
    )
    await t.sql('create trigger fail_late before update on batch for each row execute function fail_late()')
    await expect(importBatch(t.server, id)).rejects.toThrow('killed')
    expect(await batch(id)).toMatchObject({ state: 'loading', rows: 2000 })
    await t.sql('drop trigger fail_late on batch')
    await takeUp(t.server)
    expect(await batch(id)).toMatchObject({ state: 'loaded', rows: 2701, accepted: 2700, unchanged: 0, rejected: 1 })
    expect(await liveFacts('resume')).toBe(2700)
  })

  test('FEED-18: a process killed in the middle is replaced by another, nothing lost and nothing double', async () => {
    await openSource('killed')
    const { id } = (
      await upload(
        operator,
        '/api/feeds/killed/batches',
        `${HEAD}${rows(0, 900)}${rows(0, 900, '武汉', '2020-02-06')}${rows(0, 900, '武汉', '2020-02-07')}`,
      )
    ).body.batch
    const child = importingProcess(id)
    const ended = once(child, 'exit')
    await hasLoaded(child, id, 2000)
    child.kill('SIGKILL')
    expect((await ended)[1]).toBe('SIGKILL')
    // Its sessions end with it, and with them the lock that says it lives: nobody waits for its claim to lapse.
    for (let i = 0; i < 100 && (await batch(id)).state !== 'loaded'; i++) {
      await takeUp(t.server)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(await batch(id)).toMatchObject({ state: 'loaded', rows: 2700, accepted: 2700, unchanged: 0, rejected: 0 })
    expect(await liveFacts('killed')).toBe(2700)
  })

  test('FEED-18: a process that stands still is given up when its claim lapses, and does no harm when it wakes', async () => {
    await openSource('still')
    const days = Array.from({ length: 8 }, (_, i) => `2020-02-${String(i + 10)}`)
    const content = HEAD + days.map((day) => rows(0, 900, '武汉', day)).join('')
    const { id } = (await upload(operator, '/api/feeds/still/batches', content)).body.batch
    const child = importingProcess(id)
    const ended = once(child, 'exit')
    await hasLoaded(child, id, 2000)
    await standStill(child, id)
    await takeUp(t.server)
    expect(await batch(id)).toMatchObject({ state: 'loading' })
    const claims = await t.sql(
      'select held_by, extract(epoch from held_until - clock_timestamp()) as left from batch where id = $1',
      [id],
    )
    expect(claims[0].held_by).not.toBeNull()
    // Taken up within about a minute: half of it for the claim, the rest for the timer.
    expect(Number(claims[0].left)).toBeLessThanOrEqual(30)
    await t.sql(`update batch set held_until = clock_timestamp() where id = $1`, [id])
    await takeUp(t.server)
    expect(await batch(id)).toMatchObject({ state: 'loaded', rows: 7200, accepted: 7200, unchanged: 0, rejected: 0 })
    child.kill('SIGCONT')
    await ended
    expect(await batch(id)).toMatchObject({ state: 'loaded', rows: 7200, accepted: 7200, unchanged: 0, rejected: 0 })
    expect(await liveFacts('still')).toBe(7200)
  })
  test('FEED-18: a process without the file leaves a new batch to the one that has it, and fails an old one', async () => {
    await openSource('elsewhere')
    const { id } = (await upload(operator, '/api/feeds/elsewhere/batches', `${HEAD}${rows(0, 3)}`)).body.batch
    const file = fileOf(t.server.config.dataDir, id)
    renameSync(file, `${file}.there`)
    await takeUp(t.server)
    expect(await batch(id)).toMatchObject({ state: 'received' })
    renameSync(`${file}.there`, file)
    await takeUp(t.server)
    expect(await batch(id)).toMatchObject({ state: 'loaded', rows: 3 })
    const { id: old } = (await upload(operator, '/api/feeds/elsewhere/batches', `${HEAD}${rows(3, 6)}`)).body.batch
    rmSync(fileOf(t.server.config.dataDir, old))
    await t.sql(
      `update batch set received_at = received_at - interval '11 minutes', held_until = held_until - interval '11 minutes' where id = $1`,
      [old],
    )
    await takeUp(t.server)
    expect(await batch(old)).toMatchObject({ state: 'failed', error: { code: 'BATCH_FILE_GONE' } })
  })
  test('batches are listed by whether they have rejected rows, with their exact number', async () => {
    await openSource('faulty')
    await upload(operator, '/api/feeds/faulty/batches', `${HEAD}${rows(0, 2)}坏,1,,,武汉,2020-02-05\n`)
    await upload(operator, '/api/feeds/faulty/batches', `${HEAD}${rows(2, 4)}`)
    await takeUp(t.server)
    const list = async (query: string) => (await t.request(operator, 'GET', `/api/batches?feedId=faulty${query}`)).body
    expect(await list('')).toMatchObject({ total: 2 })
    expect(await list('&rejects=true')).toMatchObject({ total: 1, items: [{ rejected: 1 }] })
    expect(await list('&rejects=false')).toMatchObject({ total: 1, items: [{ rejected: 0 }] })
    expect((await t.request(operator, 'GET', '/api/batches?rejects=some')).status).toBe(400)
    // Days are local: what came at 00:10 of a day in the deployment's zone came on that day.
    const midnight = instantOf(t.server.clock.today(), t.server.clock.zone).getTime()
    await t.sql(`update batch set received_at = $1 where feed_id = 'faulty' and rejected > 0`, [
      new Date(midnight + 600_000),
    ])
    await t.sql(`update batch set received_at = $1 where feed_id = 'faulty' and rejected = 0`, [
      new Date(midnight - 600_000),
    ])
    expect(await list(`&since=${t.server.clock.today()}`)).toMatchObject({ total: 1, items: [{ rejected: 1 }] })
    expect(await list(`&since=${addDays(t.server.clock.today(), -1)}`)).toMatchObject({ total: 2 })
  })
  test('case 12: nothing read is a failure with its reason', async () => {
    await openSource('nothing')
    const bad = await load('nothing', `${HEAD}甲,,,,武汉,2020-02-05\n`)
    expect(bad).toMatchObject({ state: 'failed', rows: 1, rejected: 1, error: { code: 'NOTHING_READ' } })
    expect(bad.error.message.en).toContain('0 of 1 rows imported. The first reason: Neither a document nor a phone')
    const refused = await load('nothing', '姓名,证件号码,出发地,乘车日期,经度\n')
    expect(refused).toMatchObject({ state: 'failed', error: { code: 'COLUMN_REFUSED' } })
    expect(readdirSync(path.join(t.server.config.dataDir, 'inbox'))).toEqual([])
  })

  test('characters that a database cannot hold do no harm, in headers and in cells', async () => {
    await openSource('nul')
    const done = await load(
      'nul',
      `姓名,证件号码,出发地,乘车日期,备\u0000注,现住址\n张\u0000三,${idNumber(1)},武汉,2020-02-05,x,吴\u0000中\n李四,\u00001,武汉,2020-02-05,,\n`,
      'a\u0007b.csv',
    )
    expect(done).toMatchObject({
      state: 'loaded',
      accepted: 1,
      rejected: 1,
      fileName: 'ab.csv',
      reading: { ignored: ['备 注'] },
    })
  })

  test('FEED-3, case 24: a row with the same external id and other content takes the place of the former', async () => {
    await openSource('ext')
    const head = '证件号码,出发地,乘车日期,订单号\n'
    const first = await load('ext', `${head}${idNumber(1)},武汉,2020-02-05,A1\n${idNumber(2)},武汉,2020-02-05,A2\n`)
    const second = await load('ext', `${head}${idNumber(1)},武汉,2020-02-06,A1\n${idNumber(2)},武汉,2020-02-05,A2\n`)
    expect(second).toMatchObject({ accepted: 1, unchanged: 1 })
    const days = () => t.sql(`select from_day from fact where source = 'ext' and withdrawn_at is null order by 1`)
    expect((await days()).map((r) => r.from_day)).toEqual(['2020-02-05', '2020-02-06'])
    // Taking the correction back brings the former row back.
    await t.request(chief, 'POST', `/api/batches/${second.id}/withdraw`, { reason: '来源更正' })
    await t.drain()
    expect((await days()).map((r) => r.from_day)).toEqual(['2020-02-05', '2020-02-05'])
    await t.request(chief, 'POST', `/api/batches/${first.id}/withdraw`, { reason: '来源更正' })
    await t.drain()
    expect(await days()).toEqual([])
  })

  test('without an open emergency nothing is taken in, and it says why', async () => {
    await openSource('closed1')
    const { id } = (await upload(operator, '/api/feeds/closed1/batches', `${HEAD}${row(1)}`)).body.batch
    await t.sql(`update emergency set state = 'ended' where id = $1`, [emergency])
    try {
      const refused = await upload(operator, '/api/feeds/closed1/batches', `${HEAD}${row(2)}`)
      expect(refused.status).toBe(403)
      expect(refused.body.code).toContain('EMERGENCY')
      await t.drain()
      expect(await batch(id)).toMatchObject({ state: 'failed', rows: 0 })
      expect(existsSync(fileOf(t.server.config.dataDir, id))).toBe(false)
    } finally {
      await t.sql(`update emergency set state = 'open' where id = $1`, [emergency])
    }
  })
})

describe('rejects', () => {
  test('FEED-23: the file of rejects opens in Excel, defuses formulas, and taking it is audited', async () => {
    await openSource('rejects')
    const done = await load('rejects', `${HEAD}${row(1)}"=cmd|' /C calc'!A0",12345,@x,,火星,03/04/2020\n`)
    const list = (await t.request(operator, 'GET', `/api/batches/${done.id}/rejects?limit=2`)).body
    expect(list).toMatchObject({ total: 4, items: [{ row: 3 }, { row: 3 }] })
    const rest = (await t.request(operator, 'GET', `/api/batches/${done.id}/rejects?limit=2&cursor=${list.next}`)).body
    expect(rest.next).toBe(null)
    const all = [...list.items, ...rest.items]
    expect(all.map((r: { column: string }) => r.column).toSorted()).toEqual(
      ['乘车日期', '出发地', '手机号', '证件号码'].toSorted(),
    )
    expect(all.find((r: { column: string }) => r.column === '证件号码').value).toBe('1***5')
    const file = await t.request(operator, 'GET', `/api/batches/${done.id}/rejects.csv?lang=en`)
    expect(file.text.startsWith('\ufeff"Row","Column"')).toBe(true)
    expect(file.text).toContain(`"3","手机号","'@x",`)
    expect(file.text).toContain('"03/04/2020","The date can be read as 2020-04-03 or as 2020-03-04"')
    expect(
      await t.sql(`select count(*)::int as n from audit where verb = 'batch.rejects.export' and thing_id = $1`, [
        done.id,
      ]),
    ).toEqual([{ n: 1 }])
    const auditor = t.actor({ area: '3205', roles: ['auditor'] })
    expect((await t.request(auditor, 'GET', `/api/batches/${done.id}/rejects`)).body.items[0].value).toBe(null)
    expect((await t.request(auditor, 'GET', `/api/batches/${done.id}/rejects.csv`)).status).toBe(403)
  })
})

describe('withdrawing', () => {
  test('FEED-19: facts of the batch cease, those that another batch says stay, persons are regraded', async () => {
    await openSource('gone')
    const a = await load('gone', `${HEAD}${rows(0, 10)}`)
    const b = await load('gone', `${HEAD}${rows(5, 15)}`)
    expect(b).toMatchObject({ accepted: 5, unchanged: 5 })
    await t.sql('delete from grade_dirty')
    events.length = 0
    expect((await t.request(operator, 'POST', `/api/batches/${a.id}/withdraw`, { reason: '来源更正' })).status).toBe(
      403,
    )
    const answer = await t.request(chief, 'POST', `/api/batches/${a.id}/withdraw`, { reason: '来源更正' })
    expect(answer.body.state).toBe('withdrawing')
    await t.drain()
    expect(await batch(a.id)).toMatchObject({ state: 'withdrawn', withdrawReason: '来源更正' })
    expect(await liveFacts('gone')).toBe(10)
    expect((await t.sql('select count(*)::int as n from grade_dirty'))[0].n).toBe(5)
    expect(events).toEqual([{ event: 'batch.withdrawn', payload: { batchId: a.id } }])
    expect((await t.request(chief, 'POST', `/api/batches/${a.id}/withdraw`, { reason: '再次' })).body.code).toBe(
      'BATCH_STATE',
    )
    await t.request(chief, 'POST', `/api/batches/${b.id}/withdraw`, { reason: '来源更正' })
    await t.drain()
    expect(await liveFacts('gone')).toBe(0)
    // The same file may come again, and then it is new.
    expect(await load('gone', `${HEAD}${rows(0, 10)}`)).toMatchObject({ repeated: false, accepted: 10, unchanged: 0 })
  })
})

test('FEED-19: a batch that is loaded while another with the same rows is withdrawn keeps every fact alive', async () => {
  await openSource('race')
  const a = await load('race', `${HEAD}${rows(0, 300)}`)
  const b = (await upload(operator, '/api/feeds/race/batches', `${HEAD}${rows(0, 301)}`)).body.batch.id
  await t.request(chief, 'POST', `/api/batches/${a.id}/withdraw`, { reason: '来源更正' })
  await Promise.all([finishWithdrawal(t.server, a.id), importBatch(t.server, b)])
  await t.drain()
  expect(await batch(a.id)).toMatchObject({ state: 'withdrawn' })
  expect(await batch(b)).toMatchObject({ state: 'loaded', rows: 301 })
  expect(await liveFacts('race')).toBe(301)
})

test('a batch that fails half-way leaves nothing behind', async () => {
  await openSource('half')
  const content = `${HEAD}${rows(0, 2100)}"${'x'.repeat(200_000)}`
  const done = await load('half', content)
  expect(done).toMatchObject({ state: 'failed', accepted: 0, error: { code: 'FILE_TOO_BIG' } })
  expect(await liveFacts('half')).toBe(0)
  expect(await load('half', `${HEAD}${rows(0, 3)}`)).toMatchObject({ state: 'loaded', accepted: 3 })
})

describe('scope', () => {
  test('another area: not found on every route, and the try is in the audit trail', async () => {
    await openSource('mine')
    const { id } = await load('mine', `${HEAD}${row(1)}`)
    const other = t.actor({ area: '3201', roles: ['operator', 'chief'], name: '外市' })
    const calls: ['GET' | 'POST', string, object?][] = [
      ['GET', '/api/feeds/mine'],
      ['POST', '/api/feeds/mine/close', {}],
      ['POST', '/api/feeds/mine/key', {}],
      ['GET', `/api/batches/${id}`],
      ['GET', `/api/batches/${id}/rejects`],
      ['GET', `/api/batches/${id}/rejects.csv`],
      ['POST', `/api/batches/${id}/withdraw`, { reason: '试试' }],
      ['POST', `/api/batches/${id}/resume`, {}],
      ['GET', '/api/feeds/mine/precision?from=2020-01-01&to=2020-02-01'],
    ]
    for (const [method, url, body] of calls)
      expect([url, (await t.request(other, method, url, body)).body.code]).toEqual([url, 'NOT_FOUND'])
    expect((await upload(other, '/api/feeds/mine/batches', HEAD)).body.code).toBe('NOT_FOUND')
    expect((await t.request(other, 'GET', '/api/batches')).body).toMatchObject({ items: [], total: 0 })
    expect((await t.request(other, 'GET', '/api/feeds')).body).toMatchObject({ items: [], total: 0 })
    expect(
      (await t.sql(`select count(*)::int as n from audit where actor_name = '外市' and outcome = 'refused'`))[0].n,
    ).toBe(calls.length + 1)
    const nobody = t.actor({ area: '', scope: [], roles: ['operator'] })
    expect((await t.request(nobody, 'GET', '/api/batches')).status).toBe(403)
  })

  test('lists are paged without a row twice or missed', async () => {
    const all = (await t.request(operator, 'GET', '/api/batches')).body
    const seen: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const page: Answer = await t.request(
        operator,
        'GET',
        `/api/batches?limit=4${next === '' ? '' : `&cursor=${next}`}`,
      )
      seen.push(...page.body.items.map((b: { id: string }) => b.id))
      next = page.body.next
    }
    expect(seen).toEqual(all.items.map((b: { id: string }) => b.id))
    expect(seen).toHaveLength(all.total)
  })
})

describe('sources', () => {
  test('FEED-20: the right to give red is approved from outside the centre and lost with another mapping', async () => {
    await openSource('red')
    expect((await t.request(operator, 'POST', '/api/feeds/red/red/propose', {})).body).toMatchObject({
      red: 'proposed',
      mayGiveRed: false,
    })
    const asked = (await t.request(chief, 'GET', '/api/feeds?red=proposed')).body
    expect([asked.total, asked.items.map((feed: { id: string }) => feed.id)]).toEqual([1, ['red']])
    expect((await t.request(chief, 'POST', '/api/feeds/red/red/approve', {})).body.code).toBe('FEED_RED_INSIDER')
    const self = { ...operator, roles: ['operator' as const, 'auditor' as const] }
    expect((await t.request(self, 'POST', '/api/feeds/red/red/approve', {})).status).toBe(403)
    const province = t.actor({ area: '32', roles: ['chief'] })
    await t.drain()
    const approved = (await t.request(province, 'POST', '/api/feeds/red/red/approve', {})).body
    events.length = 0
    await t.drain()
    expect(events).toEqual([{ event: 'feed.red_changed', payload: { feedId: 'red' } }])
    expect(approved).toMatchObject({ red: 'approved', mayGiveRed: true, redApprovedBy: province.id })
    const columns = approved.mapping.columns.filter((c: { meaning: string }) => c.meaning !== 'vehicle')
    const edited = await t.request(operator, 'POST', '/api/feeds/red/edit', {
      id: 'red',
      version: approved.version,
      mapping: { ...approved.mapping, columns },
    })
    expect(edited.body).toMatchObject({ red: 'none', mayGiveRed: false })
    expect(
      (await t.request(operator, 'POST', '/api/feeds/red/edit', { id: 'red', version: approved.version, owner: 'x' }))
        .body.code,
    ).toBe('CHANGED_MEANWHILE')
    const lat = { ...approved.mapping, columns: [...columns.slice(1), { meaning: 'name', headers: ['纬度'] }] }
    expect(
      (
        await t.request(operator, 'POST', '/api/feeds/red/edit', {
          id: 'red',
          version: edited.body.version,
          mapping: lat,
        })
      ).body.code,
    ).toBe('FEED_MAPPING')
  })

  test('a closed source and a taken id are refused', async () => {
    await openSource('shut')
    await t.request(operator, 'POST', '/api/feeds/shut/close', {})
    expect((await upload(operator, '/api/feeds/shut/batches', `${HEAD}${row(1)}`)).body.code).toBe('FEED_NOT_OPEN')
    const { id: _id, ...rest } = PRESETS[0]!
    expect(
      (await t.request(operator, 'POST', '/api/feeds', { ...rest, id: 'shut', area: '3205', owner: 'x' })).body.code,
    ).toBe('FEED_EXISTS')
  })

  test('FEED-40: the precision of a source from its dispositions', async () => {
    await openSource('prec')
    for (const [disposition, n] of [
      ['HERE_HOME_OBS', 6],
      ['WRONG_INFO', 3],
      ['NOT_RESIDENT', 1],
    ]) {
      await t.sql(
        `insert into stat_source (county, source, day, disposition, n) values ('320506', 'prec', '2020-02-10', $1, $2)`,
        [disposition, n],
      )
    }
    expect(
      (await t.request(operator, 'GET', '/api/feeds/prec/precision?from=2020-02-01&to=2020-02-28')).body,
    ).toMatchObject({ answered: 10, wrong: 4, precision: 0.6, days: [{ day: '2020-02-10', precision: 0.6 }] })
  })
})

describe('machines', () => {
  const post = (feed: string, key: string, body: object | string, headers: Record<string, string> = {}) =>
    t.request(null, 'POST', `/api/feeds/${feed}/rows`, body, { authorization: `Bearer ${key}`, ...headers })
  const machineRow = (n: number) => ({ 姓名: '张三', 证件号码: idNumber(n), 出发地: '武汉', 乘车日期: '2020-02-05' })

  test('case 64: rows by JSON, each with its own answer; a repeat gets the first answer', async () => {
    await openSource('m1')
    const { key } = (await t.request(operator, 'POST', '/api/feeds/m1/key', {})).body
    const body = { rows: [machineRow(1), { ...machineRow(2), 乘车日期: '昨天' }, machineRow(3)] }
    const first = await post('m1', key, body, { 'idempotency-key': 'k1' })
    expect(first.body).toMatchObject({ rows: 3, accepted: 2, unchanged: 0, rejected: 1, repeated: false })
    expect(first.body.results.map((r: { outcome: string }) => r.outcome)).toEqual(['accepted', 'rejected', 'accepted'])
    expect(first.body.results[1].faults[0]).toMatchObject({ column: '乘车日期', code: 'DATE_FORM', rule: 'FEED-11' })
    expect((await post('m1', key, body, { 'idempotency-key': 'k1' })).text).toBe(first.text)
    expect((await post('m1', key, { rows: [machineRow(9)] }, { 'idempotency-key': 'k1' })).body.code).toBe('KEY_REUSED')
    const other = await post('m1', key, body, { 'idempotency-key': 'k2' })
    expect(other.body).toMatchObject({
      repeated: true,
      accepted: 0,
      unchanged: 2,
      rejected: 1,
      batchId: first.body.batchId,
    })
    expect(await liveFacts('m1')).toBe(2)
  })

  test('case 58: five equal posts at once', async () => {
    await openSource('m2')
    const { key } = (await t.request(operator, 'POST', '/api/feeds/m2/key', {})).body
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post('m2', key, { rows: [machineRow(1)] }, { 'idempotency-key': 'same' })),
    )
    expect(new Set(answers.map((a) => a.text)).size).toBe(1)
    expect(answers[0]?.body).toMatchObject({ accepted: 1 })
  })

  test('rows by CSV; refused columns; the key of another source, a revoked key and no key', async () => {
    await openSource('m3')
    const { key } = (await t.request(operator, 'POST', '/api/feeds/m3/key', {})).body
    const csv = await post('m3', key, `${HEAD}${rows(0, 2)}`, { 'content-type': 'text/csv' })
    expect(csv.body).toMatchObject({ rows: 2, accepted: 2, results: [{ row: 2 }, { row: 3 }] })
    expect((await post('m3', key, { rows: [{ ...machineRow(1), lat: 31.2 }] })).body.code).toBe('COLUMN_REFUSED')
    expect((await post('m1', key, { rows: [machineRow(1)] })).body.code).toBe('SOURCE_KEY')
    expect((await post('m3', 'ww_wrong', { rows: [machineRow(1)] })).status).toBe(401)
    expect((await t.request(null, 'GET', '/api/feeds/m3', undefined, { authorization: `Bearer ${key}` })).status).toBe(
      401,
    )
    await t.request(operator, 'POST', '/api/feeds/m3/key/revoke', {})
    expect((await post('m3', key, { rows: [machineRow(1)] })).body.code).toBe('SOURCE_KEY')
    expect(JSON.stringify(await t.sql('select * from feed'))).not.toContain(key)
    expect(JSON.stringify(await t.sql('select * from idempotency'))).not.toContain(key)
  })
})

describe('FEED-8', () => {
  test('whatever the rows are, each ends as exactly one of accepted, unchanged and rejected, and the counts say so', async () => {
    await openSource('any')
    const { key } = (await t.request(operator, 'POST', '/api/feeds/any/key', {})).body
    const cell = (good: string) =>
      fc.oneof(
        { weight: 4, arbitrary: fc.constant(good) },
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.constant(''),
        fc.double(),
        fc.constant(null),
      )
    const line = fc.nat(8).chain((n) =>
      fc.record({
        姓名: cell('张三'),
        证件号码: cell(idNumber(n)),
        手机号: cell('13812345678'),
        现住址: cell('吴中区'),
        出发地: cell('武汉'),
        乘车日期: cell('2020-02-05'),
        订单号: cell(''),
      }),
    )
    const property = fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 30 }), async (lines) => {
        const before = await liveFacts('any')
        const answer = await t.request(
          null,
          'POST',
          '/api/feeds/any/rows',
          { rows: lines },
          { authorization: `Bearer ${key}` },
        )
        if (answer.status !== 200) return ['NOTHING_READ', 'COLUMN_REFUSED'].includes(answer.body.code)
        const { rows: n, accepted, unchanged, rejected, results, repeated } = answer.body
        const tally = (outcome: string) => results.filter((r: { outcome: string }) => r.outcome === outcome).length
        const faults = results.every(
          (r: { outcome: string; faults: unknown[] }) => (r.outcome === 'rejected') === r.faults.length > 0,
        )
        const sums =
          n === results.length &&
          accepted === tally('accepted') &&
          unchanged === tally('unchanged') &&
          rejected === tally('rejected')
        return sums && (faults || repeated) && (await liveFacts('any')) - before <= accepted
      }),
      { numRuns: 40 },
    )
    await expect(property).resolves.toBeUndefined()
  })
})

describe('risk areas', () => {
  test('FEED-35: a list is upserted; twice changes nothing', async () => {
    const province = t.actor({ area: '32', roles: ['operator'] })
    await t.drain()
    events.length = 0
    const list =
      '风险地区,等级,起始日期,结束日期\n湖北省武汉市,高风险,2020-01-20,\n320506,中,2020/2/1,2020/2/15\n火星,高,2020-02-01,\n'
    const first = (await upload(province, '/api/risk-areas/import', list)).body
    expect(first).toMatchObject({
      rows: 3,
      accepted: 2,
      unchanged: 0,
      rejected: 1,
      faults: [{ row: 4, column: '风险地区' }],
    })
    expect((await upload(province, '/api/risk-areas/import', list)).body).toMatchObject({
      accepted: 0,
      unchanged: 2,
      rejected: 1,
    })
    await t.drain()
    expect(events).toEqual([{ event: 'risk_areas.changed', payload: {} }])
    const on = async (day: string) =>
      (await t.request(operator, 'GET', `/api/risk-areas?day=${day}`)).body.items.map(
        (r: { area: string; level: string }) => `${r.area} ${r.level}`,
      )
    expect(await on('2020-02-15')).toEqual(['320506 medium', '4201 high'])
    expect(await on('2020-02-16')).toEqual(['4201 high'])
    expect(await on('2020-01-19')).toEqual([])
  })

  test('FEED-36: by hand, with a reason, inside the own area; elsewhere the highest centre', async () => {
    const add = { area: '320506', level: 'high', from: '2020-02-10', reason: '聚集性疫情' }
    const made = (await t.request(operator, 'POST', '/api/risk-areas', add)).body
    expect(made).toMatchObject({ areaName: '江苏省 苏州市 吴中区', to: null, note: '聚集性疫情' })
    expect((await t.request(operator, 'POST', '/api/risk-areas', { ...add, area: '4201' })).body.code).toBe(
      'NOT_ALLOWED',
    )
    expect((await t.request(operator, 'POST', '/api/risk-areas', { ...add, area: '320599' })).body.code).toBe(
      'RISK_AREA_UNKNOWN',
    )
    expect(
      (await t.request(operator, 'POST', `/api/risk-areas/${made.id}/end`, { to: '2020-02-01', reason: '解除' })).body
        .code,
    ).toBe('RISK_SPAN')
    expect(
      (await t.request(operator, 'POST', `/api/risk-areas/${made.id}/end`, { to: '2020-02-20', reason: '解除' })).body
        .to,
    ).toBe('2020-02-20')
    await t.request(operator, 'POST', `/api/risk-areas/${made.id}/withdraw`, { reason: '录错' })
    expect((await t.request(operator, 'GET', '/api/risk-areas?area=320506&level=high')).body.total).toBe(0)
  })

  const counts = readFileSync(path.join(import.meta.dirname, 'fixtures/counts-small.csv'))

  test('FEED-30: levels from daily counts, read again without effect', async () => {
    const province = t.actor({ area: '32', roles: ['operator'] })
    const first = (await upload(province, '/api/case-counts/import', counts)).body
    expect(first).toMatchObject({ rows: 12, used: 9, areas: 3, corrections: 2, from: '2020-02-01', to: '2020-02-20' })
    expect(first.excluded.map((e: { city: string }) => e.city).toSorted()).toEqual(['', '两江新区', '境外输入'])
    expect(first.about.en).toContain('approximation')
    const derived = async () => (await t.request(operator, 'GET', '/api/risk-areas?source=derived')).body.items
    const before = await derived()
    expect(
      before
        .filter((r: { area: string }) => r.area === '3205')
        .map((r: { level: string; from: string; to: string }) => [r.level, r.from, r.to]),
    ).toEqual([
      ['high', '2020-02-01', '2020-02-14'],
      ['medium', '2020-02-15', '2020-02-16'],
      ['low', '2020-02-17', '2020-03-05'],
    ])
    await t.drain()
    events.length = 0
    expect((await upload(province, '/api/case-counts/import', counts)).body.riskAreas).toBe(first.riskAreas)
    await t.drain()
    expect(await derived()).toEqual(before)
    expect(events).toEqual([])
    expect((await upload(operator, '/api/case-counts/import', counts)).body.code).toBe('NOT_ALLOWED')
    expect(
      (await t.request(province, 'POST', `/api/risk-areas/${before[0].id}/end`, { to: '2020-03-01', reason: '解除' }))
        .body.code,
    ).toBe('RISK_DERIVED')
    const wuhan = (await t.request(operator, 'GET', '/api/case-counts?area=4201&from=2020-02-01&to=2020-02-04')).body
      .items
    expect(wuhan.map((c: { fresh: number; carried: boolean }) => [c.fresh, c.carried])).toEqual([
      [100, false],
      [0, false],
      [5, false],
      [0, true],
    ])
  })

  const real = path.join(process.env['WEIWANG_DATA'] ?? '../shared/data', 'china-city-daily-2020q1.csv')
  test.skipIf(!existsSync(real))(
    'show 4: the published counts of early 2020 (skipped where the file is not there)',
    async () => {
      const province = t.actor({ area: '32', roles: ['operator'] })
      for (const code of new Set(readFileSync(real, 'utf8').match(/(?<=,)\d{6}(?=,)/g))) {
        const cut = code.replace(/(00)+$/, '')
        if (cut.length >= 4)
          await t.sql(
            `insert into area (code, level, name, kind, valid_from) values ($1, $2, $1, 'official', '2020-01-01') on conflict do nothing`,
            [cut, cut.length / 2],
          )
      }
      const answer = (await upload(province, '/api/case-counts/import', readFileSync(real))).body
      expect(answer.rows).toBe(33_928)
      const at = async (area: string, day: string) =>
        (await t.request(operator, 'GET', `/api/risk-areas?source=derived&area=${area}&day=${day}`)).body.items.map(
          (r: { level: string }) => r.level,
        )
      expect(await at('4201', '2020-02-10')).toEqual(['high'])
      expect(await at('4201', '2020-02-25')).toEqual(['high'])
      expect(await at('3205', '2020-02-10')).toEqual(['high'])
      expect(await at('3205', '2020-02-25')).toEqual(['medium'])
    },
  )
})
