import type { Say } from './say.ts'

/**
 * Everything that can go wrong for a user is a Problem: a stable code, the number of the rule that refuses (docs/rules.md),
 * a text in both languages and what to do about it. Each room defines its own in `domain/<room>/problems.ts` with
 * `defineProblem`; transport is decided in one place of the server, never here.
 */
export type ProblemKind = 'invalid' | 'unauthenticated' | 'refused' | 'not_found' | 'conflict' | 'limit' | 'unavailable'

export type ProblemBody = {
  code: string
  kind: ProblemKind
  rule?: string
  message: Say
  remedy?: Say
  /** The place of the fault: a field path, a row and column. */
  at?: string
  details: Record<string, unknown>
}

export class Problem extends Error {
  readonly body: ProblemBody
  constructor(body: ProblemBody) {
    super(`${body.code}: ${body.message.en}`)
    this.name = 'Problem'
    this.body = body
  }
}

export type ProblemShape<D> = {
  code: string
  kind: ProblemKind
  rule?: string
  message: (details: D) => Say
  remedy?: (details: D) => Say
}

export type ProblemMaker<D> = ((details: D, at?: string) => Problem) & { code: string }

/** Defines one problem and gives the function that makes it: `throw taskClosed({ reference })`. */
export function defineProblem<D extends Record<string, unknown>>(shape: ProblemShape<D>): ProblemMaker<D> {
  const make = (details: D, at?: string): Problem =>
    new Problem({
      code: shape.code,
      kind: shape.kind,
      message: shape.message(details),
      details,
      ...(shape.rule === undefined ? {} : { rule: shape.rule }),
      ...(shape.remedy === undefined ? {} : { remedy: shape.remedy(details) }),
      ...(at === undefined ? {} : { at }),
    })
  return Object.assign(make, { code: shape.code })
}
