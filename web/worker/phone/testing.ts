import { webcrypto } from 'node:crypto'
import { PHOTO_PART_BYTES } from '@weiwang/domain/sync/api'
import { BOX_INFO, splitBox } from '@weiwang/domain/core/sealed-box'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { base64url, fromBase64url, isRecord, textOf, utf8 } from './codec.ts'
import { createPhone } from './phone.ts'
import type { Clock, Net, NetRequest, Phone, PhoneOptions } from './types.ts'

/** A disk in memory, for phones that live elsewhere than in this file's world. */
export const newDisk = (): IDBFactory => new IDBFactory()
export const keyRange = IDBKeyRange

/** A world for one phone: a clock that is moved by hand, a disk in memory, and a server that keeps what it was told. */

export const ME = { id: '01890000-0000-7000-8000-00000000a001', name: '李芳' }
/** Another worker, for a device that two of them share. */
export const YOU = { id: '01890000-0000-7000-8000-00000000a002', name: '周强' }
export const GRID = '320583102201001'
export const OTHER_GRID = '320583102201002'
export const START = Date.parse('2020-02-15T01:00:00Z')

export type HandClock = Clock & { set: (ms: number) => void; pass: (ms: number) => Promise<void> }

/** Timers run when the clock is moved over them. */
export function handClock(start: number): HandClock {
  let now = start
  let timers: { at: number; run: () => void }[] = []
  return {
    now: () => now,
    set: (ms) => void (now = ms),
    setTimeout: (run, ms) => {
      const timer = { at: now + ms, run }
      timers.push(timer)
      return timer
    },
    clearTimeout: (timer) => void (timers = timers.filter((one) => one !== timer)),
    pass: async (ms) => {
      const end = now + ms
      for (;;) {
        const next = timers.filter((one) => one.at <= end).toSorted((a, b) => a.at - b.at)[0]
        if (!next) break
        timers = timers.filter((one) => one !== next)
        now = Math.max(now, next.at)
        next.run()
        await settled()
      }
      now = end
      await settled()
    },
  }
}

