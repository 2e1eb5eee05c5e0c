import { readdirSync } from 'node:fs'
import path from 'node:path'
import { addDays } from '@weiwang/domain/core/day'
import type { Day } from '@weiwang/domain/core/day'
import { LAYOUTS } from '@weiwang/domain/exercise/layouts'
import { JIANGSU } from '@weiwang/domain/grading/presets/jiangsu'
import { SUZHOU } from '@weiwang/domain/grading/presets/suzhou'
import { idFrom } from '../core/ids.ts'
import { drainQueue } from '../core/queue.ts'
import type { Server } from '../core/server.ts'
import { startPreview } from '../grading/actions-runs.ts'
import { approveRuleSet, proposeRuleSet, saveRuleSet } from '../grading/actions-sets.ts'
import { driveRun } from '../grading/run.ts'
import { resolvePersons } from '../people/resolving.ts'
import { decidePush, proposePush } from '../tasks/push-actions.ts'
import { runPush } from '../tasks/push.ts'
import { deliverFile, deliverRows } from './deliver.ts'
import type { Delivered } from './deliver.ts'
import type { Desk } from './order.ts'
import type { ExerciseState } from './state.ts'
import { openCampaignOf } from './store.ts'
import { runDay } from './workers.ts'

/** All files of a day, as their offices send them. */
export async function deliverDay(server: Server, desk: Desk, feeds: string, day: Day): Promise<Delivered[]> {
  const dir = path.join(feeds, day)
  const names = readdirSync(dir).toSorted()
  const delivered: Delivered[] = []
  for (const { source, format } of LAYOUTS) {
    for (const name of names.filter((one) => one.startsWith(`${source}-`))) {
      const deliver = format === 'json' ? deliverRows : deliverFile
      delivered.push(await deliver(server, desk.operator, source, path.join(dir, name)))
    }
  }
  return delivered
}

/** The lists of the day before, and every address that they bring. */
export async function loadYesterday(server: Server, desk: Desk, state: ExerciseState, feeds: string): Promise<void> {
  await deliverDay(server, desk, feeds, addDays(state.day, -1))
  await resolveAll(server)
}

const TURN = 50_000

async function resolveAll(server: Server): Promise<void> {
  for (;;) {
    const { taken } = await resolvePersons(server, { limit: TURN })
    if (taken < TURN) return
  }
}

/**
 * The provincial rules in force, seen in a preview and approved by a second person, and everybody graded by them; the rules
 * of Suzhou lie as a draft with its centre, to be tried.
 */
export async function putRules(server: Server, above: Desk, centre: Desk, area: string): Promise<void> {
  const key = (act: string): { key: string } => ({ key: `exercise-rules-${act}` })
  const { id } = await server.run(saveRuleSet, above.operator, { document: JIANGSU }, key('save'))
  const preview = await server.run(startPreview, above.operator, { ruleSetId: id }, key('preview'))
  await driveRun(server, preview.id)
  await server.run(proposeRuleSet, above.operator, { id }, key('propose'))
  const { runId } = await server.run(approveRuleSet, above.chief, { id }, key('approve'))
  await driveRun(server, runId)
  if (area === SUZHOU.area) await server.run(saveRuleSet, centre.operator, { document: SUZHOU }, key('save-suzhou'))
}

/** Yesterday's list goes to the grids, proposed by the operator and approved by a chief of the city. */
export async function pushYesterday(server: Server, desk: Desk, area: string, seed: string): Promise<void> {
  const campaignId = await server.asSystem('exercise.campaign', (ctx) => openCampaignOf(ctx.db))
  const id = idFrom(`exercise-push/${seed}/${area}`)
  const key = (act: string): { key: string } => ({ key: `exercise-push-${act}` })
  await server.run(proposePush, desk.operator, { id, area, campaignId }, key('propose'))
  await server.run(decidePush, desk.chief, { id, approve: true }, key('approve'))
  await runPush(server, id)
  await drainQueue(server)
}

/** The share of yesterday's tasks that is answered when the exercise opens: the rest waits for people. */
const ANSWERED = 0.6

export async function visitYesterday(
  server: Server,
  seed: string,
  onVillage?: (done: number, total: number) => void,
): Promise<void> {
  await runDay(server, { rate: ANSWERED, seed, onVillage })
  await drainQueue(server)
}
