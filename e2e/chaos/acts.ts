import type { Rng } from '@weiwang/domain/exercise/prng'
import { jpeg } from '../../server/visits/jpeg.fixture.ts'
import type { Phone, TaskView } from '../../web/worker/phone/types.ts'
import type { Hand, Tab } from './hand.ts'

/** What a worker does with a phone. Each act says in a few words what it did, or null when there was nothing to do it with. */
export type Work = { key: string; hand: string; kind: string; body: Readonly<Record<string, unknown>>; photos: number }

export type World = {
  rng: Rng
  works: Work[]
  /** Keys of work that other work replaces. */
  replaced: Set<string>
  /** A new session for the phone's worker. */
  logIn: (hand: Hand) => Promise<void>
}
export type Act = (world: World, hand: Hand, tab: Tab) => Promise<string | null>

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const EXPECTED = new Set(['PhoneLocked', 'Trouble'])

/** An id that the seed decides, shaped as one that a phone makes. */
export function idFrom(rng: Rng): string {
  const hex = (digits: number): string => Array.from({ length: digits }, () => rng.int(16).toString(16)).join('')
  return `${hex(8)}-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(12)}`
}

function anyOf<T>(rng: Rng, list: readonly T[]): T | undefined {
  const i = rng.int(Math.max(1, list.length))
  return list[i]
}

/** Few of them close a task, for there are not many tasks: most wait, are tried again, or go to the centre, which opens them. */
const ANSWERS = [
  'HERE_NO_RISK',
  'NOT_RESIDENT',
  ...Array.from({ length: 3 }, () => ['NOT_RETURNED', 'NO_ANSWER', 'WHAT_IS_THIS']).flat(),
]

function tasksOf(phone: Phone): TaskView[] {
  return phone.shelf.tasks().toSorted((a, b) => (a.body.reference < b.body.reference ? -1 : 1))
}

async function add(
  world: World,
  hand: Hand,
  { phone }: Tab,
  kind: string,
  grid: string | undefined,
  body: Record<string, unknown>,
  photos: readonly string[] = [],
): Promise<string> {
  const item = await phone.outbox.add({ kind, grid, body, photos })
  world.works.push({ key: item.key, hand: hand.name, kind, body: item.body ?? body, photos: photos.length })
  return `${kind} ${item.key.slice(0, 8)}`
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
  const task = anyOf(world.rng, tasksOf(tab.phone))
  const disposition = anyOf(world.rng, ANSWERS)
  if (!task) return null
  const more = disposition === 'NOT_RETURNED' ? { expectedDay: '2020-03-01' } : {}
  const body = { ...visitBody(world.rng), taskId: task.id, disposition, ...more }
  return add(world, hand, tab, 'visit.file', task.grid, body)
}

const fileDoor: Act = async (world, hand, tab) => {
  const doors = tab.phone.shelf.doors().toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const door = anyOf(world.rng, doors)
  if (!door) return null
  const members = tab.phone.shelf.membersOf(door.id).filter(({ local }) => !local)
  const personIds = members.slice(0, world.rng.int(3)).map(({ id }) => id)
  return add(world, hand, tab, 'visit.file', door.grid, { ...visitBody(world.rng), householdId: door.id, personIds })
}

const filePlace: Act = async (world, hand, tab) => {
  const duty = anyOf(world.rng, tab.phone.mine()?.duties ?? [])
  if (!duty) return null
  return add(world, hand, tab, 'visit.file', duty.grid, { ...visitBody(world.rng), area: duty.unit ?? duty.grid })
}

const filePhotos: Act = async (world, hand, tab) => {
  const duty = anyOf(world.rng, tab.phone.mine()?.duties ?? [])
  if (!duty) return null
  const ids: string[] = []
  for (let i = world.rng.between(1, 2); i > 0; i--)
    ids.push((await tab.phone.photos.take(new Blob([new Uint8Array(jpeg())], { type: 'image/jpeg' }))).id)
  const body = { ...visitBody(world.rng), area: duty.grid, photos: ids }
  return add(world, hand, tab, 'visit.file', duty.grid, body, ids)
}

