import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { z } from 'zod'
import {
  Batch,
  batchEnds,
  Entry,
  figuresOf,
  gradedSince,
  gradesOf,
  logInAs,
  openTasks,
  Problem,
  Push,
  pushEnds,
  Rebuilt,
  Run,
  runEnds,
  runIds,
  Say,
  Task,
  until,
  Verdict,
  weiwang,
  wrongDoors,
  wrongSums,
} from './api.ts'
import type { Client } from './api.ts'
import type { Deployment } from './deployment.ts'

/** The main job over HTTP, from the offices' files to the door and back; run on the embedded database and on another one. */

const CENTRE = '3205'
const GRID = '320508018025001'
/** Province, city, county, town, village: each level looks at itself. */
const LEVELS = ['32', '3205', '320508', '320508018', '320508018025'] as const
const DESKS: Record<string, string> = {
  '32': 'province32.operator',
  '3205': 'city3205.operator',
  '320508': 'county320508.operator',
  '320508018': 'town320508018.operator',
  '320508018025': 'village320508018025.operator',
}

const RowTruth = z.looseObject({
  source: z.string(),
  delivery: z.string(),
  row: z.number(),
  expect: z.enum(['accepted', 'unchanged', 'rejected']),
})
const Reject = z.looseObject({
  row: z.number(),
  column: z.string().min(1),
  value: z.string().nullable(),
  code: z.string().min(1),
  rule: z.string().min(1),
  reason: Say,
  remedy: Say,
})
const MachineAnswer = z.looseObject({
  batchId: z.string(),
  repeated: z.boolean(),
  rows: z.number(),
  accepted: z.number(),
  unchanged: z.number(),
  rejected: z.number(),
  results: z.array(z.looseObject({ row: z.number(), outcome: z.string(), faults: z.array(z.unknown()) })),
})
const RuleSet = z.looseObject({ id: z.string(), code: z.string(), state: z.string() })
const Filed = z.looseObject({
  id: z.string(),
  missing: z.array(z.string()),
  task: z.looseObject({ id: z.string(), state: z.string(), outcome: z.string().nullable() }).nullable(),
})

type Outcome = { accepted: number; unchanged: number; rejected: number }

/** What the maker of the exercise says should become of today's rows of a source. */
function expectedOf(feeds: string, source: string): Outcome {
  const count: Outcome = { accepted: 0, unchanged: 0, rejected: 0 }
  for (const line of readFileSync(path.join(feeds, 'rows.jsonl'), 'utf8').trim().split('\n')) {
    const row = RowTruth.parse(JSON.parse(line))
    if (row.source === source && row.delivery === 'today') count[row.expect]++
  }
  return count
}

function outcomeOf({ accepted, unchanged, rejected }: Outcome): Outcome {
  return { accepted, unchanged, rejected }
}

type Cast = {
  operator: Client
  /** Sees the runs of the province's rules as well as those of the city's. */
  above: Client
  chief: Client
  chief2: Client
  worker: Client
  desks: Map<string, Client>
}

async function castOf(deployment: Deployment): Promise<Cast> {
  const desks = new Map<string, Client>()
  for (const [area, login] of Object.entries(DESKS)) desks.set(area, await logInAs(deployment, login))
  return {
    operator: await logInAs(deployment, 'city3205.operator'),
    above: await logInAs(deployment, 'province32.operator'),
    chief: await logInAs(deployment, 'city3205.chief'),
    chief2: await logInAs(deployment, 'city3205.chief2'),
    worker: await logInAs(deployment, `worker${GRID}`),
    desks,
  }
}

function deskOf(cast: Cast, area: string): Client {
  const desk = cast.desks.get(area)
  if (!desk) throw new Error(`no desk of ${area}`)
  return desk
}

async function figuresOfLevels(cast: Cast): Promise<Map<string, Record<string, number>>> {
  const seen = new Map<string, Record<string, number>>()
  for (const area of LEVELS) seen.set(area, await figuresOf(deskOf(cast, area), area))
  seen.set(GRID, await figuresOf(cast.worker, GRID))
  return seen
}

/** Figures that time alone moves, for the tasks of the day before: their lists are checked, their movement is not. */
const BY_TIME = new Set(['overdue', 'unaccepted', 'escalated'])

/** What changed between two looks, without what stayed. */
function moved(
  before: Record<string, number> | undefined,
  after: Record<string, number> | undefined,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after ?? {}).flatMap(([id, n]) =>
      n === before?.[id] || BY_TIME.has(id) ? [] : [[id, n - (before?.[id] ?? 0)]],
    ),
  )
}

