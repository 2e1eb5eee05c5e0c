import { describe, expect, test, vi } from 'vitest'
import { PhoneLocked } from './store.ts'
import { diskText, enrolled, ME, person, PIN, task, visit, world } from './testing.ts'

const HOUR = 3_600_000
const wrong = '000000'

describe('the PIN and the data key', () => {
  test('fewer than six digits are no PIN, and a new phone says so', async () => {
    const { open } = await world()
    const phone = await open()
    expect(phone.state().gate).toBe('new')
    await expect(phone.enrol({ account: ME, pin: '12345' })).rejects.toThrow()
    await expect(phone.enrol({ account: ME, pin: '12345a' })).rejects.toThrow()
  })

  test('after a restart only the PIN opens the register, offline too', async () => {
    const { server, open, phone } = await enrolled()
    server.put(task('t1', { personId: 'p1' }))
    server.put(person('p1', '王小明'))
    await phone.sync()
    await phone.stop()
    server.reachable = false
    const again = await open()
    expect(again.state().gate).toBe('locked')
    expect(again.shelf.tasks()).toEqual([])
    expect(await again.unlock(wrong)).toEqual({ ok: false, why: 'pin', triesLeft: 9 })
    expect(await again.unlock(PIN)).toEqual({ ok: true })
    expect(again.state().triesLeft).toBe(10)
    expect(again.shelf.task('t1')?.person?.name).toBe('王小明')
  })

  test('a PIN forgotten in one tab closes the other, which would go on sealing under the key that is gone', async () => {
    const { server, open, phone } = await enrolled()
    const tab = await open()
    await tab.unlock(PIN)
    await phone.enrol({ account: ME, pin: '975310' })
    server.put(task('t1'))
    await tab.sync()
    expect(tab.state().gate).toBe('locked')
    expect(await tab.unlock('975310')).toEqual({ ok: true })
    await tab.sync()
    expect(tab.shelf.tasks()).toHaveLength(1)
    await phone.sync()
    expect(phone.shelf.tasks()).toHaveLength(1)
  })

  test('an order that one tab fulfilled is not carried out anew by another that slept: what was made since stays (SYNC-16)', async () => {
    const { server, open, phone } = await enrolled()
    const tab = await open()
    server.order = 'clear'
    server.status.set('/api/sync/cleared', 503)
    await tab.sync()
    expect(tab.state()).toMatchObject({ gate: 'lost', order: 'clear' })
    // Found again: a phone anew in the other tab, with work that was refused and is to be mended there.
    server.order = 'none'
    server.status.delete('/api/sync/cleared')
    await phone.enrol({ account: ME, pin: '975310' })
    server.answer = () => ({ outcome: 'refused' })
    await phone.outbox.add(visit('v1'))
    await phone.sync()
    await tab.sync()
    expect(server.to('/api/sync/cleared')).toHaveLength(0)
    expect(tab.state()).toMatchObject({ gate: 'locked', order: 'none' })
    await phone.sync()
    expect(phone.state()).toMatchObject({ gate: 'open', order: 'none' })
    expect(phone.outbox.items()).toMatchObject([{ state: 'refused', body: { id: 'v1' } }])
    await phone.stop()
    expect((await open()).state()).toMatchObject({ gate: 'locked', order: 'none' })
  })

  test('SYNC-23: on a full disk the app starts and says that there is no room; with room again the same PIN opens it', async () => {
    const { open, phone } = await enrolled()
    await phone.stop()
    const { IDBObjectStore } = await import('fake-indexeddb')
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    const again = await open()
    // No try without its being counted: a full disk would be a way to guess.
    expect(await again.unlock(PIN)).toEqual({ ok: false, why: 'full', triesLeft: 10 })
    expect(await again.unlock(wrong)).toEqual({ ok: false, why: 'full', triesLeft: 10 })
    expect((await again.sync()).ok).toBe(true)
    full.mockRestore()
    expect(await again.unlock(PIN)).toEqual({ ok: true })
  })

  test('SYNC-16: a lost phone with a full disk keeps its key only until there is room', async () => {
    const { server, clock, phone } = await enrolled()
    server.order = 'clear'
    const { IDBObjectStore } = await import('fake-indexeddb')
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await phone.sync()
    full.mockRestore()
    await clock.pass(HOUR)
    await phone.sync()
    expect(phone.state().gate).toBe('new')
  })

  test('names, telephones, answers and notes lie nowhere readable on the disk', async () => {
    const { server, disk, phone } = await enrolled()
    server.put(person('p1', '王小明', {}, '+8613812345678'))
    await phone.sync()
    server.reachable = false
    await phone.outbox.add(visit('v1'))
    await phone.drafts.save({ form: 'f', version: '1', subject: 's' }, { note: '王小明家的狗' })
    const text = await diskText(disk, `phone-${ME.id}`)
    expect(text).toContain('p1')
    for (const secret of ['王小明', '13812345678', '发烧', '狗', 'geheim', PIN]) expect(text).not.toContain(secret)
  })

  test('guessed at too often in one tab, another says that the key is gone and not that the PIN is wrong', async () => {
    const { open, phone } = await enrolled()
    const tab = await open()
    phone.lock()
    for (let i = 1; i <= 10; i++) await phone.unlock(wrong)
    expect(await tab.unlock(PIN)).toMatchObject({ ok: false, why: 'lost' })
  })

  test('written in another tab while this one is told to clear: what was kept goes up first, later nothing is kept (SYNC-16)', async () => {
    const { server, open } = await enrolled()
    const other = await open()
    await other.unlock(PIN)
    let wrote = 0
    const tab = await open({
      net: async (request) => {
        if (request.path === '/api/sync/pull' && wrote++ === 0) await other.outbox.add(visit('v1'))
        return server.net(request)
      },
    })
    await tab.unlock(PIN)
    server.order = 'clear'
    await tab.sync()
    await tab.sync()
    expect([...server.taken.values()].map((item) => item.body['id'])).toEqual(['v1'])
    expect(tab.state().gate).toBe('new')
    await expect(other.outbox.add(visit('v2'))).rejects.toThrow(PhoneLocked)
    // The next one who logs in here begins anew.
    server.order = 'none'
    await tab.enrol({ account: ME, pin: PIN })
    await tab.outbox.add(visit('v3'))
    expect(await tab.sync()).toMatchObject({ ok: true, sent: 1 })
  })

  test('cleared in one tab, another says that this is no phone any more and not that the PIN is wrong', async () => {
    const { server, open, phone } = await enrolled()
    const tab = await open()
    server.order = 'clear'
    await phone.sync()
    expect(phone.state().gate).toBe('new')
    expect(await tab.unlock(PIN)).toMatchObject({ ok: false, why: 'new' })
    expect(tab.state().gate).toBe('new')
  })

  test('ten wrong PINs destroy the key, over restarts; the sealed outbox goes up by the device secret all the same', async () => {
    const { server, open, phone } = await enrolled()
    server.put(task('t1'))
    await phone.sync()
    server.reachable = false
    await phone.outbox.add(visit('v1', 't1'))
    await phone.stop()
    for (let i = 1; i <= 9; i++) {
      const tried = await open()
      expect(await tried.unlock(wrong)).toEqual({ ok: false, why: 'pin', triesLeft: 10 - i })
      await tried.stop()
    }
    const last = await open()
    expect(await last.unlock(wrong)).toMatchObject({ ok: false, why: 'lost' })
    expect(last.state().gate).toBe('lost')
    expect(await last.unlock(PIN)).toMatchObject({ ok: false, why: 'lost' })
    server.reachable = true
    server.sessionOf = 'nobody'
    await last.sync()
    expect([...server.taken.values()].map((item) => item.body['id'])).toEqual(['v1'])
    expect(last.strip().waiting).toBe(0)
  })

  test('a forgotten PIN: log in again, new key, the register is pulled anew and unsent work is handed in', async () => {
    const { server, open, phone } = await enrolled()
    server.put(task('t1'))
    server.put(person('p1', '王小明'))
    await phone.sync()
    server.reachable = false
    await phone.outbox.add(visit('v1', 't1'))
    await phone.stop()
    const again = await open()
    server.reachable = true
    await again.enrol({ account: ME, pin: '135791' })
    expect(again.shelf.persons()).toEqual([])
    expect(again.strip().waiting).toBe(1)
    await again.sync()
    expect(again.shelf.persons().map((one) => one.name)).toEqual(['王小明'])
    expect([...server.taken.values()].map((item) => item.body['id'])).toEqual(['v1'])
    await again.stop()
    const third = await open()
    expect(await third.unlock(PIN)).toMatchObject({ ok: false })
    expect(await third.unlock('135791')).toEqual({ ok: true })
  })

  test('a changed PIN opens the same register, the old one no longer', async () => {
    const { server, open, phone } = await enrolled()
    server.put(person('p1', '王小明'))
    await phone.sync()
    expect(await phone.changePin(wrong, '777777')).toBe(false)
    expect(await phone.changePin(PIN, '777777')).toBe(true)
    await phone.stop()
    const again = await open()
    expect((await again.unlock(PIN)).ok).toBe(false)
    expect((await again.unlock('777777')).ok).toBe(true)
    expect(again.shelf.persons()).toHaveLength(1)
  })
})

