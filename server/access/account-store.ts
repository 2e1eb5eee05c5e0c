import type { Role } from '@weiwang/domain/access/actor'
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import type { InsertObject, Selectable, UpdateObject } from 'kysely'
import type { Db } from '../core/db/connect.ts'
import { json } from '../core/db/json.ts'
import { inScope, within } from '../core/db/scope.ts'
import type { DB, Recovery, RoleProposal } from '../core/db/types.ts'
import { FIELD_ROLES } from '@weiwang/domain/access/roles'
import { knownRoles } from './login-store.ts'
import { paged } from './store.ts'
import type { Paged } from './store.ts'

export type AccountRow = {
  id: string
  name: string
  area: string
  areaName: string
  login: string | null
  phoneHash: Buffer | null
  phoneMasked: string | null
  roles: Role[]
  pendingRoles: Role[]
  state: string
  totp: boolean
  createdBy: string | null
  createdAt: Date
  version: number
  duties: number
}

const rolesOf = sql<string[]>`array(select role from account_role r where r.account_id = account.id order by role)`
const pendingOf = sql<
  string[]
>`array(select role from role_proposal p where p.account_id = account.id and p.state = 'proposed' order by role)`
const areaName = sql<string>`coalesce((select name from area where code = account.area and valid_to is null), account.area)`

function dutiesOn(day: Day): ReturnType<typeof sql<number>> {
  return sql<number>`(select count(*) from duty d where d.account_id = account.id and d.ended_at is null and d.from_day <= ${day} and (d.to_day is null or d.to_day >= ${day}))`
}

function selectAccount(db: Db, day: Day) {
  return db
    .selectFrom('account')
    .select([
      'account.id',
      'account.name',
      'account.area',
      'account.login',
      'account.phone_hash as phoneHash',
      'account.phone_masked as phoneMasked',
      'account.state',
      'account.totp',
      'account.created_by as createdBy',
      'account.created_at as createdAt',
      'account.version',
      rolesOf.as('roleNames'),
      pendingOf.as('pendingNames'),
      areaName.as('areaName'),
      dutiesOn(day).as('duties'),
    ])
}

type Raw = Omit<AccountRow, 'roles' | 'pendingRoles'> & { roleNames: string[]; pendingNames: string[] }

function toRow({ roleNames, pendingNames, ...row }: Raw): AccountRow {
  return { ...row, roles: knownRoles(roleNames), pendingRoles: knownRoles(pendingNames) }
}

export async function findAccount(
  db: Db,
  scope: readonly AreaCode[],
  id: string,
  day: Day,
): Promise<AccountRow | null> {
  const row = await selectAccount(db, day)
    .where('account.id', '=', id)
    .where(inScope('account.area', scope))
    .executeTakeFirst()
  return row ? toRow(row) : null
}

/** The row locked for a change; `selectAccount` counts beside it, so the lock is a statement of its own. */
export async function lockAccount(
  db: Db,
  scope: readonly AreaCode[],
  id: string,
  day: Day,
): Promise<AccountRow | null> {
  await db
    .selectFrom('account')
    .select('id')
    .where('id', '=', id)
    .where(inScope('account.area', scope))
    .forUpdate()
    .execute()
  return findAccount(db, scope, id, day)
}

export async function findByPhone(
  db: Db,
  scope: readonly AreaCode[],
  phoneHash: Buffer,
  day: Day,
): Promise<AccountRow | null> {
  const row = await selectAccount(db, day)
    .where('account.phone_hash', '=', phoneHash)
    .where('account.state', '<>', 'closed')
    .where(inScope('account.area', scope))
    .executeTakeFirst()
  return row ? toRow(row) : null
}

export type AccountFilter = {
  limit: number
  cursor?: string | undefined
  area?: AreaCode | undefined
  role?: string | undefined
  state?: string | undefined
  namePrefix?: string | undefined
  phoneHash?: Buffer | undefined
  duty?: 'none' | undefined
}

/** Highest code point: closes the range of names with the same beginning. */
const LAST = '\u{10FFFF}'

