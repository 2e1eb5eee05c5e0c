import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from './lib.mjs'

/**
 * Rules of the house that no general tool knows: a room writes only its own tables and keeps SQL in its store; migrations
 * use nothing that a Citus cluster refuses; SQL never uses LIKE for containment.
 */
const faults = []

/** Tables that are a box between rooms: any room puts persons in, grading takes them out. */
const BOXES = new Set(['grade_dirty'])

/** What ends, ends across rooms (DELETE-1, DELETE-5): these files delete everybody's rows, or hand them over instead. */
const ENDS = new Set(['server/access/retention-store.ts', 'server/access/close-out-store.ts'])

function files(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(dir, entry.name)
    if (entry.isDirectory()) return ['dist', 'node_modules', 'migrations'].includes(entry.name) ? [] : files(file)
    return entry.name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(entry.name) ? [file] : []
  })
}

/** Tables by the room whose migration made them. */
function tableOwners() {
  const owners = new Map()
  for (const name of readdirSync(path.join(ROOT, 'server/migrations')).toSorted()) {
    const room = /^\d{4}_([a-z]+)/.exec(name)?.[1] ?? ''
    const sql = readFileSync(path.join(ROOT, 'server/migrations', name), 'utf8').replaceAll(/--.*$/gm, '')
    for (const [, table] of sql.matchAll(/create (?:unlogged )?table (?:if not exists )?([a-z_]+)/g))
      owners.set(table, room)
    lintMigration(name, sql)
  }
  return owners
}

function lintMigration(name, sql) {
  const refuse = (pattern, why) => pattern.test(sql) && faults.push(`server/migrations/${name}: ${why}`)
  refuse(/\bcreate\s+(constraint\s+)?trigger\b/i, 'no triggers: they do not work on distributed tables')
  refuse(/\bmerge\s+into\b/i, 'no MERGE: use insert … on conflict')
  refuse(/\b(rollup|cube|grouping sets)\s*\(/i, 'no ROLLUP over distributed tables')
  refuse(/\bon delete set null\b/i, 'no ON DELETE SET NULL')
  refuse(/\bserial\b/i, 'no serial columns: ids are made by the maker')
}

const WRITES = [
  /\.(?:insertInto|updateTable|deleteFrom)\(\s*'([a-z_]+)/g,
  /\b(?:insert into|update|delete from)\s+([a-z_]+)\b/gi,
]

function lintRoom(owners) {
  for (const file of files(path.join(ROOT, 'server'))) {
    const where = path.relative(ROOT, file)
    const room = where.split(path.sep)[1] ?? ''
    if (room === 'core' || room === 'cli' || room.endsWith('.ts') || ENDS.has(where)) continue
    const text = readFileSync(file, 'utf8')
    for (const pattern of WRITES) {
      for (const [, table] of text.matchAll(pattern)) {
        const owner = owners.get(table)
        if (owner && owner !== room && owner !== 'core' && !BOXES.has(table))
          faults.push(`${where}: writes ${table}, a table of ${owner}`)
      }
    }
    if (/\blike\s+'[^']*%/i.test(text) && /area|code/.test(text))
      faults.push(`${where}: containment is a range, never LIKE`)
  }
}

lintRoom(tableOwners())
if (faults.length > 0) {
  console.error(faults.join('\n'))
  process.exit(1)
}
