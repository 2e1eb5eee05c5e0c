/** SQL of phones: which there are, their contacts, and how their runs of syncing went. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import { upper } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { PROTOCOL_MIN } from '@weiwang/domain/sync/api'
import { RUN_MINUTES } from '@weiwang/domain/sync/phones'
import type { Contact, ListPhones } from '@weiwang/domain/sync/phones'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { z } from 'zod'
import { kept } from '../core/db/connect.ts'
import type { Db } from '../core/db/connect.ts'
import { LOOK_UPS, togetherAt } from '../core/together.ts'
import { inScope } from '../core/db/scope.ts'
import type { StoredAnswer } from '../core/transaction.ts'

export type PhoneRecord = {
  device: string
  account_id: string
  account_name: string
  area: AreaCode
  county: string
  name: string
  app: string
  protocol: number
  state: string
  registered_at: Date
  contact_at: Date
  clock_ahead: number
  waiting: number
  refused: number
  oldest_at: Date | null
  synced_at: Date | null
  try_at: Date | null
  lost_at: Date | null
  lost_by_name: string | null
  clear_told_at: Date | null
  cleared_at: Date | null
}

/** All that the application role may read: everything but the secret's hash. */
const SHOWN = sql.raw(
  [
    'device',
    'account_id',
    'account_name',
    'area',
    'county',
    'name',
    'app',
    'protocol',
    'state',
    'registered_at',
    'contact_at',
    'clock_ahead',
    'waiting',
    'refused',
    'oldest_at',
    'synced_at',
    'try_at',
    'lost_at',
    'lost_by_name',
    'clear_told_at',
    'cleared_at',
  ]
    .map((column) => `p.${column}`)
    .join(', '),
)

export type Home = { name: string; area: AreaCode; state: string }

export async function homeOf(db: Db, accountId: string): Promise<Home | null> {
  const { rows } = await sql<Home>`
    select name, area, state from account where id = ${accountId}`.execute(db)
  return rows[0] ?? null
}

export type StandingRow = {
  area: AreaCode
  county: string
  state: string
  account_state: string
  lost_at: Date | null
}
export type ContactRow = StandingRow & { try_at: Date }

/** What a phone said of itself may be lost with a crash of the database: nobody waits until it lies on the disk. */
const UNHURRIED = sql`set_config('synchronous_commit', 'off', true)`

/** As the database spells a stored answer in JSON. */
const Stored = z.array(
  z.object({
    key: z.string(),
    answer: z.custom<never>(() => true),
    args_hash: z.string().transform((hex) => Buffer.from(hex, 'hex')),
    action: z.string(),
    at: z.string().transform((text) => new Date(text)),
  }),
)

type Asked = { device: string; accountId: string; keys: readonly string[] }
/** Of a phone that is known: what stands under the keys that were asked for, by key. */
export type Stands = { row: StandingRow | null; stored: Map<string, StoredAnswer> }

const standings = togetherAt(async (db: Db, all: readonly Asked[]): Promise<Stands[]> => {
  const { rows } = await sql<StandingRow & { i: number; stored: (StoredAnswer & { key: string })[] | null }>`
    select w.i::int as i, a.area, p.county, p.state, p.lost_at, a.state as account_state, k.stored
    from unnest(${all.map(({ device }) => device)}::uuid[], ${all.map(({ accountId }) => accountId)}::uuid[],
      ${all.map(({ keys }) => keys.join(','))}::text[]) with ordinality w (device, account_id, keys, i)
    join phone p on p.device = w.device and p.account_id = w.account_id join account a on a.id = p.account_id
    left join lateral (
      select json_agg(json_build_object('key', key, 'answer', answer, 'args_hash', encode(args_hash, 'hex'), 'action', action, 'at', at)) as stored
      from idempotency where county = p.county and key = any(string_to_array(w.keys, ','))
    ) k on true ${kept}`.execute(db)
  const found = new Map(rows.map((row) => [row.i, row]))
  return all.map((_, i) => {
    const row = found.get(i + 1) ?? null
    const stored = new Map(Stored.parse(row?.stored ?? []).map((one) => [one.key, one]))
    return { row, stored }
  })
}, LOOK_UPS)

