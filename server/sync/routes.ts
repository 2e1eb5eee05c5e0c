import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { PROTOCOL, PROTOCOL_MIN, Pull, Pulled } from '@weiwang/domain/sync/api'
import { syncBusy } from '@weiwang/domain/sync/busy'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Http } from '../core/http.ts'
import { parseInput, SECURITY_HEADERS } from '../core/http.ts'
import { lastVerifiedBackup } from '../core/postgres/backup.ts'
import type { Server } from '../core/server.ts'
import { admission, door, threshold, turns } from './admission.ts'
import type { Admission } from './admission.ts'
import { listContacts, putContactAction } from './contacts.ts'
import { Live } from './live.ts'
import { knownSessions } from './known.ts'
import type { Known } from './known.ts'
import { contactDone, touchPhone } from './phones.ts'
import { paceOf } from './pace.ts'
import type { Pace } from './pace.ts'
import { pageText, pull } from './pull.ts'
import { lastRestore } from './restored.ts'

/** First syncs that one process serves at the same time (SYNC-11): their pages are made one after another, so more would only wait. */
const FIRST_SYNCS = 4
/** Pages of first syncs that are made at the same time beside the reports of others, and that wait in line. */
const LONG_AT_ONCE = 1
const LONG_WAITING = 16
const AGAIN_S = 5
/** Pulls under way in one process, before anybody is looked up; more are a crowd. */
const MOST_PULLS = 40
/** Of these, so many by who is not known here: asking who they are takes a moment, and others find places meanwhile. */
const MOST_STRANGERS = 20
/** Below this an answer fits a packet or two and is not worth compressing. */
const WORTH_BYTES = 1_400
const DURABLE_MS = 30_000

const compress = promisify(gzip)

/**
 * A thousand phones at once are not even asked who they are: that alone would keep those waiting who file (SYNC-11, case 5). Beyond
 * so many pulls under way a request is turned away before its body is read; and a phone whose session was good before, when there is no
 * place for its first sync, before anything is looked up for it. Places are given to who has logged in and to nobody else: whoever is
 * not known is asked who he is, a few at a time.
 */
function guard(http: Http, { gate, known, reports }: { gate: Admission; known: Known; reports: Pace }): void {
  const entrance = door(MOST_PULLS, Math.random, gate.eachSeconds, MOST_STRANGERS)
  const isPull = ({ url = '' }: { url?: string | undefined }): boolean => url.startsWith('/api/sync/pull')
  // Who is turned away costs next to nothing, and a crowd is looked at bit by bit; each gets what the usual way below would give.
  const before = threshold((now) => reports.lately(now))
  const away = (response: ServerResponse, seconds: number): void => before.next(() => turnAway(response, seconds))
  const look = (request: IncomingMessage, response: ServerResponse, pass: () => void): void => {
    if (request.destroyed) return
    const now = performance.now()
    const who = known.of(request.headers)
    const place = entrance.full(who === null) ? entrance.enter(now, who === null) : null
    if (place && !place.in) return turnAway(response, place.seconds)
    const isShort = Number(request.headers['content-length']) <= SHORT_BYTES
    if (who === null || !gate.full(now) || !isShort) return pass()
    peek(request, (device) => {
      const seconds = device === null ? null : gate.wait({ account: who, device }, performance.now())
      if (seconds === null) pass()
      else away(response, seconds)
    })
  }
  http.quick((request, response, pass) => {
    if (!isPull(request) || request.method !== 'POST') return false
    before.next(() => look(request, response, pass))
    return true
  })
  // When the body is there: who sends a head and nothing more keeps no place from others.
  http.app.addHook('preHandler', async (request, reply) => {
    if (!isPull(request)) return
    const stranger = known.of(request.headers) === null
    const place = entrance.enter(performance.now(), stranger)
    if (!place.in) throw syncBusy({ seconds: place.seconds })
    let left = false
    const leave = (): void => {
      if (!left) entrance.leave(stranger)
      left = true
    }
    reply.raw.once('finish', leave)
    reply.raw.once('close', leave)
  })
  http.app.addHook('onResponse', async (request, reply) => {
    if (isPull(request) && reply.statusCode === 401) known.forget(request.headers)
  })
}

