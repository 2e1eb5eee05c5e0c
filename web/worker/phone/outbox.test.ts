import { describe, expect, test, vi } from 'vitest'
import { STUCK_AFTER } from './outbox.ts'
import { PhoneFull, PhoneLocked } from './store.ts'
import { enrolled, GRID, ME, PIN, START, task, visit, YOU } from './testing.ts'

const problem = {
  code: 'ANSWER_UNREADABLE',
  kind: 'invalid',
  rule: 'VISIT-3',
  message: { zh: '体温无法识别', en: 'The temperature cannot be read' },
}
const HOUR = 3_600_000

describe('work done here is kept and shown at once', () => {
  test('a task filed without a net shows as filed and waiting, over a kill and a restart', async () => {
    const { server, open, phone } = await enrolled()
    server.put(task('t1'))
    await phone.sync()
    server.reachable = false
    const item = await phone.outbox.add(visit('v1', 't1'))
    expect(item).toMatchObject({ state: 'waiting', seq: 1, at: '2020-02-15T01:00:00.000Z' })
    expect(phone.shelf.task('t1')).toMatchObject({ filed: true, marks: [{ key: item.key, state: 'waiting' }] })
    expect(phone.shelf.visitsOf({ taskId: 't1' })).toMatchObject([{ id: 'v1', local: true, state: 'waiting' }])
    // Killed: nothing is ended in order.
    const again = await open()
    expect(again.strip().waiting).toBe(1)
    await again.unlock(PIN)
    expect(again.shelf.task('t1')?.filed).toBe(true)
    expect(again.outbox.item(item.key)?.body).toMatchObject({ id: 'v1', occurredAt: item.at })
  })

  test('what was accepted stays in sight until the feed shows it, and does not come back as open', async () => {
    const { server, phone } = await enrolled()
    server.put(task('t1'))
    await phone.sync()
    server.answer = () => ({ outcome: 'accepted', answer: { id: 'v1', task: { id: 't1', version: 2 } } })
    await phone.outbox.add(visit('v1', 't1'))
    await phone.sync()
    expect(phone.strip().waiting).toBe(0)
    expect(phone.shelf.task('t1')?.filed).toBe(true)
    server.put(task('t1', { state: 'closed', version: 2 }))
    await phone.sync()
    expect(phone.shelf.task('t1')).toMatchObject({ filed: false, marks: [], body: { state: 'closed' } })
  })

  test('without the PIN nothing is added, and a full phone says so instead of pretending', async () => {
    const { phone } = await enrolled()
    phone.lock()
    await expect(phone.outbox.add(visit('v1'))).rejects.toBeInstanceOf(PhoneLocked)
    await phone.unlock(PIN)
    const { IDBObjectStore } = await import('fake-indexeddb')
    const full = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await expect(phone.outbox.add(visit('v1'))).rejects.toBeInstanceOf(PhoneFull)
    full.mockRestore()
    expect(phone.outbox.items()).toEqual([])
    expect((await phone.outbox.add(visit('v1'))).state).toBe('waiting')
  })

  test('numbers run without a gap or a double when two tabs of one phone add at once', async () => {
    const { server, open, phone } = await enrolled()
    server.reachable = false
    const tab = await open()
    await tab.unlock(PIN)
    await Promise.all([1, 2, 3, 4].map((i) => (i % 2 ? phone : tab).outbox.add(visit(`v${i}`))))
    const third = await open()
    expect(third.outbox.items().map((item) => item.seq)).toEqual([1, 2, 3, 4])
  })
})

