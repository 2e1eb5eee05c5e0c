import { expect, test } from 'vitest'
import type { Scanned } from './types.ts'
import { GateStore } from './store.ts'
import { keyRange, newIssuer, newWorld, opened, settled, START, toHex } from './testing.ts'

const MINUTE = 60_000
/** More than one batch; a thousand go through the real browser's disk in the journey. */
const MANY = 150
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** What an answer came to, in one word with its rule. */
function said(found: Scanned): string {
  if (found.kind !== 'case') return found.kind
  const { check, colour, checkRule } = found.case
  return check === 'valid' ? String(colour) : `${check} ${checkRule}`
}

test('Show 2: what a gate says to a live code, a screenshot, a copy, a changed, a rotated, a replaced one, and to wrong clocks', async () => {
  const world = await newWorld()
  const old = await newIssuer('0b0b0b0b')
  const past = START / 1000 - 3600
  world.keys = [world.issuer.key(), old.key({ until: past })]
  const replaced = await world.issuer.phone({}, START)
  const gate = await opened(world)
  const late = await opened(await newWorld())
  late.stop()
  const phone = await world.issuer.phone({}, START)
  const other = await world.issuer.phone({}, START)
  const now = (): number => world.steady.now()
  const scan = async (text: string): Promise<string> => said(await gate.scan([text], 'typed'))

  // From here on the gate is alone.
  world.reachable = false
  const live = await phone.show(now())
  expect(await scan(live)).toBe('green')
  // The same presentation once more, by whoever took a picture of it meanwhile.
  expect(await scan(live)).toBe('refused CODE-9')
  const shot = await phone.show(now())
  await world.steady.pass(61_000)
  expect(await scan(shot)).toBe('refused CODE-3')
  // Another phone has the credential, but not the key.
  const { presentationText } = await import('@weiwang/domain/healthcode/presentation')
  const stolen = await presentationText(phone.credential, Math.floor(now() / 1000), async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
    return new Uint8Array(
      await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, new Uint8Array(8)),
    )
  })
  expect(await scan(stolen)).toBe('refused CODE-2')
  // One bit of the text.
  const whole = await other.show(now())
  const at = 60
  const flipped = `${whole.slice(0, at)}${whole[at] === 'A' ? 'B' : 'A'}${whole.slice(at + 1)}`
  expect(await scan(flipped)).toMatch(/^refused CODE-/)
  expect(await scan(whole)).toBe('green')
  const rotated = await old.phone({}, now())
  expect(await scan(await rotated.show(now()))).toBe('refused CODE-4')
  // A phone clock one day back.
  expect(await scan(await phone.show(now() - DAY))).toBe('refused CODE-3')
  expect(await scan(await phone.show(now() + DAY))).toBe('refused CODE-3')

  // Replaced ten minutes ago: a gate that has not heard of it passes it within the age that its site allows, with the age shown.
  world.revoke(replaced.codeId)
  await world.steady.pass(10 * MINUTE)
  expect(await scan(await replaced.show(now()))).toBe('green')
  expect(gate.state().listAgeS).toBeGreaterThanOrEqual(10 * 60)
  world.reachable = true
  await gate.syncNow()
  world.reachable = false
  await world.steady.pass(MINUTE)
  expect(await scan(await replaced.show(now()))).toBe('refused CODE-7')

  // A gate clock one day ahead while it works: it does not believe the leap, and shows no colour.
  world.set = DAY
  expect(await scan(await other.show(now()))).toBe('by_hand CODE-5')
  expect(gate.state().trust).toEqual({ trusted: false, why: 'leap' })
  // With a contact the time is the server's, whatever the clock shows.
  world.reachable = true
  await gate.syncNow()
  world.reachable = false
  await world.steady.pass(MINUTE)
  expect(await scan(await other.show(now()))).toBe('green')
  gate.stop()
})

