import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { SAID, startDeployment, TEMPLATE } from './deployment.ts'

/**
 * The exercise of a grid is loaded once: the deployment of each journey begins as a copy of its folder, which is what an operator
 * who starts again has. That loading works from an empty folder is seen here once, and in its room (EX-10).
 */
export default async function makeTemplate(): Promise<() => Promise<void>> {
  const said = path.join(import.meta.dirname, '../test-results/programs')
  mkdirSync(said, { recursive: true })
  process.env[SAID] = said
  const made = await startDeployment({ exercise: 'grid', fresh: true })
  await made.stop({ keep: true })
  process.env[TEMPLATE] = made.dataDir
  return () => made.stop()
}