describe('nothing leaves but on the word of the server', () => {
  test('a lost answer is asked again under the same key and is one visit (case 39)', async () => {
    const { server, phone, clock } = await enrolled()
    await phone.outbox.add(visit('v1'))
    server.loseAnswers = 1
    expect((await phone.sync()).trouble).toBe('offline')
    expect(phone.strip().waiting).toBe(1)
    await clock.pass(HOUR)
    await phone.sync()
    expect(phone.strip().waiting).toBe(0)
    expect(server.taken.size).toBe(1)
    const keys = server
      .to('/api/sync/push')
      .flatMap((one) => (one.body['items'] as { key: string }[]).map((i) => i.key))
    expect(new Set(keys).size).toBe(1)
  })

  test('what one tab offered is known to another that did not hear of it before that one sends anything (SYNC-2)', async () => {
    const { server, open, phone } = await enrolled()
    await phone.outbox.add(visit('v1'))
    // Without a channel it knows the item as it was before it went.
    const tab = await open()
    await tab.unlock(PIN)
    server.answer = () => ({ outcome: 'eaten' })
    await phone.sync()
    server.reachable = false
    await tab.sync()
    expect(tab.outbox.items()).toMatchObject([{ state: 'waiting', tries: 1 }])
  })

  test('a silent or unknown answer about an item leaves it where it is', async () => {
    const { server, phone } = await enrolled()
    await phone.outbox.add(visit('v1'))
    server.answer = () => ({ outcome: 'eaten' })
    await phone.sync()
    expect(phone.outbox.items()).toMatchObject([{ state: 'waiting', tries: 1 }])
  })

  test('one poisoned item among forty: thirty-nine arrive, the one is shown with its reason, mended and sent (cases 36, 41, 64)', async () => {
    const { server, phone } = await enrolled()
    server.reachable = false
    for (let i = 1; i <= 40; i++) await phone.outbox.add(visit(`v${i}`))
    server.reachable = true
    server.answer = ({ body }) =>
      body['id'] === 'v20' && body['mended'] !== true ? { outcome: 'refused', problem } : { outcome: 'accepted' }
    await phone.sync()
    expect(server.taken.size).toBe(39)
    const [bad, ...others] = phone.outbox.items()
    expect(others).toEqual([])
    expect(bad).toMatchObject({ state: 'refused', problem: { code: 'ANSWER_UNREADABLE', message: problem.message } })
    expect(phone.strip()).toMatchObject({ waiting: 0, refused: 1 })
    await phone.sync()
    expect(server.to('/api/sync/push')).toHaveLength(1)
    const mended = await phone.outbox.mend(bad?.key ?? '', { ...bad?.body, mended: true })
    expect(mended.key).not.toBe(bad?.key)
    expect(phone.outbox.items().map((item) => item.key)).toEqual([mended.key])
    await phone.sync()
    expect(phone.outbox.items()).toEqual([])
    expect(server.taken.get(mended.key)).toMatchObject({ mends: bad?.key, body: { id: 'v20', mended: true } })
  })

  test('a batch that the server cannot take as a whole is halved until the one that spoils it stands alone', async () => {
    const { server, phone } = await enrolled()
    server.reachable = false
    for (let i = 1; i <= 9; i++) await phone.outbox.add(visit(`v${i}`))
    server.reachable = true
    const { net } = server
    const spoilt = async (request: Parameters<typeof net>[0]) => {
      if (request.path === '/api/sync/push' && typeof request.body === 'string' && request.body.includes('"v5"'))
        return { status: 413, body: problem }
      return net(request)
    }
    Object.assign(server, { net: spoilt })
    await phone.sync()
    expect(server.taken.size).toBe(8)
    expect(phone.outbox.items()).toMatchObject([{ state: 'waiting', tries: 1, problem: { code: 'ANSWER_UNREADABLE' } }])
  })

  test('after some tries an item is set aside and shown, keeps being tried seldom, and may be tried at will (case 41)', async () => {
    const { server, phone, clock } = await enrolled()
    await phone.outbox.add(visit('v1'))
    server.answer = () => ({ outcome: 'later' })
    for (let i = 0; i < STUCK_AFTER; i++) {
      await phone.sync()
      await clock.pass(2 * HOUR)
    }
    const [stuck] = phone.outbox.items()
    expect(stuck).toMatchObject({ state: 'stuck', tries: STUCK_AFTER })
    expect(phone.strip().waiting).toBe(1)
    await phone.sync()
    server.answer = () => ({ outcome: 'accepted' })
    await phone.sync()
    expect(server.taken.size).toBe(0)
    await phone.outbox.retry(stuck?.key ?? '')
    await phone.sync()
    expect(server.taken.size).toBe(1)
  })

  test('refused work cannot be deleted, only given to the supervisor; held work says so until it was read (cases 1, 42, 55)', async () => {
    const { server, phone, clock } = await enrolled()
    server.answer = ({ toSupervisor }) =>
      toSupervisor === undefined ? { outcome: 'refused', problem } : { outcome: 'held' }
    const first = await phone.outbox.add(visit('v1'))
    await phone.sync()
    expect(Object.keys(phone.outbox)).not.toContain('delete')
    await expect(phone.outbox.mend('nothing', {})).rejects.toThrow()
    const given = await phone.outbox.toSupervisor(first.key, '户主不让量体温')
    await phone.sync()
    expect(server.taken.get(given.key)).toMatchObject({
      kind: 'visit.file',
      toSupervisor: '户主不让量体温',
      mends: first.key,
    })
    expect(phone.outbox.items()).toMatchObject([{ key: given.key, state: 'held' }])
    expect(phone.strip()).toMatchObject({ refused: 0, held: 1 })
    server.decisions = [
      { key: given.key, state: 'set_aside', note: '已由他人走访', helper: null, decidedAt: '2020-02-15T02:00:00Z' },
    ]
    await clock.pass(HOUR)
    await phone.sync()
    expect(phone.outbox.items()).toMatchObject([
      { state: 'held', handover: { state: 'set_aside', note: '已由他人走访' } },
    ])
    await phone.outbox.dismiss(given.key)
    expect(phone.outbox.items()).toEqual([])
  })

  test('SYNC-13: of 120 held ones the word on the last is heard while all the others still wait', async () => {
    const { server, phone, clock } = await enrolled()
    server.answer = () => ({ outcome: 'held' })
    const keys: string[] = []
    for (let i = 0; i < 120; i++) keys.push((await phone.outbox.add(visit(`v${i}`))).key)
    await phone.sync()
    expect(phone.strip().held).toBe(120)
    const word = { state: 'set_aside', note: '重复', helper: null, decidedAt: '2020-02-15T02:00:00Z' }
    server.decisions = keys.map((key) => ({ key, state: 'waiting', note: null, helper: null, decidedAt: null }))
    // Whichever the phone asks about last.
    for (const i of [0, 60, 119]) server.decisions[i] = { key: keys[i], ...word }
    await clock.pass(HOUR)
    await phone.sync()
    const heard = phone.outbox.items().filter(({ handover }) => handover?.state === 'set_aside')
    expect(new Set(heard.map(({ key }) => key))).toEqual(new Set([keys[0], keys[60], keys[119]]))
  })

  test('one item can be taken out as a file, without leaving the queue (case 62)', async () => {
    const { server, phone } = await enrolled()
    server.reachable = false
    const item = await phone.outbox.add(visit('v1'))
    const file = JSON.parse(await phone.outbox.exportItem(item.key)) as Record<string, unknown>
    expect(file).toMatchObject({ key: item.key, boxKey: 'k1', item: { body: { id: 'v1' } } })
    phone.lock()
    expect(JSON.parse(await phone.outbox.exportItem(item.key))).not.toHaveProperty('item')
    expect(phone.outbox.items()).toHaveLength(1)
  })
})