test('case 72: a list too old is checked by hand or shown with its age, as the site says', async () => {
  const world = await newWorld()
  const gate = await opened(world)
  world.reachable = false
  for (let i = 0; i < 25; i++) await world.steady.pass(HOUR)
  const phone = await world.issuer.phone({}, world.steady.now())
  expect(said(await gate.scan([await phone.show(world.steady.now())], 'typed'))).toBe('by_hand CODE-8')
  expect(gate.state().listOld).toBe(true)
  gate.stop()

  const lenient = await newWorld({ policy: { whenListOld: 'colour_and_age' } })
  const other = await opened(lenient)
  lenient.reachable = false
  for (let i = 0; i < 25; i++) await lenient.steady.pass(HOUR)
  const theirs = await lenient.issuer.phone({}, lenient.steady.now())
  const found = await other.scan([await theirs.show(lenient.steady.now())], 'typed')
  expect(said(found)).toBe('green')
  expect(found.kind === 'case' && found.case.listAgeMin).toBeGreaterThan(24 * 60)
  other.stop()
})

test('passages wait sealed, arrive once when the server is back, and hold a code id and nothing else of the person', async () => {
  const world = await newWorld()
  const gate = await opened(world)
  world.reachable = false
  const phone = await world.issuer.phone({ name: '李*' }, START)
  await gate.scan([await phone.show(world.steady.now())], 'typed')
  await gate.close()
  await gate.emergency({ plate: '苏E12345', companions: 2 })
  await gate.close()
  expect(gate.state().waiting).toBe(2)
  // Nothing readable lies on the disk.
  const raw = JSON.stringify(await dump(world.disk), (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  )
  expect(raw).not.toContain(toHex(phone.codeId))
  expect(raw).not.toContain('李*')
  expect(raw).not.toContain('苏E12345')

  world.reachable = true
  // The server has them, but its answer is lost on the way: they stay, go again, and are there once.
  world.loseAnswers = 1
  await gate.syncNow()
  expect(gate.state().waiting).toBe(2)
  await world.steady.pass(MINUTE)
  await gate.syncNow()
  expect(gate.state().waiting).toBe(0)
  expect(world.taken.size).toBe(2)
  expect(world.to('/api/passages').length).toBeGreaterThanOrEqual(2)
  const [first, second] = [...world.taken.values()]
  expect(first).toMatchObject({ lane: 'code', check: 'valid', colour: 'green', verdict: 'admit', clockTrusted: true })
  expect(JSON.stringify(first)).not.toContain('李')
  expect(await world.opened(first ?? {})).toEqual({ codeId: toHex(phone.codeId), plate: null, visitor: null })
  expect(second).toMatchObject({ lane: 'emergency', verdict: 'emergency_pass', companions: 2 })
  expect(await world.opened(second ?? {})).toEqual({ codeId: null, plate: '苏E12345', visitor: null })
  gate.stop()
})

async function dump(disk: IDBFactory): Promise<unknown[]> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = disk.open('gate')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(new Error('no disk'))
  })
  const rows: unknown[] = []
  for (const name of db.objectStoreNames)
    await new Promise<void>((resolve) => {
      const request = db.transaction(name).objectStore(name).getAll()
      request.onsuccess = () => {
        rows.push(...request.result)
        resolve()
      }
    })
  db.close()
  return rows
}

test('case 64: one item that the server will not take is shown with its reason and holds back no other', async () => {
  const world = await newWorld()
  const gate = await opened(world)
  let n = 0
  world.answer = () => {
    n += 1
    if (n === 1)
      return {
        outcome: 'refused',
        problem: { code: 'GATE_CLOSED', rule: 'GATE-6', message: { zh: '卡口已撤', en: 'The gate was closed' } },
      }
    return { outcome: n === 2 ? 'later' : 'accepted' }
  }
  for (let i = 0; i < 3; i++) {
    await gate.emergency()
    await gate.close()
  }
  await gate.syncNow()
  expect(gate.state()).toMatchObject({ waiting: 1, refused: 1 })
  const [row] = await gate.refusals()
  expect(row?.problem?.message.zh).toBe('卡口已撤')
  await world.steady.pass(MINUTE)
  await gate.syncNow()
  expect(gate.state().waiting).toBe(0)
  // It goes when somebody has read it, and not before.
  await gate.dropRefused(row?.id ?? '')
  expect(gate.state().refused).toBe(0)
  gate.stop()
})

