/** What is read of forces. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { addDays, daysBetween } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import {
  BODIES,
  fitsHours,
  FORCE_KINDS,
  KIT,
  KIT_DAYS,
  ORG_KINDS,
  POST_KINDS,
  SKILLS,
} from '@weiwang/domain/teams/force'
import type {
  AttachmentView,
  EstateView,
  ForceOrg,
  ForcePerson,
  ForceSummary,
  HandoverView,
  HoursView,
  KitView,
  ListAttachments,
  ListEstates,
  ListForceOrgs,
  ListForcePeople,
  ListHandovers,
  ListHours,
  ListKit,
  ListNoKit,
  ListPosts,
  ListShifts,
  ListTurns,
  NoKitView,
  PostView,
  ShiftView,
  TurnView,
} from '@weiwang/domain/teams/force-api'
import { minuteOf, paperCode, paperText, screenCode, screenText } from '@weiwang/domain/teams/force-code'
import { badForceDays, forceEnded } from '@weiwang/domain/teams/force-problems'
import { AFTER_MIN, remarksOf, turnState } from '@weiwang/domain/teams/force-time'
import { z } from 'zod'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { areaNames } from '../people/store.ts'
import { forceAreas, forcePlace } from './force-place.ts'
import { countHealth, countNoKit, kitOf, listKit, listNoKit } from './force-store-health.ts'
import type { KitRow } from './force-store-health.ts'
import {
  awayOnDay,
  findPost,
  findShift,
  hoursOf,
  listHours,
  listPosts,
  listShifts,
  listTurns,
  peopleFor,
  turnsAhead,
  turnsOfShifts,
} from './force-store-posts.ts'
import type { TurnRow } from './force-store-posts.ts'
import { listAttachments, listEstates, listHandovers, listMembers, listOrgs, sumForces } from './force-store.ts'
import { readsHealth } from './force-may.ts'
import { groupBy } from './group.ts'

const Kind = z.enum(FORCE_KINDS)
const OrgKind = z.enum(ORG_KINDS)
const BodyWord = z.enum(BODIES)
const PostWord = z.enum(POST_KINDS)
const SkillWord = z.enum(SKILLS)
const KitWord = z.enum(KIT)
const ThingWord = z.enum(['task', 'service', 'dispute', 'turn'])
const MINUTE = 60_000
const MOST_DAYS = 366
const MOST_FREE = 50
const MOST_MINE = 50
/** Hours of one's own are of the last thirty days. */
const HOURS_DAYS = 30
/** An assignment that ends within so many days is in the list of those that end. */
const SOON_DAYS = 7
const COUNTY_DIGITS = 6

type Named = (code: AreaCode) => string
const namesFor = (ctx: Ctx, rows: readonly { area: AreaCode }[]): Promise<Named> =>
  areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
const orgView = (row: { org_id: string | null; org_name: string | null }) =>
  row.org_id === null ? null : { id: row.org_id, name: row.org_name ?? '' }

export async function readForcePeople(ctx: Ctx, args: ListForcePeople) {
  const place = await forcePlace(ctx, args)
  const page = await listMembers(
    ctx.db,
    { ...place, list: args.list, kind: args.kind, skill: args.skill, org: args.org },
    args,
  )
  const nameOf = await namesFor(ctx, page.rows)
  const items = page.rows.map((row): ForcePerson => ({
    id: row.id,
    accountId: row.account_id,
    name: row.account_name,
    area: row.area,
    areaName: nameOf(row.area),
    kind: Kind.catch('other').parse(row.kind),
    org: orgView(row),
    skills: row.skills.flatMap((skill) => SkillWord.safeParse(skill).data ?? []),
    hours: row.hours,
    state: row.state === 'confirmed' ? 'confirmed' : 'enrolled',
    enrolledBy: row.enrolled_by,
    confirmedBy: row.confirmed_by,
    version: row.version,
  }))
  return { items, next: page.next, total: page.total }
}

