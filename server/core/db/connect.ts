import { Kysely, PostgresDialect, sql } from 'kysely'
import type { KyselyProps, Transaction } from 'kysely'
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

export type Pool = {
  db: Kysely<DB>
  raw: pg.Pool
  /** What another view of the same database is made of (late.ts). */
  props: Omit<KyselyProps, 'executor'>
  close: () => Promise<void>
}

/**
 * @param plans `kept`: for look-ups by key that many requests share and that run all the time; each is planned once a connection,
 * whatever it is asked. Anything else is planned by PostgreSQL's own rule.
 */
export function connect(url: string, role: PoolRole, max: number, plans: 'own rule' | 'kept' = 'own rule'): Pool {
  const raw = new pg.Pool({
    connectionString: url,
    max,
    options: `-c role=${role} -c timezone=UTC -c statement_timeout=${role === 'weiwang_app' ? 30_000 : 0} -c idle_in_transaction_session_timeout=60000${plans === 'kept' ? ' -c plan_cache_mode=force_generic_plan' : ''}`,
    application_name: role,
    keepAlive: true,
  })
  // An idle connection that the server closes is replaced at the next use; the error itself concerns nobody.
  raw.on('error', () => undefined)
  // A client that is out on work but between two queries has no listener either, and would end the process: its next query
  // fails, which is told where it was asked.
  raw.on('connect', (client) => client.on('error', () => undefined))
  keepStatements(raw)
  const dialect = new PostgresDialect({ pool: raw })
  const db = new Kysely<DB>({ dialect })
  return { db, raw, props: { config: { dialect }, dialect, driver: dialect.createDriver() }, close: () => db.destroy() }
}

/**
 * Marks a statement whose text is always the same and that runs for every visit filed: the server parses and plans it once a
 * connection. Only for inserts and look-ups by key, whose best plan does not depend on the values; a list over a range of areas
 * is planned for its own range each time.
 */
export const kept = sql.raw('/* kept */')
const KEPT = '/* kept */'
/** Texts differ by the number of rows in a few; what is beyond this many is simply not kept. */
const MOST_KEPT = 200

function keepStatements(raw: pg.Pool): void {
  const names = new Map<string, string>()
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text)
    if (known !== undefined || names.size >= MOST_KEPT) return known
    const name = `weiwang_${names.size}`
    names.set(text, name)
    return name
  }
  raw.on('connect', (client) => {
    const ask: unknown = client.query.bind(client)
    if (typeof ask !== 'function') return
    const query = (text: unknown, values: unknown, ...rest: unknown[]): unknown => {
      const name = typeof text === 'string' && text.endsWith(KEPT) ? nameOf(text) : undefined
      return name === undefined
        ? Reflect.apply(ask, client, [text, values, ...rest])
        : Reflect.apply(ask, client, [{ name, text, values }, ...rest])
    }
    Object.defineProperty(client, 'query', { value: query })
  })
}
