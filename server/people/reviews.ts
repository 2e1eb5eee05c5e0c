/** Duplicates (PEOPLE-8, PEOPLE-9): the review queue, merges that write one alias and nothing else, and their undoing. */
import { maskName } from '@weiwang/domain/access/mask'
import { can } from '@weiwang/domain/access/can'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { notAllowed, notFound } from '@weiwang/domain/core/problems'
import { commonArea } from '@weiwang/domain/people/address/resolve'
import { DecideReview, ListReviews, MergePeople, UndoMerge } from '@weiwang/domain/people/api'
import type { PersonLine, ReviewLine } from '@weiwang/domain/people/api'
import { DECISIONS, DecidedReview, MergedPeople, RESIDENCE_KINDS, REVIEW_KINDS } from '@weiwang/domain/people/api'
import { nameInitials, namePinyin } from '@weiwang/domain/people/name'
import { decisionUnfit, mergeNotThere, mergeSame, reviewDecided } from '@weiwang/domain/people/problems'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { actorId, areasFor } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { openAddress } from './identities.ts'
import { nameHash } from './identity.ts'
import { openText } from './opening.ts'
import { placePersons } from './places.ts'
import type { Place } from './places.ts'
import { countStock } from './stock.ts'
import { doorsOf, recountHouseholds } from './store-places.ts'
import {
  areaNames,
  findPerson,
  findSealed,
  homesOf,
  mergedInto,
  personLines,
  residencesOf,
  resolveAlias,
} from './store.ts'
import type { Cut } from './store.ts'
import {
  addAlias,
  decideReview,
  listReviewRows,
  lockPersons,
  lockReview,
  removeAlias,
  replaceName,
  settlePairs,
} from './store-review.ts'
import type { ReviewRow } from './store-review.ts'
import { tellChanged } from './told.ts'

const Detail = z.object({ name: z.string(), source: z.string() })

async function openDetail(ctx: Ctx, row: ReviewRow): Promise<z.output<typeof Detail> | null> {
  const text = await openText(ctx, { table: 'person_review', row: row.id, column: 'detail_sealed' }, row.detail_sealed)
  return text === null ? null : Detail.parse(JSON.parse(text))
}

/** Whoever reads the queue sees both records masked; the pair lies at the lowest area that holds both, so both are in scope. */
export async function listReviews(ctx: Ctx, args: z.output<typeof ListReviews>): Promise<Cut<ReviewLine>> {
  const { rows, next, total } = await listReviewRows(ctx.db, areasFor(ctx, args.area), args)
  const lines = await personLines(
    ctx.db,
    ctx.scope,
    rows.flatMap((row) => [row.person_id, ...(row.other === null ? [] : [row.other])]),
  )
  const nameOf = await areaNames(
    ctx.db,
    rows.map((row) => row.home_area),
  )
  const items = await Promise.all(rows.map((row) => presentReview(ctx, row, lines, nameOf)))
  return { items: items.flatMap((item) => item ?? []), next, total }
}

async function presentReview(
  ctx: Ctx,
  row: ReviewRow,
  lines: Map<string, PersonLine>,
  nameOf: (code: AreaCode) => string,
): Promise<ReviewLine | null> {
  const person = lines.get(row.person_id)
  if (!person) return null
  const detail = await openDetail(ctx, row)
  return {
    id: row.id,
    kind: z.enum(REVIEW_KINDS).parse(row.kind),
    area: row.home_area,
    areaName: nameOf(row.home_area),
    person,
    other: row.other === null ? null : (lines.get(row.other) ?? null),
    otherMasked: detail === null ? null : maskName(detail.name),
    score: row.score / 100,
    reasons: row.reasons,
    since: row.created_at.toISOString(),
  }
}

/** Deciding who is who is for those who may propose or approve about persons there. */
function permitReview(ctx: Ctx, area: AreaCode): void {
  const thing = { kind: 'person' as const, area }
  if (!can(ctx.actor, 'propose', thing) && !can(ctx.actor, 'approve', thing))
    throw notAllowed({ verb: 'propose', thing: 'person' })
}

async function requirePerson(ctx: Ctx, id: string): Promise<AreaCode> {
  const person = await findPerson(ctx.db, ctx.scope, id)
  if (!person) throw notFound({ thing: 'person' })
  return person.home_area
}

