import { describe, expect, test } from 'vitest'
import { enrolled, GRID, ME, newDisk, OTHER_GRID, person, PIN, task, visit, world, YOU } from './testing.ts'
import type { FakeServer } from './testing.ts'

/** What happens to a phone in its life: a second one, a second worker, a browser that clears, updates, weeks without a net. */
const DAY = 24 * 3_600_000
const picture = (text: string) => new Blob([text], { type: 'image/jpeg' })
/** Which visit was taken as whose. */
const whose = (server: FakeServer) =>
  Object.fromEntries([...server.taken.values()].map((item) => [item.body['id'], server.takenFor.get(item.key)]))
const filed = (id: string, taskId: string) => ({
  grid: GRID,
  kind: 'visit',
  id,
  body: { county: '320583', taskId, day: '2020-02-15', method: 'door', result: 'met', by: ME.id },
})

describe('two devices of one worker', () => {
  test('both file without a net: each visit once, under one name, and both phones show the same', async () => {
    const { server, open, phone } = await enrolled()
    for (const id of ['t1', 't2']) server.put(task(id))
    const tablet = await open({ indexedDB: newDisk() })
    await tablet.enrol({ account: ME, pin: '975310' })
    await Promise.all([phone.sync(), tablet.sync()])
    expect(server.devices.size).toBe(2)
    server.reachable = false
    await phone.outbox.add(visit('v1', 't1'))
    await tablet.outbox.add(visit('v2', 't2'))
    expect([phone.shelf.task('t2')?.filed, tablet.shelf.task('t2')?.filed]).toEqual([false, true])
    server.reachable = true
    await Promise.all([phone.sync(), tablet.sync()])
    for (const id of ['v1', 'v2']) server.put(filed(id, id.replace('v', 't')))
    await Promise.all([phone.sync(), tablet.sync()])
    expect(whose(server)).toEqual({ v1: ME.id, v2: ME.id })
    const shown = [phone, tablet].map((one) => [one.strip().serverToday, one.shelf.visitsOf({ taskId: 't2' }).length])
    expect(shown).toEqual([
      [2, 1],
      [2, 1],
    ])
    // One of them is locked by its own PIN, and its loss closes nothing on the other.
    phone.lock()
    expect([(await phone.unlock('975310')).ok, tablet.state().gate]).toEqual([false, 'open'])
  })
})

describe('a device of two workers', () => {
  test('each has a register and a PIN of his own; what the first left unsent goes as his, whoever is logged in (case 37)', async () => {
    const { server, open, phone, disk } = await enrolled()
    server.epochs.set(OTHER_GRID, 1)
    server.gridsOf.set(ME.id, [GRID]).set(YOU.id, [OTHER_GRID])
    server.put(person('p1', '王小明'))
    server.put({ ...person('p2', '陈美丽'), grid: OTHER_GRID })
    await phone.sync()
    server.reachable = false
    await phone.outbox.add(visit('mine'))
    phone.lock()
    phone.signedOut()
    server.reachable = true
    server.sessionOf = YOU.id
    const second = await open({ indexedDB: disk, dbName: `phone-${YOU.id}` })
    expect(second.state().gate).toBe('new')
    await second.enrol({ account: YOU, pin: '975310' })
    await second.sync()
    await second.outbox.add(visit('yours'))
    await Promise.all([second.sync(), phone.sync()])
    expect(second.shelf.persons().map((one) => one.name)).toEqual(['陈美丽'])
    expect(whose(server)).toEqual({ mine: ME.id, yours: YOU.id })
    expect(await second.unlock(PIN)).toMatchObject({ ok: false, why: 'pin' })
    expect(await phone.unlock(PIN)).toEqual({ ok: true })
    expect(phone.shelf.persons().map((one) => one.name)).toEqual(['王小明'])
  })
})

describe('SYNC-16: a browser has one session at a time', () => {
  test('while another worker is logged in, none of their half-typed forms comes to lie on this phone; mine come when I am', async () => {
    const { server, open } = await world()
    const phone = await open()
    await phone.enrol({ account: ME, pin: PIN })
    const of = { form: 'f', version: '1', subject: 't1' }
    server.drafts = [{ ...of, savedAt: '2020-02-15T01:00:00.000Z', content: '半截' }]
    server.sessionOf = YOU.id
    expect(await phone.sync()).toMatchObject({ ok: false, trouble: 'session' })
    expect(await phone.drafts.list()).toEqual([])
    expect(phone.strip().trouble).toBe('session')
    server.sessionOf = ME.id
    await phone.signedIn(ME.id, { fresh: true })
    // Just logged in, nobody is asked to log in, however long the first run takes.
    expect(phone.strip().trouble).toBeNull()
    expect(await phone.sync()).toMatchObject({ ok: true })
    expect(await phone.drafts.load(of)).toMatchObject({ content: '半截' })
  })
})