describe('a server restored from a backup (case 8, SYNC-14)', () => {
  test('everything still kept is offered again under its own key; a second time makes nothing new', async () => {
    const { server, phone } = await enrolled()
    for (const id of ['v1', 'v2', 'v3']) await phone.outbox.add(visit(id))
    await phone.sync()
    const keys = [...server.taken.keys()]
    server.taken.delete(keys[1] ?? '')
    server.taken.delete(keys[2] ?? '')
    server.epochs.set(GRID, 2)
    await phone.sync()
    expect(new Set(server.taken.keys())).toEqual(new Set(keys))
    expect(phone.strip().waiting).toBe(0)
    server.epochs.set(GRID, 3)
    await phone.sync()
    expect(server.taken.size).toBe(3)
  })

  test('a phone that holds no grid any more offers again too, once for each restore', async () => {
    const { server, phone } = await enrolled()
    await phone.outbox.add(visit('v1'))
    await phone.sync()
    server.epochs.clear()
    await phone.sync()
    for (const at of ['2026-11-25T10:00:00.000Z', '2026-11-25T11:00:00.000Z']) {
      server.taken.clear()
      server.restoredAt = at
      await phone.sync()
      expect([...server.taken.values()].map((item) => item.body['id'])).toEqual(['v1'])
      const before = server.told.length
      await phone.sync()
      expect(server.told.slice(before).map((one) => one.path)).toEqual(['/api/sync/pull'])
    }
  })

  test('what waited goes in the same round in which the restore is heard of, and says then that it was heard (SYNC-12)', async () => {
    const { server, phone } = await enrolled()
    await phone.sync()
    server.reachable = false
    await phone.outbox.add(visit('v1'))
    server.restoredAt = '2026-11-25T10:00:00.000Z'
    server.reachable = true
    await phone.sync()
    expect([...server.taken.values()].map((item) => item.body['id'])).toEqual(['v1'])
    const pushes = server.to('/api/sync/push').filter((one) => (one.body['items'] as unknown[]).length > 0)
    expect(pushes.map((one) => one.body['restoredAt'])).toEqual([null, server.restoredAt])
    expect(phone.strip().waiting).toBe(0)
  })

  test('what another tab sent untold is offered again by the one that hears of the restore', async () => {
    const { server, phone, open } = await enrolled()
    // No channel between them: the first never hears of what the second did.
    const tab = await open()
    await tab.unlock(PIN)
    await phone.outbox.add(visit('v0'))
    await phone.sync()
    await tab.outbox.add(visit('v1'))
    await tab.sync()
    await tab.stop()
    server.taken.clear()
    server.restoredAt = '2026-11-25T10:00:00.000Z'
    await phone.sync()
    expect([...server.taken.values()].map((item) => item.body['id'])).toEqual(['v0', 'v1'])
    expect(phone.strip().waiting).toBe(0)
  })

  test('a server that was restored to before the phone got its secret gives it another, by the session; nothing stays behind', async () => {
    const { server, phone } = await enrolled()
    server.reachable = false
    await phone.outbox.add(visit('v1'))
    server.reachable = true
    // A forgotten PIN: v1 lies here only as it is sealed to the server.
    await phone.enrol({ account: { id: phone.state().account?.id ?? '', name: '李芳' }, pin: '975310' })
    server.secretKnown = false
    server.put(task('t1'))
    expect(await phone.sync()).toMatchObject({ ok: true })
    expect([...server.taken.values()].map((item) => item.body['id'])).toEqual(['v1'])
    expect(phone.shelf.tasks()).toHaveLength(1)
  })

  test('heard by the session, a restored server gives the phone a secret at once: its account may be closed before it is needed (case 37)', async () => {
    const { server, phone } = await enrolled()
    server.restoredAt = '2026-11-25T10:00:00.000Z'
    server.secretKnown = false
    await phone.sync()
    expect(server.secretKnown).toBe(true)
    expect(server.to('/api/sync/phones')).toHaveLength(2)
    await phone.sync()
    expect(server.to('/api/sync/phones')).toHaveLength(2)
    // One that gives none, as to a phone that was reported lost, hinders no work.
    server.restoredAt = '2026-11-25T11:00:00.000Z'
    server.status.set('/api/sync/phones', 409)
    await phone.outbox.add(visit('v1'))
    expect(await phone.sync()).toMatchObject({ ok: true, sent: 1 })
  })

  test('a phone that is closed after 72 hours and unknown to the restored server is heard again after a log-in, and opens', async () => {
    const { server, phone, clock } = await enrolled()
    server.reachable = false
    await phone.outbox.add(visit('v1'))
    await clock.pass(80 * 3_600_000)
    server.reachable = true
    server.secretKnown = false
    phone.signedOut()
    expect(await phone.sync()).toMatchObject({ ok: false, trouble: 'session' })
    // Nothing else would help, so this is what its screen asks for.
    expect(phone.state().gate).toBe('logIn')
    await phone.signedIn(ME.id, { fresh: true })
    expect(await phone.sync()).toMatchObject({ ok: true, sent: 1 })
    expect(await phone.unlock(PIN)).toEqual({ ok: true })
  })

  test('somebody else is logged in beside this phone: what lies here goes sealed, under its own name', async () => {
    const { server, phone } = await enrolled()
    server.sessionOf = YOU.id
    await phone.outbox.add(visit('v1'))
    expect(await phone.sync()).toMatchObject({ trouble: 'session', sent: 1 })
    expect(server.to('/api/sync/sealed').at(-1)?.body).toMatchObject({ account: ME.id })
    expect(phone.state().sessionEnded).toBe(true)
  })

  test('what the restored server answers otherwise has no receipt any more', async () => {
    const { server, phone } = await enrolled()
    for (const id of ['v1', 'v2']) await phone.outbox.add(visit(id))
    await phone.sync()
    expect(await phone.outbox.receipts()).toHaveLength(2)
    server.taken.clear()
    server.epochs.set(GRID, 2)
    server.answer = (item) => ({ outcome: item.body['id'] === 'v1' ? 'refused' : 'accepted' })
    await phone.sync()
    expect((await phone.outbox.receipts()).map((row) => row.subject)).toEqual(['v2'])
    expect(phone.strip()).toMatchObject({ serverToday: 1, refused: 1 })
  })

  test('what lies in a backup is forgotten here after a while, what does not is kept for 30 days', async () => {
    const { server, phone, clock } = await enrolled()
    await phone.outbox.add(visit('v1'))
    await phone.sync()
    clock.set(START + 2 * HOUR)
    await phone.outbox.add(visit('v2'))
    await phone.sync()
    server.mine = { version: 'm2', durableTo: new Date(START + HOUR).toISOString() }
    clock.set(START + 4 * HOUR)
    await phone.sync()
    server.taken.clear()
    server.epochs.set(GRID, 2)
    await phone.sync()
    expect([...server.taken.values()].map((item) => item.body['id'])).toEqual(['v2'])
  })
})

