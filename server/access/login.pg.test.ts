import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { cast, GRID_A, GUSU, PASSWORD, VILLAGE } from './cast.fixture.ts'
import type { Browser, Cast } from './cast.fixture.ts'
import { dropSecondFactor } from './account-actions.ts'

const argon = vi.hoisted(() => ({ verify: vi.fn<(hash: string, password: string) => Promise<boolean>>() }))
vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof import('@node-rs/argon2')>()
  argon.verify.mockImplementation((hash, password) => real.verify(hash, password))
  return { ...real, verify: argon.verify }
})

let t: Cast
beforeAll(async () => {
  t = await cast()
})
afterAll(() => t.close())

/** The newest message to be seen on the development page. */
async function lastCode(b: Browser): Promise<string> {
  await t.drain()
  const { body } = await b.request('GET', '/api/dev/messages')
  return /\d{6}/.exec(body.items[0]?.text ?? '')?.[0] ?? ''
}

async function messages(): Promise<number> {
  return (await t.sql('select count(*) as n from sms_shown'))[0].n
}

describe('log-in by password (ACCESS-12)', () => {
  test('opens a session as a cookie that scripts cannot read and other sites do not send', async () => {
    await t.account('王小明', GUSU, ['operator'], { login: 'xiaoming' })
    const b = t.browser()
    const answer = await b.request('POST', '/api/login', { identifier: 'XiaoMing', password: PASSWORD })
    expect(answer.body).toEqual({ next: 'done' })
    expect(String(answer.headers['set-cookie'])).toMatch(/HttpOnly.*SameSite=Lax/)
    const me = await b.request('GET', '/api/me')
    expect(me.body).toMatchObject({
      name: '王小明',
      area: GUSU,
      areaName: '姑苏区',
      roles: ['operator'],
      totpAdvised: true,
      scope: [{ area: GUSU }],
    })
  })

  test('the database holds no token: a copy of it opens no session', async () => {
    await t.account('李四', GUSU, ['operator'], { login: 'lisi' })
    const b = await t.login('lisi')
    const rows = await t.sql('select * from session')
    expect(JSON.stringify(rows)).not.toContain(b.cookie)
  })

  test('wrong password, unknown account, closed account and one not yet active give the same status and body', async () => {
    await t.account('甲', GUSU, ['operator'], { login: 'jia' })
    const closed = await t.account('乙', GUSU, ['operator'], { login: 'yi' })
    await t.sql(`update account set state = 'closed' where id = $1`, [closed])
    const roster = await t.account('丙', GUSU, ['operator'], { login: 'bing' })
    await t.sql(`update account set state = 'roster' where id = $1`, [roster])
    const tries: [string, string][] = [
      ['jia', 'wrong password'],
      ['nobody', 'wrong password'],
      ['yi', PASSWORD],
      ['bing', PASSWORD],
      ['13800000000', PASSWORD],
    ]
    const answers = []
    for (const [identifier, password] of tries)
      answers.push(await t.browser().request('POST', '/api/login', { identifier, password }))
    expect(new Set(answers.map((a) => `${a.status} ${a.text}`)).size).toBe(1)
    expect(answers[0]?.status).toBe(401)
  })

  test('an unknown account costs one password check, like a known one', async () => {
    await t.account('丁', GUSU, ['operator'], { login: 'ding' })
    const checks = async (identifier: string): Promise<number> => {
      const before = argon.verify.mock.calls.length
      await t.browser('10.9.0.1').request('POST', '/api/login', { identifier, password: 'wrong password' })
      return argon.verify.mock.calls.length - before
    }
    expect([await checks('ding'), await checks('nobody-at-all')]).toEqual([1, 1])
    // The stand-in is as costly as the real ones.
    const [real] = await t.sql('select password_hash from account_secret limit 1')
    const cost = (hash: string): string => hash.split('$').slice(0, 4).join('$')
    expect(cost(String(argon.verify.mock.calls.at(-1)?.[0]))).toBe(cost(real.password_hash))
  })
})

