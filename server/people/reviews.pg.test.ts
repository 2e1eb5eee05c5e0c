import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { citizen, COUNTY, document, OTHER_COUNTY, place, row, telephone } from './place.fixture.ts'
import type { Place } from './place.fixture.ts'
import { resolveAlias } from './store.ts'

let t: Place
let n = 0
beforeAll(async () => {
  t = await place()
})
afterAll(() => t.close())

async function person(name: string, of: Parameters<typeof row>[0] = {}): Promise<string> {
  n += 1
  const [r] = await t.register([row({ document: document(citizen('1981-02-03', n)), name, address: '某处', ...of })])
  return r?.personId ?? ''
}
const desk = () => t.as(COUNTY)
const merge = (from: string, into: string) =>
  t.request(desk(), 'POST', '/api/people/merge', { from, into, reason: '同一人' })
const root = async (id: string) => (await resolveAlias(t.server.jobsPool.db, [id])).get(id)

describe('merging (PEOPLE-9)', () => {
  it('writes one alias and nothing else; a chain leads to the last; it can be undone (case 77)', async () => {
    const [a, b, c] = [await person('一某'), await person('二某'), await person('三某')]
    const before = await t.sql("select to_jsonb(p) - 'updated_at' as p from person p order by person_id")
    expect((await merge(a, b)).body).toEqual({ personId: b, mergedFrom: [a] })
    expect((await merge(b, c)).body).toEqual({ personId: c, mergedFrom: [a, b].toSorted() })
    expect([await root(a), await root(b), await root(c)]).toEqual([c, c, c])
    expect(await t.sql("select to_jsonb(p) - 'updated_at' as p from person p order by person_id")).toEqual(before)
    expect((await t.request(desk(), 'GET', `/api/people/${a}`)).body).toMatchObject({
      personId: c,
      mergedFrom: [a, b].toSorted(),
    })
    const listed = (await t.request(desk(), 'GET', '/api/people?limit=200')).body
    expect(listed.items.map((i: { personId: string }) => i.personId)).toEqual(expect.not.arrayContaining([a, b]))
    expect(listed.items).toHaveLength(listed.total)
    expect((await merge(c, a)).body.code).toBe('MERGE_SAME')
    expect((await t.request(desk(), 'POST', `/api/people/${b}/undo-merge`, { reason: '弄错了' })).body).toEqual({
      personId: b,
      mergedFrom: [a],
    })
    expect([await root(a), await root(b), await root(c)]).toEqual([b, b, c])
    expect((await t.request(desk(), 'POST', `/api/people/${b}/undo-merge`, { reason: '再来' })).body.code).toBe(
      'MERGE_NOT_THERE',
    )
    await t.drain()
    expect(t.events.filter((e) => e.event === 'person.merged')).toHaveLength(2)
    expect(t.events.filter((e) => e.event === 'person.unmerged')).toHaveLength(1)
  })

  it('never closes a ring, whatever is merged at once (case 77)', async () => {
    for (let round = 0; round < 5; round++) {
      const ids: string[] = []
      for (let i = 0; i < 5; i++) ids.push(await person(`环${round}${i}`))
      const pairs = ids.flatMap((a, i) => [[a, ids[(i + 1) % 5] ?? ''] as const, [ids[(i + 2) % 5] ?? '', a] as const])
      const answers = await Promise.all(pairs.map(([a, b]) => merge(a, b)))
      expect(answers.every((r) => r.status === 200 || r.body.code === 'MERGE_SAME')).toBe(true)
      const roots = new Set(await Promise.all(ids.map(root)))
      expect(roots.size).toBe(1)
      expect(
        Number((await t.sql('select count(*) as n from person_alias where person_id = any($1)', [ids]))[0].n),
      ).toBe(4)
    }
  })

  it('is not for a worker, and not across the border of the scope', async () => {
    const [a, b] = [await person('甲甲'), await person('乙乙')]
    const far = await person('丙丙', { area: OTHER_COUNTY })
    expect(
      (await t.request(t.as(COUNTY, ['worker']), 'POST', '/api/people/merge', { from: a, into: b, reason: '试试' }))
        .status,
    ).toBe(403)
    expect((await merge(a, far)).status).toBe(404)
    expect((await merge(far, a)).status).toBe(404)
    expect(
      (await t.request(t.as('3205'), 'POST', '/api/people/merge', { from: far, into: a, reason: '同一人' })).status,
    ).toBe(200)
  })
})