const correct: Act = async (world, hand, tab) => {
  const mine = tab.phone.shelf.myVisits(tab.phone.today()).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const visit = anyOf(world.rng, mine)
  if (!visit) return null
  const { taskId, householdId } = visit.body
  const body = {
    ...visitBody(world.rng),
    ...(taskId ? { taskId, disposition: anyOf(world.rng, ANSWERS) } : {}),
    ...(householdId ? { householdId } : {}),
    ...(taskId || householdId ? {} : { area: visit.grid }),
    supersedes: visit.id,
    correctionReason: '看错了门牌',
  }
  return add(world, hand, tab, 'visit.file', visit.grid, body)
}

const poison: Act = async (world, hand, tab) => {
  const duty = anyOf(world.rng, tab.phone.mine()?.duties ?? [])
  if (!duty) return null
  const bad = anyOf(world.rng, [
    { method: 'telepathy' },
    { note: '长'.repeat(3000) },
    { taskId: idFrom(world.rng) },
    { answers: 'none' },
  ])
  return add(world, hand, tab, 'visit.file', duty.grid, { ...visitBody(world.rng), area: duty.grid, ...bad })
}

const unknownKind: Act = async (world, hand, tab) => {
  const duty = anyOf(world.rng, tab.phone.mine()?.duties ?? [])
  if (!duty) return null
  return add(world, hand, tab, 'drone.launch', duty.grid, { id: idFrom(world.rng), occurredAt: '' })
}

const accept: Act = async (world, hand, tab) => {
  const task = anyOf(world.rng, tasksOf(tab.phone))
  return task ? add(world, hand, tab, 'task.accept', task.grid, { id: task.id, occurredAt: '' }) : null
}

const attempt: Act = async (world, hand, tab) => {
  const task = anyOf(world.rng, tasksOf(tab.phone))
  if (!task) return null
  const channel = anyOf(world.rng, ['door', 'phone', 'message'])
  return add(world, hand, tab, 'task.attempt', task.grid, {
    id: task.id,
    channel,
    result: 'no_answer',
    occurredAt: '',
  })
}

const addDoor: Act = async (world, hand, tab) => {
  const duty = anyOf(world.rng, tab.phone.mine()?.duties ?? [])
  if (!duty) return null
  const { rng } = world
  const id = idFrom(rng)
  const said = await add(world, hand, tab, 'household.add', duty.grid, {
    id,
    area: duty.unit ?? duty.grid,
    kind: 'home',
    use: 'self',
    estate: `混沌苑${rng.int(100_000)}`,
    building: '1幢',
    door: String(rng.int(1000)),
    members: [],
  })
  if (rng.chance(0.5)) return said
  return `${said}, ${await add(world, hand, tab, 'visit.file', duty.grid, { ...visitBody(rng), householdId: id })}`
}

const draft: Act = async (world, _hand, { phone }) => {
  const of = { form: 'f', version: '1', subject: `s${world.rng.int(5)}` }
  if (world.rng.chance(0.3)) await phone.drafts.drop(of)
  else await phone.drafts.save(of, { note: world.rng.int(1000) })
  return 'draft'
}

const mend: Act = async (world, hand, { phone }) => {
  const refused = anyOf(
    world.rng,
    phone.outbox.items().filter(({ state, body }) => state === 'refused' && body !== null),
  )
  if (!refused?.body) return null
  const { taskId: _, ...rest } = refused.body
  const area = refused.grid ?? undefined
  const body = { ...rest, method: 'door', note: '已更正', answers: {}, ...(area === undefined ? {} : { area }) }
  if (refused.kind !== 'visit.file' || world.rng.chance(0.3)) {
    const next = await phone.outbox.toSupervisor(refused.key, '请看看')
    world.works.push({ key: next.key, hand: hand.name, kind: refused.kind, body: refused.body, photos: 0 })
    world.replaced.add(refused.key)
    return `to the supervisor ${next.key.slice(0, 8)} for ${refused.key.slice(0, 8)}`
  }
  const next = await phone.outbox.mend(refused.key, body)
  world.works.push({ key: next.key, hand: hand.name, kind: refused.kind, body: next.body ?? body, photos: 0 })
  world.replaced.add(refused.key)
  return `mended ${next.key.slice(0, 8)} for ${refused.key.slice(0, 8)}`
}