/** The one line that a merge writes, and the pairs that it answers. Both are locked. */
async function writeJoin(
  ctx: Ctx,
  { loser, winner, area, reason }: { loser: string; winner: string; area: AreaCode; reason: string },
): Promise<void> {
  const left = [loser, ...(await mergedInto(ctx.db, loser))]
  const right = [winner, ...(await mergedInto(ctx.db, winner))]
  await addAlias(ctx.db, { personId: loser, target: winner, area, by: actorId(ctx), at: ctx.now, reason })
  const home = (await homesOf(ctx.db, [loser])).get(loser) ?? null
  countStock(ctx, 'stock_people', [{ from: home, to: null }])
  await settlePairs(ctx.db, left, right, 'open', 'merged', ctx.now)
  const doors = await doorsOf(ctx.db, [loser])
  await recountHouseholds(ctx.db, doors, ctx.now)
  tellChanged(ctx, { personIds: [loser, winner], householdIds: doors })
  ctx.emit('person.merged', { from: loser, into: winner })
}

/**
 * Joins two records: the one that stands for `from` from now on answers through the one that stands for `into`. Both ends are
 * locked and looked up again, so that a chain A→B→C leads to C whatever happens at the same time, and no ring can close.
 */
async function join(ctx: Ctx, from: string, into: string, reason: string): Promise<{ winner: string; loser: string }> {
  let ends = await resolveAlias(ctx.db, [from, into])
  for (;;) {
    const loser = ends.get(from) ?? from
    const winner = ends.get(into) ?? into
    if (loser === winner) throw mergeSame({})
    await lockPersons(ctx.db, [loser, winner])
    const again = await resolveAlias(ctx.db, [from, into])
    if (again.get(from) === loser && again.get(into) === winner) {
      const [a, b] = [await requirePerson(ctx, loser), await requirePerson(ctx, winner)]
      permitReview(ctx, a)
      permitReview(ctx, b)
      await writeJoin(ctx, { loser, winner, area: commonArea(a, b) || ctx.root, reason })
      ctx.audit({ verb: 'person.merge', thing: 'person', thingId: winner, area: b, ids: [loser, winner] })
      return { winner, loser }
    }
    ends = again
  }
}

export const mergePeople = defineAction({
  name: 'person.merge',
  input: MergePeople,
  output: MergedPeople,
  reach: 'all',
  run: async (ctx, { from, into, reason }) => {
    await requirePerson(ctx, from)
    await requirePerson(ctx, into)
    const { winner } = await join(ctx, from, into, reason)
    return { personId: winner, mergedFrom: await mergedInto(ctx.db, winner) }
  },
})

export const undoMerge = defineAction({
  name: 'person.undo_merge',
  input: UndoMerge,
  output: MergedPeople,
  reach: 'all',
  run: async (ctx, { id, reason }) => {
    const area = await requirePerson(ctx, id)
    permitReview(ctx, area)
    const before = (await resolveAlias(ctx.db, [id])).get(id) ?? id
    await lockPersons(ctx.db, [id, before])
    const target = await removeAlias(ctx.db, id)
    if (target === null) throw mergeNotThere({})
    const home = (await homesOf(ctx.db, [id])).get(id) ?? null
    countStock(ctx, 'stock_people', [{ from: null, to: home }])
    const mine = [id, ...(await mergedInto(ctx.db, id))]
    const root = (await resolveAlias(ctx.db, [target])).get(target) ?? target
    await settlePairs(ctx.db, mine, [root, ...(await mergedInto(ctx.db, root))], 'merged', 'open', ctx.now)
    const doors = await doorsOf(ctx.db, [id])
    await recountHouseholds(ctx.db, doors, ctx.now)
    tellChanged(ctx, { personIds: [id, root], householdIds: doors })
    ctx.emit('person.unmerged', { personId: id, from: root })
    ctx.audit({ verb: 'person.undo_merge', thing: 'person', thingId: id, area, ids: [id, root], detail: { reason } })
    return { personId: id, mergedFrom: mine.slice(1) }
  },
})