describe('the review queue', () => {
  it('holds a record in one queue only, and gives it back (case 45)', async () => {
    await person('卫青山', { phone: telephone('13822220000') })
    const [r] = await t.register([row({ name: '卫青山', phone: telephone('13822220000') })])
    const id = r?.personId ?? ''
    const queues = async () => ({
      review: (await t.request(desk(), 'GET', '/api/people/reviews?limit=200')).body.items.filter(
        (i: { person: { personId: string }; other: { personId: string } | null }) =>
          [i.person.personId, i.other?.personId].includes(id),
      ),
      unresolved: (await t.request(desk(), 'GET', '/api/people/unresolved?limit=200')).body.items.filter(
        (i: { personId: string }) => i.personId === id,
      ),
    })
    const before = await queues()
    expect([before.review.length, before.unresolved.length]).toEqual([1, 0])
    expect((await t.request(desk(), 'POST', `/api/people/unresolved/${id}/assign`, { area: '320508001' })).status).toBe(
      404,
    )
    const [item] = before.review
    expect(item.person.masked + item.other.masked).not.toContain('卫青山')
    expect(item.reasons.map((x: { zh: string }) => x.zh)).toContain('电话相同')
    expect(
      (await t.request(desk(), 'POST', `/api/people/reviews/${item.id}/decide`, { decision: 'different' })).body.state,
    ).toBe('different')
    const after = await queues()
    expect([after.review.length, after.unresolved.length]).toEqual([0, 1])
    await t.register([row({ name: '卫青山', phone: telephone('13822220000') })])
    expect((await queues()).review).toHaveLength(0)
    expect(
      (await t.request(desk(), 'POST', `/api/people/reviews/${item.id}/decide`, { decision: 'merge' })).body.code,
    ).toBe('REVIEW_DECIDED')
  })

  it('merges a pair into the record with the document, and answers pairs that are one person now', async () => {
    const a = await person('柳如是', { phone: telephone('13822220001') })
    const [b] = await t.register([row({ name: '柳如是', phone: telephone('13822220001') })])
    const [c] = await t.register([row({ name: '柳如是', phone: telephone('13822220001'), birth: '1981' })])
    const open = () =>
      t.sql("select * from person_review where state = 'open' and person_id = any($1) and other = any($1)", [
        [a, b?.personId, c?.personId],
      ])
    const pairs = await open()
    expect(pairs).toHaveLength(3)
    for (const pair of pairs) {
      const [now] = await t.sql('select state from person_review where id = $1', [pair.id])
      if (now.state === 'open')
        await t.request(desk(), 'POST', `/api/people/reviews/${pair.id}/decide`, { decision: 'merge' })
    }
    expect(await open()).toHaveLength(0)
    expect([await root(b?.personId ?? ''), await root(c?.personId ?? '')]).toEqual([a, a])
  })

  it('does not propose again what was merged by hand', async () => {
    const a = await person('上官婉儿', { phone: telephone('13822220005') })
    const [b] = await t.register([row({ name: '上官婉', phone: telephone('13822220006') })])
    expect((await merge(b?.personId ?? '', a)).status).toBe(200)
    await t.register([row({ name: '上官婉', phone: telephone('13822220006'), birth: '1981-02-03' })])
    await t.register([row({ name: '上官婉', phone: telephone('13822220006'), address: '另一处' })])
    const pairs = await t.sql("select * from person_review where state = 'open' and (person_id = $1 or other = $1)", [
      b?.personId,
    ])
    expect(pairs).toEqual([])
  })

  it('decides a clash of names: keep, or take the new one', async () => {
    const doc = document(citizen('1982-02-03', 7))
    await t.register([row({ document: doc, name: '旧名字' })])
    await t.register([row({ document: doc, name: '全新的' })])
    const list = (await t.request(desk(), 'GET', '/api/people/reviews?kind=name_clash')).body
    expect(list.total).toBe(1)
    expect(list.items[0]).toMatchObject({ otherMasked: '全*的', person: { masked: '旧*字' } })
    expect(
      (await t.request(desk(), 'POST', `/api/people/reviews/${list.items[0].id}/decide`, { decision: 'merge' })).body
        .code,
    ).toBe('DECISION_UNFIT')
    expect(
      (await t.request(desk(), 'POST', `/api/people/reviews/${list.items[0].id}/decide`, { decision: 'take' })).body
        .state,
    ).toBe('kept')
    expect((await t.register([row({ document: doc, name: '全新的' })]))[0]?.outcome).toBe('unchanged')
    const found = await t.request(desk(), 'POST', '/api/people/search', { text: '全新的' })
    expect(found.body.total).toBe(1)
  })
})
