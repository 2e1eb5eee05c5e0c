import { addDays, instantOf } from '@weiwang/domain/core/day'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resolveActor } from './session.ts'
import { cast, GRID_A, GRID_B, GUSU, OTHER_GRID, TOWN, VILLAGE, WUJIANG } from './cast.fixture.ts'
import type { Browser, Cast } from './cast.fixture.ts'

let t: Cast
let n = 0
beforeAll(async () => {
  t = await cast()
})
afterAll(() => t.close())

type Roles = Parameters<Cast['account']>[2]

async function desk(roles: Roles, area = GUSU): Promise<Browser & { id: string }> {
  const login = `d${++n}`
  const id = await t.account(`台${n}`, area, roles, { login })
  return { ...(await t.login(login)), id }
}

/** The browser object keeps its cookie inside, so spreading it is enough only after log-in. */
async function worker(name: string, area = VILLAGE): Promise<string> {
  return t.account(name, area, ['worker'], { login: `w${++n}` })
}

describe('who may make and give what (ACCESS-6, ACCESS-7, ACCESS-8)', () => {
  test('an operator puts workers on the roster and cannot make a desk', async () => {
    const operator = await desk(['operator'])
    const made = await operator.request('POST', '/api/accounts', {
      name: '甲',
      area: VILLAGE,
      phone: '13900000001',
      roles: ['worker'],
    })
    expect(made.status).toBe(200)
    const desk2 = await operator.request('POST', '/api/accounts', {
      name: '乙',
      area: VILLAGE,
      login: 'newdesk',
      roles: ['operator'],
    })
    expect(desk2.body.code).toBe('MAY_NOT_GIVE_ROLE')
    expect(await t.sql(`select 1 from account where login = 'newdesk'`)).toEqual([])
    const outside = await operator.request('POST', '/api/accounts', {
      name: '丙',
      area: WUJIANG,
      phone: '13900000002',
      roles: ['worker'],
    })
    expect(outside.status).toBe(404)
  })

  test('a role that approves waits for a second person, who is neither its proposer nor the account itself', async () => {
    const [first, second] = [await desk(['administrator']), await desk(['administrator'])]
    const target = await t.account('候任主任', GUSU, ['operator'], { login: 'houren' })
    const proposed = await first.request('POST', `/api/accounts/${target}/roles/grant`, { role: 'chief' })
    expect(proposed.body).toMatchObject({ roles: ['operator'], pendingRoles: ['chief'] })
    const { body: list } = await second.request('GET', '/api/role-proposals')
    const id = list.items.find((item: { accountId: string }) => item.accountId === target).id
    expect((await first.request('POST', `/api/role-proposals/${id}/decide`, { approve: true })).status).toBe(403)
    const given = await second.request('POST', `/api/role-proposals/${id}/decide`, { approve: true })
    expect(given.body).toMatchObject({ roles: ['chief', 'operator'], pendingRoles: [] })
    expect((await second.request('POST', `/api/role-proposals/${id}/decide`, { approve: true })).body.code).toBe(
      'ALREADY_DECIDED',
    )
  })

  test('nobody approves an account that created him', async () => {
    const maker = await t.account('创建人', GUSU, ['operator'], { login: 'maker' })
    const made = await desk(['administrator'])
    await t.sql('update account set created_by = $1 where id = $2', [maker, made.id])
    const third = await desk(['administrator'])
    await third.request('POST', `/api/accounts/${maker}/roles/grant`, { role: 'chief' })
    const { body: list } = await third.request('GET', '/api/role-proposals')
    const id = list.items.find((item: { accountId: string }) => item.accountId === maker).id
    expect((await made.request('POST', `/api/role-proposals/${id}/decide`, { approve: true })).body.rule).toBe(
      'ACCESS-6',
    )
  })

  test('nobody changes his own roles or closes himself', async () => {
    const admin = await desk(['administrator'])
    expect((await admin.request('POST', `/api/accounts/${admin.id}/roles/grant`, { role: 'chief' })).body.code).toBe(
      'OWN_ACCOUNT',
    )
    expect((await admin.request('POST', `/api/accounts/${admin.id}/close`, { reason: '试试' })).body.code).toBe(
      'OWN_ACCOUNT',
    )
  })

  test('ACCESS-18: who may not give a role cannot become its holder, by number, by code or by moving', async () => {
    const [operator, admin] = [await desk(['operator']), await desk(['administrator'])]
    const target = await t.account('本级主任', GUSU, ['chief'], { login: 'target-chief' })
    const version = (await admin.request('GET', `/api/accounts/${target}`)).body.version
    await t.sql(`update account set state = 'roster' where id = $1`, [target])
    for (const who of [operator, admin])
      expect((await who.request('POST', `/api/accounts/${target}/hand-over`, {})).status).toBe(403)
    expect(
      (await admin.request('POST', `/api/accounts/${target}/phone`, { phone: '13900000055', version })).status,
    ).toBe(403)
    const village = await t.account('社区主任', VILLAGE, ['chief'])
    expect((await operator.request('POST', `/api/accounts/${village}/area`, { area: GUSU, version: 2 })).status).toBe(
      403,
    )
    expect((await admin.request('POST', `/api/accounts/${village}/area`, { area: GUSU, version: 2 })).body.code).toBe(
      'HOLDS_TWO_PERSON_ROLE',
    )
    const above = await desk(['administrator'], '3205')
    expect(
      (await above.request('POST', `/api/accounts/${target}/phone`, { phone: '13900000055', version })).status,
    ).toBe(200)
  })

  test('closing takes effect at once: session over, number free, duty over', async () => {
    const chief = await desk(['chief'])
    const id = await t.account('离岗', VILLAGE, ['worker'], { phone: '13900000010' })
    await chief.request('POST', '/api/duties', { accountId: id, area: GRID_A, from: '2020-01-01' })
    const own = await t.login('13900000010')
    expect((await own.request('GET', '/api/me')).body.scope).toEqual([{ area: GRID_A, name: '钮家巷第一网格' }])
    expect((await chief.request('POST', `/api/accounts/${id}/close`, { reason: '离职' })).body).toMatchObject({
      state: 'closed',
      phone: null,
      duties: 0,
    })
    expect((await own.request('GET', '/api/me')).status).toBe(401)
    const again = await chief.request('POST', '/api/accounts', {
      name: '新人',
      area: VILLAGE,
      phone: '13900000010',
      roles: ['worker'],
    })
    expect(again.status).toBe(403)
    const operator = await desk(['operator'])
    expect(
      (
        await operator.request('POST', '/api/accounts', {
          name: '新人',
          area: VILLAGE,
          phone: '13900000010',
          roles: ['worker'],
        })
      ).status,
    ).toBe(200)
  })
})