describe('72 h without a contact close the register (SYNC-17)', () => {
  test('the PIN does not open it until a contact; unsent work is untouched', async () => {
    const { server, clock, open, phone } = await enrolled()
    server.put(task('t1'))
    await phone.sync()
    server.reachable = false
    await phone.outbox.add(visit('v1', 't1'))
    await phone.stop()
    clock.set(clock.now() + 73 * HOUR)
    const again = await open()
    expect(again.state().gate).toBe('away')
    expect(await again.unlock(PIN)).toMatchObject({ ok: false, why: 'away' })
    expect(again.strip().waiting).toBe(1)
    server.reachable = true
    await again.sync()
    expect(server.taken.size).toBe(1)
    expect(again.state().gate).toBe('locked')
    expect(await again.unlock(PIN)).toEqual({ ok: true })
    expect(again.shelf.tasks()).toHaveLength(1)
  })

  test('an open phone closes by itself when the time comes', async () => {
    const { server, clock, phone } = await enrolled()
    phone.run()
    server.reachable = false
    clock.set(clock.now() + 71 * HOUR)
    await clock.pass(61_000)
    expect(phone.state().gate).toBe('open')
    clock.set(clock.now() + HOUR)
    await clock.pass(61_000)
    await vi.waitFor(() => expect(phone.state().gate).toBe('away'))
    await phone.stop()
  })

  test('a clock put back does not prolong it', async () => {
    const { server, clock, open, phone } = await enrolled()
    await phone.stop()
    server.reachable = false
    let total = 0
    for (let i = 0; i < 4; i++) {
      clock.set(clock.now() + 20 * HOUR)
      const seen = await open()
      total += 20
      expect(seen.state().gate).toBe(total > 72 ? 'away' : 'locked')
      await seen.stop()
      clock.set(clock.now() - 19 * HOUR)
      await (await open()).stop()
    }
  })
})

