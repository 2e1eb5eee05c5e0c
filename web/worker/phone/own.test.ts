import { expect, test } from 'vitest'
import { diskText, enrolled, GRID, ME, PIN, visit } from './testing.ts'

const MINUTE = 60_000
const call = (state: string, more: Record<string, unknown> = {}) => ({
  id: 'h1',
  at: '2020-02-15T01:00:00.000Z',
  area: '320583102201',
  areaName: '玉山镇某村',
  state,
  seenBy: null,
  seenAt: null,
  closedAt: null,
  note: null,
  ...more,
})
const change = (state: string) => ({
  id: 'k1',
  thing: 'person',
  thingId: 'p1',
  field: 'phone',
  state,
  madeAt: '2020-02-15T01:00:00.000Z',
  decidedAt: null,
  byName: null,
  reason: null,
})

test('a call for help goes before everything that waits (HELP-1)', async () => {
  const { server, phone } = await enrolled()
  server.reachable = false
  for (let i = 0; i < 45; i++) await phone.outbox.add(visit(`v${i}`))
  await phone.outbox.add({ kind: 'help.ask', grid: GRID, body: { id: 'h1' } })
  server.reachable = true
  await phone.sync()
  const [first] = server.to('/api/sync/push').map(({ body }) => body['items'] as { kind: string }[])
  expect(first?.[0]?.kind).toBe('help.ask')
  expect(server.taken.size).toBe(46)
})

test('my calls and held changes are asked for when there is reason, kept sealed, and read without a net', async () => {
  const { server, phone, clock, open, disk } = await enrolled()
  await phone.sync()
  expect([phone.own(), server.to('/api/help/mine').length]).toEqual([null, 0])
  server.own.help = [call('open')]
  server.own.changes = [change('open')]
  await phone.outbox.add({ kind: 'help.ask', grid: GRID, body: { id: 'h1' } })
  await phone.sync()
  expect(phone.own()).toMatchObject({ help: [{ state: 'open' }], helpTotal: 1, changes: [{ field: 'phone' }] })
  // Nothing new: nothing is asked, until what is open may have been decided.
  await phone.sync()
  expect(server.to('/api/help/mine')).toHaveLength(1)
  await clock.pass(11 * MINUTE)
  await phone.sync()
  expect(server.to('/api/help/mine')).toHaveLength(2)
  expect(await diskText(disk, `phone-${ME.id}`)).not.toContain('某村')

  await phone.stop()
  server.reachable = false
  const again = await open()
  expect(again.own()).toBeNull()
  await again.unlock(PIN)
  expect(again.own()?.help[0]?.areaName).toBe('玉山镇某村')
  again.lock()
  expect(again.own()).toBeNull()
})

test('a notice that somebody has heard it brings the list; the same notice again does not', async () => {
  const { server, phone } = await enrolled()
  server.own.help = [call('seen', { seenBy: { name: '王主任', phone: '+8613800000000' } })]
  const told = { for: ME.id, what: 'help.seen', helpId: 'h1', by: 'b', byName: '王主任' }
  server.put({ grid: GRID, kind: 'notice', id: 'help/h1', body: told })
  await phone.sync()
  expect(phone.own()?.help).toMatchObject([{ state: 'seen', seenBy: { name: '王主任' } }])
  await phone.sync()
  expect(server.to('/api/help/mine')).toHaveLength(1)
  server.own.help = [call('closed')]
  server.put({ grid: GRID, kind: 'notice', id: 'help/h1', body: { ...told, what: 'help.closed' } })
  await phone.sync()
  expect(phone.own()?.help[0]?.state).toBe('closed')
})

test('an answer that is not understood leaves what was heard before, and spoils no round', async () => {
  const { server, phone } = await enrolled()
  server.own.help = [call('closed')]
  phone.askOwn()
  await phone.sync()
  server.own.changes = [{ what: 'else' }]
  phone.askOwn()
  expect((await phone.sync()).ok).toBe(true)
  expect(phone.own()?.help).toHaveLength(1)
  server.status.set('/api/help/mine', 500)
  expect((await phone.sync()).ok).toBe(true)
  expect(phone.own()?.help).toHaveLength(1)
})

test('another data key keeps nothing of it (SYNC-20)', async () => {
  const { server, phone } = await enrolled()
  server.own.help = [call('closed')]
  phone.askOwn()
  await phone.sync()
  await phone.enrol({ account: ME, pin: PIN })
  expect(phone.own()).toBeNull()
})