describe('duties (ACCESS-9)', () => {
  test('case 53: only eligible people are offered and taken; a wrong one is refused, not a failure', async () => {
    const operator = await desk(['operator'], '3205')
    const near = await worker('本区网格员')
    const far = await worker('吴江网格员', '320509001001')
    const { body: offered } = await operator.request('GET', `/api/duties/owners?area=${GRID_A}&limit=200`)
    const ids = offered.items.map((o: { id: string }) => o.id)
    expect(ids).toContain(near)
    expect(ids).not.toContain(far)
    expect(ids).not.toContain(operator.id)
    expect(offered.total).toBe(ids.length)
    const refused = await operator.request('POST', '/api/duties', { accountId: far, area: GRID_A, from: '2026-01-01' })
    expect(refused.body).toMatchObject({ code: 'OWNER_NOT_ELIGIBLE', rule: 'ACCESS-9' })
    expect(
      (await operator.request('POST', '/api/duties', { accountId: operator.id, area: GRID_A, from: '2026-01-01' })).body
        .code,
    ).toBe('OWNER_NOT_ELIGIBLE')
    const nobody = '00000000-0000-4000-8000-000000000000'
    expect(
      (await operator.request('POST', '/api/duties', { accountId: nobody, area: GRID_A, from: '2026-01-01' })).status,
    ).toBe(404)
  })

  test('case 18: reassigning keeps who assigned, tells both, and moves all or none', async () => {
    const operator = await desk(['operator'])
    const [from, to] = [await worker('旧人'), await worker('新人')]
    for (const area of [GRID_A, GRID_B])
      await operator.request('POST', '/api/duties', { accountId: from, area, from: '2020-01-01' })
    const today = t.server.clock.today()
    const none = await operator.request('POST', '/api/duties/reassign', {
      from,
      to,
      areas: [GRID_A, VILLAGE],
      day: today,
      reason: '调整',
    })
    expect(none.status).toBe(404)
    expect((await operator.request('GET', `/api/duties?account=${to}`)).body.total).toBe(0)
    const moved = await operator.request('POST', '/api/duties/reassign', {
      from,
      to,
      areas: [GRID_A, GRID_B],
      day: today,
      reason: '调整',
    })
    expect(moved.body.moved).toBe(2)
    const me = await t.sql('select name from account where id = $1', [operator.id])
    expect(moved.body.duties.map((d: { by: string; byName: string }) => [d.by, d.byName])).toEqual([
      [operator.id, me[0].name],
      [operator.id, me[0].name],
    ])
    expect((await operator.request('GET', `/api/duties?account=${from}`)).body.total).toBe(0)
    expect(
      (await t.sql('select kind from notice where account_id = $1', [from])).filter((x) => x.kind === 'duty_taken'),
    ).toHaveLength(2)
    expect(
      (await t.sql('select kind from notice where account_id = $1', [to])).filter((x) => x.kind === 'duty_given'),
    ).toHaveLength(2)
  })

  test('ACCESS-9: a stand-in has every duty from day to day, all or none; the other keeps his, and who has none is found', async () => {
    const operator = await desk(['operator'])
    const [absent, helper] = [await worker('请假'), await worker('代班')]
    const today = t.server.clock.today()
    await operator.request('POST', '/api/duties', { accountId: absent, area: GRID_A, from: '2020-01-01' })
    await operator.request('POST', '/api/duties', {
      accountId: absent,
      area: GRID_B,
      from: '2020-01-01',
      to: addDays(today, 2),
    })
    const idle = async () =>
      (await operator.request('GET', '/api/accounts?duty=none&limit=200')).body.items.map((a: { id: string }) => a.id)
    expect([(await idle()).includes(helper), (await idle()).includes(absent)]).toEqual([true, false])
    const body = { for: absent, by: helper, from: today, to: addDays(today, 6), reason: '年休假' }
    const ask = (more: object) => operator.request('POST', '/api/duties/stand-in', { ...body, ...more })
    expect((await ask({ areas: [GRID_A, VILLAGE] })).status).toBe(404)
    expect((await operator.request('GET', `/api/duties?account=${helper}&all=true`)).body.total).toBe(0)
    expect((await ask({ areas: [GRID_A], to: addDays(today, -1) })).body.code).toBe('BAD_DAYS')
    const given = await ask({ areas: [GRID_A, GRID_B] })
    expect([given.status, given.body.given]).toEqual([200, 2])
    const shown = given.body.duties.map((d: Record<string, unknown>) => [
      d['area'],
      d['kind'],
      d['standsInFor'],
      d['from'],
      d['to'],
    ])
    expect(shown.toSorted()).toEqual([
      [GRID_A, 'stand_in', absent, today, addDays(today, 6)],
      [GRID_B, 'stand_in', absent, today, addDays(today, 2)],
    ])
    expect((await operator.request('GET', `/api/duties?account=${absent}`)).body.total).toBe(2)
    expect((await idle()).includes(helper)).toBe(false)
    expect(
      await t.sql(`select count(*)::int as n from audit where verb = 'duty.stand_in' and outcome = 'done'`),
    ).toEqual([{ n: 2 }])
    expect(
      (await t.sql('select kind from notice where account_id = $1', [helper])).filter((x) => x.kind === 'duty_given'),
    ).toHaveLength(2)
  })

  test('the same person is not given the same area twice over the same days', async () => {
    const operator = await desk(['operator'])
    const id = await worker('重复')
    const body = { accountId: id, area: GRID_A, from: '2026-01-01', to: '2026-01-10' }
    expect((await operator.request('POST', '/api/duties', body)).status).toBe(200)
    expect(
      (await operator.request('POST', '/api/duties', { ...body, from: '2026-01-10', to: '2026-01-12' })).body.code,
    ).toBe('DUTY_OVERLAPS')
    expect(
      (await operator.request('POST', '/api/duties', { ...body, from: '2026-01-11', to: '2026-01-12' })).status,
    ).toBe(200)
  })

  test('a duty that was ended before it began gives nothing, the day it would have begun', async () => {
    const operator = await desk(['operator'])
    const id = await worker('撤回')
    const own = await t.login(`w${n}`)
    const today = t.server.clock.today()
    const { body: duty } = await operator.request('POST', '/api/duties', { accountId: id, area: GRID_A, from: today })
    expect((await own.request('GET', '/api/me')).body.scope).toHaveLength(1)
    await operator.request('POST', `/api/duties/${duty.id}/end`, { lastDay: addDays(today, -1), reason: '安排有误' })
    expect((await own.request('GET', '/api/me')).body.scope).toEqual([])
    expect((await operator.request('GET', `/api/duties?account=${id}&all=true`)).body.total).toBe(0)
    expect((await operator.request('POST', '/api/duties', { accountId: id, area: GRID_A, from: today })).status).toBe(
      200,
    )
  })

  test('who covers an area now, and which areas nobody covers', async () => {
    const chief = await desk(['chief'], '320508001002')
    expect((await chief.request('GET', '/api/duties/gaps?area=320508001002&level=5')).body).toMatchObject({
      total: 1,
      items: [{ area: '320508001002', parentName: '平江街道' }],
    })
    const id = await worker('桃花坞网格员', '320508001002')
    await chief.request('POST', '/api/duties', { accountId: id, area: '320508001002', from: '2020-01-01' })
    expect((await chief.request('GET', '/api/duties/gaps?area=320508001002&level=5')).body.total).toBe(0)
    expect((await chief.request('GET', '/api/duties/cover?area=320508001002')).body.items).toMatchObject([
      { accountId: id },
    ])
    expect((await chief.request('GET', `/api/duties/cover?area=${GRID_A}`)).status).toBe(404)
  })

  test('case 42: a moved account loses what it may no longer cover, so that the gap is seen', async () => {
    const admin = await desk(['administrator'], '3205')
    const id = await worker('调动')
    const own = await t.login(`w${n}`)
    await admin.request('POST', '/api/duties', { accountId: id, area: GRID_B, from: '2020-01-01' })
    expect((await own.request('GET', '/api/me')).body.scope).toHaveLength(1)
    const moved = await admin.request('POST', `/api/accounts/${id}/area`, { area: '320509001001', version: 2 })
    expect(moved.body).toMatchObject({ area: '320509001001', duties: 0 })
    expect((await own.request('GET', '/api/me')).body.scope).toEqual([])
    expect((await admin.request('POST', `/api/accounts/${id}/area`, { area: VILLAGE, version: 2 })).body.code).toBe(
      'CHANGED_MEANWHILE',
    )
  })
})

