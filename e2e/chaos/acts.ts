import type { Rng } from '@weiwang/domain/exercise/prng'
import { jpeg } from '../../server/visits/jpeg.fixture.ts'
import type { Phone, TaskView } from '../../web/worker/phone/types.ts'
import { PEOPLE_ACTS } from './acts-people.ts'
import { fill } from './hand.ts'
import { add, anyOf, byId, idFrom, remember } from './world.ts'
import type { Act } from './world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365 * DAY

/** Few of them close a task, for there are not many tasks: most wait, are tried again, or go to the centre, which opens them. */
const ANSWERS = [
  'HERE_NO_RISK',
  'NOT_RESIDENT',
  ...Array.from({ length: 3 }, () => ['NOT_RETURNED', 'NO_ANSWER', 'WHAT_IS_THIS']).flat(),
]

function tasksOf(phone: Phone): TaskView[] {
  return phone.shelf.tasks().toSorted((a, b) => (a.body.reference < b.body.reference ? -1 : 1))
}

function visitBody(rng: Rng): Record<string, unknown> {
  return {
    id: idFrom(rng),
    method: rng.chance(0.8) ? 'door' : 'phone',
    result: rng.chance(0.8) ? 'met' : 'not_home',
    answers: { symptoms: rng.chance(0.1) },
    ...(rng.chance(0.2) ? { note: `楼道 ${rng.int(1000)}` } : {}),
    occurredAt: '',
  }
}

const fileTask: Act = async (world, hand, tab) => {
  const { rng } = hand
  const task = anyOf(rng, tasksOf(tab.phone))
  const disposition = anyOf(rng, ANSWERS)
  if (!task) return null
  const more = disposition === 'NOT_RETURNED' ? { expectedDay: '2020-03-01' } : {}
  const body = { ...visitBody(rng), taskId: task.id, disposition, ...more }
  return add(world, hand, tab, { kind: 'visit.file', grid: task.grid, body })
}

const fileDoor: Act = async (world, hand, tab) => {
  const { rng } = hand
  const door = anyOf(rng, byId(tab.phone.shelf.doors()))
  if (!door) return null
  const members = byId(tab.phone.shelf.membersOf(door.id)).filter(({ local }) => !local || rng.chance(0.3))
  const personIds = members.slice(0, rng.int(3)).map(({ id }) => id)
  const position = { lat: 31 + rng.next() / 100, lng: 120 + rng.next() / 100, accuracy: rng.between(3, 200) }
  const body = { ...visitBody(rng), householdId: door.id, personIds, ...(rng.chance(0.3) ? { position } : {}) }
  return add(world, hand, tab, { kind: 'visit.file', grid: door.grid, body })
}

const filePlace: Act = async (world, hand, tab) => {
  const duty = anyOf(hand.rng, tab.phone.mine()?.duties ?? [])
  if (!duty) return null
  const body = { ...visitBody(hand.rng), area: duty.unit ?? duty.grid }
  return add(world, hand, tab, { kind: 'visit.file', grid: duty.grid, body })
}

const filePhotos: Act = async (world, hand, tab) => {
  const { rng } = hand
  const duty = anyOf(rng, tab.phone.mine()?.duties ?? [])
  if (!duty) return null
  const ids: string[] = []
  for (let i = rng.between(1, 2); i > 0; i--)
    ids.push((await tab.phone.photos.take(new Blob([new Uint8Array(jpeg())], { type: 'image/jpeg' }))).id)
  const body = { ...visitBody(rng), area: duty.grid, photos: ids }
  return add(world, hand, tab, { kind: 'visit.file', grid: duty.grid, body, photos: ids })
}

const correct: Act = async (world, hand, tab) => {
  const { rng } = hand
  const visit = anyOf(rng, byId(tab.phone.shelf.myVisits(tab.phone.today())))
  if (!visit) return null
  const { taskId, householdId } = visit.body
  const body = {
    ...visitBody(rng),
    ...(taskId ? { taskId, disposition: anyOf(rng, ANSWERS) } : {}),
    ...(householdId ? { householdId } : {}),
    ...(taskId || householdId ? {} : { area: visit.grid }),
    supersedes: visit.id,
    correctionReason: '看错了门牌',
  }
  return add(world, hand, tab, { kind: 'visit.file', grid: visit.grid, body })
}

