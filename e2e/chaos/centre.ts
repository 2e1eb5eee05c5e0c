import type { Rng } from '@weiwang/domain/exercise/prng'
import { weighted } from '@weiwang/domain/exercise/prng'
import { addDays } from '@weiwang/domain/core/day'
import { z } from 'zod'
import type { Answer } from '../api.ts'
import { nameFrom, numberFrom, textFrom } from './acts-people.ts'
import type { Duty } from './place.ts'
import { anyOf, idFrom } from './world.ts'
import type { World } from './world.ts'

/** What desks do while phones are away. */
type Deed = (world: World, rng: Rng) => Promise<string>

const Listed = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) })

function said(what: string, { status, text }: Answer): string {
  return `${what}: ${status}${status === 200 ? '' : ` ${text.slice(0, 160)}`}`
}

const operatorOf = (world: World): string => `village${world.place.village}.operator`
const countyChief = (world: World): string => `county${world.place.county}.chief`
const countyOperator = (world: World): string => `county${world.place.county}.operator`

async function ask(world: World, login: string, method: 'GET' | 'POST', url: string, body?: object): Promise<Answer> {
  const answer = await world.place.desk(login, method, url, body)
  if (answer.status === 500) {
    world.odd(`${login}: ${method} ${url} is answered 500 ${answer.text.slice(0, 200)}`)
    world.tell(`the program said: ${world.place.deployment.said().slice(-2000)}`)
  }
  return answer
}

async function listed(world: World, rng: Rng, login: string, url: string) {
  const { body } = await ask(world, login, 'GET', url)
  const read = Listed.safeParse(body)
  return read.success ? anyOf(rng, read.data.items) : undefined
}

/** Somebody who works in the village; closed accounts among them only by mistake. */
async function someWorker(world: World, rng: Rng): Promise<string | undefined> {
  const rows = await world.place.sql(`select id from account where id = any($1) and state = 'active' order by id`, [
    world.hands.map(({ worker }) => worker.id),
  ])
  const row = anyOf(rng, rows)
  return row === undefined ? undefined : String(row['id'])
}

async function someDuty(world: World, rng: Rng): Promise<Duty | undefined> {
  return anyOf(rng, await world.place.duties())
}

// ---- Duties ---------------------------------------------------------------------------------------------------------------------

const reassign: Deed = async (world, rng) => {
  const duty = await someDuty(world, rng)
  const to = await someWorker(world, rng)
  if (!duty || to === undefined || duty.account === to) return 'nobody to give a duty to'
  const body = {
    from: duty.account,
    to,
    areas: [duty.area],
    day: await world.place.today(),
    reason: '调整',
  }
  return said(
    `the centre gives ${duty.area} to ${to.slice(0, 8)}`,
    await ask(world, operatorOf(world), 'POST', '/api/duties/reassign', body),
  )
}

/** From leave to return: both have the grid, and the stand-in loses it by himself. */
const standIn: Deed = async (world, rng) => {
  const duty = await someDuty(world, rng)
  const by = await someWorker(world, rng)
  if (!duty || by === undefined || duty.account === by) return 'nobody to stand in'
  const today = await world.place.today()
  const body = {
    for: duty.account,
    by,
    areas: [duty.area],
    from: today,
    to: addDays(today, rng.int(2)),
    reason: '请假',
  }
  return said(
    `${by.slice(0, 8)} stands in over ${duty.area}`,
    await ask(world, operatorOf(world), 'POST', '/api/duties/stand-in', body),
  )
}

const endDuty: Deed = async (world, rng) => {
  const duty = await someDuty(world, rng)
  if (!duty) return 'no duty to end'
  const today = await world.place.today()
  const body = { lastDay: rng.chance(0.7) ? addDays(today, -1) : today, reason: '调离' }
  return said(
    `the duty over ${duty.area} ends`,
    await ask(world, operatorOf(world), 'POST', `/api/duties/${duty.id}/end`, body),
  )
}

/** A grid that nobody covers gets somebody. */
const assign: Deed = async (world, rng) => {
  const covered = new Set((await world.place.duties()).map(({ area }) => area.slice(0, 15)))
  const rows = await world.place.sql(
    `select code from area where level = 6 and valid_to is null and code >= $1 and code < $1 || 'z' order by code`,
    [world.place.village],
  )
  const gap = anyOf(
    rng,
    rows.map((row) => String(row['code'])).filter((code) => !covered.has(code)),
  )
  const to = await someWorker(world, rng)
  if (gap === undefined || to === undefined) return 'no gap'
  const body = { accountId: to, area: gap, kind: 'cover', from: await world.place.today() }
  return said(
    `${to.slice(0, 8)} gets ${gap}, which nobody had`,
    await ask(world, operatorOf(world), 'POST', '/api/duties', body),
  )
}

