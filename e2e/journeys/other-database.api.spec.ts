import { existsSync, mkdtempSync, chmodSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { startEmbedded } from '../../server/core/postgres/embedded.ts'
import type { Embedded } from '../../server/core/postgres/embedded.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { feedToDoor } from '../feed-to-door.ts'

/** Show 7: the same journey on a PostgreSQL that is not ours: WEIWANG_OTHER_DATABASE_URL, or one started for it here. */

let other: Embedded | undefined
let folder: string | undefined
let deployment: Deployment | undefined

test.afterAll(async () => {
  await deployment?.stop()
  await other?.stop()
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
})

async function otherUrl(): Promise<string> {
  const given = process.env['WEIWANG_OTHER_DATABASE_URL']
  if (given) return given
  folder = mkdtempSync(path.join(tmpdir(), 'weiwang-e2e-other-'))
  chmodSync(folder, 0o711)
  other = await startEmbedded({ dataDir: path.join(folder, 'data') })
  return other.adminUrl
}

test('Show 7: from feed to door with DATABASE_URL', async () => {
  deployment = await startDeployment({ env: { DATABASE_URL: await otherUrl() } })
  expect(existsSync(path.join(deployment.dataDir, 'postgres')), 'no database of our own was started').toBe(false)
  await feedToDoor(deployment)
})
