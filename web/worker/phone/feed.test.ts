import { describe, expect, test } from 'vitest'
import { diskText, door, enrolled, GRID, ME, OTHER_GRID, person, PIN, task, visit } from './testing.ts'

const DAY = 86_400_000

describe('the register on the phone', () => {
  test('page by page, resumed where a page was lost, each thing once', async () => {
    const { server, phone } = await enrolled()
    server.page = 3
    for (let i = 0; i < 10; i++) server.put(task(`t${i}`))
    server.loseAnswers = 0
    const { net } = server
    let calls = 0
    server.net = async (request) => {
      calls += 1
      if (calls === 3) throw new Error('cut')
      return net(request)
    }
    expect((await phone.sync()).ok).toBe(false)
    expect(phone.shelf.tasks().length).toBeGreaterThan(0)
    expect(phone.shelf.tasks().length).toBeLessThan(10)
    server.net = net
    await phone.sync()
    expect(phone.shelf.tasks()).toHaveLength(10)
    const asked = server.to('/api/sync/pull').map((one) => (one.body['grids'] as { n: number }[])[0]?.n ?? 0)
    expect(asked).toEqual(asked.toSorted((a, b) => a - b))
  })

  test('a tab that did not hear that another one forgot a grid and got it back reads it anew', async () => {
    const { server, open, phone } = await enrolled()
    server.put(task('t1'))
    await phone.sync()
    // Without a channel the second tab hears of nothing, as when the first is ended before it can tell.
    const tab = await open()
    await tab.unlock(PIN)
    const [[grid = '', epoch = 1] = []] = server.epochs
    server.epochs.delete(grid)
    await phone.sync()
    server.epochs.set(grid, epoch)
    await tab.sync()
    expect(tab.shelf.tasks()).toHaveLength(1)
    const third = await open()
    await third.unlock(PIN)
    expect(third.shelf.tasks()).toHaveLength(1)
  })

  test('nothing new: one request, under 1 KB', async () => {
    const { server, phone } = await enrolled()
    server.put(task('t1'))
    await phone.sync()
    const before = server.told.length
    const line = await phone.sync()
    expect(server.told.length - before).toBe(1)
    expect(line).toMatchObject({ ok: true, received: 0 })
    expect(line.bytes).toBeLessThan(1024)
  })

  test('the urgent page comes first at a first sync and moves no cursor', async () => {
    const { server, phone } = await enrolled()
    server.put(task('slow'))
    server.put(task('red', { grade: 'red' }))
    server.comeBack = 30
    await phone.sync()
    expect(phone.shelf.tasks().map((one) => one.id)).toEqual(['red'])
    expect(phone.strip().again).not.toBeNull()
  })

  test('told to come back later, the phone asks again only then, but sends its work (case 5)', async () => {
    const { server, phone, clock } = await enrolled()
    server.put(task('t1'))
    server.comeBack = 120
    await phone.sync()
    const pulls = server.to('/api/sync/pull').length
    await phone.outbox.add(visit('v1'))
    await phone.sync()
    expect(server.to('/api/sync/pull')).toHaveLength(pulls)
    expect(server.taken.size).toBe(1)
    server.comeBack = null
    await clock.pass(121_000)
    await phone.sync()
    expect(phone.shelf.tasks()).toHaveLength(1)
  })

  test('a grid that is not mine any more goes with everything of it, unsent work stays (cases 1, 52)', async () => {
    const { server, phone, disk } = await enrolled()
    server.epochs.set(OTHER_GRID, 1)
    server.put(task('t1'))
    server.put({ ...person('person-elsewhere', '赵云'), grid: OTHER_GRID })
    server.put({ ...task('t2'), grid: OTHER_GRID })
    await phone.sync()
    expect(phone.shelf.tasks()).toHaveLength(2)
    server.reachable = false
    await phone.outbox.add({ ...visit('v2', 't2'), grid: OTHER_GRID })
    server.reachable = true
    server.epochs.delete(OTHER_GRID)
    server.answer = () => ({ outcome: 'later' })
    await phone.sync()
    expect(phone.shelf.tasks().map((one) => one.id)).toEqual(['t1'])
    expect(phone.shelf.persons()).toEqual([])
    expect(phone.strip().waiting).toBe(1)
    const text = await diskText(disk, `phone-${ME.id}`)
    // Long enough that the sealed bytes of the others do not hold it by chance.
    expect(text).not.toContain('person-elsewhere')
  })

  test('an instruction stands in each of my grids with its own answer, and stays in one when the other goes (SYNC-3, case 52)', async () => {
    const { server, phone } = await enrolled()
    server.epochs.set(OTHER_GRID, 1)
    const order = (grid: string, state: string) => ({
      grid,
      kind: 'instruction',
      id: 'i1',
      body: { instructionId: 'i1', area: grid, version: 1, state },
    })
    server.put(order(GRID, 'accepted'))
    server.put(task('t1'))
    server.put({ ...task('t2'), grid: OTHER_GRID })
    server.put(order(OTHER_GRID, 'sent'))
    await phone.sync()
    const standing = () => phone.shelf.things('instruction').map(({ id, grid, body }) => [id, grid, body['state']])
    expect(standing().toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))).toEqual([
      [`i1.${GRID}`, GRID, 'accepted'],
      [`i1.${OTHER_GRID}`, OTHER_GRID, 'sent'],
    ])
    server.epochs.delete(OTHER_GRID)
    await phone.sync()
    expect(standing()).toEqual([[`i1.${GRID}`, GRID, 'accepted']])
    server.put({ ...order(GRID, ''), body: { gone: true, why: 'moved' } })
    await phone.sync()
    expect(standing()).toEqual([])
  })

  test('a worker without a duty today sees nothing of anybody (case 7)', async () => {
    const { server, phone } = await enrolled()
    server.put(task('t1'))
    server.put(person('p1', '王小明'))
    await phone.sync()
    server.epochs.clear()
    server.mine = { version: 'm2', durableTo: null }
    await phone.sync()
    expect([phone.shelf.tasks(), phone.shelf.persons(), phone.mine()?.duties]).toEqual([[], [], []])
    expect(phone.helpers()).toMatchObject([{ name: '王主任' }])
    expect(await phone.search('王')).toEqual([])
  })

  test('there and back within one page: gone from the one grid and come to the other, it stays (case 32)', async () => {
    const { server, phone, open } = await enrolled()
    server.epochs.set(OTHER_GRID, 1)
    server.put({ ...task('t1'), grid: OTHER_GRID })
    await phone.sync()
    expect(phone.shelf.tasks()).toMatchObject([{ id: 't1', grid: OTHER_GRID }])
    // The server tells grids in the order of their codes: that it came here stands before that it went there.
    server.put(task('t1'))
    server.put({ grid: OTHER_GRID, kind: 'task', id: 't1', body: { gone: true, why: 'moved' } })
    await phone.sync()
    expect(phone.shelf.tasks()).toMatchObject([{ id: 't1', grid: GRID }])
    const later = await open()
    await later.unlock(PIN)
    expect(later.shelf.tasks()).toMatchObject([{ id: 't1', grid: GRID }])
  })

  test('what is gone goes; gone from one grid of mine is not gone from the other that it went to (case 32)', async () => {
    const { server, phone } = await enrolled()
    server.epochs.set(OTHER_GRID, 1)
    server.put(task('t1'))
    server.put(task('t2'))
    await phone.sync()
    server.put({ ...task('t1'), grid: OTHER_GRID })
    server.put({ grid: GRID, kind: 'task', id: 't1', body: { gone: true, why: 'moved' } })
    server.put({ grid: GRID, kind: 'task', id: 't2', body: { gone: true, why: 'withdrawn' } })
    await phone.sync()
    expect(phone.shelf.tasks()).toMatchObject([{ id: 't1', grid: OTHER_GRID }])
  })

  test('another epoch: what was held of the grid is forgotten and read anew', async () => {
    const { server, phone } = await enrolled()
    server.put(task('old'))
    await phone.sync()
    server.feed = []
    server.epochs.set(GRID, 2)
    server.put(task('new'))
    await phone.sync()
    expect(phone.shelf.tasks().map((one) => one.id)).toEqual(['new'])
  })

  test('kinds, words and shapes that this phone does not know are kept raw or left out, never the page (case 19)', async () => {
    const { server, phone, logged } = await enrolled()
    server.put({ grid: GRID, kind: 'drone', id: 'd1', body: { flies: true } })
    server.put(task('t1', { grade: 'ultraviolet', state: 'dreaming', more: { deep: 1 } }))
    server.put({ grid: GRID, kind: 'task', id: 't2', body: { nothing: 'known' } })
    server.feed.push({ grid: GRID, n: 99, kind: 'task', id: 't3', body: null as never })
    await phone.sync()
    expect(phone.shelf.things('drone')).toMatchObject([{ id: 'd1', body: { flies: true } }])
    expect(phone.shelf.tasks()).toMatchObject([{ id: 't1', body: { grade: 'ultraviolet' } }])
    expect(logged).toHaveLength(1)
    expect((await phone.sync()).received).toBe(0)
  })

  test('visits of more than 30 days ago are cleared', async () => {
    const { server, phone, clock } = await enrolled()
    const seen = { county: '320583', method: 'door', result: 'met', by: 'x', taskId: 't1' }
    server.put({ grid: GRID, kind: 'visit', id: 'old', body: { ...seen, day: '2020-01-15' } })
    server.put({ grid: GRID, kind: 'visit', id: 'edge', body: { ...seen, day: '2020-01-16' } })
    await phone.sync()
    expect(phone.shelf.visitsOf({ taskId: 't1' }).map((one) => one.id)).toEqual(['edge'])
    clock.set(clock.now() + DAY)
    await phone.sync()
    expect(phone.shelf.visitsOf({ taskId: 't1' })).toEqual([])
  })

  test('tasks are in memory before the rest, and unchanged rows stay the same objects', async () => {
    const { server, open, phone } = await enrolled()
    server.put(person('p1', '王小明'))
    server.put(door('d1', { building: '3', door: '101' }))
    server.put(task('t1'))
    server.put(task('t2'))
    await phone.sync()
    const again = await open()
    const seen: string[] = []
    again.subscribe(() =>
      seen.push(`${again.shelf.tasks().length}/${again.shelf.doors().length}/${again.shelf.persons().length}`),
    )
    await again.unlock(PIN)
    expect([...new Set(seen)].filter((one) => one !== '0/0/0')).toEqual(['2/0/0', '2/1/0', '2/1/1'])
    const list = again.shelf.tasks()
    const [first] = list
    await again.sync()
    expect(again.shelf.tasks()).toBe(list)
    server.put(task('t2', { version: 2 }))
    await again.sync()
    expect(again.shelf.tasks()).not.toBe(list)
    expect(again.shelf.task('t1')).toBe(first)
  })

  test('an app that is too old for the server hands in but does not pull (SYNC-18)', async () => {
    const { server, phone } = await enrolled()
    server.min = 99
    server.put(task('t1'))
    await phone.outbox.add(visit('v1'))
    await phone.sync()
    expect(phone.state().tooOld).toBe(true)
    expect(server.taken.size).toBe(1)
    expect(phone.shelf.tasks()).toEqual([])
  })
})