function turnAway(response: ServerResponse, seconds: number): void {
  const body = JSON.stringify(syncBusy({ seconds }).body)
  response.writeHead(429, {
    ...SECURITY_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

/** What a phone that has nothing yet says fits in here; it comes in one piece with the head of the request. */
const SHORT_BYTES = 2_000

/** Looks into a request and puts back what it read. Gives the device of a first sync; null of anything else, and of what is not sure. */
function peek(request: IncomingMessage, then: (device: string | null) => void): void {
  request.once('readable', () => {
    const chunk: unknown = request.read()
    if (Buffer.isBuffer(chunk)) request.unshift(chunk)
    const device = Buffer.isBuffer(chunk) ? firstSyncOf(chunk) : null
    // The stream flows again only after this listener has left it.
    if (!request.destroyed) setImmediate(then, device)
  })
}

function firstSyncOf(body: Buffer): string | null {
  try {
    const asked = Pull.safeParse(JSON.parse(body.toString()))
    return asked.success && isFirst(asked.data) ? asked.data.device : null
  } catch {
    return null
  }
}

/**
 * A phone that has nothing yet; the page of what is urgent is short for everybody. One that knows whose it is and has no grid is its
 * worker's without a duty today: there is nothing for it to wait for, and its place is somebody else's.
 */
function isFirst({ grids, head, mine }: Pick<Pull, 'grids' | 'head' | 'mine'>): boolean {
  return !head && (grids.length > 0 || mine === '') && grids.every(({ n }) => n === 0)
}

/** An answer that nothing was looked up for. On the page of what is urgent: there is none now, the rest says when to come back. */
async function notNow(server: Server, { grids, head }: Pull, seconds: number): Promise<Pulled> {
  const { at: restoredAt } = await lastRestore(server)
  return {
    now: server.clock.now().toISOString(),
    protocol: { now: PROTOCOL, min: PROTOCOL_MIN },
    order: 'none',
    // As the phone named them: what it has of what is urgent stays.
    grids: grids.map(({ grid, epoch, n }) => ({ grid, epoch, n, reset: false, to: n })),
    gone: [],
    items: [],
    more: !head,
    comeBack: head ? null : seconds,
    restoredAt,
  }
}

/** JSON as few bytes on the wire as the phone takes; says how many that were. */
async function sendJson(
  request: FastifyRequest,
  reply: FastifyReply,
  text: Buffer,
): Promise<{ bytes: number; text: Buffer }> {
  void reply.header('content-type', 'application/json; charset=utf-8').header('vary', 'accept-encoding')
  const takes = String(request.headers['accept-encoding'] ?? '').includes('gzip')
  if (!takes || text.length < WORTH_BYTES) return { bytes: text.length, text }
  const packed = await compress(text, { level: 5 })
  void reply.header('content-encoding', 'gzip')
  return { bytes: packed.length, text: packed }
}

/** Asked by every pull, changed once a day: looked up at most every half minute. */
function durable(server: Server): () => Promise<string | null> {
  let kept: { at: number; to: string | null } | null = null
  return async () => {
    if (kept === null || performance.now() - kept.at > DURABLE_MS) {
      const backup = await lastVerifiedBackup(server.jobsPool.db)
      kept = { at: performance.now(), to: backup?.coversUntil.toISOString() ?? null }
    }
    return kept.to
  }
}

export function syncRoutes(http: Http): void {
  const { server } = http
  const gate = admission(FIRST_SYNCS, Math.random)
  const line = turns(LONG_AT_ONCE, LONG_WAITING)
  const reports = paceOf(server)
  const known = knownSessions()
  guard(http, { gate, known, reports })
  const durableTo = durable(server)
  const live = new Live(server)
  http.app.addHook('preClose', async () => live.close())

  http.raw(
    'POST',
    '/api/sync/pull',
    async (actor, request, reply) => {
      known.note(request.headers, actor.id)
      const args = parseInput(Pull, request.body)
      const who = { account: actor.id, device: args.device }
      const place = isFirst(args) ? gate.admit(who, performance.now()) : null
      if (place && !place.in) throw syncBusy({ seconds: place.seconds })
      const isLong = gate.holds(who)
      if (isLong && !(await line.enter())) return notNow(server, args, AGAIN_S)
      const over = isLong ? reports.page(performance.now()) : null
      try {
        const touched = await touchPhone(server, actor, args)
        const page = await pull(server, actor, args, {
          order: touched.order,
          home: touched.home,
          durableTo: await durableTo(),
          admission: gate,
          restored: await lastRestore(server),
        })
        const { bytes, text } = await sendJson(request, reply, pageText(page))
        const level = !page.head.more && page.head.comeBack === null && !args.head
        if (level) gate.leave(who, { now: performance.now() })
        await contactDone(server, touched, { level, bytes, items: page.items.length })
        return await reply.send(text)
      } catch (error) {
        gate.leave(who)
        throw error
      } finally {
        if (over) line.leave(over(performance.now()))
      }
    },
    { body: Pull, answer: Pulled },
  )
  http.raw('GET', '/api/live', async (actor, request, reply) => {
    if (await live.listen(actor, request, reply)) return reply
    return reply.code(503).header('retry-after', '60').send({})
  })
  http.query('GET', '/api/sync/contacts', listContacts)
  http.action('POST', '/api/sync/contacts', putContactAction)
}
