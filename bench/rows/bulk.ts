import type pg from 'pg'

/** Loads tables as a bulk load would: keys and indexes are made anew behind the rows, and everything is counted for the planner. */
export async function bulk(client: pg.Client, tables: readonly string[], load: () => Promise<void>): Promise<void> {
  const { rows: keys } = await client.query<{ table: string; name: string; def: string }>(
    `select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as def from pg_constraint where contype = 'p' and conrelid = any($1::regclass[])`,
    [tables],
  )
  for (const { table, name } of keys) await client.query(`alter table ${table} drop constraint ${name}`)
  const { rows: indexes } = await client.query<{ indexdef: string; indexname: string }>(
    `select indexname, indexdef from pg_indexes where tablename = any($1)`,
    [tables],
  )
  for (const { indexname } of indexes) await client.query(`drop index ${indexname}`)
  await load()
  await client.query(`set maintenance_work_mem = '512MB'`)
  for (const { table, name, def } of keys) await client.query(`alter table ${table} add constraint ${name} ${def}`)
  for (const { indexdef } of indexes) await client.query(indexdef)
  for (const table of tables) await client.query(`vacuum analyze ${table}`)
}