describe('tries are limited (ACCESS-13)', () => {
  test('after five failures from one address the right password waits too, known account or not', async () => {
    await t.account('戊', GUSU, ['operator'], { login: 'wu' })
    const run = async (identifier: string): Promise<string[]> => {
      const b = t.browser('10.1.0.1')
      const list = []
      for (let i = 0; i < 6; i++)
        list.push((await b.request('POST', '/api/login', { identifier, password: 'not this one' })).body.code)
      return list
    }
    const known = await run('wu')
    expect(known).toEqual([
      'LOGIN_FAILED',
      'LOGIN_FAILED',
      'LOGIN_FAILED',
      'LOGIN_FAILED',
      'LOGIN_FAILED',
      'TOO_MANY_TRIES',
    ])
    expect(await run('who-is-this')).toEqual(known)
    const right = await t.browser('10.1.0.1').request('POST', '/api/login', { identifier: 'wu', password: PASSWORD })
    expect(right.status).toBe(429)
    // The owner elsewhere is not locked out by a stranger's tries.
    expect(
      (await t.browser('10.1.0.2').request('POST', '/api/login', { identifier: 'wu', password: PASSWORD })).status,
    ).toBe(200)
  })

  test('twelve tries at the same moment count each other: five reach the password', async () => {
    await t.account('己', GUSU, ['operator'], { login: 'ji' })
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        t.browser('10.1.1.1').request('POST', '/api/login', { identifier: 'ji', password: 'not this one' }),
      ),
    )
    expect(answers.filter((a) => a.body.code === 'LOGIN_FAILED')).toHaveLength(5)
    expect(answers.filter((a) => a.status === 429)).toHaveLength(7)
  })

  test('the wait passes', async () => {
    await t.account('庚', GUSU, ['operator'], { login: 'geng' })
    for (let i = 0; i < 6; i++)
      await t.browser('10.1.2.1').request('POST', '/api/login', { identifier: 'geng', password: 'not this one' })
    t.server.clock.shift(31_000)
    expect(
      (await t.browser('10.1.2.1').request('POST', '/api/login', { identifier: 'geng', password: PASSWORD })).status,
    ).toBe(200)
  })
})

