import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeWorld } from './world.fixture.ts'
import type { World } from './world.fixture.ts'

/** TASK-5: a second department that asks the same question gets the answer that exists, and nobody knocks again. */

const VILLAGE = '320506001001'

let w: World
beforeAll(async () => {
  w = await makeWorld()
})
afterAll(() => w.close())

/** A campaign of another department, with the questions of the first one unless told. */
async function campaign(more: { questions?: object[]; starts?: string } = {}): Promise<string> {
  const id = randomUUID()
  await w.sql(
    `insert into campaign (id, emergency_id, area, name, purpose, basis, script, questions, hours, starts, ends, state, created_at)
     select $1, emergency_id, area, name, purpose, basis, script, coalesce($2::jsonb, questions), hours, coalesce($3::date, starts), ends, 'open', now()
     from campaign where id = $4`,
    [id, more.questions ? JSON.stringify(more.questions) : null, more.starts ?? null, w.campaignId],
  )
  return id
}

/** Pushes the village for a campaign, by two people; what was told beforehand and what was done. */
async function pushFor(campaignId: string) {
  const id = randomUUID()
  const told = await w.post(await w.desk(VILLAGE), '/api/pushes', { id, area: VILLAGE, campaignId })
  expect(told.status).toBe(200)
  await w.post(await w.desk(VILLAGE), `/api/pushes/${id}/decide`, { approve: true })
  await w.drain()
  const { keptOpen, answeredBefore } = told.body.consequence
  return {
    id,
    told: { keptOpen, answeredBefore },
    result: (await w.get(await w.desk('3205'), `/api/pushes/${id}`)).body.result,
  }
}

test('TASK-5: the same questions in another campaign are answered by the answer that exists, on the days of that campaign', async () => {
  const grid = `${VILLAGE}001`
  const [asked, open] = [await w.person(grid, 'yellow'), await w.person(grid, 'blue')]
  await pushFor(w.campaignId)
  // Visits, which answer tasks, are a room above this one.
  const [task] = await w.sql(
    `update task set state = 'closed', outcome = 'answered', disposition = 'HERE_NO_RISK', answered_at = now(), answered_day = $2
     where person_id = $1 returning id`,
    [asked, w.server.clock.today()],
  )
  await w.sql('delete from open_task where person_id = $1', [asked])

  const second = await pushFor(await campaign())
  expect(second.told).toEqual({ keptOpen: 0, answeredBefore: 1 })
  expect(second.result).toEqual({ task: 1, keptOpen: 0, answeredBefore: 1, unresolved: 0 })
  const entries = await w.sql('select person_id, outcome, task_id from list_entry where push_id = $1', [second.id])
  expect(entries.find((one) => one.person_id === asked)).toMatchObject({ outcome: 'answered_before', task_id: task.id })
  // Who has no answer yet is asked by the second department as well: only an answer is an answer.
  expect(entries.find((one) => one.person_id === open)).toMatchObject({ outcome: 'task' })

  const pets = [{ key: 'pets', type: 'yes_no', say: { zh: '有宠物吗', en: 'Pets?' }, required: true }]
  for (const other of [await campaign({ questions: pets }), await campaign({ questions: [] })]) {
    const push = await pushFor(other)
    expect(push.told).toEqual({ keptOpen: 0, answeredBefore: 0 })
    expect(push.result).toMatchObject({ task: 2, answeredBefore: 0 })
  }

  // An answer given before a campaign began is not about its days.
  await w.sql('update task set answered_day = answered_day - 1 where id = $1', [task.id])
  const later = await pushFor(await campaign({ starts: w.server.clock.today() }))
  expect(later.result).toMatchObject({ task: 2, answeredBefore: 0 })
})
