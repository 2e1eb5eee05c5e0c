import { generateTypes, typesFile, writeTypes } from '../db/generate-types.ts'
import { readFileSync } from 'node:fs'
import { startTestCluster } from './cluster.ts'

// `npm run types:db` writes the table types from a fresh migrated database; with --check it only compares.
const cluster = await startTestCluster()
try {
  const url = cluster.url(cluster.template)
  if (process.argv.includes('--check')) {
    if ((await generateTypes(url)) !== readFileSync(typesFile(), 'utf8')) {
      process.stderr.write('server/core/db/types.ts differs from the migrated database: run npm run types:db\n')
      process.exitCode = 1
    }
  } else {
    await writeTypes(url)
  }
} finally {
  await cluster.stop()
}
