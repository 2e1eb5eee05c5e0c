import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { A, B } from '../tasks/world.fixture.ts'
import { jpeg } from '../visits/jpeg.fixture.ts'
import { paperPhotoRoutes } from './paper-photos.ts'
import { DAY, readingPlace } from './readings.fixture.ts'
import type { Place } from './readings.fixture.ts'

/** OBS-10, OBS-24: a commitment on paper as a picture, and the words of a witness. */
let p: Place
let desk: Actor
let grid: string
beforeAll(async () => {
  p = await readingPlace([paperPhotoRoutes])
  desk = await p.desk(A)
  grid = p.grids(A)[0] ?? ''
  p.at(DAY, 10)
})
afterAll(() => p.close())

const put = (who: Actor, id: string, photo: string, picture: Buffer) =>
  p.request(who, 'PUT', `/api/observations/${id}/photos/${photo}`, picture, {
    'content-type': 'image/jpeg',
    'x-weiwang': '1',
  })
const look = (who: Actor, id: string, photo: string, purpose = 'checking') =>
  p.request(who, 'GET', `/api/observations/${id}/photos/${photo}?purpose=${purpose}`)
const commit = (who: Actor, id: string, body: object) =>
  p.file(who, `/api/observations/${id}/step`, { do: { step: 'commitment', ...body } })

test('a picture goes to the commitment that names it, by who entered it, without metadata and sealed', async () => {
  const personId = await p.somebody({ area: grid })
  const { id } = await p.observe({ desk, personId })
  const worker = await p.worker(grid)
  const photo = randomUUID()
  const picture = jpeg([{ marker: 0xe1, data: Buffer.from('Exif where it was taken') }])
  // Nothing names it yet.
  expect((await put(worker, id, photo, picture)).status).toBe(404)
  expect((await commit(worker, id, { how: 'paper', photoId: photo })).status).toBe(200)
  expect((await p.get(desk, `/api/observations/${id}`)).photo).toEqual({ id: photo, here: false })
  const other = await p.worker(grid)
  expect((await put(other, id, photo, picture)).status).toBe(404)
  expect((await put(worker, id, photo, Buffer.from('no picture'))).status).toBe(400)
  const [stored, again] = [await put(worker, id, photo, picture), await put(worker, id, photo, picture)]
  expect([stored.status, again.status]).toEqual([200, 200])
  expect((await put(worker, id, photo, jpeg([{ marker: 0xe0, data: Buffer.from('another') }]))).body.code).toBe(
    'OBSERVATION_PAPER_TAKEN',
  )
  const rows = await p.sql('select kind, sealed from observation_paper where id = $1', [photo])
  expect(rows).toHaveLength(1)
  const [row] = rows
  expect(row.kind).toBe('photo')
  expect(row.sealed.includes(jpeg().subarray(40, 120))).toBe(false)

  expect((await p.get(desk, `/api/observations/${id}`)).photo).toEqual({ id: photo, here: true })
  expect((await look(desk, id, photo)).headers['content-type']).toBe('image/jpeg')
  expect((await look(await p.desk(B), id, photo)).status).toBe(404)
  expect((await p.request(desk, 'GET', `/api/observations/${id}/photos/${photo}`)).status).toBe(400)
  const lines = await p.sql(
    `select verb, purpose from audit where thing_id = $1 and verb like 'observation.%photo' and outcome <> 'refused' order by verb`,
    [id],
  )
  expect(lines).toEqual([
    { verb: 'observation.open_photo', purpose: 'checking' },
    { verb: 'observation.photo', purpose: null },
  ])
})

test('what a witness entered is read back for a purpose, with a line in the trail, and stands in no event', async () => {
  const personId = await p.somebody({ area: grid })
  const { id } = await p.observe({ desk, personId })
  const words = '邻居王强在场听到本人同意'
  expect((await commit(desk, id, { how: 'witness', witness: words })).status).toBe(200)
  expect(JSON.stringify(await p.get(desk, `/api/observations/${id}`))).not.toContain('王强')
  const opened = await p.file(desk, `/api/observations/${id}/open`, { purpose: 'checking' })
  expect(opened.body).toMatchObject({ witness: words, strokes: null })
  const lines = await p.sql(`select purpose from audit where verb = 'observation.open_texts' and thing_id = $1`, [id])
  expect(lines).toEqual([{ purpose: 'checking' }])
})