describe('two people, one device', () => {
  test('the session of somebody else is not used: the work goes sealed, by the device secret (case 37)', async () => {
    const { server, phone } = await enrolled()
    await phone.signedIn('01890000-0000-7000-8000-00000000b002')
    server.sessionOf = 'somebody else'
    await phone.outbox.add(visit('v1'))
    await phone.sync()
    expect(server.to('/api/sync/push')).toHaveLength(0)
    expect(server.taken.size).toBe(1)
    expect(server.to('/api/sync/sealed')[0]?.body).toMatchObject({ account: ME.id })
  })

  test('an ended session is noticed, work goes all the same, reading goes on', async () => {
    const { server, phone } = await enrolled()
    server.put(task('t1'))
    await phone.sync()
    server.sessionOf = 'nobody'
    await phone.outbox.add(visit('v1', 't1'))
    const line = await phone.sync()
    expect(line).toMatchObject({ trouble: 'session', sent: 1 })
    expect(phone.state()).toMatchObject({ sessionEnded: true, gate: 'open' })
    expect(phone.shelf.tasks()).toHaveLength(1)
    server.sessionOf = ME.id
    await phone.signedIn(ME.id)
    expect(await phone.sync()).toMatchObject({ ok: true })
  })
})

describe('storage', () => {
  test('nearly full: downloads stop, reports go on (case: storage full)', async () => {
    const room = { usage: 10_000_000, quota: 1_000_000_000 }
    const { server, phone } = await enrolled({
      room: { estimate: async () => room, persist: async () => true },
    })
    room.usage = 950_000_000
    server.put(task('t1'))
    await phone.outbox.add(visit('v1'))
    expect((await phone.sync()).trouble).toBe('storage')
    expect(phone.strip()).toMatchObject({ storageFull: true, waiting: 0 })
    expect(server.taken.size).toBe(1)
    expect(phone.shelf.tasks()).toEqual([])
    expect(await phone.storage()).toEqual({ persisted: true, usage: 950_000_000, quota: 1_000_000_000 })
    room.usage = 10_000_000
    await phone.sync()
    expect(phone.strip().storageFull).toBe(false)
    expect(phone.shelf.tasks()).toHaveLength(1)
  })
})

describe('whether everything is here', () => {
  test('told to come back, or in the middle of a first sync: an empty list says nothing; afterwards it does (SYNC-11)', async () => {
    const { server, phone, clock, open } = await enrolled()
    expect(phone.state().whole).toBe(true)
    for (let i = 0; i < 7; i++) server.put(task(`t${i}`))
    server.comeBack = 60
    await phone.sync()
    expect([phone.shelf.tasks().length, phone.state().whole]).toEqual([0, false])
    expect(phone.strip().again).not.toBeNull()
    const again = await open()
    expect(again.state().whole).toBe(false)
    await again.stop()
    server.comeBack = null
    await clock.pass(61_000)
    await phone.sync()
    expect([phone.shelf.tasks().length, phone.state().whole]).toEqual([7, true])
  })
})
