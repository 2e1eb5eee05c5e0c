import { ROLES } from '@weiwang/domain/access/actor'
import type { Role } from '@weiwang/domain/access/actor'
import type { SessionLevel } from '@weiwang/domain/access/login'
import type { Day } from '@weiwang/domain/core/day'
import { sql } from 'kysely'
import { kept } from '../core/db/connect.ts'
import type { Db } from '../core/db/connect.ts'
import { LOOK_UPS, togetherAt } from '../core/together.ts'
import { paged } from './store.ts'
import type { Paged } from './store.ts'

/** What log-in needs of the database. All of it runs under the jobs role: nobody is somebody yet. */

const KNOWN = new Set<string>(ROLES)

/** Roles of a newer version are left out, so that one new role never stops an older program (case 19). */
export function knownRoles(names: readonly string[]): Role[] {
  return names.filter((name): name is Role => KNOWN.has(name))
}

export type Login = {
  id: string
  name: string
  area: string
  state: string
  lang: 'zh' | 'en'
  totp: boolean
  createdBy: string | null
  roles: Role[]
  passwordHash: string | null
}

type LoginRow = {
  id: string
  name: string
  area: string
  state: string
  lang: string
  totp: boolean
  created_by: string | null
  roles: string[]
  password_hash: string | null
}

function toLogin(row: LoginRow): Login {
  return {
    id: row.id,
    name: row.name,
    area: row.area,
    state: row.state,
    lang: row.lang === 'en' ? 'en' : 'zh',
    totp: row.totp,
    createdBy: row.created_by,
    roles: knownRoles(row.roles),
    passwordHash: row.password_hash,
  }
}

const LOGIN_COLUMNS = sql`a.id, a.name, a.area, a.state, a.lang, a.totp, a.created_by, s.password_hash,
  array(select role from account_role r where r.account_id = a.id order by role) as roles`

/** By the hash of a phone number, or by login name: one query for both, so that neither is slower. */
export async function findLogin(db: Db, by: { phoneHash: Buffer; login: string }): Promise<Login | null> {
  const { rows } =
    await sql<LoginRow>`select ${LOGIN_COLUMNS} from account a left join account_secret s on s.account_id = a.id
    where (a.phone_hash = ${by.phoneHash} or a.login = ${by.login}) and a.state <> 'closed' limit 1`.execute(db)
  return rows[0] ? toLogin(rows[0]) : null
}

export async function loginById(db: Db, id: string): Promise<Login | null> {
  const { rows } =
    await sql<LoginRow>`select ${LOGIN_COLUMNS} from account a left join account_secret s on s.account_id = a.id where a.id = ${id}`.execute(
      db,
    )
  return rows[0] ? toLogin(rows[0]) : null
}

// ---- Sessions -------------------------------------------------------------------------------------------------------------

export type SessionRow = {
  sessionId: string
  level: string
  lastSeenAt: Date
  account: Omit<Login, 'passwordHash'>
  duties: string[]
}

type Token = { hash: Buffer; now: Date; today: Day }
type FoundSession = Omit<LoginRow, 'password_hash'> & {
  session_id: string
  level: string
  last_seen_at: Date
  duties: string[]
}

/** Every request asks who it is from: those of one moment ask together, each by its own token and its own now. */
const sessionsOf = togetherAt(async (db: Db, all: readonly Token[]): Promise<{ row: FoundSession | null }[]> => {
  const { rows } = await sql<FoundSession & { i: number }>`
    select w.i::int as i, t.id as session_id, t.level, t.last_seen_at, a.id, a.name, a.area, a.state, a.lang, a.totp, a.created_by,
      array(select role from account_role r where r.account_id = a.id order by role) as roles,
      array(select d.area from duty d where d.account_id = a.id and d.ended_at is null and d.from_day <= w.today
            and (d.to_day is null or d.to_day >= w.today)) as duties
    from unnest(${all.map(({ hash }) => hash)}::bytea[], ${all.map(({ now }) => now)}::timestamptz[],
      ${all.map(({ today }) => today)}::date[]) with ordinality w (hash, now, today, i)
    join session t on t.token_hash = w.hash join account a on a.id = t.account_id
    where t.ended_at is null and t.expires_at > w.now and a.state = 'active' and t.created_at >= a.sessions_from ${kept}`.execute(
    db,
  )
  const found = new Map(rows.map((row) => [row.i, row]))
  return all.map((_, i) => ({ row: found.get(i + 1) ?? null }))
}, LOOK_UPS)

