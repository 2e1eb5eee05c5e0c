import { Kysely } from 'kysely'
import type { ConnectionProvider, DatabaseConnection, QueryResult } from 'kysely'
import type pg from 'pg'
import type { Pool } from './connect.ts'
import { fly } from './flight.ts'
import type { Step } from './flight.ts'
import type { DB } from './types.ts'

/** Within which codes row security shows and takes rows (ACCESS-2); empty texts stand for nothing. */
export type Bounds = { lo: string; hi: string }

const BEGIN: Step = { text: 'begin', values: [] }
const COMMIT: Step = { text: 'commit', values: [] }

const SET = `select set_config('weiwang.lo', $1, true), set_config('weiwang.hi', $2, true)`

/** What Kysely asks of a connection; faults are the driver's own. */
class Connection implements DatabaseConnection {
  readonly #client: pg.PoolClient

  constructor(client: pg.PoolClient) {
    this.#client = client
  }

  async executeQuery<R>({ sql, parameters }: { sql: string; parameters: readonly unknown[] }): Promise<QueryResult<R>> {
    const { command, rowCount, rows } = await this.#client.query(sql, [...parameters])
    const counts = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE'
    return { rows: rows ?? [], ...(counts ? { numAffectedRows: BigInt(rowCount ?? 0) } : {}) }
  }

  // eslint-disable-next-line require-yield
  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('rows are not streamed inside a transaction')
  }
}

/**
 * A transaction that begins when it is first asked something. An action that knows everything beforehand, as most visit reports
 * do, never begins one of its own: bounds and last statement go to the server together and are one transaction there.
 */
export class LateTransaction {
  #db: Kysely<DB> | null = null
  readonly #pool: Pool
  /** None: under the system's role, which row security does not bind. */
  readonly bounds: Bounds | null
  readonly #first: readonly Step[]
  #client: pg.PoolClient | null = null
  /** One statement after another, as on every connection. */
  #line: Promise<unknown> = Promise.resolve()
  #over = false

  constructor(pool: Pool, bounds: Bounds | null) {
    this.#pool = pool
    this.bounds = bounds
    this.#first = bounds === null ? [] : [{ text: SET, values: [bounds.lo, bounds.hi] }]
  }

  get db(): Kysely<DB> {
    this.#db ??= this.#made()
    return this.#db
  }

  #made(): Kysely<DB> {
    const provider: ConnectionProvider = {
      provideConnection: (consumer) => {
        const turn = this.#line.then(async () => consumer(new Connection(await this.#connected())))
        this.#line = turn.catch(() => undefined)
        return turn
      },
    }
    const { db, props } = this.#pool
    return new Kysely<DB>({ ...props, executor: db.getExecutor().withConnectionProvider(provider) })
  }

  /** Whether anything was asked; then the server may hold locks and rows of it. */
  get begun(): boolean {
    return this.#client !== null
  }

  async #connected(): Promise<pg.PoolClient> {
    if (this.#client) return this.#client
    // A branch of the action that nobody waited for: what it asks now would be a transaction that nobody ends.
    if (this.#over) throw new Error('the transaction is over')
    const client = await this.#pool.raw.connect()
    this.#client = client
    await fly(client, [BEGIN, ...this.#first])
    return client
  }

  /** The last steps and the commit. Without any step, and never begun, there is nothing to do. */
  async commit(steps: readonly Step[]): Promise<void> {
    await this.#line
    const client = this.#client
    this.#over = true
    if (client) {
      await fly(client, [...steps, COMMIT])
      this.#leave(client)
      return
    }
    if (steps.length === 0) return
    const mine = await this.#pool.raw.connect()
    try {
      await fly(mine, [...this.#first, ...steps])
    } finally {
      mine.release()
    }
  }

  async rollback(): Promise<void> {
    await this.#line
    const client = this.#client
    this.#over = true
    if (!client) return
    const fault = await client.query('rollback').then(
      () => false,
      () => true,
    )
    this.#leave(client, fault)
  }

  #leave(client: pg.PoolClient, broken = false): void {
    this.#client = null
    client.release(broken)
  }
}