test('many in a row: on the disk, not in memory; five on the screen; all of them arrive', async () => {
  const world = await newWorld()
  const gate = await opened(world)
  world.reachable = false
  const paper = await world.issuer.paper({}, START)
  for (let i = 0; i < MANY; i++) await gate.scan([paper], 'typed')
  await gate.close()
  expect(gate.state().last).toHaveLength(5)
  expect(gate.state().waiting).toBe(MANY)
  expect(gate.state().tally.passages).toBe(MANY)
  world.reachable = true
  await gate.syncNow()
  await gate.syncNow()
  expect(world.taken.size).toBe(MANY)
  expect(gate.state().waiting).toBe(0)
  expect(await dump(world.disk)).toHaveLength(9)
  gate.stop()
})

test('a fever rests, is measured again, and what is told fits: both items, the second after the first', async () => {
  const world = await newWorld({
    policy: { temperature: { ask: 'everyone', threshold: 373, restMin: 5, restMax: 10 } },
  })
  const gate = await opened(world)
  const phone = await world.issuer.phone({}, START)
  const found = await gate.scan([await phone.show(START)], 'typed')
  const id = found.kind === 'case' ? found.case.id : ''
  expect(gate.state().current?.decision.ask).toBe('temperature')
  await gate.temperature(id, 378)
  expect(gate.state().current).toBeNull()
  const [row] = gate.state().resting
  expect(row).toMatchObject({ id, temperature: 378 })
  // The application may end meanwhile.
  gate.stop()
  await world.steady.pass(6 * MINUTE)
  const again = await world.open()
  await again.choose('01890000-0000-7000-8000-00000000c001')
  const [kept] = again.state().resting
  if (!kept) throw new Error('nobody rests')
  expect((await again.retest(kept, 366)).refer).toBeNull()
  expect(again.state().resting).toEqual([])
  await again.syncNow()
  expect([...world.taken.values()].map((item) => [item['kind'], item['verdict'] ?? null, item['temperature']])).toEqual(
    [
      ['passage', 'hold_fever', 378],
      ['retest', null, 366],
    ],
  )
  again.stop()
})

test('without a code nobody is refused: papers, a document written down by hand, a visitor; what they say is sealed to the server', async () => {
  const world = await newWorld({ policy: { visitors: true } })
  const gate = await opened(world)
  world.reachable = false
  const c = await gate.withoutCode()
  expect(c.decision.ask).toBe('papers')
  expect((await gate.papers(c.id, true))?.decision.verdict).toBe('admit')
  expect(await gate.byDocument({ kind: 'resident', number: '320583196503021231', name: '王强', how: 'typed' })).toBe(
    'offline',
  )
  await gate.documentByHand({ number: '320583196503021231', name: '王强' })
  await gate.visitor({ name: '赵*', document: '', phone: '13900000000', purpose: '送货', host: '3-501' }, null)
  await gate.close()
  world.reachable = true
  await gate.syncNow()
  const items = [...world.taken.values()]
  // Those of one millisecond have no order.
  expect(items.map((item) => `${String(item['lane'])} ${String(item['verdict'])}`).toSorted()).toEqual([
    'document admit',
    'no_code admit',
    'visitor admit',
  ])
  const document = items.find((item) => item['lane'] === 'document')
  expect(await world.opened(document ?? {})).toMatchObject({
    visitor: { name: '王强', document: '320583196503021231' },
  })
  gate.stop()
})

