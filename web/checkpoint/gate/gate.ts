import type {
  GateItem,
  MyGate,
  PassageItem,
  PassagePrivate,
  ReferralItem,
  ReferralPrivate,
  Visitor,
} from '@weiwang/domain/checkpoints/api'
import { ByDocument } from '@weiwang/domain/checkpoints/api'
import type { AskByDocument, ExpectedReturn, GatePass } from '@weiwang/domain/checkpoints/api'
import { decideAtGate } from '@weiwang/domain/checkpoints/decide'
import type { AtGate, Decision } from '@weiwang/domain/checkpoints/decide'
import type { Direction, Verdict as Passed } from '@weiwang/domain/checkpoints/gate'
import { dayOf } from '@weiwang/domain/core/day'
import { uuid7 } from '@weiwang/domain/core/ids'
import type { Say } from '@weiwang/domain/core/say'
import { toHex } from '@weiwang/domain/healthcode/bytes'
import { readPass } from '@weiwang/domain/healthcode/pass'
import { PREFIX, readCode } from '@weiwang/domain/healthcode/presentation'
import type { ReadCode } from '@weiwang/domain/healthcode/presentation'
import { checkCode, notACode } from '@weiwang/domain/healthcode/verify'
import type { Verdict } from '@weiwang/domain/healthcode/verify'
import { newBell, newQueue } from '../../worker/phone/bell.ts'
import { base64url, fromBase64url, utf8 } from '../../worker/phone/codec.ts'
import { ciphersOf } from '../../worker/phone/crypto.ts'
import { PhoneFull } from '../../worker/phone/store.ts'
import { openClock } from './clock.ts'
import { openKept } from './kept.ts'
import { openLists } from './lists.ts'
import { newPassing } from './passing.ts'
import { openQueue } from './queue.ts'
import type { Refused } from './queue.ts'
import { newSeen } from './seen.ts'
import { GateStore, readMeta } from './store.ts'
import type { RestRow } from './store.ts'
import { newSync } from './sync.ts'
import type {
  ByDocumentAnswer,
  Case,
  GateState,
  How,
  Net,
  PassAnswer,
  Referral,
  Referred,
  Scanned,
  Session,
  Tally,
} from './types.ts'
import { asItCame, webVerify } from './verify.ts'

/** Somebody who was seen so short a time ago still stands before the camera. */
const STILL_THERE_MS = 3_000
/** After so long a case is told as it is; the person has gone. */
const OPEN_MS = 45_000
const LAST = 5
const ID_BYTES = 10

export type GateOptions = {
  net: Net
  clocks: { wall: () => number; steady: () => number }
  timers: { set: (run: () => void, ms: number) => unknown; clear: (timer: unknown) => void }
  dbName: string
  indexedDB: IDBFactory
  IDBKeyRange: typeof IDBKeyRange
  crypto: Crypto
  random: () => number
  /** Runs alone among the tabs of this browser; false when another tab is at it. */
  locks: (name: string, run: () => Promise<void>) => Promise<boolean>
}

export type Gate = Awaited<ReturnType<typeof createGate>>

/** What an unanswered question comes to when the next person is already here. */
function provisional(decision: Decision, at: Pick<Case, 'colour'>): Passed {
  if (decision.verdict) return decision.verdict
  return decision.ask === 'temperature' && (at.colour === null || at.colour === 'green') ? 'admit' : 'refuse_refer'
}

const EMPTY = { check: null, checkRule: null, colour: null, name: null, why: null, againAfter: null, codeId: null }