/** Lets ciphers and the disk in memory do what they were asked. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
}

const OTHER_ACCOUNT = { code: 'OTHER_ACCOUNT', kind: 'conflict', message: { zh: '另一位用户', en: 'Somebody else' } }

export type Told = { path: string; body: Record<string, unknown>; headers: Readonly<Record<string, string>> }
export type Item = { key: string; seq: number; kind: string; at: string; body: Record<string, unknown> } & {
  grid?: string
  mends?: string
  toSupervisor?: string
}
export type FeedRow = { grid: string; n: number; kind: string; id: string; body: Record<string, unknown> } & {
  identity?: Record<string, unknown>
  address?: string
}

/** The server as the phone sees it: a feed, what was taken, and how it answers; each part may be changed by a test. */
export async function fakeServer(clock: { now: () => number }) {
  const { subtle } = webcrypto
  const pair = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
  const point = new Uint8Array(await subtle.exportKey('raw', pair.publicKey))
  const told: Told[] = []
  const taken = new Map<string, Item>()
  /** Whose work it was taken as. */
  const takenFor = new Map<string, string>()
  const photos = new Map<string, { body: Uint8Array; headers: Readonly<Record<string, string>> }>()
  /** Parts of sealed pictures that came, and how they are answered once they are whole. */
  const parts = new Map<string, Map<number, Uint8Array>>()
  const devices = new Map<string, string>()
  const server = {
    /** The server's clock minus the phone's. */
    ahead: 0,
    reachable: true,
    sessionOf: ME.id,
    loseAnswers: 0,
    status: new Map<string, number>(),
    order: 'none',
    /** What it tells a phone by its secret, where that is another word than by the session. */
    sealedOrder: null as string | null,
    restoredAt: null as string | null,
    /** False: restored to before this phone got its secret. */
    secretKnown: true,
    min: 1,
    comeBack: null as number | null,
    page: 500,
    epochs: new Map([[GRID, 1]]),
    feed: [] as FeedRow[],
    mine: { version: 'm1', durableTo: null as string | null },
    answer: (_item: Item): Record<string, unknown> => ({ outcome: 'accepted' }),
    drafts: [] as Record<string, unknown>[],
    /** What an account covers; without an entry every grid of the server. */
    gridsOf: new Map<string, readonly string[]>(),
    sealedPhoto: 'stored',
    /** What a later version of the server says beside what this phone knows. */
    beyond: {} as Record<string, unknown>,
    own: { help: [] as unknown[], changes: [] as unknown[] },
    /** Lists of the account's own by address, beside calls for help and changes. */
    heard: new Map<string, unknown>(),
    decisions: [] as Record<string, unknown>[],
    told,
    taken,
    takenFor,
    photos,
    parts,
    devices,
    /** Requests to one route, oldest first. */
    to: (path: string) => told.filter((one) => one.path === path),
    put: (row: Omit<FeedRow, 'n'>): number => {
      const n = 1 + Math.max(0, ...server.feed.filter((one) => one.grid === row.grid).map((one) => one.n))
      server.feed = [
        ...server.feed.filter((one) => !(one.kind === row.kind && one.id === row.id && one.grid === row.grid)),
        { ...row, n },
      ]
      return n
    },
  }

  async function openBox(about: string, sealed: string): Promise<Uint8Array<ArrayBuffer>> {
    const box = splitBox(fromBase64url(sealed))
    if (!box) throw new Error('no box')
    const ephemeral = await subtle.importKey(
      'raw',
      new Uint8Array(box.point),
      { name: 'ECDH', namedCurve: 'P-256' },
      false,
      [],
    )
    const shared = await subtle.deriveBits({ name: 'ECDH', public: ephemeral }, pair.privateKey, 256)
    const salt = new Uint8Array([...box.point, ...point])
    const secret = await subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt, info: utf8(BOX_INFO) },
      await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']),
      { name: 'AES-GCM', length: 256 },
      false,
      ['decrypt'],
    )
    const algorithm = { name: 'AES-GCM', iv: new Uint8Array(box.iv), additionalData: utf8(about) }
    return new Uint8Array(await subtle.decrypt(algorithm, secret, new Uint8Array(box.sealed)))
  }

  async function open(key: string, sealed: string): Promise<Item> {
    return JSON.parse(textOf(await openBox(key, sealed))) as Item
  }

  /** SYNC-25, as the server does it: parts in any order, opened when all are there. */
  async function takePart({ path: asked, headers, body }: NetRequest): Promise<{ status: number; body: unknown }> {
    const url = new URL(asked, 'http://server')
    const [, , , , id = '', part = ''] = url.pathname.split('/')
    const wanted = Number(url.searchParams.get('parts'))
    if (!url.searchParams.get('visit') || !(body instanceof Uint8Array)) return { status: 400, body: null }
    if (Number(part) < wanted - 1 && body.length !== PHOTO_PART_BYTES) return { status: 400, body: null }
    told.push({ path: url.pathname, body: {}, headers: headers ?? {} })
    const came = parts.get(id) ?? new Map<number, Uint8Array>()
    parts.set(id, came.set(Number(part), body))
    const missing = Array.from({ length: wanted }, (_, i) => i).filter((i) => !came.has(i))
    const said = { id, missing, comeBack: null, now: new Date(now()).toISOString() }
    if (server.sealedPhoto === 'later') return { status: 200, body: { ...said, state: 'later', comeBack: 600 } }
    if (missing.length > 0) return { status: 200, body: { ...said, state: 'part' } }
    if (server.sealedPhoto !== 'stored') return { status: 200, body: { ...said, state: server.sealedPhoto } }
    const sealed = Buffer.concat(Array.from({ length: wanted }, (_, i) => came.get(i) ?? new Uint8Array()))
    const raw = await openBox(id, headers?.['x-weiwang-box'] ?? '')
    const key = await subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt'])
    const algorithm = { name: 'AES-GCM', iv: sealed.subarray(0, 12), additionalData: utf8(id) }
    const plain = await subtle.decrypt(algorithm, key, sealed.subarray(12))
    photos.set(id, { body: new Uint8Array(plain), headers: headers ?? {} })
    return { status: 200, body: { ...said, state: 'stored' } }
  }

  const now = (): number => clock.now() + server.ahead
  const common = () => ({
    now: new Date(now()).toISOString(),
    protocol: { now: 1, min: server.min },
    order: server.order,
    restoredAt: server.restoredAt,
    ...server.beyond,
  })
  const grids = (account: unknown): [string, number][] => {
    const mine = server.gridsOf.get(String(account))
    return [...server.epochs].filter(([grid]) => mine === undefined || mine.includes(grid))
  }

  function pull(body: Record<string, unknown>): Record<string, unknown> {
    const cursors = (body['grids'] as { grid: string; epoch: number; n: number }[]) ?? []
    const covered = grids(body['account'])
    const states = covered.map(([grid, epoch]) => {
      const mine = cursors.find((one) => one.grid === grid)
      const n = Math.max(0, ...server.feed.filter((row) => row.grid === grid).map((row) => row.n))
      return { grid, epoch, n, reset: mine !== undefined && (mine.epoch !== epoch || mine.n > n), to: 0 }
    })
    const gone = cursors.map((one) => one.grid).filter((grid) => !covered.some(([one]) => one === grid))
    const rest = {
      ...common(),
      grids: states,
      gone,
      ...(body['mine'] === server.mine.version ? {} : { mine: mineOf(body['account']) }),
    }
    if (server.order !== 'none') return { ...common(), grids: [], gone: [], items: [], more: false, comeBack: null }
    if (body['head'] === true) {
      const urgent = server.feed.filter(
        (row) =>
          (row.body as Record<string, unknown> | null)?.['grade'] === 'red' &&
          covered.some(([one]) => one === row.grid),
      )
      return { ...rest, items: urgent, more: false, comeBack: null }
    }
    if (server.comeBack !== null) return { ...rest, items: [], more: true, comeBack: server.comeBack }
    const all = states.flatMap((state) => {
      const from = state.reset ? 0 : (cursors.find((one) => one.grid === state.grid)?.n ?? 0)
      return server.feed.filter((row) => row.grid === state.grid && row.n > from).toSorted((a, b) => a.n - b.n)
    })
    const items = all.slice(0, server.page)
    const more = all.length > server.page
    for (const state of states) {
      const from = state.reset ? 0 : (cursors.find((one) => one.grid === state.grid)?.n ?? 0)
      state.to = more ? Math.max(from, ...items.filter((row) => row.grid === state.grid).map((row) => row.n)) : state.n
    }
    return { ...rest, items, more, comeBack: null }
  }

  function mineOf(account: unknown): Record<string, unknown> {
    const name = { zh: '一网格', en: 'Grid 1' }
    return {
      ...server.mine,
      account: account === YOU.id ? YOU : ME,
      duties: grids(account).map(([grid]) => ({
        grid,
        name,
        areaName: '玉山镇',
        fromDay: '2020-01-01',
        toDay: null,
        standIn: false,
        unit: null,
      })),
      helpers: [{ role: 'supervisor', name: '王主任', phone: '+8651257500000' }],
      zone: 'Asia/Shanghai',
      exercise: true,
    }
  }

  /** Of a phone that has not heard of the last restore nothing is run (SYNC-12). */
  const isFromBefore = ({ restoredAt }: Record<string, unknown>): boolean =>
    restoredAt !== undefined && restoredAt !== server.restoredAt

  function result(item: Item, account: string, asked: Record<string, unknown>): Record<string, unknown> {
    if (isFromBefore(asked)) return { key: item.key, outcome: 'later' }
    const before = taken.get(item.key)
    if (before) return { key: item.key, outcome: 'duplicate', recordedAt: new Date(now()).toISOString() }
    const answer = { recordedAt: new Date(now()).toISOString(), ...server.answer(item), key: item.key }
    const { outcome } = answer as { outcome?: string }
    if (outcome === 'accepted' || outcome === 'held') {
      taken.set(item.key, item)
      takenFor.set(item.key, account)
    }
    return answer
  }

  async function route({ path: asked, headers, body: raw }: NetRequest): Promise<{ status: number; body: unknown }> {
    const [path = '', query] = asked.split('?')
    const forced = server.status.get(path)
    if (forced !== undefined) return { status: forced, body: null }
    const [, device = ''] = /^Phone (.*)\.geheim$/.exec(headers?.['authorization'] ?? '') ?? []
    const whose = server.secretKnown ? devices.get(device) : undefined
    const known = server.sessionOf === ME.id || server.sessionOf === YOU.id
    // A session of somebody else must not carry this phone's account (case 37).
    const named = headers?.['x-weiwang-account'] ?? server.sessionOf
    if (known && headers?.['authorization'] === undefined && named !== server.sessionOf)
      return { status: 409, body: OTHER_ACCOUNT }
    if (path.startsWith('/api/sync/photos/'))
      return whose === undefined
        ? { status: 401, body: null }
        : takePart({ method: 'PUT', path: asked, headers, body: raw })
    if (path.startsWith('/api/photos/')) {
      if (!known) return { status: 401, body: null }
      // As the server: a picture belongs to a visit, which its address names (VISIT-8).
      if (!/^visit=./.test(query ?? '')) return { status: 400, body: null }
      photos.set(path.slice(12), { body: raw as Uint8Array, headers: headers ?? {} })
      return { status: 200, body: {} }
    }
    const [, paper] = /^\/api\/observations\/[^/]+\/photos\/(.+)$/.exec(path) ?? []
    if (paper !== undefined) {
      if (!known) return { status: 401, body: null }
      photos.set(paper, { body: raw as Uint8Array, headers: headers ?? {} })
      return { status: 200, body: {} }
    }
    const body = typeof raw === 'string' ? (JSON.parse(raw) as Record<string, unknown>) : {}
    told.push({ path, body, headers: headers ?? {} })
    if (path === '/api/sync/sealed') {
      if (whose === undefined) return { status: 401, body: null }
      const items = await Promise.all(
        (body['items'] as { key: string; sealed: string }[]).map((one) => open(one.key, one.sealed)),
      )
      const order = server.sealedOrder ?? server.order
      return { status: 200, body: { ...common(), order, results: items.map((item) => result(item, whose, body)) } }
    }
    if (path === '/api/sync/cleared')
      return { status: whose === undefined ? 401 : 200, body: { now: new Date(now()).toISOString() } }
    if (!known) return { status: 401, body: null }
    if ((body['account'] ?? server.sessionOf) !== server.sessionOf) return { status: 409, body: OTHER_ACCOUNT }
    if (path.startsWith('/api/sync/handovers/mine')) {
      const search = new URLSearchParams(query)
      const keys = new Set(search.get('keys')?.split(','))
      const items = server.decisions.filter(({ key }) => keys.has(String(key)))
      return keys.size > 100 ? { status: 400, body: null } : { status: 200, body: { items: items.slice(0, 50) } }
    }
    switch (path) {
      case '/api/sync/phones':
        devices.set(String(body['device']), server.sessionOf)
        server.secretKnown = true
        return {
          status: 200,
          body: {
            device: body['device'],
            secret: 'geheim',
            sealKey: { id: 'k1', point: base64url(point) },
            now: new Date(now()).toISOString(),
          },
        }
      case '/api/help/mine':
        return { status: 200, body: { items: server.own.help, next: null, total: server.own.help.length } }
      case '/api/people/changes/mine':
        return { status: 200, body: { items: server.own.changes, next: null, total: server.own.changes.length } }
      case '/api/sync/drafts':
        return { status: 200, body: { items: server.drafts } }
      case '/api/sync/push':
        return {
          status: 200,
          body: { ...common(), results: (body['items'] as Item[]).map((item) => result(item, server.sessionOf, body)) },
        }
      case '/api/sync/pull':
        return { status: 200, body: pull(body) }
      default:
        return server.heard.has(path) ? { status: 200, body: server.heard.get(path) } : { status: 404, body: null }
    }
  }

  const net: Net = async (request) => {
    if (!server.reachable) throw new Error('no net')
    const answer = await route(request)
    if (server.loseAnswers > 0) {
      server.loseAnswers -= 1
      throw new Error('the answer was lost')
    }
    return { ...answer, bytes: JSON.stringify(answer.body ?? null).length }
  }
  return Object.assign(server, { net })
}

