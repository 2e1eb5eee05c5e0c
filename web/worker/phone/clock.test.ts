import { describe, expect, test, vi } from 'vitest'
import { enrolled, GRID, PIN, START, task, visit } from './testing.ts'

const HOUR = 3_600_000
const YEAR = 365 * 24 * HOUR

const pushed = (server: Awaited<ReturnType<typeof enrolled>>['server']) => [...server.taken.values()]

describe('a clock that is wrong', () => {
  test("by minutes: the time of the work is the server's, inside the body too", async () => {
    const { server, phone, clock } = await enrolled()
    server.ahead = 7 * 60_000
    await phone.sync()
    await phone.outbox.add(visit('v1'))
    await phone.sync()
    expect(pushed(server)[0]?.at).toBe(new Date(clock.now() + server.ahead).toISOString())
    expect(pushed(server)[0]?.body['occurredAt']).toBe(pushed(server)[0]?.at)
    expect(phone.strip().clockWrong).toBeNull()
  })

  test('by years, known before: said on the screen, and the work is told with the right time', async () => {
    const { server, phone } = await enrolled()
    server.ahead = 3 * YEAR
    await phone.sync()
    expect(phone.strip().clockWrong).toBe(-(3 * YEAR) / 60_000)
    await phone.outbox.add(visit('v1'))
    await phone.sync()
    expect(pushed(server)[0]?.at).toBe(new Date(START + 3 * YEAR).toISOString())
  })

  test('put back, and the session refused as after a closed account: the phone asks by its own secret, and the work goes up (case 37)', async () => {
    const { server, phone, clock } = await enrolled()
    await phone.outbox.add(visit('v1'))
    server.sessionOf = 'nobody'
    clock.set(clock.now() - 2 * HOUR)
    expect(await phone.sync()).toMatchObject({ ok: false, trouble: 'session', sent: 1 })
    expect(server.taken.size).toBe(1)
  })

  test('an empty battery put it back to 2010: the server is asked for the time before the work goes', async () => {
    const { server, phone, clock, open } = await enrolled()
    await phone.stop()
    server.reachable = false
    const trueTime = (): number => clock.now() + server.ahead
    server.ahead = 10 * YEAR
    clock.set(START - 10 * YEAR)
    const again = await open()
    await again.unlock(PIN)
    const item = await again.outbox.add(visit('v1'))
    expect(item.at.slice(0, 4)).toBe('2010')
    const done = trueTime()
    clock.set(clock.now() + 2 * HOUR)
    server.reachable = true
    await again.sync()
    expect(pushed(server)[0]?.at).toBe(new Date(done).toISOString())
    expect(pushed(server)[0]?.body['occurredAt']).toBe(new Date(done).toISOString())
    expect(again.strip().clockWrong).toBe(-(10 * YEAR) / 60_000)
  })

  test('put forward while answers are on their way: nothing is forgotten that a restore would need (SYNC-14, case 8)', async () => {
    const { server, phone, clock } = await enrolled()
    const leap = (): void => {
      clock.set(clock.now() + 9 * YEAR)
      server.ahead -= 9 * YEAR
    }
    const photo = await phone.photos.take(new Blob(['a picture']))
    await phone.outbox.add({ ...visit('v1'), photos: [photo.id] })
    await phone.sync()
    expect([...server.photos.keys()]).toEqual([photo.id])
    server.answer = () => (leap(), { outcome: 'accepted' })
    await phone.outbox.add(visit('v2'))
    await phone.sync()
    expect(phone.strip().clockWrong).toBe((9 * YEAR) / 60_000)
    // And after the last answer of a round by which the clock is known: the list of calls for help is none of these.
    server.answer = () => ({ outcome: 'accepted' })
    const own = {
      asked: 0,
      changes: [],
      get help() {
        if (own.asked++ === 0) leap()
        return []
      },
    }
    server.own = own
    await phone.outbox.add({ kind: 'help.ask', grid: GRID, body: { id: 'h1' } })
    await phone.sync()
    expect(own.asked).toBeGreaterThan(0)
    server.taken.clear()
    server.photos.clear()
    server.restoredAt = new Date(clock.now() + server.ahead).toISOString()
    await phone.sync()
    expect([...server.photos.keys()]).toEqual([photo.id])
    expect(pushed(server).map((item) => item.body['id'])).toEqual(['h1', 'v1', 'v2'])
  })

  test('a draft that was written while it stood years back stays when the server has it (case 20)', async () => {
    const { server, phone, clock } = await enrolled()
    const of = { form: 'f', version: '1', subject: 't1' }
    server.reachable = false
    clock.set(clock.now() - 9 * YEAR)
    server.ahead = 9 * YEAR
    await phone.drafts.save(of, { note: '写到一半' })
    server.reachable = true
    await phone.sync()
    await phone.sync()
    expect(await phone.drafts.load(of)).toMatchObject({ content: { note: '写到一半' } })
    clock.set(clock.now() + 15 * 24 * HOUR)
    await phone.sync()
    expect(await phone.drafts.load(of)).toBeNull()
  })

  test('put forward and back again: nothing is told from the future, and the register comes back', async () => {
    const { server, phone, clock } = await enrolled()
    server.put(task('t1'))
    await phone.sync()
    server.reachable = false
    clock.set(START + 2 * YEAR)
    await phone.outbox.add(visit('v1')).catch(() => undefined)
    expect(phone.state().gate).toBe('away')
    clock.set(START + HOUR)
    server.reachable = true
    await phone.sync()
    expect(await phone.unlock(PIN)).toEqual({ ok: true })
    for (const item of pushed(server)) expect(Date.parse(item.at)).toBeLessThanOrEqual(START + HOUR)
    expect(phone.shelf.tasks()).toHaveLength(1)
  })

  test('the key of an item that was tried is never sent with another time (SYNC-2)', async () => {
    const { server, phone, clock } = await enrolled()
    await phone.outbox.add(visit('v1'))
    server.loseAnswers = 1
    await phone.sync()
    const first = [...server.taken.values()][0]
    server.ahead = 5 * HOUR
    // The server's time is heard while the item still waits without an answer.
    const { net } = server
    server.net = async (request) => {
      const answer = await net(request)
      return request.path === '/api/sync/push'
        ? { ...answer, body: { ...(answer.body as object), results: [] } }
        : answer
    }
    await phone.sync()
    server.net = net
    await clock.pass(HOUR)
    await phone.sync()
    const sent = server.to('/api/sync/push').flatMap((one) => one.body['items'] as { key: string; at: string }[])
    expect(new Set(sent.filter((one) => one.key === first?.key).map((one) => one.at)).size).toBe(1)
    expect(phone.strip().waiting).toBe(0)
  })
})