describe('one-time codes and activation (ACCESS-12, ACCESS-16)', () => {
  test('a worker on the roster activates by phone and code, chooses a password and logs in', async () => {
    const admin = await t.login(await loginOf('管理员甲', ['administrator']))
    const invited = await admin.request('POST', '/api/accounts', {
      name: '赵网格',
      area: VILLAGE,
      phone: '138 1111 0001',
      roles: ['worker'],
    })
    expect(invited.body.account).toMatchObject({ state: 'roster', phone: '138****0001', roles: ['worker'] })
    const b = t.browser('127.0.0.1')
    expect((await b.request('POST', '/api/activation/code', { phone: '13811110001' })).body).toEqual({
      sent: true,
      minutes: 5,
      digits: 6,
    })
    const code = await lastCode(b)
    const weak = await b.request('POST', '/api/activation', { identifier: '13811110001', code, password: '1234567890' })
    expect(weak.body.code).toBe('WEAK_PASSWORD')
    const done = await b.request('POST', '/api/activation', { identifier: '13811110001', code, password: PASSWORD })
    expect(done.body).toEqual({ next: 'done' })
    expect((await b.request('GET', '/api/me')).body).toMatchObject({ name: '赵网格', scope: [] })
    const again = await t
      .browser('127.0.0.1')
      .request('POST', '/api/activation', { identifier: '13811110001', code, password: PASSWORD })
    expect(again.body.code).toBe('LOGIN_FAILED')
    expect((await t.login('13811110001')).cookie).not.toBe('')
  })

  test('asking says the same for every number; only a number with an account is sent anything', async () => {
    await t.account('钱', VILLAGE, ['worker'], { phone: '13811110002' })
    const before = await messages()
    const known = await t.browser('127.0.0.1').request('POST', '/api/login/code', { phone: '13811110002' })
    const unknown = await t.browser('127.0.0.1').request('POST', '/api/login/code', { phone: '13811119999' })
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text])
    await t.drain()
    expect(await messages()).toBe(before + 1)
    expect((await t.sql('select * from one_time_code')).filter((row) => row.sealed !== null)).toEqual([])
  })

  test('a code opens a session once; five wrong ones end it', async () => {
    await t.account('孙', VILLAGE, ['worker'], { phone: '13811110003' })
    const b = t.browser('127.0.0.1')
    await b.request('POST', '/api/login/code', { phone: '13811110003' })
    const code = await lastCode(b)
    expect((await b.request('POST', '/api/login/code/verify', { phone: '13811110003', code })).body).toEqual({
      next: 'done',
    })
    expect(
      (await t.browser('10.2.0.1').request('POST', '/api/login/code/verify', { phone: '13811110003', code })).body.code,
    ).toBe('LOGIN_FAILED')
    t.server.clock.shift(61_000)
    await b.request('POST', '/api/login/code', { phone: '13811110003' })
    const second = await lastCode(b)
    const wrong = second === '000000' ? '000001' : '000000'
    for (let i = 0; i < 5; i++)
      await t.browser(`10.2.1.${i}`).request('POST', '/api/login/code/verify', { phone: '13811110003', code: wrong })
    expect(
      (await t.browser('10.2.2.1').request('POST', '/api/login/code/verify', { phone: '13811110003', code: second }))
        .body.code,
    ).toBe('LOGIN_FAILED')
  })

  test('a code ends after five minutes, and one a minute is made for a number', async () => {
    await t.account('周', VILLAGE, ['worker'], { phone: '13811110004' })
    const b = t.browser('127.0.0.1')
    await b.request('POST', '/api/login/code', { phone: '13811110004' })
    const code = await lastCode(b)
    expect((await b.request('POST', '/api/login/code', { phone: '13811110004' })).status).toBe(429)
    t.server.clock.shift(5 * 60_000 + 1000)
    expect((await b.request('POST', '/api/login/code/verify', { phone: '13811110004', code })).body.code).toBe(
      'LOGIN_FAILED',
    )
  })

  test('messages are shown to somebody at the machine only, and not through a proxy', async () => {
    expect((await t.browser('10.3.0.1').request('GET', '/api/dev/messages')).status).toBe(404)
    expect(
      (await t.browser('127.0.0.1').request('GET', '/api/dev/messages', undefined, { 'x-forwarded-for': '1.2.3.4' }))
        .status,
    ).toBe(404)
    const page = await t.browser('127.0.0.1').request('GET', '/dev/messages')
    expect(page.status).toBe(200)
    expect(page.text).toContain('<table>')
  })

  test('without a phone the centre hands over a code, which is nowhere in readable form', async () => {
    const admin = await t.login(await loginOf('管理员乙', ['administrator']))
    const { body } = await admin.request(
      'POST',
      '/api/accounts',
      { name: '吴值班', area: VILLAGE, login: 'wuzhiban', roles: ['operator'] },
      { 'idempotency-key': 'i1' },
    )
    expect(body.needsHandOver).toBe(true)
    const { body: handed } = await admin.request(
      'POST',
      `/api/accounts/${body.account.id}/hand-over`,
      {},
      { 'idempotency-key': 'i2' },
    )
    const plain = handed.handOver.replace('-', '')
    for (const table of ['one_time_code', 'idempotency', 'audit'])
      expect(JSON.stringify(await t.sql(`select * from ${table}`))).not.toContain(plain)
    const done = await t.browser().request('POST', '/api/activation', {
      identifier: 'wuzhiban',
      code: handed.handOver.toLowerCase(),
      password: PASSWORD,
    })
    expect(done.body).toEqual({ next: 'done' })
  })
})

describe('a real gateway', () => {
  test('case 29: what fails for a moment is tried again, what can never arrive is told once; in an exercise nothing leaves', async () => {
    const got: { to: string; text: string }[] = []
    let status = 500
    const { createServer } = await import('node:http')
    const gateway = createServer((request, response) => {
      let body = ''
      request.on('data', (part) => (body += part))
      request.on('end', () => {
        got.push(JSON.parse(body))
        response.writeHead(status).end()
      })
    })
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
    const address = gateway.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
    Object.assign(t.server.config, { sms: { url, key: 'k' } })
    try {
      await t.account('短信', VILLAGE, ['worker'], { phone: '13811110090' })
      const b = t.browser('127.0.0.1')
      await b.request('POST', '/api/login/code', { phone: '13811110090' })
      await t.drain()
      expect(got).toMatchObject([{ to: '+8613811110090' }])
      await t.sql(`update graphile_worker._private_jobs set run_at = now()`)
      status = 200
      await t.drain()
      expect(got).toHaveLength(2)
      const code = /\d{6}/.exec(got[1]?.text ?? '')?.[0]
      expect((await b.request('POST', '/api/login/code/verify', { phone: '13811110090', code })).status).toBe(200)
      expect((await b.request('GET', '/dev/messages')).status).toBe(404)

      t.server.clock.shift(61_000)
      status = 400
      await b.request('POST', '/api/login/code', { phone: '13811110090' })
      await t.drain()
      await t.sql(`update graphile_worker._private_jobs set run_at = now()`)
      await t.drain()
      expect(got).toHaveLength(3)
      expect(await t.sql(`select 1 from audit where verb = 'sms.undeliverable'`)).toHaveLength(1)

      t.server.clock.shift(61_000)
      await t.sql(`insert into setting (key, value) values ('exercise', '{}')`)
      await b.request('POST', '/api/login/code', { phone: '13811110090' })
      await t.drain()
      expect(got).toHaveLength(3)
      await t.sql(`delete from setting where key = 'exercise'`)
    } finally {
      Object.assign(t.server.config, { sms: null })
      gateway.close()
    }
  })
})

