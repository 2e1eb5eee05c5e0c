import { fork } from 'node:child_process'
import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import path from 'node:path'
import { compressPoint } from '@weiwang/domain/healthcode/point'
import { pointOf } from '@weiwang/server/healthcode/code-keys'
import type pg from 'pg'
import { z } from 'zod'
import type { BenchRow } from '../row.ts'
import { whole } from './province.ts'

/** Refreshing codes while visit reports come in: the same crowd at the program and at a bare server, beside the same reports. */
const PEOPLE = 200
const SHARE = 0.7

export const Loaded = z.object({
  answers: z.number(),
  seconds: z.number(),
  p50: z.number(),
  p99: z.number(),
  other: z.number(),
})
export type Loaded = z.infer<typeof Loaded>

/** The load maker is a process of its own and speaks the protocol by hand, so that it is not the measure of what it measures. */
export async function load(port: number, requests: readonly string[], seconds: number): Promise<Loaded> {
  const child = fork(path.join(import.meta.dirname, 'code-load.ts'), { execArgv: process.execArgv })
  try {
    const answer = once(child, 'message', { signal: AbortSignal.timeout(seconds * 1000 + 60_000) })
    child.send({ port, requests, seconds })
    return Loaded.parse((await answer)[0])
  } finally {
    child.kill()
  }
}

export const requestOf = (one: { person: string; token: string }, tag: string): string =>
  `GET /api/my/codes/${one.person}/fresh HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${one.token}\r\nif-none-match: ${tag}\r\n\r\n`

/** A bare server in a process of its own, which answers everything with the same 304. */
async function bare<T>(run: (port: number) => Promise<T>): Promise<T> {
  const child = fork(path.join(import.meta.dirname, 'code-bare.ts'), { execArgv: process.execArgv })
  try {
    const [port] = await once(child, 'message', { signal: AbortSignal.timeout(30_000) })
    return await run(z.number().parse(port))
  } finally {
    child.kill()
  }
}

/** Residents of the exercise with a session, registered, with today's code on their phones. @returns their requests */
async function residents(db: pg.Pool, address: string, grid: string): Promise<string[]> {
  const { today } = z.object({ today: z.string() }).parse(await (await fetch(`${address}/api/deployment`)).json())
  const now = `(select max(at) from audit)`
  const requests: string[] = []
  for (let i = 0; i < PEOPLE; i++) {
    const [person, account, session] = [randomUUID(), randomUUID(), randomUUID()]
    const token = randomBytes(32).toString('base64url')
    await db.query(
      `with e as (select id from emergency where state = 'open' order by length(area) limit 1),
       p as (insert into person (person_id, home_area, emergency_id, masked, doc_kind, source, created_at, updated_at) select $1, $2, e.id, '张*明', 'id', 'x', ${now}, ${now} from e),
       r as (insert into registration (person_id, home_area, emergency_id, need, situation, registered_here, purpose, by, declared_at, registered_day, registered_at)
         select $1, $2, e.id, 'must', 'living', true, 'home', 'self', ${now}, $3, ${now} from e),
       a as (insert into account (id, area, name, state, sessions_from, created_at, updated_at) values ($4, '32', 'x', 'active', ${now}, ${now}, ${now})),
       o as (insert into account_role (account_id, role, area, granted_at) values ($4, 'resident', '32', ${now})),
       s as (insert into session (id, token_hash, account_id, level, created_at, last_seen_at, expires_at) values ($5, $6, $4, 'full', ${now}, ${now}, ${now} + interval '300 days')),
       f as (insert into account_proof (session_id, account_id, at) values ($5, $4, ${now})),
       c as (insert into code (person_id, home_area, emergency_id, n, state, from_day, reasons, applied_at, changed_at) select $1, $2, e.id, 0, 'applied', $3, '[]', ${now}, ${now} from e)
       insert into account_person (account_id, person_id, relation, basis, since) values ($4, $1, 'self', 'proof', $3)`,
      [person, grid, today, account, session, createHash('sha256').update(token).digest()],
    )
    const holder = compressPoint(pointOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey))
    if (!holder) throw new Error('not a point')
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const days = [{ day: today, publicKey: Buffer.from(holder).toString('base64url') }]
    const taken = await fetch(`${address}/api/my/codes/${person}/days`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ days }),
    })
    if (taken.status !== 200) throw new Error(`no code: ${taken.status} ${await taken.text()}`)
    const fresh = await fetch(`${address}/api/my/codes/${person}/fresh`, { headers })
    requests.push(requestOf({ person, token }, fresh.headers.get('etag') ?? ''))
  }
  return requests
}

/**
 * @param file files reports at half of the measured rate for so many milliseconds and says the 95th part of their times
 */
export async function refreshBesideVisits(
  place: { address: string; db: pg.Pool },
  grid: string,
  seconds: number,
  file: (ms: number) => Promise<number>,
): Promise<BenchRow> {
  const requests = await residents(place.db, place.address, grid)
  const port = Number(new URL(place.address).port)
  const quiet = await file(seconds * 500)
  const beside = async (to: number): Promise<{ loaded: Loaded; p95: number }> => {
    const [loaded, p95] = await Promise.all([load(to, requests, seconds), file(seconds * 1000)])
    return { loaded, p95 }
  }
  const theirs = await bare(beside)
  const ours = await beside(port)
  const rate = ({ loaded }: { loaded: Loaded }): number => loaded.answers / loaded.seconds
  return {
    name: 'refresh of an unchanged code while visit reports come in at half of their rate',
    measured: `${whole(rate(ours))}/s, p99 ${ours.loaded.p99.toFixed(1)} ms, ${ours.loaded.other} not 304; reports p95 ${ours.p95.toFixed(1)} ms (alone ${quiet.toFixed(1)} ms, beside the bare server ${theirs.p95.toFixed(1)} ms)`,
    limit: `${SHARE} of a bare node:http server with the same bytes beside the same reports (${whole(rate(theirs))}/s, p99 ${theirs.loaded.p99.toFixed(1)} ms)`,
    ratio: (rate(theirs) * SHARE) / rate(ours),
    ok: rate(ours) >= rate(theirs) * SHARE && ours.loaded.other === 0,
    note: 'the program answers both; the bare server has a process of its own; ratio is limit over measured',
  }
}
