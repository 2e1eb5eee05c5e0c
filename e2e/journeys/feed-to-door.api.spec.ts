import { test } from '@playwright/test'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { feedToDoor } from '../feed-to-door.ts'

let deployment: Deployment

test.beforeAll(async () => {
  deployment = await startDeployment()
})
test.afterAll(() => deployment?.stop())

test('Shows 2 and 3: from four feeds to a door and back, over HTTP', () => feedToDoor(deployment))
