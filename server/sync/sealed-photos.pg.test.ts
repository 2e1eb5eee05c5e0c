import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { PHOTO_PART_BYTES } from '@weiwang/domain/sync/api'
import type { PhotoSubject, SealedPhotoTaken } from '@weiwang/domain/sync/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { A } from '../tasks/world.fixture.ts'
import { jpeg } from '../visits/jpeg.fixture.ts'
import { observationRoutes } from '../observation/routes.ts'
import { serviceRoutes } from '../observation/service-routes.ts'
import { pushWorld, sealTo } from './push.fixture.ts'
import type { PushWorld } from './push.fixture.ts'
import { sweepPictures } from './sealed-photos.ts'

/** SYNC-25: pictures of a phone that is cleared. */
let w: PushWorld
let grid: string
beforeAll(async () => {
  w = await pushWorld({ routes: [observationRoutes, serviceRoutes] })
  grid = w.grids(A)[0] ?? ''
})
afterAll(() => w.close())

type Registered = { device: string; secret: string; sealKey: { id: string; point: string } }

async function register(actor: Actor): Promise<Registered> {
  const answer = await w.post(actor, '/api/sync/phones', { device: randomUUID(), app: '1', protocol: 1 })
  expect(answer.status).toBe(200)
  return answer.body
}

/** As the phone does it: the picture under a key of its own, that key to the server. */
function sealed(phone: Registered, id: string, plain: Buffer) {
  const key = randomBytes(32)
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(id))
  const whole = Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  const parts = Math.ceil(whole.length / PHOTO_PART_BYTES)
  return {
    id,
    parts,
    box: sealTo(phone.sealKey.point, id, key),
    part: (n: number) => whole.subarray(n * PHOTO_PART_BYTES, (n + 1) * PHOTO_PART_BYTES),
  }
}
type Sealed = ReturnType<typeof sealed>

async function put(
  phone: Registered,
  photo: Sealed,
  visit: string,
  n: number,
  about: PhotoSubject = 'visit',
): Promise<{ status: number; body: SealedPhotoTaken & { code?: string } }> {
  return w.request(
    null,
    'PUT',
    `/api/sync/photos/${photo.id}/${n}?${about}=${visit}&parts=${photo.parts}`,
    photo.part(n),
    {
      authorization: `Phone ${phone.device}.${phone.secret}`,
      'content-type': 'application/octet-stream',
      'x-weiwang-box': photo.box,
      'x-weiwang-box-key': phone.sealKey.id,
    },
  )
}

/** Larger than two parts, so that it is cut in three. */
const large = () =>
  jpeg([
    { marker: 0xe0, data: randomBytes(60_000) },
    { marker: 0xe0, data: randomBytes(60_000) },
    { marker: 0xe0, data: randomBytes(60_000) },
    { marker: 0xe0, data: randomBytes(60_000) },
    { marker: 0xe0, data: randomBytes(60_000) },
    { marker: 0xe1, data: Buffer.from('Exif secret place') },
  ])
const stored = (id: string) => w.sql(`select visit_id, bytes, by, hash from photo where id = $1`, [id])
const waiting = () => w.count('sealed_photo')

test('by its secret alone, in parts in any order and twice, after its visit: it lies with the visit, without metadata', async () => {
  const worker = await w.worker(grid)
  const phone = await register(worker)
  const [photo, plain] = [randomUUID(), large()]
  const visit = w.visit({ area: grid, photos: [photo] })
  await w.send(worker, [visit], { device: phone.device })
  const id = String(visit.body['id'])
  await w.post(await w.desk(A), `/api/sync/phones/${phone.device}/lost`, { account: worker.id, reason: '本人报失' })
  const one = sealed(phone, photo, plain)
  expect(one.parts).toBe(3)
  expect((await put(phone, one, id, 2)).body).toMatchObject({ state: 'part', missing: [0, 1] })
  expect((await put(phone, one, id, 0)).body).toMatchObject({ state: 'part', missing: [1] })
  expect((await put(phone, one, id, 0)).body).toMatchObject({ state: 'part', missing: [1] })
  expect(await stored(photo)).toEqual([])
  expect((await put(phone, one, id, 1)).body).toMatchObject({ id: photo, state: 'stored', missing: [] })
  const clean = plain.length - 'Exif secret place'.length - 4
  expect(await stored(photo)).toMatchObject([{ visit_id: id, bytes: clean, by: worker.id }])
  expect((await put(phone, one, id, 1)).body.state).toBe('stored')
  expect(await waiting()).toBe(0)
  expect(await w.count(`audit where verb = 'photo.store' and actor = $1`, [worker.id])).toBe(1)
  const shown = await w.get(await w.desk(A), `/api/visits/${id}`)
  expect(shown.body).toMatchObject({ photoIds: [photo], photosMissing: 0 })
})

