import { rolesSql } from '../core/db/roles.ts'
import { openDatabase } from '../core/postgres/database.ts'
import { readArgs } from './io.ts'
import type { Io } from './io.ts'
import { configOf, DEPLOYMENT_FLAGS } from './program.ts'

export async function migrateCommand(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, {
    'print-roles': { type: 'boolean' },
    ...DEPLOYMENT_FLAGS,
    login: { type: 'string' },
    database: { type: 'string' },
  })
  if (flags['print-roles']) {
    const sql = rolesSql(String(flags['database'] ?? 'weiwang'), String(flags['login'] ?? 'weiwang'))
    io.result({ sql }, sql)
    return
  }
  const config = configOf(flags)
  const database = await openDatabase(config, () => undefined)
  await database.stop()
  io.result(
    { applied: database.migrated },
    database.migrated.length === 0 ? 'Nothing to do. 已是最新。' : `Applied: ${database.migrated.join(', ')}`,
  )
}
