import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { citizen, COUNTY, document, GRID, OTHER_COUNTY, place, row, telephone } from './place.fixture.ts'
import type { Place } from './place.fixture.ts'
import { identifyPersons, registerPersons } from './register.ts'

let t: Place
beforeAll(async () => {
  t = await place()
})
afterAll(() => t.close())

async function count(table: string, where = 'true', values: unknown[] = []): Promise<number> {
  return Number((await t.sql(`select count(*) as n from ${table} where ${where}`, values))[0].n)
}

describe('registering persons (PEOPLE-6)', () => {
  it('creates, then changes nothing, and says so (cases 13, 24)', async () => {
    const rows = [
      row({
        document: document(citizen('1990-01-02')),
        name: '张伟',
        phone: telephone('13800000001'),
        address: '平江街道钮家巷社区1号',
      }),
      row({ document: document('E12345678'), name: 'SMITH JOHN' }),
      row({ name: '李四', phone: telephone('13800000002') }),
      row({ name: '王五', externalId: 'A-17' }),
    ]
    const first = await t.register(rows)
    await t.register([row({ name: '王五', externalId: 'A-17', address: '平江街道' })])
    expect(first.map((r) => r.outcome)).toEqual(['created', 'created', 'created', 'created'])
    const second = await t.register(rows)
    expect(second.map((r) => r.outcome)).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged'])
    expect(second.map((r) => r.personId)).toEqual(first.map((r) => r.personId))
    expect(await count('person_review')).toBe(0)
  })

  it('makes one row of a hundred parallel calls, with and without a document (case 76)', async () => {
    const before = await count('person')
    const rows = [
      row({ document: document(citizen('1991-01-02')), name: '赵六' }),
      row({ name: '孙七', phone: telephone('13800000076') }),
    ]
    const all = await Promise.all(Array.from({ length: 100 }, () => t.register(rows)))
    expect(await count('person')).toBe(before + 2)
    expect(new Set(all.map((r) => r[0]?.personId)).size).toBe(1)
    expect(new Set(all.map((r) => r[1]?.personId)).size).toBe(1)
    expect(all.filter((r) => r[0]?.outcome === 'created')).toHaveLength(1)
    expect(all.filter((r) => r[1]?.outcome === 'created')).toHaveLength(1)
  })

  it('gives the ids beforehand that registration gives later', async () => {
    const rows = [
      row({ document: document(citizen('1992-01-02')), name: '甲' }),
      row({ name: '乙某', phone: telephone('13800000092') }),
      row({ name: '无名' }),
    ]
    const ids = await t.server.asSystem('test.identify', (ctx) => identifyPersons(ctx, rows))
    const registered = await t.register(rows)
    expect(registered.map((r) => r.personId)).toEqual(ids)
    expect(ids[2]).toBeNull()
    expect(registered[2]).toMatchObject({
      outcome: 'rejected',
      problem: { code: 'PERSON_TOO_LITTLE', rule: 'PEOPLE-6' },
    })
  })

  it('reads one person in several rows of a batch as one, and completes it', async () => {
    const doc = document(citizen('1993-01-02'))
    const r = await t.register([
      row({ document: doc }),
      row({ document: doc, name: '周八' }),
      row({ document: doc, phone: telephone('13800000093') }),
      row({ document: doc, name: '周八' }),
    ])
    expect(r.map((x) => x.outcome)).toEqual(['created', 'updated', 'updated', 'unchanged'])
    const [p] = await t.sql('select masked, version from person where person_id = $1', [r[0]?.personId])
    expect(p.masked).toBe('周*')
  })

  it('does not flip between two telephones of two sources (case 13)', async () => {
    const doc = document(citizen('1993-02-02'))
    const a = [row({ document: doc, name: '吴九', phone: telephone('13800000101') })]
    const b = [row({ document: doc, name: '吴九', phone: telephone('13800000102'), source: 'air' })]
    expect((await t.register(a))[0]?.outcome).toBe('created')
    expect((await t.register(b))[0]?.outcome).toBe('updated')
    expect((await t.register(a))[0]?.outcome).toBe('unchanged')
    expect((await t.register(b))[0]?.outcome).toBe('unchanged')
  })

  it('holds the same document under a clearly different name once, and overwrites nothing (PEOPLE-7)', async () => {
    const doc = document(citizen('1994-01-02'))
    await t.register([row({ document: doc, name: '郑十一' })])
    expect(
      (await t.register([row({ document: doc, name: '冯十二', phone: telephone('13800000103') })]))[0]?.outcome,
    ).toBe('held')
    expect((await t.register([row({ document: doc, name: '冯十二' })]))[0]?.outcome).toBe('held')
    expect((await t.register([row({ document: doc, name: '郑十一' })]))[0]?.outcome).toBe('unchanged')
    const id = t.server.keys.personId(doc.kind, doc.country, doc.number)
    expect(await count('person_review', "kind = 'name_clash' and person_id = $1", [id])).toBe(1)
    expect((await t.sql('select masked, phone_hash from person where person_id = $1', [id]))[0]).toEqual({
      masked: '郑*一',
      phone_hash: null,
    })
  })

  it('never breaks on what a cell may hold (case 64)', async () => {
    const doc = (n: number) => document(citizen('1995-01-02', n))
    const r = await t.register([
      row({ document: doc(1), name: '坏\u0000名' }),
      row({ document: doc(11), name: '\ud800', address: '\u0000' }),
      row({ document: doc(21), name: 'x'.repeat(5000), address: '路'.repeat(5000) }),
      row({ document: doc(31), name: '𠮷野', area: 'nonsense', source: '', birth: '' }),
      row({ document: doc(41), name: ' ', externalId: '\u0000' }),
    ])
    expect(r.map((x) => x.outcome)).toEqual(['created', 'created', 'created', 'created', 'created'])
  })

  it('keeps nothing readable in the tables', async () => {
    await t.register([
      row({
        document: document(citizen('1996-01-02')),
        name: '褚明文',
        phone: telephone('13812349999'),
        address: '钮家巷77号',
      }),
    ])
    for (const table of ['person', 'identity', 'address_pending', 'person_key', 'unresolved', 'person_review']) {
      const text = JSON.stringify((await t.sql(`select to_jsonb(x) as x from ${table} x`)).map((r) => r.x))
      for (const secret of ['褚明文', '13812349999', '3812349999', '钮家巷77', '19960102'])
        expect([table, secret, text.includes(secret)]).toEqual([table, secret, false])
      expect(text.includes(Buffer.from('褚明文').toString('hex'))).toBe(false)
    }
  })

  it('keeps every person in exactly one place: waiting, unresolved or resident (case 42)', async () => {
    const rows = await t.sql(
      `select p.person_id, (exists (select from address_pending w where w.person_id = p.person_id))::int as waits,
         (exists (select from unresolved u where u.person_id = p.person_id and u.resolved_at is null))::int as queued,
         (exists (select from residence r where r.person_id = p.person_id and r.to_day is null))::int as lives from person p`,
    )
    expect(rows.length).toBeGreaterThan(15)
    expect(rows.filter((r) => r.waits + r.queued + r.lives < 1 || r.waits + r.queued > 1)).toEqual([])
  })

  it('refuses without an open emergency and says why', async () => {
    const bare = await place()
    await bare.sql("update emergency set state = 'ended'")
    await expect(bare.register([row({ name: '某人甲', phone: telephone('13800000777') })])).rejects.toMatchObject({
      body: { kind: 'refused' },
    })
    await bare.close()
  })
})

