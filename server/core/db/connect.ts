import { Kysely, PostgresDialect } from 'kysely'
import type { Transaction } from 'kysely'
import pg from 'pg'
import type { PoolRole } from './roles.ts'
import type { DB } from './types.ts'

/** The connection that every store function takes first: a transaction, or the database for reads of the system. */
export type Db = Kysely<DB> | Transaction<DB>

const { builtins } = pg.types

// A date is a calendar day and stays text; the default would make a local midnight of it and shift it by the zone.
pg.types.setTypeParser(builtins.DATE, (text) => text)
// Counters and sequence numbers stay far below 2^53.
pg.types.setTypeParser(builtins.INT8, (text) => Number(text))

export type Pool = { db: Kysely<DB>; raw: pg.Pool; close: () => Promise<void> }

export function connect(url: string, role: PoolRole, max: number): Pool {
  const raw = new pg.Pool({
    connectionString: url,
    max,
    options: `-c role=${role} -c timezone=UTC -c statement_timeout=${role === 'weiwang_app' ? 30_000 : 0} -c idle_in_transaction_session_timeout=60000`,
    application_name: role,
    keepAlive: true,
  })
  // An idle connection that the server closes is replaced at the next use; the error itself concerns nobody.
  raw.on('error', () => undefined)
  // A client that is out on work but between two queries has no listener either, and would end the process: its next query
  // fails, which is told where it was asked.
  raw.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool: raw }) })
  return { db, raw, close: () => db.destroy() }
}