const endSessions: Deed = async (world, rng) => {
  const worker = anyOf(
    rng,
    world.hands.map((hand) => hand.worker),
  )
  if (!worker) return 'nobody'
  await world.place.endSessions(worker)
  return `the sessions of ${worker.name} end`
}

/** Left for good, with whatever lies unsent on the phones (case 37). As many as there are others to take the phones. */
const closeAccount: Deed = async (world, rng) => {
  const rows = await world.place.sql(`select id, state from account where id = any($1) order by id`, [
    world.place.workers.map(({ id }) => id),
  ])
  const active = rows.filter((row) => row['state'] === 'active').map((row) => String(row['id']))
  const id = anyOf(
    rng,
    world.hands.map(({ worker }) => worker.id).filter((one) => active.includes(one)),
  )
  if (id === undefined || active.length < 6) return 'nobody leaves'
  return said(
    `the account ${id.slice(0, 8)} is closed`,
    await ask(world, countyChief(world), 'POST', `/api/accounts/${id}/close`, { reason: '离职' }),
  )
}

// ---- Phones ----------------------------------------------------------------------------------------------------------------------

async function somePhone(world: World, rng: Rng, state: string) {
  const rows = await world.place.sql(
    `select device, account_id from phone where state = $1 and account_id = any($2) order by device`,
    [state, world.hands.map(({ worker }) => worker.id)],
  )
  const row = anyOf(rng, rows)
  return row ? { device: String(row['device']), account: String(row['account_id']) } : null
}

const reportLost: Deed = async (world, rng) => {
  const phone = await somePhone(world, rng, 'active')
  if (!phone) return 'no phone to lose'
  return said(
    `the phone ${phone.device.slice(0, 8)} of ${phone.account.slice(0, 8)} is lost`,
    await ask(world, operatorOf(world), 'POST', `/api/sync/phones/${phone.device}/lost`, { ...phone, reason: '遗失' }),
  )
}

const reportFound: Deed = async (world, rng) => {
  const phone = await somePhone(world, rng, 'lost')
  if (!phone) return 'no phone to find'
  return said(
    `the phone ${phone.device.slice(0, 8)} is found`,
    await ask(world, operatorOf(world), 'POST', `/api/sync/phones/${phone.device}/found`, phone),
  )
}

/** Whatever is still reported lost is found. */
export async function findAll(world: World): Promise<void> {
  const rows = await world.place.sql(`select device, account_id from phone where state = 'lost'`)
  for (const row of rows) {
    const phone = { device: String(row['device']), account: String(row['account_id']) }
    await ask(world, operatorOf(world), 'POST', `/api/sync/phones/${phone.device}/found`, phone)
  }
}

// ---- Work ------------------------------------------------------------------------------------------------------------------------

const decideHandover: Deed = async (world, rng) => {
  const row = await listed(world, rng, operatorOf(world), '/api/sync/handovers?limit=50')
  if (!row) return 'nothing to decide'
  const { id } = row
  const answer = rng.chance(0.6)
    ? await ask(world, operatorOf(world), 'POST', `/api/sync/handovers/${id}/take`, { id })
    : await ask(world, operatorOf(world), 'POST', `/api/sync/handovers/${id}/set-aside`, { id, reason: '重复上报' })
  return said(`the supervisor decides ${id.slice(0, 8)}`, answer)
}

async function taskIn(world: World, rng: Rng, states: string): Promise<string | null> {
  const rows = await world.place.sql(
    `select id from task where area >= $1 and area < $1 || 'z' and ${states} order by reference`,
    [world.place.village],
  )
  const row = anyOf(rng, rows)
  return row ? String(row['id']) : null
}

const reopen: Deed = async (world, rng) => {
  const task = await taskIn(world, rng, `state = 'review'`)
  if (task === null) return 'no task to open again'
  const body = { decision: 'reopen', reason: '再核' }
  return said('a task is opened again', await ask(world, countyChief(world), 'POST', `/api/tasks/${task}/review`, body))
}