describe('scope', () => {
  const GETS = [
    '/api/accounts',
    '/api/role-proposals',
    '/api/recoveries',
    '/api/duties',
    `/api/duties/owners?area=${GRID_A}`,
    `/api/duties/cover?area=${GRID_A}`,
    `/api/duties/gaps?area=${VILLAGE}`,
    '/api/emergencies',
    '/api/campaigns',
    '/api/audit',
    '/api/audit/verify?from=2026-01-01&to=2026-01-02',
    '/api/audit/heads',
    '/api/retention',
    '/api/retention/manifests',
  ]

  test('case 7: an account without scope sees nothing on any route, whatever its roles', async () => {
    const everything: Roles = ['worker', 'operator', 'analyst', 'chief', 'auditor', 'administrator']
    const nobody = t.actor({ area: '', scope: [], roles: everything })
    await t.account('有人', VILLAGE, ['worker'], { login: 'youren' })
    for (const url of GETS) {
      const answer = await t.request(nobody, 'GET', url)
      expect([url, answer.status]).toEqual([url, 403])
    }
    const worker = await t.account('无网格', VILLAGE, ['worker'], { login: 'wuwangge' })
    const own = await t.login('wuwangge')
    for (const url of [...GETS, `/api/accounts/${worker}`])
      expect([403, 404]).toContain((await own.request('GET', url)).status)
    expect((await own.request('GET', '/api/me')).body).toMatchObject({ scope: [], emergency: null })
  })

  test('another county’s account, duty, campaign and emergency are not found, by every verb; the tries are in the trail', async () => {
    const id = await t.account('姑苏人', VILLAGE, ['worker'], { phone: '13900000099' })
    const home = await desk(['chief'])
    const { body: duty } = await home.request('POST', '/api/duties', {
      accountId: id,
      area: GRID_A,
      from: '2026-01-01',
    })
    const other = await desk(['chief', 'administrator', 'auditor', 'operator'], WUJIANG)
    const posts: [string, object][] = [
      [`/api/accounts/${id}/close`, { reason: '试试' }],
      [`/api/accounts/${id}/area`, { area: WUJIANG, version: 1 }],
      [`/api/accounts/${id}/phone`, { phone: '13900000098', version: 1 }],
      [`/api/accounts/${id}/roles/grant`, { role: 'worker' }],
      [`/api/accounts/${id}/roles/revoke`, { role: 'worker', reason: '试试' }],
      [`/api/accounts/${id}/sessions/end`, { reason: '试试' }],
      [`/api/accounts/${id}/hand-over`, {}],
      [`/api/duties/${duty.id}/end`, { lastDay: '2026-01-02', reason: '试试' }],
      ['/api/duties', { accountId: id, area: OTHER_GRID, from: '2026-01-01' }],
    ]
    expect((await other.request('GET', `/api/accounts/${id}`)).status).toBe(404)
    for (const [url, body] of posts) expect([url, (await other.request('POST', url, body)).status]).toEqual([url, 404])
    expect((await other.request('GET', `/api/duties?account=${id}`)).body.total).toBe(0)
    expect((await other.request('GET', '/api/accounts?q=13900000099')).body.total).toBe(0)
    expect((await other.request('GET', `/api/accounts?q=${encodeURIComponent('姑苏')}`)).body.total).toBe(0)
    const lines = await t.sql(`select verb from audit where outcome = 'refused' and actor = $1`, [other.id])
    expect(lines.map((line) => line.verb)).toEqual(
      expect.arrayContaining(['account.get', 'account.close', 'duty.end', 'duty.assign']),
    )
    const { body: theirs } = await other.request('GET', '/api/audit')
    expect(theirs.items.every((line: { area: string }) => line.area.startsWith(WUJIANG))).toBe(true)
    expect(theirs.total).toBeGreaterThan(0)
  })

  test('the database itself shows the application nothing without bounds, and no secrets ever (ACCESS-2)', async () => {
    await t.sql('select 1')
    const read = (text: string): Promise<unknown> => t.server.appPool.raw.query(text)
    expect((await t.server.appPool.raw.query('select * from account')).rows).toEqual([])
    expect((await t.server.appPool.raw.query('select * from duty')).rows).toEqual([])
    for (const table of ['account_secret', 'session', 'one_time_code', 'recovery_code', 'login_try', 'notice']) {
      await expect(read(`select * from ${table}`)).rejects.toThrow(/permission denied/)
    }
    await expect(read(`update audit set verb = 'x'`)).rejects.toThrow(/permission denied/)
    await expect(read('delete from audit')).rejects.toThrow(/permission denied/)
    const jobs = t.server.jobsPool.raw
    await expect(jobs.query(`update audit set verb = 'x'`)).rejects.toThrow(/permission denied/)
    await expect(jobs.query('delete from audit')).rejects.toThrow(/permission denied/)
    await expect(jobs.query('delete from audit_block')).rejects.toThrow(/permission denied/)
    await expect(jobs.query(`update audit_head set hash = ''`)).rejects.toThrow(/permission denied/)
  })

  test('lists are paged and total is exact', async () => {
    const chief = await desk(['operator'], TOWN)
    for (let i = 0; i < 5; i++) await worker(`分页${i}`, '320508001002')
    const seen: string[] = []
    let cursor = ''
    let total = -1
    do {
      const { body } = await chief.request('GET', `/api/accounts?limit=2&area=320508001002${cursor}`)
      seen.push(...body.items.map((item: { id: string }) => item.id))
      total = body.total
      cursor = body.next === null ? '' : `&cursor=${body.next}`
    } while (cursor !== '')
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe(total)
  })
})