/** The gate: it decides alone, from what lies on this device, and tells the server later. */
export async function createGate(options: GateOptions) {
  const { clocks, net, crypto } = options
  const bell = newBell()
  const inTurn = newQueue()
  const ciphers = ciphersOf(crypto)
  const store = new GateStore(options.dbName, options)
  const device = await readMeta(store, 'device')
  const deviceKey = device?.deviceKey ?? (await ciphers.newDeviceKey())
  if (!device) await store.meta.put({ key: 'device', deviceKey })
  const clock = await openClock({ store, clocks, bell })
  const lists = await openLists({ store, bell })
  const queue = await openQueue({ store, ciphers, deviceKey, bell, wall: clocks.wall, random: options.random })
  const kept = await openKept({ store, ciphers, deviceKey, bell })
  const seen = newSeen()
  const verify = webVerify(crypto.subtle)

  let mine = (await readMeta(store, 'mine'))?.mine ?? null
  const choice = await readMeta(store, 'chosen')
  let chosen = choice?.gateId ?? null
  let direction: Direction = choice?.direction ?? 'in'
  let session: Session = 'unknown'
  let resting: RestRow[] = await store.rest.toArray()
  let last: Case[] = []
  let current: Case | null = null
  let closing: unknown = null
  let referred: Referred[] = []
  let retested: GateState['retested'] = null
  let toRefer: GateState['toRefer'] = null
  let full = false
  let sight = { text: '', codeId: '', at: Number.NEGATIVE_INFINITY, coloured: false }
  let snapshot: GateState | null = null
  bell.listen(() => (snapshot = null))

  const now = (): number => clock.now()
  const zone = (): string => mine?.zone ?? 'Asia/Shanghai'
  const today = (): string => dayOf(new Date(now()), zone())
  let stamped = 0
  /** In the order in which they were made, those of one millisecond too: what follows a passage goes up behind it. */
  const newId = (): string => {
    stamped = Math.max(Math.floor(now()), stamped + 1)
    return uuid7(new Date(stamped), ciphers.random(ID_BYTES))
  }
  const gate = (): MyGate | null => mine?.gates.find((one) => one.id === chosen) ?? null

  const stored = await readMeta(store, 'tally')
  let tally: Tally = stored?.day === today() ? stored : noTally()
  function noTally(): Tally {
    return { day: today(), passages: 0, notGreen: 0, fever: 0, byHand: 0, refused: 0 }
  }

  /** Whatever finds the disk full says so on the screen; the gate goes on deciding. */
  async function orSayFull(write: () => Promise<void>): Promise<void> {
    try {
      await write()
      full = false
    } catch (error) {
      if (!(error instanceof PhoneFull)) throw error
      full = true
    }
  }

  async function sealedTo(id: string, secret: PassagePrivate | ReferralPrivate) {
    if (!mine) throw new Error('no key to seal to')
    const box = await ciphers.box(fromBase64url(mine.sealKey.point), utf8(JSON.stringify(secret)), id)
    return { keyId: mine.sealKey.id, box: base64url(box) }
  }

  async function itemOf(c: Case): Promise<PassageItem> {
    return {
      kind: 'passage',
      id: c.id,
      gateId: c.gateId,
      at: new Date(c.at).toISOString(),
      clockTrusted: c.clockTrusted,
      listAgeMin: c.listAgeMin,
      direction: c.direction,
      lane: c.lane,
      check: c.check,
      checkRule: c.checkRule,
      colour: c.colour,
      verdict: provisional(c.decision, c),
      temperature: c.temperature,
      retest: null,
      companions: c.companions,
      sealed: await sealedTo(c.id, { codeId: c.codeId, plate: c.plate, visitor: c.visitor }),
    }
  }

  function show(c: Case): void {
    last = [c, ...last.filter((one) => one.id !== c.id)].slice(0, LAST)
    current = c.open ? c : current?.id === c.id ? null : current
    bell.ring()
  }

  function count(c: Case): void {
    if (tally.day !== today()) tally = noTally()
    const passed = provisional(c.decision, c)
    tally = {
      ...tally,
      passages: tally.passages + 1,
      notGreen: tally.notGreen + Number(c.colour !== null && c.colour !== 'green'),
      fever: tally.fever + Number(passed === 'hold_fever'),
      byHand: tally.byHand + Number(c.check === 'by_hand'),
      refused: tally.refused + Number(c.check === 'refused'),
    }
  }

  async function close(): Promise<void> {
    const c = current
    if (closing !== null) options.timers.clear(closing)
    closing = null
    if (!c) return
    count(c)
    show({ ...c, open: false })
    await orSayFull(async () => {
      await queue.close(c.id)
      await store.meta.put({ key: 'tally', ...tally })
    })
    sync.soon()
  }

  function atGate(c: Omit<Case, 'decision'>): AtGate {
    const { lane, check, colour, temperature, retest, papers, keyArea } = c
    return { lane, check, colour, temperature, retest, papers, keyArea }
  }

  async function begin(at: MyGate, given: Partial<Case> & Pick<Case, 'lane'>): Promise<Case> {
    await close()
    toRefer = null
    const time = now()
    const facts = {
      ...EMPTY,
      id: newId(),
      at: time,
      gateId: at.id,
      direction: at.policy.direction === 'both' ? direction : at.policy.direction,
      clockTrusted: clock.trust().trusted,
      listAgeMin: null,
      temperature: null,
      retest: null,
      papers: null,
      keyArea: false,
      companions: null,
      plate: null,
      visitor: null,
      open: true,
      ...given,
    }
    const c: Case = { ...facts, decision: decideAtGate(atGate(facts), at.policy) }
    await orSayFull(async () => queue.add(await itemOf(c), 'open'))
    show(c)
    closing = options.timers.set(() => void inTurn(close), OPEN_MS)
    return c
  }

  async function change(id: string, patch: Partial<Case>): Promise<Case | null> {
    const at = gate()
    if (!current || current.id !== id || !at) return null
    const facts = { ...current, ...patch }
    const c: Case = { ...facts, decision: decideAtGate(atGate(facts), at.policy) }
    const item = await itemOf(c)
    await orSayFull(async () => void (await queue.change(id, () => item)))
    show(c)
    return c
  }

  function around(at: MyGate) {
    const trust = clock.trust()
    return {
      keys: lists.keys(),
      revoked: lists.revoked(),
      clock: { now: Math.floor(now() / 1000), trusted: trust.trusted },
      list: { asOf: lists.asOf(), maxAgeS: at.policy.listMaxAgeMin * 60 },
      policy: {
        oldList: at.policy.whenListOld === 'by_hand' ? ('by_hand' as const) : ('show' as const),
        paper: 'show' as const,
      },
      verify,
      expand: asItCame,
    }
  }

  function seenBefore(read: ReadCode): number | null {
    return read.live === null ? null : seen.before(toHex(read.credential.codeId), read.live.at)
  }

  async function judge(at: MyGate, read: ReadCode | null): Promise<{ verdict: Verdict; again: number | null }> {
    if (!read) return { verdict: notACode(), again: null }
    const before = seenBefore(read)
    const verdict = await checkCode(read, { ...around(at), seen: () => before !== null })
    // Signed with a key that is not known here: perhaps a new one.
    if (verdict.credential === null && verdict.kind !== 'colour' && verdict.rule !== 'CODE-1') {
      lists.wantAll()
      sync.soon()
    }
    if (verdict.kind !== 'refused' && read.live) seen.note(toHex(read.credential.codeId), read.live.at, now())
    return { verdict, again: verdict.kind === 'refused' && verdict.rule === 'CODE-9' ? before : null }
  }

  function isSame(text: string, read: ReadCode | null, how: How): boolean {
    if (how !== 'camera' || clocks.steady() - sight.at > STILL_THERE_MS) return false
    if (text === sight.text) return true
    return sight.coloured && read !== null && toHex(read.credential.codeId) === sight.codeId
  }

  const passing = newPassing({ clock, lists, kept, zone, around, begin })

  async function scanOne(text: string, how: How): Promise<Scanned> {
    const at = gate()
    if (!at) return { kind: 'no_gate' }
    const ours = text.startsWith(PREFIX)
    const read = ours ? readCode(text) : null
    if (isSame(text, read, how)) {
      sight = { ...sight, at: clocks.steady() }
      return { kind: 'same' }
    }
    const codeId = read ? toHex(read.credential.codeId) : ''
    sight = { text, codeId, at: clocks.steady(), coloured: false }
    // Any other square with dots is nobody's code and no passage.
    if (!ours) return { kind: 'not_a_code' }
    const pass = read ? null : readPass(text)
    if (pass) return { kind: 'case', case: await passing.scan(at, pass) }
    const { verdict, again } = await judge(at, read)
    const coloured = verdict.kind === 'colour'
    sight = { text, codeId, at: clocks.steady(), coloured }
    const c = await begin(at, {
      lane: read !== null && read.credential.paper ? 'paper' : 'code',
      check: coloured ? 'valid' : verdict.kind,
      checkRule: coloured ? null : verdict.rule,
      colour: coloured ? verdict.colour : null,
      name: verdict.kind === 'refused' ? null : (verdict.credential?.name ?? null),
      why: coloured ? null : verdict.why,
      againAfter: again === null ? null : Math.max(0, Math.round((now() - again) / 1000)),
      listAgeMin: verdict.listAgeS === null ? null : Math.floor(verdict.listAgeS / 60),
      // A text that is not signed by the issuer names nobody.
      codeId: verdict.credential === null ? null : codeId,
    })
    return { kind: 'case', case: c }
  }

  async function rest(c: Case, at: MyGate): Promise<void> {
    if (c.temperature === null) return
    const row: RestRow = {
      id: c.id,
      gateId: c.gateId,
      at: c.at,
      temperature: c.temperature,
      from: now() + at.policy.temperature.restMin * 60_000,
      until: now() + at.policy.temperature.restMax * 60_000,
    }
    await store.rest.put(row)
    resting = [...resting.filter((one) => one.id !== row.id), row]
    bell.ring()
  }

  const sync = newSync({
    net,
    clocks,
    timers: options.timers,
    random: options.random,
    locks: options.locks,
    bell,
    clock,
    lists,
    kept,
    gateId: () => gate()?.id ?? null,
    queue,
    setMine: async (next) => {
      mine = next
      if (!next.gates.some((one) => one.id === chosen))
        chosen = next.gates.length === 1 ? (next.gates[0]?.id ?? null) : null
      await store.meta.put({ key: 'mine', mine: next, heardAt: now() })
      bell.ring()
    },
    hasMine: () => mine !== null,
    setSession: (next) => {
      session = next
      bell.ring()
    },
    onReferred: (one) => {
      referred = [one, ...referred].slice(0, LAST)
      bell.ring()
    },
  })

  function state(): GateState {
    if (snapshot) return snapshot
    const at = gate()
    const trust = clock.trust()
    const asOf = lists.asOf()
    const listAgeS = asOf === null || !trust.trusted ? null : Math.max(0, Math.floor(now() / 1000) - asOf)
    snapshot = {
      mine,
      gate: at,
      direction: at && at.policy.direction !== 'both' ? at.policy.direction : direction,
      session,
      reached: sync.reached(),
      busy: sync.busy(),
      trust,
      listAgeS,
      listThere: asOf !== null,
      listOld: listAgeS === null || (at !== null && listAgeS > at.policy.listMaxAgeMin * 60),
      keys: lists.keys().length,
      waiting: queue.waiting(),
      refused: queue.refused(),
      resting: resting.filter((one) => one.gateId === at?.id),
      tally,
      last,
      current,
      referred,
      toRefer,
      expected: at ? kept.expected(at.id) : [],
      retested,
      held: lists.held(),
      full,
    }
    return snapshot
  }

  async function referralItem(given: Referral, at: MyGate): Promise<ReferralItem> {
    const id = newId()
    const { name, document, phone, address, note } = given
    return {
      kind: 'referral',
      id,
      gateId: at.id,
      passageId: given.passageId,
      at: new Date(now()).toISOString(),
      why: given.why,
      disposition: given.disposition,
      homeProof: given.homeProof,
      homeArea: null,
      called: given.called,
      sealed: await sealedTo(id, { name, document, phone, address, note }),
    }
  }

  const needGate = (): MyGate => {
    const at = gate()
    if (!at) throw new Error('no gate is chosen')
    return at
  }

  return {
    state,
    listen: bell.listen,
    clock,
    run: sync.run,
    stop: (): void => {
      sync.stop()
      if (closing !== null) options.timers.clear(closing)
      store.close()
    },
    nudge: sync.nudge,
    lost: sync.lost,
    syncNow: sync.now,

    /** One text from the camera, a picture, or one of the readings of what a scanner typed: the first that can be read counts. */
    scan: (texts: readonly string[], how: How): Promise<Scanned> =>
      inTurn(() => {
        const best =
          texts.find((text) => readCode(text) !== null || readPass(text) !== null) ??
          texts.find((text) => text.startsWith(PREFIX)) ??
          texts[0]
        return scanOne(best ?? '', how)
      }),

    /** Tenths of a degree. A fever is sent to rest and its case closed; the retest is another item. */
    temperature: (id: string, temperature: number): Promise<Case | null> =>
      inTurn(async () => {
        const c = await change(id, { temperature })
        if (c?.decision.verdict === 'hold_fever') {
          await rest(c, needGate())
          await close()
        }
        return c
      }),
    papers: (id: string, papers: boolean): Promise<Case | null> => inTurn(() => change(id, { papers })),
    keyArea: (id: string, keyArea: boolean): Promise<Case | null> => inTurn(() => change(id, { keyArea })),
    vehicle: (id: string, plate: string | null, companions: number | null): Promise<Case | null> =>
      // Who has neither a plate nor anybody beside them is in no vehicle.
      inTurn(() => change(id, { plate, companions: plate === null && companions === 0 ? null : companions })),
    close: (): Promise<void> => inTurn(close),

    emergency: (given: { plate: string | null; companions: number | null } = { plate: null, companions: null }) =>
      inTurn(() => begin(needGate(), { lane: 'emergency', ...given })),
    withoutCode: () => inTurn(() => begin(needGate(), { lane: 'no_code' })),
    hardship: () => inTurn(() => begin(needGate(), { lane: 'hardship', papers: true })),
    visitor: (visitor: Visitor, plate: string | null) =>
      inTurn(() => begin(needGate(), { lane: 'visitor', papers: true, visitor, plate })),

    /** The lane by document: asked online; without a network the attendant goes on by hand. */
    byDocument: async (ask: Omit<AskByDocument, 'gateId'>): Promise<ByDocumentAnswer> => {
      const at = needGate()
      const said = await net({ method: 'POST', path: '/api/gate/document', body: { ...ask, gateId: at.id } }).catch(
        () => null,
      )
      if (!said || said.status >= 500) return 'offline'
      if (said.status === 401) {
        session = 'out'
        bell.ring()
      }
      const parsed = ByDocument.safeParse(said.body)
      if (said.status !== 200 || !parsed.success) return { problem: problemSay(said.body) }
      if (parsed.data.result === 'colour') {
        const { colour, name, codeId } = parsed.data
        // What is said on the screen is what to do, as of a code that was shown.
        await inTurn(() => begin(at, { lane: 'document', colour, name, codeId, papers: true }))
      }
      return parsed.data
    },
    /** Without a network: what the document says is sealed with the passage, and the look at it decides. */
    documentByHand: (of: { number: string; name: string }) =>
      inTurn(() =>
        begin(needGate(), {
          lane: 'document',
          papers: true,
          visitor: { name: of.name, document: of.number, phone: '', purpose: '', host: '' },
        }),
      ),
    /** What is known here of the number on a paper; it needs no network. */
    passOf: (number: string): PassAnswer => passing.find(needGate(), number),
    /** Somebody with a pass whose number was found, and whose document was compared. */
    letPass: (pass: GatePass, asOf: number): Promise<Case> => inTurn(() => passing.let(needGate(), pass, asOf)),

    /** GATE-14, GATE-114: somebody who told of a return stands here. It goes up like a passage and stands beside none. */
    hasCome: (one: Pick<ExpectedReturn, 'id'>): Promise<void> =>
      inTurn(async () => {
        const item: GateItem = {
          kind: 'arrival',
          id: newId(),
          gateId: needGate().id,
          at: new Date(now()).toISOString(),
          returnId: one.id,
        }
        await orSayFull(() => queue.add(item, 'waiting'))
        await kept.hasCome(one.id)
        sync.soon()
      }),

    retest: (row: RestRow, temperature: number): Promise<Decision> =>
      inTurn(async () => {
        const at = needGate()
        const item: GateItem = {
          kind: 'retest',
          id: newId(),
          gateId: row.gateId,
          passageId: row.id,
          at: new Date(now()).toISOString(),
          temperature,
        }
        await orSayFull(async () => {
          await queue.add(item, 'waiting')
          await store.rest.delete(row.id)
        })
        resting = resting.filter((one) => one.id !== row.id)
        retested = { temperature, fever: temperature >= at.policy.temperature.threshold }
        bell.ring()
        sync.soon()
        const c = last.find((one) => one.id === row.id)
        const known = { lane: 'code' as const, check: null, colour: null, papers: true }
        const decision = decideAtGate(
          { ...(c ? atGate(c) : known), temperature: row.temperature, retest: temperature },
          at.policy,
        )
        toRefer = decision.refer === null ? null : { passageId: row.id, decision }
        bell.ring()
        return decision
      }),
    /** The referral that follows is about whoever stands here, and not about who was measured again. */
    referCurrent: (): void => {
      toRefer = null
      bell.ring()
    },

    refer: (given: Referral): Promise<string> =>
      inTurn(async () => {
        const item = await referralItem(given, needGate())
        await orSayFull(() => queue.add(item, 'waiting'))
        if (given.passageId === current?.id) await close()
        toRefer = null
        sync.soon()
        return item.id
      }),

    choose: async (gateId: string): Promise<void> => {
      if (gateId !== chosen) await kept.forget()
      chosen = gateId
      await store.meta.put({ key: 'chosen', gateId, direction })
      bell.ring()
      sync.soon()
    },
    leaveGate: async (): Promise<void> => {
      await inTurn(close)
      chosen = null
      await store.meta.delete('chosen')
      await kept.forget()
      bell.ring()
    },
    setDirection: async (next: Direction): Promise<void> => {
      direction = next
      if (chosen !== null) await store.meta.put({ key: 'chosen', gateId: chosen, direction })
      bell.ring()
    },
    /** GATE-103. */
    confirmTime: (): Promise<boolean> => clock.confirm(),
    refusals: (): Promise<Refused[]> => queue.refusals(),
    dropRefused: (id: string): Promise<void> => queue.drop(id),
    signedIn: (): void => {
      session = 'in'
      bell.ring()
      sync.nudge()
    },
    signedOut: (): void => {
      session = 'out'
      bell.ring()
    },
  }
}

function problemSay(body: unknown): Say {
  const message: unknown = typeof body === 'object' && body !== null && 'message' in body ? body.message : null
  if (typeof message === 'object' && message !== null && 'zh' in message && 'en' in message)
    return { zh: String(message.zh), en: String(message.en) }
  return { zh: '服务器未能完成', en: 'The server could not finish' }
}
