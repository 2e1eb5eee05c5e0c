import type { Rng } from '@weiwang/domain/exercise/prng'
import { HAZARDS } from '@weiwang/domain/people/hazards'
import { z } from 'zod'
import type { OutboxItem } from '../../web/worker/phone/types.ts'
import type { Hand, Tab } from './hand.ts'
import { add, anyOf, byId, idFrom, remember } from './world.ts'
import type { Act, World } from './world.ts'

/** What a worker does with persons, doors, instructions and the button for help. */

const SURNAMES = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'.split('')
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂玉兰萍红鹏辉建文博宇晨梓涵欣怡雨泽'.split('')

export function nameFrom(rng: Rng): string {
  const of = (list: readonly string[]): string => anyOf(rng, list) ?? ''
  return `${of(SURNAMES)}${of(GIVEN)}${of(GIVEN)}`
}

/** No value is chosen twice, so that one that stands somewhere says who has put it there. */
export function numberFrom(rng: Rng): string {
  return `+861${3 + rng.int(7)}${String(rng.int(1_000_000_000)).padStart(9, '0')}`
}

export function textFrom(rng: Rng): string {
  return `混沌${idFrom(rng).slice(0, 8)}`
}

const addDoor: Act = async (world, hand, tab) => {
  const { rng } = hand
  const duty = anyOf(rng, tab.phone.mine()?.duties ?? [])
  if (!duty) return null
  const id = idFrom(rng)
  // Now and then a door that is there already: near, and refused (case 9).
  const twin = rng.chance(0.25) ? anyOf(rng, byId(tab.phone.shelf.doors())) : undefined
  const { estate, building, door } = twin?.body ?? {}
  const place = twin?.label
    ? { ...(estate ? { estate } : {}), ...(building ? { building } : {}), ...(door ? { door } : {}) }
    : { estate: textFrom(rng), building: '1幢', door: String(rng.int(1000)) }
  const members = Array.from({ length: rng.chance(0.3) ? rng.between(1, 2) : 0 }, () => ({
    id: idFrom(rng),
    name: nameFrom(rng),
    phone: numberFrom(rng),
  }))
  const body = { id, area: duty.unit ?? duty.grid, kind: 'home', use: 'self', ...place, members }
  const said = await add(world, hand, tab, { kind: 'household.add', grid: duty.grid, body })
  if (rng.chance(0.6)) return said
  const visit = { id: idFrom(rng), method: 'door', result: 'met', answers: {}, householdId: id, occurredAt: '' }
  return `${said}, ${await add(world, hand, tab, { kind: 'visit.file', grid: duty.grid, body: visit })}`
}

const addPerson: Act = async (world, hand, tab) => {
  const { rng } = hand
  const duty = anyOf(rng, tab.phone.mine()?.duties ?? [])
  if (!duty) return null
  const door = rng.chance(0.7) ? anyOf(rng, byId(tab.phone.shelf.doors())) : undefined
  const twin = rng.chance(0.25) ? anyOf(rng, byId(tab.phone.shelf.persons())) : undefined
  const id = idFrom(rng)
  const body = {
    id,
    name: twin?.name ?? nameFrom(rng),
    phone: twin?.phone ?? numberFrom(rng),
    sex: rng.int(3),
    area: door?.body.area ?? duty.unit ?? duty.grid,
    ...(door ? { householdId: door.id } : {}),
  }
  const grid = door?.grid ?? duty.grid
  const said = await add(world, hand, tab, { kind: 'person.add', grid, body })
  if (rng.chance(0.6)) return said
  // What follows names the phone's own id, whatever record it becomes (PEOPLE-21).
  const change = { id, changes: { phone: { from: body.phone, to: numberFrom(rng) } }, occurredAt: '' }
  return `${said}, ${await add(world, hand, tab, { kind: 'person.change', grid, body: change })}`
}

const changePerson: Act = async (world, hand, tab) => {
  const { rng } = hand
  const person = anyOf(rng, crowded(byId(tab.phone.shelf.persons()), rng))
  if (!person) return null
  const changes = {
    ...(rng.chance(0.7) ? { phone: { from: person.phone, to: numberFrom(rng) } } : {}),
    ...(rng.chance(0.3) && person.name !== null ? { name: { from: person.name, to: nameFrom(rng) } } : {}),
    ...(rng.chance(0.2) ? { sex: { from: person.body.sex, to: rng.int(3) } } : {}),
  }
  return add(world, hand, tab, {
    kind: 'person.change',
    grid: person.grid,
    body: { id: person.id, changes, occurredAt: '' },
  })
}

/** Two people meet on the same few, or nothing would ever be said twice. */
function crowded<T>(list: readonly T[], rng: Rng): readonly T[] {
  return rng.chance(0.6) ? list.slice(0, 6) : list
}

const changeDoor: Act = async (world, hand, tab) => {
  const { rng } = hand
  const door = anyOf(rng, crowded(byId(tab.phone.shelf.doors()), rng))
  if (!door) return null
  const { estate, building, hazards, kind } = door.body
  const position = { lat: 31 + rng.next() / 100, lng: 120 + rng.next() / 100, accuracy: 5 }
  const changes = {
    ...(rng.chance(0.4) ? { estate: { from: estate ?? null, to: textFrom(rng) } } : {}),
    ...(rng.chance(0.3) ? { building: { from: building ?? null, to: textFrom(rng) } } : {}),
    ...(rng.chance(0.3) ? { kind: { from: kind, to: anyOf(rng, ['home', 'rental', 'group_rental', 'shop']) } } : {}),
    ...(rng.chance(0.3) ? { position: { from: door.body.position ?? null, to: position } } : {}),
    ...(rng.chance(0.4)
      ? { hazards: { from: [...hazards], to: HAZARDS.filter((word) => hazards.includes(word) !== rng.chance(0.2)) } }
      : {}),
  }
  return add(world, hand, tab, {
    kind: 'household.change',
    grid: door.grid,
    body: { id: door.id, changes, occurredAt: '' },
  })
}