describe('roster import (ACCESS-16)', () => {
  const rows = [
    {
      row: 2,
      name: '张网格',
      phone: '13700000001',
      area: '钮家巷社区',
      roles: '网格员',
      grids: `${GRID_A}、${GRID_B}`,
    },
    { row: 3, name: '李网格', phone: '１３７ ００００ ０００２', area: '320508001001', roles: '', grids: GRID_A },
    { row: 4, name: '', phone: '13700000003', area: VILLAGE, roles: '', grids: '' },
    { row: 5, name: '王网格', phone: '1.37E+10', area: VILLAGE, roles: '', grids: '' },
    { row: 6, name: '赵网格', phone: '13700000004', area: '没有这个社区', roles: '', grids: '' },
    { row: 7, name: '钱网格', phone: '13700000005', area: VILLAGE, roles: '主任', grids: '' },
    { row: 8, name: '孙网格', phone: '13700000006', area: VILLAGE, roles: '', grids: OTHER_GRID },
    { row: 9, name: '周联防', phone: '13700000007', area: '320508001001000', roles: '联防长', grids: '' },
  ]

  test('case 13: every row has its result; the second import changes nothing', async () => {
    const operator = await desk(['operator'])
    const first = await operator.request('POST', '/api/accounts/import', { rows })
    expect([first.body.accepted, first.body.unchanged, first.body.rejected]).toEqual([3, 0, 5])
    expect(
      first.body.rows
        .filter((r: { result: string }) => r.result === 'rejected')
        .map((r: { row: number; column: string }) => [r.row, r.column]),
    ).toEqual([
      [4, 'name'],
      [5, 'phone'],
      [6, 'area'],
      [7, 'roles'],
      [8, 'grids'],
    ])
    for (const r of first.body.rows)
      expect(r.result !== 'rejected' || (r.reason.zh !== '' && r.remedy.en !== '')).toBe(true)
    const count = async (): Promise<unknown> =>
      t.sql(
        'select (select count(*) from account) as a, (select count(*) from duty) as d, (select count(*) from account_role) as r',
      )
    const before = await count()
    const second = await operator.request('POST', '/api/accounts/import', { rows })
    expect([second.body.accepted, second.body.unchanged, second.body.rejected]).toEqual([0, 3, 5])
    expect(await count()).toEqual(before)
  })

  test('a number of somebody else, in or out of sight, rejects its row only', async () => {
    const operator = await desk(['operator'])
    await t.account('吴江人', WUJIANG, ['worker'], { phone: '13700000050' })
    const { body } = await operator.request('POST', '/api/accounts/import', {
      rows: [
        { row: 2, name: '另一人', phone: '13700000001', area: VILLAGE },
        { row: 3, name: '吴江人', phone: '13700000050', area: VILLAGE },
        { row: 4, name: '新增', phone: '13700000051', area: VILLAGE },
      ],
    })
    expect(body.rows.map((r: { result: string; column: string | null }) => [r.result, r.column])).toEqual([
      ['rejected', 'phone'],
      ['rejected', 'phone'],
      ['accepted', null],
    ])
  })

  test('a file with a title line, GB18030 and semicolons is read, and ends as the same rows', async () => {
    const operator = await desk(['operator'])
    const gb = Buffer.from(
      'c6bdbdadbdd6b5c0cdf8b8f1d4b1c3fbb2e13b3b0ad0d5c3fb3bcad6bbfabac53bcbf9caf4c9e7c7f83bb1b8d7a20ad5c5c8fd3b31333730303030303036303bc5a5bcd2cfefc9e7c7f83b780a',
      'hex',
    )
    const { body } = await operator.request('POST', '/api/accounts/import/read', {
      fileName: 'a.csv',
      content: gb.toString('base64'),
    })
    expect(body.rows).toEqual([
      { row: 3, name: '张三', phone: '13700000060', area: '钮家巷社区', roles: '', grids: '' },
    ])
    expect(body.columns.map((c: { field: string | null }) => c.field)).toEqual(['name', 'phone', 'area', null])
    const none = await operator.request('POST', '/api/accounts/import/read', {
      fileName: 'b.csv',
      content: Buffer.from('a,b\n1,2\n').toString('base64'),
    })
    expect(none.body.code).toBe('UNREADABLE_ROSTER')
    const nobody = await desk(['analyst'])
    expect(
      (await nobody.request('POST', '/api/accounts/import/read', { fileName: 'a.csv', content: 'eA==' })).status,
    ).toBe(403)
  })
})

