import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { dayOf } from '@weiwang/domain/core/day'
import { z } from 'zod'
import { connect } from '../../server/core/db/connect.ts'
import { logIn, until, weiwang } from '../api.ts'
import type { Answer, Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import { exchange } from './net.ts'
import type { Deployment } from '../deployment.ts'

/** The one village of the exercise, whose single grid is shared out over four workers before the work begins. */
const VILLAGE = '320508018025'
const GRID = `${VILLAGE}001`
const SHARES = [
  ['001', '002', '003'],
  ['004', '005', '006'],
  ['007', '008'],
  ['009', '010', '011'],
]

export type Worker = { id: string; name: string }
export type Duty = { account: string; area: string }

const Settings = z.object({ superuser: z.string(), port: z.number() })
const Made = z.looseObject({ id: z.string() })

export type Place = {
  deployment: Deployment
  village: string
  workers: Worker[]
  /** By the server's clock: what is recorded from here on was made by the phones. */
  begun: Date
  /** Rows of a question to the database itself, past everything that could be wrong. */
  sql: (text: string, values?: unknown[]) => Promise<Record<string, unknown>[]>
  /** A new session of a worker; the cookie. */
  session: (worker: Worker) => Promise<string>
  endSessions: (worker: Worker) => Promise<void>
  /** As a desk, logged in again when the session is gone. */
  desk: (login: string, method: 'GET' | 'POST', url: string, body?: unknown) => Promise<Answer>
  duties: () => Promise<Duty[]>
  today: () => Promise<string>
  /** Until the program answers and nothing waits in its queue. */
  settled: () => Promise<void>
  backup: () => Promise<void>
  /** The newest backup is put in place; phones go on meanwhile. False when there is none. */
  restore: () => Promise<boolean>
  close: () => Promise<void>
}

export async function openPlace(): Promise<Place> {
  const deployment = await startDeployment({ exercise: 'grid' })
  const made: string[] = []
  const clients = new Map<string, Client>()

  /** The database may be away at this very moment: then a little later. */
  async function sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const end = Date.now() + 90_000
    for (;;) {
      try {
        return await asked(text, values)
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : ''
        const isAway =
          /^(ECONN|57P|ENOENT|08)/.test(code) || (error instanceof Error && /terminated/.test(error.message))
        if (!isAway || Date.now() > end) throw error
        await sleep(200)
      }
    }
  }

  async function asked(text: string, values: unknown[]): Promise<Record<string, unknown>[]> {
    const settings = Settings.parse(JSON.parse(readFileSync(path.join(deployment.dataDir, 'postgres.json'), 'utf8')))
    const url = `postgres://postgres:${settings.superuser}@127.0.0.1:${settings.port}/weiwang_exercise`
    const pool = connect(url, 'weiwang_jobs', 1)
    try {
      const own = await pool.raw.connect()
      try {
        await own.query('set role none')
        const { rows } = await own.query<Record<string, unknown>>(text, values)
        return rows
      } finally {
        own.release()
      }
    } finally {
      await pool.raw.end()
    }
  }

  async function client(login: string, again: boolean): Promise<Client> {
    const known = clients.get(login)
    if (known && !again) return known
    const who = deployment.logins.find((one) => one.login === login)
    if (!who) throw new Error(`no log-in ${login}`)
    const fresh = await logIn(deployment.address, who)
    clients.set(login, fresh)
    return fresh
  }

  const place: Place = {
    deployment,
    village: VILLAGE,
    workers: [],
    begun: new Date(0),
    sql,
    session: async (worker) => {
      const token = randomBytes(32).toString('base64url')
      await sql(
        `insert into session (id, token_hash, account_id, level, created_at, last_seen_at, expires_at)
         select $1, $2, id, 'full', t.now, t.now, t.now + interval '300 days'
         from account, (select max(at) as now from audit) t where id = $3`,
        [randomUUID(), createHash('sha256').update(token).digest(), worker.id],
      )
      return `weiwang_session=${token}`
    },
    endSessions: async (worker) => {
      await sql(`update session set ended_at = created_at where account_id = $1 and ended_at is null`, [worker.id])
    },
    desk: async (login, method, url, body) => {
      for (const again of [false, true]) {
        const who = await client(login, again)
        const answer = method === 'GET' ? await who.get(url) : await who.post(url, body)
        if (answer.status !== 401 || again) return answer
      }
      throw new Error('not reached')
    },
    duties: async () => {
      const rows = await sql(
        `select account_id, area from duty where ended_at is null and from_day <= $1 and (to_day is null or to_day >= $1)
           and account_id = any($2) order by area, account_id`,
        [await place.today(), place.workers.map(({ id }) => id)],
      )
      return rows.map((row) => ({ account: String(row['account_id']), area: String(row['area']) }))
    },
    today: async () => {
      const [row] = await sql(`select value ->> 'offsetMs' as ms from setting where key = 'clock'`)
      return dayOf(new Date(Date.now() + Number(row?.['ms'] ?? 0)), 'Asia/Shanghai')
    },
    settled: async () => {
      const end = Date.now() + 120_000
      for (let quiet = 0; quiet < 3;) {
        quiet = (await isQuiet()) ? quiet + 1 : 0
        if (Date.now() > end) throw new Error('the program does not come to rest')
        await sleep(50)
      }
    },
    backup: async () => {
      const { code, err, value } = await weiwang(deployment, ['backup'])
      if (code !== 0) throw new Error(`backup: ${err}`)
      made.push(z.looseObject({ out: z.string() }).parse(value).out)
    },
    restore: async () => {
      const from = made.at(-1)
      if (from === undefined) return false
      await deployment.restart('SIGTERM', async () => {
        const { code, err } = await weiwang(deployment, ['restore', from])
        if (code !== 0) throw new Error(`restore: ${err}`)
      })
      clients.clear()
      return true
    },
    close: () => deployment.stop(),
  }

  async function isQuiet(): Promise<boolean> {
    try {
      const response = await fetch(`${deployment.address}/readyz`)
      await response.text()
      const [row] = await sql(
        `select count(*)::int as n from graphile_worker._private_jobs where run_at <= now() and attempts < max_attempts`,
      )
      return response.status === 200 && row?.['n'] === 0
    } catch {
      return false
    }
  }

  try {
    await shareOut(place)
  } catch (error) {
    await place.close()
    throw error
  }
  return place
}

