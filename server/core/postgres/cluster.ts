import pg from 'pg'

/** The address of another database of the same server, for the same or another user. */
export function databaseAt(base: string, database: string, user?: { name: string; password: string }): string {
  const url = new URL(base)
  url.pathname = `/${database}`
  if (user) {
    url.username = user.name
    url.password = user.password
  }
  return url.href
}

/** One question on a connection of its own. */
export async function ask<T extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  // A connection that breaks between two queries is the next query's error, not the process's end.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<T>(text, [...values])).rows
  } finally {
    await client.end()
  }
}

/** The databases of a cluster that are ours: the real one and the exercise's. One that was only just made counts for nothing yet. */
export async function weiwangDatabases(adminUrl: string): Promise<string[]> {
  const names = await ask<{ datname: string }>(
    adminUrl,
    `select datname from pg_database where not datistemplate and datallowconn and datname like 'weiwang%' order by 1`,
  )
  const ours: string[] = []
  for (const { datname } of names) {
    const rows = await ask<{ ours: boolean }>(
      databaseAt(adminUrl, datname),
      `select to_regclass('public.data_key') is not null and to_regclass('public.migration') is not null as ours`,
    )
    if (rows[0]?.ours) ours.push(datname)
  }
  return ours
}
