import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testServer } from '../testing/test-server.ts'
import type { TestServer } from '../testing/test-server.ts'
import { fly } from './flight.ts'
import type { Step } from './flight.ts'
import { LateTransaction } from './late.ts'

let t: TestServer
beforeAll(async () => {
  t = await testServer()
  await t.sql('create table said (id int, at timestamptz, day date, bytes bytea, texts text[], doc jsonb)')
  await t.sql('grant select, insert on said to weiwang_app')
})
afterAll(() => t.close())

const AREA = '320105001012'
const BOUNDS = { lo: AREA, hi: `${AREA}:` }
const insert = (id: number): Step => ({ text: 'insert into said (id) values ($1)', values: [id] })
const DIVIDES: Step = { text: 'select 1 / $1::int', values: [0] }
const ids = async () => (await t.sql('select id from said order by id')).map(({ id }) => id)

/** A row that the application role may write inside its bounds only. */
const job = (id: string, area: string): Step => ({
  text: `insert into job_progress (id, area, kind, title, state, started_at, updated_at) values ($1, $2, 'test', '{}', 'done', $3, $3)`,
  values: [id, area, new Date()],
})
const jobs = async (id: string) => (await t.sql('select count(*)::int as n from job_progress where id = $1', [id]))[0].n

test('a flight is one transaction: a fault in the middle leaves nothing, and its connection goes on', async () => {
  const client = await t.server.appPool.raw.connect()
  try {
    await expect(fly(client, [insert(1), DIVIDES, insert(2)])).rejects.toMatchObject({ code: '22012' })
    expect(await ids()).toEqual([])
    // What was parsed when the fault came is parsed anew, or known: both work.
    await fly(client, [insert(3), insert(4)])
    await fly(client, [{ ...DIVIDES, values: [1] }, insert(5)])
    expect(await ids()).toEqual([3, 4, 5])
    expect((await client.query('select 7 as n')).rows).toEqual([{ n: 7 }])
  } finally {
    client.release()
  }
})

test('values arrive as they are: instants, days, bytes, lists with quotes and nulls, JSON; what is no value is refused before anything is sent', async () => {
  const client = await t.server.appPool.raw.connect()
  const at = new Date('2020-02-15T23:30:00.123Z')
  const texts = ['a"b', String.raw`c\d`, '{e,f}', '', 'NULL', null]
  const doc = { 'k"': [1, null, '中\\文'] }
  const text = 'insert into said (id, at, day, bytes, texts, doc) values ($1, $2, $3, $4, $5, $6)'
  try {
    await fly(client, [{ text, values: [9, at, '2020-02-15', Buffer.from([0, 255]), texts, JSON.stringify(doc)] }])
    await expect(async () => fly(client, [{ text, values: [{}] }])).rejects.toThrow('not a value')
    await fly(client, [insert(10)])
  } finally {
    client.release()
  }
  const [row] = await t.sql('select * from said where id = 9')
  expect(row).toEqual({ id: 9, at, day: '2020-02-15', bytes: Buffer.from([0, 255]), texts, doc })
})

test('ACCESS-2: the bounds of a late transaction hold for its last steps, asked something before or not, and for nobody after it', async () => {
  const [inside, outside, asked] = [randomUUID(), randomUUID(), randomUUID()]
  await new LateTransaction(t.server.appPool, BOUNDS).commit([job(inside, AREA)])
  const beyond = new LateTransaction(t.server.appPool, BOUNDS)
  await expect(beyond.commit([job(outside, '320106')])).rejects.toThrow('row-level security')
  const late = new LateTransaction(t.server.appPool, BOUNDS)
  expect(late.begun).toBe(false)
  const { rows } = await sql`select id from job_progress`.execute(late.db)
  expect([late.begun, rows]).toEqual([true, [{ id: inside }]])
  await late.commit([job(asked, AREA)])
  expect([await jobs(inside), await jobs(outside), await jobs(asked)]).toEqual([1, 0, 1])
  const after = await sql<{ lo: string }>`select current_setting('weiwang.lo', true) as lo`.execute(t.server.appPool.db)
  expect(after.rows[0]?.lo ?? '').toBe('')
})

test('nothing asked and nothing to write costs no connection; a transaction that is over answers nothing more', async () => {
  const before = t.server.appPool.raw.totalCount
  await new LateTransaction(t.server.appPool, BOUNDS).commit([])
  expect(t.server.appPool.raw.totalCount).toBe(before)
  const late = new LateTransaction(t.server.appPool, BOUNDS)
  const id = randomUUID()
  await late.db
    .insertInto('job_progress')
    .values({
      id,
      area: AREA,
      kind: 'test',
      title: sql`'{}'`,
      state: 'done',
      started_at: new Date(),
      updated_at: new Date(),
    })
    .execute()
  await late.rollback()
  expect(await jobs(id)).toBe(0)
  await expect(sql`select 1`.execute(late.db)).rejects.toThrow('over')
  const { idleCount, totalCount } = t.server.appPool.raw
  expect(idleCount).toBe(totalCount)
})