async function takeName(ctx: Ctx, row: ReviewRow): Promise<void> {
  const detail = await openDetail(ctx, row)
  const person = await findPerson(ctx.db, ctx.scope, row.person_id)
  if (!detail || !person) throw notFound({ thing: 'person' })
  const { name } = detail
  const { seal } = await ctx.keys.sealer(person.emergency_id, ctx.now)
  await replaceName(
    ctx.db,
    {
      personId: row.person_id,
      masked: maskName(name),
      sealed: seal({ table: 'person', row: row.person_id, column: 'name_sealed' }, name),
      nameHash: nameHash(ctx.keys, name),
      pinyinHash: ctx.keys.hash('pinyin', namePinyin(name)),
      initialsHash: ctx.keys.hash('initials', nameInitials(name)),
    },
    ctx.now,
  )
  tellChanged(ctx, { personIds: [row.person_id] })
}

/**
 * PEOPLE-17: the person lives where the other record was made. The home centre decides that about its own person; what lies
 * elsewhere it neither sees nor may decide about, so only the join itself is done there.
 */
async function followTo(ctx: Ctx, personId: string, guest: string): Promise<void> {
  const ends = await resolveAlias(ctx.db, [personId, guest])
  const [root, there] = [ends.get(personId) ?? personId, ends.get(guest) ?? guest]
  if (root === there) throw mergeSame({})
  await lockPersons(ctx.db, [root, there])
  permitReview(ctx, await requirePerson(ctx, root))
  const place = await placeOfGuest(ctx, there)
  await placePersons(ctx, [{ ...place, personId: root }])
  await writeJoin(ctx, { loser: there, winner: root, area: place.area, reason: 'moved' })
}

async function placeOfGuest(ctx: Ctx, id: string): Promise<Omit<Place, 'personId'>> {
  const [row] = await findSealed(ctx.db, [''], [id])
  const [at] = (await residencesOf(ctx.db, [id])).filter((r) => r.to_day === null)
  if (!row) throw notFound({ thing: 'person' })
  return {
    area: at?.area ?? row.home_area,
    householdId: at?.household_id ?? null,
    kind: z.enum(RESIDENCE_KINDS).parse(at?.kind ?? 'unknown'),
    address: await openAddress(ctx, row),
    source: at?.source ?? 'worker',
    placed: true,
    fromDay: at?.from_day ?? ctx.today,
  }
}

const STATES = {
  merge: 'merged',
  different: 'different',
  keep: 'kept',
  take: 'kept',
  moved: 'merged',
  stays: 'kept',
} as const

export const decide = defineAction({
  name: 'person.decide_review',
  input: DecideReview,
  output: DecidedReview,
  reach: 'all',
  run: async (ctx, { id, decision, keep }) => {
    const row = await lockReview(ctx.db, ctx.scope, id)
    if (!row) throw notFound({ thing: 'review' })
    permitReview(ctx, row.home_area)
    if (row.state !== 'open') throw reviewDecided({ state: row.state })
    const kind = z.enum(REVIEW_KINDS).parse(row.kind)
    if (!DECISIONS[kind].some((fit) => fit === decision)) throw decisionUnfit({ decision, kind })
    if (decision === 'merge' && row.other !== null) {
      const into = await keeper(ctx, row.person_id, row.other, keep)
      await join(ctx, into === row.other ? row.person_id : row.other, into, 'review')
    }
    if (decision === 'take') await takeName(ctx, row)
    if (decision === 'moved' && row.other !== null) await followTo(ctx, row.person_id, row.other)
    const state = STATES[decision]
    await decideReview(ctx.db, id, state, actorId(ctx), ctx.now)
    ctx.audit({
      verb: 'person.decide_review',
      thing: 'review',
      thingId: id,
      area: row.home_area,
      ids: [row.person_id, ...(row.other === null ? [] : [row.other])],
      detail: { decision },
    })
    return { id, state }
  },
})

/** The one asked for, else the one with a document, else the older id. */
async function keeper(ctx: Ctx, a: string, b: string, asked: string | undefined): Promise<string> {
  if (asked === a || asked === b) return asked
  const [x, y] = [await findPerson(ctx.db, ctx.scope, a), await findPerson(ctx.db, ctx.scope, b)]
  if (!x || !y) throw notFound({ thing: 'person' })
  if ((x.doc_kind === 'none') !== (y.doc_kind === 'none')) return x.doc_kind === 'none' ? b : a
  return a < b ? a : b
}