export async function listAccounts(
  db: Db,
  scope: readonly AreaCode[],
  filter: AccountFilter,
  day: Day,
): Promise<Paged<AccountRow>> {
  const conditions = [inScope('account.area', scope)]
  if (filter.area !== undefined) conditions.push(within('account.area', filter.area))
  if (filter.role !== undefined)
    conditions.push(
      sql<boolean>`exists (select from account_role r where r.account_id = account.id and r.role = ${filter.role})`,
    )
  if (filter.state !== undefined) conditions.push(sql<boolean>`account.state = ${filter.state}`)
  if (filter.duty === 'none')
    conditions.push(
      sql<boolean>`account.state in ('roster', 'active') and ${dutiesOn(day)} = 0 and exists (
        select from account_role r where r.account_id = account.id and r.role in (${sql.join([...FIELD_ROLES])}))`,
    )
  if (filter.phoneHash !== undefined) conditions.push(sql<boolean>`account.phone_hash = ${filter.phoneHash}`)
  if (filter.namePrefix !== undefined) {
    conditions.push(
      sql<boolean>`(account.name collate "C" >= ${filter.namePrefix} and account.name collate "C" < ${filter.namePrefix + LAST})`,
    )
  }
  const where = sql<boolean>`${sql.join(conditions, sql` and `)}`
  const { total } = await db
    .selectFrom('account')
    .select(sql<number>`count(*)`.as('total'))
    .where(where)
    .executeTakeFirstOrThrow()
  let query = selectAccount(db, day)
    .where(where)
    .orderBy('account.id', 'desc')
    .limit(filter.limit + 1)
  if (filter.cursor !== undefined) query = query.where('account.id', '<', filter.cursor)
  const rows = await query.execute()
  return paged(rows.map(toRow), filter.limit, total, (row) => row.id)
}

/** False when the phone or the login name belongs to somebody already, seen or not. */
export async function insertAccount(db: Db, row: InsertObject<DB, 'account'>): Promise<boolean> {
  const made = await db
    .insertInto('account')
    .values(row)
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst()
  return Number(made.numInsertedOrUpdatedRows ?? 0) === 1
}

export async function updateAccount(db: Db, id: string, set: UpdateObject<DB, 'account'>): Promise<void> {
  await db
    .updateTable('account')
    .set({ ...set, version: sql<number>`version + 1` })
    .where('id', '=', id)
    .execute()
}

export async function insertRole(
  db: Db,
  row: { accountId: string; role: Role; area: AreaCode; by: string | null; at: Date },
): Promise<boolean> {
  const made = await db
    .insertInto('account_role')
    .values({ account_id: row.accountId, role: row.role, area: row.area, granted_by: row.by, granted_at: row.at })
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst()
  return Number(made.numInsertedOrUpdatedRows ?? 0) === 1
}

export async function deleteRole(db: Db, accountId: string, role: Role): Promise<boolean> {
  const done = await db
    .deleteFrom('account_role')
    .where('account_id', '=', accountId)
    .where('role', '=', role)
    .executeTakeFirst()
  return Number(done.numDeletedRows) === 1
}

/** Roles lie where their account lies: they move with it. */
export async function moveRoles(db: Db, accountId: string, area: AreaCode): Promise<void> {
  const rows = await db.deleteFrom('account_role').where('account_id', '=', accountId).returningAll().execute()
  if (rows.length === 0) return
  await db
    .insertInto('account_role')
    .values(rows.map((row) => ({ ...row, area })))
    .execute()
}

// ---- Role proposals --------------------------------------------------------------------------------------------------------

export type ProposalRow = Selectable<RoleProposal>

/** False when the same role is already proposed. */
export async function insertProposal(db: Db, row: InsertObject<DB, 'role_proposal'>): Promise<boolean> {
  const made = await db
    .insertInto('role_proposal')
    .values(row)
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst()
  return Number(made.numInsertedOrUpdatedRows ?? 0) === 1
}

