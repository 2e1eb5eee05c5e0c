import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { dayOf } from '@weiwang/domain/core/day'
import { z } from 'zod'
import { connect } from '../../server/core/db/connect.ts'
import { logIn, until, weiwang } from '../api.ts'
import type { Answer, Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
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
/** Accounts that take the place of closed ones; all are there from the beginning, so that no restore takes one away. */
const NAMES = ['王二', '张三', '李四', '无责', '赵六', '钱七', '孙八', '周九', '吴十', '郑一', '冯二', '陈三']
/** How many of the accounts have a phone in the beginning; the last of them has no duty. */
export const AT_WORK = 6

export type Worker = { id: string; name: string }
export type Duty = { id: string; account: string; area: string; kind: string }

const Settings = z.object({ superuser: z.string(), port: z.number() })
const Made = z.looseObject({ id: z.string() })

/** Work of a killed process is taken up after a minute. */
const REST_MS = 240_000
/** A restore keeps the database away for long on a machine that has much else to do. */
const AWAY_MS = 300_000

type Rows = Record<string, unknown>[]

export type Place = {
  deployment: Deployment
  village: string
  county: string
  workers: Worker[]
  /** By the server's clock: what is recorded from here on was made by the phones. */
  begun: Date
  /** Rows of a question to the database itself, past everything that could be wrong. */
  sql: (text: string, values?: unknown[]) => Promise<Rows>
  /** A new session of a worker; the cookie, or null: a closed account is let in no more. */
  session: (worker: Worker) => Promise<string | null>
  endSessions: (worker: Worker) => Promise<void>
  /** As a desk, logged in again when the session is gone. */
  desk: (login: string, method: 'GET' | 'POST', url: string, body?: unknown) => Promise<Answer>
  /** Logged in anew: days go by for the one that there was. */
  client: (login: string) => Promise<Client>
  duties: () => Promise<Duty[]>
  today: () => Promise<string>
  /** Until the program answers and nothing waits in its queue. */
  settled: () => Promise<void>
  /** The clock of the exercise moves on by a day, and the program knows it. */
  nextDay: () => Promise<void>
  backup: () => Promise<void>
  /** When the last backup was begun, by this process's clock. */
  backupAt: () => number
  /** The newest backup is put in place; phones go on meanwhile. False when there is none. */
  restore: () => Promise<boolean>
  /** Ended in order and started again, as an upgrade does it. */
  upgrade: () => Promise<void>
  close: (how?: { keep: boolean }) => Promise<void>
}

/**
 * A kill of a process loses nothing that it had written: only the machine's own end would. So the disk need not be waited for here,
 * whatever is killed.
 */
const UNHURRIED = [
  `alter system set fsync = off`,
  `alter system set full_page_writes = off`,
  `alter system set checkpoint_timeout = '30min'`,
  `select pg_reload_conf()`,
]

const open = new Set<Place>()

/** Whatever this process has running. */
export async function closePlaces(): Promise<void> {
  await Promise.allSettled([...open].map((place) => place.close()))
}

/** The data folder of a place that is ready to begin, made once and copied for each run. */
export async function makeTemplate(): Promise<string> {
  const place = await openDeployment(await startDeployment({ exercise: 'grid' }))
  try {
    await shareOut(place)
    // A restore to before the phones got their secrets, when no later one was made.
    await place.backup()
  } catch (error) {
    await place.close()
    throw error
  }
  await place.close({ keep: true })
  return place.deployment.dataDir
}

export function dropTemplate(dataDir: string): void {
  rmSync(path.dirname(dataDir), { recursive: true, force: true })
}

/** A deployment of its own, begun from the template or, without one, from nothing. */
export async function openPlace(template?: string): Promise<Place> {
  const from = template === undefined ? {} : { from: template }
  const place = await openDeployment(await startDeployment({ exercise: 'grid', ...from }))
  try {
    if (template === undefined) await shareOut(place)
    place.workers = []
    const rows = await place.sql(
      `select a.id, a.name from account a join account_role r on r.account_id = a.id and r.role = 'worker'
       order by a.login like 'chaos-%', a.login`,
    )
    place.workers.push(...z.array(z.object({ id: z.string(), name: z.string() })).parse(rows))
    const [row] = await place.sql(`select max(at) as at from audit`)
    place.begun = z.date().parse(row?.['at'])
  } catch (error) {
    await place.close()
    throw error
  }
  return place
}

async function openDeployment(deployment: Deployment): Promise<Place> {
  const made = backupsIn(deployment.dataDir)
  const clients = new Map<string, Client>()
  let pool: ReturnType<typeof connect> | null = null

  async function dropPool(): Promise<void> {
    const old = pool
    pool = null
    await old?.raw.end().catch(() => undefined)
  }

  function poolNow(): ReturnType<typeof connect> {
    if (pool) return pool
    const settings = Settings.parse(JSON.parse(readFileSync(path.join(deployment.dataDir, 'postgres.json'), 'utf8')))
    const url = `postgres://postgres:${settings.superuser}@127.0.0.1:${settings.port}/weiwang_exercise`
    pool = connect(url, 'weiwang_jobs', 3)
    return pool
  }

  /** The database may be away at this very moment: then a little later. */
  async function sql(text: string, values: unknown[] = []): Promise<Rows> {
    const end = Date.now() + AWAY_MS
    for (;;) {
      try {
        return await asked(text, values)
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : ''
        const isAway =
          /^(ECONN|57P|ENOENT|08)/.test(code) ||
          (error instanceof Error && /terminated|ended|closed|not queryable|timeout|JSON/.test(error.message))
        if (!isAway || Date.now() > end) throw error
        await dropPool()
        await sleep(100)
      }
    }
  }

  async function asked(text: string, values: unknown[]): Promise<Rows> {
    // Whoever waits in the line of a pool that is being ended is never told.
    const waiting = poolNow().raw.connect()
    const own = await Promise.race([waiting, sleep(15_000, null, { ref: false })])
    if (own === null) {
      waiting.then((late) => late.release(true)).catch(() => undefined)
      throw new Error('timeout: no connection to the database')
    }
    let broken = false
    try {
      await own.query('set role none')
      const { rows } = await own.query<Record<string, unknown>>(text, values)
      return rows
    } catch (error) {
      broken = true
      throw error
    } finally {
      own.release(broken)
    }
  }

  async function client(login: string, again = false): Promise<Client> {
    const known = clients.get(login)
    if (known && !again) return known
    const who = deployment.logins.find((one) => one.login === login)
    if (!who) throw new Error(`no log-in ${login}; there are ${deployment.logins.map((one) => one.login).join(', ')}`)
    const fresh = await logIn(deployment.address, who)
    clients.set(login, fresh)
    return fresh
  }

  async function unhurried(): Promise<void> {
    for (const text of UNHURRIED) await sql(text)
  }

  const place: Place = {
    deployment,
    village: VILLAGE,
    county: VILLAGE.slice(0, 6),
    workers: [],
    begun: new Date(0),
    sql,
    session: async (worker) => {
      const token = randomBytes(32).toString('base64url')
      const rows = await sql(
        `insert into session (id, token_hash, account_id, level, created_at, last_seen_at, expires_at)
         select $1, $2, id, 'full', t.now, t.now, t.now + interval '300 days'
         from account, (
           select now() + coalesce((select value ->> 'offsetMs' from setting where key = 'clock'), '0')::float8 * interval '1 ms' as now
         ) t where id = $3 and state = 'active' returning id`,
        [randomUUID(), createHash('sha256').update(token).digest(), worker.id],
      )
      return rows.length > 0 ? `weiwang_session=${token}` : null
    },
    endSessions: async (worker) => {
      await sql(`update session set ended_at = created_at where account_id = $1 and ended_at is null`, [worker.id])
    },
    client: (login) => client(login, true),
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
        `select id, account_id, area, kind from duty where ended_at is null and from_day <= $1 and (to_day is null or to_day >= $1)
           and account_id = any($2) order by area, account_id`,
        [await place.today(), place.workers.map(({ id }) => id)],
      )
      return rows.map((row) => ({
        id: String(row['id']),
        account: String(row['account_id']),
        area: String(row['area']),
        kind: String(row['kind']),
      }))
    },
    today: async () => {
      const [row] = await sql(`select value ->> 'offsetMs' as ms from setting where key = 'clock'`)
      return dayOf(new Date(Date.now() + Number(row?.['ms'] ?? 0)), 'Asia/Shanghai')
    },
    settled: async () => {
      const end = Date.now() + REST_MS
      for (let quiet = 0; quiet < 2;) {
        quiet = (await isQuiet()) ? quiet + 1 : 0
        if (Date.now() > end) throw new Error(`the program does not come to rest: ${await whatWaits()}`)
        await sleep(20)
      }
    },
    nextDay: async () => {
      const { code, err } = await weiwang(deployment, ['exercise', 'advance', '1d'])
      if (code !== 0) throw new Error(`advance: ${err}`)
      await until('the program to see the new day', async () =>
        (await serverDay(place)) === (await place.today()) ? true : null,
      )
      await place.settled()
    },
    backup: async () => {
      const at = Date.now()
      const { code, err, value } = await weiwang(deployment, ['backup'])
      if (code !== 0) throw new Error(`backup: ${err}`)
      for (const old of made.splice(0)) await rm(old.out, { recursive: true, force: true })
      made.push({ out: z.looseObject({ out: z.string() }).parse(value).out, at })
    },
    backupAt: () => made.at(-1)?.at ?? 0,
    restore: async () => {
      const from = made.at(-1)?.out
      if (from === undefined) return false
      await deployment.restart('SIGTERM', async () => {
        await dropPool()
        const { code, err } = await weiwang(deployment, ['restore', from])
        if (code !== 0) throw new Error(`restore: ${err}`)
      })
      clients.clear()
      await dropOldClusters(deployment.dataDir)
      await unhurried()
      return true
    },
    upgrade: async () => {
      await deployment.restart('SIGTERM', () => dropPool())
      clients.clear()
    },
    close: async (how) => {
      open.delete(place)
      await dropPool()
      await deployment.stop(how)
    },
  }

  /** What is due and who holds what of it; which queues are held; and what the database is at. */
  async function whatWaits(): Promise<string> {
    const asked = [
      `select t.identifier, j.attempts, j.locked_by, extract(epoch from now() - j.locked_at)::int as held_s, j.last_error, left(j.payload::text, 200) as payload
         from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
        where j.run_at <= now() and j.attempts < j.max_attempts order by j.locked_at, j.run_at limit 12`,
      `select queue_name, locked_by, extract(epoch from now() - locked_at)::int as held_s from graphile_worker._private_job_queues where locked_by is not null`,
      `select application_name, state, wait_event_type, wait_event, extract(epoch from now() - state_change)::int as since_s, left(query, 160) as query
         from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() order by state_change limit 30`,
    ]
    const found = await Promise.all(asked.map((text) => sql(text)))
    return JSON.stringify(found).slice(0, 8000)
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

  open.add(place)
  try {
    await unhurried()
  } catch (error) {
    await place.close()
    throw error
  }
  return place
}