describe('near records (PEOPLE-8)', () => {
  it('proposes a pair once, with reasons, whichever comes first (cases 13, 40)', async () => {
    const a = (
      await t.register([
        row({ document: document(citizen('1970-05-06')), name: '蒋晓明', phone: telephone('13811110000') }),
      ])
    )[0]
    const rows = [
      row({ name: '蒋小明', birth: '1970-05-06' }),
      row({ name: '蒋晓明', birth: '1970', phone: telephone('13811110000'), source: 'air' }),
    ]
    await t.register(rows)
    await t.register(rows)
    const pairs = await t.sql(
      "select * from person_review where kind = 'near_name' and (person_id = $1 or other = $1)",
      [a?.personId],
    )
    expect(pairs).toHaveLength(2)
    expect(pairs.every((p) => p.person_id < p.other && p.reasons.length > 0)).toBe(true)
  })
  it('matches partial birth dates at their precision inside the county (case 74)', async () => {
    await t.register([row({ document: document(citizen('1963-05-17')), name: '沈国华' })])
    const here = (await t.register([row({ name: '沈国华', birth: '1963', address: '某路1号' })]))[0]
    const year = (await t.register([row({ name: '沈国华', birth: '1964', address: '某路2号' })]))[0]
    expect(await count('person_review', 'person_id = $1 or other = $1', [here?.personId])).toBe(1)
    expect(await count('person_review', 'person_id = $1 or other = $1', [year?.personId])).toBe(0)
  })
  it('looks for pairs of a bulk load right after it', async () => {
    const rows = [
      row({ document: document(citizen('1972-05-06')), name: '杨柳青' }),
      row({ name: '杨柳青', birth: '1972-05-06' }),
    ]
    const r = await t.server.asSystem('test', (ctx) => registerPersons(ctx, rows, { near: false }))
    expect(await count('person_review', 'person_id = $1 or other = $1', [r[1]?.personId])).toBe(0)
    await t.drain()
    expect(await count('person_review', 'person_id = $1 or other = $1', [r[1]?.personId])).toBe(1)
  })
  it('takes two citizens with one name and birth date for two', async () => {
    const r = await t.register([
      row({ document: document(citizen('1980-01-01', 1)), name: '王伟' }),
      row({ document: document(citizen('1980-01-01', 21)), name: '王伟' }),
    ])
    expect(await count('person_review', 'person_id = any($1) or other = any($1)', [r.map((x) => x.personId)])).toBe(0)
  })
  it('puts a pair of two counties where both are seen', async () => {
    await t.register([row({ document: document(citizen('1971-01-01')), name: '韩梅梅', area: COUNTY })])
    const b = (await t.register([row({ name: '韩梅梅', birth: '1971-01-01', area: OTHER_COUNTY })]))[0]
    expect(
      (await t.sql('select home_area from person_review where person_id = $1 or other = $1', [b?.personId]))[0]
        .home_area,
    ).toBe('3205')
  })
})

describe('speed of sets', () => {
  it('registers a thousand rows with a bounded number of statements', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) =>
      row({
        document: document(
          citizen(`19${50 + (i % 40)}-01-${String((i % 28) + 1).padStart(2, '0')}`, 100 + Math.floor(i / 28) * 10),
        ),
        name: `测试${i}`,
        area: GRID,
      }),
    )
    const statements = await t.server.asSystem('test', async (ctx) => {
      let n = 0
      const counted = ctx.db.withPlugin({
        transformQuery: ({ node }) => {
          n++
          return node
        },
        transformResult: async ({ result }) => result,
      })
      await registerPersons({ ...ctx, db: counted }, rows)
      return n
    })
    expect(statements).toBeGreaterThan(5)
    expect(statements).toBeLessThan(30)
  })
})
