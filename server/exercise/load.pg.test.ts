import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EXERCISE_DAY } from '@weiwang/domain/exercise/outbreak'
import { extentOf, planVillages, villagesOf } from '@weiwang/domain/exercise/place'
import { population } from '@weiwang/domain/exercise/population'
import { readDivisions } from '../areas/divisions.ts'
import { z } from 'zod'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn } from '../access/login-actions.ts'
import { insertSession } from '../access/login-store.ts'
import { hashToken, newToken, resolveActor } from '../access/session.ts'
import { newId } from '../core/transaction.ts'
import { check } from './check.ts'
import { ROOMS } from '../rooms.ts'
import { testServer } from '../core/testing/test-server.ts'
import type { TestServer } from '../core/testing/test-server.ts'
import { REFUSED_FILE } from '@weiwang/domain/exercise/layouts'
import { deliverFile } from './deliver.ts'
import { deskOf, loadExercise, resumeExercise } from './load.ts'
import { deliverDay } from './yesterday.ts'
import { resetExerciseLogins } from './logins.ts'
import { advance, heartbeat } from './state.ts'

const RowLine = z.object({
  source: z.string(),
  delivery: z.string(),
  expect: z.enum(['accepted', 'unchanged', 'rejected']),
})

let t: TestServer
let brokenBy = ''
const dir = mkdtempSync(join(tmpdir(), 'weiwang-exercise-'))
const options = { ...extentOf('grid'), seed: 'test', day: EXERCISE_DAY, dir }

async function counts(): Promise<unknown> {
  const tables = [
    'account',
    'account_role',
    'duty',
    'emergency',
    'campaign',
    'area',
    'household',
    'person',
    'residence',
    'feed',
    'batch',
    'fact',
    'risk_area',
    'rule_set',
    'task',
    'visit',
    'area_contact',
  ]
  const rows = await t.sql(
    tables.map((name) => `select '${name}' as name, count(*)::int as n from ${name}`).join(' union all '),
  )
  return Object.fromEntries(rows.map((row) => [row.name, row.n]))
}

type Outcomes = Record<string, { accepted: number; unchanged: number; rejected: number }>

/** What the generator says of the rows of these deliveries, by source. */
function foreseen(deliveries: string[]): Outcomes {
  const sums: Outcomes = {}
  const text = readFileSync(join(dir, 'exercise', 'feeds', 'rows.jsonl'), 'utf8').trim()
  for (const line of text.split('\n').map((one) => RowLine.parse(JSON.parse(one)))) {
    if (!deliveries.includes(line.delivery)) continue
    const sum = (sums[line.source] ??= { accepted: 0, unchanged: 0, rejected: 0 })
    sum[line.expect]++
  }
  return sums
}

async function outcomes(): Promise<Outcomes> {
  const rows = await t.sql(
    `select feed_id, sum(accepted)::int as accepted, sum(unchanged)::int as unchanged, sum(rejected)::int as rejected
     from batch where state = 'loaded' and feed_id not in ('observation', 'declaration') group by feed_id`,
  )
  return Object.fromEntries(rows.map(({ feed_id, ...counts }) => [feed_id, counts]))
}

beforeAll(async () => {
  t = await testServer({ env: { EXERCISE: 'grid' }, rooms: [...ROOMS] })
  // Killed in the middle of the register, and started again (EX-13).
  const broken = loadExercise(t.server, {
    ...options,
    onVillage: () => {
      throw new Error('killed')
    },
  })
  brokenBy = await broken.then(
    () => '',
    (error: unknown) => String(error),
  )
  await loadExercise(t.server, options)
})

afterAll(async () => {
  await t.close()
  rmSync(dir, { recursive: true, force: true })
})

