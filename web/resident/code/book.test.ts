import type { FreshCodes, MyCode } from '@weiwang/domain/healthcode/code-api'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CodeBook } from './book.ts'
import { liveEntry, shown } from './days.ts'

const PERSON = '01900000-0000-8000-8000-000000000001'
const NOW = Date.parse('2020-02-24T12:00:00+08:00')

/** A server with one code, and what it was asked. */
type Fake = {
  n: number
  state: MyCode['state']
  holders: Record<string, string>
  asked: string[]
  memory: string | null
}
let fake: Fake
let refuse: ((path: string) => Response | null) | null

const json = (body: object, status = 200, headers: Record<string, string> = {}): Response =>
  Response.json(body, { status, headers: { date: new Date(NOW).toUTCString(), ...headers } })

function freshBody(): FreshCodes {
  const credentials = Object.entries(fake.holders).map(([day, holder]) => ({
    day,
    holder,
    credential: 'AQID',
    codeId: 'AAAAAAAAAAA',
    from: `${day}T00:00:00+08:00`,
    until: `${day}T24:00:00+08:00`.replace('T24:00:00', 'T23:59:59'),
  }))
  return { n: fake.n, state: fake.state, credentials, missing: [], nextS: 600, asOf: new Date(NOW).toISOString() }
}

function answer(path: string, init: RequestInit): Response {
  if (path === '/api/logout' && refuse === null) return json({})
  fake.asked.push(`${init.method} ${path.replace(PERSON, ':p')}`)
  const refused = refuse?.(path)
  if (refused) return refused
  const etag = `"${fake.n}${Object.values(fake.holders).join('')}"`
  if (path === '/api/my/codes') {
    const item = { personId: PERSON, n: fake.n, state: fake.state, colour: fake.state }
    return json({ items: [item], today: '2020-02-24', zone: 'Asia/Shanghai', asOf: new Date(NOW).toISOString() })
  }
  if (path.endsWith('/fresh')) {
    const tag = new Headers(init.headers).get('if-none-match')
    if (tag !== null && tag === (fake.memory ?? etag))
      return new Response(null, { status: 304, headers: { etag: tag } })
    return json(freshBody(), 200, { etag })
  }
  const { days } = JSON.parse(typeof init.body === 'string' ? init.body : '{}') as {
    days: { day: string; publicKey: string }[]
  }
  fake.holders = Object.fromEntries(days.map(({ day, publicKey }) => [day, publicKey]))
  return json(freshBody(), 200, { etag: `"${fake.n}${Object.values(fake.holders).join('')}"` })
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: NOW })
  fake = { n: 1, state: 'yellow', holders: {}, asked: [], memory: null }
  refuse = null
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => answer(path, init))
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const daysOf = (book: CodeBook) => book.read().days[PERSON] ?? null
const see = (book: CodeBook) => {
  const { codes } = book.read()
  const [code] = codes?.items ?? []
  if (codes === null || code === undefined) throw new Error('no code')
  return shown(code, Date.parse(codes.asOf), daysOf(book), book.clock.now())
}

test('the first time: the words, then three days of keys in one asking; a second look costs one small question', async () => {
  const book = new CodeBook()
  await book.refresh(true)
  expect(fake.asked).toEqual(['GET /api/my/codes', 'POST /api/my/codes/:p/days'])
  expect(Object.keys(fake.holders)).toEqual(['2020-02-24', '2020-02-25', '2020-02-26'])
  expect(see(book)).toMatchObject({ kind: 'live', colour: 'yellow' })
  await book.refresh(false)
  expect(fake.asked.length).toBe(2)
  await book.refresh(true)
  expect(fake.asked.slice(2)).toEqual(['GET /api/my/codes', 'GET /api/my/codes/:p/fresh'])
  await book.logOut()
})

test('whoever waits for a colour asks again after a minute, and whoever has one after hours', async () => {
  const book = new CodeBook()
  fake.state = 'applied'
  await book.refresh(true)
  await book.refresh(false)
  expect(fake.asked).toEqual(['GET /api/my/codes'])
  vi.setSystemTime(Date.now() + 61_000)
  fake.state = 'yellow'
  fake.n = 2
  await book.refresh(false)
  expect(fake.asked.slice(1)).toEqual(['GET /api/my/codes', 'POST /api/my/codes/:p/days'])
  expect(see(book)).toMatchObject({ kind: 'live', colour: 'yellow' })
  vi.setSystemTime(Date.now() + 61_000)
  await book.refresh(false)
  expect(fake.asked.length).toBe(3)
  await book.logOut()
})

