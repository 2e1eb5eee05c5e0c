import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/** A jsonb parameter. node-postgres would turn an array into a PostgreSQL array, so JSON always goes through here. */
export function json<T>(value: T): RawBuilder<T> {
  return sql<T>`${JSON.stringify(value)}::jsonb`
}
