import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from '@playwright/test'
import { PHOTO_PART_BYTES } from '@weiwang/domain/sync/api'
import { rngOf } from '@weiwang/domain/exercise/prng'
import { newDevice, newHand } from '../chaos/hand.ts'
import type { Hand } from '../chaos/hand.ts'
import { CALM } from '../chaos/net.ts'
import { changeAreas, openPlace } from '../chaos/place.ts'
import type { Place } from '../chaos/place.ts'
import { letIn, newWorld } from '../chaos/world.ts'
import { Page, Rebuilt, weiwang } from '../api.ts'
import { jpeg } from '../../server/visits/jpeg.fixture.ts'
import type { Phone } from '../../web/worker/phone/types.ts'

/** The phone's own engine against a real deployment, without a browser. */

let place: Place
let away = new Set<string>()
/** Phones whose answers are often lost. */
let lossy = new Set<string>()
let ids = 0

test.setTimeout(300_000)
test.beforeAll(async () => {
  test.setTimeout(300_000)
  place = await openPlace()
})
test.afterAll(() => place?.close())

/** A phone of one of the workers, let in and level. */
async function phoneOf(worker: number): Promise<{ hand: Hand; phone: Phone }> {
  const who = place.workers[worker]
  if (!who) throw new Error('no such worker')
  const name = `phone ${worker}`
  const hand = newHand({
    name,
    device: newDevice(name),
    worker: who,
    place,
    rng: rngOf(name),
    netRng: rngOf(`${name}/net`),
    faults: () => ({ ...CALM, before: away.has(name) ? 1 : 0, after: lossy.has(name) ? 0.4 : 0 }),
    told: () => undefined,
    cleared: () => undefined,
    odd: () => undefined,
  })
  const tab = await hand.openTab()
  await letIn(newWorld(place, [hand.device]), hand, tab)
  await tab.phone.sync()
  return { hand, phone: tab.phone }
}

const anId = (): string => `01890000-0000-7000-8000-${String(++ids).padStart(12, '0')}`
const visit = (more: Record<string, unknown>): Record<string, unknown> => ({
  id: anId(),
  method: 'door',
  result: 'met',
  answers: { symptoms: false },
  occurredAt: '',
  ...more,
})

async function visitsOf(list: readonly unknown[]): Promise<{ id: string; area: string; by: string }[]> {
  const rows = await place.sql(`select id, area, by from visit where id = any($1::uuid[]) order by id`, [list])
  return rows.map((row) => ({ id: String(row['id']), area: String(row['area']), by: String(row['by']) }))
}

test('Show 3: one poisoned item in the middle of forty; thirty-nine arrive, the one is shown with its reason, mended and sent', async () => {
  const { hand, phone } = await phoneOf(1)
  const grid = phone.mine()?.duties[0]?.grid ?? ''
  away = new Set([hand.name])
  const bodies = Array.from({ length: 40 }, (_, i) =>
    visit({ area: grid, ...(i === 19 ? { method: 'telepathy' } : {}) }),
  )
  for (const body of bodies) await phone.outbox.add({ kind: 'visit.file', grid, body })
  expect(await phone.sync()).toMatchObject({ trouble: 'offline', sent: 0 })
  expect(phone.strip().waiting).toBe(40)

  away = new Set()
  await phone.sync()
  const [refused, ...others] = phone.outbox.items()
  expect([refused?.state, refused?.problem?.at, others]).toEqual(['refused', 'method', []])
  expect(refused?.problem?.message.zh).toBeTruthy()
  expect(refused?.problem?.remedy?.zh).toBeTruthy()
  const all = bodies.map((body) => body['id'])
  expect(await visitsOf(all)).toHaveLength(39)
  expect(phone.strip()).toMatchObject({ waiting: 0, refused: 1, serverToday: 39 })

  await phone.outbox.mend(refused?.key ?? '', { ...bodies[19], method: 'door' })
  await phone.sync()
  expect((await visitsOf(all)).map(({ id }) => id)).toEqual(all)
  expect(phone.outbox.items()).toEqual([])
  expect(phone.strip()).toMatchObject({ waiting: 0, refused: 0, serverToday: 40 })
})

