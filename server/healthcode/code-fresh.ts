/**
 * CODE-18: refreshing costs nothing while nothing has changed. What a phone was answered is remembered by its tag alone; asked again
 * it gets 304 out of memory, before a session or the database is looked at. The list of replaced codes, read every second by each
 * process, takes entries out again; when it cannot be read for a while, memory forgets everything. What is not in memory is answered by
 * few at a time; who is too many is asked to come back, later and spread, and the work of the grid is not touched.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { toHex } from '@weiwang/domain/healthcode/bytes'
import { codesBusy } from '@weiwang/domain/healthcode/code-problems'
import { SECURITY_HEADERS, SESSION_COOKIE } from '../core/http.ts'
import type { Server } from '../core/server.ts'
import { lastRevocation, revocationsSince } from './code-holder-store.ts'
import { toldKeys } from './code-keys.ts'
import { againIn } from './code-mine.ts'

/** An answer is remembered for so long. */
export const KEEP_MS = 300_000
const MOST = 200_000
const POLL_MS = 1000
const BLIND_MS = 30_000
/** How many refreshes ask the database at once, and how many wait for their turn. */
const AT_ONCE = 4
const WAITING = 200

type Entry = { etag: string; until: number; codeIds: readonly string[] }

export class FreshMemory {
  readonly #server: Server
  readonly #entries = new Map<string, Entry>()
  readonly #byCode = new Map<string, Set<string>>()
  #timer: NodeJS.Timeout | null = null
  #seen: number | null = null
  #keys = ''
  #readAt = 0
  #active = 0
  readonly #line: (() => void)[] = []

  constructor(server: Server) {
    this.#server = server
  }

  get full(): boolean {
    return this.#active >= AT_ONCE && this.#line.length >= WAITING
  }

