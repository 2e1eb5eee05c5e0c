import type { ProblemBody } from '@weiwang/domain/core/problem'

/**
 * The way to the server. Answers are taken as the server's schemas make them: this page has no schemas of its own, so that it stays
 * small; what it does not know it does not show. A problem carries its words in both languages, also when there is no network.
 */
export class Trouble extends Error {
  readonly body: ProblemBody
  readonly status: number
  constructor(body: ProblemBody, status: number) {
    super(body.message.en)
    this.body = body
    this.status = status
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

/** @throws Trouble */
export async function ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { 'x-weiwang': '1', ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  } catch (error) {
    const silent = error instanceof DOMException && error.name === 'TimeoutError'
    throw new Trouble(silent ? SILENT : OFFLINE, 0)
  }
  const answer: unknown = await response.json().catch(() => null)
  if (!response.ok) throw new Trouble(isProblem(answer) ? answer : SILENT, response.status)
  return answer as T // eslint-disable-line typescript/consistent-type-assertions, typescript/no-unsafe-type-assertion -- the server parses its answers by the schema that T names
}