async function done(answer: Promise<Answer>, what: string): Promise<Answer> {
  const got = await answer
  if (got.status !== 200) throw new Error(`${what}: ${got.status} ${got.text.slice(0, 500)}`)
  return got
}

/** Splits the grid by its buildings and gives each part a worker, through what a centre does itself. */
async function shareOut(place: Place): Promise<void> {
  const rows = await place.sql(
    `select a.id, a.name from account a join account_role r on r.account_id = a.id and r.role = 'worker' order by a.login limit 1`,
  )
  const first = z.object({ id: z.string(), name: z.string() }).parse(rows[0])
  place.workers.push(first)
  for (const name of ['王二', '张三', '李四', '无责']) {
    const id = randomUUID()
    await place.sql(
      `insert into account (id, area, name, login, state, sessions_from, created_at, updated_at)
       select $1, $2, $3, $4, 'active', sessions_from, created_at, updated_at from account where id = $5`,
      [id, VILLAGE, name, `chaos-${id}`, first.id],
    )
    await place.sql(
      `insert into account_role (account_id, role, area, granted_at) select $1, 'worker', $2, created_at from account where id = $1`,
      [id, VILLAGE],
    )
    place.workers.push({ id, name })
  }
  const day = await place.today()
  const plan = {
    kind: 'split',
    code: GRID,
    parts: SHARES.map((units, i) => ({
      code: `${VILLAGE}${String(101 + i)}`,
      name: `第${i + 1}片`,
      share: { areas: units.map((unit) => `${GRID}${unit}`), buildings: [], households: [] },
    })),
    rest: 0,
  }
  await splitGrid(place, plan, day)
  for (const [i, worker] of place.workers.slice(1, SHARES.length).entries())
    await done(
      place.desk(`village${VILLAGE}.operator`, 'POST', '/api/duties/reassign', {
        from: first.id,
        to: worker.id,
        areas: [`${VILLAGE}${String(102 + i)}`],
        day,
        reason: '分片管理',
      }),
      'reassign',
    )
  // An area changes at most once a day, and there is more to come.
  const { code, err } = await weiwang(place.deployment, ['exercise', 'advance', '1d'])
  if (code !== 0) throw new Error(`advance: ${err}`)
  await until('the program to see the new day', async () =>
    (await serverDay(place, first)) === (await place.today()) ? true : null,
  )
  await place.settled()
  const [row] = await place.sql(`select max(at) as at from audit`)
  place.begun = z.date().parse(row?.['at'])
}

/** The day as the running program has it, from its answer to an empty push. */
async function serverDay(place: Place, worker: Worker): Promise<string> {
  const body = { device: randomUUID(), protocol: 1, app: 'chaos', clock: new Date().toISOString(), items: [] }
  const answer = await exchange(place.deployment.address, await place.session(worker), {
    method: 'POST',
    path: '/api/sync/push',
    headers: { 'content-type': 'application/json', 'x-weiwang': '1' },
    body: JSON.stringify(body),
  })
  return dayOf(new Date(z.looseObject({ now: z.string() }).parse(answer.body).now), 'Asia/Shanghai')
}

/** Proposed by one, applied by another; doors, people, tasks and duties follow. */
export async function splitGrid(place: Place, plan: object, day: string): Promise<void> {
  const proposed = await done(
    place.desk('province32.operator', 'POST', '/api/areas/changes', { plan, onDay: day }),
    'split',
  )
  const { id } = Made.parse(proposed.body)
  await done(place.desk('province32.chief', 'POST', `/api/areas/changes/${id}/apply`, {}), 'apply')
  await place.settled()
}
