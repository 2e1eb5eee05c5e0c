import { randomUUID } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readKeyFile, rotateMaster, writeKeyFile } from '../core/keys/keyfile.ts'
import { rewrapAll } from '../core/keys/rotation.ts'
import { A, B } from '../tasks/world.fixture.ts'
import { pushWorld, sealTo } from './push.fixture.ts'
import type { Item, PushWorld } from './push.fixture.ts'

let w: PushWorld
let grid: string
beforeAll(async () => {
  w = await pushWorld()
  grid = w.grids(A)[0] ?? ''
})
afterAll(() => w.close())

type Registered = { device: string; secret: string; sealKey: { id: string; point: string } }
const contact = (device: string, more: object = {}) => ({
  device,
  protocol: 1,
  app: '1.0.0',
  clock: new Date().toISOString(),
  waiting: 0,
  ...more,
})

async function register(actor: Actor, device: string = randomUUID()): Promise<Registered> {
  const answer = await w.post(actor, '/api/sync/phones', { device, name: '红米', app: '1.0.0', protocol: 1 })
  expect([answer.status, answer.text]).toEqual([200, answer.text])
  return answer.body
}

const box = (phone: Registered, item: Item) => ({
  key: item.key,
  keyId: phone.sealKey.id,
  sealed: sealTo(phone.sealKey.point, item.key, JSON.stringify(item)),
})

const handIn = (phone: Registered, items: object[], more: object = {}) =>
  w.request(
    null,
    'POST',
    '/api/sync/sealed',
    { ...contact(phone.device), waiting: items.length, items, ...more },
    {
      authorization: `Phone ${phone.device}.${phone.secret}`,
    },
  )

/** A session of the account, as log-in makes it. */
async function session(actor: Actor): Promise<Actor> {
  const id = randomUUID()
  await w.sql(
    `insert into session (id, token_hash, account_id, level, created_at, last_seen_at, expires_at) values ($1, $2, $3, 'full', now(), now(), now() + interval '1 day')`,
    [id, Buffer.from(id), actor.id],
  )
  return { ...actor, sessionId: id }
}

const phoneRow = async (device: string, account: string) =>
  (await w.sql(`select * from phone where device = $1 and account_id = $2`, [device, account]))[0]
const outcomes = (answer: { body: { results: { outcome: string }[] } }) => answer.body.results.map((one) => one.outcome)

