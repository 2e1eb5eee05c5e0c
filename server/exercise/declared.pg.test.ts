import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testServer } from '../core/testing/test-server.ts'
import type { TestServer } from '../core/testing/test-server.ts'
import { searchDeclared, searchTable } from './declared.fixture.ts'

/** The search of the first day, small: all kinds that are planted among a hundredth of the honest (EX-19). */
let t: TestServer
beforeAll(async () => {
  t = await testServer()
})
afterAll(() => t.close())

describe('the search for false declarations (EX-19, TRUTH-3)', () => {
  test('of what lies beyond the errors of the sources nearly all is found; few of the honest are suspected; no colour changes', async () => {
    const emergencyId = await t.openEmergency()
    const today = await t.server.asSystem('test', async (ctx) => ctx.today)
    const result = await searchDeclared(t.server, {
      seed: 'test',
      people: 10_000,
      share: 1,
      today,
      emergencyId,
      area: '32',
    })
    const told = searchTable(result)
    expect(result.people).toBe(10_000)
    expect([result.beyondFound / result.beyond >= 0.95, told]).toEqual([true, told])
    // A hundredth of the honest: at a million as many wrong suspicions as are found would be four here.
    expect([result.wrongTotal <= 4, told]).toEqual([true, told])
    expect(result.coloursChanged).toBe(0)
    // What lies within the errors of the sources is not found either: a day trip on a line, the other side of the border, a day.
    for (const row of result.rows.filter((one) => !one.beyond)) expect([row.kind, row.found]).toEqual([row.kind, 0])
  }, 120_000)

  test('what is planted and how sources err is drawn without knowing what the finder allows for', () => {
    const text = readFileSync(new URL('../../domain/exercise/declared.ts', import.meta.url), 'utf8')
    expect([...text.matchAll(/from '([^']+)'/g)].map(([, from]) => from)).toEqual([
      '../core/day.ts',
      '../core/day.ts',
      './prng.ts',
      './prng.ts',
    ])
  })
})