test('a change known from the words is fetched at once, though the server’s quick memory still says "the same"', async () => {
  const book = new CodeBook()
  await book.refresh(true)
  fake.memory = `"1${Object.values(fake.holders).join('')}"`
  fake.n = 2
  fake.state = 'green'
  fake.holders = {}
  await book.refresh(true)
  expect(see(book)).toMatchObject({ kind: 'live', colour: 'green' })
  expect(daysOf(book)?.n).toBe(2)
  await book.logOut()
})

test('a code that another phone has fetched is not taken from it, until the holder says so', async () => {
  const book = new CodeBook()
  await book.refresh(true)
  fake.holders = Object.fromEntries(Object.keys(fake.holders).map((day) => [day, 'other']))
  await book.refresh(true)
  await book.refresh(true)
  expect(see(book)).toEqual({ kind: 'elsewhere' })
  expect(Object.values(fake.holders)).toEqual(['other', 'other', 'other'])
  await book.takeHere(PERSON)
  expect(see(book)).toMatchObject({ kind: 'live' })
  expect(liveEntry(daysOf(book), NOW)?.holder).toBe(fake.holders['2020-02-24'])
  await book.logOut()
})

test('CODE-18: at the peak the code stays as it is, and the page asks again by itself, not sooner than it was told', async () => {
  const book = new CodeBook()
  await book.refresh(true)
  refuse = () => json({ code: 'CODES_BUSY', message: { zh: '忙', en: 'busy' } }, 503, { 'retry-after': '60' })
  await book.refresh(true)
  const { trouble } = book.read()
  expect(trouble?.why).toBe('busy')
  expect(trouble?.retryAt).toBeGreaterThanOrEqual(NOW + 60_000)
  expect(trouble?.retryAt).toBeLessThanOrEqual(NOW + 90_000)
  expect(see(book)).toMatchObject({ kind: 'live' })
  await book.logOut()
})

test('logged out by the server: the kept code still shows and says so; with nothing kept one logs in', async () => {
  refuse = () => json({ code: 'NOT_LOGGED_IN', message: { zh: '登录', en: 'log in' } }, 401)
  const bare = new CodeBook()
  await bare.refresh(true)
  expect(bare.read().phase).toBe('out')
  refuse = null
  const book = new CodeBook()
  await book.refresh(true)
  refuse = () => json({ code: 'NOT_LOGGED_IN', message: { zh: '登录', en: 'log in' } }, 401)
  await book.refresh(true)
  expect([book.read().phase, book.read().trouble?.why]).toEqual(['ready', 'out'])
  expect(see(book)).toMatchObject({ kind: 'live' })
  refuse = null
  await book.logOut()
  expect([book.read().codes, Object.keys(book.read().days)]).toEqual([null, []])
})

test('what one code is refused for does not hold up the page: it says why', async () => {
  refuse = (path) =>
    path.endsWith('/days') ? json({ code: 'TOO_MANY_REPLACED', message: { zh: '多', en: 'many' } }, 429) : null
  const book = new CodeBook()
  await book.refresh(true)
  expect(book.read().trouble?.why).toBe('other')
  expect(see(book)).toEqual({ kind: 'colour', colour: 'yellow' })
  refuse = null
  await book.logOut()
})

test('logged out without a network: nothing is left here, and the server hears of it before it is asked anything else', async () => {
  const book = new CodeBook()
  await book.refresh(true)
  fake.asked = []
  refuse = (path) => {
    if (path === '/api/logout') throw new TypeError('Failed to fetch')
    return null
  }
  await book.logOut()
  expect(book.read()).toMatchObject({ phase: 'out', codes: null, days: {}, asking: false })
  await book.refresh(false)
  expect(fake.asked).toEqual(['POST /api/logout', 'POST /api/logout'])
  const asked: string[] = []
  refuse = (path) => {
    asked.push(path)
    return path === '/api/logout' ? json({}) : null
  }
  await book.refresh(true)
  expect(asked.slice(0, 2)).toEqual(['/api/logout', '/api/my/codes'])
  refuse = null
  await book.logOut()
})