test('who still stands before the camera is one passage, also when the phone renews; another QR code is none', async () => {
  const world = await newWorld()
  const gate = await opened(world)
  const phone = await world.issuer.phone({}, START)
  const first = await phone.show(START)
  expect((await gate.scan([first], 'camera')).kind).toBe('case')
  for (let i = 0; i < 20; i++) {
    await world.steady.pass(1_500)
    expect((await gate.scan([await phone.show(world.steady.now())], 'camera')).kind).toBe('same')
  }
  expect((await gate.scan(['https://example.org/menu'], 'camera')).kind).toBe('not_a_code')
  await gate.close()
  expect(gate.state().tally.passages).toBe(1)
  gate.stop()
})

test('a revoked key stays revoked at this gate, whatever is heard later (case 71)', async () => {
  const world = await newWorld()
  world.keys = [world.issuer.key({ revokedAt: START / 1000 - 60 })]
  const gate = await opened(world)
  const phone = await world.issuer.phone({}, START)
  expect(said(await gate.scan([await phone.show(world.steady.now())], 'typed'))).toBe('refused CODE-4')
  world.keys = [world.issuer.key()]
  await gate.syncNow()
  await world.steady.pass(MINUTE)
  expect(said(await gate.scan([await phone.show(world.steady.now())], 'typed'))).toBe('refused CODE-4')
  gate.stop()
})

test('a session that has ended stops nothing but what is sent, and the next shift sends what the former one left', async () => {
  const world = await newWorld()
  const gate = await opened(world)
  world.loggedIn = false
  const phone = await world.issuer.phone({}, START)
  expect(said(await gate.scan([await phone.show(world.steady.now())], 'typed'))).toBe('green')
  await gate.close()
  await gate.syncNow()
  expect(gate.state()).toMatchObject({ session: 'out', waiting: 1 })
  world.loggedIn = true
  gate.signedIn()
  await gate.syncNow()
  await settled()
  expect(gate.state().waiting).toBe(0)
  gate.stop()
})

const PASS_NUMBER = 'L200215-004711'
const words = { zh: '就医', en: 'To hospital' }
const listed = (mark: string, untilMs: number, shortId = PASS_NUMBER) => ({
  shortId,
  name: '赵*',
  purpose: words,
  from: new Date(START).toISOString(),
  until: new Date(untilMs).toISOString(),
  mark,
})

test('GATE-113: a temporary pass is known by its signed square without a network; changed, over, revoked, old and unsure ones are not', async () => {
  const world = await newWorld({ policy: { listMaxAgeMin: 30 } })
  const old = await newIssuer('0b0b0b0b')
  const mark = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
  const gate = await opened(world)
  world.reachable = false
  const now = (): number => world.steady.now()
  const scan = async (text: string): Promise<Scanned> => {
    await world.steady.pass(4_000)
    return gate.scan([text], 'typed')
  }
  const good = world.issuer.pass({ mark }, now())
  const first = await scan(good)
  expect(first).toMatchObject({
    kind: 'case',
    case: { lane: 'hardship', check: 'valid', colour: null, name: '赵*', papers: true, decision: { verdict: 'admit' } },
  })
  expect(first.kind === 'case' && first.case.why?.zh).toContain('就医')
  const flipped = `${good.slice(0, 60)}${good[60] === 'A' ? 'B' : 'A'}${good.slice(61)}`
  expect(said(await scan(flipped))).toBe('refused CODE-1')
  expect(said(await scan(old.pass({}, now())))).toBe('refused CODE-4')
  expect(said(await scan(world.issuer.pass({ until: Math.floor(now() / 1000) - 1 }, now())))).toBe('refused CODE-6')
  expect(said(await scan(world.issuer.pass({ from: Math.floor(now() / 1000) + 600 }, now())))).toBe('refused CODE-6')
  // It is paper: shown again it holds, and it is no code of anybody.
  expect(said(await scan(good))).toBe('null')

  // Revoked by the centre: the same delta list that tells of replaced codes.
  world.revoke(mark)
  world.reachable = true
  await gate.syncNow()
  world.reachable = false
  expect(said(await scan(good))).toBe('refused OBJECT-15')

  const other = world.issuer.pass({}, now())
  await world.steady.pass(31 * MINUTE)
  const aged = await scan(other)
  expect(aged).toMatchObject({ case: { check: 'by_hand', checkRule: 'CODE-8', decision: { ask: 'papers' } } })
  world.set = 2 * HOUR
  expect(said(await scan(other))).toBe('by_hand CODE-5')
  world.set = 0
  world.reachable = true
  await gate.syncNow()
  await gate.syncNow()
  // What went up: the lane, no colour, and the mark in its box.
  const items = [...world.taken.values()].filter((one) => one['lane'] === 'hardship')
  expect(items.length).toBeGreaterThanOrEqual(8)
  expect(items.every((one) => one['colour'] === null)).toBe(true)
  expect((await world.opened(items[0] ?? {}))['codeId']).toBe('0102030405060708')
  gate.stop()
})