/**
 * How a phone stands, without a word about this contact, and what stands under some keys of its account (SYNC-1): one look for all
 * items of a request. No row: it never registered.
 */
export async function standingOfPhone(db: Db, of: Asked): Promise<Stands> {
  return standings(db, of)
}

export type Noted = { accountId: string; sessionId: string | null; contact: Contact; now: Date; items?: number }
type Summed = Noted & { items: number; requests: number }

/**
 * Contacts of one moment in one statement: what each phone says of itself, and the run it belongs to. Rows are locked in the order
 * of their keys, so that two processes never wait for one another in a ring.
 */
async function noteAll(db: Db, all: readonly Summed[]): Promise<{ row: ContactRow | null }[]> {
  const said = all.map(({ accountId, sessionId, contact, now, items, requests }, i) => ({
    i,
    device: contact.device,
    account_id: accountId,
    session_id: sessionId,
    app: contact.app,
    protocol: contact.protocol,
    ahead: Math.trunc(Date.parse(contact.clock) - now.getTime()),
    waiting: contact.waiting,
    refused: contact.refused,
    oldest: contact.oldest ?? null,
    now,
    since: new Date(now.getTime() - RUN_MINUTES * 60_000),
    items,
    requests,
  }))
  const { rows } = await sql<ContactRow & { i: number }>`
    with w as materialized (
      select * from json_to_recordset(${JSON.stringify(said)}::json) as w (i integer, device uuid, account_id uuid, session_id uuid, app text,
        protocol integer, ahead bigint, waiting integer, refused integer, oldest timestamptz, now timestamptz, since timestamptz, items integer, requests integer)
    ), locked as materialized (
      select p.device, p.account_id from w join phone p on p.device = w.device and p.account_id = w.account_id
      order by p.device, p.account_id for update of p
    ), mine as (
      update phone p set contact_at = w.now, app = w.app, protocol = w.protocol, clock_ahead = w.ahead, waiting = w.waiting,
        refused = w.refused, oldest_at = w.oldest, session_id = coalesce(w.session_id, p.session_id), area = a.area, account_name = a.name,
        try_at = case when p.try_at is not null and p.contact_at > w.since then p.try_at else w.now end
      from locked l join w on w.device = l.device and w.account_id = l.account_id join account a on a.id = w.account_id
      where p.device = l.device and p.account_id = l.account_id
      returning w.i, w.now, w.items, w.requests, p.device, p.account_id, p.area, p.county, p.state, p.lost_at, p.try_at, a.state as account_state
    ), run as (
      insert into phone_try (device, account_id, started_at, area, last_at, requests, items)
      select device, account_id, try_at, area, now, requests, items from mine
      on conflict (device, account_id, started_at) do update
        set last_at = excluded.last_at, requests = phone_try.requests + excluded.requests, items = phone_try.items + excluded.items
    )
    select i, area, county, state, lost_at, try_at, account_state, ${UNHURRIED} from mine ${kept}`.execute(db)
  const found = new Map(rows.map((row) => [row.i, row]))
  return all.map((_, i) => ({ row: found.get(i) ?? null }))
}

/** A phone that speaks twice in one moment is noted once: as it last was, with what both brought. */
const notes = togetherAt(async (db: Db, all: readonly Noted[]): Promise<{ row: ContactRow | null }[]> => {
  const keyOf = ({ contact, accountId }: Noted): string => `${contact.device}/${accountId}`
  const summed = new Map<string, Summed>()
  for (const one of all) {
    const before = summed.get(keyOf(one)) ?? { items: 0, requests: 0 }
    const items = before.items + (one.items ?? 0)
    summed.set(keyOf(one), { ...one, items, requests: before.requests + 1 })
  }
  const answers = await noteAll(db, [...summed.values()])
  const found = new Map([...summed.keys()].map((key, i) => [key, answers[i]]))
  return all.map((one) => found.get(keyOf(one)) ?? { row: null })
})

/** What nobody waits for goes along with the next statement, or begins one so long after the last. */
const UNHURRIED_MS = 250

/**
 * A pull notes its contact at its beginning, so that runs that were broken off are seen; a push, which may come for every single
 * report, once at its end with what it brought, unhurried (SYNC-27). Null: the phone never registered.
 */
