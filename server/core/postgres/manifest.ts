import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

/** What lies beside a verified backup. */
export const Manifest = z.object({
  version: z.literal(1),
  postgres: z.string(),
  at: z.string(),
  /** Real time: whatever was committed before it is in the backup. */
  coversUntil: z.string(),
  databases: z.array(
    z.object({
      name: z.string(),
      migrations: z.number(),
      rows: z.record(z.string(), z.number()),
      /** How many keys each master wraps: which masters the backup needs. */
      masters: z.record(z.string(), z.number()),
    }),
  ),
  files: z.number(),
  bytes: z.number(),
  hash: z.string(),
})
export type Manifest = z.infer<typeof Manifest>

/** Beside the cluster in the data folder, and in its backups: how to log in. The key file is never among them. */
export const SECRET_FILES = ['postgres.json', 'postgres-login']

/**
 * A restored cluster carries this file from before it is in place until every database in it has raised its grids' epochs
 * (SYNC-8). Whatever is killed in between, the next start finds it and goes on.
 */
export const RESTORED = 'weiwang.restored'

/** The manifest of a backup; null where there is none. */
export function readManifest(dir: string): Manifest | null {
  const file = path.join(dir, 'manifest.json')
  return existsSync(file) ? Manifest.parse(JSON.parse(readFileSync(file, 'utf8'))) : null
}