const retry: Act = async (world, _hand, { phone }) => {
  const item = anyOf(
    world.rng,
    phone.outbox.items().filter(({ state }) => state === 'stuck' || state === 'waiting'),
  )
  if (!item) return null
  await phone.outbox.retry(item.key)
  return 'retry'
}

const dismiss: Act = async (world, _hand, { phone }) => {
  const item = anyOf(
    world.rng,
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

const restart: Act = async (_world, hand, tab) => {
  await hand.close(tab)
  await hand.openTab()
  return 'closed and opened'
}

const kill: Act = async (world, hand, tab) => {
  const [after, got] = [world.rng.int(5), world.rng.chance(0.5)]
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

const passTime: Act = async (world, hand) => {
  const ms = world.rng.between(1, 40) * MINUTE
  hand.skew += ms
  return `${ms / MINUTE} minutes pass`
}

const jump: Act = async (world, hand) => {
  const ms = anyOf(world.rng, [5 * HOUR, -5 * HOUR, 4 * DAY, -2 * DAY, 400 * DAY, -400 * DAY, -10 * MINUTE]) ?? 0
  hand.skew += ms
  return `its clock jumps by ${ms / HOUR} h`
}

const forgetPin: Act = async (world, hand, { phone }) => {
  await world.logIn(hand)
  const pin = String(100_000 + world.rng.int(900_000))
  await phone.enrol({ account: hand.worker, pin })
  hand.pin = pin
  return 'a new PIN after a forgotten one'
}

/** Weights are of one another, not of a hundred. */
export const ACTS: readonly (readonly [Act, number])[] = [
  [sync, 24],
  [fileTask, 12],
  [fileDoor, 8],
  [filePlace, 3],
  [filePhotos, 4],
  [correct, 5],
  [poison, 5],
  [unknownKind, 1],
  [accept, 5],
  [attempt, 7],
  [addDoor, 4],
  [draft, 3],
  [mend, 9],
  [retry, 2],
  [dismiss, 1],
  [lock, 2],
  [wrongPin, 1],
  [restart, 2],
  [kill, 4],
  [secondTab, 3],
  [passTime, 6],
  [jump, 1.5],
  [forgetPin, 0.4],
]

/** What the phone's gate asks for, done as a worker would. False: it stays closed for now. */
export async function letIn(world: World, hand: Hand, { phone }: Tab): Promise<boolean> {
  for (let turn = 0; turn < 4; turn++) {
    const { gate } = phone.state()
    if (gate === 'open') return true
    if (gate === 'locked') {
      const answer = await phone.unlock(hand.pin)
      if (!answer.ok && answer.why === 'pin') throw new Error(`${hand.name}: its own PIN does not open it`)
    } else if (gate === 'away') await phone.sync()
    else if (gate === 'logIn') {
      await world.logIn(hand)
      await phone.signedIn(hand.worker.id, { fresh: true })
    } else {
      await world.logIn(hand)
      await phone.enrol({ account: hand.worker, pin: hand.pin })
    }
  }
  return phone.state().gate === 'open'
}

/** An act; what the phone itself refuses (locked meanwhile, no net for a log-in) is part of the day. */
export async function tryAct(act: () => Promise<string | null>): Promise<string | null> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof Error && EXPECTED.has(error.name)) return `${error.name}: ${error.message}`
    throw error
  }
}
