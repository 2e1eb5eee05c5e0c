import { PHOTO_PART_BYTES } from '@weiwang/domain/sync/api'
import { describe, expect, test } from 'vitest'
import { sizeOf } from '../../shared/picture.ts'
import { diskText, enrolled, GRID, ME, PIN, visit, YOU } from './testing.ts'
import type { FakeServer } from './testing.ts'

const picture = (text: string) => new Blob([text], { type: 'image/jpeg' })
const HOUR = 3_600_000

describe('pictures', () => {
  test('the longer side is 1,280 pixels at most; small ones are not blown up', () => {
    expect(sizeOf(4000, 3000)).toEqual({ width: 1280, height: 960 })
    expect(sizeOf(3000, 4000)).toEqual({ width: 960, height: 1280 })
    expect(sizeOf(640, 480)).toEqual({ width: 640, height: 480 })
    expect(sizeOf(10_000, 1)).toEqual({ width: 1280, height: 1 })
  })

  test('are kept sealed, go up by themselves after the report, and hold nothing back', async () => {
    const { server, phone, disk } = await enrolled()
    const photo = await phone.photos.take(picture('门口的照片'))
    expect(await diskText(disk, `phone-${ME.id}`)).not.toContain('门口')
    expect(await (await phone.photos.read(photo.id))?.text()).toBe('门口的照片')
    await phone.sync()
    expect(server.photos.size).toBe(0)
    await phone.outbox.add({ ...visit('v1'), photos: [photo.id] })
    expect(phone.strip()).toMatchObject({ waiting: 1, photosWaiting: 1 })
    server.status.set(`/api/photos/${photo.id}`, 503)
    await phone.sync()
    expect(phone.strip()).toMatchObject({ waiting: 0, photosWaiting: 1 })
    server.status.clear()
    await phone.sync()
    expect(server.photos.size).toBe(0)
  })

  test('of a commitment on paper go to its observation, in clear or as they lie (OBS-10)', async () => {
    const { server, phone } = await enrolled()
    const photo = await phone.photos.take(picture('承诺书'))
    const body = { id: 'o1', do: { step: 'commitment', how: 'paper', photoId: photo.id } }
    await phone.outbox.add({ kind: 'observation.step', grid: GRID, body, photos: [photo.id] })
    await phone.sync()
    expect(new TextDecoder().decode(server.photos.get(photo.id)?.body)).toBe('承诺书')
    expect(server.photos.get(photo.id)?.headers).toMatchObject({ 'x-weiwang-subject': 'o1' })
  })

  test('are tried again later, and say what they belong to', async () => {
    const { server, phone, clock } = await enrolled()
    const photo = await phone.photos.take(picture('p'))
    const item = await phone.outbox.add({ ...visit('v1'), photos: [photo.id] })
    server.status.set(`/api/photos/${photo.id}`, 404)
    await phone.sync()
    server.status.clear()
    await clock.pass(HOUR)
    await phone.sync()
    const up = server.photos.get(photo.id)
    expect(new TextDecoder().decode(up?.body)).toBe('p')
    expect(up?.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'x-weiwang-of': item.key,
      'x-weiwang-subject': 'v1',
    })
    expect(phone.strip().photosWaiting).toBe(0)
    // Kept here until it lies in a backup of the server, as its visit is (SYNC-14).
    expect(await phone.photos.read(photo.id)).not.toBeNull()
    server.mine = { version: 'm2', durableTo: new Date(clock.now() + HOUR).toISOString() }
    await phone.sync()
    expect(await phone.photos.read(photo.id)).toBeNull()
  })

  test('wait for the log-in without losing time: what nobody could send goes at once when somebody is there again', async () => {
    const { server, phone } = await enrolled()
    const ids: string[] = []
    for (let i = 0; i < 3; i++) {
      const photo = await phone.photos.take(picture(`p${i}`))
      await phone.outbox.add({ ...visit(`v${i}`), photos: [photo.id] })
      ids.push(photo.id)
    }
    for (const id of ids) server.status.set(`/api/photos/${id}`, 401)
    await phone.sync()
    await phone.sync()
    server.status.clear()
    await phone.signedIn(ME.id, { fresh: true })
    await phone.sync()
    expect([...server.photos.keys()].toSorted()).toEqual(ids.toSorted())
  })

  test('go up again to a server that was restored from a backup (case 8, SYNC-14)', async () => {
    const { server, phone } = await enrolled()
    const photo = await phone.photos.take(picture('p'))
    await phone.outbox.add({ ...visit('v1'), photos: [photo.id] })
    await phone.sync()
    expect([...server.photos.keys()]).toEqual([photo.id])
    server.photos.clear()
    server.epochs.set(GRID, 2)
    await phone.sync()
    expect([...server.photos.keys()]).toEqual([photo.id])
  })

  test('of a form that is still open may be dropped, of filed work not (case 55)', async () => {
    const { phone } = await enrolled()
    const [a, b] = [await phone.photos.take(picture('a')), await phone.photos.take(picture('b'))]
    await phone.outbox.add({ ...visit('v1'), photos: [b.id] })
    await phone.photos.drop(a.id)
    await phone.photos.drop(b.id)
    expect(phone.photos.list().map((one) => one.id)).toEqual([b.id])
  })
})