describe('a stand-in gets and loses the scope at the ends of days', () => {
  const ZONES = ['UTC', 'Asia/Shanghai', 'America/New_York']
  test.each(ZONES)('in the zone %s: the first day from its midnight, the last day to its end', async (zone) => {
    const z = await cast({ ZONE: zone })
    try {
      const [absent, standIn] = [
        await z.account('本人', VILLAGE, ['worker'], { login: 'absent' }),
        await z.account('替班', VILLAGE, ['worker'], { login: 'standin' }),
      ]
      await z.account('值班', GUSU, ['operator'], { login: 'op' })
      const operator = await z.login('op')
      await operator.request('POST', '/api/duties', { accountId: absent, area: GRID_A, from: '2026-11-01' })
      // The clocks of New York go back on 1 November 2026: its day has 25 hours.
      const given = await operator.request('POST', '/api/duties', {
        accountId: standIn,
        area: GRID_A,
        kind: 'stand_in',
        standsInFor: absent,
        from: '2026-11-01',
        to: '2026-11-02',
      })
      expect(given.body).toMatchObject({ standsInForName: '本人', kind: 'stand_in' })
      const own = await z.login('standin')
      await z.sql(`update session set created_at = '2020-01-01', expires_at = '2099-01-01'`)
      await z.sql(`update account set sessions_from = '2020-01-01'`)
      const scopeAt = async (at: Date): Promise<string[] | undefined> =>
        (await resolveActor(z.server, own.cookie, at))?.scope
      const start = instantOf('2026-11-01', zone).getTime()
      const end = instantOf('2026-11-03', zone).getTime()
      expect(await scopeAt(new Date(start - 1000))).toEqual([])
      expect(await scopeAt(new Date(start))).toEqual([GRID_A])
      expect(await scopeAt(new Date(end - 1000))).toEqual([GRID_A])
      expect(await scopeAt(new Date(end))).toEqual([])
    } finally {
      await z.close()
    }
  })
})