test('Show 4: a grid is split while its worker is offline with unsent work; after one sync both have the right doors, the work is in, totals are unchanged', async () => {
  const [keeper, newcomer] = [await phoneOf(2), await phoneOf(3)]
  const old = keeper.phone.mine()?.duties[0]?.grid ?? ''
  const theirs = newcomer.phone.mine()?.duties.map(({ grid }) => grid) ?? []
  const [doors, others] = [keeper, newcomer].map(({ phone }) =>
    phone.shelf
      .doors()
      .map(({ id }) => id)
      .toSorted(),
  )
  if (!doors || !others) throw new Error('no doors')
  const east = doors.filter((_, i) => i % 2 === 1)
  const west = doors.filter((_, i) => i % 2 === 0)
  expect(Math.min(east.length, west.length)).toBeGreaterThan(5)
  const figure = async (): Promise<unknown> =>
    (
      await place.sql(
        `select count(*)::int as doors, sum(members)::int as members from household where area >= $1 and area < $1 || 'z'`,
        [place.village],
      )
    )[0]
  const before = await figure()
  // Those of readings that did not come are made by the clock, whenever its minute falls.
  const checks = () => place.sql(`select id, closed_at from task where kind = 'check' order by id`)
  const tasks = await checks()

  away = new Set([keeper.hand.name])
  const unsent = [west[0], west[1], east[0], east[1]].map((householdId) => visit({ householdId }))
  unsent.push(visit({ area: old }))
  for (const body of unsent) await keeper.phone.outbox.add({ kind: 'visit.file', grid: old, body })
  const today = await place.today()
  const share = { areas: [], buildings: [], households: [] }
  const [first, second] = [`${place.village}201`, `${place.village}202`]
  const parts = [
    { code: first, name: '西片', share },
    { code: second, name: '东片', share: { ...share, households: east } },
  ]
  await changeAreas(place, { kind: 'split', code: old, parts, rest: 0 }, today)
  const given = await place.desk(`village${place.village}.operator`, 'POST', '/api/duties/reassign', {
    from: keeper.hand.worker.id,
    to: newcomer.hand.worker.id,
    areas: [second],
    day: today,
    reason: '分片管理',
  })
  expect([given.status, given.text]).toEqual([200, given.text])
  await place.settled()

  away = new Set()
  await keeper.phone.sync()
  await newcomer.phone.sync()
  const grids = (phone: Phone) => phone.mine()?.duties.map(({ grid }) => grid)
  expect([grids(keeper.phone), grids(newcomer.phone)]).toEqual([[first], [...theirs, second].toSorted()])
  const shown = ({ phone }: { phone: Phone }) =>
    phone.shelf
      .doors()
      .map(({ id }) => id)
      .toSorted()
  expect(shown(keeper)).toEqual(west)
  expect(shown(newcomer)).toEqual([...others, ...east].toSorted())

  expect(keeper.phone.strip()).toMatchObject({ waiting: 0, refused: 0, held: 0 })
  expect(keeper.phone.outbox.items()).toEqual([])
  const rows = await visitsOf(unsent.map((body) => body['id']))
  expect(rows.map(({ area }) => area.slice(0, 15))).toEqual([first, first, second, second, first])
  expect(new Set(rows.map(({ by }) => by))).toEqual(new Set([keeper.hand.worker.id]))
  expect(await figure()).toEqual(before)
  expect(await checks()).toEqual(tasks)
  const rebuilt = await weiwang(place.deployment, ['stats', 'rebuild'])
  expect(Rebuilt.parse(rebuilt.value)).toMatchObject({ differences: [], folds: [] })
})