describe('SYNC-15: sealed to the server', () => {
  test('the secret alone hands in, as the account’s own work; only its hash lies here', async () => {
    const worker = await w.worker(grid)
    const phone = await register(worker)
    expect(phone.secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
    const row = await phoneRow(phone.device, worker.id)
    expect(JSON.stringify(row)).not.toContain(phone.secret)
    const item = w.visit({ area: grid, note: '已在门口量过体温' })
    const answer = await handIn(phone, [box(phone, item)])
    expect([answer.status, outcomes(answer), answer.body.order]).toEqual([200, ['accepted'], 'lock'])
    expect((await w.sql(`select by from visit where id = $1`, [item.body['id']]))[0].by).toBe(worker.id)
    // Later pushed openly too (the answer was lost): the same item.
    expect(outcomes(await w.send(worker, [item], { device: phone.device }))).toEqual(['duplicate'])
  })

  test('a wrong secret, a box under another key, another box version, rubbish: nothing is filed and neighbours are', async () => {
    const worker = await w.worker(grid)
    const phone = await register(worker)
    const [good, moved] = [w.visit({ area: grid }), w.visit({ area: grid })]
    const forged = { ...phone, secret: 'A'.repeat(43) }
    expect((await handIn(forged, [box(phone, good)])).body.code).toBe('UNKNOWN_PHONE')
    expect((await handIn({ ...phone, device: randomUUID() }, [])).status).toBe(401)
    const answer = await handIn(phone, [
      { ...box(phone, moved), key: randomUUID() },
      { ...box(phone, moved), sealed: 'AA' },
      { ...box(phone, moved), keyId: 'other' },
      box(phone, good),
    ])
    expect(outcomes(answer)).toEqual(['refused', 'refused', 'refused', 'accepted'])
    expect(answer.body.results[0].problem).toMatchObject({ code: 'BOX_DOES_NOT_OPEN', rule: 'SYNC-15' })
  })

  test('a new secret whose answer is lost takes nothing away: the phone is heard by the one that it has, until it is cleared', async () => {
    const worker = await w.worker(grid)
    const phone = await register(worker)
    for (let turn = 0; turn < 3; turn++) await register(worker, phone.device)
    await w.sql(`update account set state = 'closed' where id = $1`, [worker.id])
    expect(outcomes(await handIn(phone, [box(phone, w.visit({ area: grid }))]))).toEqual(['held'])
    await w.sql(`update account set state = 'active' where id = $1`, [worker.id])
    const last = await register(worker, phone.device)
    const authorization = `Phone ${last.device}.${last.secret}`
    const cleared = await w.request(null, 'POST', '/api/sync/cleared', { device: last.device }, { authorization })
    expect(cleared.status).toBe(200)
    for (const one of [phone, last]) expect((await handIn(one, [])).status).toBe(401)
    // The answer was lost: it says so once more, also by the secret that it had before, and is answered; nobody else is.
    const say = (secret: string) =>
      w.request(
        null,
        'POST',
        '/api/sync/cleared',
        { device: last.device },
        { authorization: `Phone ${last.device}.${secret}` },
      )
    for (const one of [phone, last]) expect((await say(one.secret)).status).toBe(200)
    expect((await say('A'.repeat(last.secret.length))).body.code).toBe('UNKNOWN_PHONE')
    expect(
      (
        await w.sql(`select count(*)::int as n from audit where verb = 'phone.cleared' and thing_id = $1`, [
          last.device,
        ])
      )[0].n,
    ).toBe(1)
    // Made a phone anew, neither of the two means anything any more.
    const anew = await register(worker, last.device)
    for (const one of [phone, last]) {
      expect((await handIn(one, [])).status).toBe(401)
      expect((await say(one.secret)).status).toBe(401)
    }
    expect((await handIn(anew, [])).status).toBe(200)
  })

  test('the seal key outlives a rotation of the master key', async () => {
    const worker = await w.worker(grid)
    const phone = await register(worker)
    const file = w.server.config.keyFile
    writeKeyFile(file, rotateMaster(readKeyFile(file)))
    w.server.keys.forget()
    await rewrapAll(w.server.jobsPool.db, readKeyFile(file))
    w.server.keys.forget()
    expect(outcomes(await handIn(phone, [box(phone, w.visit({ area: grid }))]))).toEqual(['accepted'])
    expect((await register(worker)).sealKey).toEqual(phone.sealKey)
  })

  test('two workers on one phone, each under his own name; two phones of one worker', async () => {
    const [first, second] = [await w.worker(grid), await w.worker(grid)]
    const device = randomUUID()
    const [before, after] = [await register(first, device), await register(second, device)]
    const [left, own] = [w.visit({ area: grid }), w.visit({ area: grid })]
    expect(outcomes(await handIn(before, [box(before, left)]))).toEqual(['accepted'])
    expect(outcomes(await w.send(second, [own], { device }))).toEqual(['accepted'])
    const by = await w.sql(`select id, by from visit where id = any($1)`, [[left.body['id'], own.body['id']]])
    expect(Object.fromEntries(by.map((row) => [row.id, row.by]))).toEqual({
      [String(left.body['id'])]: first.id,
      [String(own.body['id'])]: second.id,
    })
    await register(first)
    expect((await w.get(first, '/api/sync/phones/mine')).body.items).toHaveLength(2)
    expect((await handIn(after, [])).body.order).toBe('lock')
  })
})

describe('case 37: an account is closed with unsent work', () => {
  test('the work is taken in for the supervisor, then the phone is told to clear, and says that it did', async () => {
    const worker = await w.worker(grid)
    const phone = await register(worker)
    const { id } = await w.task(grid)
    const items = [w.visit({ taskId: id }), w.item('visit.file', { nonsense: true }), w.visit({ area: grid })]
    await w.sql(`update account set state = 'closed' where id = $1`, [worker.id])
    const first = await handIn(
      phone,
      items.slice(0, 1).map((one) => box(phone, one)),
      { waiting: 3 },
    )
    expect([outcomes(first), first.body.order]).toEqual([['held'], 'lock'])
    const rest = await handIn(
      phone,
      items.slice(1).map((one) => box(phone, one)),
      { waiting: 2 },
    )
    expect([outcomes(rest), rest.body.order]).toEqual([['held', 'held'], 'clear'])
    const desk = await w.desk(A)
    const list = await w.get(desk, `/api/sync/handovers?worker=${worker.id}`)
    expect(list.body.items.map((one: { reason: string }) => one.reason)).toEqual(
      Array.from({ length: 3 }, () => 'account_closed'),
    )
    const taken = await w.post(desk, `/api/sync/handovers/${list.body.items.at(-1).id}/take`, {})
    expect(taken.status).toBe(200)
    expect((await w.sql(`select by from visit where task_id = $1`, [id]))[0].by).toBe(worker.id)
    const cleared = await w.request(
      null,
      'POST',
      '/api/sync/cleared',
      { device: phone.device },
      {
        authorization: `Phone ${phone.device}.${phone.secret}`,
      },
    )
    expect(cleared.status).toBe(200)
    expect(await phoneRow(phone.device, worker.id)).toMatchObject({ state: 'cleared', waiting: 0 })
    expect((await handIn(phone, [])).body.code).toBe('UNKNOWN_PHONE')
  })
})

test('case 37: filed, the answer lost, and then the account closed: the phone hears its first answer', async () => {
  const worker = await w.worker(grid)
  const phone = await register(worker)
  const item = w.visit({ area: grid })
  expect(outcomes(await w.send(worker, [item], { device: phone.device }))).toEqual(['accepted'])
  await w.sql(`update account set state = 'closed' where id = $1`, [worker.id])
  const other = { ...item, body: { ...item.body, note: '另一内容' } }
  expect(outcomes(await handIn(phone, [box(phone, item)]))).toEqual(['duplicate'])
  expect(outcomes(await handIn(phone, [box(phone, other)]))).toEqual(['refused'])
})

describe('SYNC-16: a lost phone', () => {
  test('reported by its worker from another: its session ends, what lies on it comes in, then it clears', async () => {
    const worker = await w.worker(grid)
    const [here, there] = [await session(worker), await session(worker)]
    const phone = await register(here)
    const own = await w.post(here, `/api/sync/phones/${phone.device}/lost`, { account: worker.id, reason: '误报' })
    expect(own.body.code).toBe('OWN_PHONE_HERE')
    const before = w.visit({ area: grid })
    w.server.clock.shift(1000)
    const lost = await w.post(there, `/api/sync/phones/${phone.device}/lost`, {
      account: worker.id,
      reason: '丢在车上',
    })
    expect(lost.body).toMatchObject({ state: 'lost', lostBy: worker.name })
    expect(
      (await w.sql(`select ended_at is not null as ended from session where id = $1`, [here.sessionId]))[0].ended,
    ).toBe(true)
    expect((await w.sql(`select ended_at from session where id = $1`, [there.sessionId]))[0].ended_at).toBeNull()
    w.server.clock.shift(1000)
    const after = w.visit({ area: grid })
    const unreadable = w.item('visit.file', { half: 'a visit' }, { at: before.at })
    const answer = await handIn(
      phone,
      [before, after, unreadable].map((one) => box(phone, one)),
      { waiting: 4 },
    )
    // Made before the loss it is the worker's own; made after, somebody looks at it. What cannot be mended any more is kept too.
    expect([outcomes(answer), answer.body.order]).toEqual([['accepted', 'held', 'held'], 'lock'])
    const last = await handIn(phone, [], { waiting: 0 })
    expect(last.body.order).toBe('clear')
    expect((await phoneRow(phone.device, worker.id)).clear_told_at).not.toBeNull()
    expect((await w.post(there, '/api/sync/phones', { device: phone.device, app: '1', protocol: 1 })).body.code).toBe(
      'PHONE_LOST',
    )
    // Found again in time: the report is lifted.
    expect((await w.post(there, `/api/sync/phones/${phone.device}/found`, { account: worker.id })).body.state).toBe(
      'active',
    )
  })

  test('found when it has destroyed its key already: what cannot be mended there any more is kept all the same', async () => {
    const worker = await w.worker(grid)
    const phone = await register(worker)
    const desk = await w.desk(A)
    await w.post(desk, `/api/sync/phones/${phone.device}/lost`, { account: worker.id, reason: '遗失' })
    expect((await handIn(phone, [], { waiting: 0 })).body.order).toBe('clear')
    await w.post(desk, `/api/sync/phones/${phone.device}/found`, { account: worker.id })
    const unreadable = () => [box(phone, w.item('visit.file', { half: 'a visit' }))]
    expect(outcomes(await handIn(phone, unreadable(), { clearing: true }))).toEqual(['held'])
    expect(outcomes(await handIn(phone, unreadable()))).toEqual(['refused'])
  })

  test('refused while it could be mended, offered once more because the phone is to be cleared, it is kept for the supervisor', async () => {
    const worker = await w.worker(grid)
    const phone = await register(worker)
    const item = box(phone, w.item('visit.file', { half: 'a visit' }))
    expect(outcomes(await handIn(phone, [item]))).toEqual(['refused'])
    expect(outcomes(await handIn(phone, [item]))).toEqual(['refused'])
    await w.post(await w.desk(A), `/api/sync/phones/${phone.device}/lost`, { account: worker.id, reason: '遗失' })
    const answer = await handIn(phone, [item], { clearing: true })
    expect([outcomes(answer), answer.body.order]).toEqual([['held'], 'clear'])
    // Late, in a request of before: it lies with the supervisor and nowhere else.
    expect(outcomes(await handIn(phone, [item]))).toEqual(['held'])
    expect(await w.sql(`select reason, state from handover where account_id = $1`, [worker.id])).toEqual([
      { reason: 'after_loss', state: 'waiting' },
    ])
  })

  test('SYNC-12, SYNC-16: copies of requests of before and of this one come in the same moment: the work is kept for the supervisor all the same', async () => {
    const worker = await w.worker(grid)
    const phone = await register(worker)
    const desk = await w.desk(A)
    for (let round = 0; round < 12; round++) {
      const plain = w.item('visit.file', { half: `a visit ${round}` })
      const item = box(phone, plain)
      expect(outcomes(await handIn(phone, [item]))).toEqual(['refused'])
      await w.post(desk, `/api/sync/phones/${phone.device}/lost`, { account: worker.id, reason: '遗失' })
      const late = () => w.send(worker, [plain], { device: phone.device })
      const last = () => handIn(phone, [item], { clearing: true })
      const answers = await Promise.all([late(), last(), late(), last(), late()])
      for (const i of [1, 3]) expect(['held', 'later']).toContain(outcomes(answers[i] ?? answers[1])[0])
      expect(outcomes(await last())).toEqual(['held'])
      expect(await w.count('handover where key = $1', [plain.key])).toBe(1)
      await w.post(desk, `/api/sync/phones/${phone.device}/found`, { account: worker.id })
    }
  })

  test('what binds nobody because the place is another’s now is kept for the supervisor too: nothing goes with the phone', async () => {
    const place = w.grids(A)[3] ?? ''
    const worker = await w.worker(place)
    const phone = await register(worker)
    const { id } = await w.task(place)
    const accept = w.item('task.accept', { id }, { at: new Date(Date.now() - 60_000).toISOString() })
    const after = await w.takeAway(worker)
    await w.post(await w.desk(A), `/api/sync/phones/${phone.device}/lost`, { account: worker.id, reason: '遗失' })
    const answer = await handIn(phone, [box(phone, accept)])
    expect([outcomes(answer), answer.body.order]).toEqual([['held'], 'clear'])
    const [row] = await w.sql(`select reason, state, problem ->> 'code' as code from handover where account_id = $1`, [
      after.id,
    ])
    expect(row).toEqual({ reason: 'after_loss', state: 'waiting', code: 'NOT_YOURS_NOW' })
  })

  test('reported by the centre of the place and by nobody else; the trail says who and why', async () => {
    const worker = await w.worker(grid)
    const phone = await register(worker)
    const body = { account: worker.id, reason: '本人来电报失' }
    expect((await w.post(await w.desk(B), `/api/sync/phones/${phone.device}/lost`, body)).status).toBe(404)
    expect((await w.post(await w.worker(grid), `/api/sync/phones/${phone.device}/lost`, body)).status).toBe(403)
    const desk = await w.desk(A)
    expect((await w.post(desk, `/api/sync/phones/${phone.device}/lost`, body)).body).toMatchObject({
      state: 'lost',
      lostBy: desk.name,
    })
    expect(
      await w.count(
        `audit where verb = 'phone.lost' and outcome = 'done' and actor = $1 and purpose = '本人来电报失'`,
        [desk.id],
      ),
    ).toBe(1)
    expect((await w.send(worker, [], { device: phone.device })).body.order).toBe('clear')
    expect(
      (await w.get(desk, '/api/sync/phones?only=lost')).body.items.map((one: { device: string }) => one.device),
    ).toContain(phone.device)
  })
})

describe('how syncs go', () => {
  test('case 6: a sync that never ends is recorded with its length and size, and its worker stands in the list', async () => {
    const [worker, quiet] = [await w.worker(w.grids(A)[5] ?? ''), await w.worker(w.grids(A)[5] ?? '')]
    const phone = await register(worker)
    const { touchPhone, contactDone } = await import('./phones.ts')
    const since = w.server.clock.today()
    for (let i = 0; i < 3; i++) {
      const touched = await touchPhone(w.server, worker, { ...contact(phone.device), refused: 0 })
      await contactDone(w.server, touched, { bytes: 5000, items: 40 })
      w.server.clock.shift(5 * 60_000)
    }
    const desk = await w.desk(A)
    w.server.clock.shift(20 * 60_000)
    const at = `/api/sync/unsynced?since=${since}&area=${w.grids(A)[5]}`
    const list = await w.get(desk, at)
    const mine = list.body.items.find((one: { account: { id: string } }) => one.account.id === worker.id)
    expect(mine).toMatchObject({
      phones: 1,
      syncedAt: null,
      tries: 1,
      longestMs: expect.closeTo(600_000, -4),
      bytes: 15_000,
    })
    expect(list.body.items.find((one: { account: { id: string } }) => one.account.id === quiet.id)).toMatchObject({
      phones: 0,
      contactAt: null,
    })
    expect(list.body.total).toBe(2)
    const tries = `/api/sync/phones/${phone.device}/tries?account=${worker.id}`
    expect((await w.get(desk, tries)).body).toMatchObject({
      total: 1,
      items: [{ outcome: 'aborted', requests: 3, bytes: 15_000, ms: expect.closeTo(600_000, -4) }],
    })
    expect((await w.get(await w.desk(B), tries)).status).toBe(404)
    // Next time it gets everything, and leaves the list.
    const touched = await touchPhone(w.server, worker, { ...contact(phone.device), refused: 0 })
    await contactDone(w.server, touched, { level: true, bytes: 100, items: 1 })
    expect((await w.get(desk, at)).body.items.map((one: { account: { id: string } }) => one.account.id)).toEqual([
      quiet.id,
    ])
    expect((await w.get(desk, tries)).body.items.map((one: { outcome: string }) => one.outcome)).toEqual([
      'done',
      'aborted',
    ])
  })

  test('a centre sees what waits on its phones, how old it is, which run an old version; other counties’ phones it does not see', async () => {
    const worker = await w.worker(w.grids(B)[6] ?? '')
    const phone = await register(worker)
    const oldest = new Date(Date.now() - 86_400_000).toISOString()
    const answer = await w.send(worker, [w.visit({ area: w.grids(B)[6] }), { key: randomUUID() }], {
      device: phone.device,
      protocol: 0,
      app: '0.9',
      waiting: 7,
      refused: 2,
      oldest,
      clock: new Date(w.server.clock.now().getTime() + 3_600_000).toISOString(),
    })
    // SYNC-18: an older phone can still hand in.
    expect(outcomes(answer)).toEqual(['accepted', 'refused'])
    const desk = await w.desk(B)
    const [row] = (await w.get(desk, '/api/sync/phones?only=waiting')).body.items
    expect(row).toMatchObject({
      device: phone.device,
      waiting: 5,
      refused: 2,
      oldestAt: oldest,
      tooOld: true,
      app: '0.9',
    })
    expect(Math.round(row.clockAhead / 60_000)).toBe(60)
    expect((await w.get(desk, '/api/sync/phones?only=old')).body.total).toBe(1)
    expect((await w.get(await w.desk(A), `/api/sync/phones?only=old`)).body.total).toBe(0)
    w.server.clock.shift(3 * 86_400_000)
    expect((await w.get(desk, `/api/sync/phones?silentSince=${w.server.clock.today()}`)).body.total).toBe(1)
    expect((await w.get(worker, '/api/sync/phones')).status).toBe(403)
  })

  test('pages of phones neither repeat nor miss one', async () => {
    const desk = await w.desk(A)
    const seen: string[] = []
    let total = -1
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: { device: string; account: { id: string } }[]; next: string | null; total: number } = (
        await w.get(desk, `/api/sync/phones?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ).body
      seen.push(...page.items.map((one) => `${one.device}/${one.account.id}`))
      total = page.total
      cursor = page.next
    }
    expect(seen).toHaveLength(total)
    expect(new Set(seen).size).toBe(seen.length)
  })
})
