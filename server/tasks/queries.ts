import { contains, isAreaCode } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Organised } from '@weiwang/domain/areas/api'
import { daysBetween } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import type { ListEntries, ListTasks, ListTransfers, TaskDetail } from '@weiwang/domain/tasks/api'
import { availableActions } from '@weiwang/domain/tasks/decide'
import { badSpan } from '@weiwang/domain/tasks/problems'
import { z } from 'zod'
import { areaNames } from '../access/store.ts'
import { foldFor } from '../areas/fold.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { whenOf } from './actions.ts'
import { presentEntries, presentTasks, presentTransfers } from './present.ts'
import { accountNames, lineOf } from '../access/names.ts'
import { answersBefore, campaignOf, findTask, history, ownersOf, visitsOfTask } from './store.ts'
import type { Owner } from './store.ts'
import { listEntries, listTasks, listTransfers } from './store-lists.ts'
import type { Where } from './store-lists.ts'

const MOST_DAYS = 366

/** The areas a read covers: the one asked for, when it lies in the scope; otherwise the whole scope. @throws notFound */
export function areasOf(ctx: Ctx, area: AreaCode | undefined): AreaCode[] {
  if (area === undefined) return ctx.scope.map((one) => (one === '' ? ctx.root : one))
  if (!ctx.scope.some((one) => contains(one, area))) throw notFound({ thing: 'area' })
  return [area]
}

/** STAT-4: days asked for, both included; today when none are given. @throws badSpan */
export function spanOf(
  ctx: Ctx,
  args: { from?: string | undefined; to?: string | undefined },
): { from: string; to: string } {
  const from = args.from ?? args.to ?? ctx.today
  const to = args.to ?? (args.from !== undefined && args.from > ctx.today ? args.from : ctx.today)
  if (from > to || daysBetween(from, to) >= MOST_DAYS) throw badSpan({ from, to, most: MOST_DAYS })
  return { from, to }
}

export type AskPlace = {
  area?: AreaCode | undefined
  own?: boolean | undefined
  organised?: Organised | undefined
}

/**
 * Where a list looks. `own` names one area exactly, so it needs one. As organised now or on a day it takes in what other codes
 * left behind, by the same rule as the figure that opens it (STAT-11).
 */
export async function placeOf(ctx: Ctx, args: AskPlace): Promise<Where> {
  const areas = areasOf(ctx, args.area)
  const own = args.own === true && areas.length === 1
  return { areas, own, ...(await foldFor(ctx, args, own)) }
}

/** Reading is a right on a kind of thing, asked for each area that will be read. */
export function permitRead(
  ctx: Ctx,
  verb: 'read' | 'export',
  kind: 'task' | 'visit' | 'stats' | 'push',
  areas: readonly AreaCode[],
): void {
  for (const area of areas) permit(ctx, verb, { kind, area })
}

export async function readTasks(ctx: Ctx, args: ListTasks) {
  const place = await placeOf(ctx, args)
  permitRead(ctx, 'read', 'task', place.areas)
  const filter = {
    ...place,
    now: ctx.now,
    ...spanOf(ctx, args),
    list: args.list,
    grade: args.grade,
    campaignId: args.campaignId,
    disposition: args.disposition,
    assignee: args.assignee,
    reference: args.reference,
    updatedSince: args.updatedSince === undefined ? undefined : new Date(args.updatedSince),
  }
  const page = await listTasks(ctx.db, filter, args)
  return { items: await presentTasks(ctx, page.rows), next: page.next, total: page.total, asOf: ctx.now.toISOString() }
}

const Reasons = z.array(
  z.object({
    rule: z.string(),
    say: z.object({ zh: z.string(), en: z.string() }),
    until: z.string().nullable().catch(null),
  }),
)

const At = z.object({ area: z.string() })

/** The areas that lines of a history speak of: where the task lay, from where to where it went, who above was told. */
function placesIn(lines: readonly { area: string; body: unknown }[]): AreaCode[] {
  const found = lines.flatMap(({ area, body }) => {
    const said = z.record(z.string(), z.unknown()).catch({}).parse(body)
    const nested = [said['movedFrom'], said['successor']].map((one) => At.safeParse(one).data?.area)
    return [area, said['from'], said['to'], said['area'], ...nested]
  })
  return [...new Set(found.flatMap((one) => (typeof one === 'string' && isAreaCode(one) ? [one] : [])))]
}

export async function readTask(ctx: Ctx, id: string): Promise<TaskDetail> {
  const loaded = await findTask(ctx.db, ctx.scope, id)
  if (!loaded) throw notFound({ thing: 'task' })
  const { row, state } = loaded
  permit(ctx, 'read', { kind: 'task', area: row.area })
  const campaign = await campaignOf(ctx.db, row.campaign_id)
  const lines = await history(ctx.db, row.county, row.id)
  const people = await accountNames(
    ctx.db,
    lines.map((line) => line.by),
  )
  const earlier = row.person_id === null ? [] : await answersBefore(ctx.db, row.person_id, row.campaign_id, row.id)
  const names = await areaNames(
    ctx.db,
    earlier.map((one) => one.area),
  )
  const places = await areaNames(ctx.db, placesIn(lines))
  const [card] = await presentTasks(ctx, [row])
  if (!card) throw notFound({ thing: 'task' })
  return {
    ...card,
    root: row.root,
    reasons: Reasons.catch([]).parse(row.reasons),
    sources: row.sources,
    channels: state.channels,
    bounces: state.bounces,
    campaign: {
      id: campaign.id,
      name: campaign.name,
      purpose: campaign.purpose,
      basis: campaign.basis,
      script: campaign.script,
      questions: campaign.questions,
      ends: campaign.ends,
    },
    history: lines.map((line) => ({
      ...lineOf(line, people),
      area: line.area,
      body: z.record(z.string(), z.unknown()).catch({}).parse(line.body),
    })),
    places: Object.fromEntries(places),
    actions: availableActions(state, ctx.actor, await whenOf(ctx, row.campaign_id)),
    earlier: earlier.flatMap((one) =>
      one.answered_at === null
        ? []
        : [
            {
              taskId: one.id,
              disposition: one.disposition ?? '',
              answeredAt: one.answered_at.toISOString(),
              areaName: names.get(one.area) ?? one.area,
            },
          ],
    ),
    visits: await visitsOfTask(ctx.db, row.county, row.id),
  }
}

export async function readOwners(ctx: Ctx, id: string): Promise<{ items: Owner[] }> {
  const loaded = await findTask(ctx.db, ctx.scope, id)
  if (!loaded) throw notFound({ thing: 'task' })
  permit(ctx, 'bulk', { kind: 'task', area: loaded.row.area })
  return { items: await ownersOf(ctx.db, loaded.row.area, ctx.today) }
}

export async function readEntries(ctx: Ctx, args: ListEntries) {
  const place = await placeOf(ctx, args)
  permitRead(ctx, 'read', 'task', place.areas)
  const page = await listEntries(
    ctx.db,
    {
      ...place,
      ...spanOf(ctx, args),
      pushId: args.pushId,
      grade: args.grade,
      outcome: args.outcome,
    },
    args,
  )
  return { items: await presentEntries(ctx, page.rows), next: page.next, total: page.total }
}

export async function readTransfers(ctx: Ctx, args: ListTransfers) {
  const place = await placeOf(ctx, args)
  permitRead(ctx, 'read', 'task', place.areas)
  const page = await listTransfers(ctx.db, { ...place, ...spanOf(ctx, args), direction: args.direction }, args)
  return { items: await presentTransfers(ctx, page.rows), next: page.next, total: page.total }
}