const poison: Act = async (world, hand, tab) => {
  const { rng } = hand
  const duty = anyOf(rng, tab.phone.mine()?.duties ?? [])
  if (!duty) return null
  const bad = anyOf(rng, [
    { method: 'telepathy' },
    { note: '长'.repeat(3000) },
    { taskId: idFrom(rng) },
    { answers: 'none' },
  ])
  return add(world, hand, tab, {
    kind: 'visit.file',
    grid: duty.grid,
    body: { ...visitBody(rng), area: duty.grid, ...bad },
  })
}

const unknownKind: Act = async (world, hand, tab) => {
  const duty = anyOf(hand.rng, tab.phone.mine()?.duties ?? [])
  if (!duty) return null
  return add(world, hand, tab, {
    kind: 'drone.launch',
    grid: duty.grid,
    body: { id: idFrom(hand.rng), occurredAt: '' },
  })
}

const accept: Act = async (world, hand, tab) => {
  const task = anyOf(hand.rng, tasksOf(tab.phone))
  if (!task) return null
  return add(world, hand, tab, { kind: 'task.accept', grid: task.grid, body: { id: task.id, occurredAt: '' } })
}

const attempt: Act = async (world, hand, tab) => {
  const task = anyOf(hand.rng, tasksOf(tab.phone))
  if (!task) return null
  const channel = anyOf(hand.rng, ['door', 'phone', 'message'])
  return add(world, hand, tab, {
    kind: 'task.attempt',
    grid: task.grid,
    body: { id: task.id, channel, result: 'no_answer', occurredAt: '' },
  })
}

/** Up to the level above, which passes it down again (centre.ts). */
const giveBack: Act = async (world, hand, tab) => {
  const task = anyOf(hand.rng, tasksOf(tab.phone))
  if (!task) return null
  const reason = anyOf(hand.rng, ['not_my_area', 'not_resident', 'cannot'])
  return add(world, hand, tab, {
    kind: 'task.return',
    grid: task.grid,
    body: { id: task.id, reason, evidence: '门牌不在本网格' },
  })
}

const draft: Act = async (world, hand, tab) => {
  const { rng } = hand
  const of = { form: 'f', version: '1', subject: `s${rng.int(5)}` }
  const turn = rng.next()
  if (turn < 0.2) await tab.phone.drafts.drop(of)
  else if (turn < 0.8) await tab.phone.drafts.save(of, { note: rng.int(1000) })
  else {
    const duty = anyOf(rng, tab.phone.mine()?.duties ?? [])
    if (!duty) return null
    const body = { ...visitBody(rng), area: duty.grid }
    return `a draft becomes ${await add(world, hand, tab, { kind: 'visit.file', grid: duty.grid, body, draft: of })}`
  }
  return 'draft'
}

/** A refused visit is mended, or goes to the supervisor as it is. What else was refused: acts-people.ts. */
const mend: Act = async (world, hand, { phone }) => {
  const { rng } = hand
  const refused = anyOf(
    rng,
    phone.outbox.items().filter(({ state, body }) => state === 'refused' && body !== null),
  )
  if (!refused?.body) return null
  const { taskId: _, ...rest } = refused.body
  const area = refused.grid ?? undefined
  const body = { ...rest, method: 'door', note: '已更正', answers: {}, ...(area === undefined ? {} : { area }) }
  const short = refused.key.slice(0, 8)
  const photoIds = refused.photos
  if (refused.kind !== 'visit.file' || rng.chance(0.3)) {
    const next = await phone.outbox.toSupervisor(refused.key, '请看看')
    remember(world, hand, { key: next.key, kind: refused.kind, body: refused.body, photoIds })
    world.replaced.add(refused.key)
    return `to the supervisor ${next.key.slice(0, 8)} for ${short}`
  }
  const next = await phone.outbox.mend(refused.key, body)
  remember(world, hand, { key: next.key, kind: refused.kind, body: next.body ?? body, photoIds })
  world.replaced.add(refused.key)
  return `mended ${next.key.slice(0, 8)} for ${short}`
}

const retry: Act = async (_world, hand, { phone }) => {
  const item = anyOf(
    hand.rng,
    phone.outbox.items().filter(({ state }) => state === 'stuck' || state === 'waiting'),
  )
  if (!item) return null
  await phone.outbox.retry(item.key)
  return 'retry'
}

const dismiss: Act = async (_world, hand, { phone }) => {
  const item = anyOf(
    hand.rng,
    phone.outbox.items().filter(({ state }) => state === 'held'),
  )
  if (!item) return null
  await phone.outbox.dismiss(item.key)
  return `read ${item.key.slice(0, 8)}`
}