test('Show 6: a worker with no duty today sees nothing of anybody and is told whom to call', async () => {
  const contact = { area: place.village, role: 'supervisor', name: '社区主任', phone: '0512-65220000' }
  const put = await place.desk(`village${place.village}.operator`, 'POST', '/api/sync/contacts', contact)
  expect([put.status, put.text]).toEqual([200, put.text])
  // The last of the village's workers has no part of the grid.
  const { hand, phone } = await phoneOf(place.workers.length - 1)
  expect(phone.state().gate).toBe('open')
  expect(phone.mine()?.duties).toEqual([])
  expect([phone.shelf.tasks(), phone.shelf.doors(), phone.shelf.persons(), phone.shelf.notices()]).toEqual([
    [],
    [],
    [],
    [],
  ])
  expect(await phone.search('王')).toEqual([])
  expect(phone.helpers()).toContainEqual({
    role: 'supervisor',
    name: '社区主任',
    phone: expect.stringContaining('65220000'),
  })

  // A duty for a while, and gone again: nothing of anybody stays.
  const today = await place.today()
  const desk = `village${place.village}.operator`
  const grid = (await place.duties())[0]?.area ?? ''
  const given = await place.desk(desk, 'POST', '/api/duties', { accountId: hand.worker.id, area: grid, from: today })
  expect([given.status, given.text]).toEqual([200, given.text])
  await phone.sync()
  expect(phone.shelf.doors().length).toBeGreaterThan(0)
  const { id } = JSON.parse(given.text) as { id: string }
  const ended = await place.desk(desk, 'POST', `/api/duties/${id}/end`, { lastDay: '2020-02-01', reason: '轮换' })
  expect([ended.status, ended.text]).toEqual([200, ended.text])
  await phone.sync()
  expect([phone.shelf.tasks(), phone.shelf.doors(), phone.shelf.persons(), phone.mine()?.duties]).toEqual([
    [],
    [],
    [],
    [],
  ])
})

const HOUR = 3_600_000
const chunk = (): { marker: number; data: Buffer } => ({ marker: 0xe0, data: randomBytes(60_000) })

/** One that goes up in parts, and a small one; what each must be at the server, without what its camera wrote beside it. */
function pictures(): { taken: Buffer; clean: string }[] {
  const place = { marker: 0xe1, data: Buffer.from('Exif\0\0 31.32 N 120.62 E') }
  return [[chunk(), chunk(), chunk()], []].map((body) => ({
    taken: jpeg([...body, place]),
    clean: createHash('sha256').update(jpeg(body)).digest('hex'),
  }))
}

/** Works offline at a door with two pictures, and is then told that the phone is to be cleared, over a net that loses answers. */
async function clearedPhone(worker: number, order: (at: { hand: Hand; device: string }) => Promise<void>) {
  const { hand, phone } = await phoneOf(worker)
  const [row] = await place.sql(`select device from phone where account_id = $1 order by registered_at desc limit 1`, [
    hand.worker.id,
  ])
  const device = String(row?.['device'])
  away = new Set([hand.name])
  const shots = pictures()
  expect(shots[0]?.taken.length).toBeGreaterThan(PHOTO_PART_BYTES)
  const photos: { id: string; clean: string }[] = []
  for (const { taken, clean } of shots) {
    const { id } = await phone.photos.take(new Blob([new Uint8Array(taken)], { type: 'image/jpeg' }))
    photos.push({ id, clean })
  }
  const grid = phone.mine()?.duties[0]?.grid ?? ''
  const ids = photos.map(({ id }) => id)
  const body = visit({ area: grid, note: '门口有台阶', photos: ids })
  await phone.outbox.add({ kind: 'visit.file', grid, body, photos: ids })
  await order({ hand, device })
  expect(await phone.sync()).toMatchObject({ trouble: 'offline', sent: 0 })
  expect(phone.strip()).toMatchObject({ waiting: 1, photosWaiting: 2 })

  away = new Set()
  lossy = new Set([hand.name])
  for (let round = 0; round < 20 && phone.state().gate !== 'new'; round++) {
    await phone.sync()
    hand.device.skew += HOUR
  }
  lossy = new Set()
  expect(phone.state()).toMatchObject({ gate: 'new', account: null })
  expect([phone.outbox.items(), phone.photos.list(), phone.shelf.doors()]).toEqual([[], [], []])
  expect(await place.sql(`select state from phone where device = $1`, [device])).toEqual([{ state: 'cleared' }])
  return { hand, visitId: String(body['id']), photos }
}

