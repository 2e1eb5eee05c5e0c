import { KeyObject, sign as signNow, webcrypto } from 'node:crypto'
import type { ExpectedReturn, GatePass, MyGate, MyGates } from '@weiwang/domain/checkpoints/api'
import { usualPolicy } from '@weiwang/domain/checkpoints/gate'
import type { GatePolicy } from '@weiwang/domain/checkpoints/gate'
import { fromHex, toHex } from '@weiwang/domain/healthcode/bytes'
import { signCredential } from '@weiwang/domain/healthcode/credential'
import type { Credential } from '@weiwang/domain/healthcode/credential'
import { passText } from '@weiwang/domain/healthcode/pass'
import type { Pass } from '@weiwang/domain/healthcode/pass'
import { compressPoint } from '@weiwang/domain/healthcode/point'
import { paperText, presentationText } from '@weiwang/domain/healthcode/presentation'
import { encodeRevocations } from '@weiwang/domain/healthcode/revocation'
import type { RevocationEntry } from '@weiwang/domain/healthcode/revocation'
import { BOX_INFO, splitBox } from '@weiwang/domain/core/sealed-box'
import { base64url, fromBase64url, textOf, utf8 } from '../../worker/phone/codec.ts'
import { handClock, keyRange, newDisk, settled } from '../../worker/phone/testing.ts'
import { createGate } from './gate.ts'
import type { Gate } from './gate.ts'
import type { Net } from './types.ts'

/** A world for one gate: clocks that are moved by hand, a disk in memory, an issuer, holders with phones, and a server. */
export const START = Date.parse('2020-02-15T01:00:00Z')
const GATE_ID = '01890000-0000-7000-8000-00000000c001'
const { subtle } = webcrypto
const SIGN = { name: 'ECDSA', hash: 'SHA-256' }
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }

type Pair = webcrypto.CryptoKeyPair

const signer = (pair: Pair) => async (data: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await subtle.sign(SIGN, pair.privateKey, data))
const pointOf = async (pair: Pair) => new Uint8Array(await subtle.exportKey('raw', pair.publicKey))

export type Phone = {
  credential: Uint8Array<ArrayBuffer>
  codeId: Uint8Array<ArrayBuffer>
  show: (atMs: number) => Promise<string>
}

export async function newIssuer(kid = 'a1b2c3d4') {
  const pair = await subtle.generateKey(CURVE, true, ['sign', 'verify'])
  const publicKey = await pointOf(pair)
  const bytes = fromHex(kid)
  if (!bytes) throw new Error('kid')

  async function credential(given: Partial<Credential>, nowMs: number): Promise<Uint8Array<ArrayBuffer>> {
    const c: Credential = {
      codeId: webcrypto.getRandomValues(new Uint8Array(8)),
      colour: 'green',
      name: '张*明',
      ruleSet: 'sz-2',
      issuedAt: Math.floor(nowMs / 1000) - 3600,
      expiresAt: Math.floor(nowMs / 1000) + 12 * 3600,
      holder: null,
      paper: true,
      ...given,
    }
    return new Uint8Array(await signCredential(c, bytes ?? new Uint8Array(4), signer(pair)))
  }

  return {
    kid,
    key: (more: object = {}) => ({
      kid,
      publicKey: base64url(publicKey),
      from: START / 1000 - 30 * 86_400,
      until: START / 1000 + 30 * 86_400,
      revokedAt: null as number | null,
      ...more,
    }),
    paper: async (given: Partial<Credential>, nowMs: number) => paperText(await credential(given, nowMs)),
    /** The square of a temporary pass. */
    pass: (given: Partial<Pass>, nowMs: number): string => {
      const key = { key: KeyObject.from(pair.privateKey), dsaEncoding: 'ieee-p1363' as const }
      const pass: Pass = {
        mark: webcrypto.getRandomValues(new Uint8Array(8)),
        number: 'L200215-004711',
        name: '赵*',
        reason: 'hospital',
        from: Math.floor(nowMs / 1000) - 600,
        until: Math.floor(nowMs / 1000) + 3600,
        ...given,
      }
      return passText(pass, bytes ?? new Uint8Array(4), (data) => signNow('sha256', data, key))
    },
    /** A holder's phone with a code of the day. */
    phone: async (given: Partial<Credential>, nowMs: number): Promise<Phone> => {
      const own = await subtle.generateKey(CURVE, true, ['sign', 'verify'])
      const codeId = given.codeId ?? webcrypto.getRandomValues(new Uint8Array(8))
      const holder = compressPoint(await pointOf(own))
      const made = await credential({ ...given, codeId, holder, paper: false }, nowMs)
      return {
        credential: made,
        codeId: new Uint8Array(codeId),
        show: (atMs) => presentationText(made, Math.floor(atMs / 1000), signer(own)),
      }
    },
  }
}

