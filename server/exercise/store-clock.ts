import type { Db } from '../core/db/connect.ts'

/** The time of the last line of the trail, by the exercise's clock: every write has one. */
export async function lastWritten(db: Db): Promise<Date | null> {
  const lastDay = db.selectFrom('audit').select((eb) => eb.fn.max('day').as('day'))
  const row = await db
    .selectFrom('audit')
    .select((eb) => eb.fn.max('at').as('at'))
    .where('day', '=', lastDay)
    .executeTakeFirst()
  return row?.at ?? null
}