let made = 0
async function loginOf(name: string, roles: Parameters<Cast['account']>[2], area = GUSU): Promise<string> {
  const login = `desk${++made}`
  await t.account(name, area, roles, { login })
  return login
}

/** The digits that an authenticator shows, `steps` of 30 seconds from now. */
function digits(secret: string, steps = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: 30 }).generate({
    timestamp: Date.now() + steps * 30_000,
  })
}

describe('second factor (ACCESS-15)', () => {
  test('enrol, confirm, log in with it; a step counts once; a recovery code counts once', async () => {
    const login = await loginOf('郑主任', ['chief'])
    const b = await t.login(login)
    expect((await b.request('POST', '/api/me/totp/enrol', { password: 'wrong' })).status).toBe(401)
    const { body: enrolled } = await b.request('POST', '/api/me/totp/enrol', { password: PASSWORD })
    expect(enrolled.uri).toMatch(/^otpauth:\/\/totp\/Weiwang/)
    // Not in force before it is confirmed: a mistyped secret locks nobody out.
    expect(
      (await t.browser('10.4.0.9').request('POST', '/api/login', { identifier: login, password: PASSWORD })).body,
    ).toEqual({ next: 'done' })
    expect((await b.request('POST', '/api/me/totp/confirm', { code: '000000' })).status).toBe(401)
    const used = digits(enrolled.secret)
    const { body: confirmed } = await b.request('POST', '/api/me/totp/confirm', { code: used })
    expect(confirmed.recoveryCodes).toHaveLength(10)

    const half = t.browser('10.4.0.1')
    expect((await half.request('POST', '/api/login', { identifier: login, password: PASSWORD })).body).toEqual({
      next: 'totp',
    })
    expect((await half.request('GET', '/api/me')).status).toBe(401)
    // The digits that confirmed it are used up.
    expect((await half.request('POST', '/api/login/totp', { code: used })).status).toBe(401)
    expect((await half.request('POST', '/api/login/totp', { code: digits(enrolled.secret, 1) })).body).toEqual({
      next: 'done',
    })
    expect((await half.request('GET', '/api/me')).body).toMatchObject({ totp: true, totpAdvised: false })

    const [code] = confirmed.recoveryCodes
    const other = t.browser('10.4.0.2')
    await other.request('POST', '/api/login', { identifier: login, password: PASSWORD })
    expect((await other.request('POST', '/api/login/totp', { code: code.toLowerCase() })).body).toEqual({
      next: 'done',
    })
    const third = t.browser('10.4.0.3')
    await third.request('POST', '/api/login', { identifier: login, password: PASSWORD })
    expect((await third.request('POST', '/api/login/totp', { code })).status).toBe(401)
    expect(JSON.stringify(await t.sql('select * from account_secret'))).not.toContain(enrolled.secret)
  })

  test('the digits are tried five times', async () => {
    const login = await loginOf('冯主任', ['chief'])
    const b = await t.login(login)
    const { body } = await b.request('POST', '/api/me/totp/enrol', { password: PASSWORD })
    await b.request('POST', '/api/me/totp/confirm', { code: digits(body.secret) })
    const half = t.browser('10.4.1.1')
    await half.request('POST', '/api/login', { identifier: login, password: PASSWORD })
    const codes = []
    for (let i = 0; i < 6; i++) codes.push((await half.request('POST', '/api/login/totp', { code: '123456' })).status)
    expect(codes).toEqual([401, 401, 401, 401, 401, 429])
  })
})