export async function readForceOrgs(ctx: Ctx, args: z.output<typeof ListForceOrgs>) {
  const page = await listOrgs(ctx.db, { areas: forceAreas(ctx, args.area), kind: args.kind }, args)
  const nameOf = await namesFor(ctx, page.rows)
  const items = page.rows.map((row): ForceOrg => ({
    id: row.id,
    area: row.area,
    areaName: nameOf(row.area),
    kind: OrgKind.catch('other').parse(row.kind),
    name: row.name,
    hasContact: row.contact_sealed !== null,
    people: row.people,
    estates: row.estates,
  }))
  return { items, next: page.next, total: page.total }
}

export async function readEstates(ctx: Ctx, args: z.output<typeof ListEstates>) {
  const page = await listEstates(ctx.db, { areas: forceAreas(ctx, args.area), org: args.org }, args)
  const nameOf = await namesFor(ctx, page.rows)
  const items = page.rows.map((row): EstateView => ({
    id: row.id,
    area: row.area,
    areaName: nameOf(row.area),
    org: orgView(row),
    name: row.name,
    dutyPhone: row.duty_phone,
    hasContact: row.contact_sealed !== null,
  }))
  return { items, next: page.next, total: page.total }
}

export async function readAttachments(ctx: Ctx, args: ListAttachments) {
  const place = await forcePlace(ctx, args)
  const filter = { ...place, list: args.list, body: args.body, today: ctx.today, soon: addDays(ctx.today, SOON_DAYS) }
  const page = await listAttachments(ctx.db, filter, args)
  const nameOf = await namesFor(ctx, page.rows)
  const items = page.rows.map((row): AttachmentView => ({
    id: row.id,
    accountId: row.account_id,
    name: row.account_name,
    area: row.area,
    areaName: nameOf(row.area),
    body: BodyWord.parse(row.body),
    bodyName: row.body_name,
    from: row.from_day,
    to: row.to_day,
    successor: row.successor_name,
    open: row.open,
  }))
  return { items, next: page.next, total: page.total }
}

export async function readHandovers(ctx: Ctx, args: z.output<typeof ListHandovers>) {
  const page = await listHandovers(ctx.db, forceAreas(ctx, args.area), ctx.now, args)
  const nameOf = await namesFor(ctx, page.rows)
  const items = page.rows.map((row): HandoverView => ({
    id: row.id,
    area: row.area,
    areaName: nameOf(row.area),
    from: row.account_name,
    to: row.to_name,
    thing: ThingWord.parse(row.thing),
    thingId: row.thing_id,
    at: row.at.toISOString(),
    settled: row.settled,
  }))
  return { items, next: page.next, total: page.total }
}

export async function readPosts(ctx: Ctx, args: z.output<typeof ListPosts>) {
  const page = await listPosts(ctx.db, { areas: forceAreas(ctx, args.area), kind: args.kind, now: ctx.now }, args)
  const nameOf = await namesFor(ctx, page.rows)
  const items = page.rows.map((row): PostView => ({
    id: row.id,
    area: row.area,
    areaName: nameOf(row.area),
    kind: PostWord.parse(row.kind),
    name: row.name,
    shifts: row.shifts,
  }))
  return { items, next: page.next, total: page.total }
}

/** FORCE-7: what the desk's screen shows for this minute. Who sees it can sign in with it, so it needs the right to file. */
export async function readPostCode(ctx: Ctx, args: { id: string }) {
  const post = await findPost(ctx.db, ctx.scope, args.id)
  if (!post) throw notFound({ thing: 'post' })
  permit(ctx, 'file', { kind: 'force', area: post.area })
  if (post.ended_at !== null) throw forceEnded({})
  const minute = minuteOf(ctx.now)
  const proof = ctx.keys.hash('post_code', screenText(post.id, minute)).toString('hex')
  return {
    code: screenCode(post.id, minute, proof),
    until: new Date((minute + 1) * MINUTE).toISOString(),
    post: post.name,
  }
}

export async function readPaperCode(ctx: Ctx, args: { id: string }) {
  const shift = await findShift(ctx.db, ctx.scope, args.id)
  if (!shift) throw notFound({ thing: 'shift' })
  permit(ctx, 'file', { kind: 'force', area: shift.area })
  if (shift.ended_at !== null) throw forceEnded({})
  const proof = ctx.keys.hash('post_code', paperText(shift.id)).toString('hex')
  return {
    code: paperCode(shift.id, proof),
    post: shift.post_name,
    startsAt: shift.starts_at.toISOString(),
    endsAt: shift.ends_at.toISOString(),
  }
}

