import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { testServer } from '../core/testing/test-server.ts'
import { gradingJobs } from './jobs.ts'

test('DELETE-5: whoever still has a grade when an emergency is closed out is judged again, elsewhere nobody', async () => {
  const t = await testServer({ rooms: [{ room: 'grading', jobs: gradingJobs }] })
  const emergencyId = await t.openEmergency('3205')
  const [here, there] = [randomUUID(), randomUUID()]
  for (const [id, area] of [
    [here, '320508001001001'],
    [there, '320102001001001'],
  ])
    await t.sql(
      `insert into grade_now (person_id, home_area, n, rule_set_id, grade, from_day, reasons, recorded_at)
       values ($1, $2, 1, gen_random_uuid(), 'red', '2020-01-01', '[]', now())`,
      [id, area],
    )
  const before = await t.sql('select person_id from grade_dirty')
  await t.server.asSystem('test', async (ctx) => ctx.emit('emergency.closed_out', { emergencyId }))
  await t.drain()
  const seen = (await t.sql('select person_id from grade_dirty')).map((row) => row.person_id)
  expect([before, seen]).toEqual([[], [here]])
  await t.close()
})