describe('rounds by themselves', () => {
  test('at the start, after work, by timer; spread, and slower when there is no net', async () => {
    const { server, phone, clock } = await enrolled()
    phone.run()
    await clock.pass(1)
    await phone.outbox.add(visit('v1'))
    await clock.pass(1)
    await vi.waitFor(() => expect(server.taken.size).toBe(1))
    server.put(task('t1'))
    await clock.pass(400_000)
    await vi.waitFor(() => expect(phone.shelf.tasks()).toHaveLength(1))
    server.reachable = false
    const before = phone.syncLog().length
    await clock.pass(HOUR)
    const tries = phone.syncLog().length - before
    expect(tries).toBeGreaterThan(3)
    expect(tries).toBeLessThan(20)
    await phone.outbox.add(visit('v2'))
    server.reachable = true
    phone.nudge()
    await clock.pass(1)
    await vi.waitFor(() => expect(server.taken.size).toBe(2))
    await phone.stop()
  })

  test('a live line about a number that is news brings a round, an old one does not', async () => {
    let tell: (name: string, data: unknown) => void = () => undefined
    const { server, phone, clock } = await enrolled({
      live: ({ event }) => {
        tell = event
        return () => undefined
      },
    })
    phone.run()
    await clock.pass(1)
    const n = server.put(task('t1'))
    tell('grid', { grid: GRID, n: n - 1 })
    await clock.pass(10_000)
    expect(phone.shelf.tasks()).toEqual([])
    tell('grid', { grid: GRID, n })
    await clock.pass(10_000)
    await vi.waitFor(() => expect(phone.shelf.tasks()).toHaveLength(1))
    await phone.stop()
  })

  test('what one tab has sent does not come back by what another still shows as waiting (SYNC-2, SYNC-12)', async () => {
    const { server, phone, open } = await enrolled()
    server.reachable = false
    const item = await phone.outbox.add(visit('v1'))
    // No channel between them: this one is not told of anything.
    const tab = await open()
    await tab.unlock(PIN)
    expect(tab.strip().waiting).toBe(1)
    server.reachable = true
    await phone.sync()
    expect(server.taken.size).toBe(1)
    await tab.outbox.retry(item.key)
    expect(tab.strip().waiting).toBe(0)
    const again = await open()
    await again.unlock(PIN)
    expect(again.strip().waiting).toBe(0)
    await again.sync()
    expect(server.to('/api/sync/push').filter((one) => (one.body['items'] as unknown[]).length > 0)).toHaveLength(1)
  })

  test('of two tabs one syncs at a time, nothing goes twice, and the other shows it', async () => {
    const held = new Set<string>()
    const tabs = new Set<(message: unknown) => void>()
    const locks = async (name: string, run: () => Promise<void>): Promise<boolean> => {
      if (held.has(name)) return false
      held.add(name)
      await run().finally(() => held.delete(name))
      return true
    }
    const channelOf = () => {
      let mine: ((message: unknown) => void) | null = null
      return {
        post: (message: unknown) => [...tabs].filter((on) => on !== mine).forEach((on) => on(message)),
        listen: (on: (message: unknown) => void) => {
          mine = on
          tabs.add(on)
          return () => tabs.delete(on)
        },
      }
    }
    const { server, phone, open, clock } = await enrolled({ locks, channel: channelOf() })
    const tab = await open({ channel: channelOf() })
    await tab.unlock(PIN)
    server.reachable = false
    for (let i = 0; i < 5; i++) await (i % 2 ? phone : tab).outbox.add(visit(`v${i}`))
    await clock.pass(1)
    server.reachable = true
    server.put(task('t1'))
    await Promise.all([phone.sync(), tab.sync()])
    await clock.pass(1)
    const sent = server
      .to('/api/sync/push')
      .flatMap((one) => (one.body['items'] as { key: string }[]).map((i) => i.key))
    expect(sent).toHaveLength(5)
    expect(server.taken.size).toBe(5)
    await vi.waitFor(() => {
      expect([phone.strip().waiting, tab.strip().waiting]).toEqual([0, 0])
      expect([phone.shelf.tasks().length, tab.shelf.tasks().length]).toEqual([1, 1])
    })

    // Mended in one tab, which is closed before it could send: the other knows of it and sends it.
    server.answer = (item) => ({ outcome: item.body['id'] === 'bad' ? 'refused' : 'accepted' })
    await tab.outbox.add(visit('bad'))
    await tab.sync()
    const [refused] = tab.outbox.items()
    await tab.outbox.mend(refused?.key ?? '', { ...visit('good').body })
    await tab.stop()
    await vi.waitFor(() => expect(phone.strip().waiting).toBe(1))
    await phone.sync()
    expect([...server.taken.values()].at(-1)?.body['id']).toBe('good')

    // A third is ended before it could tell anybody what was written in it.
    const silent = await open({ channel: { post: () => undefined, listen: () => () => undefined } })
    await silent.unlock(PIN)
    await silent.outbox.add(visit('untold'))
    await phone.sync()
    expect([...server.taken.values()].at(-1)?.body['id']).toBe('untold')
  })
})