describe('EX-10 loading', () => {
  it('EX-14 has somebody to call everywhere, and nobody who is real', async () => {
    const rows = await t.sql('select role, phone from area_contact')
    expect(new Set(rows.map((row) => row.role))).toEqual(new Set(['centre', 'clinic', 'police', 'supervisor']))
    expect(rows.filter((row) => !/^0512-0000 \d{4}$/.test(row.phone))).toEqual([])
    expect(new Set(rows.map((row) => row.phone)).size).toBe(rows.length)
  })

  it('EX-14 every desk, worker and member of a team has a number of its own at which nobody is, and no way in by it', async () => {
    const staff = await t.sql('select id, phone_sealed, phone_hash from account where login is not null')
    const numbers = await Promise.all(
      staff.map((row) =>
        t.server.keys.open({ table: 'account', row: row.id, column: 'phone_sealed' }, row.phone_sealed),
      ),
    )
    expect(numbers.length).toBeGreaterThan(20)
    expect(numbers.filter((number) => !/^0512-01\d\d \d{4}$/.test(number))).toEqual([])
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(staff.filter((row) => row.phone_hash !== null)).toEqual([])
  })

  it('opens an emergency that is marked as an exercise', async () => {
    expect(await t.sql('select exercise, state from emergency')).toEqual([{ exercise: true, state: 'open' }])
    expect(await t.sql('select state from campaign')).toEqual([{ state: 'open' }])
  })

  it('has the grids, the doors and the people whom the register knows', async () => {
    const plans = planVillages(villagesOf(readDivisions('jiangsu')), options)
    const [village] = [...population('test', plans)]
    const known = village?.people.filter((p) => p.registered).length
    expect(await t.sql(`select count(*)::int as n from area where level = 6`)).toEqual([{ n: 1 }])
    expect(await t.sql(`select count(*)::int as n from household`)).toEqual([{ n: village?.households.length }])
    expect(
      await t.sql(`select count(*)::int as n from residence where source = 'exercise' and to_day is null`),
    ).toEqual([{ n: known }])
  })

  it('EX-7 loads yesterday with exactly the outcomes that the generator foresaw', async () => {
    expect(await outcomes()).toEqual(foreseen(['before']))
  })

  it('EX-13 goes on where it was broken off, and changes nothing when it is done again', async () => {
    expect(brokenBy).toContain('killed')
    const before = await counts()
    await loadExercise(t.server, options)
    expect(await counts()).toEqual(before)
  })

  it('is refused with other parameters', async () => {
    await expect(loadExercise(t.server, { ...options, seed: 'other' })).rejects.toThrow('OTHER_EXERCISE')
  })

  it('is refused in a database with a real emergency', async () => {
    const real = await testServer()
    try {
      await real.openEmergency()
      await expect(loadExercise(real.server, options)).rejects.toThrow('EXERCISE_NOT_EMPTY')
    } finally {
      await real.close()
    }
  })

  it('leaves the files of the offices for the duty officer', () => {
    expect(readdirSync(join(dir, 'exercise', 'feeds', EXERCISE_DAY))).toHaveLength(
      Object.keys(foreseen(['today'])).length,
    )
    expect(existsSync(join(dir, 'exercise', 'feeds', 'truth.jsonl'))).toBe(true)
  })
})

describe('yesterday, worked through by the accounts of the exercise', () => {
  it('has every graded person on a list and every task in a grid or in the queue', async () => {
    const [listed] = await t.sql(
      `select count(*)::int as n, count(*) filter (where outcome = 'task')::int as tasks from list_entry`,
    )
    const [graded] = await t.sql(`select count(*)::int as n from grade_now where grade is not null`)
    const [tasks] = await t.sql(`select count(*)::int as n from task`)
    expect(graded.n).toBeGreaterThan(5)
    expect(listed.n).toBe(graded.n)
    expect(tasks.n).toBeGreaterThan(5)
  })

  it('EX-8 has visits with answers that are true', async () => {
    const rows = await t.sql(`select disposition, count(*)::int as n from visit group by 1`)
    expect(rows.length).toBeGreaterThan(1)
  })

  it('EX-9 is graded as the stored facts ask for, by a hand that shares nothing with grading', async () => {
    const result = await check(t.server)
    expect(result.compared).toBeGreaterThan(10)
    expect(result.differ).toBe(0)
    expect(result.placedRight).toBe(result.placed)
  })
})

describe('the day of the exercise', () => {
  const feeds = join(dir, 'exercise', 'feeds')

  it('EX-7 loads as foreseen: what was known is unchanged, what is wrong is rejected', async () => {
    await deliverDay(t.server, await deskOf(t.server, '3205'), feeds, EXERCISE_DAY)
    await t.drain()
    expect(await outcomes()).toEqual(foreseen(['before', 'today']))
  })

  it('changes nothing when every file is sent again (case 13)', async () => {
    const before = await counts()
    const again = await deliverDay(t.server, await deskOf(t.server, '3205'), feeds, EXERCISE_DAY)
    expect(again.every((one) => one.repeated)).toBe(true)
    expect(await counts()).toEqual(before)
  })

  it('refuses the file that carries cells and coordinates', async () => {
    const desk = await deskOf(t.server, '3205')
    const file = await deliverFile(t.server, desk.operator, 'telecom', join(feeds, REFUSED_FILE.name))
    const [batch] = await t.sql('select state, rows::int, error from batch where id = $1', [file.batchId])
    expect({ state: batch.state, rows: batch.rows, rule: batch.error.rule }).toEqual({
      state: 'failed',
      rows: 0,
      rule: 'FEED-4',
    })
  })
})