describe('a browser that cleared its storage (evicted)', () => {
  test('the phone is new again, says so, and gets back all that the server has, half-written forms too', async () => {
    const { server, open, phone } = await enrolled()
    server.put(task('t1'))
    await phone.outbox.add(visit('v1', 't1'))
    await phone.sync()
    server.put(filed('v1', 't1'))
    await phone.stop()
    server.drafts = [{ form: 'f', version: '1', subject: 't1', savedAt: '2020-02-15T01:00:00.000Z', content: '半截' }]
    const again = await open({ indexedDB: newDisk() })
    expect(again.state().gate).toBe('new')
    await again.enrol({ account: ME, pin: PIN })
    await again.sync()
    expect(again.strip()).toMatchObject({ waiting: 0, serverToday: 1 })
    expect(again.shelf.visitsOf({ taskId: 't1' })).toMatchObject([{ id: 'v1', local: false }])
    expect(await again.drafts.load({ form: 'f', version: '1', subject: 't1' })).toMatchObject({ content: '半截' })
    expect(server.taken.size).toBe(1)
  })

  test('cleared under an open page: what is filed then is on the new disk and still arrives, once', async () => {
    const { server, open, phone, disk } = await enrolled()
    server.reachable = false
    await new Promise((resolve, reject) => {
      const request = disk.deleteDatabase(`phone-${ME.id}`)
      request.onsuccess = resolve
      request.onerror = reject
    })
    const kept = await phone.outbox.add(visit('v1')).then(
      () => true,
      () => false,
    )
    await phone.stop()
    server.reachable = true
    const again = await open()
    await again.enrol({ account: ME, pin: PIN })
    await again.sync()
    // Either it was told as kept and arrives, or the worker was told that it was not.
    expect([...server.taken.values()].map((item) => item.body['id'])).toEqual(kept ? ['v1'] : [])
  })
})

describe('an update of the app', () => {
  test('with a full outbox: everything is there in the next version and goes up under its own keys', async () => {
    const { server, open, phone } = await enrolled()
    server.answer = (item) => ({ outcome: item.body['id'] === 'bad' ? 'refused' : 'accepted' })
    await phone.outbox.add(visit('bad'))
    await phone.sync()
    server.reachable = false
    for (let i = 0; i < 60; i++) await phone.outbox.add(visit(`v${i}`))
    const photo = await phone.photos.take(picture('门口'))
    await phone.outbox.add({ ...visit('with'), photos: [photo.id] })
    await phone.drafts.save({ form: 'f', version: '1', subject: 't1' }, { note: '写到一半' })
    const keys = phone.outbox.items().map((item) => item.key)
    // Killed in the middle: the next version begins with what lies on the disk.
    const next = await open({ app: 'next' })
    expect(next.strip()).toMatchObject({ waiting: 61, refused: 1, photosWaiting: 1 })
    await next.unlock(PIN)
    expect(next.outbox.items().map((item) => item.key)).toEqual(keys)
    expect(await next.drafts.load({ form: 'f', version: '1', subject: 't1' })).toMatchObject({
      content: { note: '写到一半' },
    })
    server.reachable = true
    await next.sync()
    const visits = [...server.taken.values()].filter((item) => item.kind === 'visit.file')
    expect([visits.length, new Set(visits.map((item) => item.body['id'])).size]).toEqual([61, 61])
    expect(visits.every((item) => keys.includes(item.key))).toBe(true)
    expect(server.photos.size).toBe(1)
    expect(server.to('/api/sync/push').at(-1)?.body['app']).toBe('next')
    expect(next.strip()).toMatchObject({ waiting: 0, refused: 1, photosWaiting: 0 })
  })
})

