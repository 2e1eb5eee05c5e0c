import { writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { JSON_COLUMNS } from './json-columns.ts'

const SCALARS: Record<string, string> = {
  text: 'string',
  bpchar: 'string',
  varchar: 'string',
  uuid: 'string',
  date: 'string',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float8: 'number',
  bool: 'boolean',
  bytea: 'Buffer',
  timestamptz: 'Date',
  json: 'unknown',
  jsonb: 'unknown',
}

type Column = { table_name: string; column_name: string; udt_name: string; nullable: boolean; has_default: boolean }

function typeOf(c: Column): string {
  const mapped = JSON_COLUMNS[`${c.table_name}.${c.column_name}`]
  if (mapped) return mapped[0]
  if (c.udt_name.startsWith('_')) return `${SCALARS[c.udt_name.slice(1)] ?? 'unknown'}[]`
  return SCALARS[c.udt_name] ?? 'unknown'
}

function line(c: Column): string {
  const base = typeOf(c)
  const full = c.nullable && base !== 'unknown' ? `${base} | null` : base
  return `  ${c.column_name}: ${c.has_default ? `Generated<${full}>` : full}`
}

function pascal(name: string): string {
  return name.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())
}

/** Kysely's table types, read from a migrated database; the check compares the committed file with this text. */
export async function generateTypes(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Column>(
      `select c.table_name, c.column_name, c.udt_name, c.is_nullable = 'YES' as nullable,
              c.column_default is not null or c.is_generated = 'ALWAYS' as has_default
       from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
       where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
         and not exists (select from pg_inherits where inhrelid = format('public.%I', c.table_name)::regclass)
       order by c.table_name, c.ordinal_position`,
    )
    return render(rows)
  } finally {
    await client.end()
  }
}

function render(rows: Column[]): string {
  const tables = group(rows)
  const imports = new Map<string, Set<string>>()
  for (const c of rows) {
    const mapped = JSON_COLUMNS[`${c.table_name}.${c.column_name}`]
    if (!mapped) continue
    const names = imports.get(mapped[1]) ?? new Set<string>()
    names.add(mapped[0].replace('[]', ''))
    imports.set(mapped[1], names)
  }
  return [
    '// Generated from the migrated database by core/db/generate-types.ts; the check refuses drift.',
    ...[...imports]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([module, names]) => `import type { ${[...names].toSorted().join(', ')} } from '@weiwang/domain/${module}'`),
    `import type { Generated } from 'kysely'`,
    '',
    ...[...tables].map(([name, columns]) => `export interface ${pascal(name)} {\n${columns.map(line).join('\n')}\n}\n`),
    `export interface DB {\n${[...tables.keys()].map((name) => `  ${name}: ${pascal(name)}`).join('\n')}\n}`,
    '',
  ].join('\n')
}

function group(rows: Column[]): Map<string, Column[]> {
  const tables = new Map<string, Column[]>()
  for (const row of rows) tables.set(row.table_name, [...(tables.get(row.table_name) ?? []), row])
  return tables
}

export function typesFile(): string {
  return path.join(import.meta.dirname, 'types.ts')
}

export async function writeTypes(url: string): Promise<void> {
  writeFileSync(typesFile(), await generateTypes(url))
}
