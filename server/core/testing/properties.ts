import fc from 'fast-check'

/**
 * One seed for every property, so that a run of the suite can be repeated and a red one was made red by a change. To look
 * further, any whole number: `WEIWANG_SEED=7 npx vitest run --project rules`; what that finds becomes a case of its own.
 */
fc.configureGlobal({ seed: Number(process.env['WEIWANG_SEED'] ?? 20_200_123) })