describe('a form older than the server’s', () => {
  test('what was filled in with version 1 is handed in as version 1, whatever comes meanwhile; the next visit takes version 2', async () => {
    const { server, phone } = await enrolled()
    const form = (version: number) => ({
      version: `r${version}`,
      campaigns: [],
      forms: [{ id: 'f', area: '', version, purpose: 'household', form: { purpose: 'household', fields: [] } }],
    })
    server.beyond = { reference: form(1) }
    await phone.sync()
    expect(phone.reference()?.forms[0]?.version).toBe(1)
    server.status.set('/api/sync/push', 503)
    const body = { ...visit('v1').body, form: { id: 'f', version: 1 }, answers: { well: true } }
    await phone.outbox.add({ ...visit('v1'), body })
    await phone.sync()
    server.status.clear()
    server.beyond = { reference: form(2) }
    for (const item of phone.outbox.items()) await phone.outbox.retry(item.key)
    await phone.sync()
    expect(phone.reference()?.forms[0]?.version).toBe(2)
    expect([...server.taken.values()][0]?.body).toMatchObject({
      form: { id: 'f', version: 1 },
      answers: { well: true },
    })
  })

  test('a form that this phone cannot read, with words of a later version, is kept as it came and breaks no sync (case 19)', async () => {
    const { server, phone } = await enrolled()
    const odd = { id: 'f', area: '', version: 9, purpose: 'drone', form: { fields: [{ ask: { type: 'hologram' } }] } }
    server.beyond = { reference: { version: 'r9', campaigns: [], forms: [odd], routes: ['new'] } }
    server.put(task('t1', { state: 'hovering', grade: 'purple', disposition: 'SEEN_BY_DRONE', answerBy: 'soon' }))
    expect((await phone.sync()).ok).toBe(true)
    expect(phone.reference()?.forms[0]).toMatchObject({ purpose: 'drone', version: 9 })
    expect(phone.shelf.task('t1')?.body).toMatchObject({ state: 'hovering', grade: 'purple' })
  })
})

describe('weeks without a net, and a server that was upgraded meanwhile', () => {
  test('the work goes up with the time at which it was done, the register begins anew, the PIN opens it (SYNC-9, SYNC-17, SYNC-18)', async () => {
    const { server, phone, clock, open } = await enrolled()
    for (let i = 0; i < 5; i++) server.put(task(`t${i}`))
    await phone.sync()
    server.reachable = false
    const photo = await phone.photos.take(picture('p'))
    const item = await phone.outbox.add({ ...visit('v1', 't1'), photos: [photo.id] })
    await phone.stop()
    await clock.pass(36 * DAY)
    const again = await open()
    await clock.pass(1)
    expect(await again.unlock(PIN)).toMatchObject({ ok: false, why: 'away' })
    expect(again.strip()).toMatchObject({ waiting: 1, photosWaiting: 1 })
    // What went from the feed meanwhile lies below its floor; the server speaks of things that this phone never heard of.
    server.feed = []
    server.put(task('t9'))
    server.put({ grid: GRID, kind: 'drone', id: 'd', body: { flight: 7 } })
    server.beyond = { protocol: { now: 9, min: 1 }, wind: { from: 'north' } }
    server.reachable = true
    await again.sync()
    const [taken] = server.taken.values()
    expect(taken).toMatchObject({ key: item.key, at: item.at, body: { occurredAt: item.at } })
    expect(server.photos.size).toBe(1)
    expect(await again.unlock(PIN)).toEqual({ ok: true })
    expect((await again.sync()).ok).toBe(true)
    expect(again.shelf.tasks().map((one) => one.id)).toEqual(['t9'])
    expect(again.strip()).toMatchObject({ waiting: 0, photosWaiting: 0 })
  })

  test('too old for the server: everything is handed in, nothing is pulled, and the next version goes on from there', async () => {
    const { server, phone, clock, open } = await enrolled()
    server.put(task('t1'))
    await phone.sync()
    server.reachable = false
    await phone.outbox.add(visit('v1', 't1'))
    await clock.pass(36 * DAY)
    server.reachable = true
    server.min = 2
    await phone.sync()
    await phone.unlock(PIN)
    server.put(task('t2'))
    await phone.sync()
    expect(phone.state().tooOld).toBe(true)
    expect([server.taken.size, phone.shelf.tasks().length]).toEqual([1, 1])
    await phone.stop()
    server.min = 1
    const next = await open({ app: 'next' })
    await next.unlock(PIN)
    await next.sync()
    expect(next.state().tooOld).toBe(false)
    expect(next.shelf.tasks().map((one) => one.id)).toEqual(['t1', 't2'])
    expect(server.taken.size).toBe(1)
  })
})
