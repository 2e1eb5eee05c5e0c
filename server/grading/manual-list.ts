import { maskDocument } from '@weiwang/domain/access/mask'
import { childLength, countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { addDays } from '@weiwang/domain/core/day'
import { Problem } from '@weiwang/domain/core/problem'
import { say } from '@weiwang/domain/core/say'
import type { ManualPreview, PreviewManualBatch } from '@weiwang/domain/grading/api'
import { checkManual, fitsWay } from '@weiwang/domain/grading/change'
import type { ManualRequest } from '@weiwang/domain/grading/change'
import { readListed } from '@weiwang/domain/grading/listed'
import { manyWrongWay, nobodyListed, noRuleSet, redByHandFull, redUnexplained } from '@weiwang/domain/grading/problems'
import { MANUAL_REASON_INFO } from '@weiwang/domain/grading/reasons'
import { areaNames } from '../areas/store.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { documentId } from '../people/identity.ts'
import { resolveAlias } from '../people/store.ts'
import { mustHold } from './actions-sets.ts'
import { areaChanges, changes } from './queries.ts'
import { colourOf, gradeOf, ruleSetFor } from './store.ts'
import { countRedByHand, countUnexplained, lockRedByHand, personsInScope, standings } from './store-read.ts'
import type { PersonRow, Stand } from './store-read.ts'

/** A list for a change of many: who is on it, what it would do, and what refuses it (GRADE-24 to 26). */

/** GRADE-26: how far back a fact explains a red; the longest window that a rule may have. */
const EXPLAINED_DAYS = 60

/** GRADE-29: so many of a county may be red by hand at one time with nothing on record behind it. */
const MOST_RED_BY_HAND = 50

/**
 * GRADE-29: a case number is a word of one person. One by one, with a number and no fact, a few can be turned red before the
 * source's delivery comes, and never a list of many. @throws redByHandFull
 */
export async function checkRedByHand(ctx: Ctx, person: PersonRow): Promise<void> {
  const since = addDays(ctx.today, -EXPLAINED_DAYS)
  if ((await countUnexplained(ctx.db, [person.person_id], since, [])) === 0) return
  const county = countyOf(person.home_area)
  await lockRedByHand(ctx.db, county)
  if ((await countRedByHand(ctx.db, county, { today: ctx.today, since })) >= MOST_RED_BY_HAND)
    throw redByHandFull({ limit: MOST_RED_BY_HAND })
}

const NOTHING: Stand = { grade: null, colour: null }

/** What forbids this change for these people, the first of each kind; nothing when it can be proposed and applied. */
async function refusalsOf(
  ctx: Ctx,
  area: AreaCode,
  request: ManualRequest,
  people: readonly PersonRow[],
  now: ReadonlyMap<string, Stand>,
  by: readonly string[],
): Promise<Problem[]> {
  const found: Problem[] = []
  if (people.length === 0) found.push(nobodyListed({}, 'lines'))
  try {
    checkManual(request, ctx.today)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    found.push(error)
  }
  const wrong = people.filter((person) => {
    const stand = now.get(person.person_id) ?? NOTHING
    return !fitsWay(request, { grade: gradeOf(stand.grade), colour: colourOf(stand.colour) })
  })
  if (wrong.length > 0)
    found.push(manyWrongWay({ way: MANUAL_REASON_INFO[request.reason].way, persons: wrong.length }, 'reason'))
  if (request.grade === 'red' || request.colour === 'red') {
    const ids = people.map((person) => person.person_id)
    const unexplained =
      ids.length === 0 ? 0 : await countUnexplained(ctx.db, ids, addDays(ctx.today, -EXPLAINED_DAYS), by)
    if (unexplained > 0) found.push(redUnexplained({ persons: unexplained }, 'persons'))
  }
  if (!(await ruleSetFor(ctx.db, area))) found.push(noRuleSet({ area }))
  return found
}

/** Refuses the whole list when one person of it may not be changed so (GRADE-25); what its two people delivered explains nothing (GRADE-26). @throws the first problem of the list */
export async function checkList(
  ctx: Ctx,
  area: AreaCode,
  request: ManualRequest,
  people: readonly PersonRow[],
  proposedBy: string | null = null,
): Promise<void> {
  const ids = people.map((person) => person.person_id)
  const [first] = await refusalsOf(ctx, area, request, people, await standings(ctx.db, ids, ctx.today), [
    ctx.actor.id,
    ...(proposedBy === null ? [] : [proposedBy]),
  ])
  if (first) throw first
}

type Row = { row: number; text: string; id: string }
type Absent = ManualPreview['absent'][number]
const ELSEWHERE = say('没有这个人，或不在本辖区', 'Not known, or not in this area')
const SHOWN = 100

/** Everybody named by the list, once, in its order; and which rows name nobody of the area (outside and not there are one answer, ACCESS-3). */
async function peopleOfList(
  ctx: Ctx,
  args: PreviewManualBatch,
): Promise<{ people: PersonRow[]; repeated: number; absent: Absent[] }> {
  const listed = readListed(args.lines, ctx.today)
  const rows: Row[] = [
    ...args.persons.map((id) => ({ row: 0, text: '', id })),
    ...listed.documents.map(({ row, document }) => ({
      row,
      text: document.number,
      id: documentId(ctx.keys, document),
    })),
  ]
  const targets = await resolveAlias(ctx.db, [...new Set(rows.map((row) => row.id))])
  const inside = await personsInScope(ctx.db, [args.area], [...new Set(targets.values())])
  const byId = new Map(inside.map((person) => [person.person_id, person]))
  const people = new Map<string, PersonRow>()
  const absent: Absent[] = listed.faults.map((fault) => ({ ...fault, text: maskDocument(fault.text) }))
  let repeated = 0
  for (const { row, text, id } of rows) {
    const person = byId.get(targets.get(id) ?? id)
    if (!person) absent.push({ row, text: maskDocument(text), why: ELSEWHERE })
    else if (people.has(person.person_id)) repeated++
    else people.set(person.person_id, person)
  }
  return { people: [...people.values()], repeated, absent: absent.toSorted((a, b) => a.row - b.row) }
}

/** For reach 'all': facts are read, so scope and right are asked here. Writes nothing. */
export async function previewManualBatch(ctx: Ctx, args: PreviewManualBatch): Promise<ManualPreview> {
  mustHold(ctx, args.area, 'area')
  permit(ctx, 'bulk', { kind: 'grade', area: args.area })
  const { people, repeated, absent } = await peopleOfList(ctx, args)
  const ids = people.map((person) => person.person_id)
  const now = await standings(ctx.db, ids, ctx.today)
  const length = childLength(args.area)
  const cells = people.map((person) => {
    const { grade, colour } = now.get(person.person_id) ?? NOTHING
    return {
      area: person.home_area.slice(0, length),
      old_grade: grade ?? '',
      old_colour: colour ?? '',
      grade: args.grade ?? '',
      colour: args.colour ?? '',
      n: 1,
    }
  })
  const names = await areaNames(ctx.db, [...new Set(cells.map((cell) => cell.area))], ctx.today)
  const changed = cells.filter((cell) => cell.old_grade !== cell.grade || cell.old_colour !== cell.colour)
  const refusals = await refusalsOf(ctx, args.area, args, people, now, [ctx.actor.id])
  return {
    persons: ids,
    repeated,
    absent: absent.slice(0, SHOWN),
    absentTotal: absent.length,
    changed: changed.length,
    grades: changes(cells, (cell) => [cell.old_grade, cell.grade]),
    colours: changes(cells, (cell) => [cell.old_colour, cell.colour]),
    areas: areaChanges(cells, names),
    samples: people.slice(0, 10).map((person) => {
      const stand = now.get(person.person_id) ?? NOTHING
      return {
        personId: person.person_id,
        masked: person.masked,
        area: person.home_area,
        before: { grade: gradeOf(stand.grade), colour: colourOf(stand.colour) },
        after: { grade: args.grade, colour: args.colour, until: args.until },
        reasons: [],
      }
    }),
    refusals: refusals.map(({ body: { code, rule, message, remedy } }) => ({
      code,
      rule: rule ?? '',
      message,
      remedy: remedy ?? message,
    })),
  }
}
