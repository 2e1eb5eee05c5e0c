import { noOpenEmergency } from '@weiwang/domain/access/problems'
import { isAreaCode, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { sql } from 'kysely'
import type { InsertObject, Selectable, UpdateObject } from 'kysely'
import type { Ctx } from '../core/ctx.ts'
import type { Db } from '../core/db/connect.ts'
import { inScope } from '../core/db/scope.ts'
import type { Campaign, DB, Emergency } from '../core/db/types.ts'

/** Emergencies and campaigns: what other rooms ask of this one before they write or ask anything personal. */

export type EmergencyRow = Selectable<Emergency>
export type CampaignRow = Selectable<Campaign>

/** The area itself and everything around it; the empty code of the system stands for the deployment's root. */
function around(area: AreaCode, root: AreaCode): AreaCode[] {
  return isAreaCode(area) ? pathOf(area) : pathOf(root)
}

/**
 * EMERGENCY-1: the emergency open today for an area (the actor's own unless told), the nearest one when a centre below has
 * its own. Every write of anything personal asks first.
 * @throws noOpenEmergency
 */
export async function requireOpenEmergency(ctx: Ctx, area: AreaCode = ctx.actor.area): Promise<{ id: string }> {
  const found = await findOpenEmergency(ctx, area)
  if (!found) throw noOpenEmergency({})
  return { id: found.id }
}

export async function findOpenEmergency(ctx: Ctx, area: AreaCode = ctx.actor.area): Promise<EmergencyRow | null> {
  const row = await ctx.db
    .selectFrom('emergency')
    .selectAll()
    .where('state', '=', 'open')
    .where('area', 'in', around(area, ctx.root))
    .where('starts', '<=', ctx.today)
    .where((eb) => eb.or([eb('ends', 'is', null), eb('ends', '>=', ctx.today)]))
    .orderBy(sql`length(area)`, 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** Whether anything personal may be collected anywhere in this deployment (EMERGENCY-1). */
export async function anyOpenEmergency(ctx: Ctx): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('emergency')
    .select('id')
    .where('state', '=', 'open')
    .where('starts', '<=', ctx.today)
    .where((eb) => eb.or([eb('ends', 'is', null), eb('ends', '>=', ctx.today)]))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** A campaign in force today (CAMPAIGN-1), for the rooms that ask its questions. */
export async function findCampaignInForce(ctx: Ctx, id: string): Promise<CampaignRow | null> {
  const row = await ctx.db
    .selectFrom('campaign')
    .innerJoin('emergency', 'emergency.id', 'campaign.emergency_id')
    .selectAll('campaign')
    .where('campaign.id', '=', id)
    .where('campaign.state', '=', 'open')
    .where('campaign.starts', '<=', ctx.today)
    .where('campaign.ends', '>=', ctx.today)
    .where('emergency.state', '=', 'open')
    .executeTakeFirst()
  return row ?? null
}

/** Readable here: inside the scope, or ordered by a centre around it. Never sideways. */
function hereOrAbove(column: string, scope: readonly AreaCode[]): ReturnType<typeof inScope> {
  const above = [...new Set(scope.flatMap((area) => (isAreaCode(area) ? pathOf(area) : [])))]
  if (above.length === 0) return inScope(column, scope)
  return sql<boolean>`(${inScope(column, scope)} or ${sql.ref(column)} in (${sql.join(above)}))`
}

export async function findEmergency(db: Db, scope: readonly AreaCode[], id: string): Promise<EmergencyRow | null> {
  const row = await db
    .selectFrom('emergency')
    .selectAll()
    .where('id', '=', id)
    .where(hereOrAbove('emergency.area', scope))
    .executeTakeFirst()
  return row ?? null
}

/** For deciding on it: the row locked, in scope only. */
export async function lockEmergency(db: Db, scope: readonly AreaCode[], id: string): Promise<EmergencyRow | null> {
  const row = await db
    .selectFrom('emergency')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('emergency.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export type Paged<T> = { rows: T[]; next: string | null; total: number }

export async function listEmergencies(
  db: Db,
  scope: readonly AreaCode[],
  page: { limit: number; cursor?: string | undefined; state?: string | undefined },
): Promise<Paged<EmergencyRow>> {
  const all = db.selectFrom('emergency').where(hereOrAbove('emergency.area', scope))
  const base = page.state === undefined ? all : all.where('state', '=', page.state)
  const { total } = await base.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
  let query = base
    .selectAll()
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.cursor !== undefined) query = query.where('id', '<', page.cursor)
  return paged(await query.execute(), page.limit, total, (row) => row.id)
}

/** Cuts a page from one row more than asked for. */
export function paged<T>(rows: T[], limit: number, total: number, cursor: (row: T) => string): Paged<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { rows: items, next: rows.length > limit && last !== undefined ? cursor(last) : null, total }
}

/** Open emergencies that this area lies in, or that lie inside it (EMERGENCY-3). */
export async function openAround(db: Db, area: AreaCode): Promise<EmergencyRow[]> {
  return db
    .selectFrom('emergency')
    .selectAll()
    .where('state', '=', 'open')
    .where(hereOrAbove('emergency.area', [area]))
    .execute()
}

export async function insertEmergency(db: Db, row: InsertObject<DB, 'emergency'>): Promise<void> {
  await db.insertInto('emergency').values(row).execute()
}

export async function updateEmergency(db: Db, id: string, set: UpdateObject<DB, 'emergency'>): Promise<void> {
  await db
    .updateTable('emergency')
    .set({ ...set, version: sql<number>`version + 1` })
    .where('id', '=', id)
    .execute()
}

export async function findCampaign(db: Db, scope: readonly AreaCode[], id: string): Promise<CampaignRow | null> {
  const row = await db
    .selectFrom('campaign')
    .selectAll()
    .where('id', '=', id)
    .where(hereOrAbove('campaign.area', scope))
    .executeTakeFirst()
  return row ?? null
}

export async function lockCampaign(db: Db, scope: readonly AreaCode[], id: string): Promise<CampaignRow | null> {
  const row = await db
    .selectFrom('campaign')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('campaign.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function listCampaigns(
  db: Db,
  scope: readonly AreaCode[],
  filter: {
    limit: number
    cursor?: string | undefined
    state?: string | undefined
    drafted?: boolean | undefined
  },
): Promise<Paged<CampaignRow>> {
  let base = db.selectFrom('campaign').where(hereOrAbove('campaign.area', scope))
  if (filter.state !== undefined) base = base.where('state', '=', filter.state)
  if (filter.drafted === true) base = base.where('created_by', 'is not', null)
  const { total } = await base.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
  let query = base
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
  if (filter.cursor !== undefined) query = query.where('id', '<', filter.cursor)
  return paged(await query.execute(), filter.limit, total, (row) => row.id)
}

/** A campaign that comes with the program (welfare checks), made at first use; a second maker finds it. */
export async function ensureCampaign(db: Db, row: InsertObject<DB, 'campaign'>): Promise<void> {
  await db
    .insertInto('campaign')
    .values(row)
    .onConflict((oc) => oc.column('id').doNothing())
    .execute()
}

export async function insertCampaign(db: Db, row: InsertObject<DB, 'campaign'>): Promise<void> {
  await db.insertInto('campaign').values(row).execute()
}

export async function updateCampaign(db: Db, id: string, set: UpdateObject<DB, 'campaign'>): Promise<void> {
  await db
    .updateTable('campaign')
    .set({ ...set, version: sql<number>`version + 1` })
    .where('id', '=', id)
    .execute()
}

/** Campaigns that end with their emergency. */
export async function endCampaignsOf(db: Db, emergencyId: string, at: Date): Promise<{ id: string; area: string }[]> {
  return db
    .updateTable('campaign')
    .set({ state: 'ended', ended_at: at, version: sql<number>`version + 1` })
    .where('emergency_id', '=', emergencyId)
    .where('state', '<>', 'ended')
    .returning(['id', 'area'])
    .execute()
}

/** Names of areas as they are called today, ended ones by their last name; an unknown code keeps its number. */
export async function areaNames(db: Db, codes: readonly AreaCode[]): Promise<Map<string, string>> {
  const wanted = [...new Set(codes)].filter((code) => code !== '')
  if (wanted.length === 0) return new Map()
  const rows = await db
    .selectFrom('area')
    .select(['code', 'name'])
    .distinctOn('code')
    .where('code', 'in', wanted)
    .orderBy('code')
    .orderBy(sql`valid_to is null`, 'desc')
    .orderBy('valid_from', 'desc')
    .execute()
  return new Map(rows.map((row) => [row.code, row.name]))
}

export async function areaExists(db: Db, code: AreaCode): Promise<boolean> {
  const row = await db
    .selectFrom('area')
    .select('code')
    .where('code', '=', code)
    .where('valid_to', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** Open emergencies whose ordered last day is over, locked for their end. */
export async function lapsedEmergencies(db: Db, today: string): Promise<EmergencyRow[]> {
  return db
    .selectFrom('emergency')
    .selectAll()
    .where('state', '=', 'open')
    .where('ends', '<', today)
    .forUpdate()
    .skipLocked()
    .execute()
}

export async function runningCloseOuts(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('close_out').select('emergency_id').where('state', '=', 'running').execute()
  return rows.map((row) => row.emergency_id)
}
