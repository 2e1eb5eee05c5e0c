import { setTimeout as sleep } from 'node:timers/promises'
import type { Actor } from '@weiwang/domain/access/actor'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeWorld, newPhoneKey } from './code.fixture.ts'
import type { CodeWorld } from './code.fixture.ts'
import { freshMemory, tokenOf } from './code-fresh.ts'
import { revokeKey } from './code-keys.ts'

/** CODE-18 over a real connection: the way ahead of everything else is not taken by requests that a test injects. */
let w: CodeWorld
let address: string

beforeAll(async () => {
  w = await codeWorld()
  await w.ruleSet()
  address = await w.http.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => w.close())

async function holder(): Promise<{ who: Actor; person: string; tag: string }> {
  const person = await w.registered()
  const who = await w.account([person])
  const { publicKey } = newPhoneKey()
  const taken = await w.request(who, 'POST', `/api/my/codes/${person}/days`, { days: [{ day: w.today, publicKey }] })
  expect(taken.status).toBe(200)
  return { who, person, tag: String(taken.headers['etag']) }
}

const fresh = (of: { who: Actor; person: string }, tag?: string) =>
  fetch(`${address}/api/my/codes/${of.person}/fresh`, {
    headers: { authorization: `Bearer ${of.who.id}`, ...(tag === undefined ? {} : { 'if-none-match': tag }) },
  })

test('unchanged: 304 without a session or the database being asked, with the next time spread', async () => {
  const one = await holder()
  expect((await fresh(one)).status).toBe(200)
  // Whoever asked the database would now be refused.
  await w.sql('delete from account_proof')
  const nexts = new Set<string>()
  for (let i = 0; i < 20; i++) {
    const again = await fresh(one, one.tag)
    expect(again.status).toBe(304)
    expect(again.headers.get('etag')).toBe(one.tag)
    expect(again.headers.get('cache-control')).toBe('no-store')
    nexts.add(again.headers.get('x-weiwang-next') ?? '')
  }
  expect(nexts.size).toBeGreaterThan(10)
  for (const next of nexts) expect(Number(next)).toBeGreaterThanOrEqual(900)
  // Without the tag, with another one, or by another session, nothing comes out of memory.
  expect((await fresh(one)).status).not.toBe(304)
  expect((await fresh(one, '"other"')).status).not.toBe(304)
  expect((await fresh({ ...one, who: await w.account([]) }, one.tag)).status).not.toBe(304)
})

test('a change of colour reaches memory within two seconds, whichever process made it', async () => {
  const one = await holder()
  expect((await fresh(one)).status).toBe(200)
  await w.inWuhan(one.person)
  await sleep(2000)
  const later = await fresh(one, one.tag)
  expect(later.status).toBe(200)
  expect(await later.json()).toMatchObject({ state: 'red', credentials: [] })
})

test('a revoked signing key empties memory', async () => {
  const one = await holder()
  expect((await fresh(one)).status).toBe(200)
  await sleep(1200)
  const [{ kid }] = await w.sql(
    `select encode(kid, 'hex') as kid from code_key where revoked_at is null order by sign_from limit 1`,
  )
  await w.server.asSystem('test', (ctx) => revokeKey(ctx, kid, '演练'))
  await sleep(2000)
  expect(await (await fresh(one, one.tag)).json()).toMatchObject({ credentials: [] })
})

test('beyond the bound the rest come later; who is in memory and who does something else are not touched', async () => {
  const [one, other] = [await holder(), await holder()]
  expect((await fresh(one)).status).toBe(200)
  const memory = freshMemory(w.server)
  let open: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const held = Array.from({ length: 204 }, () => memory.turn(() => gate))
  try {
    expect(memory.full).toBe(true)
    const late = await fresh(other, '"x"')
    expect(late.status).toBe(503)
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThanOrEqual(30)
    expect(await late.json()).toMatchObject({ code: 'CODES_BUSY', rule: 'CODE-18' })
    const days = await fetch(`${address}/api/my/codes/${other.person}/days`, { method: 'POST' })
    expect(days.status).toBe(503)
    expect((await fresh(one, one.tag)).status).toBe(304)
    expect((await fetch(`${address}/api/code/keys`)).status).toBe(200)
  } finally {
    open()
    await Promise.all(held)
  }
  expect((await fresh(other)).status).toBe(200)
})

test('the session is read out of the request as it was sent', () => {
  expect(tokenOf({ authorization: 'Bearer abc' })).toBe('abc')
  expect(tokenOf({ cookie: 'a=1; weiwang_session=xyz; b=2' })).toBe('xyz')
  expect(tokenOf({ cookie: 'weiwang_session=xyz' })).toBe('xyz')
  expect(tokenOf({ cookie: 'not_weiwang_session=xyz' })).toBeNull()
  expect(tokenOf({})).toBeNull()
})