export async function lockProposal(db: Db, scope: readonly AreaCode[], id: string): Promise<ProposalRow | null> {
  const row = await db
    .selectFrom('role_proposal')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('role_proposal.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

export async function decideProposal(
  db: Db,
  id: string,
  set: { state: 'approved' | 'refused'; by: string | null; at: Date },
): Promise<void> {
  await db
    .updateTable('role_proposal')
    .set({ state: set.state, decided_by: set.by, decided_at: set.at })
    .where('id', '=', id)
    .execute()
}

export async function listProposals(
  db: Db,
  scope: readonly AreaCode[],
  page: { limit: number; cursor?: string | undefined },
): Promise<Paged<ProposalRow & { accountName: string }>> {
  const base = db
    .selectFrom('role_proposal')
    .innerJoin('account', 'account.id', 'role_proposal.account_id')
    .where('role_proposal.state', '=', 'proposed')
    .where(inScope('role_proposal.area', scope))
  const { total } = await base.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
  let query = base
    .selectAll('role_proposal')
    .select('account.name as accountName')
    .orderBy('role_proposal.id', 'desc')
    .limit(page.limit + 1)
  if (page.cursor !== undefined) query = query.where('role_proposal.id', '<', page.cursor)
  return paged(await query.execute(), page.limit, total, (row) => row.id)
}

// ---- Recoveries ---------------------------------------------------------------------------------------------------------------

export type RecoveryRow = Selectable<Recovery>

export async function lockRecovery(db: Db, scope: readonly AreaCode[], id: string): Promise<RecoveryRow | null> {
  const row = await db
    .selectFrom('recovery')
    .selectAll()
    .where('id', '=', id)
    .where(inScope('recovery.area', scope))
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** The first of two: what was asked stays asked, with his name. */
export async function confirmRecoveryRow(
  db: Db,
  id: string,
  by: { id: string | null; name: string; createdBy: string | null; at: Date },
): Promise<void> {
  await db
    .updateTable('recovery')
    .set({
      confirmed_by: by.id,
      confirmed_by_name: by.name,
      confirmed_by_created_by: by.createdBy,
      confirmed_at: by.at,
    })
    .where('id', '=', id)
    .execute()
}

export async function decideRecoveryRow(
  db: Db,
  id: string,
  set: { state: 'approved' | 'refused'; by: string | null; at: Date },
): Promise<void> {
  await db
    .updateTable('recovery')
    .set({ state: set.state, decided_by: set.by, decided_at: set.at })
    .where('id', '=', id)
    .execute()
}

export async function listRecoveries(
  db: Db,
  scope: readonly AreaCode[],
  page: { limit: number; cursor?: string | undefined; state: string },
): Promise<Paged<RecoveryRow & { accountName: string; roles: string[] }>> {
  const base = db
    .selectFrom('recovery')
    .innerJoin('account', 'account.id', 'recovery.account_id')
    .where('recovery.state', '=', page.state)
    .where(inScope('recovery.area', scope))
  const { total } = await base.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
  let query = base
    .selectAll('recovery')
    .select(['account.name as accountName', rolesOf.as('roles')])
    .orderBy('recovery.id', 'desc')
    .limit(page.limit + 1)
  if (page.cursor !== undefined) query = query.where('recovery.id', '<', page.cursor)
  return paged(await query.execute(), page.limit, total, (row) => row.id)
}

// ---- Areas by name, notices ---------------------------------------------------------------------------------------------------------

/** Areas inside the scope by code, name or alias: what a roster may call them. */
export async function areasCalled(
  db: Db,
  scope: readonly AreaCode[],
  texts: readonly string[],
): Promise<Map<string, AreaCode[]>> {
  const found = new Map<string, AreaCode[]>()
  if (texts.length === 0) return found
  const rows = await db
    .selectFrom('area')
    .select(['code', 'name'])
    .where('valid_to', 'is', null)
    .where(inScope('area.code', scope))
    .where((eb) => eb.or([eb('code', 'in', [...texts]), eb('name', 'in', [...texts])]))
    .execute()
  const aliases = await db
    .selectFrom('area_alias')
    .innerJoin('area', 'area.code', 'area_alias.code')
    .select(['area.code', 'area_alias.alias as name'])
    .where('area.valid_to', 'is', null)
    .where(inScope('area.code', scope))
    .where('area_alias.alias', 'in', [...texts])
    .execute()
  const put = (text: string, code: AreaCode): void => {
    const list = found.get(text) ?? []
    if (!list.includes(code)) found.set(text, [...list, code])
  }
  for (const row of [...rows, ...aliases]) {
    put(row.code, row.code)
    put(row.name, row.code)
  }
  return found
}

export type NewNotice = { accountId: string; id: string; kind: string; body: { zh: string; en: string }; at: Date }

/** For the account alone; the application role may write notices and never read them. */
export async function insertNotices(db: Db, notices: readonly NewNotice[]): Promise<void> {
  if (notices.length === 0) return
  await db
    .insertInto('notice')
    .values(notices.map((n) => ({ account_id: n.accountId, id: n.id, kind: n.kind, body: json(n.body), at: n.at })))
    .execute()
}

export type DeskAccount = { id: string; name: string; area: AreaCode; phone_sealed: Buffer | null }

/** Who sits at the desks of some areas, the nearest first and always in the same order; only who has a telephone, when asked. */
export async function desksAround(
  db: Db,
  areas: readonly AreaCode[],
  of: { limit: number; telephone?: boolean },
): Promise<DeskAccount[]> {
  if (areas.length === 0) return []
  const reached = of.telephone === true ? sql`a.phone_sealed is not null` : sql`true`
  const { rows } = await sql<DeskAccount>`
    select a.id, a.name, a.area, a.phone_sealed from account a
    where a.area = any(${areas}::text[]) and a.state = 'active' and ${reached}
      and exists (select from account_role r where r.account_id = a.id and r.role in ('operator', 'chief'))
    order by length(a.area) desc, a.id limit ${of.limit}`.execute(db)
  return rows
}