type Told = { path: string; body: unknown }

export async function newWorld(options: { policy?: Partial<GatePolicy>; clock?: ReturnType<typeof handClock> } = {}) {
  /** The steady count; the phone's own clock is this plus what somebody set it to. */
  const steady = options.clock ?? handClock(START)
  const issuer = await newIssuer()
  const seal = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
  const point = new Uint8Array(await subtle.exportKey('raw', seal.publicKey))
  const told: Told[] = []
  const taken = new Map<string, Record<string, unknown>>()
  const world = {
    steady,
    /** How far the phone's clock is off. */
    set: 0,
    reachable: true,
    loggedIn: true,
    issuer,
    keys: [issuer.key()],
    revoked: [] as RevocationEntry[],
    epoch: 1,
    policy: {
      ...usualPolicy('road'),
      temperature: { ask: 'nobody' as const, threshold: 373, restMin: 5, restMax: 10 },
      ...options.policy,
    },
    told,
    taken,
    loseAnswers: 0,
    passes: [] as GatePass[],
    expected: [] as ExpectedReturn[],
    answer: (_item: Record<string, unknown>): Record<string, unknown> => ({ outcome: 'accepted' }),
    to: (path: string) => told.filter((one) => one.path.startsWith(path)),
  }

  function me(): MyGates {
    const gate: MyGate = {
      id: GATE_ID,
      name: { zh: '城东道口', en: 'East gate' },
      kind: 'road',
      area: '320583102201',
      areaName: '玉山镇',
      policy: world.policy,
      version: 1,
      shift: null,
      today: { passages: 0, notGreen: 0, fever: 0, referrals: 0, resting: 0 },
    }
    return {
      now: new Date(steady.now()).toISOString(),
      today: '2020-02-15',
      zone: 'Asia/Shanghai',
      exercise: true,
      account: { id: '01890000-0000-7000-8000-00000000a001', name: '李芳' },
      gates: [gate],
      sealKey: { id: 'k1', point: base64url(point) },
      keepDays: 14,
    }
  }

  function file(body: unknown): unknown {
    const items = (body as { items: Record<string, unknown>[] }).items
    const results = items.map((item) => {
      const id = String(item['id'])
      if (taken.has(id)) return { id, outcome: 'duplicate' }
      const said: Record<string, unknown> = { id, ...world.answer(item) }
      if (said['outcome'] === 'accepted') taken.set(id, item)
      return said
    })
    return { now: new Date(steady.now()).toISOString(), results }
  }

  function revocations(path: string): Uint8Array<ArrayBuffer> {
    const since = Number(new URL(path, 'http://server').searchParams.get('since'))
    const head = { epoch: world.epoch, from: since, to: world.revoked.length, asOf: Math.floor(steady.now() / 1000) }
    return new Uint8Array(encodeRevocations(head, world.revoked.slice(since)))
  }

  function route(path: string, body: unknown): { status: number; body: unknown; bytes?: Uint8Array<ArrayBuffer> } {
    if (path === '/api/deployment')
      return {
        status: 200,
        body: {
          exercise: true,
          zone: 'Asia/Shanghai',
          now: new Date(steady.now()).toISOString(),
          today: '2020-02-15',
          root: '32',
          version: '0',
        },
      }
    if (!world.loggedIn) return { status: 401, body: null }
    if (path === '/api/gate/me') return { status: 200, body: me() }
    if (path === '/api/code/keys')
      return {
        status: 200,
        body: { keys: world.keys, ruleSets: [], issuer: { name: { zh: '', en: '' }, url: null }, now: 0 },
      }
    if (path.startsWith('/api/code/revocations')) return { status: 200, body: null, bytes: revocations(path) }
    const asOf = new Date(steady.now()).toISOString()
    if (path.startsWith('/api/gate/passes')) return { status: 200, body: { asOf, items: world.passes } }
    if (path.startsWith('/api/gate/expected'))
      return { status: 200, body: { asOf, items: world.expected, total: world.expected.length } }
    if (path === '/api/passages') return { status: 200, body: file(body) }
    return { status: 404, body: null }
  }

  const net: Net = async ({ path, body }) => {
    if (!world.reachable) throw new Error('no net')
    told.push({ path, body })
    const said = route(path, body === undefined ? undefined : JSON.parse(JSON.stringify(body)))
    if (world.loseAnswers > 0 && path === '/api/passages') {
      world.loseAnswers -= 1
      throw new Error('answer lost')
    }
    return { status: said.status, body: said.body, bytes: said.bytes ?? null }
  }

  /** What lies in the box of an item, opened with the server's key. */
  async function opened(item: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { box } = item['sealed'] as { box: string }
    const parts = splitBox(fromBase64url(box))
    if (!parts) throw new Error('no box')
    const theirs = await subtle.importKey(
      'raw',
      new Uint8Array(parts.point),
      { name: 'ECDH', namedCurve: 'P-256' },
      false,
      [],
    )
    const shared = await subtle.deriveBits({ name: 'ECDH', public: theirs }, seal.privateKey, 256)
    const key = await subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array([...parts.point, ...point]), info: utf8(BOX_INFO) },
      await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']),
      { name: 'AES-GCM', length: 256 },
      false,
      ['decrypt'],
    )
    const algorithm = { name: 'AES-GCM', iv: new Uint8Array(parts.iv), additionalData: utf8(String(item['id'])) }
    const plain = await subtle.decrypt(algorithm, key, new Uint8Array(parts.sealed))
    return JSON.parse(textOf(new Uint8Array(plain))) as Record<string, unknown>
  }

  const disk = newDisk()
  /** A new start forgets the steady count, as a new page does. */
  let startedAt = 0
  async function open(): Promise<Gate> {
    startedAt = steady.now()
    const began = startedAt
    return createGate({
      net,
      clocks: { wall: () => steady.now() + world.set, steady: () => steady.now() - began },
      timers: { set: steady.setTimeout, clear: (timer) => steady.clearTimeout(timer as ReturnType<typeof setTimeout>) },
      dbName: 'gate',
      indexedDB: disk,
      IDBKeyRange: keyRange,
      crypto: webcrypto as Crypto,
      random: () => 0.5,
      locks: async (_name, run) => {
        await run()
        return true
      },
    })
  }

  return Object.assign(world, {
    open,
    opened,
    disk,
    revoke: (codeId: Uint8Array, until = START / 1000 + 86_400) => world.revoked.push({ codeId, until }),
  })
}

/** A gate that has heard everything once and stands at its post. */
export async function opened(world: Awaited<ReturnType<typeof newWorld>>): Promise<Gate> {
  const gate = await world.open()
  await gate.syncNow()
  await gate.choose(GATE_ID)
  return gate
}

export { keyRange, settled, toHex }