/** A picture of so many parts as it lies sealed, whose end can be told from its beginning. */
const ofParts = (parts: number) => picture(`begin ${'x'.repeat((parts - 1) * PHOTO_PART_BYTES)} end`)
const partsTo = (server: FakeServer, id: string) =>
  server.told.filter((one) => one.path.startsWith(`/api/sync/photos/${id}/`)).map((one) => one.path.split('/').at(-1))

describe('pictures handed in as they lie (SYNC-25)', () => {
  async function lost(bytes: Blob) {
    const all = await enrolled()
    const photo = await all.phone.photos.take(bytes)
    all.server.reachable = false
    await all.phone.outbox.add({ ...visit('v1'), photos: [photo.id] })
    await all.phone.stop()
    const phone = await all.open()
    for (let i = 0; i < 10; i++) await phone.unlock('000000')
    all.server.reachable = true
    all.server.sessionOf = 'nobody'
    return { ...all, phone, photo }
  }

  test('a forgotten PIN loses none: by the device secret, in parts, and the server opens what was taken', async () => {
    const { server, phone, photo } = await lost(ofParts(3))
    await phone.sync()
    expect(partsTo(server, photo.id)).toEqual(['0', '1', '2'])
    const up = server.photos.get(photo.id)
    expect(up?.headers['authorization']).toMatch(/^Phone /)
    expect(new TextDecoder().decode(up?.body)).toMatch(/^begin x+ end$/)
    const wire = Buffer.concat([...(server.parts.get(photo.id)?.values() ?? [])])
    expect(wire.includes('begin')).toBe(false)
    expect(phone.strip()).toMatchObject({ waiting: 0, photosWaiting: 0 })
  })

  test('broken off, it goes on with what the server lacks; after a restart one part is sent twice, no more', async () => {
    const { server, phone, photo, open, clock } = await lost(ofParts(4))
    const { net } = server
    let left = 3
    server.net = async (request) => {
      if (request.path.startsWith('/api/sync/photos/') && left-- <= 0) throw new Error('no net')
      return net(request)
    }
    await phone.sync()
    expect(partsTo(server, photo.id)).toEqual(['0', '1', '2'])
    server.net = net
    await phone.stop()
    const again = await open()
    await clock.pass(HOUR)
    await again.sync()
    expect(partsTo(server, photo.id)).toEqual(['0', '1', '2', '0', '3'])
    expect(server.photos.size).toBe(1)
    expect(again.strip().photosWaiting).toBe(0)
  })

  test('a lost answer costs one part again', async () => {
    const { server, phone, photo, clock } = await lost(ofParts(2))
    const { net } = server
    let lose = true
    server.net = async (request) => {
      const answer = await net(request)
      if (request.path.includes('/photos/') && lose) {
        lose = false
        throw new Error('the answer was lost')
      }
      return answer
    }
    await phone.sync()
    await clock.pass(HOUR)
    await phone.sync()
    expect(partsTo(server, photo.id)).toEqual(['0', '0', '1'])
    expect(server.photos.size).toBe(1)
  })

  test('told to clear, the phone hands pictures in first and is cleared then, not before (SYNC-16, case 37)', async () => {
    const { server, phone, clock } = await enrolled()
    const photo = await phone.photos.take(ofParts(2))
    server.reachable = false
    await phone.outbox.add({ ...visit('v1'), photos: [photo.id] })
    server.reachable = true
    server.order = 'clear'
    server.sealedPhoto = 'later'
    await phone.sync()
    expect(phone.state().gate).toBe('lost')
    expect(server.to('/api/sync/cleared')).toEqual([])
    expect(phone.strip().photosWaiting).toBe(1)
    server.sealedPhoto = 'stored'
    await clock.pass(11 * 60_000)
    await phone.sync()
    expect(new TextDecoder().decode(server.photos.get(photo.id)?.body)).toMatch(/^begin x+ end$/)
    expect(server.to('/api/sync/cleared')).toHaveLength(1)
    expect(phone.state().gate).toBe('new')
  })

  test('what the server has and the phone has made room of waits no more when its report is mended (SYNC-16, case 41)', async () => {
    const { server, phone } = await enrolled()
    const photo = await phone.photos.take(picture('p'))
    server.answer = () => ({ outcome: 'refused' })
    const { key } = await phone.outbox.add({ ...visit('v1'), photos: [photo.id] })
    server.mine = { version: 'm2', durableTo: '2020-03-01T00:00:00.000Z' }
    await phone.sync()
    expect(phone.photos.list()).toMatchObject([{ state: 'done' }])
    expect(await phone.photos.read(photo.id)).toBeNull()
    server.answer = () => ({ outcome: 'accepted' })
    await phone.outbox.mend(key, visit('v1').body)
    await phone.sync()
    expect(phone.strip()).toMatchObject({ waiting: 0, photosWaiting: 0 })
    server.order = 'clear'
    await phone.sync()
    expect(phone.state().gate).toBe('new')
  })

  test.each(['waiting', 'refused'])('%s is the word of the server too: the phone is cleared', async (state) => {
    const { server, phone } = await enrolled()
    const photo = await phone.photos.take(picture('p'))
    server.reachable = false
    await phone.outbox.add({ ...visit('v1'), photos: [photo.id] })
    server.reachable = true
    server.order = 'clear'
    server.sealedPhoto = state
    await phone.sync()
    expect(phone.state().gate).toBe('new')
    expect(server.photos.size).toBe(0)
  })

  test('refused while its key may be at hand again, it waits and goes in clear when the phone is open', async () => {
    const { server, phone, clock } = await enrolled()
    const photo = await phone.photos.take(picture('p'))
    await phone.outbox.add({ ...visit('v1'), photos: [photo.id] })
    phone.lock()
    server.sealedPhoto = 'refused'
    await phone.sync()
    expect(phone.strip().photosWaiting).toBe(1)
    await phone.unlock(PIN)
    await clock.pass(HOUR)
    await phone.sync()
    expect(server.photos.get(photo.id)?.headers['content-type']).toBe('image/jpeg')
  })

  test('an ended session holds none back: the open phone hands them in by its secret', async () => {
    const { server, phone } = await enrolled()
    const photo = await phone.photos.take(picture('p'))
    phone.signedOut()
    server.sessionOf = 'nobody'
    await phone.outbox.add({ ...visit('v1'), photos: [photo.id] })
    await phone.sync()
    expect(phone.strip()).toMatchObject({ waiting: 0, photosWaiting: 0 })
    expect(new TextDecoder().decode(server.photos.get(photo.id)?.body)).toBe('p')
  })
})