/** Days asked for, both included; today when none are given. @throws badForceDays */
function spanOf(ctx: Ctx, args: { from?: string | undefined; to?: string | undefined }): { from: string; to: string } {
  const from = args.from ?? args.to ?? ctx.today
  const to = args.to ?? (args.from !== undefined && args.from > ctx.today ? args.from : ctx.today)
  if (from > to || daysBetween(from, to) >= MOST_DAYS) throw badForceDays({}, 'to')
  return { from, to }
}

function timesOf(row: TurnRow) {
  return { startsAt: row.starts_at, endsAt: row.ends_at, inAt: row.in_at, outAt: row.out_at }
}

const mini = (ctx: Ctx, row: TurnRow) => ({
  id: row.id,
  name: row.account_name,
  state: turnState(timesOf(row), ctx.now),
  ...remarksOf(timesOf(row)),
})

const wholeMinutes = (row: TurnRow): number =>
  row.in_at === null || row.out_at === null
    ? 0
    : Math.floor(row.out_at.getTime() / MINUTE) - Math.floor(row.in_at.getTime() / MINUTE)

export async function presentTurns(ctx: Ctx, rows: readonly TurnRow[]): Promise<TurnView[]> {
  const nameOf = await namesFor(ctx, rows)
  return rows.map((row) => ({
    ...mini(ctx, row),
    accountId: row.account_id,
    post: row.post_name,
    area: row.area,
    areaName: nameOf(row.area),
    day: row.day,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    inAt: row.in_at?.toISOString() ?? null,
    inHow: row.in_how,
    outAt: row.out_at?.toISOString() ?? null,
    outHow: row.out_how,
    mendedBy: row.mended_by,
    minutes: wholeMinutes(row),
  }))
}

export async function readShifts(ctx: Ctx, args: ListShifts) {
  const place = await forcePlace(ctx, args)
  const page = await listShifts(ctx.db, { ...place, ...spanOf(ctx, args), list: args.list, post: args.post }, args)
  const turns = groupBy(
    await turnsOfShifts(
      ctx.db,
      page.rows.map((row) => row.id),
    ),
    (turn) => turn.shift_id,
  )
  const nameOf = await namesFor(ctx, page.rows)
  const items = page.rows.map((row): ShiftView => {
    const there = turns.get(row.id) ?? []
    return {
      id: row.id,
      postId: row.post_id,
      post: row.post_name,
      kind: PostWord.parse(row.post_kind),
      area: row.area,
      areaName: nameOf(row.area),
      day: row.day,
      startsAt: row.starts_at.toISOString(),
      endsAt: row.ends_at.toISOString(),
      needed: row.needed,
      missing: Math.max(0, row.needed - there.length),
      turns: there.map((turn) => mini(ctx, turn)),
    }
  })
  return { items, next: page.next, total: page.total }
}

/** Who could stand there, the nearest first, with what speaks against the others. */
export async function readFree(ctx: Ctx, args: { id: string }) {
  const shift = await findShift(ctx.db, ctx.scope, args.id)
  if (!shift) throw notFound({ thing: 'shift' })
  permit(ctx, 'file', { kind: 'force', area: shift.area })
  const people = await peopleFor(ctx.db, shift, MOST_FREE)
  const away = await awayOnDay(
    ctx.db,
    people.map((one) => one.id),
    shift.day,
  )
  const nameOf = await namesFor(ctx, people)
  const items = people.map((one) => ({
    accountId: one.id,
    name: one.name,
    areaName: nameOf(one.area),
    why: one.busy
      ? ('busy' as const)
      : away.has(one.id)
        ? ('away' as const)
        : fitsHours(one.hours ?? [], shift.starts_at, shift.ends_at, ctx.zone)
          ? null
          : ('hours' as const),
  }))
  return { items: items.toSorted((a, b) => Number(a.why !== null) - Number(b.why !== null)) }
}

