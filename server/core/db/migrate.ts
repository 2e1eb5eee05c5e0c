import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runMigrations } from 'graphile-worker'
import pg from 'pg'
import { ensureRoles, OWNER } from './roles.ts'

/** Any number that no other program on the database uses: serialises migrations started by several processes at once. */
const LOCK = 7_320_105_001

const OLDEST_SERVER = 150_000

export type Migration = { name: string; sql: string; hash: string }

export function migrationsDir(): string {
  // Sources lie in server/core/db, the build in server/dist/core/db; plain SQL is not compiled and stays in server/migrations.
  const here = path.dirname(fileURLToPath(import.meta.url))
  const beside = path.resolve(here, '../../migrations')
  return existsSync(beside) ? beside : path.resolve(here, '../../../migrations')
}

export function readMigrations(dir = migrationsDir()): Migration[] {
  return readdirSync(dir)
    .filter((name) => /^\d{4}_[a-z_]+\.sql$/.test(name))
    .toSorted()
    .map((name) => {
      const sql = readFileSync(path.join(dir, name), 'utf8')
      return { name, sql, hash: createHash('sha256').update(sql).digest('hex') }
    })
}

async function applied(client: pg.Client): Promise<Map<string, string>> {
  await client.query(
    `create table if not exists migration (name text primary key, hash text not null, at timestamptz not null default now())`,
  )
  const { rows } = await client.query<{ name: string; hash: string }>('select name, hash from migration')
  return new Map(rows.map((r) => [r.name, r.hash]))
}

async function applyOne(client: pg.Client, m: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(m.sql)
    await client.query('insert into migration (name, hash) values ($1, $2)', [m.name, m.hash])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`Migration ${m.name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

/** The job queue's own tables come with row security and no policies; ours let jobs work, and let the application only add. */
const QUEUE_RIGHTS = `
do $$ declare t record; begin
  for t in select c.oid::regclass as tab, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where n.nspname = 'graphile_worker' and c.relkind = 'r' loop
    execute format('grant select, insert, update, delete on %s to weiwang_jobs', t.tab);
    if not exists (select from pg_policy where polrelid = t.tab::oid and polname = 'weiwang_jobs') then
      execute format('create policy weiwang_jobs on %s to weiwang_jobs using (true) with check (true)', t.tab);
    end if;
  end loop;
end $$;
grant usage on schema graphile_worker to weiwang_jobs;
grant execute on all functions in schema graphile_worker to weiwang_jobs;
grant usage, select on all sequences in schema graphile_worker to weiwang_jobs;
grant select on all tables in schema graphile_worker to weiwang_jobs;
create or replace function weiwang_enqueue(tasks json) returns void
language sql security definer set search_path = pg_catalog as $$
  select graphile_worker.add_jobs(array_agg(
    (t.task, t.payload, t.queue, coalesce(t.run_at, pg_catalog.now()), 25, t.key, null, null)::graphile_worker.job_spec
  )) from json_to_recordset(tasks) as t (task text, payload json, run_at timestamptz, key text, queue text)
$$;
revoke execute on function weiwang_enqueue from public;
grant execute on function weiwang_enqueue to weiwang_app, weiwang_jobs;
`

/**
 * Brings a database to the newest shape: forward only, one transaction a file, safe to run by several processes at once.
 * Returns the names applied. A file changed after it was applied is refused by name.
 */
export async function migrate(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const version = await client.query<{ v: number }>(`select current_setting('server_version_num')::int as v`)
    if ((version.rows[0]?.v ?? 0) < OLDEST_SERVER)
      throw new Error('PostgreSQL 15 or newer is needed. 需要 PostgreSQL 15 或更新版本。')
    await client.query('select pg_advisory_lock($1)', [LOCK])
    await ensureRoles(client)
    await client.query(`set role ${OWNER}`)
    const done = await applied(client)
    const names: string[] = []
    for (const m of readMigrations()) {
      const hash = done.get(m.name)
      if (hash === m.hash) continue
      if (hash !== undefined)
        throw new Error(
          `Migration ${m.name} was changed after it had been applied to this database. 迁移文件在执行后被修改。`,
        )
      await applyOne(client, m)
      names.push(m.name)
    }
    await migrateQueue(url)
    await client.query(QUEUE_RIGHTS)
    return names
  } finally {
    await client.end()
  }
}

async function migrateQueue(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, options: `-c role=${OWNER}`, max: 1 })
  try {
    await runMigrations({ pgPool: pool })
  } finally {
    await pool.end()
  }
}

/** What a start without the right to migrate needs to know. */
export async function pendingMigrations(client: {
  query: (sql: string) => Promise<{ rows: { name: string }[] }>
}): Promise<string[]> {
  const { rows } = await client.query('select name from migration')
  const done = new Set(rows.map((r) => r.name))
  return readMigrations()
    .map((m) => m.name)
    .filter((name) => !done.has(name))
}
