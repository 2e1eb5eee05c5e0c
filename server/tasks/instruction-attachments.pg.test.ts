import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dropLoose } from './instruction-attachments.ts'
import { A, B, makeWorld } from './world.fixture.ts'
import type { World } from './world.fixture.ts'

let w: World
let county: Actor
beforeAll(async () => {
  w = await makeWorld()
  county = await w.desk(A)
})
afterAll(() => w.close())

const PDF = Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(2_000, 32)])
const put = (actor: Actor, id: string, content: Buffer, name = '通知.pdf', area = A) =>
  w.request(
    actor,
    'POST',
    `/api/instructions/attachments/${id}?area=${area}&name=${encodeURIComponent(name)}`,
    content,
    { 'content-type': 'application/octet-stream' },
  )
const order = (more: object = {}) => ({
  title: '发放通知',
  text: '见附件',
  to: [A],
  level: 6,
  route: 'straight',
  dueAt: new Date(Date.now() + 36_000_000).toISOString(),
  ...more,
})
const send = async (attachments: string[], more: object = {}, by = county) => {
  const id = randomUUID()
  const answer = await w.post(by, '/api/instructions', { id, area: A, instruction: order({ attachments, ...more }) })
  await w.drain()
  return { id, answer }
}

describe('INSTR-8: papers that go with an instruction', () => {
  test('what it is is told by its bytes; the same again is the same; receivers fetch it, strangers do not', async () => {
    const id = randomUUID()
    const stored = await put(county, id, PDF)
    expect([stored.status, stored.body]).toEqual([
      200,
      { id, name: '通知.pdf', type: 'application/pdf', bytes: PDF.length },
    ])
    expect((await put(county, id, PDF)).status).toBe(200)
    expect((await put(county, id, Buffer.concat([PDF, PDF]))).body.code).toBe('ATTACHMENT_UNKNOWN')
    for (const bad of ['<html>', 'MZ\u0000', ''])
      expect((await put(county, randomUUID(), Buffer.from(bad), '图.png')).status).toBe(400)
    const big = Buffer.concat([PDF, Buffer.alloc(2_000_000)])
    expect((await put(county, randomUUID(), big)).status).toBe(400)
    expect((await put(county, randomUUID(), PDF, 'a.pdf', B)).status).toBe(404)

    const sent = await send([id])
    expect(sent.answer.body.attachments).toEqual([{ id, name: '通知.pdf', type: 'application/pdf', bytes: PDF.length }])
    const grid = w.grids(A)[0] ?? ''
    const [feed] = await w.sql(`select body from grid_feed where kind = 'instruction' and id = $1 and grid = $2`, [
      sent.id,
      grid,
    ])
    expect(feed.body.attachments).toEqual([{ id, name: '通知.pdf', type: 'application/pdf', bytes: PDF.length }])
    const fetchBy = (actor: Actor) => w.request(actor, 'GET', `/api/instructions/${sent.id}/attachments/${id}`)
    const got = await fetchBy(await w.worker(grid))
    expect([got.status, got.text === PDF.toString(), got.headers['content-type']]).toEqual([
      200,
      true,
      'application/pdf',
    ])
    expect(String(got.headers['content-disposition'])).toMatch(/^attachment;/)
    expect((await fetchBy(await w.desk(B))).status).toBe(404)
    // Whoever covers a part of the grid received what the grid received.
    expect((await fetchBy(await w.worker(`${grid}001`))).status).toBe(200)
    // One paper belongs to one instruction, and only to who uploaded it.
    expect((await send([id])).answer.body.code).toBe('ATTACHMENT_UNKNOWN')
    const other = randomUUID()
    await put(await w.desk(A), other, PDF)
    expect((await send([other])).answer.body.code).toBe('ATTACHMENT_UNKNOWN')
  })

  test('what was never sent goes after a day, what was sent stays', async () => {
    const [loose, kept] = [randomUUID(), randomUUID()]
    for (const id of [loose, kept]) await put(county, id, PDF)
    await send([kept])
    await w.sql(`update instruction_attachment set at = at - interval '25 hours' where id = any($1::uuid[])`, [
      [loose, kept],
    ])
    await dropLoose(w.server)
    const left = await w.sql(`select id from instruction_attachment where id = any($1::uuid[])`, [[loose, kept]])
    expect(left.map((row) => row.id)).toEqual([kept])
  })
})

describe('lists of instructions', () => {
  test('late: somebody inside is late; unread: my own centre has not read; each number is its list', async () => {
    const city = await w.desk('3205')
    const id = randomUUID()
    await w.post(city, '/api/instructions', {
      id,
      area: '3205',
      instruction: order({ route: 'by_level', level: 6 }),
    })
    const straight = (await send([])).id
    await w.drain()
    const ids = async (actor: Actor, state: string) => {
      const { body } = await w.get(actor, `/api/instructions?state=${state}`)
      expect(body.total).toBe(body.items.length)
      return body.items.map((one: { id: string }) => one.id)
    }
    expect(await ids(county, 'unread')).toEqual([id])
    expect(await ids(city, 'unread')).toEqual([])
    expect(await ids(county, 'late')).toEqual([])
    await w.post(county, `/api/instructions/${id}/receipt`, { id, area: A, version: 1, says: 'read' })
    expect(await ids(county, 'unread')).toEqual([])
    await w.sql(`update receipt set due_at = now() - interval '1 minute' where instruction_id = $1 and area = $2`, [
      straight,
      w.grids(A)[0],
    ])
    expect(await ids(county, 'late')).toEqual([straight])
    expect(await ids(await w.desk(`${A}001`), 'late')).toEqual([straight])
    expect(await ids(await w.desk(`${A}002`), 'late')).toEqual([])
    expect(await ids(await w.desk(B), 'all')).toEqual([])
  })
})
