import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runRetention } from '../access/retention.ts'
import { A, B, makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { jpeg } from '../visits/jpeg.fixture.ts'
import { serviceJobs } from './service-jobs.ts'
import { servicePhotoRoutes } from './service-photos.ts'
import { serviceRoutes } from './service-routes.ts'

/** SERV-7, SERV-13: what was left at the door and the receipt, as pictures; whose word it was. */
let w: World
let worker: Actor
let desk: Actor
let grid: string
beforeAll(async () => {
  w = await makeWorld({
    rooms: [{ room: 'services', jobs: serviceJobs }],
    routes: [serviceRoutes, servicePhotoRoutes],
  })
  grid = w.grids(A)[0] ?? ''
  worker = await w.worker(grid)
  desk = await w.desk(A)
})
afterAll(() => w.close())

const put = (who: Actor, id: string, photo: string, picture: Buffer) =>
  w.request(who, 'PUT', `/api/services/${id}/photos/${photo}`, picture, {
    'content-type': 'image/jpeg',
    'x-weiwang': '1',
  })
const look = (who: Actor, id: string, photo: string, query = '?purpose=checking') =>
  w.request(who, 'GET', `/api/services/${id}/photos/${photo}${query}`)
const step = (who: Actor, id: string, body: object) => w.post(who, `/api/services/${id}/step`, body)

async function asked(): Promise<string> {
  const id = randomUUID()
  const answer = await w.post(worker, '/api/services', { id, kind: 'food', personId: await w.person(grid, null) })
  expect(answer.status).toBe(200)
  return id
}

test('pictures go to the step that names them, by who took it, without metadata and sealed; the desk looks for a purpose', async () => {
  const id = await asked()
  const [photo, receipt] = [randomUUID(), randomUUID()]
  const picture = jpeg([{ marker: 0xe1, data: Buffer.from('Exif where it was taken') }])
  // Nothing names it yet.
  expect((await put(worker, id, photo, picture)).status).toBe(404)
  const proof = { kind: 'word', by: 'neighbour', name: '王强', photo }
  const cost = { cents: 3250, paidBy: 'resident', receiptPhoto: receipt }
  expect((await step(worker, id, { step: 'done', proof, cost, words: '放在门口' })).body.state).toBe('done')
  const seen = (await w.get(desk, `/api/services/${id}`)).body
  expect([seen.proof, seen.receivedBy, seen.proofPhoto, seen.receiptPhoto]).toEqual([
    'word',
    'neighbour',
    { id: photo, here: false },
    { id: receipt, here: false },
  ])
  // The name is sealed with the words and stands in no event.
  expect(JSON.stringify(seen)).not.toContain('王强')
  const opened = await w.post(desk, `/api/services/${id}/open`, { purpose: '核对送达' })
  expect(opened.body.texts.map((one: { text: string }) => one.text)).toEqual(['王强\n放在门口'])

  expect((await put(await w.worker(grid), id, photo, picture)).status).toBe(404)
  expect((await put(worker, id, photo, Buffer.from('no picture'))).status).toBe(400)
  const [stored, again] = [await put(worker, id, photo, picture), await put(worker, id, photo, picture)]
  expect([stored.status, again.status, (await put(worker, id, receipt, jpeg())).status]).toEqual([200, 200, 200])
  expect((await put(worker, id, photo, jpeg([{ marker: 0xe0, data: Buffer.from('another') }]))).body.code).toBe(
    'SERVICE_PHOTO_TAKEN',
  )
  const [row] = await w.sql('select bytes, sealed from service_photo where id = $1', [photo])
  expect(row.bytes).toBe(jpeg().length)
  expect(row.sealed.includes(jpeg().subarray(40, 120))).toBe(false)

  expect((await w.get(desk, `/api/services/${id}`)).body.proofPhoto).toEqual({ id: photo, here: true })
  const shown = await look(desk, id, photo)
  expect([shown.status, shown.headers['content-type']]).toEqual([200, 'image/jpeg'])
  expect((await look(await w.desk(B), id, photo)).status).toBe(404)
  expect((await look(desk, id, photo, '')).status).toBe(400)
  const lines = await w.sql(
    `select verb, purpose from audit where thing_id = $1 and verb like 'service.%photo' and outcome <> 'refused' order by verb`,
    [id],
  )
  expect(lines).toEqual([
    { verb: 'service.open_photo', purpose: 'checking' },
    { verb: 'service.photo', purpose: null },
    { verb: 'service.photo', purpose: null },
  ])
})

test('a word is somebody’s, and who is not of the household has a name', async () => {
  const id = await asked()
  for (const proof of [{ kind: 'word' }, { kind: 'word', by: 'other' }])
    expect((await step(worker, id, { step: 'done', proof })).body.code).toBe('SERVICE_RECEIVER_MISSING')
  expect((await step(worker, id, { step: 'done', proof: { kind: 'word', by: 'family' } })).status).toBe(200)
})

test('DELETE-1: pictures go with the texts of their service', async () => {
  const id = await asked()
  const photo = randomUUID()
  await step(worker, id, { step: 'done', proof: { kind: 'photo', photo } })
  expect((await put(worker, id, photo, jpeg())).status).toBe(200)
  w.server.clock.shift(31 * 24 * 3_600_000)
  await runRetention(w.server, 'service')
  expect(await w.sql('select id from service_photo')).toEqual([])
})
