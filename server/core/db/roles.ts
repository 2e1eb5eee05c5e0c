import type pg from 'pg'

/**
 * Database roles (design section 3): the owner holds the tables, the application may not update or delete events and audit,
 * jobs does the system's work, retention alone deletes. One log-in role is a member of all and inherits from none, so each
 * pool says which it is when it connects.
 */
export const OWNER = 'weiwang_owner'
export const GROUP_ROLES = ['weiwang_app', 'weiwang_jobs', 'weiwang_retention'] as const
export type PoolRole = (typeof GROUP_ROLES)[number]

function roleSql(name: string): string {
  return `do $$ begin
  if not exists (select from pg_roles where rolname = '${name}') then create role ${name} nologin; end if;
exception when duplicate_object or unique_violation then null; end $$;`
}

/** The statements for a managed server, where the program may not make roles itself (`weiwang migrate --print-roles`). */
export function rolesSql(database: string, login: string): string {
  return [
    '-- Run once as an administrator of the server.',
    ...[OWNER, ...GROUP_ROLES].map(roleSql),
    `grant ${[OWNER, ...GROUP_ROLES].join(', ')} to "${login}";`,
    `grant create, connect on database "${database}" to ${OWNER};`,
    `grant connect on database "${database}" to ${GROUP_ROLES.join(', ')};`,
    `grant usage, create on schema public to ${OWNER};`,
    '-- The application logs in as this role; DATABASE_URL may name it, MIGRATE_URL the one above.',
  ].join('\n')
}

export async function ensureRoles(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ have: number; me: string; db: string; maker: boolean }>(
    `select (select count(*)::int from pg_roles where rolname = any($1)) as have, current_user as me, current_database() as db,
            (select rolcreaterole or rolsuper from pg_roles where rolname = current_user) as maker`,
    [[OWNER, ...GROUP_ROLES]],
  )
  const row = rows[0]
  if (!row) throw new Error('the server did not answer')
  if (row.maker) {
    await client.query(rolesSql(row.db, row.me))
  } else if (row.have < 4) {
    throw new Error(
      `The roles of Weiwang are missing on this server and ${row.me} may not make them. Run the output of "weiwang migrate --print-roles" as an administrator. ` +
        `数据库缺少所需角色，请由管理员执行 “weiwang migrate --print-roles” 输出的语句。`,
    )
  }
}
