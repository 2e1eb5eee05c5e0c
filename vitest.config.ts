import { defineConfig } from 'vitest/config'

/** Suffixes say what a test needs: `.test.ts` nothing, `.pg.test.ts` a PostgreSQL of its own (a clone of the migrated template). */
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    setupFiles: ['server/core/testing/properties.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'rules',
          include: ['{domain,server,web}/**/*.test.{ts,tsx}', 'e2e/verifier/*.test.ts'],
          exclude: ['**/*.pg.test.ts', '**/dist/**', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'pg',
          include: [
            process.env['WEIWANG_ONLY'] === 'core' ? 'server/core/**/*.pg.test.ts' : '{server,bench}/**/*.pg.test.ts',
          ],
          exclude: ['**/dist/**', '**/node_modules/**'],
          globalSetup: ['server/core/testing/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
})
