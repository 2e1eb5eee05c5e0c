import type { ProblemBody } from '../core/problem.ts'
import type { Say } from '../core/say.ts'

/**
 * A value read from a cell, or why it could not be read. Bulk readers make millions of these, so a fault is plain data
 * (the body of a Problem), not an Error with a stack.
 */
export type Reading<T> = { ok: true; value: T } | { ok: false; problem: ProblemBody }

export function read<T>(value: T): Reading<T> {
  return { ok: true, value }
}

export function fault(code: string, rule: string, message: Say, remedy: Say): { ok: false; problem: ProblemBody } {
  return { ok: false, problem: { code, kind: 'invalid', rule, message, remedy, details: {} } }
}

const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/g

/** Full-width to half-width (NFKC), without invisible characters and the wrappers that spreadsheets leave (`="…"`, `'…`). */
export function plain(text: string): string {
  const t = text.normalize('NFKC').replace(INVISIBLE, '').trim()
  const wrapped = /^="(.*)"$/.exec(t)
  return (wrapped?.[1] ?? t).replace(/^'/, '').trim()
}
