import { createHash, randomUUID } from 'node:crypto'
import { addDays } from '@weiwang/domain/core/day'
import type { ErrorBounds } from '@weiwang/domain/feeds/api'
import { riskIndex } from '@weiwang/domain/grading/risk'
import { findContradictions, saidStays } from '@weiwang/domain/healthcode/truth-find'
import type { Known, KnownFact, SaidAnswers } from '@weiwang/domain/healthcode/truth-find'
import { allowanceOf } from '@weiwang/domain/healthcode/truth-source'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testServer } from '../core/testing/test-server.ts'
import type { TestServer } from '../core/testing/test-server.ts'
import { find, findDue, findEverybody, findOne } from './truth-finder.ts'
import { nearCounties } from './truth-near.ts'
import { markDue } from './truth-store.ts'

/** The pure finder and the set-based one say the same of random people: small worlds, so that everything meets. */
const BOUNDS: Record<string, ErrorBounds> = {
  rail: { dwellMinutes: 30, clockSkewMinutes: 10 },
  road: { clockSkewMinutes: 15 },
  line: { dwellMinutes: 240, borderRoaming: true, clockSkewMinutes: 60 },
  clinic: {},
}
const SOURCES = [...Object.keys(BOUNDS), 'declaration']
const RISK = [
  { area: '4201', level: 'high' as const, from: '2020-01-01', to: '2020-02-20' },
  { area: '310118', level: 'medium' as const, from: '2020-02-01', to: null },
  { area: '4201', level: 'medium' as const, from: '2020-02-25', to: null },
  { area: '330302', level: 'low' as const, from: '2020-01-01', to: null },
]
const HOMES = ['320583001001001', '320505001001001', '420102001001001']
const PLACES = ['420106', '4201', '310118', '310120', '330302', '510104']
const SAID = ['42', '4201', '420111', '3101', '310120', '510104']

let t: TestServer
let emergency: string
let TODAY: string

beforeAll(async () => {
  t = await testServer()
  emergency = await t.openEmergency()
  TODAY = await t.server.asSystem('test', async (ctx) => ctx.today)
  for (const [id, bounds] of Object.entries(BOUNDS))
    await t.sql(
      `insert into feed (id, area, name, owner, purpose, kind, mapping, bounds, state, created_at) values ($1, '32', '{}', 'x', '{}', 'other', '{}', $2, 'open', now())`,
      [id, JSON.stringify(bounds)],
    )
})
afterAll(() => t.close())