const passOn: Deed = async (world, rng) => {
  // What was returned lies at the village and would go nowhere else.
  const above = await taskIn(world, rng, `closed_at is null and length(area) < 15`)
  const task = above ?? (await taskIn(world, rng, `closed_at is null`))
  const to = await someDuty(world, rng)
  if (task === null || !to) return 'no task to pass on'
  return said(
    `a task goes to ${to.area}`,
    await ask(world, operatorOf(world), 'POST', `/api/tasks/${task}/pass`, { area: to.area, reason: '转办' }),
  )
}

// ---- Persons and doors -----------------------------------------------------------------------------------------------------------

async function somePersons(world: World, rng: Rng, n: number, where = 'true'): Promise<string[]> {
  const rows = await world.place.sql(
    `select p.person_id as id from person p where p.home_area >= $1 and p.home_area < $1 || 'z' and ${where}
     order by p.person_id limit 60`,
    [world.place.village],
  )
  const ids: string[] = []
  for (let i = 0; i < n; i++) {
    const row = anyOf(rng, rows)
    if (row) ids.push(String(row['id']))
  }
  return ids
}

const notMerged = `not exists (select from person_alias a where a.person_id = p.person_id)`

const mergePeople: Deed = async (world, rng) => {
  const [from, into] = await somePersons(world, rng, 2, notMerged)
  if (from === undefined || into === undefined || from === into) return 'nobody to merge'
  return said(
    `${from.slice(0, 8)} is merged into ${into.slice(0, 8)}`,
    await ask(world, operatorOf(world), 'POST', '/api/people/merge', { from, into, reason: '同一人' }),
  )
}

const undoMerge: Deed = async (world, rng) => {
  const [id] = await somePersons(world, rng, 1, notMerged.replace('not ', ''))
  if (id === undefined) return 'no merge to undo'
  return said(
    `the merge of ${id.slice(0, 8)} is undone`,
    await ask(world, operatorOf(world), 'POST', `/api/people/${id}/undo-merge`, { id, reason: '不是同一人' }),
  )
}

const REVIEWS: Readonly<Record<string, readonly string[]>> = {
  near_name: ['merge', 'different'],
  name_clash: ['keep', 'take'],
  same_document: ['moved', 'stays'],
}

const decideReview: Deed = async (world, rng) => {
  const row = await listed(world, rng, operatorOf(world), '/api/people/reviews?limit=50')
  const decision = anyOf(rng, REVIEWS[String(row?.['kind'])] ?? [])
  if (!row || decision === undefined) return 'no pair to decide'
  return said(
    `a pair is decided: ${decision}`,
    await ask(world, operatorOf(world), 'POST', `/api/people/reviews/${row.id}/decide`, { decision }),
  )
}

const Opened = z.looseObject({ seen: z.string() })

const decideConflict: Deed = async (world, rng) => {
  const row = await listed(world, rng, operatorOf(world), '/api/people/conflicts?limit=50')
  if (!row) return 'no two values to decide'
  const opened = await ask(world, operatorOf(world), 'POST', `/api/people/conflicts/${row.id}/open`, {})
  const read = Opened.safeParse(opened.body)
  if (!read.success) return said('two values', opened)
  const decision = rng.chance(0.5) ? 'keep' : 'take'
  const body = { decision, reason: '电话核实', seen: read.data.seen }
  return said(
    `of two values: ${decision}`,
    await ask(world, operatorOf(world), 'POST', `/api/people/conflicts/${row.id}/decide`, body),
  )
}

const Identity = z.looseObject({ name: z.string().nullable(), phone: z.string().nullable() })

/** The desk changes the same fields of the same few that phones change. */
const deskChange: Deed = async (world, rng) => {
  const [id] = await somePersons(world, rng, 1, notMerged)
  if (id === undefined) return 'nobody to change'
  const opened = await ask(world, operatorOf(world), 'POST', `/api/people/${id}/open`, { purpose: 'correct_record' })
  const read = Identity.safeParse(opened.body)
  if (!read.success) return said('a record to correct', opened)
  const { name, phone } = read.data
  const changes = rng.chance(0.7)
    ? { phone: { from: phone, to: numberFrom(rng) } }
    : { name: { from: name, to: nameFrom(rng) } }
  const body = { changes, occurredAt: new Date(Date.now()).toISOString() }
  return said(
    `the desk changes ${id.slice(0, 8)}`,
    await ask(world, operatorOf(world), 'POST', `/api/people/${id}/change`, body),
  )
}

const Door = z.looseObject({ estate: z.string().nullable() })