async function checkBatch(client: Client, id: string, wanted: Outcome): Promise<Batch> {
  const batch = await batchEnds(client, id)
  expect(batch.error, `${batch.feedId} failed`).toBeNull()
  expect(batch.state).toBe('loaded')
  expect(outcomeOf(batch), `rows of ${batch.feedId}`).toEqual(wanted)
  expect(batch.rows).toBe(batch.accepted + batch.unchanged + batch.rejected)
  return batch
}

/** Rejects say where, what, why and what to do, in a file that opens in Excel. */
async function checkRejects(client: Client, batch: Batch): Promise<void> {
  const rejects = await client.all(Reject, `/api/batches/${batch.id}/rejects`)
  expect(new Set(rejects.map((reject) => reject.row)).size, `rejected rows of ${batch.feedId}`).toBe(batch.rejected)
  const response = await fetch(`${client.address}/api/batches/${batch.id}/rejects.csv?lang=zh`, {
    headers: client.headers,
  })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('text/csv')
  const bytes = Buffer.from(await response.arrayBuffer())
  expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
  const lines = bytes.toString('utf8').trimEnd().split('\r\n')
  expect(lines.length, 'a header and a line for each reject').toBe(rejects.length + 1)
  for (const { reason, remedy } of rejects) {
    expect(bytes.toString('utf8')).toContain(reason.zh)
    expect(bytes.toString('utf8')).toContain(remedy.zh)
  }
}

export type Loaded = { rail: Batch; files: Record<string, string>; roadBody: string; roadKey: string }

/** Show 2, first part: four feeds in four forms. */
async function loadFour(deployment: Deployment, cast: Cast): Promise<Loaded> {
  const feeds = path.join(deployment.dataDir, 'exercise', 'feeds')
  const today = deployment.feedFilesOf('2020-02-15')
  const file = (source: string): string => {
    const found = today.find((one) => path.basename(one).startsWith(`${source}-`))
    if (found === undefined) throw new Error(`no file of ${source} in ${today.join(', ')}`)
    return found
  }
  const { operator, above } = cast
  const files = {
    rail: file('rail'),
    air: file('air'),
    telecom: file('telecom'),
    case_investigation: file('case_investigation'),
  }
  let rail: Batch | undefined
  for (const [source, reading] of [
    ['rail', { format: 'csv', encoding: 'gb18030', separator: ',' }],
    ['air', { format: 'xlsx', headerRow: 1 }],
    ['telecom', { format: 'csv', encoding: 'utf-8', separator: ';', headerRow: 2 }],
  ] as const) {
    const seen = await runIds(above)
    const { batch, repeated } = await operator.load(source, files[source])
    expect(repeated).toBe(false)
    const loaded = await checkBatch(operator, batch.id, expectedOf(feeds, source))
    expect(loaded.reading).toMatchObject(reading)
    await checkRejects(operator, loaded)
    if (loaded.accepted > 0) await gradedSince(above, seen)
    if (source === 'rail') rail = loaded
  }
  if (!rail) throw new Error('no rail batch')
  expect(rail.rejected, 'the exercise brings at least one bad row').toBeGreaterThan(0)

  const key = await operator.write(z.looseObject({ key: z.string() }), '/api/feeds/road/key')
  const machine = new Machine(deployment.address, key.key)
  const roadBody = readFileSync(file('road'), 'utf8')
  const seen = await runIds(above)
  const wrongKey = await new Machine(deployment.address, 'not-the-key').rows('road', roadBody)
  expect(wrongKey.status).toBe(401)
  const answer = await machine.rows('road', roadBody)
  expect(answer.status, answer.text).toBe(200)
  const rows = MachineAnswer.parse(answer.body)
  expect(outcomeOf(rows)).toEqual(expectedOf(feeds, 'road'))
  expect(rows.results.length).toBe(rows.rows)
  await gradedSince(above, seen)
  return { rail, files, roadBody, roadKey: key.key }
}