/** A live session with its account and the areas of the duties valid on `today`. */
export async function findSession(db: Db, hash: Buffer, now: Date, today: Day): Promise<SessionRow | null> {
  const { row } = await sessionsOf(db, { hash, now, today })
  if (!row) return null
  const { passwordHash: _, ...account } = toLogin({ ...row, password_hash: null })
  return { sessionId: row.session_id, level: row.level, lastSeenAt: row.last_seen_at, account, duties: row.duties }
}

export async function touchSession(db: Db, id: string, now: Date): Promise<void> {
  await db.updateTable('session').set({ last_seen_at: now }).where('id', '=', id).execute()
}

export type NewSession = {
  id: string
  tokenHash: Buffer
  accountId: string
  level: SessionLevel
  device: { id: string; name: string } | null
  agent: string
  now: Date
  expiresAt: Date
}

export async function insertSession(db: Db, s: NewSession): Promise<void> {
  if (s.device) {
    await db
      .insertInto('device')
      .values({ id: s.device.id, account_id: s.accountId, name: s.device.name, created_at: s.now, last_seen_at: s.now })
      .execute()
  }
  await db
    .insertInto('session')
    .values({
      id: s.id,
      token_hash: s.tokenHash,
      account_id: s.accountId,
      device_id: s.device?.id ?? null,
      level: s.level,
      created_at: s.now,
      last_seen_at: s.now,
      expires_at: s.expiresAt,
      agent: s.agent.slice(0, 200),
    })
    .execute()
}

export async function endSession(db: Db, accountId: string, id: string, now: Date): Promise<number> {
  const done = await db
    .updateTable('session')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return Number(done.numUpdatedRows)
}

export async function endSessions(db: Db, accountId: string, now: Date, except: string | null): Promise<number> {
  let query = db
    .updateTable('session')
    .set({ ended_at: now })
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
  if (except !== null) query = query.where('id', '<>', except)
  const done = await query.executeTakeFirst()
  return Number(done.numUpdatedRows)
}

/** ACCESS-17, EX-12: the clock of an exercise has jumped; nobody's session was used up by that. */
export async function postponeSessions(db: Db, ms: number): Promise<void> {
  await sql`update session set expires_at = expires_at + ${ms} * interval '1 millisecond' where ended_at is null`.execute(
    db,
  )
}

export type ShownSession = {
  id: string
  device: string
  agent: string
  created_at: Date
  last_seen_at: Date
  expires_at: Date
}

/** Live sessions of one account, newest first. */
export async function listSessions(
  db: Db,
  accountId: string,
  now: Date,
  page: { limit: number; cursor?: string | undefined },
): Promise<Paged<ShownSession>> {
  const base = db
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account_id')
    .leftJoin('device', 'device.id', 'session.device_id')
    .where('session.account_id', '=', accountId)
    .where('session.ended_at', 'is', null)
    .where('session.level', '=', 'full')
    .where('session.expires_at', '>', now)
    .whereRef('session.created_at', '>=', 'account.sessions_from')
  const { total } = await base.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
  let query = base
    .select([
      'session.id',
      'session.agent',
      'session.created_at',
      'session.last_seen_at',
      'session.expires_at',
      sql<string>`coalesce(device.name, '')`.as('device'),
    ])
    .orderBy('session.id', 'desc')
    .limit(page.limit + 1)
  if (page.cursor !== undefined) query = query.where('session.id', '<', page.cursor)
  return paged(await query.execute(), page.limit, total, (row) => row.id)
}

// ---- Tries ------------------------------------------------------------------------------------------------------------------

/** Takes turns on these subjects until the transaction ends, so that tries at the same moment count each other. */
export async function lockSubjects(db: Db, subjects: readonly Buffer[]): Promise<void> {
  const keys = subjects.map((s) => s.readBigInt64BE(0).toString()).toSorted()
  for (const key of keys) await sql`select pg_advisory_xact_lock(${key}::bigint)`.execute(db)
}

/** Failures since `since` and, where a success resets them, since the last success. */
export async function failuresOf(
  db: Db,
  subject: Buffer,
  since: Date,
  resets: boolean,
): Promise<{ count: number; last: Date | null }> {
  const { rows } = await sql<{ count: number; last: Date | null }>`
    select count(*) as count, max(at) as last from login_try t where subject_hash = ${subject} and not ok and at >= ${since}
      and (not ${resets}::boolean or at > coalesce((select max(at) from login_try o where o.subject_hash = ${subject} and o.ok and o.at >= ${since}), '-infinity'))`.execute(
    db,
  )
  return rows[0] ?? { count: 0, last: null }
}

export async function insertTries(db: Db, subjects: readonly Buffer[], id: string, at: Date): Promise<void> {
  await db
    .insertInto('login_try')
    .values(subjects.map((subject_hash) => ({ subject_hash, at, id, ok: false })))
    .execute()
}

