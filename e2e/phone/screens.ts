import { expect } from '@playwright/test'
import type { Page, Route } from '@playwright/test'
import { addDays, dayOf } from '@weiwang/domain/core/day'
import { foldObservation } from '@weiwang/domain/observation/fold'
import { DEFAULT_PLAN } from '@weiwang/domain/observation/slots'
import type { Deployment } from '../deployment.ts'
import { fillLogIn, typePin } from '../screens.ts'

/**
 * Every screen of the worker's phone, one after another, for who looks at each: an accessibility check, a picture. The program
 * is the real one; what a screen needs and the exercise has not (an instruction, a hold, a refusal, a crowd) is put into its
 * answers on their way.
 */
export type Look = (name: string) => Promise<void>
type Lang = 'zh' | 'en'
type Body = Record<string, unknown>

type Mode = {
  offline: boolean
  /** The next page brings notices. */
  news: boolean
  noDuty: boolean
  comeBack: number | null
  order: string
  push: 'real' | 'near' | 'held' | 'away'
}

const isRecord = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value)
const listIn = (body: Body, name: string): Body[] => {
  const value = body[name]
  return Array.isArray(value) ? value.filter(isRecord) : []
}
const bodyOf = (item: Body): Body => (isRecord(item['body']) ? item['body'] : {})
const uuid = (n: number): string => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`
const HOUR = 3_600_000
const later = (now: string, hours: number): string => new Date(new Date(now).getTime() + hours * HOUR).toISOString()

function instructions(grid: string, now: string): Body[] {
  const one = (n: number, more: Body): Body => ({
    grid,
    n: 1,
    kind: 'instruction',
    id: uuid(900 + n),
    body: {
      instructionId: uuid(900 + n),
      area: grid,
      version: 1,
      state: 'sent',
      title: '逐户核对返苏人员',
      text: '请于明日 18:00 前逐户核对近 14 天返苏人员，登记体温和联系电话。\n家中无人的，当晚再去一次。',
      additions: [{ text: '本镇另请核对出租房。', by: '玉山镇网格中心' }],
      by: '昆山市网格中心',
      sentAt: later(now, -3),
      dueAt: later(now, 21),
      report: true,
      eachDoor: { kinds: ['home', 'rental'], purpose: 'household' },
      doors: 12,
      doorsDone: 3,
      ...more,
    },
  })
  return [
    one(1, {}),
    one(2, { title: '张贴通告', state: 'accepted', eachDoor: null, dueAt: later(now, -2) }),
    one(3, { title: '上报空置房', state: 'recalled', eachDoor: null }),
    { ...one(1, { area: secondOf(grid), state: 'accepted', doors: 7, doorsDone: 6 }), grid: secondOf(grid) },
  ]
}

const ZONE = 'Asia/Shanghai'

/** Two people at home at one door, one of them ill, with the slots of their readings; somebody expected back and somebody who did not come. */
function athome(grid: string, now: string, door: string): Body[] {
  const county = grid.slice(0, 6)
  const day = (n: number): string => addDays(dayOf(new Date(now), ZONE), n)
  const stamp = { area: grid, by: null, occurredAt: later(now, -120), recordedAt: later(now, -120) }
  const observed = (n: number, masked: string, ill: boolean): Body[] => {
    const id = uuid(600 + n)
    const opened = foldObservation([
      {
        kind: 'opened',
        n: 1,
        ...stamp,
        body: {
          on: day(-5),
          root: id,
          measure: 'home_quarantine',
          reason: 'close_contact',
          from: { kind: 'hand', id: null },
          responsibleArea: grid,
          personId: uuid(620 + n),
          householdId: door,
          groupId: null,
          place: 'home',
          responderPersonId: null,
          exposureDay: day(-6),
          continuous: false,
          startDay: day(-5),
          endDay: day(8),
          length: { days: 14, from: 'exposure' },
          rules: { id: null, version: 0 },
          movedFrom: null,
        },
      },
    ])
    const current = ill ? { ...opened, symptoms: { codes: ['fever', 'cough'], since: later(now, -2) } } : opened
    const about = { county, personId: uuid(620 + n), householdId: door, masked }
    const body = {
      ...about,
      area: grid,
      reference: `G-2002-${n}`,
      groupId: null,
      measure: 'home_quarantine',
      state: ill ? 'symptomatic' : 'opened',
      step: 'notify',
      startDay: day(-5),
      endDay: day(8),
      current,
      version: 1,
    }
    const reading = {
      ...about,
      observationId: id,
      contact: 'sms',
      zone: ZONE,
      firstDay: day(-5),
      lastDay: day(8),
      fromAt: later(now, -120),
      endedAt: null,
      plan: DEFAULT_PLAN,
      came: [],
      how: 'call',
      taskId: null,
      heardAt: null,
    }
    return [
      { grid, n: 1, kind: 'observation', id, body },
      { grid, n: 1, kind: 'reading', id, body: reading },
    ]
  }
  const back = (n: number, more: Body): Body => ({
    grid,
    n: 1,
    kind: 'return',
    id: uuid(640 + n),
    body: {
      county,
      area: grid,
      personId: uuid(650 + n),
      masked: '赵*',
      state: 'declared',
      level: null,
      expectedDay: day(1),
      graceUntil: day(2),
      transport: 'train',
      fromName: '武汉市 江汉区',
      companions: 0,
      version: 1,
      ...more,
    },
  })
  return [
    ...observed(1, '王*明', false),
    ...observed(2, '王*', true),
    back(1, { level: 'high', companions: 2 }),
    back(2, { expectedDay: day(-3), graceUntil: day(-2) }),
    back(3, { state: 'arrived_confirmed', arrivedOn: day(-1), arrivedHow: 'gate' }),
  ]
}

/** The second grid of this worker, where the first instruction stands as well, with another answer. */
const secondOf = (grid: string): string => `${grid.slice(0, 12)}${grid.endsWith('009') ? '008' : '009'}`

/** Services, watches and a leader's call at the first door of the grid: offered to me, on my round, taken by nobody, with others. */
function around(grid: string, now: string, me: string, door: string): Body[] {
  const service = (n: number, more: Body): Body => ({
    grid,
    n: 1,
    kind: 'service',
    id: uuid(700 + n),
    body: {
      county: grid.slice(0, 6),
      area: grid,
      kind: 'food',
      urgency: 'usual',
      state: 'open',
      householdId: door,
      masked: '王*明',
      hasWords: true,
      offeredTo: null,
      takenBy: null,
      takenByName: null,
      windowFrom: later(now, 1),
      windowTo: later(now, 3),
      dueBy: later(now, 3),
      roundDay: null,
      askedBy: null,
      version: 1,
      ...more,
    },
  })
  return [
    service(1, { kind: 'medicine', urgency: 'urgent', state: 'offered', offeredTo: me }),
    service(2, { state: 'accepted', takenBy: me, takenByName: '我' }),
    service(3, { kind: 'rubbish', urgency: 'round', dueBy: later(now, -2), roundDay: '2020-02-15' }),
    service(4, { kind: 'care', state: 'under_way', takenBy: uuid(8), takenByName: '李志愿' }),
    service(5, { kind: 'school', state: 'done', takenBy: me, takenByName: '我' }),
    {
      grid,
      n: 1,
      kind: 'watch',
      id: uuid(720),
      body: {
        county: grid.slice(0, 6),
        area: grid,
        code: `${grid}001`,
        kind: 'building',
        name: '东苑 3 幢',
        leader: { kind: 'account', name: '陈楼长' },
        doors: [door],
        version: 1,
      },
    },
    {
      grid,
      n: 1,
      kind: 'watch_note',
      id: uuid(721),
      body: {
        area: grid,
        watchId: uuid(720),
        watchName: '东苑 3 幢',
        householdId: door,
        by: '陈楼长',
        answered: false,
      },
    },
  ]
}

function notices(grid: string): Body[] {
  const words = ['assigned', 'help.seen', 'change.kept', 'handover_set_aside', 'drone.landed']
  return words.map((what, i) => ({
    grid,
    // What is news is told by its number.
    n: 9_000_000,
    kind: 'notice',
    id: `n${i}`,
    body: { for: null, what, by: uuid(7), byName: '王主任', taskId: null },
  }))
}

/** Doors with a place and something to take care of; what was put in stays the same from page to page. */
function dressed(items: Body[]): Body[] {
  let n = 0
  return items.map((item) => {
    if (item['kind'] !== 'household' || bodyOf(item)['gone'] === true) return item
    n += 1
    const position =
      n <= 24 ? { lat: 31.31 + (n % 6) * 0.0004, lng: 120.63 + Math.floor(n / 6) * 0.0005, accuracy: 12 } : null
    const hazards = n === 1 ? ['dog', 'dark_stairs'] : []
    return { ...item, body: { ...bodyOf(item), position, hazards } }
  })
}

/** What is told of a second grid, which the program knows nothing of. */
function withSecond(body: Body, grid: string): Body {
  const second = secondOf(grid)
  const mine = isRecord(body['mine']) ? body['mine'] : null
  const [duty] = mine ? listIn(mine, 'duties') : []
  const name = { zh: '第二网格', en: '第二网格' }
  const gone = Array.isArray(body['gone']) ? body['gone'].filter((one) => one !== second) : []
  return {
    ...body,
    gone,
    grids: [...listIn(body, 'grids'), { grid: second, epoch: 1, n: 1, reset: false, to: 1 }],
    ...(mine && duty
      ? { mine: { ...mine, duties: [...listIn(mine, 'duties'), { ...duty, grid: second, name }] } }
      : {}),
  }
}

async function answered(route: Route, change: (body: Body) => Body, postData?: Body): Promise<void> {
  const response = await route.fetch(postData === undefined ? {} : { postData })
  const body: unknown = await response.json().catch(() => null)
  if (!response.ok() || !isRecord(body)) return route.fulfill({ response })
  return route.fulfill({ response, json: change(body) })
}

/** Stands between the page and the program. */
async function between(page: Page): Promise<Mode> {
  const mode: Mode = { offline: false, news: false, noDuty: false, comeBack: null, order: 'none', push: 'real' }
  let dressedOnce = false
  let besideOnce = false
  let me = ''
  await page.route('**/api/sync/pull', (route) => {
    const asked: unknown = route.request().postDataJSON()
    const change = (body: Body): Body => {
      const now = String(body['now'])
      const mine = isRecord(body['mine']) ? body['mine'] : null
      // Told once, with the first page.
      const told = mine && isRecord(mine['account']) ? mine['account']['id'] : undefined
      if (typeof told === 'string') me = told
      if (mode.order !== 'none') return { ...body, order: mode.order, items: [], grids: [], more: false }
      if (mode.noDuty) {
        const none = { ...mine, duties: [], version: 'none' }
        return { ...body, grids: [], items: [], more: false, ...(mine ? { mine: none } : {}) }
      }
      const first = listIn(body, 'grids')[0]?.['grid']
      const grid = typeof first === 'string' ? first : ''
      if (grid === '') return body
      const busy = mode.comeBack === null ? null : { ...body, items: [], more: true, comeBack: mode.comeBack }
      return withSecond(busy ?? dressedPage(body, grid, now), grid)
    }
    const dressedPage = (body: Body, grid: string, now: string): Body => {
      const items = dressed(listIn(body, 'items'))
      if (mode.news) {
        mode.news = false
        return { ...body, items: [...items, ...notices(grid)] }
      }
      const door = items.find((item) => item['kind'] === 'household' && bodyOf(item)['gone'] !== true)?.['id']
      // The first page is of what is urgent and has no doors.
      const beside =
        typeof door === 'string' && !besideOnce ? [...around(grid, now, me, door), ...athome(grid, now, door)] : []
      besideOnce ||= beside.length > 0
      if (dressedOnce || items.length === 0) return { ...body, items: [...items, ...beside] }
      dressedOnce = body['more'] !== true
      return { ...body, items: [...items, ...instructions(grid, now), ...beside] }
    }
    // What is told of my duties is asked for anew, or the phone would not hear that there are none.
    return answered(route, change, mode.noDuty && isRecord(asked) ? { ...asked, mine: '' } : undefined)
  })
  await page.route('**/api/sync/push', async (route) => {
    if (mode.push === 'real' && mode.order === 'none') return route.continue()
    if (mode.push === 'away') return route.abort()
    const asked: unknown = route.request().postDataJSON()
    const items = isRecord(asked) ? listIn(asked, 'items') : []
    const now = isRecord(asked) ? String(asked['clock']) : ''
    const results = items.map((item) => ({ key: item['key'], ...resultOf(item, mode.push, now) }))
    const json = { now, protocol: { now: 1, min: 1 }, order: mode.order, restoredAt: null, results }
    return route.fulfill({ json })
  })
  await page.route('**/api/sync/sealed', (route) => answered(route, (body) => ({ ...body, order: mode.order })))
  await page.route('**/api/sync/cleared', (route) => route.abort())
  await page.route('**/api/help/mine*', (route) => route.fulfill({ json: { items: CALLS, next: null, total: 3 } }))
  await page.route('**/api/people/changes/mine*', (route) =>
    route.fulfill({ json: { items: CHANGES, next: null, total: 2 } }),
  )
  for (const [path, json] of Object.entries(MINE)) {
    await page.route(path, (route) => {
      // What the exercise calls me.
      const body = JSON.stringify(json).replaceAll(uuid(7), me === '' ? uuid(7) : me)
      return route.fulfill({ contentType: 'application/json', body })
    })
  }
  await page.route('**/api/sync/handovers/mine*', (route) => {
    const keys = new URL(route.request().url()).searchParams.get('keys')?.split(',') ?? []
    const helper = { name: '王主任', phone: '+8651257500000' }
    const decision = { state: 'set_aside', note: '该户已由二网格登记，不重复收录。', helper, decidedAt: AT }
    return route.fulfill({ json: { items: keys.map((key) => ({ key, ...decision })) } })
  })
  await page.route('**/api/**', (route) => (mode.offline ? route.abort() : route.fallback()))
  return mode
}

const AT = '2020-02-15T03:20:00.000Z'
const CALLS: Body[] = [
  {
    id: uuid(1),
    at: AT,
    areaName: '昆山市 玉山镇 朝阳社区',
    state: 'seen',
    seenBy: { name: '王主任', phone: '+8613800000000' },
    seenAt: AT,
    closedAt: null,
    note: null,
  },
  {
    id: uuid(2),
    at: AT,
    areaName: '朝阳社区',
    state: 'closed',
    seenBy: null,
    seenAt: null,
    closedAt: AT,
    note: '已送医',
  },
]
const CHANGES: Body[] = (['open', 'kept'] as const).map((state, i) => ({
  id: uuid(20 + i),
  thing: 'person',
  thingId: uuid(30),
  field: 'phone',
  state,
  madeAt: AT,
  decidedAt: state === 'open' ? null : AT,
  byName: state === 'open' ? null : '李坐席',
  reason: state === 'open' ? null : '与本人电话核实，原号码仍在使用',
}))

const page1 = (items: Body[]): Body => ({ items, next: null, total: items.length, asOf: AT })
/** What is asked for me alone, whatever the grid. */
const MINE: Record<string, Body> = {
  '**/api/services/mine*': page1([]),
  '**/api/watches/mine': {
    items: [
      {
        id: uuid(730),
        code: '320508018025001001',
        name: '东苑 5 幢',
        kind: 'building',
        doors: [
          { householdId: uuid(731), building: '5', door: '101', members: 3, help: true },
          { householdId: uuid(732), building: '5', door: '102', members: 1, help: false },
        ],
      },
    ],
  },
  '**/api/mediations/mine*': page1(
    (['open', 'agreed'] as const).map((state, i) => ({
      id: uuid(740 + i),
      hidden: false,
      area: '320508018025001',
      areaName: '一网格',
      kind: i === 0 ? 'fear' : 'charges',
      state,
      openedDay: '2020-02-13',
      closedDay: null,
      followUp: i === 0 ? null : '2020-02-20',
      late: i === 0,
      mediator: { id: uuid(7), name: '我' },
      door: '东苑 3 幢 501',
      parties: 2,
      sessions: i,
      version: 1,
    })),
  ),
  '**/api/forces/turns/mine': {
    items: [
      {
        id: uuid(750),
        name: '我',
        state: 'present',
        late: 12,
        early: 0,
        accountId: null,
        post: '东门卡口',
        area: '320508018025',
        areaName: '某社区',
        day: '2020-02-15',
        startsAt: AT,
        endsAt: '2020-02-15T12:00:00.000Z',
        inAt: AT,
        inHow: 'code',
        outAt: null,
        outHow: null,
        mendedBy: null,
        minutes: 0,
      },
    ],
  },
  '**/api/forces/mine': {
    kit: [{ id: uuid(760), accountId: uuid(7), name: '我', item: 'mask', n: 20, day: '2020-02-14', by: '王主任' }],
    hours: { from: '2020-01-17', to: '2020-02-15', turns: 4, minutes: 1925 },
  },
  '**/api/forces/health/mine': {
    items: [
      {
        id: uuid(770),
        accountId: uuid(7),
        name: '我',
        areaName: '某社区',
        kind: 'symptoms',
        day: '2020-02-13',
        symptoms: ['cough', 'fatigue'],
        words: '昨晚开始',
        restUntil: '2020-02-20',
        decidedBy: '张医生',
        reportedAt: AT,
        over: false,
      },
    ],
  },
}

function resultOf(item: Body, how: Mode['push'], now: string): Body {
  const message = { zh: '说明太长，最多 2,000 字', en: 'The note is too long; 2,000 characters at most' }
  const remedy = { zh: '请缩短后再提交', en: 'Shorten it and send again' }
  if (item['kind'] === 'draft.keep' || how === 'real') return { outcome: 'accepted', answer: {}, recordedAt: now }
  if (how === 'held') {
    const problem = {
      code: 'HELD',
      kind: 'refused',
      message: { zh: '已转交负责人', en: 'With the supervisor' },
      details: {},
    }
    return { outcome: 'held', problem, recordedAt: now }
  }
  if (how === 'near' && item['kind'] === 'person.add') {
    const candidates = [
      {
        person: { personId: uuid(40), masked: '王*明', areaName: '玉山镇 朝阳社区 一网格' },
        score: 0.8,
        reasons: [{ zh: '姓名差一字', en: 'Names differ by one character' }],
      },
    ]
    const near = { zh: '已有 1 条相近的人员记录', en: 'There is 1 near record of persons already' }
    const problem = { code: 'NEAR_PERSON', kind: 'conflict', message: near, remedy, details: { candidates } }
    return { outcome: 'refused', problem }
  }
  return {
    outcome: 'refused',
    problem: { code: 'TOO_LONG', kind: 'invalid', message, remedy, at: 'note', details: {} },
  }
}

/** The page that was there stays in sight until the next one is read: it is waited for until it is gone. */
async function leaving(page: Page, act: () => Promise<void>): Promise<void> {
  await page.evaluate(() => document.querySelector('main')?.setAttribute('data-left', ''))
  await act()
  await expect(page.locator('main[data-left]')).toHaveCount(0)
}

/** Goes to an address without loading the page anew, which would lock it. */
async function go(page: Page, path: string): Promise<void> {
  const here = await page.evaluate(() => location.pathname + location.search)
  if (here === path) return
  const push = (): Promise<void> =>
    page.evaluate((to) => {
      history.pushState({}, '', to)
      dispatchEvent(new PopStateEvent('popstate', { state: {} }))
    }, path)
  // Another thing of the same kind is shown by the same page.
  if (kindOf(here) === kindOf(path)) await push()
  else await leaving(page, push)
}

const kindOf = (path: string): string =>
  path.replace(/\?.*$/, '').replace(/(doors|people|instructions|services|disputes|observation)\/[\w.-]{12,}/, '$1/one')

const T = {
  zh: {
    first: '首次启用',
    recover: '无法登录',
    code: '短信验证码',
    byPassword: '密码',
    back: '返回登录',
    begin: '设解锁码',
    byDoor: '按门牌',
    notReached: '没联系上',
    notMine: '不是我的网格',
    cancel: '取消',
    file: '提交',
    met: '见到本人',
    others: '其他登记',
    open: '查看证件',
    away: '别的地方',
    here: '本网格另一户',
    forgotten: '忘记解锁码',
    password: '更改密码',
    pin: '更改解锁码',
    cannot: '我无法办理',
    log: '同步记录',
    accept: '签收，开始办理',
    toSupervisor: '改不了，转给负责人',
    decline: '办不了，转给下一位',
    done: '已送到',
    rang: '敲过门',
    helpWatch: '为整个单元求助',
    say: '报告接触或症状',
    report: '报告',
    mediated: '又调解了一次',
    other: '同一指令，您的另一网格',
    finished: '已完成',
    full: '手机空间不足，没有存下',
    ok: '确定',
  },
  en: {
    first: 'First use',
    recover: 'I cannot log in',
    code: 'Code by SMS',
    byPassword: 'Password',
    back: 'Back to log-in',
    begin: 'Choose a PIN',
    byDoor: 'By door',
    notReached: 'Not reached',
    notMine: 'Not my grid',
    cancel: 'Cancel',
    file: 'File',
    met: 'Met',
    others: 'Another kind of visit',
    open: 'Open the document',
    away: 'Somewhere else',
    here: 'Another door here',
    forgotten: 'Forgot the PIN',
    password: 'Change the password',
    pin: 'Change the PIN',
    cannot: 'I cannot do it',
    log: 'Sync log',
    accept: 'Accept it',
    toSupervisor: 'I cannot mend it: to the supervisor',
    decline: 'I cannot: to the next',
    done: 'It is done',
    rang: 'I rang',
    helpWatch: 'Ask for help for the watch',
    say: 'Report contact or symptoms',
    report: 'Report',
    mediated: 'Talks were held',
    other: 'The same, for your other grid',
    finished: 'It is done',
    full: 'This phone has no room: it was not kept',
    ok: 'OK',
  },
} as const

type Walk = { page: Page; at: Deployment; lang: Lang; look: Look; mode: Mode }
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const open = (page: Page) =>
  expect(page.getByRole('navigation', { name: /^(主要页面|Main pages)$/ })).toBeVisible({ timeout: 60_000 })

async function firstUse({ page, at, lang, look, mode }: Walk): Promise<void> {
  const t = T[lang]
  await page.goto(`${at.address}/worker/login`)
  await expect(button(page, t.code)).toBeVisible()
  await look('log-in')
  await button(page, t.code).click()
  await look('log-in by code')
  await button(page, t.first).click()
  await look('activation')
  await button(page, t.back).click()
  await button(page, t.recover).click()
  await look('cannot log in')
  await button(page, t.back).click()
  await button(page, t.byPassword).click()
  await fillLogIn(page, at.login('grid', 'worker'))
  await expect(button(page, t.begin)).toBeVisible()
  await look('first use')
  await button(page, t.begin).click()
  await typePin(page, '123456')
  await look('a PIN that is too easy')
  await typePin(page)
  await look('the PIN once more')
  mode.comeBack = 40
  await typePin(page)
  await expect(page.getByText(/服务器正忙|The server is busy/)).toBeVisible({ timeout: 30_000 })
  await look('told when to come back')
  mode.comeBack = null
  await page.reload()
  await expect(page.getByRole('heading', { name: /^(输入解锁码|Enter your PIN)$/ })).toBeVisible()
  await typePin(page)
  await open(page)
  await expect(page.locator('a.card .card-door').first()).toBeVisible({ timeout: 30_000 })
}

async function today({ page, lang, look, mode }: Walk): Promise<void> {
  const t = T[lang]
  await look('today with the guide')
  await page.locator('.card:has(.guide-steps) .big').click()
  // What comes with the first sync is no news.
  await expect(page.locator('.strip')).not.toContainText(/正在同步|Syncing/)
  mode.news = true
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await expect(page.getByRole('heading', { name: /^(上次之后有|Changes since)/ })).toBeVisible({ timeout: 30_000 })
  await look('today, what changed')
  await button(page, t.byDoor).click()
  await look('today as a walk')
  await leaving(page, () => page.locator('a.card[href*="/tasks/"]').first().click())
  await expect(button(page, t.notReached)).toBeVisible()
  await look('task')
  await button(page, t.notReached).click()
  await look('not reached')
  await button(page, t.cancel).click()
  await button(page, t.notMine).click()
  await look('not my grid')
  await button(page, t.cancel).click()
  await page.locator('.chip:has(input[value=AWAY_OTHER_AREA])').click()
  await button(page, t.file).click()
  await look('task form with what is missing')
}

async function doors({ page, lang, look }: Walk): Promise<{ door: string; person: string }> {
  const t = T[lang]
  await go(page, '/worker/doors')
  await page.locator('summary.group').first().click()
  await look('doors')
  await page.getByRole('textbox').first().fill('101')
  await expect(page.locator('a.card:has(.card-door)').first()).toBeVisible()
  await look('search')
  await page.getByRole('textbox').first().fill('没有这样的')
  await expect(page.locator('.empty')).toBeVisible()
  await look('search without a hit')
  await go(page, '/worker/doors/map')
  await expect(page.locator('.plan')).toBeVisible()
  await look('plan')
  await go(page, '/worker/doors')
  await page.getByRole('textbox').first().fill('101')
  const lived = page.locator('a.card[href*="/doors/"]').filter({ hasNotText: /\D0 (人|people)/ })
  await leaving(page, () => lived.first().click())
  await page.locator('summary').filter({ hasText: t.others }).click()
  await look('door')
  const number = (await page.locator('.card-door').first().innerText()).split(' ').at(-1) ?? ''
  const door = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await leaving(page, () => page.locator('a.card-name[href*="/people/"]').first().click())
  await look('person')
  const person = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await button(page, t.open).click()
  await look('person, to open the document')
  const name = await page.locator('.card-door').first().innerText()
  for (const [path, what] of [
    [`/worker/people/${person}/edit`, 'correct a person'],
    [`/worker/doors/${door}/edit`, 'correct a door'],
  ] as const) {
    await go(page, path)
    await look(what)
  }
  await go(page, `/worker/people/${person}/move`)
  // What another phone of this worker had begun has followed here (SYNC-22).
  await button(page, t.here).click()
  await page.getByRole('textbox').first().fill('102')
  await expect(page.locator('.big-row .big').first()).toBeVisible()
  await look('moved, to another door')
  await button(page, t.away).click()
  await look('moved away')
  await go(page, `/worker/doors/${door}/person`)
  await page.getByRole('textbox').first().fill(name)
  await expect(page.locator('section.card')).not.toHaveCount(0)
  await look('new person with near ones')
  await go(page, '/worker/doors/new')
  await page.getByRole('textbox').nth(0).fill('')
  await page.getByRole('textbox').nth(2).fill(number)
  await expect(page.locator('section.card')).not.toHaveCount(0)
  await look('new door with near ones')
  await go(page, '/worker/people/nobody')
  await look('somebody who is not here')
  await go(page, '/worker/nothing')
  await look('no such page')
  return { door, person }
}

const PURPOSES = [
  'household',
  'returnee',
  'rental',
  'group_rental',
  'shop',
  'service',
  'clue',
  'mediation',
  'temperature',
]

async function visits({ page, lang, look }: Walk, door: string): Promise<void> {
  const t = T[lang]
  for (const purpose of PURPOSES) {
    await go(page, `/worker/doors/${door}/visit?purpose=${purpose}`)
    await page.getByRole('radio', { name: t.met }).check()
    await page.evaluate(() => {
      for (const part of document.querySelectorAll('details')) part.open = true
    })
    await look(`visit: ${purpose}`)
  }
  await button(page, t.file).click()
  const anyway = page.getByRole('button', { name: /^(问题留空，仍然提交|File it with these open)$/ })
  if (await anyway.isVisible()) {
    await look('questions left open')
    await anyway.click()
  }
}

async function outbox(walk: Walk, door: string): Promise<void> {
  const { page, lang, look, mode } = walk
  const t = T[lang]
  mode.push = 'away'
  await visits(walk, door)
  await expect(page.locator('.sent')).toBeVisible()
  await look('kept on this phone')
  await go(page, `/worker/doors/${door}/person`)
  await page.getByRole('textbox').first().fill('王小名')
  await page.locator('button[type=submit]').click()
  await expect(page).toHaveURL(new RegExp(`/doors/${door}$`))
  await go(page, '/worker/me/outbox')
  await look('outbox, waiting')
  mode.push = 'near'
  const now = page.getByRole('button', { name: /^(现在同步|Sync now)$/ })
  await now.click()
  await expect(page.locator('a.card .card-due').first()).toBeVisible({ timeout: 20_000 })
  await look('outbox, refused')
  await page
    .locator('a.card')
    .filter({ hasText: /新增人员|Person added/ })
    .click()
  await expect(page.getByText('王*明')).toBeVisible()
  await look('refused beside a near one')
  await go(page, '/worker/me/outbox')
  await page
    .locator('a.card')
    .filter({ hasText: /走访|Visit/ })
    .first()
    .click()
  await look('refused visit')
  await button(page, t.toSupervisor).click()
  await look('to the supervisor')
  mode.push = 'held'
  await page.locator('.sheet .big[data-primary=true]').click()
  await expect(page).toHaveURL(/\/outbox$/)
  await page
    .locator('a.card')
    .filter({ hasText: /走访|Visit/ })
    .first()
    .click()
  await expect(page.getByText('该户已由二网格登记')).toBeVisible({ timeout: 30_000 })
  await look('handed over, and what was decided')
  mode.push = 'real'
}

async function mine({ page, lang, look }: Walk): Promise<void> {
  const t = T[lang]
  await go(page, '/worker/instructions')
  await expect(page.locator('a.card').first()).toBeVisible()
  await unfold(page)
  await look('instructions')
  await go(page, `/worker/instructions/${uuid(901)}`)
  await look('instruction for every door')
  await button(page, t.cannot).click()
  await look('report to an instruction')
  await button(page, t.cancel).click()
  await page.getByRole('region', { name: t.other }).getByRole('link').click()
  await expect(page.locator('.said').first()).toBeVisible()
  await expect(button(page, t.finished)).toBeVisible()
  await look('the same instruction in my other grid')
  await go(page, `/worker/instructions/${uuid(903)}`)
  await look('instruction that was recalled')
  for (const [path, what] of [
    ['/worker/me', 'me'],
    ['/worker/me/drafts', 'half-written'],
    ['/worker/me/changes', 'corrections to be decided'],
    ['/worker/me/help', 'help and my calls'],
  ] as const) {
    await go(page, path)
    if (what.startsWith('corr') || what.startsWith('help'))
      await expect(page.locator('section.card').first()).toBeVisible()
    await look(what)
  }
  await go(page, '/worker/me/day')
  await page.evaluate(() => {
    for (const part of document.querySelectorAll('details')) part.open = true
  })
  await look('my day with receipts')
  await go(page, '/worker/me/account')
  await page.locator('summary').filter({ hasText: t.password }).click()
  await look('account and phones')
  await go(page, '/worker/me/settings')
  await look('settings')
  await button(page, t.pin).click()
  await look('change the PIN')
}

/** What stands around a door, and what is mine beside it. */
async function besides({ page, lang, look }: Walk, door: string): Promise<void> {
  const t = T[lang]
  await go(page, '/worker/')
  await expect(page.locator('a.card[href$="/services"]')).toBeVisible()
  await go(page, '/worker/services')
  await unfold(page)
  await look('services')
  await go(page, `/worker/services/${uuid(701)}`)
  await look('a service that was offered')
  await button(page, t.decline).click()
  await look('a service let pass')
  await button(page, t.cancel).click()
  await go(page, `/worker/services/${uuid(702)}`)
  await expect(button(page, t.done)).toBeVisible()
  await button(page, t.done).click()
  await page.locator('.sheet .big[data-primary=true]').click()
  await look('done, without the four digits')
  await button(page, t.cancel).click()
  await go(page, `/worker/doors/${door}/service`)
  await page.locator('button[type=submit]').click()
  await look('ask for a service')
  await go(page, '/worker/watches')
  await expect(page.getByRole('heading', { name: /东苑 5 幢/ })).toBeVisible()
  await unfold(page)
  await look('watches')
  await button(page, t.rang).first().click()
  await look('a ring at a door')
  await button(page, t.cancel).click()
  await button(page, t.helpWatch).click()
  await look('a leader asks for help')
  await button(page, t.cancel).click()
  await go(page, '/worker/disputes')
  await expect(page.locator('a.card').first()).toBeVisible()
  await look('my disputes')
  await go(page, `/worker/disputes/${uuid(741)}`)
  await look('a dispute')
  await button(page, t.mediated).click()
  await look('talks were held')
  await button(page, t.cancel).click()
  await go(page, '/worker/me/turns')
  await expect(page.getByText('东门卡口')).toBeVisible()
  await button(page, t.say).click()
  await button(page, t.report).click()
  await look('turns, kit and health')
}

/** Doors where people stay at home, and whoever is expected back. */
async function home({ page, lang, look }: Walk, door: string): Promise<void> {
  const t = T[lang]
  await go(page, '/worker/')
  await expect(page.locator('a.card[href$="/observation"]')).toBeVisible()
  await expect(page.locator('a.card[href$="/returns"]')).toBeVisible()
  await go(page, '/worker/observation')
  await look('observed doors')
  await leaving(page, () => page.locator('a.card[href*="/observation/"]').first().click())
  await expect(page.locator('.big-stack').first()).toBeVisible()
  await unfold(page)
  await look('an observed door')
  for (const n of [0, 1]) {
    await page.locator('.big-stack button').nth(n).click()
    await look(`step ${n} at an observed door`)
    await button(page, t.cancel).click()
  }
  await leaving(page, () => page.locator('a.big-primary[href$="/readings"]').click())
  await page.getByRole('textbox').first().fill('38.6')
  await unfold(page)
  await look('readings, one of them high')
  await page.getByRole('textbox').first().fill('52')
  await page.locator('button[type=submit]').click()
  await look('readings, one of them unlikely')
  await go(page, '/worker/returns')
  await expect(page.locator('article.card').filter({ hasText: '赵*' })).toHaveCount(3)
  await look('expected back')
  await go(page, `/worker/doors/${door}/register`)
  await page.locator('.chip:has(input[value=passport])').click()
  await page.locator('.chip:has(input[value=returning])').click()
  await page.locator('button[type=submit]').click()
  await look('a registration with what is missing')
}

const FULL = `{
  const { prototype } = IDBObjectStore
  const { add } = prototype
  prototype.add = function (...args) {
    if (this.name === 'outbox') throw new DOMException('full', 'QuotaExceededError')
    return add.apply(this, args)
  }
  window.emptied = () => (prototype.add = add)
}`

/** A phone whose disk takes no more work says so on a screen that has no words of its own for it (SYNC-23). */
async function noRoom({ page, lang, look }: Walk): Promise<void> {
  const t = T[lang]
  await page.evaluate(FULL)
  await go(page, '/worker/returns')
  await page.locator('article.card button').first().click()
  await expect(page.getByText(t.full)).toBeVisible()
  await look('no room, told on any screen')
  await button(page, t.ok).click()
  await expect(page.getByText(t.full)).toHaveCount(0)
  await page.evaluate('window.emptied()')
}

async function unfold(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const part of document.querySelectorAll('details')) part.open = true
  })
}

/** What closes the phone, from the mildest to the end. */
async function closed({ page, at, lang, look, mode }: Walk): Promise<void> {
  const t = T[lang]
  const home = async (): Promise<void> => {
    await page.goto(`${at.address}/worker/`)
    await typePin(page)
    await open(page)
  }
  mode.noDuty = true
  await home()
  await expect(page.getByText(/今天没有安排您负责的网格|You cover no grid today/).first()).toBeVisible({
    timeout: 30_000,
  })
  await look('no duty today')
  mode.noDuty = false
  await page.goto(`${at.address}/worker/`)
  await typePin(page, '999999')
  await page.getByText(t.forgotten).click()
  await look('locked, a wrong PIN')
  mode.order = 'lock'
  await typePin(page)
  await expect(page.getByText(/请重新登录|Please log in again/).first()).toBeVisible({ timeout: 30_000 })
  await look('log in again')
  mode.order = 'none'
  await page.getByRole('button', { name: /^(重新登录|Log in again)$/ }).click()
  await fillLogIn(page, at.login('grid', 'worker'))
  await page.waitForURL(/\/worker\/$/)
  await typePin(page)
  await open(page)
  mode.offline = true
  await page.evaluate((ms) => localStorage.setItem('test.shift', String(ms)), 73 * HOUR)
  await page.reload()
  await expect(page.getByText(/72/).first()).toBeVisible()
  await look('72 hours without a contact')
  await page.evaluate(() => localStorage.removeItem('test.shift'))
  mode.order = 'clear'
  mode.offline = false
  await page.reload()
  await expect(page.getByText(/已被报失|was reported lost/)).toBeVisible({ timeout: 30_000 })
  await look('reported lost and cleared')
  await page.addInitScript(() => Object.defineProperty(window, 'isSecureContext', { value: false }))
  await page.reload()
  await look('not over https')
}

export async function walkPhone(page: Page, at: Deployment, lang: Lang, look: Look): Promise<void> {
  page.setDefaultTimeout(20_000)
  await page.addInitScript((chosen) => {
    localStorage.setItem('weiwang.lang', chosen)
    const shift = Number(localStorage.getItem('test.shift') ?? 0)
    const real = Date.now.bind(Date)
    Date.now = () => real() + shift
  }, lang)
  const mode = await between(page)
  const walk: Walk = { page, at, lang, look, mode }
  await firstUse(walk)
  await today(walk)
  const { door } = await doors(walk)
  await outbox(walk, door)
  await mine(walk)
  await besides(walk, door)
  await home(walk, door)
  await noRoom(walk)
  await closed(walk)
}