const sync: Act = async (_world, _hand, { phone }) => {
  const line = await phone.sync()
  return `sync: ${line.trouble ?? 'ok'}, sent ${line.sent}, received ${line.received}`
}

const lock: Act = async (_world, _hand, { phone }) => {
  phone.lock()
  return 'locked'
}

const wrongPin: Act = async (_world, _hand, { phone }) => {
  phone.lock()
  return `wrong PIN: ${JSON.stringify(await phone.unlock('000000'))}`
}

/** Somebody tries until the data key is destroyed; what is unsent goes up sealed (SYNC-20). */
const guess: Act = async (_world, _hand, { phone }) => {
  phone.lock()
  for (let i = 0; i < 10; i++) await phone.unlock('111111')
  return `the PIN was guessed at: ${phone.state().gate}`
}

const restart: Act = async (_world, hand, tab) => {
  await hand.close(tab)
  await hand.openTab()
  return 'closed and opened'
}

const kill: Act = async (_world, hand, tab) => {
  const [after, got] = [hand.rng.int(5), hand.rng.chance(0.5)]
  await hand.killIn(tab, after, got, () => tab.phone.sync())
  await hand.openTab()
  return `killed after ${after} exchanges${got ? ', the last arrived' : ''}`
}

const secondTab: Act = async (_world, hand, tab) => {
  if (hand.tabs.length > 1) {
    await hand.close(tab)
    return 'a tab is closed'
  }
  const other = await hand.openTab()
  if (other.phone.state().gate === 'locked') await other.phone.unlock(hand.pin)
  await Promise.all([tab.phone.sync(), other.phone.sync()])
  return 'a second tab, both sync'
}

const passTime: Act = async (_world, hand) => {
  const ms = hand.rng.between(1, 40) * MINUTE
  hand.device.skew += ms
  return `${ms / MINUTE} minutes pass`
}

const JUMPS = [5 * HOUR, -5 * HOUR, 4 * DAY, -2 * DAY, 400 * DAY, -400 * DAY, 9 * YEAR, -9 * YEAR, -10 * MINUTE]

const jump: Act = async (_world, hand) => {
  const ms = anyOf(hand.rng, JUMPS) ?? 0
  hand.device.skew += ms
  return `its clock jumps by ${ms / HOUR} h`
}

/** Somebody puts the clock right by hand. */
const clockRight: Act = async (_world, hand) => {
  if (hand.device.skew === 0) return null
  hand.device.skew = 0
  return 'its clock is put right'
}

const forgetPin: Act = async (world, hand, { phone }) => {
  await world.logIn(hand)
  const pin = String(100_000 + hand.rng.int(900_000))
  await phone.enrol({ account: hand.worker, pin })
  hand.pin = pin
  return 'a new PIN after a forgotten one'
}

/** Until somebody deletes holiday pictures. */
const fillDisk: Act = async (world, hand) => {
  fill(hand.device, true)
  hand.device.fullUntil = world.done() + hand.rng.between(20, 150)
  return `its storage is full until ${hand.device.fullUntil}`
}

/** Lies in a drawer while everything else goes on. */
const drawer: Act = async (world, hand) => {
  const busy = world.devices.filter((device) => device.awayUntil <= world.done()).length
  if (busy <= world.devices.length / 2) return null
  hand.device.awayUntil = world.done() + hand.rng.between(60, 500)
  hand.device.skew += hand.rng.between(1, 90) * HOUR
  return `lies in a drawer until ${hand.device.awayUntil}`
}

/** Weights are of one another, not of a hundred. */
export const ACTS: readonly (readonly [Act, number])[] = [
  [sync, 26],
  [fileTask, 11],
  [fileDoor, 8],
  [filePlace, 3],
  [filePhotos, 4],
  [correct, 5],
  [poison, 4],
  [unknownKind, 1],
  [accept, 5],
  [attempt, 6],
  [giveBack, 2],
  [draft, 4],
  [mend, 8],
  [retry, 2],
  [dismiss, 1],
  [lock, 2],
  [wrongPin, 1],
  [guess, 0.3],
  [restart, 2],
  [kill, 4],
  [secondTab, 3],
  [passTime, 6],
  [jump, 1.5],
  [clockRight, 0.5],
  [forgetPin, 0.4],
  [fillDisk, 1],
  [drawer, 0.7],
  ...PEOPLE_ACTS,
]