const sealedOf = (hand: Hand) =>
  place.sql(`select id, jpeg_sealed is not null as whole from sealed_photo where account_id = $1 order by id`, [
    hand.worker.id,
  ])

/** The pictures lie with the visit as its worker's, whole and without metadata, and can be seen at the desk. */
async function expectPictures({ hand, visitId, photos }: Awaited<ReturnType<typeof clearedPhone>>): Promise<void> {
  const byId = photos.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const rows = await place.sql(
    `select id, by, encode(hash, 'hex') as clean from photo where visit_id = $1 order by id`,
    [visitId],
  )
  expect(rows).toEqual(byId.map(({ id, clean }) => ({ id, by: hand.worker.id, clean })))
  expect(await sealedOf(hand)).toEqual([])
  const parts = await place.sql(`select count(*)::int as n from sealed_photo_part where account_id = $1`, [
    hand.worker.id,
  ])
  expect(parts).toEqual([{ n: 0 }])
  const desk = `village${place.village}.operator`
  const shown = await place.desk(desk, 'GET', `/api/visits/${visitId}`)
  expect(shown.body).toMatchObject({ photosMissing: 0 })
  expect((shown.body as { photoIds: string[] }).photoIds.toSorted()).toEqual(byId.map(({ id }) => id))
  for (const { id } of byId)
    expect((await place.desk(desk, 'GET', `/api/photos/${id}?purpose=check_at_door`)).status).toBe(200)
}

test('case 37, SYNC-16, SYNC-25: an account is closed while its phone is away with a visit and two pictures; all of it is handed in sealed, the supervisor takes it in, and the phone is empty', async () => {
  const cleared = await clearedPhone(0, async ({ hand }) => {
    const closed = await place.desk(`county${place.county}.chief`, 'POST', `/api/accounts/${hand.worker.id}/close`, {
      reason: '离职',
    })
    expect([closed.status, closed.text]).toEqual([200, closed.text])
  })
  await place.settled()
  expect(await visitsOf([cleared.visitId])).toEqual([])
  expect(await sealedOf(cleared.hand)).toEqual(
    cleared.photos.map(({ id }) => ({ id, whole: true })).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  )
  const desk = `village${place.village}.operator`
  const list = await place.desk(desk, 'GET', `/api/sync/handovers?worker=${cleared.hand.worker.id}`)
  const { items } = Page.parse(list.body)
  expect(items).toMatchObject([{ kind: 'visit.file', reason: 'account_closed', state: 'waiting' }])
  const taken = await place.desk(desk, 'POST', `/api/sync/handovers/${String(items[0]?.['id'])}/take`, {})
  expect([taken.status, taken.text]).toEqual([200, taken.text])
  await place.settled()
  expect(await visitsOf([cleared.visitId])).toMatchObject([{ by: cleared.hand.worker.id }])
  await expectPictures(cleared)
})

test('case 37, SYNC-16, SYNC-25: a phone is reported lost after its worker filed on it; the visit is filed and its pictures lie with it before the phone says that it is cleared', async () => {
  const cleared = await clearedPhone(3, async ({ hand, device }) => {
    const lost = await place.desk(`village${place.village}.operator`, 'POST', `/api/sync/phones/${device}/lost`, {
      account: hand.worker.id,
      reason: '遗失',
    })
    expect([lost.status, lost.text]).toEqual([200, lost.text])
  })
  await place.settled()
  expect(await visitsOf([cleared.visitId])).toMatchObject([{ by: cleared.hand.worker.id }])
  await expectPictures(cleared)
})