  /** Runs when it is its turn. @throws codesBusy when too many wait */
  async turn<T>(run: () => Promise<T>): Promise<T> {
    if (this.full) throw codesBusy({ seconds: laterIn() })
    if (this.#active >= AT_ONCE) await new Promise<void>((resolve) => this.#line.push(resolve))
    this.#active++
    try {
      return await run()
    } finally {
      this.#active--
      this.#line.shift()?.()
    }
  }

  tagOf(key: string, now: number): string | null {
    const entry = this.#entries.get(key)
    if (!entry) return null
    if (entry.until > now) return entry.etag
    this.#drop(key)
    return null
  }

  /** @param mark what `follow` said before the answer was read: when the list has been read since, the answer may be old */
  keep(key: string, entry: Entry, mark: number): void {
    if (entry.codeIds.length === 0 || mark !== this.#seen) return
    this.#drop(key)
    if (this.#entries.size >= MOST) {
      const [oldest] = this.#entries.keys()
      if (oldest !== undefined) this.#drop(oldest)
    }
    this.#entries.set(key, entry)
    for (const id of entry.codeIds) {
      const keys = this.#byCode.get(id)
      if (keys) keys.add(key)
      else this.#byCode.set(id, new Set([key]))
    }
    this.#watch()
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    for (const id of entry.codeIds) {
      const keys = this.#byCode.get(id)
      keys?.delete(key)
      if (keys?.size === 0) this.#byCode.delete(id)
    }
  }

  forget(codeIds: readonly string[]): void {
    for (const id of codeIds) for (const key of this.#byCode.get(id) ?? []) this.#drop(key)
  }

  clear(): void {
    this.#entries.clear()
    this.#byCode.clear()
  }

  #watch(): void {
    if (this.#timer) return
    this.#readAt = performance.now()
    this.#timer = setInterval(() => void this.look(), POLL_MS)
    this.#timer.unref()
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
    this.clear()
  }

  /** Reads what was replaced since the last look. */
  async look(): Promise<void> {
    if (this.#entries.size === 0 && this.#seen !== null) {
      this.#seen = null
      return
    }
    try {
      const { db } = this.#server.jobsPool
      const now = this.#server.clock.now()
      const last = await lastRevocation(db)
      const from = this.#seen
      if (from !== null && last > from) {
        const entries = await revocationsSince(db, from, { until: now, limit: 100_000 })
        if (entries.length === 100_000) this.clear()
        else this.forget(entries.map(({ codeId }) => toHex(codeId)))
      }
      const keys = (await toldKeys(db, now)).map((key) => `${toHex(key.kid)}${key.revoked_at ? '-' : '+'}`).join()
      if (this.#keys !== '' && this.#keys !== keys) this.clear()
      this.#keys = keys
      this.#seen = last
      this.#readAt = performance.now()
    } catch (error) {
      if (performance.now() - this.#readAt > BLIND_MS) this.clear()
      this.#server.log.warn({ err: error }, 'the list of replaced codes cannot be read 作废名单暂时无法读取')
    }
  }

  /** Follows the list from now on; says how far it has been read. */
  async follow(): Promise<number> {
    if (this.#seen === null) {
      const last = await lastRevocation(this.#server.jobsPool.db)
      this.#seen ??= last
      this.#keys = ''
    }
    this.#watch()
    return this.#seen
  }
}

/** Half a minute to two minutes. */
function laterIn(): number {
  return 30 + Math.floor(Math.random() * 90)
}

/** As they stand in code ids of an answer: hex. */
export function codeIdOf(base64url: string): string {
  return Buffer.from(base64url, 'base64url').toString('hex')
}

const memories = new WeakMap<Server, FreshMemory>()

export function freshMemory(server: Server): FreshMemory {
  const known = memories.get(server) ?? new FreshMemory(server)
  memories.set(server, known)
  return known
}

/** The session of a request as it was sent, without asking whose it is. */
export function tokenOf(headers: IncomingMessage['headers']): string | null {
  const { authorization, cookie } = headers
  if (authorization?.startsWith('Bearer ')) return authorization.slice(7)
  if (cookie === undefined) return null
  const at = cookie.indexOf(`${SESSION_COOKIE}=`)
  if (at < 0 || (at > 0 && cookie[at - 1] !== ' ' && cookie[at - 1] !== ';')) return null
  const end = cookie.indexOf(';', at)
  return cookie.slice(at + SESSION_COOKIE.length + 1, end < 0 ? undefined : end)
}

export function memoryKey(token: string, person: string): string {
  return `${token} ${person}`
}

const BEFORE = '/api/my/codes/'
const AFTER = '/fresh'
export const NEXT_HEADER = 'x-weiwang-next'

const HEADERS: readonly string[] = Object.entries({ ...SECURITY_HEADERS, 'cache-control': 'no-store' }).flat()
/**
 * What says "unchanged" carries no more (RFC 9110, 15.4.5): it has no body that a browser could take for something else, and six headers
 * cost a third of such an answer.
 */
const UNCHANGED: readonly string[] = ['cache-control', 'no-store']

/**
 * The quick way, ahead of everything else of the server: true when the request was answered. Only an unchanged code is, and, when the
 * line is full, the one who would have to wait.
 */
export function answerQuickly(server: Server, request: IncomingMessage, response: ServerResponse): boolean {
  const { url } = request
  if (url === undefined || !url.startsWith(BEFORE)) return false
  const memory = freshMemory(server)
  if (request.method === 'GET' && url.endsWith(AFTER)) {
    const tag = request.headers['if-none-match']
    const token = tag === undefined ? null : tokenOf(request.headers)
    if (tag !== undefined && token !== null) {
      const person = url.slice(BEFORE.length, -AFTER.length)
      if (memory.tagOf(memoryKey(token, person), Date.now()) === tag) {
        response.writeHead(304, [...UNCHANGED, 'etag', tag, NEXT_HEADER, String(againIn())])
        response.end()
        return true
      }
    }
  } else if (request.method !== 'POST' || !url.endsWith('/days')) return false
  if (!memory.full) return false
  const seconds = laterIn()
  const body = JSON.stringify(codesBusy({ seconds }).body)
  response.writeHead(503, [
    ...HEADERS,
    'content-type',
    'application/json; charset=utf-8',
    'retry-after',
    String(seconds),
    'content-length',
    String(Buffer.byteLength(body)),
  ])
  response.end(body)
  return true
}