describe('drafts', () => {
  const of = { form: 'check', version: '3', subject: 't1' }

  test('what was typed comes back whole after a kill, and after a new log-in of the same account (case 20)', async () => {
    const { phone, open } = await enrolled()
    await phone.drafts.save(of, { note: '二单元', fever: false })
    const again = await open()
    await again.unlock(PIN)
    expect(await again.drafts.load(of)).toMatchObject({ ...of, content: { note: '二单元', fever: false } })
  })

  test('neither another task, nor another form, nor another version gets it; another person has another disk (case 51)', async () => {
    const { server, phone, open } = await enrolled()
    await phone.drafts.save(of, { note: 'x' })
    const others = [
      { ...of, subject: 't2' },
      { ...of, form: 'rental' },
      { ...of, version: '4' },
    ]
    expect(await Promise.all(others.map((other) => phone.drafts.load(other)))).toEqual([null, null, null])
    const somebody = await open({ dbName: 'phone-of-somebody' })
    server.sessionOf = YOU.id
    await somebody.enrol({ account: YOU, pin: PIN })
    expect(await somebody.drafts.list()).toEqual([])
  })

  test('the draft goes with the work that it became, in one act', async () => {
    const { server, phone } = await enrolled()
    await phone.drafts.save(of, { note: 'x' })
    server.reachable = false
    await phone.outbox.add({ ...visit('v1', 't1'), draft: of })
    expect(await phone.drafts.list()).toEqual([])
  })

  test('the last of many quick changes is what stays', async () => {
    const { phone } = await enrolled()
    await Promise.all(['a', 'ab', 'abc'].map((note) => phone.drafts.save(of, { note })))
    expect((await phone.drafts.load(of))?.content).toEqual({ note: 'abc' })
  })

  test('go to the server as the last of their kind, without standing in the outbox, and come to another phone (case 57)', async () => {
    const { server, phone, open } = await enrolled()
    await phone.drafts.save(of, { note: '一' })
    await phone.drafts.save(of, { note: '二' })
    expect(phone.strip().waiting).toBe(0)
    await phone.sync()
    await phone.sync()
    const kept = [...server.taken.values()]
    expect(kept).toMatchObject([{ kind: 'draft.keep', body: { ...of, content: { note: '二' } } }])
    server.drafts = kept.map((item) => item.body)
    const other = await open({ dbName: 'another phone of mine' })
    await other.enrol({ account: ME, pin: PIN })
    await other.sync()
    expect((await other.drafts.load(of))?.content).toEqual({ note: '二' })
    await phone.drafts.drop(of)
    await phone.sync()
    expect([...server.taken.values()].at(-1)?.body).toMatchObject({ ...of, content: null })
  })

  test('after a forgotten PIN the sealed draft still reaches the server, and from there comes back', async () => {
    const { server, phone, open } = await enrolled()
    server.reachable = false
    await phone.drafts.save(of, { note: '还没写完' })
    await phone.stop()
    const again = await open()
    server.reachable = true
    await again.enrol({ account: ME, pin: '112233' })
    expect(await again.drafts.list()).toEqual([])
    server.answer = ({ body }) => {
      server.drafts = [body]
      return { outcome: 'accepted' }
    }
    await again.sync()
    expect((await again.drafts.load(of))?.content).toEqual({ note: '还没写完' })
  })
})
