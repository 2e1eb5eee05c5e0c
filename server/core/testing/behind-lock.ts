import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { TestServer } from './test-server.ts'

const WAITING = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`

/**
 * Begins what is given one after another while the rows of `lock` are held by somebody else, each once the one before it waits; then
 * does `meanwhile` and lets go. For what must see, after a wait, what was written during it.
 */
export async function behindLock<T>(
  t: Pick<TestServer, 'adminUrl' | 'sql'>,
  lock: { text: string; values: unknown[] },
  begin: readonly (() => Promise<T>)[],
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<T[]> {
  const holder = new pg.Client({ connectionString: t.adminUrl })
  await holder.connect()
  try {
    await holder.query('begin')
    await holder.query(lock.text, lock.values)
    const begun: Promise<T>[] = []
    for (const one of begin) {
      begun.push(one())
      while ((await t.sql(WAITING))[0].n < begun.length) await sleep(10)
    }
    await meanwhile()
    await holder.query('commit')
    return await Promise.all(begun)
  } finally {
    await holder.end()
  }
}