const idOf = (text: string): string => {
  const h = createHash('sha256').update(text).digest('hex')
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(13, 16)}-8${h.slice(17, 20)}-${h.slice(20, 32)}`
}

type Seed = {
  home: string
  door: number | null
  declaredAgo: number
  answers: SaidAnswers
  facts: Omit<KnownFact, 'id'>[]
  asked: { disposition: string; source: string; ago: number }[]
  observation: { notice: number; last: number | null; ended: number | null; kind: string } | null
  returned: { made: number; expected: number; source: 'return' | 'org' } | null
  alias: boolean
}

/** Days before today: the declaration lies up to three back, the window seventeen. */
const agoArb = fc.integer({ min: -2, max: 20 })
const dayOf = (ago: number): string => addDays(TODAY, -ago)
const sourceArb = fc.constantFrom(...SOURCES)
const bare = { place: null, value: null, degree: null }
const spanArb = fc.tuple(agoArb, fc.constantFrom(0, 0, 1, 3, 8))

const factArb: fc.Arbitrary<Omit<KnownFact, 'id'>> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom(...PLACES), spanArb, sourceArb).map(([place, [end, n], source]) => ({
      ...bare,
      kind: 'stay' as const,
      place,
      from: dayOf(end + n),
      to: dayOf(end),
      source,
    })),
  },
  fc.tuple(fc.constantFrom(1, 2, 3), agoArb, sourceArb).map(([degree, ago, source]) => ({
    ...bare,
    kind: 'contact' as const,
    degree,
    from: dayOf(ago),
    to: dayOf(ago),
    source,
  })),
  fc
    .tuple(
      fc.constantFrom(
        ['measure', 'in'],
        ['measure', 'lifted'],
        ['case', 'confirmed'],
        ['case', 'recovered'],
        ['fever_clinic', 'visited'],
        ['fever_clinic', 'held'],
        ['fever_clinic', 'excluded'],
        ['symptom', 'fever'],
        ['abroad', 'IT'],
        ['test', 'positive'],
      ),
      fc.integer({ min: -1, max: 5 }),
      sourceArb,
    )
    .map(([[kind, value], ago, source]) => ({
      ...bare,
      kind: kind as KnownFact['kind'],
      value: value ?? null,
      from: dayOf(ago),
      to: dayOf(ago),
      source,
    })),
)

const answersArb: fc.Arbitrary<SaidAnswers> = fc.record({
  stays: fc.array(
    fc
      .tuple(fc.constantFrom(...SAID), spanArb)
      .map(([area, [end, n]]) => ({ area, from: dayOf(end + n), to: dayOf(end) })),
    { maxLength: 2 },
  ),
  arrival: fc.option(
    fc.tuple(fc.constantFrom('4201', '5101', null), agoArb).map(([from, ago]) => ({
      ...(from === null ? { fromCountry: 'IT' } : { fromArea: from }),
      arrivedOn: dayOf(ago),
    })),
  ),
  abroad: fc.constantFrom<{ country: string }[]>([], [], [{ country: 'IT' }]),
  contacts: fc.constantFrom<{ degree: number }[]>([], [], [{ degree: 2 }], [{ degree: 3 }]),
  symptoms: fc.constantFrom<SaidAnswers['symptoms']>([], [], [{ code: 'fever', from: '2020-01-01' }]),
  underMeasure: fc.boolean(),
})

const seedArb: fc.Arbitrary<Seed> = fc.record({
  home: fc.constantFrom(...HOMES),
  door: fc.option(fc.integer({ min: 0, max: 1 })),
  declaredAgo: fc.integer({ min: 0, max: 3 }),
  answers: answersArb,
  facts: fc.array(factArb, { maxLength: 5 }),
  asked: fc.array(
    fc.record({
      disposition: fc.constantFrom('HERE_NO_RISK', 'HERE_TRANSIT_ONLY', 'HERE_HOME_OBS', 'HERE_MONITOR', 'NO_ANSWER'),
      source: fc.constantFrom(...Object.keys(BOUNDS)),
      ago: agoArb,
    }),
    { maxLength: 1 },
  ),
  observation: fc.option(
    fc.record({
      notice: fc.integer({ min: 0, max: 6 }),
      last: fc.option(fc.integer({ min: -5, max: 6 })),
      ended: fc.option(fc.integer({ min: 0, max: 6 })),
      kind: fc.constantFrom('home_quarantine', 'self_monitoring'),
    }),
  ),
  returned: fc.option(
    fc
      .tuple(agoArb, fc.integer({ min: 0, max: 4 }), fc.constantFrom('return' as const, 'org' as const))
      .map(([made, n, source]) => ({ made, expected: made - n, source })),
  ),
  alias: fc.boolean(),
})

const personId = (n: number): string => idOf(`person ${n}`)
const aliasId = (n: number): string => idOf(`alias ${n}`)
const factId = (n: number, i: number): string => idOf(`fact ${n} ${i}`)

async function insertFact(n: number, i: number, fact: Omit<KnownFact, 'id'>, alias: boolean): Promise<void> {
  await t.sql(
    `insert into fact (person_id, fact_id, kind, place, value, degree, from_day, to_day, source, batch_id, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now())`,
    [
      alias ? aliasId(n) : personId(n),
      factId(n, i),
      fact.kind,
      fact.place,
      fact.value,
      fact.degree,
      fact.from,
      fact.to,
      fact.source,
      randomUUID(),
    ],
  )
}

async function insertDeclaration(n: number, id: string, seed: Seed): Promise<void> {
  await t.sql(`update declaration set superseded_at = now() where person_id = $1 and superseded_at is null`, [
    personId(n),
  ])
  await t.sql(
    `insert into declaration (person_id, id, n, home_area, emergency_id, at, day, by, answers)
     values ($1, $2, (select coalesce(max(n), 0) + 1 from declaration where person_id = $1), $3, $4, now(), $5, 'self', $6)`,
    [
      personId(n),
      id,
      seed.home,
      emergency,
      dayOf(seed.declaredAgo),
      JSON.stringify({
        situation: 'living',
        registeredHere: true,
        temperature: null,
        ...seed.answers,
        abroad: seed.answers.abroad.map((a) => ({ arrivedOn: '2020-01-01', ...a })),
        contacts: seed.answers.contacts.map((c) => ({ day: '2020-01-01', ...c })),
        arrival: seed.answers.arrival && { transport: 'train', ...seed.answers.arrival },
      }),
    ],
  )
}

async function setUp(seeds: readonly Seed[]): Promise<void> {
  await t.sql(
    'truncate fact, declaration, residence, task, observation, return_registration, org_member, person_alias, contradiction, contradiction_event, contradiction_due, risk_area cascade',
  )
  for (const r of RISK)
    await t.sql(
      `insert into risk_area (id, area, level, from_day, to_day, source, recorded_at) values ($1, $2, $3, $4, $5, 'list', now())`,
      [randomUUID(), r.area, r.level, shift(r.from), r.to === null ? null : shift(r.to)],
    )
  for (const [n, seed] of seeds.entries()) {
    await insertDeclaration(n, idOf(`declaration ${n}`), seed)
    if (seed.door !== null)
      await t.sql(
        `insert into residence (person_id, id, home_area, area, county, household_id, kind, certainty, source, from_day, recorded_at) values ($1, $2, $3, $3, left($3, 6), $4, 'own', 5, 'x', '2020-01-01', now())`,
        [personId(n), randomUUID(), seed.home, idOf(`door ${seed.door}`)],
      )
    if (seed.alias)
      await t.sql(
        `insert into person_alias (person_id, target, home_area, at, reason) values ($1, $2, '32', now(), 'x')`,
        [aliasId(n), personId(n)],
      )
    for (const [i, fact] of seed.facts.entries()) await insertFact(n, i, fact, seed.alias && i % 2 === 0)
    for (const { disposition, source, ago } of seed.asked)
      await t.sql(
        `insert into task (county, id, root, area, campaign_id, kind, person_id, masked, grade, urgency, state, outcome, disposition, answer_by, reasons, sources, reference, opened_at, answered_at, answered_day, closed_at, closed_day, updated_at, version)
         values (left($2, 6), $1::uuid, $1::uuid, $2, $3, 'check', $4, '', 'yellow', 2, 'answered', 'answered', $5, now(), '[]', array[$6], ($1::uuid)::text, now(), now(), $7, now(), $7, now(), 1)`,
        [randomUUID(), seed.home, randomUUID(), personId(n), disposition, source, dayOf(ago)],
      )
    const o = seed.observation
    if (o)
      await t.sql(
        `insert into observation (county, id, root, area, responsible_area, emergency_id, person_id, masked, reference, measure, reason, opened_from, state, step, start_day, end_day, count_from, rules_version, opened_day, opened_at, current, updated_at, version, ended_day)
         values (left($2, 6), $1::uuid, $1::uuid, $2, $2, $3, $4, '', ($1::uuid)::text, $5, 'other', 'hand', 'active', 'guard', $6, $7, 'start', 1, $6, now(), jsonb_build_object('noticeOn', $8::text), now(), 1, $9)`,
        [
          idOf(`observation ${n}`),
          seed.home,
          emergency,
          personId(n),
          o.kind,
          dayOf(40),
          o.last === null ? null : dayOf(o.last),
          dayOf(o.notice),
          o.ended === null ? null : dayOf(o.ended),
        ],
      )
    const r = seed.returned
    if (r?.source === 'org')
      await t.sql(
        `insert into org_member (county, org_id, id, area, emergency_id, doc_hash, masked, ref, person_id, by_link, invited_at, confirmed_returns_on, confirmed_day)
         values (left($2, 6), $1::uuid, $1::uuid, $2, $3, decode(md5($4::text), 'hex'), '', '', $4::uuid, false, now(), $5, $6)`,
        [idOf(`return ${n}`), seed.home, emergency, personId(n), dayOf(r.expected), dayOf(r.made)],
      )
    else if (r)
      await t.sql(
        `insert into return_registration (county, id, area, emergency_id, person_id, masked, state, expected_day, grace_until, transport, from_place, version, created_at, updated_at)
         values (left($2, 6), $1::uuid, $2, $3, $4, '', 'submitted', $5, $5, 'train', '5101', 1, ($6::date + time '12:00') at time zone $7, now())`,
        [idOf(`return ${n}`), seed.home, emergency, personId(n), dayOf(r.expected), dayOf(r.made), t.server.clock.zone],
      )
  }
}

/** Levels are written for 1 March 2020 and moved to the day of the run. */
const shift = (day: string): string => {
  const days = Math.round((Date.parse(TODAY) - Date.parse('2020-03-01')) / 86_400_000)
  return addDays(day, days)
}

type Flat = Record<string, unknown[]>

function expected(seeds: readonly Seed[]): Flat {
  const allowances = new Map(Object.entries(BOUNDS).map(([id, bounds]) => [id, allowanceOf(id, bounds)]))
  const risk = riskIndex(RISK.map((r) => ({ ...r, from: shift(r.from), to: r.to === null ? null : shift(r.to) })))
  const out: Flat = {}
  for (const [n, seed] of seeds.entries()) {
    const day = dayOf(seed.declaredAgo)
    const mates = seeds.filter((other, m) => m !== n && seed.door !== null && other.door === seed.door)
    const known: Known = {
      facts: seed.facts.map((fact, i) => ({ ...fact, id: factId(n, i) })),
      answers: seed.asked.map((a) => ({ disposition: a.disposition, sources: [a.source], day: dayOf(a.ago) })),
      observations: seed.observation
        ? [
            {
              id: idOf(`observation ${n}`),
              noticeOn: dayOf(seed.observation.notice),
              lastDay: seed.observation.last === null ? null : dayOf(seed.observation.last),
              endedOn: seed.observation.ended === null ? null : dayOf(seed.observation.ended),
              kind: seed.observation.kind,
            },
          ]
        : [],
      returns: seed.returned
        ? [
            {
              id: idOf(`return ${n}`),
              source: seed.returned.source,
              madeOn: dayOf(seed.returned.made),
              expectedOn: dayOf(seed.returned.expected),
            },
          ]
        : [],
      mates: mates.flatMap((other) => [
        ...other.facts.flatMap((f, i) => {
          // Facts of a merged record are another person's here: only the record that stands for it lives behind the door.
          const own = !(other.alias && i % 2 === 0)
          return own && f.kind === 'stay' && f.place !== null && !['line', 'declaration'].includes(f.source)
            ? [{ place: f.place, from: f.from, to: f.to }]
            : []
        }),
        ...saidStays({ day, home: other.home, answers: other.answers }).map((s) => ({
          place: s.place,
          to: s.to,
          from: other.answers.stays.find((one) => one.area === s.place && one.to === s.to)?.from ?? addDays(s.to, -14),
        })),
      ]),
    }
    for (const { kind, evidence } of findContradictions({ day, home: seed.home, answers: seed.answers }, known, {
      risk,
      allowances,
      near: nearCounties(),
    }))
      out[`${n}/${kind}`] = evidence
  }
  return out
}

async function stored(seeds: readonly Seed[]): Promise<Flat> {
  const rows = await t.sql(
    `select person_id, kind, known from contradiction where state in ('open', 'asked', 'answered')`,
  )
  const number = new Map(seeds.map((_, n) => [personId(n), n]))
  return Object.fromEntries(rows.map((row) => [`${number.get(row.person_id)}/${row.kind}`, row.known]))
}

test('one person at a time = everybody at once (TRUTH-1)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(seedArb, { minLength: 1, maxLength: 8 }), async (seeds) => {
      await setUp(seeds)
      const want = expected(seeds)
      await findEverybody(t.server)
      expect(await stored(seeds)).toEqual(want)
      // A second look changes nothing: the history grows on change only.
      const before = await t.sql('select count(*) from contradiction_event')
      await findEverybody(t.server)
      expect(await t.sql('select count(*) from contradiction_event')).toEqual(before)
      await t.sql('truncate contradiction, contradiction_event')
      for (const n of seeds.keys()) await t.server.asSystem('test', (ctx) => findOne(ctx, personId(n)))
      expect(await stored(seeds)).toEqual(want)
      await t.sql('truncate contradiction, contradiction_event')
      await t.server.asSystem('test', (ctx) =>
        find(
          ctx,
          seeds.map((_, n) => personId(n)),
        ),
      )
      expect(await stored(seeds)).toEqual(want)
    }),
    { numRuns: Number(process.env['WEIWANG_FC_RUNS'] ?? 40) },
  )
}, 300_000)

test('after new facts, withdrawals and new declarations those who wait are as everybody (TRUTH-7, TRUTH-12)', async () => {
  const step = fc.record({
    add: fc.array(fc.tuple(fc.nat(5), factArb), { maxLength: 3 }),
    withdraw: fc.array(fc.tuple(fc.nat(5), fc.nat(4)), { maxLength: 2 }),
    declare: fc.option(fc.tuple(fc.nat(5), answersArb)),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(seedArb, { minLength: 2, maxLength: 6 }),
      fc.array(step, { minLength: 1, maxLength: 3 }),
      async (start, steps) => {
        const seeds = structuredClone(start).map((seed) => ({ ...seed, alias: false, gone: new Set<number>() }))
        await setUp(seeds)
        await findEverybody(t.server)
        for (const { add, withdraw, declare } of steps) {
          const touched = new Set<number>()
          for (const [n, fact] of add) {
            const seed = seeds[n]
            if (!seed) continue
            await insertFact(n, seed.facts.push(fact) - 1, fact, false)
            touched.add(n)
          }
          for (const [n, i] of withdraw) {
            const fact = seeds[n]?.facts[i]
            if (!fact) continue
            await t.sql('update fact set withdrawn_at = now() where fact_id = $1', [factId(n, i)])
            // It stays in its place, so that ids do not move; what this program says itself is no evidence.
            seeds[n]!.facts[i] = { ...fact, source: 'declaration' }
            touched.add(n)
          }
          if (declare && seeds[declare[0]]) {
            seeds[declare[0]]!.answers = declare[1]
            await insertDeclaration(declare[0], randomUUID(), seeds[declare[0]]!)
            touched.add(declare[0])
          }
          const doors = new Set([...touched].map((n) => seeds[n]?.door))
          const due = [...seeds.keys()].filter(
            (n) => touched.has(n) || (seeds[n]!.door !== null && doors.has(seeds[n]!.door)),
          )
          await t.server.asSystem('test', (ctx) => markDue(ctx.db, due.map(personId), ctx.now))
          await findDue(t.server)
          expect(await stored(seeds)).toEqual(expected(seeds))
        }
      },
    ),
    { numRuns: Number(process.env['WEIWANG_FC_RUNS'] ?? 25) },
  )
}, 300_000)
