import type { AddressInfo } from 'node:net'
import type { Actor } from '@weiwang/domain/access/actor'
import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Action, Reach } from './action.ts'
import { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { systemActor } from './ctx.ts'
import type { Ctx } from './ctx.ts'
import { connect } from './db/connect.ts'
import type { Pool } from './db/connect.ts'
import { listeners } from './jobs.ts'
import type { Listener, NamedJobs } from './jobs.ts'
import { loadKeyFile } from './keys/keyfile.ts'
import { Keyring } from './keys/keyring.ts'
import { readTransaction, writeOnce, writeTransaction } from './transaction.ts'
import type { Once, StoredAnswer } from './transaction.ts'

export type RunOptions = { key?: string; requestId?: string }

/** One for each question that is shared, and a few. */
const SHARED = 6

/** How soon a process of an exercise sees that its clock was moved on. */
const FOLLOW_CLOCK_MS = 2_000

/** The running program without its transports: pools by role, keys, clock, and the ways to run something in a transaction. */
export class Server {
  readonly config: Config
  readonly log: Logger
  readonly clock: Clock
  readonly keys: Keyring
  readonly appPool: Pool
  readonly jobsPool: Pool
  /**
   * The system's role for look-ups that the requests of one moment share (together.ts): connections of their own, so that a report
   * finds out who sends it whatever else the database is asked.
   */
  readonly sharedPool: Pool
  readonly retentionPool: Pool
  readonly rooms: readonly NamedJobs[]
  readonly reactions: Map<string, Listener[]>
  readonly url: string
  #timer: NodeJS.Timeout | null = null
  #address: string | null = null
  readonly #afterwards = new Set<Promise<unknown>>()

  private constructor(
    config: Config,
    log: Logger,
    url: string,
    rooms: readonly NamedJobs[],
    keyring: (jobs: Pool) => Keyring,
    pools: Pools,
  ) {
    this.config = config
    this.log = log
    this.url = url
    this.clock = new Clock(config.zone)
    this.appPool = pools.app
    this.jobsPool = pools.jobs
    this.sharedPool = pools.shared
    this.retentionPool = pools.retention
    this.keys = keyring(pools.jobs)
    this.rooms = rooms
    this.reactions = listeners(rooms)
  }

  static async open(options: {
    config: Config
    log: Logger
    url: string
    rooms: readonly NamedJobs[]
    now: Date
    /** `any`: the caller asks `keysMatch` itself (commands over several databases). */
    keys?: 'its own' | 'any'
  }): Promise<Server> {
    const { config, log, url, rooms } = options
    const { keys, made, open } = loadKeyFile(config.keyFile, options.now)
    if (made)
      log.warn(
        { file: config.keyFile },
        'a key file was made: keep a copy of it apart from the data; without it the sealed data cannot be opened 已生成密钥文件，请另存副本',
      )
    if (open) log.warn({ file: config.keyFile }, 'the key file can be read by others: chmod 600 密钥文件权限过宽')
    const pools = {
      app: connect(url, 'weiwang_app', 40),
      jobs: connect(url, 'weiwang_jobs', 20),
      shared: connect(url, 'weiwang_jobs', SHARED, 'kept'),
      retention: connect(url, 'weiwang_retention', 2),
    }
    const server = new Server(config, log, url, rooms, (jobs) => new Keyring(config.keyFile, keys, jobs.db), pools)
    if (options.keys !== 'any') await server.#checkKeys()
    await server.clock.load(pools.jobs.db)
    if (config.exercise !== 'off') server.#followClock()
    return server
  }

  /** An exercise is moved on by a command while this process runs (EX-12). */
  #followClock(): void {
    this.#timer = setInterval(() => {
      this.clock
        .load(this.jobsPool.db)
        .catch((error: unknown) => this.log.warn({ err: error }, 'the exercise clock could not be read'))
    }, FOLLOW_CLOCK_MS)
    this.#timer.unref()
  }

  /** What the listening socket says of itself: a port that the system chose is known only then. */
  listensAt(bound: AddressInfo | string | null): void {
    const scheme = this.config.tls === null ? 'http' : 'https'
    this.#address = typeof bound === 'object' && bound !== null ? `${scheme}://localhost:${bound.port}` : null
  }

  /** What stands before the path of a link in a message, without a slash: as it is set, otherwise where this process listens. */
  get publicUrl(): string {
    const { publicUrl, host, port, tls } = this.config
    const known = publicUrl ?? this.#address ?? `${tls === null ? 'http' : 'https'}://${host}:${port}`
    return known.replace(/\/+$/u, '')
  }

  /** A lost or exchanged key file is told at the start, not by the first record that does not open. */
  async #checkKeys(): Promise<void> {
    const mine = this.keys.fingerprint()
    const value = JSON.stringify(mine)
    await sql`insert into setting (key, value) values ('key_fingerprint', ${value}::jsonb) on conflict (key) do nothing`.execute(
      this.jobsPool.db,
    )
    if (!(await this.keysMatch())) {
      await this.close()
      throw new Error(
        `${this.config.keyFile} is not the key file that this database was made with. Put the right file back, or set KEY_FILE. ` +
          `密钥文件与数据库不匹配：请恢复原密钥文件，或用 KEY_FILE 指定。`,
      )
    }
  }

  /** Whether this database was made with the key file in hand, or with none yet. */
  async keysMatch(): Promise<boolean> {
    const { rows } = await sql<{
      value: string
    }>`select value #>> '{}' as value from setting where key = 'key_fingerprint'`.execute(this.jobsPool.db)
    return rows[0] === undefined || rows[0].value === this.keys.fingerprint()
  }

  /** Runs an action as its actor. The same key again gives the first answer. */
  async run<I extends z.ZodType, O>(
    action: Action<I, O>,
    actor: Actor,
    args: z.output<I>,
    options: RunOptions = {},
  ): Promise<O> {
    const keyed = action.secret === true ? { ...options, key: undefined } : options
    return writeTransaction(this, actor, { reach: action.reach, action: action.name, args, ...keyed }, (ctx) =>
      action.run(ctx, args),
    )
  }

  /**
   * As `run`, for senders that repeat themselves for weeks: tells a repeat from a first, keeps the key under a county that does not
   * follow the actor's area, and compares what was sent and not how this version reads it.
   */
  async runOnce<I extends z.ZodType, O>(
    action: Action<I, O>,
    actor: Actor,
    args: z.output<I>,
    options: { key: string; keyCounty: string; same: unknown; requestId?: string; stored?: StoredAnswer | null },
  ): Promise<Once<O>> {
    return writeOnce(this, actor, { reach: action.reach, action: action.name, args, ...options }, (ctx) =>
      action.run(ctx, args),
    )
  }

  async read<T>(
    actor: Actor,
    name: string,
    args: unknown,
    run: (ctx: Ctx) => Promise<T>,
    reach: Reach = 'scope',
  ): Promise<T> {
    return readTransaction(this, actor, { reach, action: name, args }, run)
  }

  /** The system's own work: the jobs role, no bounds, one transaction; audit lines are optional. */
  async asSystem<T>(name: string, run: (ctx: Ctx) => Promise<T>): Promise<T> {
    return writeTransaction(this, systemActor(name), { reach: 'all', action: name, args: null }, run)
  }

  /** What is still done when the answer has gone out, and what nobody waits for; a fault of it is told to the log. */
  afterwards(what: string, work: Promise<unknown>): void {
    const done = work
      .catch((error: unknown) => this.log.warn({ err: error, what }, 'not noted 未能记录'))
      .finally(() => this.#afterwards.delete(done))
    this.#afterwards.add(done)
  }

  /** When everything of that kind that has begun is done. */
  async settled(): Promise<void> {
    await Promise.all(this.#afterwards)
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer)
    await this.settled()
    const pools = [this.appPool, this.jobsPool, this.sharedPool, this.retentionPool]
    await Promise.all(pools.map((pool) => pool.close()))
  }
}

type Pools = { app: Pool; jobs: Pool; shared: Pool; retention: Pool }