export async function readTurns(ctx: Ctx, args: ListTurns) {
  const place = await forcePlace(ctx, args)
  const filter = {
    ...place,
    ...spanOf(ctx, args),
    list: args.list,
    account: args.account,
    now: ctx.now,
    closed: new Date(ctx.now.getTime() - AFTER_MIN * MINUTE),
  }
  const page = await listTurns(ctx.db, filter, args)
  return { items: await presentTurns(ctx, page.rows), next: page.next, total: page.total }
}

/** My own turns, whatever my areas are. */
export async function readMyTurns(ctx: Ctx) {
  const from = new Date(ctx.now.getTime() - 24 * 60 * MINUTE)
  return { items: await presentTurns(ctx, await turnsAhead(ctx.db, ctx.actor.id, from, MOST_MINE)) }
}

export async function readHours(ctx: Ctx, args: z.output<typeof ListHours>) {
  const page = await listHours(ctx.db, { areas: forceAreas(ctx, args.area), ...spanOf(ctx, args) }, args)
  const items = page.rows.map((row): HoursView => ({
    accountId: row.account_id,
    name: row.name,
    turns: row.turns,
    minutes: row.minutes,
  }))
  return { items, next: page.next, total: page.total }
}

/** FORCE-8, FORCE-9: about the caller alone. */
export async function readMyForce(ctx: Ctx) {
  const span = { from: addDays(ctx.today, 1 - HOURS_DAYS), to: ctx.today }
  const kit = await kitOf(ctx.db, ctx.actor.id, MOST_MINE)
  return { kit: kit.map(presentKit), hours: { ...span, ...(await hoursOf(ctx.db, ctx.actor.id, span)) } }
}

function presentKit(row: KitRow): KitView {
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.account_name,
    item: KitWord.parse(row.item),
    n: row.n,
    day: row.day,
    by: row.by_name,
  }
}

export async function readKit(ctx: Ctx, args: z.output<typeof ListKit>) {
  const page = await listKit(ctx.db, { areas: forceAreas(ctx, args.area), account: args.account }, args)
  return { items: page.rows.map(presentKit), next: page.next, total: page.total }
}

export async function readNoKit(ctx: Ctx, args: z.output<typeof ListNoKit>) {
  const areas = forceAreas(ctx, args.area)
  const page = await listNoKit(ctx.db, { areas, today: ctx.today, since: addDays(ctx.today, -KIT_DAYS) }, args)
  const nameOf = await namesFor(ctx, page.rows)
  const items = page.rows.map((row): NoKitView => ({
    accountId: row.id,
    name: row.name,
    areaName: nameOf(row.area),
    doors: row.doors,
    missing: row.missing.flatMap((item) => KitWord.safeParse(item).data ?? []),
  }))
  return { items, next: page.next, total: page.total }
}

export async function readForces(ctx: Ctx, args: { area?: AreaCode | undefined }): Promise<ForceSummary> {
  const areas = forceAreas(ctx, args.area)
  const sums = await sumForces(ctx.db, areas, ctx.today, addDays(ctx.today, SOON_DAYS))
  const wide = areas.length > 0 && areas.every((area) => area.length <= COUNTY_DIGITS)
  return {
    people: FORCE_KINDS.map((kind) => {
      const of = sums.people.find((one) => one.kind === kind)
      return { kind, enrolled: of?.enrolled ?? 0, confirmed: of?.confirmed ?? 0 }
    }),
    attached: BODIES.map((body) => {
      const of = sums.attached.find((one) => one.body === body)
      return { body, now: of?.now ?? 0, ending: of?.ending ?? 0 }
    }),
    orgs: sums.orgs,
    estates: sums.estates,
    posts: sums.posts,
    gaps: sums.gaps,
    handovers: sums.handovers,
    noKit: await countNoKit(ctx.db, areas, ctx.today, addDays(ctx.today, -KIT_DAYS)),
    health: wide ? await countHealth(ctx.db, areas, ctx.today) : null,
    mayReadHealth: readsHealth(ctx).counties.length > 0,
  }
}