const movePerson: Act = async (world, hand, tab) => {
  const { rng } = hand
  const person = anyOf(rng, byId(tab.phone.shelf.persons()))
  if (!person) return null
  const door = rng.chance(0.6) ? anyOf(rng, byId(tab.phone.shelf.doors())) : undefined
  // Sometimes out of the worker's own grids: to the village, which finds the grid.
  const to = door ? { householdId: door.id } : { area: rng.chance(0.5) ? person.grid : world.place.village }
  return add(world, hand, tab, {
    kind: 'person.move',
    grid: person.grid,
    body: { id: person.id, ...to, fromDay: tab.phone.today() },
  })
}

const Near = z.looseObject({
  candidates: z.array(z.looseObject({ person: z.looseObject({ personId: z.string() }) })).optional(),
  households: z.array(z.looseObject({ household: z.looseObject({ id: z.string() }) })).optional(),
})

/** What a near record refused: it is this one, or it is another and goes on with a reason (case 9). */
const answerNear: Act = async (world, hand, tab) => {
  const { phone } = tab
  const refused = anyOf(
    hand.rng,
    phone.outbox
      .items()
      .filter(
        ({ state, body, kind }) =>
          state === 'refused' && body !== null && (kind === 'person.add' || kind === 'household.add'),
      ),
  )
  if (!refused?.body) return null
  const near = Near.safeParse(refused.problem?.details ?? {}).data ?? {}
  if (hand.rng.chance(0.5)) return continueWith(world, hand, tab, refused)
  return useNear(world, hand, tab, refused, near)
}

async function continueWith(world: World, hand: Hand, { phone }: Tab, refused: OutboxItem): Promise<string> {
  const body = { ...refused.body, continueReason: '当面核对，不是同一个' }
  const next = await phone.outbox.mend(refused.key, body)
  remember(world, hand, { key: next.key, kind: refused.kind, body: next.body ?? body, photoIds: [] })
  world.replaced.add(refused.key)
  return `another one: ${next.key.slice(0, 8)} for ${refused.key.slice(0, 8)}`
}

async function useNear(
  world: World,
  hand: Hand,
  tab: Tab,
  refused: OutboxItem,
  near: z.infer<typeof Near>,
): Promise<string | null> {
  const id = String(refused.body?.['id'])
  const grid = refused.grid ?? undefined
  const person = near.candidates?.[0]?.person.personId
  const door = near.households?.[0]?.household.id
  if (refused.kind === 'person.add' && person !== undefined)
    return add(world, hand, tab, { kind: 'person.use', grid, body: { id, personId: person } })
  if (refused.kind === 'household.add' && door !== undefined)
    return add(world, hand, tab, { kind: 'household.use', grid, body: { id, householdId: door } })
  return null
}

const Instruction = z.looseObject({
  instructionId: z.string(),
  area: z.string(),
  version: z.number(),
  state: z.string(),
})

/** Said of what the phone shows, which may be recalled or another version by now (INSTR-7). */
const receipt: Act = async (world, hand, tab) => {
  const { rng } = hand
  const order = anyOf(rng, byId(tab.phone.shelf.things('instruction')))
  const read = Instruction.safeParse(order?.body)
  if (!order || !read.success) return null
  const says = anyOf(rng, ['read', 'read', 'accepted', 'accepted', 'cannot', 'done'])
  const { instructionId, area, version } = read.data
  const body = {
    id: instructionId,
    area,
    version,
    says,
    ...(rng.chance(0.2) ? { note: `说明 ${rng.int(1000)}` } : {}),
    occurredAt: '',
  }
  return add(world, hand, tab, { kind: 'instruction.receipt', grid: order.grid, body })
}

const askHelp: Act = async (world, hand, tab) => {
  const { rng } = hand
  const duty = anyOf(rng, tab.phone.mine()?.duties ?? [])
  const body = {
    id: idFrom(rng),
    ...(duty ? { grid: duty.grid } : {}),
    ...(rng.chance(0.5) ? { words: '楼道里有犬' } : {}),
    occurredAt: '',
  }
  return add(world, hand, tab, { kind: 'help.ask', grid: duty?.grid, body })
}

/** The worker is safe again: a call of this phone, whether it has arrived yet or not. */
const closeHelp: Act = async (world, hand, tab) => {
  const asked = world.works.filter((work) => work.kind === 'help.ask' && work.account === hand.worker.id)
  const call = anyOf(hand.rng, asked.slice(-5))
  if (!call) return null
  return add(world, hand, tab, {
    kind: 'help.close',
    grid: undefined,
    body: { id: call.body['id'], note: '已安全' },
  })
}

export const PEOPLE_ACTS: readonly (readonly [Act, number])[] = [
  [addDoor, 3],
  [addPerson, 4],
  [changePerson, 5],
  [changeDoor, 4],
  [movePerson, 2],
  [answerNear, 4],
  [receipt, 4],
  [askHelp, 0.7],
  [closeHelp, 0.4],
]
