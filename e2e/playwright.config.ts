import { availableParallelism } from 'node:os'
import { defineConfig } from '@playwright/test'
import { findChromium } from './browser.ts'

const { executablePath, env } = await findChromium()

/** Where the suite wants the counts. */
const report = process.env['PLAYWRIGHT_JSON_OUTPUT_FILE']

export default defineConfig({
  testDir: '.',
  testMatch: ['journeys/*.spec.ts', 'smoke.spec.ts'],
  outputDir: '../test-results',
  globalSetup: './global-setup.ts',
  // A journey changes the deployment that it started, and a file has one of its own. Most of a journey is waiting: two at once keep
  // two cores less than busy.
  workers: availableParallelism() > 1 ? 2 : 1,
  fullyParallel: false,
  // A browser, a server and a database on a machine that does other things too: one more try, and the closing lines name who needed it.
  retries: 1,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: report === undefined ? [['list']] : [['list'], ['json', { outputFile: report }]],
  use: {
    actionTimeout: 20_000,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    trace: 'retain-on-failure',
    launchOptions: { executablePath, args: ['--no-sandbox'], env: { ...process.env, ...env } },
  },
})