test('GATE-113: the number on a paper is compared with the passes last heard, offline, sealed on the disk; a revoked one is none', async () => {
  const world = await newWorld()
  world.passes = [listed('0102030405060708', START + HOUR), listed('1112131415161718', START + HOUR, 'L200215-004712')]
  let gate = await opened(world)
  await gate.syncNow()
  world.revoke(Uint8Array.of(0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18))
  await gate.syncNow()
  world.reachable = false
  gate.stop()
  // The application is opened again without a network.
  gate = await world.open()
  await gate.choose(gate.state().mine?.gates[0]?.id ?? '')
  expect(gate.passOf('l200215 004712').kind).toBe('none')
  expect(gate.passOf('L200215-999999').kind).toBe('none')
  const found = gate.passOf('l200215 004711')
  expect(found).toMatchObject({ kind: 'found', pass: { name: '赵*' } })
  if (found.kind !== 'found') return
  const c = await gate.letPass(found.pass, found.asOf)
  expect([c.lane, c.check, c.codeId, c.decision.verdict]).toEqual(['hardship', 'valid', '0102030405060708', 'admit'])
  await world.steady.pass(HOUR + MINUTE)
  expect(gate.passOf(PASS_NUMBER).kind).toBe('none')
  // Nothing of it lies readable on the disk.
  const disk = new GateStore('gate', { indexedDB: world.disk, IDBKeyRange: keyRange })
  const row = await disk.meta.get('kept')
  expect([row !== undefined, new TextDecoder().decode(row && 'sealed' in row ? row.sealed : undefined)]).toEqual([
    true,
    expect.not.stringContaining('赵'),
  ])
  await gate.leaveGate()
  expect(await disk.meta.get('kept')).toBeUndefined()
  disk.close()
  gate.stop()
})

test('GATE-114: somebody who told of a return has come: noted offline, gone from the list, told once and beside no passage', async () => {
  const world = await newWorld()
  const one = {
    id: '01890000-0000-7000-8000-00000000e001',
    name: '冯*刚',
    expectedDay: '2020-02-15',
    late: false,
    fromName: '武昌区',
    level: 'high' as const,
    transport: { zh: '火车', en: 'train' },
    companions: 1,
  }
  world.expected = [one]
  const gate = await opened(world)
  await gate.syncNow()
  expect(gate.state().expected).toEqual([one])
  world.reachable = false
  await gate.hasCome(one)
  expect([gate.state().expected, gate.state().waiting]).toEqual([[], 1])
  world.reachable = true
  await gate.syncNow()
  // The server's list is from before: who was said to have come stays away.
  expect(gate.state().expected).toEqual([])
  const items = [...world.taken.values()]
  expect(items).toHaveLength(1)
  expect(items[0]).toEqual({
    kind: 'arrival',
    id: expect.any(String),
    gateId: gate.state().gate?.id,
    at: expect.any(String),
    returnId: one.id,
  })
  gate.stop()
})