/** A machine has a key and no session. */
class Machine {
  readonly address: string
  readonly key: string
  constructor(address: string, key: string) {
    this.address = address
    this.key = key
  }
  async rows(feed: string, body: string): Promise<{ status: number; text: string; body: unknown }> {
    const response = await fetch(`${this.address}/api/feeds/${feed}/rows`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${this.key}`,
        'idempotency-key': randomUUID(),
      },
      body,
    })
    const text = await response.text()
    return { status: response.status, text, body: JSON.parse(text) }
  }
}

async function refused(answer: { status: number; body: unknown; text: string }): Promise<void> {
  expect(answer.status, answer.text).toBe(403)
  expect(Problem.parse(answer.body).code).toBe('NOT_ALLOWED')
}

/** Show 2: the rules of Suzhou are seen in a preview, proposed by one and approved by another; the same for a push. */
async function approveRules(cast: Cast): Promise<void> {
  const { operator, chief, chief2 } = cast
  const sets = await operator.all(RuleSet, '/api/rule-sets')
  const suzhou = sets.find((set) => set.code.startsWith('suzhou') && set.state === 'draft')
  if (!suzhou) throw new Error('the rules of Suzhou are not there as a draft')
  expect((await chief.post(`/api/rule-sets/${suzhou.id}/propose`)).status, 'nobody proposes unseen rules').toBe(409)
  const grades = await gradesOf(operator)
  const started = await operator.write(Run, '/api/grade-runs/preview', { ruleSetId: suzhou.id })
  const seen = await runEnds(operator, started.id)
  expect(seen.state).toBe('done')
  expect(seen.preview?.changed ?? 0, 'the rules of Suzhou change somebody').toBeGreaterThan(0)
  const cells = [...(seen.preview?.grades ?? []), ...(seen.preview?.colours ?? [])]
  expect(cells.length).toBeGreaterThan(0)
  for (const sample of seen.preview?.samples ?? []) expect(sample.masked).toContain('*')
  expect(await gradesOf(operator), 'a preview writes nothing').toEqual(grades)

  await chief.write(z.unknown(), `/api/rule-sets/${suzhou.id}/propose`)
  await refused(await operator.post(`/api/rule-sets/${suzhou.id}/approve`))
  await refused(await chief.post(`/api/rule-sets/${suzhou.id}/approve`))
  const { runId } = await chief2.write(z.looseObject({ runId: z.string() }), `/api/rule-sets/${suzhou.id}/approve`)
  let run = await runEnds(operator, runId)
  if (run.state === 'held') {
    await chief2.write(z.unknown(), `/api/grade-runs/${runId}/approve`)
    run = await runEnds(operator, runId)
  }
  expect(run.state).toBe('done')
  const active = (await operator.all(RuleSet, '/api/rule-sets')).find((set) => set.id === suzhou.id)
  expect(active?.state).toBe('active')
}

const Campaign = z.looseObject({ id: z.string(), state: z.string() })

type Two = Pick<Cast, 'operator' | 'chief'>

/** Proposed by the operator with its numbers, and approved by a chief of the city; it runs when this returns. */
export async function proposeAndApprove({ operator, chief }: Two): Promise<{ id: string; persons: number }> {
  const [campaign] = await operator.all(Campaign, '/api/campaigns', { state: 'open' })
  if (!campaign) throw new Error('no open campaign')
  const id = randomUUID()
  const proposed = await operator.write(Push, '/api/pushes', { id, area: CENTRE, campaignId: campaign.id })
  expect(proposed.state).toBe('proposed')
  const { persons } = proposed.consequence
  expect(persons).toBeGreaterThan(0)
  await refused(await operator.post(`/api/pushes/${id}/decide`, { approve: true }))
  await chief.write(Push, `/api/pushes/${id}/decide`, { approve: true })
  return { id, persons }
}

async function pushAll(cast: Two): Promise<Push> {
  const { id, persons } = await proposeAndApprove(cast)
  const push = await pushEnds(cast.operator, id)
  expect(push.state).toBe('done')
  const { task, keptOpen, answeredBefore, unresolved } = push.result
  expect(task + keptOpen + answeredBefore + unresolved, 'what was done is what was shown').toBe(persons)
  const again = await cast.chief.post(`/api/pushes/${id}/decide`, { approve: true })
  expect(again.status, 'decided once').toBe(409)
  return push
}

async function checkDoors(cast: Cast, when: string): Promise<void> {
  let asked = 0
  for (const area of LEVELS) {
    const doors = await wrongDoors(deskOf(cast, area), area, true)
    asked += doors.asked
    expect(doors.wrong, `${when}: every figure is the total of its list`).toEqual([])
    expect(await wrongSums(deskOf(cast, area), area), `${when}: children and own add up`).toEqual([])
  }
  expect((await wrongDoors(cast.worker, GRID, false)).wrong).toEqual([])
  expect(asked).toBeGreaterThan(5 * 19)
}

const ANSWERS = { came_from: 'listed', lives_with: 1, health: ['well'], needs: ['none'], arrived_on: '2020-02-10' }

/** Show 2, at the door: the worker sees exactly the persons of the push, files three visits, and five levels move by that. */
async function visitThree(cast: Cast, push: Push): Promise<void> {
  const { worker, operator } = cast
  const entries = await operator.all(Entry, '/api/list-entries', { pushId: push.id })
  const listed = entries.filter((entry) => entry.outcome === 'task' && entry.area.startsWith(GRID))
  const tasks = await openTasks(worker)
  const seen = new Set(tasks.map((task) => task.personId))
  expect(listed.length).toBeGreaterThan(3)
  expect(
    listed.filter((entry) => !seen.has(entry.personId)),
    'who was pushed and is not with the worker',
  ).toEqual([])
  expect(tasks.filter((task) => !task.area.startsWith(GRID))).toEqual([])
  for (const task of tasks) expect(task.masked).toContain('*')

  const fresh = tasks.filter((task) => task.state === 'pushed' && listed.some((entry) => entry.taskId === task.id))
  const [home, wrong, away] = fresh
  if (!home || !wrong || !away) throw new Error(`only ${fresh.length} fresh tasks`)
  const before = await figuresOfLevels(cast)
  const { now } = await operator.read(z.looseObject({ now: z.string() }), '/api/me')
  const file = (task: Task, more: object) =>
    worker.write(Filed, '/api/visits', {
      id: randomUUID(),
      taskId: task.id,
      personIds: [],
      method: 'door',
      result: 'met',
      occurredAt: now,
      ...more,
    })
  const first = await file(home, { disposition: 'HERE_HOME_OBS', answers: ANSWERS })
  expect(first).toMatchObject({ missing: [], task: { state: 'closed', outcome: 'answered' } })
  const second = await file(wrong, { disposition: 'WRONG_INFO', note: '号码机主非本人（演练）' })
  expect(second.task).toMatchObject({ state: 'closed', outcome: 'answered' })
  const third = await file(away, { disposition: 'NOT_RESIDENT', result: 'moved_out', note: '邻居称早已搬离（演练）' })
  expect(third.task).toMatchObject({ state: 'returned', outcome: null })

  // Opened by a reaction to the answer, a moment later.
  await expect.poll(() => cast.operator.total('/api/observations', { personId: home.personId ?? '' })).toBe(1)
  await expect
    .poll(async () => moved(before.get('3205'), await figuresOf(deskOf(cast, '3205'), '3205'))['teams'])
    .toBe(1)
  const after = await figuresOfLevels(cast)
  const open: Record<string, number> = {}
  for (const task of [home, wrong]) open[`open_${task.grade}`] = (open[`open_${task.grade}`] ?? 0) - 1
  // Who is found at home under observation is observed from then on (OBS-5), counted where the person stays, and has a team (OBS-7).
  const observed = { obs_observed: 1, obs_opened: 1, teams: 1 }
  const wanted = { visits: 3, persons: 3, answered: 2, found: 1, open: -2, unresolved: 1, ...observed, ...open }
  for (const area of LEVELS) expect(moved(before.get(area), after.get(area)), `figures of ${area}`).toEqual(wanted)
  const gridOpen = { ...open, [`open_${away.grade}`]: (open[`open_${away.grade}`] ?? 0) - 1 }
  expect(moved(before.get(GRID), after.get(GRID)), 'what was returned lies at the grid no more').toEqual({
    visits: 3,
    persons: 3,
    answered: 2,
    found: 1,
    open: -3,
    ...observed,
    ...gridOpen,
  })
}

/** Show 3, first part: the same file, the same rows in another file, the same body by HTTP. */
async function loadAgain(deployment: Deployment, cast: Cast, loaded: Loaded): Promise<void> {
  const { operator } = cast
  const grades = await gradesOf(operator)
  const figures = await figuresOfLevels(cast)
  const batches = await operator.total('/api/batches')
  const railFile = loaded.files['rail'] ?? ''
  const same = await operator.load('rail', railFile)
  expect(same.repeated, 'the answer says that the file came before').toBe(true)
  expect(same.batch.id).toBe(loaded.rail.id)
  const machine = MachineAnswer.parse(
    (await new Machine(deployment.address, loaded.roadKey).rows('road', loaded.roadBody)).body,
  )
  expect(machine).toMatchObject({ repeated: true, accepted: 0 })
  expect(await operator.total('/api/batches'), 'no batch more').toBe(batches)

  const saved = Buffer.concat([readFileSync(railFile), Buffer.from('\r\n')])
  const again = await operator.load('rail', { name: 'rail-saved-again.csv', bytes: saved })
  expect(again.repeated).toBe(false)
  const { accepted, unchanged, rejected } = loaded.rail
  await checkBatch(operator, again.batch.id, { accepted: 0, unchanged: accepted + unchanged, rejected })
  expect(await gradesOf(operator)).toEqual(grades)
  const after = await figuresOfLevels(cast)
  for (const [area, values] of after) expect(moved(figures.get(area), values), `figures of ${area}`).toEqual({})
}

const tasksByPerson = (tasks: Task[]): Map<string, string> =>
  new Map(tasks.map((task) => [task.id, `${task.personId} ${task.grade} ${task.area}`]))

/** Show 3, second part: one more feed, pushed, and withdrawn: grades and open tasks are what they were. */
async function withdraw(cast: Cast, loaded: Loaded): Promise<void> {
  const { operator, above, chief } = cast
  const grades = await gradesOf(operator)
  const tasks = tasksByPerson(await openTasks(operator))
  const figures = await figuresOf(operator, CENTRE)
  const seen = await runIds(above)
  const { batch } = await operator.load('case_investigation', loaded.files['case_investigation'] ?? '')
  const contacts = await batchEnds(operator, batch.id)
  expect(contacts.accepted).toBeGreaterThan(0)
  await gradedSince(above, seen)
  const with_ = await gradesOf(operator)
  const changed = [...with_].filter(([id, grade]) => grades.get(id) !== grade)
  expect(changed.length, 'contacts are graded').toBeGreaterThan(0)
  const push = await pushAll(cast)
  expect(push.result.task).toBeGreaterThan(0)
  const pushed = await openTasks(operator)
  expect(pushed.length).toBe(tasks.size + push.result.task + push.result.unresolved)

  await refused(await operator.post(`/api/batches/${batch.id}/withdraw`, { reason: '来源更正（演练）' }))
  const runs = await runIds(above)
  await chief.write(Batch, `/api/batches/${batch.id}/withdraw`, { reason: '来源更正（演练）' })
  expect((await batchEnds(operator, batch.id)).state).toBe('withdrawn')
  await gradedSince(above, runs)
  expect(await gradesOf(operator), 'grades go back').toEqual(grades)
  await until('the open tasks to go back', async () =>
    (await openTasks(operator)).length === tasks.size ? true : null,
  )
  expect(tasksByPerson(await openTasks(operator)), 'open tasks go back').toEqual(tasks)
  const after = await figuresOf(operator, CENTRE)
  expect(moved(figures, after)).toEqual({
    listed: push.consequence.persons,
    withdrawn: push.result.task + push.result.unresolved,
  })
}

async function checkTrail(deployment: Deployment): Promise<void> {
  const rebuilt = await weiwang(deployment, ['stats', 'rebuild'])
  expect(rebuilt.code, `${rebuilt.err} ${JSON.stringify(rebuilt.value)}`).toBe(0)
  const report = Rebuilt.parse(rebuilt.value)
  expect(report).toMatchObject({ differences: [], folds: [] })
  expect(report.tasks).toBeGreaterThan(0)
  expect(report.counters).toBeGreaterThan(0)
  const verified = await weiwang(deployment, ['audit', 'verify'])
  expect(verified.code, verified.err).toBe(0)
  const verdict = Verdict.parse(verified.value)
  expect(verdict).toMatchObject({ ok: true, findings: [] })
}

export async function feedToDoor(deployment: Deployment): Promise<void> {
  const cast = await castOf(deployment)
  const loaded = await test.step('four feeds are loaded', () => loadFour(deployment, cast))
  await test.step('the rules of Suzhou are previewed and approved by a second person', () => approveRules(cast))
  const push = await test.step('a push is proposed and approved', () => pushAll(cast))
  await test.step('three visits move the figures of five levels', () => visitThree(cast, push))
  await test.step('every figure opens its list', () => checkDoors(cast, 'after the visits'))
  await test.step('loading again changes nothing', () => loadAgain(deployment, cast, loaded))
  await test.step('a withdrawn feed takes its grades and tasks along', () => withdraw(cast, loaded))
  await test.step('every figure still opens its list', () => checkDoors(cast, 'after the withdrawal'))
  await test.step('counting again and verifying the trail find nothing', () => checkTrail(deployment))
}
