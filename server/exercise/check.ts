import { expectedColour } from '@weiwang/domain/exercise/expected'
import type { Truth } from '@weiwang/domain/exercise/scenario'
import type { Day } from '@weiwang/domain/core/day'
import type { Server } from '../core/server.ts'
import { requireExercise } from './state.ts'
import { readFollowed } from './store.ts'
import type { Followed } from './store.ts'
import { truthsOf } from './truth.ts'

/**
 * Results against the truth (EX-5). `found`: really exposed and followed; `missed`: exposed and not followed (of these
 * `unsaid`: no accepted row names them); `false`: followed and not exposed. Grading itself is judged by `differ`: the colour
 * in the database against the colour that the stored facts ask for, worked out by hand (EX-9).
 */
export type Check = {
  today: Day
  exposed: number
  found: number
  missed: number
  unsaid: number
  false: number
  compared: number
  differ: number
  placed: number
  placedRight: number
  lines: string[]
}

const CHUNK = 1000

export async function check(server: Server): Promise<Check> {
  const state = await requireExercise(server)
  const today = server.clock.today()
  const sum = {
    exposed: 0,
    found: 0,
    missed: 0,
    unsaid: 0,
    false: 0,
    compared: 0,
    differ: 0,
    placed: 0,
    placedRight: 0,
  }
  for (const { byPerson } of truthsOf(server.keys, state)) {
    const ids = [...byPerson.keys()]
    for (let i = 0; i < ids.length; i += CHUNK) {
      const chunk = ids.slice(i, i + CHUNK)
      const rows = await server.asSystem('exercise.check', (ctx) => readFollowed(ctx.db, chunk, ctx.today))
      for (const id of chunk) {
        const truth = byPerson.get(id)
        if (truth) count(sum, truth, rows.get(id), today)
      }
    }
  }
  return { today, ...sum, lines: told(today, sum) }
}

type Sum = Omit<Check, 'today' | 'lines'>

function isFollowed(row: Followed | undefined): boolean {
  return row !== undefined && (row.grade !== null || row.visited)
}

function count(sum: Sum, truth: Truth, row: Followed | undefined, today: Day): void {
  const exposed = expectedColour(truth.facts, today) !== null
  const followed = isFollowed(row)
  if (exposed) {
    sum.exposed++
    if (followed) sum.found++
    else {
      sum.missed++
      if ((row?.facts.length ?? 0) === 0) sum.unsaid++
    }
  } else if (row !== undefined && row.grade !== null) sum.false++
  if (!row) return
  if (row.judged) {
    sum.compared++
    if (expectedColour(row.facts, today) !== followColour(row.colour)) sum.differ++
  }
  if (row.area === null) return
  sum.placed++
  if (truth.unit.startsWith(row.area) || row.area.startsWith(truth.unit)) sum.placedRight++
}

function followColour(colour: string | null): string | null {
  return colour === 'green' || colour === 'pending' ? null : colour
}

function told(today: Day, s: Sum): string[] {
  const share = (n: number, of: number): string => (of === 0 ? '–' : `${((100 * n) / of).toFixed(1)} %`)
  return [
    `${today}  truth against results 真实情况与结果对照（演练）`,
    `  exposed 应跟进      ${s.exposed}`,
    `  found 已跟进        ${s.found}  ${share(s.found, s.exposed)}`,
    `  missed 漏           ${s.missed}  (no accepted row names ${s.unsaid} 其中无有效来源)`,
    `  false 误            ${s.false}`,
    `  colours compared    ${s.compared}, differ ${s.differ} 码色核对`,
    `  placed 落格         ${s.placed}, right 正确 ${share(s.placedRight, s.placed)}`,
  ]
}