export type FakeServer = Awaited<ReturnType<typeof fakeServer>>

export async function world(change: Partial<PhoneOptions> = {}) {
  const clock = handClock(START)
  const server = await fakeServer(clock)
  const disk = new IDBFactory()
  const logged: { what: string; detail: unknown }[] = []
  const open = async (own: Partial<PhoneOptions> = {}): Promise<Phone> => {
    const phone = await createPhone({
      net: (request) => server.net(request),
      clock,
      dbName: `phone-${ME.id}`,
      indexedDB: disk,
      IDBKeyRange,
      // Node's and the browser's are one interface under two names.
      crypto: globalThis.crypto,
      log: (what, detail) => void logged.push({ what, detail }),
      app: 'test',
      shrink: async (picture) => picture,
      random: () => 0.5,
      pinRounds: 1_000,
      ...change,
      ...own,
    })
    await phone.start()
    return phone
  }
  return { clock, server, disk, logged, open }
}

export const PIN = '246802'

/** Logged in, made a phone, level with the server. */
export async function enrolled(change: Partial<PhoneOptions> = {}) {
  const all = await world(change)
  const phone = await all.open()
  await phone.enrol({ account: ME, pin: PIN })
  await phone.sync()
  return { ...all, phone }
}

/** Everything that stands readable on the disk, as one text. */
export async function diskText(disk: IDBFactory, name: string): Promise<string> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = disk.open(name)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('no disk'))
  })
  const parts: string[] = []
  for (const table of db.objectStoreNames) {
    const rows = await new Promise<unknown[]>((resolve) => {
      const request = db.transaction(table).objectStore(table).getAll()
      request.onsuccess = () => resolve(request.result as unknown[])
    })
    parts.push(...rows.map(legible))
  }
  db.close()
  return parts.join('\n')
}

