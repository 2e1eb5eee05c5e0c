import type { Db } from '../core/db/connect.ts'
import { skillsOfAccounts } from '../teams/force-store.ts'

/** What helpers can do, as the desk confirmed it (FORCE-2); of who is not enrolled nothing is known and only the role counts. */
export async function skillsOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  return skillsOfAccounts(db, ids)
}