export async function noteContact(db: Db, of: Noted, how: 'now' | 'unhurried' = 'now'): Promise<ContactRow | null> {
  return (await notes(db, of, how === 'now' ? 0 : UNHURRIED_MS)).row
}

export type ContactEnd = {
  device: string
  accountId: string
  runAt: Date
  now: Date
  /** The phone holds everything. */
  level: boolean
  bytes: number
  items: number
}

/** The phone's row is locked first, as at the beginning: two requests of one phone must not wait for one another in a ring. */
export async function endContact(db: Db, end: ContactEnd): Promise<void> {
  await sql`
    with mine as (
      update phone set synced_at = case when ${end.level}::boolean then ${end.now}::timestamptz else synced_at end,
        try_at = case when ${end.level}::boolean then null else try_at end
      where device = ${end.device} and account_id = ${end.accountId}
      returning device, account_id
    )
    update phone_try t set last_at = ${end.now}, bytes = t.bytes + ${end.bytes}, items = t.items + ${end.items},
      outcome = case when ${end.level}::boolean then 'done' else t.outcome end
    from mine where t.device = mine.device and t.account_id = mine.account_id and t.started_at = ${end.runAt}
    returning ${UNHURRIED} ${kept}`.execute(db)
}

export async function noteClearTold(db: Db, device: string, accountId: string, at: Date): Promise<void> {
  await sql`update phone set clear_told_at = coalesce(clear_told_at, ${at}::timestamptz)
    where device = ${device} and account_id = ${accountId}`.execute(db)
}

export type NewPhone = {
  device: string
  accountId: string
  accountName: string
  area: AreaCode
  county: string
  name: string
  secretHash: Buffer
  sessionId: string | null
  app: string
  protocol: number
  now: Date
}

/**
 * A phone that asked for a new secret and never heard the answer speaks with the one it has: so many are still heard. Without them
 * what lies on it would be lost when its account is closed at that moment (case 37).
 */
const FORMER_SECRETS = 4

/**
 * A new secret for this pair of device and account; the county stays as it first was. A cleared phone is a new one; a lost one
 * stays lost.
 * @returns false when it is reported lost
 */
export async function putPhone(db: Db, phone: NewPhone): Promise<boolean> {
  const { rows } = await sql<{ device: string }>`
    insert into phone (device, account_id, account_name, area, county, name, secret_hash, session_id, app, protocol, state, registered_at, contact_at)
    values (${phone.device}, ${phone.accountId}, ${phone.accountName}, ${phone.area}, ${phone.county}, ${phone.name}, ${phone.secretHash},
      ${phone.sessionId}, ${phone.app}, ${phone.protocol}, 'active', ${phone.now}, ${phone.now})
    on conflict (device, account_id) do update set account_name = excluded.account_name, area = excluded.area, name = excluded.name,
      secret_hash = excluded.secret_hash,
      former_hashes = case when phone.state = 'cleared' then '{}' else (phone.secret_hash || phone.former_hashes)[1:${FORMER_SECRETS}] end,
      session_id = excluded.session_id, app = excluded.app, protocol = excluded.protocol,
      state = 'active', registered_at = excluded.registered_at, contact_at = excluded.contact_at, lost_at = null, lost_by = null,
      lost_by_name = null, lost_reason = null, clear_told_at = null, cleared_at = null,
      synced_at = case when phone.state = 'cleared' then null else phone.synced_at end
    where phone.state <> 'lost'
    returning device`.execute(db)
  return rows.length > 0
}

export type Secret = {
  device: string
  account_id: string
  name: string
  area: AreaCode
  county: string
  state: string
  account_state: string
  roles: string[]
  created_by: string | null
  duties: string[]
  session_live: boolean
}

/** Who handed in with a secret of a device, as the account stands today. A cleared phone has none. */
export async function findSecret(db: Db, device: string, hash: Buffer, now: Date, today: Day): Promise<Secret | null> {
  const { rows } = await sql<Secret>`
    select p.device, p.account_id, a.name, a.area, p.county, p.state, a.state as account_state, a.created_by,
      array(select role from account_role r where r.account_id = a.id order by role) as roles,
      array(select d.area from duty d where d.account_id = a.id and d.ended_at is null and d.from_day <= ${today}
            and (d.to_day is null or d.to_day >= ${today})) as duties,
      exists (select from session s where s.id = p.session_id and s.ended_at is null and s.expires_at > ${now}
              and s.created_at >= a.sessions_from) as session_live
    from phone p join account a on a.id = p.account_id
    where p.device = ${device} and (p.secret_hash = ${hash} or ${hash} = any(p.former_hashes)) and p.state <> 'cleared'`.execute(
    db,
  )
  return rows[0] ?? null
}