test('before its visit is taken in it waits sealed, also when the account is closed; the supervisor who takes in the visit has both', async () => {
  const worker = await w.worker(grid)
  const phone = await register(worker)
  const photo = sealed(phone, randomUUID(), jpeg())
  const visit = w.visit({ area: grid, photos: [photo.id] })
  await w.sql(`update account set state = 'closed' where id = $1`, [worker.id])
  expect((await put(phone, photo, String(visit.body['id']), 0)).body.state).toBe('waiting')
  const [row] = await w.sql(
    `select jpeg_sealed, (select count(*)::int from sealed_photo_part) as parts from sealed_photo where id = $1`,
    [photo.id],
  )
  expect([row.parts, row.jpeg_sealed.includes(jpeg())]).toEqual([0, false])
  const item = {
    key: visit.key,
    keyId: phone.sealKey.id,
    sealed: sealTo(phone.sealKey.point, visit.key, JSON.stringify(visit)),
  }
  const contact = {
    device: phone.device,
    protocol: 1,
    app: '1',
    clock: new Date().toISOString(),
    waiting: 1,
    items: [item],
  }
  const held = await w.request(null, 'POST', '/api/sync/sealed', contact, {
    authorization: `Phone ${phone.device}.${phone.secret}`,
  })
  expect(held.body.results[0].outcome).toBe('held')
  await w.drain()
  expect(await stored(photo.id)).toEqual([])
  const desk = await w.desk(A)
  const list = await w.get(desk, `/api/sync/handovers?worker=${worker.id}`)
  expect((await w.post(desk, `/api/sync/handovers/${list.body.items[0].id}/take`, {})).status).toBe(200)
  await w.drain()
  const hash = createHash('sha256').update(jpeg()).digest()
  expect(await stored(photo.id)).toMatchObject([{ visit_id: visit.body['id'], by: worker.id, hash }])
  expect(await waiting()).toBe(0)
})

test('what does not open or is no picture is refused for good; another phone’s secret, a wrong cut and too much are not taken', async () => {
  const worker = await w.worker(grid)
  const phone = await register(worker)
  const visit = randomUUID()
  const text = sealed(phone, randomUUID(), Buffer.from('no picture at all'))
  expect((await put(phone, text, visit, 0)).body).toMatchObject({
    state: 'refused',
    problem: { code: 'NOT_A_PICTURE' },
  })
  const foreign = { ...sealed(phone, randomUUID(), jpeg()), id: randomUUID() }
  expect((await put(phone, foreign, visit, 0)).body).toMatchObject({
    state: 'refused',
    problem: { code: 'BOX_DOES_NOT_OPEN' },
  })
  expect(await waiting()).toBe(0)
  const photo = sealed(phone, randomUUID(), jpeg())
  const stranger = await put({ ...phone, secret: randomBytes(32).toString('base64url') }, photo, visit, 0)
  expect([stranger.status, stranger.body.code]).toEqual([401, 'UNKNOWN_PHONE'])
  const cut = await put(phone, { ...photo, parts: 2 }, visit, 0)
  expect([cut.status, cut.body.code]).toEqual([400, 'INVALID_INPUT'])
  await w.sql(
    `insert into sealed_photo (account_id, id, device, about, subject_id, parts, box, box_key, put_at)
     select $1, gen_random_uuid(), $2, 'visit', gen_random_uuid(), 1, '', '', now() - interval '31 days' from generate_series(1, 200)`,
    [worker.id, phone.device],
  )
  expect((await put(phone, photo, visit, 0)).body).toMatchObject({ state: 'later', comeBack: 3600 })
  await sweepPictures(w.server)
  expect((await put(phone, photo, visit, 0)).body.state).toBe('waiting')
})

