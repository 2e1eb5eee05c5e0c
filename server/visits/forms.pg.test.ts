import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shippedForm } from '@weiwang/domain/tasks/forms-shipped'
import { A, B, makeWorld } from '../tasks/world.fixture.ts'
import type { World } from '../tasks/world.fixture.ts'
import { jpeg } from './jpeg.fixture.ts'
import { openPhoto } from './photos.ts'
import { visitRoutes } from './routes.ts'

let w: World
let worker: Actor
let grid: string
beforeAll(async () => {
  w = await makeWorld({ routes: [visitRoutes] })
  grid = w.grids(A)[0] ?? ''
  worker = await w.worker(grid)
})
afterAll(() => w.close())

const visit = (more: object) => ({
  id: randomUUID(),
  area: grid,
  method: 'door',
  result: 'met',
  occurredAt: new Date().toISOString(),
  ...more,
})

describe('FORM-3: a visit by a form', () => {
  test('several members in one visit: closed answers stay readable, words are sealed for each person, and opened for a purpose', async () => {
    const [mother, child] = [await w.person(grid, null), await w.person(grid, null)]
    const body = visit({
      purpose: 'household',
      form: { id: 'shipped/household', version: 0 },
      answers: { living: 2, needs: ['medicine'] },
      members: [
        { personId: mother, answers: { away_14: true, away_where: '浙江温州', symptoms: ['cough'] } },
        { personId: child, answers: { symptoms: ['none'], feels: 'fine' } },
      ],
      position: { lat: 31.31, lng: 120.63, accuracy: 12 },
    })
    const filed = await w.post(worker, '/api/visits', body)
    expect(filed.body).toMatchObject({ missing: [], raw: [`feels@${child}`] })
    const rows = await w.sql(`select person_id, answers from visit_person where visit_id = $1`, [body.id])
    expect(Object.fromEntries(rows.map((row) => [row.person_id, row.answers]))).toEqual({
      [mother]: { away_14: true, symptoms: ['cough'] },
      [child]: { symptoms: ['none'] },
    })
    const [stored] = await w.sql(`select persons, position_sealed, answers from visit where id = $1`, [body.id])
    expect(stored).toMatchObject({ persons: 2, answers: { living: 2, needs: ['medicine'] } })
    expect(stored.position_sealed.includes('31.31')).toBe(false)
    const desk = await w.desk(A)
    const opened = await w.post(desk, `/api/visits/${body.id}/open`, { purpose: 'medical_help' })
    expect(opened.body.members.map((m: { answers: object }) => m.answers)).toEqual(
      expect.arrayContaining([{ away_where: '浙江温州' }, { feels: 'fine' }]),
    )
    const detail = await w.get(desk, `/api/visits/${body.id}`)
    expect(detail.body).toMatchObject({
      purpose: 'household',
      form: { id: 'shipped/household', version: 0 },
      hasNote: true,
    })
  })

  test('case 62: a form that the server does not know refuses nothing; every answer is kept as it came', async () => {
    const body = visit({ purpose: 'cats', form: { id: randomUUID(), version: 9 }, answers: { cats: 3 } })
    const filed = await w.post(worker, '/api/visits', body)
    expect(filed.status).toBe(200)
    expect(filed.body.raw).toEqual(['cats'])
    const opened = await w.post(await w.desk(A), `/api/visits/${body.id}/open`, { purpose: 'correct_record' })
    expect(opened.body.answers).toEqual({ cats: 3 })
  })
})