/**
 * The secret ends with it: nothing can be handed in from the device under this account until it registers anew. It still tells whose
 * last word it was (isCleared).
 */
export async function setCleared(db: Db, device: string, accountId: string, at: Date): Promise<void> {
  await sql`update phone set state = 'cleared', cleared_at = ${at}, session_id = null, waiting = 0,
      oldest_at = null, try_at = null
    where device = ${device} and account_id = ${accountId}`.execute(db)
}

/** Whether a phone of this secret has said that it is cleared: it says so again when the answer never came. */
export async function isCleared(db: Db, device: string, hash: Buffer): Promise<boolean> {
  const { rows } = await sql`
    select from phone p
    where p.device = ${device} and (p.secret_hash = ${hash} or ${hash} = any(p.former_hashes)) and p.state = 'cleared'`.execute(
    db,
  )
  return rows.length > 0
}

export type LockedPhone = PhoneRecord & { session_id: string | null }

export async function lockPhone(db: Db, device: string, accountId: string): Promise<LockedPhone | null> {
  const { rows } = await sql<LockedPhone>`
    select ${SHOWN}, p.session_id from phone p where p.device = ${device} and p.account_id = ${accountId} for update`.execute(
    db,
  )
  return rows[0] ?? null
}

export async function setLost(
  db: Db,
  at: { device: string; accountId: string },
  by: { id: string; name: string; reason: string; now: Date } | null,
): Promise<void> {
  await sql`update phone set state = ${by ? 'lost' : 'active'}, lost_at = ${by?.now ?? null}, lost_by = ${by?.id ?? null},
      lost_by_name = ${by?.name ?? null}, lost_reason = ${by?.reason ?? null}, clear_told_at = null
    where device = ${at.device} and account_id = ${at.accountId}`.execute(db)
}

export async function phonesOf(db: Db, accountId: string): Promise<LockedPhone[]> {
  const { rows } = await sql<LockedPhone>`
    select ${SHOWN}, p.session_id from phone p where p.account_id = ${accountId}
    order by p.contact_at desc, p.device limit 100`.execute(db)
  return rows
}

// ---- Lists of a centre -------------------------------------------------------------------------------------------------------

const ONLY: Record<ListPhones['only'], RawBuilder<unknown>> = {
  all: sql`true`,
  waiting: sql`p.waiting > 0`,
  refused: sql`p.refused > 0`,
  lost: sql`p.state = 'lost'`,
  old: sql`p.protocol < ${PROTOCOL_MIN}`,
}

export type PhoneFilter = { areas: readonly AreaCode[]; only: ListPhones['only']; silentBefore: Date | null }
export type Cut<T> = { rows: T[]; total: number }

function narrowed(filter: PhoneFilter): RawBuilder<unknown> {
  const silent = filter.silentBefore === null ? sql`true` : sql`p.contact_at < ${filter.silentBefore}`
  return sql`${inScope('p.area', filter.areas)} and ${ONLY[filter.only]} and ${silent}`
}

/** By the last contact, newest first; one row more than `limit`. */
export async function listPhones(
  db: Db,
  filter: PhoneFilter,
  after: [contact: string, device: string, account: string] | null,
  limit: number,
): Promise<Cut<PhoneRecord>> {
  const where = narrowed(filter)
  const rest =
    after === null
      ? sql`true`
      : sql`(p.contact_at, p.device, p.account_id) < (${after[0]}::timestamptz, ${after[1]}::uuid, ${after[2]}::uuid)`
  const { rows } = await sql<PhoneRecord>`
    select ${SHOWN} from phone p where ${where} and ${rest}
    order by p.contact_at desc, p.device desc, p.account_id desc limit ${limit + 1}`.execute(db)
  const { rows: count } = await sql<{ n: number }>`select count(*) as n from phone p where ${where}`.execute(db)
  return { rows, total: count[0]?.n ?? 0 }
}

