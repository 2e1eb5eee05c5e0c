import type { ProblemBody } from '@weiwang/domain/core/problem'

/**
 * The way to the server. Answers are taken as the server's schemas make them: this page has no schemas of its own, so that it stays
 * small; what it does not know it does not show. A problem carries its words in both languages, also when there is no network.
 */
export class Trouble extends Error {
  readonly body: ProblemBody
  readonly status: number
  /** When the server is busy: after how many seconds it wants to be asked again. */
  readonly retryAfterS: number | null
  constructor(body: ProblemBody, status: number, retryAfterS: number | null = null) {
    super(body.message.en)
    this.body = body
    this.status = status
    this.retryAfterS = retryAfterS
  }
}

function ours(code: string, zh: string, en: string, remedy: { zh: string; en: string }): ProblemBody {
  return { code, kind: 'unavailable', message: { zh, en }, remedy, details: {} }
}

const OFFLINE = ours('OFFLINE', '没有网络，没有提交', 'No network: nothing was sent', {
  zh: '您填的内容还在，有网络后再按一次',
  en: 'What you filled in is still here; press again when there is a network',
})
const SILENT = ours('SILENT', '服务器没有回答，可能没有提交', 'The server did not answer; it may not have been sent', {
  zh: '请再按一次，同一份内容不会提交两次',
  en: 'Press again: the same report is never taken twice',
})

const PATIENCE_MS = 20_000

function isProblem(value: unknown): value is ProblemBody {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value
}

export type Asked = {
  body?: object
  /** The same act sent twice is taken once. */
  key?: string
  /** What is here already; the server answers 304 when it is the same. */
  etag?: string | null
}
export type Heard<T> = {
  /** Null when what is here already is still true. */
  answer: T | null
  etag: string | null
  /** The real time of the server's machine, in milliseconds: an exercise lives on another day, its machine does not. */
  real: number | null
  /** After how many seconds the server would like to be asked again, where it says so. */
  nextS: number | null
}

/** Ends an asking that gets no answer; phones older than 2022 have no timeout of their own. */
export function patience(): AbortSignal {
  if ('timeout' in AbortSignal) return AbortSignal.timeout(PATIENCE_MS)
  const over = new AbortController()
  setTimeout(() => over.abort(new DOMException('', 'TimeoutError')), PATIENCE_MS)
  return over.signal
}

/** No answer came: no network, or nobody there. */
export function withoutAnswer(error: unknown): Trouble {
  return new Trouble(error instanceof DOMException && error.name === 'TimeoutError' ? SILENT : OFFLINE, 0)
}

export async function troubleOf(response: Response): Promise<Trouble> {
  const answer: unknown = await response.json().catch(() => null)
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new Trouble(isProblem(answer) ? answer : SILENT, response.status, seconds > 0 ? seconds : null)
}

function headersOf({ body, key, etag }: Asked): Record<string, string> {
  return {
    'x-weiwang': '1',
    ...(body ? { 'content-type': 'application/json' } : {}),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(etag ? { 'if-none-match': etag } : {}),
  }
}

/** @throws Trouble */
export async function hear<T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  asked: Asked = {},
): Promise<Heard<T>> {
  let response: Response
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      // What is here already is kept by this page and by nobody else.
      cache: 'no-store',
      signal: patience(),
      headers: headersOf(asked),
      ...(asked.body ? { body: JSON.stringify(asked.body) } : {}),
    })
  } catch (error) {
    throw withoutAnswer(error)
  }
  const date = Date.parse(response.headers.get('date') ?? '')
  const nextS = Number(response.headers.get('x-weiwang-next') ?? 0)
  const heard = {
    etag: response.headers.get('etag'),
    real: Number.isNaN(date) ? null : date,
    nextS: nextS > 0 ? nextS : null,
  }
  if (response.status === 304) return { answer: null, ...heard }
  if (!response.ok) throw await troubleOf(response)
  const answer: unknown = await response.json().catch(() => null)
  return { answer: answer as T, ...heard } // eslint-disable-line typescript/consistent-type-assertions, typescript/no-unsafe-type-assertion -- the server parses its answers by the schema that T names
}

/** @throws Trouble */
export async function ask<T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
  key?: string,
): Promise<T> {
  const { answer } = await hear<T>(method, path, { ...(body ? { body } : {}), ...(key === undefined ? {} : { key }) })
  if (answer === null) throw new Trouble(SILENT, 304)
  return answer
}