test('a picture of somebody else’s visit never reaches it', async () => {
  const [worker, other] = [await w.worker(grid), await w.worker(grid)]
  const phone = await register(other)
  const visit = w.visit({ area: grid })
  await w.send(worker, [visit])
  const photo = sealed(phone, randomUUID(), jpeg())
  expect((await put(phone, photo, String(visit.body['id']), 0)).body.state).toBe('waiting')
  await w.drain()
  expect(await stored(photo.id)).toEqual([])
})

test('of a commitment on paper: waits for the step that names it, goes to it with it, and never by somebody else (OBS-10)', async () => {
  const [worker, other, desk] = [await w.worker(grid), await w.worker(grid), await w.desk(A)]
  const id = randomUUID()
  const persons = [{ id, personId: await w.person(grid, 'red'), exposureDay: w.server.clock.today() }]
  const opened = await w.post(desk, '/api/observations', {
    persons,
    measure: 'home_monitoring',
    reason: 'close_contact',
  })
  expect(opened.status).toBe(200)
  const step = (who: Actor, body: object) => w.post(who, `/api/observations/${id}/step`, { do: body })
  await step(desk, { step: 'notice', how: 'read' })
  const papers = () => w.sql(`select id, kind, by from observation_paper where observation_id = $1`, [id])
  const phone = await register(worker)
  const photo = sealed(phone, randomUUID(), jpeg())
  expect((await put(phone, photo, id, 0, 'observation')).body.state).toBe('waiting')
  expect(await papers()).toEqual([])
  expect((await step(worker, { step: 'commitment', how: 'paper', photoId: photo.id })).status).toBe(200)
  await w.drain()
  expect(await papers()).toEqual([{ id: photo.id, kind: 'photo', by: worker.id }])
  expect((await put(phone, photo, id, 0, 'observation')).body.state).toBe('stored')
  // What another phone hands in under the commitment of this worker stays where it is.
  const strange = await register(other)
  const foreign = sealed(strange, randomUUID(), jpeg())
  expect((await step(worker, { step: 'commitment', how: 'paper', photoId: foreign.id })).status).toBe(200)
  expect((await put(strange, foreign, id, 0, 'observation')).body.state).toBe('waiting')
  await w.drain()
  expect(await papers()).toHaveLength(1)
})

test('of a service: waits for the step that names it, goes to it with it, and never by somebody else (SERV-7)', async () => {
  const [worker, other] = [await w.worker(grid), await w.worker(grid)]
  const id = randomUUID()
  const asked = await w.post(worker, '/api/services', { id, kind: 'food', personId: await w.person(grid, null) })
  expect(asked.status).toBe(200)
  const pictures = () => w.sql(`select id, by from service_photo where service_id = $1`, [id])
  const [phone, strange] = [await register(worker), await register(other)]
  const [photo, foreign] = [sealed(phone, randomUUID(), jpeg()), sealed(strange, randomUUID(), jpeg())]
  expect((await put(phone, photo, id, 0, 'service')).body.state).toBe('waiting')
  expect((await put(strange, foreign, id, 0, 'service')).body.state).toBe('waiting')
  expect(await pictures()).toEqual([])
  const proof = { kind: 'photo', photo: photo.id }
  expect((await w.post(worker, `/api/services/${id}/step`, { step: 'done', proof })).status).toBe(200)
  await w.drain()
  expect(await pictures()).toEqual([{ id: photo.id, by: worker.id }])
  expect((await put(phone, photo, id, 0, 'service')).body.state).toBe('stored')
})