export async function markTryOk(db: Db, subjects: readonly Buffer[], id: string, at: Date): Promise<void> {
  await db
    .updateTable('login_try')
    .set({ ok: true })
    .where('subject_hash', 'in', [...subjects])
    .where('at', '=', at)
    .where('id', '=', id)
    .execute()
}

// ---- One-time codes ------------------------------------------------------------------------------------------------------------

export type NewCode = {
  id: string
  target: Buffer
  purpose: 'login' | 'activate' | 'resident' | 'hand_over'
  hash: Buffer
  sealed: Buffer | null
  now: Date
  expiresAt: Date
}

export async function insertCode(db: Db, c: NewCode): Promise<void> {
  await db
    .insertInto('one_time_code')
    .values({
      id: c.id,
      target_hash: c.target,
      purpose: c.purpose,
      code_hash: c.hash,
      sealed: c.sealed,
      created_at: c.now,
      expires_at: c.expiresAt,
    })
    .execute()
}

export async function countCodes(db: Db, target: Buffer, since: Date): Promise<number> {
  const row = await db
    .selectFrom('one_time_code')
    .select(sql<number>`count(*)`.as('n'))
    .where('target_hash', '=', target)
    .where('created_at', '>', since)
    .executeTakeFirstOrThrow()
  return row.n
}