describe('ACCESS-20: roles of a centre need a second factor', () => {
  const required = async (run: () => Promise<void>): Promise<void> => {
    Object.assign(t.server.config, { totp: 'required' })
    try {
      await run()
    } finally {
      Object.assign(t.server.config, { totp: 'advised' })
    }
  }

  test('the first log-in opens nothing until one is enrolled; then it is asked for each time', () =>
    required(async () => {
      const login = await loginOf('必绑主任', ['chief'])
      const b = t.browser('10.6.0.1')
      expect((await b.request('POST', '/api/login', { identifier: login, password: PASSWORD })).body).toEqual({
        next: 'enrol',
      })
      for (const path of ['/api/me', '/api/accounts']) expect((await b.request('GET', path)).status).toBe(401)
      // The half-open session is not that of the second factor either.
      expect((await b.request('POST', '/api/login/totp', { code: '123456' })).status).toBe(401)
      const { body: enrolled } = await b.request('POST', '/api/login/totp/enrol', {})
      expect(enrolled.uri).toMatch(/^otpauth:\/\/totp\/Weiwang/)
      expect((await b.request('POST', '/api/login/totp/enrol/confirm', { code: '000000' })).status).toBe(401)
      const half = b.cookie
      const { body } = await b.request('POST', '/api/login/totp/enrol/confirm', { code: digits(enrolled.secret) })
      expect(body).toMatchObject({ next: 'done' })
      expect(body.recoveryCodes).toHaveLength(10)
      expect((await b.request('GET', '/api/me')).body).toMatchObject({ totp: true })
      // The half-open session is over, and enrols nothing again.
      const old = t.browser('10.6.0.1')
      old.cookie = half
      expect((await old.request('POST', '/api/login/totp/enrol', {})).status).toBe(401)
      const next = t.browser('10.6.0.2')
      expect((await next.request('POST', '/api/login', { identifier: login, password: PASSWORD })).body).toEqual({
        next: 'totp',
      })
      expect((await next.request('POST', '/api/login/totp', { code: body.recoveryCodes[0] })).body).toEqual({
        next: 'done',
      })
    }))

  test('a worker needs none; given a desk, the open session opens nothing any more', () =>
    required(async () => {
      const id = await t.account('升任', GRID_A, ['worker'], { login: 'shengren' })
      const b = await t.login('shengren')
      expect((await b.request('GET', '/api/me')).status).toBe(200)
      await t.sql(`insert into account_role (account_id, role, area, granted_at) values ($1, 'operator', $2, now())`, [
        id,
        GUSU,
      ])
      expect((await b.request('GET', '/api/me')).status).toBe(401)
      expect(
        (await t.browser('10.6.1.1').request('POST', '/api/login', { identifier: 'shengren', password: PASSWORD }))
          .body,
      ).toEqual({ next: 'enrol' })
    }))

  test('a session without it cannot enrol for somebody who needs none, and nobody enrols without a session', async () => {
    await t.account('无需', GRID_A, ['worker'], { login: 'wuxu' })
    const worker = await t.login('wuxu')
    expect((await worker.request('POST', '/api/login/totp/enrol', {})).status).toBe(401)
    expect((await t.browser().request('POST', '/api/login/totp/enrol', {})).status).toBe(401)
  })

  test('the operator at the terminal takes it off the last administrator; the password stays', async () => {
    const login = await loginOf('唯一管理员', ['administrator'])
    const b = await t.login(login)
    const { body } = await b.request('POST', '/api/me/totp/enrol', { password: PASSWORD })
    await b.request('POST', '/api/me/totp/confirm', { code: digits(body.secret) })
    expect(await t.server.asSystem('terminal', (ctx) => dropSecondFactor(ctx, login))).toBe(true)
    expect(await t.server.asSystem('terminal', (ctx) => dropSecondFactor(ctx, 'nobody-here'))).toBe(false)
    expect((await b.request('GET', '/api/me')).status).toBe(401)
    t.server.clock.shift(1000)
    await required(async () => {
      expect(
        (await t.browser('10.6.2.1').request('POST', '/api/login', { identifier: login, password: PASSWORD })).body,
      ).toEqual({ next: 'enrol' })
    })
  })
})