describe('what the strip says', () => {
  test('the server has n of today: each visit once, a corrected one not beside its correction (cases 1, 3, 44)', async () => {
    const { server, phone, clock } = await enrolled()
    const mine = phone.state().account?.id
    const seen = { county: '320583', day: '2020-02-15', method: 'door', result: 'met', by: mine }
    server.put({ grid: GRID, kind: 'visit', id: 'v0', body: seen })
    server.put({ grid: GRID, kind: 'visit', id: 'vx', body: { ...seen, by: 'somebody else' } })
    await phone.outbox.add(visit('v1'))
    await phone.sync()
    expect(phone.strip()).toMatchObject({ serverToday: 2, waiting: 0 })
    server.put({ grid: GRID, kind: 'visit', id: 'v1', body: seen })
    await phone.outbox.add({ ...visit('v2'), body: { ...visit('v2').body, supersedes: 'v1' } })
    server.reachable = false
    await phone.outbox.add(visit('v3'))
    expect(phone.strip()).toMatchObject({ serverToday: 2, waiting: 2 })
    server.reachable = true
    await phone.sync()
    expect(phone.strip()).toMatchObject({ serverToday: 3, waiting: 0 })
    expect(await phone.outbox.receipts('2020-02-15')).toHaveLength(3)
    await clock.pass(24 * HOUR)
    await phone.sync()
    expect(phone.strip().serverToday).toBe(0)
    expect(await phone.outbox.receipts('2020-02-15')).toHaveLength(3)
  })
})
