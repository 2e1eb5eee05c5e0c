import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { FORBIDDEN_WORDS } from '@weiwang/domain/observation/reading-message'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { A } from '../tasks/world.fixture.ts'
import { item, readingPlace } from './readings.fixture.ts'
import type { Place } from './readings.fixture.ts'
import { takeReply } from './links-stop.ts'
import { clearLinks, sendReminders } from './reminders.ts'

let p: Place
let desk: Actor
let grid: string

beforeAll(async () => {
  p = await readingPlace()
  desk = await p.desk(A)
  grid = p.grids(A)[1] ?? ''
})
afterAll(() => p.close())

/** What a number was sent since the last look. */
const inbox = (to: string): string[] => {
  const mine = p.sent.filter((one) => one.to === to).map((one) => one.text)
  for (let i = p.sent.length - 1; i >= 0; i--) if (p.sent[i]?.to === to) p.sent.splice(i, 1)
  return mine
}
const tokens = (text: string): string[] => [...text.matchAll(/\/r#([\w-]{22})/gu)].map((m) => m[1] ?? '')
const open = (url: string, body: object) => p.request(null, 'POST', `/api/readings/link/${url}`, body)
const report = (token: string, more: object = {}) =>
  open('file', { token, id: randomUUID(), temperature: 366, ...more })

describe('READ-14 one message to one responder (cases 27, 30)', () => {
  test('one line for each person still asked; who has reported or has ended is not in it; the second day the same numbers', async () => {
    p.at('2020-02-05', 7)
    const mother = await p.somebody({ area: grid, phone: '+8613700000001' })
    const [first, second] = [await p.somebody({ area: grid }), await p.somebody({ area: grid })]
    const hers = await p.observe({ desk, personId: mother })
    const one = await p.observe({ desk, personId: first, responder: mother })
    const two = await p.observe({ desk, personId: second, responder: mother })
    p.at('2020-02-05', 8, 31)
    await p.tick()
    const [morning, ...more] = inbox('+8613700000001')
    expect(more).toEqual([])
    expect(tokens(morning ?? '')).toHaveLength(3)
    for (const word of FORBIDDEN_WORDS)
      expect((morning ?? '').replaceAll(/https\S+/gu, '').toLowerCase()).not.toContain(word)
    // Looked at again: nothing leaves twice.
    await p.tick()
    expect(inbox('+8613700000001')).toEqual([])
    // The second child is released early, the mother reports herself: in the evening the first child alone is asked for.
    const worker = await p.worker(grid)
    await p.file(desk, `/api/observations/${two.id}/step`, {
      do: { step: 'cancel', reason: 'entry_error', note: '重复登记' },
    })
    await p.drain()
    p.at('2020-02-05', 18)
    await p.file(worker, '/api/readings', {
      how: 'phone',
      occurredAt: p.server.clock.now().toISOString(),
      items: [item(hers)],
    })
    p.at('2020-02-05', 18, 31)
    await p.tick()
    const [evening] = inbox('+8613700000001')
    expect(tokens(evening ?? '')).toHaveLength(1)
    const page = await open('look', { token: tokens(evening ?? '')[0] })
    expect(page.body).toEqual({
      ordinal: 2,
      day: '2020-02-05',
      part: 'evening',
      dueAt: '2020-02-05T12:00:00.000Z',
      closesAt: '2020-02-05T16:00:00.000Z',
      answered: false,
    })
    expect(one.id).not.toBe('')
    // Everybody has ended: no message at all.
    for (const of of [hers, one])
      await p.file(desk, `/api/observations/${of.id}/step`, {
        do: { step: 'cancel', reason: 'entry_error', note: '重复登记' },
      })
    await p.drain()
    p.at('2020-02-06', 8, 31)
    await p.tick()
    expect(inbox('+8613700000001')).toEqual([])
  })

  test('a reminder that could not leave before the night waits for nothing: after the deadline it is dropped (case 30)', async () => {
    p.at('2020-02-07', 7)
    const person = await p.somebody({ area: grid, phone: '+8613700000011' })
    const of = await p.observe({ desk, personId: person })
    p.at('2020-02-07', 18, 31)
    p.gateway.set('+8613700000011', 'broken')
    await p.tick()
    p.at('2020-02-07', 20, 30)
    p.gateway.clear()
    await sendReminders(p.server, { send: async (to, text) => void p.sent.push({ to, text }) })
    expect(inbox('+8613700000011')).toEqual([])
    expect(
      (await p.sql('select state from reading_message where responder_person_id = $1', [person])).map(
        (row) => row.state,
      ),
    ).toEqual(['dropped'])
    expect(of.id).not.toBe('')
  })

  test('a row made at night for the morning leaves at eight, where the person is', async () => {
    p.at('2020-02-08', 7)
    const person = await p.somebody({ area: grid, phone: '+8613700000021' })
    const of = await p.observe({ desk, personId: person })
    await p.file(desk, '/api/readings/contact', {
      county: of.county,
      observationId: of.id,
      contact: 'sms',
      zone: 'Pacific/Guam',
    })
    // 08:31 on Guam is 06:31 in Shanghai.
    p.at('2020-02-09', 6, 31)
    await p.tick()
    expect(inbox('+8613700000021')).toHaveLength(1)
  })
})

describe('READ-13 links', () => {
  test('looks without a name, files once, again with another report is thanked, a lost answer is given again; dead after its slot', async () => {
    p.at('2020-02-10', 7)
    const person = await p.somebody({ area: grid, phone: '+8613700000031', masked: '赵*钱' })
    const of = await p.observe({ desk, personId: person })
    p.at('2020-02-10', 8, 31)
    await p.tick()
    const [token = ''] = tokens(inbox('+8613700000031')[0] ?? '')
    const look = await open('look', { token })
    expect(look.status).toBe(200)
    expect(look.text).not.toContain('赵')
    expect(look.text).not.toContain(of.id)
    expect(look.text).not.toContain(person)
    expect(
      await p.sql(`select count(*)::int as n from reading_link where token_hash = $1`, [Buffer.from(token)]),
    ).toEqual([{ n: 0 }])
    const unlikely = await report(token, { temperature: 350 })
    expect(unlikely).toMatchObject({ status: 409, body: { code: 'UNLIKELY_TEMPERATURE' } })
    const id = randomUUID()
    const body = { token, id, temperature: 366, symptoms: ['cough'] }
    const filed = await open('file', body)
    expect(filed.body).toMatchObject({ state: 'on_time', alarm: { symptoms: ['cough'] } })
    expect((await open('file', body)).body).toEqual(filed.body)
    expect(await report(token)).toMatchObject({ status: 409, body: { code: 'LINK_USED' } })
    expect(await open('look', { token })).toMatchObject({ status: 409, body: { code: 'LINK_USED' } })
    expect(await p.sql('select how from reading where observation_id = $1', [of.id])).toEqual([{ how: 'link' }])
    // The evening's link, not used: late at 23:59 it still serves, at midnight it is dead.
    p.at('2020-02-10', 18, 31)
    await p.tick()
    const [evening = ''] = tokens(inbox('+8613700000031')[0] ?? '')
    p.at('2020-02-10', 23, 59)
    expect((await open('look', { token: evening })).status).toBe(200)
    p.at('2020-02-11', 0)
    expect(await report(evening)).toMatchObject({ status: 409, body: { code: 'LINK_OVER' } })
    p.at('2020-02-14', 0)
    await clearLinks(p.server)
    expect(await report(evening)).toMatchObject({ status: 404, body: { code: 'LINK_UNKNOWN' } })
  })

  test('guessed: unknown, and stopped after twenty tries a minute', async () => {
    p.at('2020-02-14', 9)
    const tries = []
    for (let i = 0; i < 30; i++) tries.push((await report('A'.repeat(22))).status)
    expect(tries.filter((status) => status === 404).length).toBeLessThanOrEqual(20)
    expect(tries.at(-1)).toBe(429)
    expect(
      (await p.sql('select count(*)::int as n from reading where how = $1 and day >= $2', ['link', '2020-02-14']))[0].n,
    ).toBe(0)
  })

  test('of two reports at once through one link one is taken', async () => {
    p.at('2020-02-15', 7)
    const of = await p.observe({ desk, personId: await p.somebody({ area: grid, phone: '+8613700000041' }) })
    p.at('2020-02-15', 8, 31)
    await p.tick()
    const [token = ''] = tokens(inbox('+8613700000041')[0] ?? '')
    const { fileByLink } = await import('./links.ts')
    const { FileByLink } = await import('@weiwang/domain/observation/reading-api')
    const both = await Promise.allSettled(
      [1, 2].map(() => fileByLink(p.server, FileByLink.parse({ token, id: randomUUID(), temperature: 366 }))),
    )
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    expect(await p.sql('select count(*)::int as n from reading where observation_id = $1', [of.id])).toEqual([{ n: 1 }])
  })
})

describe('case 29: what becomes of messages', () => {
  test('a landline and a refused number are called: the queue has them, and no message goes there again', async () => {
    p.at('2020-02-16', 7)
    const land = await p.somebody({ area: grid, phone: '+8651265123456' })
    const gone = await p.somebody({ area: grid, phone: '+8613700000051' })
    p.gateway.set('+8613700000051', 'undeliverable')
    const all = [await p.observe({ desk, personId: land }), await p.observe({ desk, personId: gone })]
    p.at('2020-02-16', 8, 31)
    await p.tick()
    const calls = (await p.get(desk, '/api/readings/calls?list=due&limit=200')).items
    for (const of of all)
      expect(calls.find((call: { observationId: string }) => call.observationId === of.id)).toMatchObject({
        why: 'round',
        how: 'call',
        taskId: null,
      })
    const states = await p.sql('select state from reading_message where responder_person_id = any($1)', [[land, gone]])
    expect(states.map((row) => row.state)).toEqual(['voice', 'voice'])
    p.gateway.clear()
    p.at('2020-02-17', 8, 31)
    await p.tick()
    expect(inbox('+8613700000051')).toEqual([])
    expect(
      (
        await p.sql(`select count(*)::int as n from reading_call where observation_id = $1 and closed_at is null`, [
          all[1]?.id,
        ])
      )[0].n,
    ).toBe(1)
  })

  test('a gateway that is away is asked again, a few times', async () => {
    p.at('2020-02-18', 7)
    await p.observe({ desk, personId: await p.somebody({ area: grid, phone: '+8613700000061' }) })
    p.gateway.set('+8613700000061', 'broken')
    p.at('2020-02-18', 8, 31)
    await p.tick()
    p.gateway.clear()
    p.at('2020-02-18', 8, 32)
    await p.tick()
    expect(inbox('+8613700000061')).toEqual([])
    p.at('2020-02-18', 8, 34)
    await p.tick()
    expect(inbox('+8613700000061')).toHaveLength(1)
  })

  test('who has asked for no messages gets none at a later enrolment, however the number was written', async () => {
    const stopped = await p.file(desk, '/api/readings/stop', { phone: '0086 137-0000-0071' })
    expect(stopped.body).toEqual({ stopped: true })
    p.at('2020-02-19', 7)
    const person = await p.somebody({ area: grid, phone: '+8613700000071' })
    const of = await p.observe({ desk, personId: person })
    p.at('2020-02-19', 8, 31)
    await p.tick()
    expect(inbox('+8613700000071')).toEqual([])
    const calls = (await p.get(desk, '/api/readings/calls?list=due&limit=200')).items
    expect(calls.some((call: { observationId: string }) => call.observationId === of.id)).toBe(true)
    // By the link of a message, and by writing back through the gateway.
    await p.observe({ desk, personId: await p.somebody({ area: grid, phone: '+8613700000081' }) })
    p.at('2020-02-20', 8, 31)
    await p.tick()
    const [token = ''] = tokens(inbox('+8613700000081')[0] ?? '')
    // The limit of guesses counts by the real clock of the door; this goes by the back.
    const { stopByLink } = await import('./links.ts')
    await stopByLink(p.server, token)
    p.at('2020-02-20', 18, 31)
    await p.tick()
    expect(inbox('+8613700000081')).toEqual([])
    await expect(takeReply(p.server, { from: '13700000091', text: 'T' }, 'Bearer x')).rejects.toMatchObject({
      body: { code: 'NOT_FOUND' },
    })
  })
})

test('READ-13: without a set address a link names the port that the program really listens on', async () => {
  const other = await readingPlace([], { PORT: '0' })
  try {
    await other.http.app.listen({ port: 0, host: '127.0.0.1' })
    const bound = other.http.app.server.address()
    other.server.listensAt(bound)
    other.at('2020-02-05', 7)
    const person = await other.somebody({ area: other.grids(A)[0] ?? '', phone: '+8613700000101' })
    await other.observe({ desk: await other.desk(A), personId: person })
    other.at('2020-02-05', 8, 31)
    await other.tick()
    const [url = ''] = /http\S+\/r#/u.exec(other.sent[0]?.text ?? '') ?? []
    const port = typeof bound === 'object' ? bound?.port : 0
    expect(port).toBeGreaterThan(0)
    expect(url).toBe(`http://localhost:${port}/r#`)
    expect((await fetch(url)).status).toBeLessThan(500)
  } finally {
    await other.close()
  }
})