describe('recovery (ACCESS-11)', () => {
  test('asked by the user, approved by the centre above, everything open ends, activated anew', async () => {
    const worker = await t.account('陈网格', VILLAGE, ['worker'], { phone: '13811110010' })
    const open = await t.login('13811110010')
    const known = await t
      .browser('10.5.0.1')
      .request('POST', '/api/recovery', { identifier: '13811110010', kind: 'password', reason: '忘记密码' })
    const unknown = await t
      .browser('10.5.0.2')
      .request('POST', '/api/recovery', { identifier: '13811118888', kind: 'password', reason: '忘记密码' })
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text])

    const chief = await t.login(await loginOf('褚主任', ['chief']))
    const { body: list } = await chief.request('GET', '/api/recoveries')
    expect(list.total).toBe(1)
    expect(list.items[0]).toMatchObject({ accountId: worker, kind: 'password', state: 'asked' })
    const operator = await t.login(await loginOf('卫值班', ['operator']))
    expect(
      (await operator.request('POST', `/api/recoveries/${list.items[0].id}/decide`, { approve: true })).status,
    ).toBe(403)
    const decided = await chief.request('POST', `/api/recoveries/${list.items[0].id}/decide`, { approve: true })
    expect(decided.body).toEqual({ state: 'approved', needsHandOver: false })
    expect((await open.request('GET', '/api/me')).status).toBe(401)

    const b = t.browser('127.0.0.1')
    await b.request('POST', '/api/activation/code', { phone: '13811110010' })
    const code = await lastCode(b)
    const fresh = '姑苏城外寒山寺 5678'
    expect(
      (await b.request('POST', '/api/activation', { identifier: '13811110010', code, password: fresh })).body,
    ).toEqual({ next: 'done' })
    // The session from before does not come back to life.
    expect((await open.request('GET', '/api/me')).status).toBe(401)
    expect((await t.login('13811110010', fresh)).cookie).not.toBe('')
    expect((await t.sql('select state from recovery where account_id = $1', [worker]))[0].state).toBe('used')
  })

  test('a chief cannot approve his own, nor a desk of the same level', async () => {
    const login = await loginOf('蒋主任', ['chief'])
    await t
      .browser('10.5.1.1')
      .request('POST', '/api/recovery', { identifier: login, kind: 'totp', reason: '手机丢了' })
    const own = await t.login(login)
    const { body: list } = await own.request('GET', '/api/recoveries')
    expect((await own.request('POST', `/api/recoveries/${list.items[0].id}/decide`, { approve: true })).status).toBe(
      403,
    )
    const beside = await t.login(await loginOf('沈主任', ['chief']))
    expect((await beside.request('POST', `/api/recoveries/${list.items[0].id}/decide`, { approve: true })).status).toBe(
      403,
    )
    const decide = `/api/recoveries/${list.items[0].id}/decide`
    const above = await t.login(await loginOf('韩市主任', ['chief'], '3205'))
    // ACCESS-21: who may approve loses the second factor by two people only; the first cannot be the second.
    expect((await above.request('POST', decide, { approve: true })).body.state).toBe('confirmed')
    expect((await above.request('GET', '/api/recoveries')).body.items).toContainEqual(
      expect.objectContaining({ id: list.items[0].id, needsTwo: true, confirmedByName: '韩市主任', state: 'asked' }),
    )
    expect((await above.request('POST', decide, { approve: true })).status).toBe(403)
    expect((await own.request('GET', '/api/me')).status).toBe(200)
    const second = await t.login(await loginOf('魏市管理员', ['administrator'], '3205'))
    expect((await second.request('POST', decide, { approve: true })).body.state).toBe('approved')
    expect((await own.request('GET', '/api/me')).status).toBe(401)
    expect(
      (
        await t.sql(`select verb from audit where thing_id = $1 and verb like 'recovery%' order by id`, [
          list.items[0].accountId,
        ])
      ).map((row) => row.verb),
    ).toEqual(['recovery.ask', 'recovery.confirm', 'recovery.approve'])
  })

  test('changed number: the new one is proved before anything opens', async () => {
    await t.account('杨网格', VILLAGE, ['worker'], { phone: '13811110020' })
    await t.browser('10.5.2.1').request('POST', '/api/recovery', {
      identifier: '13811110020',
      kind: 'phone',
      newPhone: '13811110021',
      reason: '换号',
    })
    const chief = await t.login(await loginOf('朱主任', ['chief']))
    const { body: list } = await chief.request('GET', '/api/recoveries')
    const asked = list.items.find((item: { newPhone: string | null }) => item.newPhone === '138****0021')
    await chief.request('POST', `/api/recoveries/${asked.id}/decide`, { approve: true })
    expect(
      (await t.browser().request('POST', '/api/login', { identifier: '13811110020', password: PASSWORD })).status,
    ).toBe(401)
    const b = t.browser('127.0.0.1')
    await b.request('POST', '/api/activation/code', { phone: '13811110021' })
    const code = await lastCode(b)
    expect(
      (await b.request('POST', '/api/activation', { identifier: '13811110021', code, password: PASSWORD })).body,
    ).toEqual({ next: 'done' })
  })

  test('recycled SIM: a number that moves to another account ends the sessions of both, and is proved anew', async () => {
    await t.account('秦旧', VILLAGE, ['worker'], { phone: '13811110030' })
    const next = await t.account('尤新', VILLAGE, ['worker'], { phone: '13811110031' })
    const [old, fresh] = [await t.login('13811110030'), await t.login('13811110031')]
    const chief = await t.login(await loginOf('许主任', ['chief']))
    const refused = await chief.request('POST', `/api/accounts/${next}/phone`, { phone: '13811110030', version: 2 })
    expect(refused.body.code).toBe('ACCOUNT_EXISTS')
    const moved = await chief.request('POST', `/api/accounts/${next}/phone`, {
      phone: '13811110030',
      version: 2,
      takeOver: true,
    })
    expect(moved.body).toMatchObject({ phone: '138****0030', state: 'roster' })
    expect([(await old.request('GET', '/api/me')).status, (await fresh.request('GET', '/api/me')).status]).toEqual([
      401, 401,
    ])
    expect(
      (await t.browser().request('POST', '/api/login', { identifier: '13811110030', password: PASSWORD })).status,
    ).toBe(401)
  })
})