const deskDoor: Deed = async (world, rng) => {
  const rows = await world.place.sql(
    `select id from household where area >= $1 and area < $1 || 'z' order by id limit 12`,
    [world.place.village],
  )
  const row = anyOf(rng, rows)
  if (!row) return 'no door to change'
  const id = String(row['id'])
  const shown = await ask(world, operatorOf(world), 'GET', `/api/households/${id}`)
  const read = Door.safeParse(shown.body)
  if (!read.success) return said('a door to correct', shown)
  const changes = { estate: { from: read.data.estate, to: textFrom(rng) } }
  const body = { changes, occurredAt: new Date(Date.now()).toISOString() }
  return said(
    `the desk changes the door ${id.slice(0, 8)}`,
    await ask(world, operatorOf(world), 'POST', `/api/households/${id}/change`, body),
  )
}

// ---- Instructions and help --------------------------------------------------------------------------------------------------------

const instruct: Deed = async (world, rng) => {
  const id = idFrom(rng)
  const due = Date.parse(`${await world.place.today()}T00:00:00Z`) + rng.between(30, 70) * 3_600_000
  const instruction = {
    title: `核对 ${rng.int(1000)}`,
    text: '逐户核对后回执',
    to: [world.place.village],
    level: 6,
    route: 'straight',
    dueAt: new Date(due).toISOString(),
    eachDoor: rng.chance(0.3) ? { kinds: ['home'], purpose: 'household' } : null,
  }
  return said(
    `the county instructs`,
    await ask(world, countyOperator(world), 'POST', '/api/instructions', { id, area: world.place.county, instruction }),
  )
}

async function someOrder(world: World, rng: Rng): Promise<{ id: string; version: number } | null> {
  const rows = await world.place.sql(`select id, version from instruction where state = 'sent' order by id`)
  const row = anyOf(rng, rows)
  return row ? { id: String(row['id']), version: Number(row['version']) } : null
}

const changeOrder: Deed = async (world, rng) => {
  const order = await someOrder(world, rng)
  if (!order) return 'no instruction to change'
  const due = Date.parse(`${await world.place.today()}T00:00:00Z`) + rng.between(30, 70) * 3_600_000
  const body = {
    version: order.version,
    title: `核对（更改）${rng.int(1000)}`,
    text: '改为逐户登记',
    dueAt: new Date(due).toISOString(),
    reason: '口径调整',
  }
  return said(
    'an instruction is changed',
    await ask(world, countyOperator(world), 'POST', `/api/instructions/${order.id}/change`, body),
  )
}

const recallOrder: Deed = async (world, rng) => {
  const order = await someOrder(world, rng)
  if (!order) return 'no instruction to recall'
  const body = { version: order.version, reason: '上级统一处理' }
  return said(
    'an instruction is recalled',
    await ask(world, countyOperator(world), 'POST', `/api/instructions/${order.id}/recall`, body),
  )
}

const answerHelp: Deed = async (world, rng) => {
  const call = await listed(world, rng, operatorOf(world), '/api/help?limit=50')
  if (!call) return 'nobody asks for help'
  const verb = rng.chance(0.6) ? 'see' : 'close'
  return said(
    `a call for help: ${verb}`,
    await ask(world, operatorOf(world), 'POST', `/api/help/${call.id}/${verb}`, {}),
  )
}

const DEEDS: readonly (readonly [Deed, number])[] = [
  [reassign, 4],
  [standIn, 2],
  [endDuty, 1],
  [assign, 3],
  [endSessions, 1],
  [closeAccount, 0.25],
  [reportLost, 0.8],
  [reportFound, 0.3],
  [decideHandover, 8],
  [reopen, 5],
  [passOn, 4],
  [mergePeople, 1.5],
  [undoMerge, 0.7],
  [decideReview, 2],
  [decideConflict, 4],
  [deskChange, 2],
  [deskDoor, 2],
  [instruct, 0.7],
  [changeOrder, 0.5],
  [recallOrder, 0.3],
  [answerHelp, 2],
]

const choose = weighted<Deed>(DEEDS)

/** One deed of a desk; the program may be away at this very moment, as for anybody. */
export async function centreAct(world: World, rng: Rng): Promise<string> {
  const deed = choose(rng)
  try {
    return await deed(world, rng)
  } catch (error) {
    if (error instanceof TypeError && error.message.includes('fetch failed')) return `${deed.name}: the program is away`
    if (error instanceof Error && error.message.startsWith('log-in of')) return `${deed.name}: ${error.message}`
    throw error
  }
}