export type UnsyncedRecord = {
  id: string
  name: string
  area: AreaCode
  phones: number
  synced_at: Date | null
  contact_at: Date | null
  tries: number
  longest_ms: number
  bytes: number
}

/**
 * Case 6: workers with duty on this day whose phones did not get everything since an instant, those included who have no phone at
 * all. A run that never ended is one without an outcome.
 */
export async function listUnsynced(
  db: Db,
  filter: { areas: readonly AreaCode[]; since: Date; today: Day; now: Date },
  after: string | null,
  limit: number,
): Promise<Cut<UnsyncedRecord>> {
  // Younger ones are still going on.
  const over = new Date(filter.now.getTime() - RUN_MINUTES * 60_000)
  const where = sql`a.state = 'active' and ${inScope('a.area', filter.areas)}
    and exists (select from account_role r where r.account_id = a.id and r.role = 'worker')
    and exists (select from duty d where d.account_id = a.id and d.ended_at is null and d.from_day <= ${filter.today}
                and (d.to_day is null or d.to_day >= ${filter.today}))
    and not exists (select from phone p where p.account_id = a.id and p.synced_at >= ${filter.since})`
  const { rows } = await sql<UnsyncedRecord>`
    select a.id, a.name, a.area, coalesce(p.phones, 0) as phones, p.synced_at, p.contact_at, coalesce(t.tries, 0) as tries,
      coalesce(t.longest_ms, 0)::bigint as longest_ms, coalesce(t.bytes, 0)::bigint as bytes
    from account a
    left join lateral (select count(*) as phones, max(synced_at) as synced_at, max(contact_at) as contact_at
      from phone where phone.account_id = a.id) p on true
    left join lateral (select count(*) as tries, max(extract(epoch from last_at - started_at) * 1000) as longest_ms, max(bytes) as bytes
      from phone_try where phone_try.account_id = a.id and started_at >= ${filter.since} and last_at < ${over} and outcome is null) t on true
    where ${where} and ${after === null ? sql`true` : sql`a.id > ${after}::uuid`} order by a.id limit ${limit + 1}`.execute(
    db,
  )
  const { rows: count } = await sql<{ n: number }>`select count(*) as n from account a where ${where}`.execute(db)
  return { rows, total: count[0]?.n ?? 0 }
}

export type TryRecord = {
  started_at: Date
  last_at: Date
  requests: number
  bytes: number
  items: number
  outcome: string | null
}

export async function listTries(
  db: Db,
  of: { device: string; accountId: string },
  after: Date | null,
  limit: number,
): Promise<Cut<TryRecord>> {
  const mine = sql`device = ${of.device} and account_id = ${of.accountId}`
  const { rows } = await sql<TryRecord>`
    select started_at, last_at, requests, bytes, items, outcome from phone_try
    where ${mine} and ${after === null ? sql`true` : sql`started_at < ${after}`} order by started_at desc limit ${limit + 1}`.execute(
    db,
  )
  const { rows: count } = await sql<{ n: number }>`select count(*) as n from phone_try where ${mine}`.execute(db)
  return { rows, total: count[0]?.n ?? 0 }
}

/** Whether a phone lies within an area; for the centre that reports or looks at it. */
export async function phoneInScope(
  db: Db,
  areas: readonly AreaCode[],
  device: string,
  accountId: string,
): Promise<PhoneRecord | null> {
  const { rows } = await sql<PhoneRecord>`
    select ${SHOWN} from phone p where p.device = ${device} and p.account_id = ${accountId} and ${inScope('p.area', areas)}`.execute(
    db,
  )
  return rows[0] ?? null
}

/** Accounts that moved take their phones along. */
export async function followAccounts(db: Db, tops: readonly AreaCode[]): Promise<void> {
  const ranges = tops.map((area) => sql`(p.area >= ${area} and p.area < ${upper(area)})`)
  if (ranges.length === 0) return
  await sql`update phone p set area = a.area from account a
    where a.id = p.account_id and a.area <> p.area and (${sql.join(ranges, sql` or `)})`.execute(db)
}