describe('VISIT-8: photos', () => {
  const send = (actor: Actor, id: string, visitId: string, bytes: Buffer, type = 'image/jpeg') =>
    w.request(actor, 'PUT', `/api/photos/${id}?visit=${visitId}`, bytes, { 'content-type': type })

  test('a photo comes after its visit, loses its metadata, is one however often it is sent, and is opened for a purpose', async () => {
    const [id, later] = [randomUUID(), randomUUID()]
    const body = visit({ photos: [id, later] })
    await w.post(worker, '/api/visits', body)
    const dirty = jpeg([{ marker: 0xe1, data: Buffer.from('Exif GPS 31.3 120.6') }])
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => send(worker, id, body.id, dirty)))
    expect(answers.map((one) => [one.status, one.body.bytes])).toEqual(answers.map(() => [200, jpeg().length]))
    expect((await w.sql(`select count(*)::int as n from photo`))[0].n).toBe(1)
    const desk = await w.desk(A)
    expect((await w.get(desk, `/api/visits/${body.id}`)).body).toMatchObject({
      photos: 2,
      photoIds: [id],
      photosMissing: 1,
    })
    const shown = await w.server.run(openPhoto, desk, { id, purpose: 'correct_record' })
    expect(shown.equals(jpeg())).toBe(true)
    const lines = await w.sql(
      `select verb, purpose from audit where thing_id = $1 and verb like 'photo%' order by at, verb`,
      [body.id],
    )
    expect(lines).toEqual([
      { verb: 'photo.store', purpose: null },
      { verb: 'photo.open', purpose: 'correct_record' },
    ])
  })

  test('another picture under the same id, a page, another worker, another county: refused or not found', async () => {
    const id = randomUUID()
    const body = visit({ photos: [id] })
    await w.post(worker, '/api/visits', body)
    expect((await send(worker, id, body.id, Buffer.from('<html>'))).body.code).toBe('NOT_A_PICTURE')
    expect((await send(worker, id, body.id, jpeg(), 'image/png')).body.code).toBe('INVALID_INPUT')
    expect((await send(await w.worker(grid), id, body.id, jpeg())).status).toBe(404)
    expect((await send(worker, id, randomUUID(), jpeg())).status).toBe(404)
    expect((await send(worker, id, body.id, jpeg())).status).toBe(200)
    const other = jpeg()
    other[100] = 7
    expect((await send(worker, id, body.id, other)).body.code).toBe('VISIT_ID_TAKEN')
    const stranger = await w.desk(B)
    expect((await w.get(stranger, `/api/photos/${id}?purpose=correct_record`)).status).toBe(404)
  })
})

describe('FORM-4: forms by centres', () => {
  test('the next version is drafted by one and put in force by another; the nearest centre counts, the shipped one otherwise', async () => {
    const county = await w.desk(A, ['operator'])
    const chief = await w.desk(A, ['chief'])
    const form = { ...shippedForm('shop'), fields: shippedForm('shop').fields.slice(0, 2) }
    const id = randomUUID()
    expect((await w.post(county, '/api/forms', { id, area: A, form })).body).toMatchObject({
      version: 1,
      state: 'draft',
    })
    const active = async (area: string) =>
      (await w.get(chief, `/api/forms/active?area=${area}`)).body.items.find(
        (f: { purpose: string }) => f.purpose === 'shop',
      )
    expect(await active(A)).toMatchObject({ state: 'shipped', version: 0 })
    expect((await w.post(county, `/api/forms/${id}/decide`, { approve: true })).status).toBe(403)
    expect((await w.post(chief, `/api/forms/${id}/decide`, { approve: true })).body.state).toBe('active')
    expect((await w.post(chief, `/api/forms/${id}/decide`, { approve: true })).body.code).toBe('FORM_DECIDED')
    expect(await active(A)).toMatchObject({ id, version: 1 })
    const next = randomUUID()
    await w.post(county, '/api/forms', { id: next, area: A, form: shippedForm('shop') })
    await w.post(chief, `/api/forms/${next}/decide`, { approve: true })
    expect(await active(A)).toMatchObject({ id: next, version: 2 })
    expect(
      (await w.get(chief, `/api/forms?area=${A}&purpose=shop`)).body.items
        .map((f: { state: string }) => f.state)
        .toSorted(),
    ).toEqual(['active', 'retired'])
    // Another place has its own.
    const stranger = await w.desk(B)
    expect((await w.get(stranger, `/api/forms?area=${A}`)).status).toBe(404)
    expect(
      (await w.get(stranger, `/api/forms/active?area=${B}`)).body.items.every(
        (f: { state: string }) => f.state === 'shipped',
      ),
    ).toBe(true)
  })

  test('FORM-2: a form with faults is told where, and nothing is kept', async () => {
    const desk = await w.desk(A, ['operator'])
    const shop = shippedForm('shop')
    const bad = { ...shop, fields: [...shop.fields, ...shop.fields] }
    const answer = await w.post(desk, '/api/forms', { id: randomUUID(), area: A, form: bad })
    expect(answer.body).toMatchObject({
      code: 'FORM_FAULTY',
      details: { faults: [{ at: 'open', fault: 'twice' }, { at: 'staff' }, { at: 'measures' }, { at: 'away_staff' }] },
    })
  })
})