describe('orders of the server (SYNC-16)', () => {
  test('clear: the key goes at once, sealed work goes up, the PIN opens nothing', async () => {
    const { server, phone, disk } = await enrolled()
    server.put(person('p1', '王小明'))
    await phone.sync()
    server.reachable = false
    await phone.outbox.add(visit('v1'))
    await phone.outbox.add(visit('v2'))
    server.reachable = true
    server.order = 'clear'
    server.status.set('/api/sync/cleared', 503)
    await phone.sync()
    expect(phone.state().gate).toBe('lost')
    expect(phone.shelf.persons()).toEqual([])
    expect(server.taken.size).toBe(2)
    expect(await phone.unlock(PIN)).toMatchObject({ ok: false, why: 'lost' })
    server.status.clear()
    await phone.sync()
    expect(phone.state().gate).toBe('new')
    expect(await diskText(disk, `phone-${ME.id}`)).not.toContain('geheim')
  })

  test('clear: the last word arrived and its answer was lost; said again it is answered, and nothing stays (case 37)', async () => {
    const { server, phone, disk } = await enrolled()
    server.order = 'clear'
    server.status.set('/api/sync/cleared', 503)
    await phone.sync()
    expect(phone.state().gate).toBe('lost')
    // Its account is closed and its secret has ended: everything else is refused.
    server.sessionOf = ''
    server.secretKnown = false
    server.status.set('/api/sync/cleared', 200)
    await phone.sync()
    expect(phone.state().gate).toBe('new')
    expect(await diskText(disk, `phone-${ME.id}`)).not.toContain('geheim')
  })

  test('clear takes what was refused along, for it can be mended nowhere any more (case 55)', async () => {
    const { server, phone } = await enrolled()
    server.answer = () => ({ outcome: 'refused' })
    await phone.outbox.add(visit('v1'))
    await phone.sync()
    expect(phone.strip().refused).toBe(1)
    server.answer = () => ({ outcome: 'held' })
    server.order = 'clear'
    await phone.sync()
    expect([...server.taken.values()].map((item) => item.body['id'])).toEqual(['v1'])
    expect(phone.state().gate).toBe('new')
  })

  test('who has logged in again and not yet typed the PIN is let in, whatever the server still has under the phone’s secret', async () => {
    const { server, phone } = await enrolled()
    server.reachable = false
    await phone.outbox.add(visit('v1'))
    phone.signedOut()
    phone.lock()
    server.reachable = true
    server.sessionOf = 'nobody'
    server.sealedOrder = 'lock'
    expect(await phone.sync()).toMatchObject({ sent: 1 })
    expect(phone.state().gate).toBe('logIn')
    server.sessionOf = ME.id
    await phone.signedIn(ME.id, { fresh: true })
    for (let i = 0; i < 2; i++) {
      await phone.sync()
      expect(phone.state().gate).toBe('locked')
    }
    expect(await phone.unlock(PIN)).toEqual({ ok: true })
    // The session over again, its word counts no more.
    phone.lock()
    server.sessionOf = 'nobody'
    await phone.sync()
    expect(phone.state().gate).toBe('logIn')
  })

  test('lock: the log-in is asked for before anything is shown', async () => {
    const { server, phone } = await enrolled()
    server.put(person('p1', '王小明'))
    await phone.sync()
    server.order = 'lock'
    await phone.sync()
    expect(phone.state().gate).toBe('logIn')
    expect(phone.shelf.persons()).toEqual([])
    expect(await phone.unlock(PIN)).toMatchObject({ ok: false, why: 'logIn' })
    server.order = 'none'
    await phone.signedIn(ME.id)
    expect(phone.state().gate).toBe('logIn')
    await phone.signedIn(ME.id, { fresh: true })
    expect(phone.state().gate).toBe('locked')
    expect(await phone.unlock(PIN)).toEqual({ ok: true })
    expect(phone.shelf.persons()).toHaveLength(1)
  })
})