function legible(value: unknown): string {
  if (value instanceof Uint8Array) return textOf(value)
  if (Array.isArray(value)) return value.map(legible).join(' ')
  if (isRecord(value))
    return Object.entries(value)
      .map(([name, one]) => `${name} ${legible(one)}`)
      .join(' ')
  return String(value)
}

export const task = (id: string, more: Record<string, unknown> = {}) => ({
  grid: GRID,
  kind: 'task',
  id,
  body: {
    county: '320583',
    area: GRID,
    campaignId: 'c1',
    personId: null,
    householdId: null,
    masked: '张*',
    reference: 'K-1',
    grade: 'yellow',
    state: 'pushed',
    answerBy: '2020-02-16T10:00:00Z',
    version: 1,
    ...more,
  },
})

export const person = (id: string, name: string, more: Record<string, unknown> = {}, phone: string | null = null) => ({
  grid: GRID,
  kind: 'person',
  id,
  body: { area: GRID, householdId: null, masked: '某', sex: 0, docKind: 'none', version: 1, ...more },
  identity: { name, phone, birth: null, documentEnd: null },
})

export const door = (id: string, said: Record<string, unknown>, address = '') => ({
  grid: GRID,
  kind: 'household',
  id,
  body: { county: '320583', area: GRID, kind: 'home', use: 'self', members: 0, hazards: [], version: 1, ...said },
  address,
})

export const visit = (id: string, taskId: string | null = null) => ({
  kind: 'visit.file',
  grid: GRID,
  body: {
    id,
    ...(taskId === null ? {} : { taskId }),
    method: 'door',
    result: 'met',
    answers: {},
    note: '发烧的王小明',
    occurredAt: '',
  },
})