describe('EX-11 log-ins', () => {
  const caller = { address: '127.0.0.1', agent: 'test', device: '' }

  it('work at all five levels and in a grid, and stop when new ones are made', async () => {
    const first = await resetExerciseLogins(t.server)
    expect(new Set(first.map((one) => one.level))).toEqual(
      new Set(['province', 'city', 'county', 'town', 'village', 'grid']),
    )
    for (const one of first) {
      const opened = await logIn(t.server, { identifier: one.login, password: one.password }, caller)
      const actor = await resolveActor(t.server, opened.token, t.server.clock.now())
      expect(actor?.scope).toEqual([one.area])
    }
    const again = await resetExerciseLogins(t.server)
    expect(again[0]?.password).not.toBe(first[0]?.password)
    const [one] = first
    await expect(
      logIn(t.server, { identifier: one?.login ?? '', password: one?.password ?? '' }, caller),
    ).rejects.toThrow('LOGIN_FAILED')
  })

  it('are taken away when the server can be reached by others', async () => {
    const [one] = await resetExerciseLogins(t.server)
    const open = Object.assign(Object.create(t.server), { config: { ...t.server.config, host: '0.0.0.0' } })
    expect(await resetExerciseLogins(open)).toEqual([])
    await expect(
      logIn(t.server, { identifier: one?.login ?? '', password: one?.password ?? '' }, caller),
    ).rejects.toThrow('LOGIN_FAILED')
  })
})

describe('EX-12 the clock', () => {
  it('stands on the exercise day and moves by whole days', async () => {
    expect(t.server.clock.today()).toBe(EXERCISE_DAY)
    expect(await advance(t.server, 2)).toBe('2020-02-17')
  })

  it('logs nobody out when it jumps, and gives nobody more hours (ACCESS-17)', async () => {
    const id = (await t.sql("select id from account where state = 'active' limit 1"))[0].id
    const now = t.server.clock.now()
    const [token, old] = [newToken(), newToken()]
    const session = { accountId: id, level: 'full' as const, device: null, agent: '', now }
    const hours = (n: number) => new Date(now.getTime() + n * 3_600_000)
    await insertSession(t.server.jobsPool.db, {
      ...session,
      id: newId(now),
      tokenHash: hashToken(token),
      expiresAt: hours(12),
    })
    await insertSession(t.server.jobsPool.db, {
      ...session,
      id: newId(now),
      tokenHash: hashToken(old),
      expiresAt: hours(-1),
    })
    await advance(t.server, 4)
    const later = t.server.clock.now()
    expect((await resolveActor(t.server, token, later))?.id).toBe(id)
    expect(await resolveActor(t.server, old, later)).toBeNull()
    expect(await resolveActor(t.server, token, new Date(later.getTime() + 12 * 3_600_000))).toBeNull()
  })

  it('goes on from the day that it was moved to, also when it was ended at once, and from nothing that is written already', async () => {
    const day = await advance(t.server, 1)
    const asleep = (): Promise<unknown> =>
      t.sql(
        `update setting set value = jsonb_set(value, '{real}', to_jsonb((value->>'real')::numeric - 3600000)) where key = 'exercise_heartbeat'`,
      )
    await asleep()
    expect(await resumeExercise(t.server)).toBe(day)
    // A sign of life from before the last line of the trail, as a backup has it.
    const line = { verb: 'backup', thing: 'settings', thingId: 'backup' }
    await t.server.asSystem('backup', async (ctx) => ctx.audit({ ...line, area: ctx.root }))
    await t.sql(
      `update setting set value = jsonb_set(value, '{exercise}', to_jsonb((value->>'exercise')::numeric - 86400000)) where key = 'exercise_heartbeat'`,
    )
    await asleep()
    expect(await resumeExercise(t.server)).toBe(day)
  })

  it('stands still while nobody runs the exercise', async () => {
    await heartbeat(t.server)
    const seen = t.server.clock.now().getTime()
    // The last sign of life is three days old.
    await t.sql(
      `update setting set value = jsonb_set(value, '{real}', to_jsonb((value->>'real')::numeric - 3 * 86400000)) where key = 'exercise_heartbeat'`,
    )
    t.server.clock.shift(3 * 86_400_000)
    await resumeExercise(t.server)
    expect(Math.abs(t.server.clock.now().getTime() - seen)).toBeLessThan(60_000)
  })
})
