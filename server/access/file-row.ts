/** Rows of a file that names people and places (ACCESS-16, FORCE-2): why one is not taken, and which area a word in it means. */
import { isAreaCode } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { Problem } from '@weiwang/domain/core/problem'
import { say } from '@weiwang/domain/core/say'
import type { Say } from '@weiwang/domain/core/say'
import type { Ctx } from '../core/ctx.ts'
import { areasCalled } from './account-store.ts'

/** A row that cannot be taken: which column, what stood there, why, and what to do. */
export class Rejected extends Error {
  readonly column: string
  readonly value: string
  readonly reason: Say
  readonly remedy: Say
  constructor(column: string, value: string, reason: Say, remedy: Say) {
    super(reason.en)
    this.column = column
    this.value = value
    this.reason = reason
    this.remedy = remedy
  }
}

export type Rejection = {
  row: number
  result: 'rejected'
  column: string
  value: string | null
  reason: Say
  remedy: Say | null
}

/** @throws what is no word about the row: the file ends there. */
export function rejectionOf(row: number, error: unknown): Rejection {
  if (error instanceof Rejected) {
    const { column, value, reason, remedy } = error
    return { row, result: 'rejected', column, value, reason, remedy }
  }
  if (error instanceof Problem) {
    const { at, message, remedy } = error.body
    return { row, result: 'rejected', column: at ?? 'phone', value: null, reason: message, remedy: remedy ?? null }
  }
  throw error
}

/** Official codes fill up with zeros (320505001000 is a town): cut to the nearest code that is there. */
function spellings(text: string): string[] {
  const list = [text]
  let code = text
  while (isAreaCode(code) && code.length > 6 && code.endsWith('000')) {
    code = code.slice(0, -3)
    list.push(code)
  }
  return list
}

export type Places = Map<string, AreaCode[]>

/** What the words of all rows mean inside the scope, asked once. */
export function placesCalled(ctx: Ctx, words: readonly string[]): Promise<Places> {
  const texts = new Set(words.flatMap(spellings).filter((text) => text !== ''))
  return areasCalled(ctx.db, ctx.scope, [...texts])
}

/** @throws Rejected when there is none, or several of the name. */
export function placeOf(places: Places, column: string, text: string): AreaCode {
  for (const spelling of spellings(text)) {
    const codes = places.get(spelling) ?? []
    if (codes.length === 1 && codes[0] !== undefined) return codes[0]
    if (codes.length > 1) {
      throw new Rejected(
        column,
        text,
        say(`“${text}”有 ${codes.length} 处同名`, `There are ${codes.length} areas called "${text}"`),
        say('请改填辖区代码', 'Write the area code instead'),
      )
    }
  }
  throw new Rejected(
    column,
    text,
    say(`您的辖区内没有“${text}”`, `There is no "${text}" in your area`),
    say('请核对名称或代码', 'Check the name or the code'),
  )
}
