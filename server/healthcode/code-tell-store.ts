/** SQL of who is to be told that a code has changed. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import { CodeTrigger } from '@weiwang/domain/healthcode/code-api'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Db } from '../core/db/connect.ts'

export type ToTell = {
  personId: string
  n: number
  area: AreaCode
  emergencyId: string
  masked: string
  trigger: z.infer<typeof CodeTrigger>
  /** `phone`: sealed, base64. */
  accounts: { id: string; phone: string | null; lang: string }[]
  /** The number of the record, sealed: of whom a worker registered, or a list named. */
  phone: Buffer | null
}

/** Codes with a change that nobody was told of, the oldest first, with the accounts that stand for their persons. */
export async function codesToTell(db: Db, today: Day, limit: number): Promise<ToTell[]> {
  const { rows } = await sql<ToTell>`
    select c.person_id as "personId", c.n, c.home_area as area, c.emergency_id as "emergencyId", p.masked, e.trigger,
      i.phone_sealed as phone, coalesce((
      select json_agg(json_build_object('id', a.id, 'phone', encode(a.phone_sealed, 'base64'), 'lang', a.lang))
      from account_person l join account a on a.id = l.account_id and a.state = 'active'
      where l.person_id = c.person_id and l.ended_at is null and (l.until is null or l.until >= ${today}::date)), '[]') as accounts
    from (select * from code where told_n < n order by changed_at, person_id limit ${limit}) c
    join person p on p.person_id = c.person_id
    join code_event e on e.person_id = c.person_id and e.n = c.n
    left join identity i on i.person_id = c.person_id
    order by c.changed_at, c.person_id`.execute(db)
  return rows.map((row) => ({ ...row, trigger: CodeTrigger.parse(row.trigger) }))
}

export async function markTold(db: Db, personId: string, n: number): Promise<void> {
  await sql`update code set told_n = greatest(told_n, ${n}) where person_id = ${personId}::uuid`.execute(db)
}
