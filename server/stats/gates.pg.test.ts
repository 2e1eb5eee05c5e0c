import { randomUUID } from 'node:crypto'
import { addDays } from '@weiwang/domain/core/day'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runRetention } from '../access/retention.ts'
import { makeGates, passage } from '../checkpoints/gates.fixture.ts'
import type { Gates } from '../checkpoints/gates.fixture.ts'
import { A, VILLAGE } from '../teams/place.fixture.ts'
import { rebuildStats } from './rebuild.ts'
import { statRoutes } from './routes.ts'

/* eslint-disable typescript/no-explicit-any -- tests read answers freely */
let w: Gates
beforeAll(async () => {
  w = await makeGates([statRoutes])
})
afterAll(() => w.close())

test('STAT-1, STAT-2, STAT-5: passages and referrals at gates are figures of every level, each with its list, and stay when passages go', async () => {
  const today = w.server.clock.today()
  const gates = [
    await w.makeGate({ area: `${VILLAGE}001` }),
    await w.makeGate({ area: `${VILLAGE}002` }),
    await w.makeGate({ area: VILLAGE, kind: 'road' }),
  ]
  const old = addDays(today, -14)
  const items = gates.flatMap((gate, i) => [
    ...Array.from({ length: i + 2 }, () => passage(gate)),
    passage(gate, {}, new Date(Date.now() - 14 * 24 * 3_600_000)),
    {
      kind: 'referral',
      id: randomUUID(),
      gateId: gate,
      passageId: null,
      at: new Date().toISOString(),
      why: 'yellow',
      disposition: 'isolation_site',
      homeProof: null,
      homeArea: null,
      called: null,
      private: { name: '某', document: '', phone: '', address: '', note: '' },
    },
  ])
  expect(
    (await w.post(w.guard, '/api/passages', { items })).body.results.every((one: any) => one.outcome === 'accepted'),
  ).toBe(true)

  const check = async (): Promise<void> => {
    for (const area of [A, VILLAGE, `${VILLAGE}001`])
      for (const [from, to] of [
        [today, today],
        [old, today],
      ]) {
        const { body } = await w.get(w.operator, `/api/stats/figures?area=${area}&from=${from}&to=${to}`)
        for (const id of ['gate_passages', 'gate_referrals']) {
          const figure = body.figures.find((one: any) => one.id === id)
          const query = new URLSearchParams(figure.door.query).toString()
          const list = await w.get(w.operator, `${figure.door.path}?${query}`)
          expect([list.status, list.body.total], `${id} ${area} ${from}`).toEqual([200, figure.n])
        }
      }
    const report = await rebuildStats(w.server, { repair: false })
    expect([report.differences, report.folds]).toEqual([[], []])
  }
  await check()
  const county = (await w.get(w.operator, `/api/stats/figures?area=${A}&from=${old}&to=${today}`)).body.figures
  const n = (id: string): number => county.find((one: any) => one.id === id).n
  expect([n('gate_passages'), n('gate_referrals')]).toEqual([12, 3])

  const real = w.server.clock.today.bind(w.server.clock)
  Object.assign(w.server.clock, { today: () => addDays(today, 1) })
  await runRetention(w.server, 'passage')
  Object.assign(w.server.clock, { today: real })
  expect((await w.sql('select count(*)::int as n from passage where day = $1', [old]))[0].n).toBe(0)
  await check()
  // A reader of figures who may not open the list does not see the figure.
  const worker = await w.member('worker', [`${VILLAGE}001`])
  const seen = (await w.get(worker, `/api/stats/figures?area=${VILLAGE}001&from=${today}&to=${today}`)).body
  expect(seen.figures.map((one: any) => one.id)).not.toContain('gate_passages')
})