/** The newest code of a target that may still be used, locked. An older one ends when a newer is asked for. */
export async function lockCode(
  db: Db,
  target: Buffer,
  purpose: string,
  now: Date,
  maxTries: number,
): Promise<{ id: string; hash: Buffer } | null> {
  const row = await db
    .selectFrom('one_time_code')
    .select(['id', 'code_hash', 'tries', 'used_at', 'expires_at'])
    .where('target_hash', '=', target)
    .where('purpose', '=', purpose)
    .orderBy('created_at', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()
  if (!row || row.used_at !== null || row.expires_at <= now || row.tries >= maxTries) return null
  return { id: row.id, hash: row.code_hash }
}

export async function countWrongCode(db: Db, id: string): Promise<void> {
  await db
    .updateTable('one_time_code')
    .set({ tries: sql<number>`tries + 1` })
    .where('id', '=', id)
    .execute()
}

export async function useCode(db: Db, id: string, now: Date): Promise<void> {
  await db.updateTable('one_time_code').set({ used_at: now, sealed: null }).where('id', '=', id).execute()
}

export async function findCodeToSend(
  db: Db,
  id: string,
): Promise<{ target: Buffer; purpose: string; sealed: Buffer | null; expiresAt: Date } | null> {
  const row = await db
    .selectFrom('one_time_code')
    .select(['target_hash', 'purpose', 'sealed', 'expires_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? { target: row.target_hash, purpose: row.purpose, sealed: row.sealed, expiresAt: row.expires_at } : null
}

export async function forgetSealedCode(db: Db, id: string): Promise<void> {
  await db.updateTable('one_time_code').set({ sealed: null }).where('id', '=', id).execute()
}

// ---- Secrets ----------------------------------------------------------------------------------------------------------------------

export async function setPasswordHash(db: Db, accountId: string, hash: string, now: Date): Promise<void> {
  await db
    .insertInto('account_secret')
    .values({ account_id: accountId, password_hash: hash, updated_at: now })
    .onConflict((oc) =>
      oc.column('account_id').doUpdateSet((eb) => ({
        password_hash: eb.ref('excluded.password_hash'),
        updated_at: eb.ref('excluded.updated_at'),
      })),
    )
    .execute()
}

export async function activateAccount(db: Db, accountId: string, now: Date): Promise<void> {
  await db
    .updateTable('account')
    .set({ state: 'active', sessions_from: now, updated_at: now, version: sql<number>`version + 1` })
    .where('id', '=', accountId)
    .execute()
  await db
    .updateTable('recovery')
    .set({ state: 'used' })
    .where('account_id', '=', accountId)
    .where('state', '=', 'approved')
    .execute()
}

export type TotpSecret = { sealed: Buffer; confirmedAt: Date | null; lastStep: number }

export async function findTotp(db: Db, accountId: string): Promise<TotpSecret | null> {
  const row = await db
    .selectFrom('account_secret')
    .select(['totp_sealed', 'totp_confirmed_at', 'totp_last_step'])
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return row?.totp_sealed
    ? { sealed: row.totp_sealed, confirmedAt: row.totp_confirmed_at, lastStep: row.totp_last_step }
    : null
}

export async function setTotp(db: Db, accountId: string, sealed: Buffer, now: Date): Promise<void> {
  await db
    .insertInto('account_secret')
    .values({ account_id: accountId, totp_sealed: sealed, totp_confirmed_at: null, totp_last_step: 0, updated_at: now })
    .onConflict((oc) =>
      oc.column('account_id').doUpdateSet((eb) => ({
        totp_sealed: eb.ref('excluded.totp_sealed'),
        totp_confirmed_at: null,
        totp_last_step: 0,
        updated_at: eb.ref('excluded.updated_at'),
      })),
    )
    .execute()
}

/** A step of the authenticator counts once; of two requests with the same six digits one wins. */
export async function takeTotpStep(db: Db, accountId: string, step: number): Promise<boolean> {
  const done = await db
    .updateTable('account_secret')
    .set({ totp_last_step: step })
    .where('account_id', '=', accountId)
    .where('totp_last_step', '<', step)
    .executeTakeFirst()
  return Number(done.numUpdatedRows) === 1
}

export async function confirmTotp(db: Db, accountId: string, now: Date, codes: readonly Buffer[]): Promise<void> {
  await db
    .updateTable('account_secret')
    .set({ totp_confirmed_at: now, updated_at: now })
    .where('account_id', '=', accountId)
    .execute()
  await db.updateTable('account').set({ totp: true, updated_at: now }).where('id', '=', accountId).execute()
  await db.deleteFrom('recovery_code').where('account_id', '=', accountId).execute()
  await db
    .insertInto('recovery_code')
    .values(codes.map((hash) => ({ account_id: accountId, hash, made_at: now })))
    .execute()
}

export async function takeRecoveryCode(db: Db, accountId: string, hash: Buffer, now: Date): Promise<boolean> {
  const done = await db
    .updateTable('recovery_code')
    .set({ used_at: now })
    .where('account_id', '=', accountId)
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return Number(done.numUpdatedRows) === 1
}

export async function totpIsOn(db: Db, accountId: string): Promise<boolean> {
  const row = await db.selectFrom('account').select('totp').where('id', '=', accountId).executeTakeFirst()
  return row?.totp ?? false
}

export async function setLang(db: Db, accountId: string, lang: 'zh' | 'en', now: Date): Promise<void> {
  await db.updateTable('account').set({ lang, updated_at: now }).where('id', '=', accountId).execute()
}

// ---- Recovery and messages ------------------------------------------------------------------------------------------------------------

export type NewRecovery = {
  id: string
  accountId: string
  area: string
  kind: 'password' | 'totp' | 'phone'
  reason: string
  phone: { sealed: Buffer; hash: Buffer; masked: string } | null
  now: Date
}

/** One open request of a kind for an account; asking again changes nothing. */
export async function insertRecovery(db: Db, r: NewRecovery): Promise<void> {
  await db
    .insertInto('recovery')
    .values({
      id: r.id,
      area: r.area,
      account_id: r.accountId,
      kind: r.kind,
      reason: r.reason,
      phone_sealed: r.phone?.sealed ?? null,
      phone_hash: r.phone?.hash ?? null,
      phone_masked: r.phone?.masked ?? null,
      state: 'asked',
      asked_at: r.now,
    })
    .onConflict((oc) => oc.doNothing())
    .execute()
}

export async function insertShown(db: Db, m: { id: string; to: string; sealed: Buffer; at: Date }): Promise<void> {
  await db.insertInto('sms_shown').values({ id: m.id, to_masked: m.to, body_sealed: m.sealed, at: m.at }).execute()
}

export async function listShown(
  db: Db,
  limit: number,
): Promise<{ id: string; to_masked: string; body_sealed: Buffer; at: Date }[]> {
  return db.selectFrom('sms_shown').selectAll().orderBy('at', 'desc').limit(limit).execute()
}

export async function listNotices(
  db: Db,
  accountId: string,
  page: { limit: number; cursor?: string | undefined },
): Promise<Paged<{ id: string; kind: string; body: unknown; at: Date; read_at: Date | null }>> {
  const base = db.selectFrom('notice').where('account_id', '=', accountId)
  const { total } = await base.select(sql<number>`count(*)`.as('total')).executeTakeFirstOrThrow()
  let query = base
    .select(['id', 'kind', 'body', 'at', 'read_at'])
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.cursor !== undefined) query = query.where('id', '<', page.cursor)
  return paged(await query.execute(), page.limit, total, (row) => row.id)
}

export async function readNotices(db: Db, accountId: string, upTo: string, now: Date): Promise<number> {
  const done = await db
    .updateTable('notice')
    .set({ read_at: now })
    .where('account_id', '=', accountId)
    .where('id', '<=', upTo)
    .where('read_at', 'is', null)
    .executeTakeFirst()
  return Number(done.numUpdatedRows)
}