/** What came along from the template lies before everything that is done here. */
function backupsIn(dataDir: string): { out: string; at: number }[] {
  const home = path.join(dataDir, 'backups')
  return existsSync(home) ? readdirSync(home).map((name) => ({ out: path.join(home, name), at: 0 })) : []
}

/** What a restore put aside is not needed here; phones go on while it is taken away. */
async function dropOldClusters(dataDir: string): Promise<void> {
  const home = path.join(dataDir, 'postgres')
  if (!existsSync(home)) return
  for (const name of readdirSync(home))
    if (name.startsWith('cluster.before-')) await rm(path.join(home, name), { recursive: true, force: true })
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
  for (const [i, name] of NAMES.entries()) {
    const id = randomUUID()
    await place.sql(
      `insert into account (id, area, name, login, state, sessions_from, created_at, updated_at)
       select $1, $2, $3, $4, 'active', sessions_from, created_at, updated_at from account where id = $5`,
      [id, VILLAGE, name, `chaos-${String(i).padStart(2, '0')}`, first.id],
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
  await changeAreas(place, plan, day)
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
  await place.nextDay()
}

/** The day as the running program has it. */
async function serverDay(place: Place): Promise<string> {
  const answer = await place.desk(`village${VILLAGE}.operator`, 'GET', '/api/me')
  return dayOf(new Date(z.looseObject({ now: z.string() }).parse(answer.body).now), 'Asia/Shanghai')
}

/** Proposed by one, applied by another; doors, people, tasks and duties follow. */
export async function changeAreas(place: Place, plan: object, day: string): Promise<void> {
  const proposed = await done(
    place.desk('province32.operator', 'POST', '/api/areas/changes', { plan, onDay: day }),
    'change of areas',
  )
  const { id } = Made.parse(proposed.body)
  await done(place.desk('province32.chief', 'POST', `/api/areas/changes/${id}/apply`, {}), 'apply')
  await place.settled()
}
