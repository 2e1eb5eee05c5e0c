import { expect, test } from '@playwright/test'
import {
  Batch,
  batchEnds,
  Entry,
  gradesOf,
  logInAs,
  openTasks,
  Page,
  Push,
  Rebuilt,
  until,
  Verdict,
  weiwang,
} from '../api.ts'
import type { Client } from '../api.ts'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { proposeAndApprove } from '../feed-to-door.ts'

/** Show 6: the program and its database are killed in the middle of the work; nothing is lost and nothing is double. */

const ROWS = 8_000
/** Of each ten rows one repeats the row before and one has a number that cannot be. */
const GOOD = (ROWS * 8) / 10
const REPEATED = ROWS / 10
const BAD = ROWS / 10

let deployment: Deployment | undefined

test.setTimeout(400_000)
test.afterEach(async () => {
  const info = test.info()
  if (info.status !== info.expectedStatus && deployment)
    await info.attach('log of the program', { body: deployment.said(), contentType: 'text/plain' })
})
test.afterAll(() => deployment?.stop())

const two = (n: number): string => String(n).padStart(2, '0')

/** GB 11643, region 3299, which does not exist: nobody's numbers. */
function identityNumber(n: number): string {
  const birth = `19${50 + (n % 50)}${two(1 + (Math.floor(n / 50) % 12))}${two(1 + (Math.floor(n / 600) % 28))}`
  const first = `329900${birth}${String(121 + Math.floor(n / 16_800))}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, i) => total + weight * Number(first[i]), 0)
  return first + ('10X98765432'[sum % 11] ?? '')
}

const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张'
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华玉萍红飞鹏云莉林'

/** Names that differ, so that nobody is taken for somebody else's double. */
function nameOf(n: number): string {
  const pick = (text: string, i: number): string => text[i % text.length] ?? ''
  return pick(SURNAMES, n) + pick(GIVEN, Math.floor(n / SURNAMES.length)) + pick(GIVEN, Math.floor(n / 768))
}

function bigFile(from: number): Buffer {
  const lines = ['手机号;姓名;证件号码;漫游地;开始日期;结束日期;现住址']
  for (let i = 0; i < ROWS; i++) {
    const kind = i % 10
    const n = from + (kind === 9 ? i - 1 : i)
    const doc = kind === 5 ? `${identityNumber(n).slice(0, 17)}A` : identityNumber(n)
    const home = n % 2 === 0 ? '江苏省苏州市姑苏区平江街道拙政园社区' : '江苏省苏州市姑苏区'
    lines.push(`199${String(n).padStart(8, '0')};${nameOf(n)};${doc};武汉市;2020-02-01;2020-02-08;${home}`)
  }
  return Buffer.from(lines.join('\r\n'))
}

/** Waits until a batch is in its middle. */
async function inTheMiddle(operator: Client, id: string): Promise<void> {
  const end = Date.now() + 60_000
  for (;;) {
    const batch = await operator.read(Batch, `/api/batches/${id}`)
    if (batch.state === 'loaded') throw new Error('the batch was loaded before anything could be killed')
    if (batch.rows > 0 && batch.rows < ROWS) return
    if (Date.now() > end) throw new Error(`the batch never began: ${JSON.stringify(batch)}`)
  }
}

async function allCounted(operator: Client, id: string): Promise<void> {
  const batch = await batchEnds(operator, id, 150)
  expect(batch.error).toBeNull()
  const { state, rows, accepted, unchanged, rejected } = batch
  expect({ state, rows, accepted, unchanged, rejected }).toEqual({
    state: 'loaded',
    rows: ROWS,
    accepted: GOOD,
    unchanged: REPEATED,
    rejected: BAD,
  })
}

/** GRADE-28, GRADE-30: so many reds at once are held, and let go by somebody who neither delivered nor approved what gives them. */
async function letGoHeld(deciders: readonly Client[]): Promise<void> {
  const [first] = deciders
  const held = first ? (await first.read(Page, '/api/grade-runs', { state: 'held', limit: 20 })).items : []
  for (const { id } of held) {
    let done = false
    for (const decider of deciders)
      done ||= (await decider.post(`/api/grade-runs/${String(id)}/approve`, {})).status === 200
    expect(done, 'somebody may let the held run take effect').toBe(true)
  }
}

async function nothingRuns(province: Client): Promise<void> {
  let quiet = 0
  await until(
    'the grading to come to rest',
    async () => {
      const runs = await province.read(Page, '/api/grade-runs', { state: 'running', limit: 1 })
      quiet = runs.total === 0 ? quiet + 1 : 0
      return quiet > 8 ? true : null
    },
    150,
  )
}

test('Show 6: kill -9 of the program and of PostgreSQL, in imports and in a push', async () => {
  deployment = await startDeployment()
  const running = deployment
  const before = (await gradesOf(await logInAs(running, 'city3205.operator'))).size

  await test.step('the program is killed in an import and goes on by itself', async () => {
    const first = await logInAs(running, 'city3205.operator')
    const { batch } = await first.load('telecom', { name: 'first.csv', bytes: bigFile(0) })
    await inTheMiddle(first, batch.id)
    await running.crash()
    const operator = await logInAs(running, 'city3205.operator')
    const stopped = await operator.read(Batch, `/api/batches/${batch.id}`)
    expect(stopped.state, 'killed in the middle').not.toBe('loaded')
    await allCounted(operator, batch.id)
  })

  const operator = await logInAs(running, 'city3205.operator')
  const chief = await logInAs(running, 'city3205.chief')
  const province = await logInAs(running, 'province32.operator')

  await test.step('PostgreSQL is killed in an import; the same program starts it again and goes on', async () => {
    const { batch } = await operator.load('telecom', { name: 'second.csv', bytes: bigFile(100_000) })
    await inTheMiddle(operator, batch.id)
    const pid = running.databasePid()
    process.kill(pid, 'SIGKILL')
    await allCounted(operator, batch.id)
    expect(running.databasePid()).not.toBe(pid)
    expect(running.child.exitCode, 'the program lives').toBeNull()
  })

  await test.step('every person is graded once, and a second load changes nothing', async () => {
    await until(
      'everybody to be graded',
      async () => {
        await nothingRuns(province)
        await letGoHeld([
          province,
          chief,
          await logInAs(running, 'province32.chief'),
          await logInAs(running, 'city3205.chief2'),
        ])
        return (await operator.total('/api/graded')) >= before + 2 * GOOD ? true : null
      },
      200,
    )
    const grades = await operator.total('/api/graded')
    expect(grades).toBe(before + 2 * GOOD)
    const again = await operator.load('telecom', {
      name: 'first-again.csv',
      bytes: Buffer.concat([bigFile(0), Buffer.from('\r\n')]),
    })
    const { accepted, unchanged, rejected } = await batchEnds(operator, again.batch.id)
    expect({ accepted, unchanged, rejected }).toEqual({ accepted: 0, unchanged: GOOD + REPEATED, rejected: BAD })
    expect(await operator.total('/api/graded')).toBe(grades)
  })

  await test.step('PostgreSQL is killed in a push, which ends with one task for each person', async () => {
    const { id, persons } = await proposeAndApprove({ operator, chief })
    expect(persons).toBeGreaterThan(GOOD)
    const end = Date.now() + 60_000
    for (;;) {
      const { state, result } = await operator.read(Push, `/api/pushes/${id}`)
      const done = Object.values(result).reduce((sum, n) => sum + n, 0)
      if (state !== 'running') throw new Error('the push was over before anything could be killed')
      if (done > 0 && done < persons) break
      if (Date.now() > end) throw new Error('the push never began')
    }
    process.kill(running.databasePid(), 'SIGKILL')
    const push = await until(
      'the push to end',
      async () => {
        const now = await operator.read(Push, `/api/pushes/${id}`)
        return now.state === 'running' ? null : now
      },
      200,
    )
    expect(push.state).toBe('done')
    expect(Object.values(push.result).reduce((sum, n) => sum + n, 0)).toBe(persons)
    const entries = await operator.all(Entry, '/api/list-entries', { pushId: id })
    expect(entries.length).toBe(persons)
    expect(new Set(entries.map((entry) => entry.personId)).size).toBe(persons)
    const tasks = await openTasks(operator)
    expect(new Set(tasks.map((task) => task.personId)).size, 'one open task for each person').toBe(tasks.length)
    expect(tasks.length).toBeGreaterThanOrEqual(push.result.task + push.result.unresolved)
    const ids = new Set(tasks.map((task) => task.id))
    expect(entries.filter((entry) => entry.outcome === 'task' && !ids.has(entry.taskId ?? ''))).toEqual([])
  })

  await test.step('counted again from the events there is no difference, and the trail is whole', async () => {
    const rebuilt = await weiwang(running, ['stats', 'rebuild'])
    expect(rebuilt.code, `${rebuilt.err} ${JSON.stringify(rebuilt.value).slice(0, 500)}`).toBe(0)
    expect(Rebuilt.parse(rebuilt.value)).toMatchObject({ differences: [], folds: [] })
    const verified = await weiwang(running, ['audit', 'verify'])
    expect(Verdict.parse(verified.value), verified.err).toMatchObject({ ok: true, findings: [] })
  })
})