describe('sessions', () => {
  test('one sees and ends one’s own, a chief ends those of his area, both at once', async () => {
    const id = await t.account('何网格', GRID_A, ['worker'], { login: 'hewangge' })
    const [phone, desk] = [await t.login('hewangge'), await t.login('hewangge')]
    const { body: list } = await phone.request('GET', '/api/me/sessions')
    expect(list.total).toBe(2)
    expect(list.items.filter((s: { mine: boolean }) => s.mine)).toHaveLength(1)
    expect((await phone.request('POST', '/api/me/sessions/end-others', {})).body).toEqual({ ended: 1 })
    expect((await desk.request('GET', '/api/me')).status).toBe(401)
    const chief = await t.login(await loginOf('吕主任', ['chief']))
    expect((await chief.request('GET', `/api/accounts/${id}/sessions`)).body.total).toBe(1)
    await chief.request('POST', `/api/accounts/${id}/sessions/end`, { reason: '手机丢失' })
    expect((await phone.request('GET', '/api/me')).status).toBe(401)
    const outside = await t.login(await loginOf('别县', ['chief'], '320509'))
    expect((await outside.request('GET', `/api/accounts/${id}/sessions`)).status).toBe(404)
    expect((await outside.request('POST', `/api/accounts/${id}/sessions/end`, { reason: '试试' })).status).toBe(404)
  })

  test('a changed password ends every other session; log-out ends this one', async () => {
    await t.account('施网格', GRID_A, ['worker'], { login: 'shiwangge' })
    const [here, there] = [await t.login('shiwangge'), await t.login('shiwangge')]
    const fresh = '月落乌啼霜满天 9876'
    expect((await here.request('POST', '/api/me/password', { old: PASSWORD, password: fresh })).status).toBe(200)
    expect((await there.request('GET', '/api/me')).status).toBe(401)
    expect((await here.request('POST', '/api/logout', {})).status).toBe(200)
    const cookie = await t.login('shiwangge', fresh)
    expect((await cookie.request('GET', '/api/me')).status).toBe(200)
  })

  test('a desk is out after twelve hours', async () => {
    const b = await t.login(await loginOf('张值班', ['operator']))
    t.server.clock.shift(12 * 3_600_000 - 1000)
    expect((await b.request('GET', '/api/me')).status).toBe(200)
    t.server.clock.shift(2000)
    expect((await b.request('GET', '/api/me')).status).toBe(401)
  })
})
