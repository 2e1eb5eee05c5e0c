import type { ProblemBody } from '@weiwang/domain/core/problem'
import { z } from 'zod'
import { common } from '../i18n/common.ts'

/**
 * The one way to the server. Reads parse the answer by the schema of the room; writes carry an idempotency key that the
 * form makes once and keeps over retries, so that a lost answer and a second press are the same act (SYNC-1).
 * Every failure becomes an ApiProblem with place, reason and remedy; nothing else is thrown.
 */
export class ApiProblem extends Error {
  readonly body: ProblemBody
  readonly status: number
  constructor(body: ProblemBody, status: number) {
    super(body.message.en)
    this.name = 'ApiProblem'
    this.body = body
    this.status = status
  }
}

const Text = z.object({ zh: z.string(), en: z.string() })

const Body = z.object({
  code: z.string(),
  kind: z.enum(['invalid', 'unauthenticated', 'refused', 'not_found', 'conflict', 'limit', 'unavailable']),
  rule: z.string().optional(),
  message: Text,
  remedy: Text.optional(),
  at: z.string().optional(),
  details: z.record(z.string(), z.unknown()).default({}),
})

const Envelope = z.union([
  Body,
  z.object({ problem: Body }).transform((e) => e.problem),
  z.object({ error: Body }).transform((e) => e.error),
])

function pair(key: keyof typeof common, fill: Record<string, string> = {}): { zh: string; en: string } {
  const put = (text: string): string => text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => fill[name] ?? '')
  return { zh: put(common[key][0]), en: put(common[key][1]) }
}

function ours(
  code: string,
  kind: ProblemBody['kind'],
  message: ProblemBody['message'],
  remedy: ProblemBody['message'],
): ProblemBody {
  return { code, kind, message, remedy, details: {} }
}

/** Told when the server no longer knows the session, so that one place can ask for a log-in and keep the address. */
type Listener = () => void
const listeners = new Set<Listener>()
export function onLoggedOut(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export type Query = Record<string, string | number | boolean | undefined | null>

export function withQuery(path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text ? `${path}?${text}` : path
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text()
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Nothing waits for ever: after this a read or a write counts as not reached, and may be tried again under its key. */
const PATIENCE_MS = 45_000

async function exchange<T>(path: string, init: RequestInit, take: (response: Response) => Promise<T>): Promise<T> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS)
  const giveUp = (): void => patience.abort()
  init.signal?.addEventListener('abort', giveUp)
  let response: Response
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init, signal: patience.signal })
  } catch (cause) {
    if (init.signal?.aborted) throw cause
    throw new ApiProblem(ours('OFFLINE', 'unavailable', pair('problem.offline'), pair('problem.offline.remedy')), 0)
  } finally {
    clearTimeout(timer)
    init.signal?.removeEventListener('abort', giveUp)
  }
  if (response.ok) return take(response)
  const parsed = Envelope.safeParse(await bodyOf(response))
  const status = response.status
  const problem = parsed.success
    ? parsed.data
    : ours('HTTP', 'unavailable', pair('problem.unknown', { status: String(status) }), pair('problem.unknown.remedy'))
  if (status === 401) for (const listener of listeners) listener()
  throw new ApiProblem(problem, status)
}

function read<S extends z.ZodType>(schema: S, path: string, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const first = parsed.error.issues[0]
  throw new ApiProblem(
    {
      ...ours('ANSWER_SHAPE', 'unavailable', pair('problem.shape'), pair('problem.shape.remedy')),
      at: `${path} ${first ? `${first.path.join('.')}: ${first.message}` : ''}`,
    },
    500,
  )
}

export async function get<S extends z.ZodType>(
  schema: S,
  path: string,
  query: Query = {},
  signal?: AbortSignal,
): Promise<z.output<S>> {
  const address = withQuery(path, query)
  const body = await exchange(
    address,
    { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) },
    bodyOf,
  )
  return read(schema, path, body)
}

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** `key` is made once per form by `useWriteKey`; the same key with the same content gets the first answer again. */
export async function send<S extends z.ZodType>(
  schema: S,
  request: { method?: Method; path: string; body?: unknown; key: string },
): Promise<z.output<S>> {
  const body = await exchange(
    request.path,
    {
      method: request.method ?? 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        'idempotency-key': request.key,
        'x-weiwang': '1',
      },
      body: JSON.stringify(request.body ?? {}),
    },
    bodyOf,
  )
  return read(schema, request.path, body)
}

/** A sheet that is made by an act with its line in the trail: the answer is the file. */
export function fetchSheet(path: string, body: unknown): Promise<Blob> {
  return exchange(
    path,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-weiwang': '1' },
      body: JSON.stringify(body),
    },
    (response) => response.blob(),
  )
}

/** Sends a file as it is; progress is told in bytes, because fetch cannot say how far an upload has come. */
export function upload<S extends z.ZodType>(
  schema: S,
  request: {
    method?: 'POST' | 'PUT'
    path: string
    body: XMLHttpRequestBodyInit
    headers?: Record<string, string>
    key: string
    onProgress?: (sent: number, total: number) => void
  },
): Promise<z.output<S>> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open(request.method ?? 'POST', request.path)
    xhr.setRequestHeader('idempotency-key', request.key)
    xhr.setRequestHeader('x-weiwang', '1')
    for (const [name, value] of Object.entries(request.headers ?? {})) xhr.setRequestHeader(name, value)
    xhr.upload.onprogress = (event) => request.onProgress?.(event.loaded, event.total)
    xhr.onerror = () =>
      reject(new ApiProblem(ours('OFFLINE', 'unavailable', pair('problem.offline'), pair('problem.offline.remedy')), 0))
    xhr.onload = () => {
      try {
        const body: unknown = xhr.responseText === '' ? null : JSON.parse(xhr.responseText)
        if (xhr.status < 300) return resolve(read(schema, request.path, body))
        const parsed = Envelope.safeParse(body)
        if (xhr.status === 401) for (const listener of listeners) listener()
        return reject(
          new ApiProblem(
            parsed.success
              ? parsed.data
              : ours(
                  'HTTP',
                  'unavailable',
                  pair('problem.unknown', { status: String(xhr.status) }),
                  pair('problem.unknown.remedy'),
                ),
            xhr.status,
          ),
        )
      } catch (cause) {
        return reject(
          cause instanceof ApiProblem
            ? cause
            : new ApiProblem(
                ours(
                  'HTTP',
                  'unavailable',
                  pair('problem.unknown', { status: String(xhr.status) }),
                  pair('problem.unknown.remedy'),
                ),
                xhr.status,
              ),
        )
      }
    }
    xhr.send(request.body)
  })
}

/** Whatever was thrown, as something that can be shown. */
export function problemOf(thrown: unknown): ProblemBody {
  if (thrown instanceof ApiProblem) return thrown.body
  return ours(
    'PAGE',
    'unavailable',
    pair('problem.unknown', { status: thrown instanceof Error ? thrown.message : '?' }),
    pair('problem.unknown.remedy'),
  )
}
