import { randomUUID } from 'node:crypto'
import { expect, test } from '@playwright/test'
import { z } from 'zod'
import {
  Client,
  enterAsResident,
  gradesOf,
  logIn,
  logInAs,
  openTasks,
  Page,
  Problem,
  Run,
  runEnds,
  weiwang,
} from '../api.ts'
import type { Answer, Query } from '../api.ts'
import { usualPolicy } from '@weiwang/domain/checkpoints/gate'
import { SHIPPED_RULES } from '@weiwang/domain/observation/measure'
import { DEFAULT_PLAN } from '@weiwang/domain/observation/slots'
import { startDeployment } from '../deployment.ts'
import type { Deployment } from '../deployment.ts'
import { idNumber } from '../resident/person.ts'

/**
 * Show 5: whoever belongs elsewhere finds nothing, by no route. Each address of the interface is called by a desk of another
 * county that holds every centre role, once with what really exists here and once with what exists nowhere: the two answers
 * must be the same. An address that is not in the table below fails the journey.
 */

let deployment: Deployment | undefined
test.afterAll(() => deployment?.stop())

const HERE = '320508'
const GRID = '320508018025001'
const ELSEWHERE = '320102'
const DAY = '2020-02-15'
const NOW = '2020-02-15T08:00:00Z'
const REASON = '越权测试（演练）'

/** Things by what they are; `nowhere` has the same names with ids of nothing. */
type World = {
  area: string
  grid: string
  person: string
  other: string
  household: string
  document: string
  task: string
  visit: string
  push: string
  batch: string
  run: string
  account: string
  duty: string
  job: string
  feed: string
  ruleSet: string
  proposal: string
  recovery: string
  change: string
  gradeBatch: string
  session: string
  observation: string
  service: string
  dispute: string
  objection: string
  contradiction: string
  pass: string
  return: string
  held: string
  policy: string
  gate: string
  referral: string
  opening: string
  medicine: string
  org: string
  /** Ordered by the province for all below, so readable everywhere. */
  campaign: string
  emergency: string
  risk: string
}

type Ask = {
  /** What stands in the braces of the path. */
  id?: keyof World
  query?: (w: World) => Query
  body?: (w: World) => object
  /** Fields of a multipart request, and the lines of its file. */
  upload?: (w: World) => { fields?: Record<string, string>; lines: string[] }
}
/**
 * hidden: 404, the same for both worlds, also for an area asked for · empty: a list or a count of nothing · refused: the thing is
 * known here (an order from above, the public list of risk areas), the act is not allowed · public: for everybody logged in · own: about the caller alone · open: without
 * log-in · machine: by the key of a source.
 */
type Kind = 'hidden' | 'empty' | 'refused' | 'public' | 'own' | 'open' | 'machine'
type Case = { kind: Kind; ask: Ask; worker: boolean }

const one =
  (kind: Kind, worker: boolean) =>
  (ask: Ask = {}): Case => ({ kind, ask, worker })
const hidden = one('hidden', false)
const empty = one('empty', false)
const refused = one('refused', false)
/** The same for what a worker does as well. */
const hiddenAtDoor = one('hidden', true)
const emptyAtDoor = one('empty', true)
const fixed = (kind: Kind): Case[] => [{ kind, ask: {}, worker: true }]

const inArea: Ask = { query: (w) => ({ area: w.area }) }
const days = { from: '2020-02-14', to: DAY }
const inAreaDays: Ask = { query: (w) => ({ area: w.area, ...days }) }
const because = { body: () => ({ reason: REASON }) }
const list = (ask: Ask = inArea): Case[] => [empty(), hidden(ask)]
const listAtDoor = (ask: Ask = inArea): Case[] => [emptyAtDoor(), hiddenAtDoor(ask)]
const both = { zh: '越权测试', en: 'A test of scope' }
const rules = (area: string) => ({
  code: `scope-${area}`,
  area,
  name: both,
  about: both,
  rules: [
    {
      id: 'high',
      say: both,
      when: { kind: 'stay', levels: ['high'], withinDays: 14 },
      gives: { grade: 'red', colour: 'red' },
      lasts: { days: 14, from: 'fact' },
    },
  ],
  otherwise: { colour: 'green', say: both },
})
const byHand = { grade: 'yellow', colour: 'yellow', until: '2020-02-16' }
const order = { name: both, purpose: both, basis: both, starts: DAY }
const rename = (w: World) => ({ plan: { kind: 'rename', code: w.grid, name: '改名' }, onDay: '2020-02-20' })
const form = { purpose: 'household', say: both, fields: [] }
const orderTo = (w: World) => ({
  title: '越权测试',
  text: '越权测试（演练）',
  to: [w.grid],
  level: 6,
  route: 'straight',
  dueAt: '2020-02-20T08:00:00Z',
})
const mapping = {
  fact: 'stay',
  columns: [
    { meaning: 'name', headers: ['姓名'] },
    { meaning: 'doc_number', headers: ['证件号码'] },
    { meaning: 'from_day', headers: ['日期'] },
  ],
}

const gate = { name: both, kind: 'estate', policy: usualPolicy('estate') }
const hours = { from: '2020-02-14T00:00:00Z', to: '2020-02-14T02:00:00Z' }

const declared = {
  answers: { situation: 'living', registeredHere: true, underMeasure: false },
  words: { purpose: 'home' },
  promise: true,
}
const livesHere = (w: World) => ({
  who: { document: { kind: 'resident', number: w.document }, name: '某某某' },
  home: { area: w.grid, address: '越权测试路 1 号' },
})
/** What is said of somebody who is observed. */
const reading = (w: World) => ({
  id: randomUUID(),
  county: HERE,
  observationId: w.observation,
  temperature: 365,
})

const applies = (id: string, area: string) => ({
  id,
  kind: 'company',
  name: '越权测试厂',
  area,
  contact: { name: '某某', phone: '13955550199' },
})
const resumption = {
  plan: REASON,
  opens: DAY,
  headcount: 1,
  materials: { masks: 3, disinfectant: 3, thermometry: 3 },
  isolationRooms: 1,
  officer: { name: '某某', phone: '13955550199' },
}

const CASES: Record<string, Case[]> = {
  'GET /api/accounts': [hidden(inArea), empty({ query: () => ({ q: '候任' }) })],
  'GET /api/accounts/{id}': [hidden({ id: 'account' })],
  'GET /api/accounts/{id}/sessions': [hidden({ id: 'account' })],
  'POST /api/accounts': [
    hidden({ body: (w) => ({ name: '某某', area: w.area, login: 'scope.probe', roles: ['worker'] }) }),
  ],
  'POST /api/accounts/import': [
    empty({ body: (w) => ({ rows: [{ row: 1, name: '某某', phone: '19912345678', area: w.area, roles: 'worker' }] }) }),
  ],
  'POST /api/accounts/import/read': fixed('own'),
  'POST /api/accounts/{id}/area': [hidden({ id: 'account', body: () => ({ area: ELSEWHERE, version: 1 }) })],
  'POST /api/accounts/{id}/close': [hidden({ id: 'account', ...because })],
  'POST /api/accounts/{id}/hand-over': [hidden({ id: 'account' })],
  'POST /api/accounts/{id}/phone': [hidden({ id: 'account', body: () => ({ phone: '19912345678', version: 1 }) })],
  'POST /api/accounts/{id}/roles/grant': [hidden({ id: 'account', body: () => ({ role: 'worker' }) })],
  'POST /api/accounts/{id}/roles/revoke': [
    hidden({ id: 'account', body: () => ({ role: 'operator', reason: REASON }) }),
  ],
  'POST /api/accounts/{id}/sessions/end': [hidden({ id: 'account', ...because })],
  'GET /api/areas': fixed('public'),
  'GET /api/areas/boundaries/{code}': fixed('public'),
  'GET /api/areas/search': fixed('public'),
  'GET /api/areas/{code}': fixed('public'),
  'GET /api/areas/{code}/buildings': [hidden({ id: 'grid' })],
  'GET /api/areas/{code}/doors': [hidden({ id: 'grid', query: () => ({ estate: '', building: '' }) })],
  'GET /api/areas/{code}/children': fixed('public'),
  'GET /api/areas/changes': [emptyAtDoor(), hiddenAtDoor({ query: (w) => ({ within: w.area }) })],
  'POST /api/areas/changes': [hidden({ body: rename })],
  'POST /api/areas/changes/preview': [hidden({ body: rename })],
  'POST /api/areas/changes/{id}/apply': [hidden({ id: 'change' })],
  'POST /api/areas/changes/{id}/refuse': [hidden({ id: 'change' })],
  'POST /api/areas/grids/import': [
    hidden({ body: (w) => ({ area: w.area, rows: [{ village: '拙政园社区', grid: '9' }], check: true }) }),
  ],
  'GET /api/audit': [
    hidden({ query: (w) => ({ area: w.area }) }),
    empty({ query: (w) => ({ thing: 'person', thingId: w.person, outcome: 'done' }) }),
  ],
  'GET /api/audit/heads': fixed('public'),
  'GET /api/audit/verify': fixed('own'),
  'GET /api/backups': [refused({})],
  'GET /api/batches': [empty(), empty({ query: (w) => ({ feedId: w.feed }) })],
  'GET /api/batches/{id}': [hidden({ id: 'batch' })],
  'GET /api/batches/{id}/rejects': [hidden({ id: 'batch' })],
  'GET /api/batches/{id}/rejects.csv': [hidden({ id: 'batch' })],
  'POST /api/batches/{id}/resume': [hidden({ id: 'batch' })],
  'POST /api/batches/{id}/withdraw': [hidden({ id: 'batch', ...because })],
  'GET /api/campaigns': fixed('public'),
  'GET /api/campaigns/{id}': fixed('public'),
  'POST /api/campaigns': [
    hidden({ body: (w) => ({ area: w.area, ...order, script: both, questions: [], ends: '2020-03-01' }) }),
  ],
  'POST /api/campaigns/{id}': [
    refused({
      id: 'campaign',
      body: () => ({ version: 1, ...order, script: both, questions: [], ends: '2020-03-01' }),
    }),
  ],
  'POST /api/campaigns/{id}/end': [refused({ id: 'campaign', body: () => ({ version: 1, reason: REASON }) })],
  'POST /api/campaigns/{id}/open': [refused({ id: 'campaign', body: () => ({ version: 1 }) })],
  'GET /api/case-counts': fixed('public'),
  'POST /api/case-counts/import': [
    refused({ upload: () => ({ lines: ['date,cityCode,city,confirmed', '2020-02-01,420100,武汉市,9'] }) }),
  ],
  'POST /api/certificates/verify': fixed('open'),
  'GET /api/deployment': fixed('open'),
  'GET /api/dev/messages': fixed('open'),
  'GET /dev/messages': fixed('open'),
  'GET /api/duties': [empty(), hidden(inArea), empty({ query: (w) => ({ account: w.account }) })],
  'GET /api/duties/cover': [hidden({ query: (w) => ({ area: w.grid }) })],
  'GET /api/duties/gaps': [hidden(inArea)],
  'GET /api/duties/owners': [hidden({ query: (w) => ({ area: w.grid }) })],
  'POST /api/duties': [
    hidden({ body: (w) => ({ accountId: w.account, area: w.grid, from: DAY }) }),
    hidden({ body: (w) => ({ accountId: w.account, area: ELSEWHERE, from: DAY }) }),
  ],
  'POST /api/duties/reassign': [
    hidden({ body: (w) => ({ from: w.account, to: w.other, areas: [w.grid], day: DAY, reason: REASON }) }),
    hidden({ body: (w) => ({ from: w.account, to: w.other, areas: [ELSEWHERE], day: DAY, reason: REASON }) }),
  ],
  'POST /api/duties/stand-in': [
    hidden({
      body: (w) => ({ for: w.account, by: w.other, areas: [w.grid], from: DAY, to: '2020-02-20', reason: REASON }),
    }),
  ],
  'GET /api/escalations': listAtDoor().concat(emptyAtDoor({ query: () => ({ whose: 'all', state: 'dealt' }) })),
  'POST /api/escalations/deal': [hiddenAtDoor({ body: (w) => ({ taskId: w.task, n: 2, how: 'called' }) })],
  'POST /api/escalations/see': [emptyAtDoor({ body: (w) => ({ items: [{ taskId: w.task, n: 2 }] }) })],
  'POST /api/duties/{id}/end': [hidden({ id: 'duty', body: () => ({ lastDay: '2020-02-16', reason: REASON }) })],
  'GET /api/emergencies': fixed('public'),
  'POST /api/emergencies': [hidden({ body: (w) => ({ area: w.area, ...order, legalOrder: '测试令〔2020〕2号' }) })],
  'POST /api/emergencies/{id}/approve': [refused({ id: 'emergency', body: () => ({ version: 1 }) })],
  'POST /api/emergencies/{id}/end': [refused({ id: 'emergency', body: () => ({ version: 1, reason: REASON }) })],
  'GET /api/emergencies/{id}/close-out': [refused({ id: 'emergency' })],
  'POST /api/emergencies/{id}/close-out': [refused({ id: 'emergency' })],
  'POST /api/emergencies/{id}/close-out/approve': [refused({ id: 'emergency', body: () => ({ confirm: 'DELETE' }) })],
  'GET /api/feed-presets': fixed('public'),
  'GET /api/feeds': [empty()],
  'GET /api/feeds/{id}': [hidden({ id: 'feed' })],
  'GET /api/feeds/{id}/precision': [hidden({ id: 'feed', query: () => days })],
  'POST /api/feeds': [
    hidden({
      body: (w) => ({
        id: 'scope_probe',
        area: w.area,
        name: both,
        owner: '某局',
        purpose: both,
        kind: 'rail',
        mapping,
      }),
    }),
  ],
  'POST /api/feeds/{id}/batches': [
    hidden({ id: 'feed', upload: () => ({ lines: ['姓名,证件号码', '某某,329900198001010018'] }) }),
  ],
  'POST /api/feeds/{id}/close': [hidden({ id: 'feed' })],
  'POST /api/feeds/{id}/edit': [hidden({ id: 'feed', body: () => ({ version: 1 }) })],
  'POST /api/feeds/{id}/key': [hidden({ id: 'feed' })],
  'POST /api/feeds/{id}/key/revoke': [hidden({ id: 'feed' })],
  'POST /api/feeds/{id}/open': [hidden({ id: 'feed' })],
  'POST /api/feeds/{id}/red/approve': [hidden({ id: 'feed' })],
  'POST /api/feeds/{id}/red/propose': [hidden({ id: 'feed' })],
  'POST /api/feeds/{id}/red/revoke': [hidden({ id: 'feed' })],
  'POST /api/feeds/{id}/rows': [one('machine', true)({ id: 'feed', body: () => ({ rows: [{ 姓名: '某某' }] }) })],
  'GET /api/forces': [hiddenAtDoor(inArea)],
  'GET /api/forces/attachments': list(),
  'POST /api/forces/attachments': [
    hidden({
      body: (w) => ({
        id: randomUUID(),
        accountId: w.account,
        area: w.grid,
        body: 'court',
        bodyName: '法院',
        from: DAY,
        to: DAY,
      }),
    }),
  ],
  'POST /api/forces/attachments/{id}/end': [
    hidden({ id: 'household', body: () => ({ lastDay: DAY, successorId: null, reason: REASON }) }),
  ],
  'POST /api/forces/contacts/{id}/open': [
    hidden({ id: 'household', body: () => ({ of: 'org', purpose: 'contact_person' }) }),
  ],
  'GET /api/forces/estates': list(),
  'POST /api/forces/estates': [
    hidden({
      body: (w) => ({ id: randomUUID(), area: w.grid, orgId: null, name: '东苑', dutyPhone: null, contact: null }),
    }),
  ],
  'POST /api/forces/estates/{id}/end': [hidden({ id: 'household' })],
  'GET /api/forces/handovers': list(),
  'POST /api/forces/handovers/{id}/settle': [hidden({ id: 'household' })],
  // Who may read is held by server/teams/forces.pg.test.ts, route by route (FORCE-10).
  'GET /api/forces/health': fixed('own'),
  'POST /api/forces/health': fixed('own'),
  'GET /api/forces/health/mine': fixed('own'),
  'POST /api/forces/health/{id}/rest': [hiddenAtDoor({ id: 'household', body: () => ({ until: DAY }) })],
  'GET /api/forces/mine': fixed('own'),
  'GET /api/forces/hours': list(),
  'GET /api/forces/kit': list(),
  'POST /api/forces/kit': [
    hidden({ body: (w) => ({ id: randomUUID(), accountId: w.account, item: 'mask', n: 1, day: DAY }) }),
  ],
  'GET /api/forces/kit/missing': list(),
  'GET /api/forces/organisations': list(),
  'POST /api/forces/organisations': [
    hidden({ body: (w) => ({ id: randomUUID(), area: w.area, kind: 'other', name: '某单位', contact: null }) }),
  ],
  'POST /api/forces/organisations/{id}/end': [hidden({ id: 'household' })],
  'GET /api/forces/people': list(),
  'POST /api/forces/people': [
    hidden({
      body: (w) => ({
        area: w.grid,
        name: '某某',
        phone: '19912345678',
        kind: 'volunteer',
        orgId: null,
        skills: [],
        hours: [],
      }),
    }),
  ],
  'POST /api/forces/people/import': [
    empty({ body: (w) => ({ rows: [{ row: 1, name: '某某', phone: '19912345678', area: w.area }] }) }),
  ],
  'POST /api/forces/people/import/read': fixed('own'),
  'POST /api/forces/people/{id}': [
    hidden({
      id: 'household',
      body: () => ({ kind: 'volunteer', orgId: null, skills: [], hours: [], version: 1 }),
    }),
  ],
  'POST /api/forces/people/{id}/confirm': [hidden({ id: 'household' })],
  'POST /api/forces/people/{id}/leave': [hidden({ id: 'household', body: () => ({ lastDay: DAY, reason: REASON }) })],
  'GET /api/forces/posts': list(),
  'POST /api/forces/posts': [hidden({ body: (w) => ({ id: randomUUID(), area: w.grid, kind: 'gate', name: '某岗' }) })],
  'GET /api/forces/posts/{id}/code': [hidden({ id: 'household' })],
  'POST /api/forces/posts/{id}/end': [hidden({ id: 'household' })],
  'GET /api/forces/shifts': list(),
  'POST /api/forces/shifts': [
    hidden({
      body: (w) => ({ postId: w.household, from: DAY, to: DAY, starts: '08:00', ends: '20:00', needed: 1 }),
    }),
  ],
  'GET /api/forces/shifts/{id}/code': [hidden({ id: 'household' })],
  'GET /api/forces/shifts/{id}/free': [hidden({ id: 'household' })],
  'POST /api/forces/shifts/{id}/end': [hidden({ id: 'household', ...because })],
  'POST /api/forces/shifts/{id}/turns': [
    hidden({ id: 'household', body: (w) => ({ turnId: randomUUID(), accountId: w.account }) }),
  ],
  'POST /api/forces/sign': fixed('own'),
  'GET /api/forces/turns': list(),
  'GET /api/forces/turns/mine': fixed('own'),
  'POST /api/forces/turns/{id}/end': [hidden({ id: 'household', ...because })],
  'POST /api/forces/turns/{id}/mend': [
    hidden({ id: 'household', body: () => ({ inAt: null, outAt: null, reason: REASON }) }),
  ],
  'GET /api/grade-batches': [empty()],
  'POST /api/grade-batches': [
    hidden({ body: (w) => ({ area: w.area, persons: [w.person], ...byHand, reason: 'wrong_data' }) }),
  ],
  'POST /api/grade-batches/preview': [
    hidden({ body: (w) => ({ area: w.area, persons: [w.person], ...byHand, reason: 'wrong_data' }) }),
  ],
  'POST /api/grade-batches/{id}/approve': [hidden({ id: 'gradeBatch' })],
  'POST /api/grade-batches/{id}/refuse': [hidden({ id: 'gradeBatch', ...because })],
  // The numbers hold for the whole deployment: whoever reads the rules sees them, and only its highest centre changes them.
  'GET /api/grade-guard': fixed('public'),
  'POST /api/grade-guard': [refused({ body: () => ({ settings: { floor: 900 }, reason: '试一下' }) })],
  'POST /api/grade-guard/preview': [refused({ body: () => ({ settings: { floor: 900 } }) })],
  'POST /api/grade-guard/{id}/approve': [hidden({ id: 'run' })],
  'POST /api/grade-guard/{id}/refuse': [hidden({ id: 'run', ...because })],
  'GET /api/grade-reasons': fixed('public'),
  'GET /api/grade-runs': [empty()],
  'GET /api/grade-runs/{id}': [hidden({ id: 'run' })],
  'POST /api/grade-runs': [hidden({ body: (w) => ({ ruleSetId: w.ruleSet }) })],
  'POST /api/grade-runs/preview': [hidden({ body: (w) => ({ ruleSetId: w.ruleSet }) })],
  'POST /api/grade-runs/{id}/approve': [hidden({ id: 'run' })],
  'POST /api/grade-runs/{id}/refuse': [hidden({ id: 'run', ...because })],
  'GET /api/graded': list(),
  'GET /api/graded/counts': [hidden(inArea)],
  'GET /api/households': listAtDoor(),
  'GET /api/households/{id}': [hiddenAtDoor({ id: 'household' })],
  'POST /api/households': [
    hiddenAtDoor({ body: (w) => ({ id: randomUUID(), area: w.grid, kind: 'home', door: '1号' }) }),
  ],
  'POST /api/households/import': [
    hidden({ body: (w) => ({ area: w.area, source: 'probe', rows: [{ row: 1, name: '某某', grid: w.grid }] }) }),
  ],
  'POST /api/households/import/file': [
    hidden({
      upload: (w) => ({
        fields: { area: w.area, source: 'probe' },
        lines: ['网格编码,姓名,证件号码', `${w.grid},某某,329900198001010018`],
      }),
    }),
  ],
  'POST /api/households/near': [hiddenAtDoor({ body: (w) => ({ area: w.grid, door: '1号' }) })],
  'GET /api/jobs': [empty(), empty({ query: (w) => ({ subject: `batch:${w.batch}` }) })],
  'GET /api/jobs/{id}': [hidden({ id: 'job' })],
  'GET /api/list-entries': listAtDoor(inAreaDays).concat(emptyAtDoor({ query: (w) => ({ pushId: w.push, ...days }) })),
  'GET /api/list-entries/export.csv': [hidden(inAreaDays)],
  'POST /api/login': fixed('open'),
  'POST /api/login/code': fixed('open'),
  'POST /api/login/code/verify': fixed('open'),
  'POST /api/login/totp': fixed('open'),
  'POST /api/login/totp/enrol': fixed('open'),
  'POST /api/login/totp/enrol/confirm': fixed('open'),
  'POST /api/activation': fixed('open'),
  'POST /api/activation/code': fixed('open'),
  'POST /api/recovery': fixed('open'),
  'POST /api/logout': fixed('own'),
  'GET /api/me': fixed('own'),
  'GET /api/me/notices': fixed('own'),
  'GET /api/me/sessions': fixed('own'),
  'POST /api/me/lang': fixed('own'),
  'POST /api/me/notices/read': fixed('own'),
  'POST /api/me/password': fixed('own'),
  'POST /api/me/sessions/end-others': fixed('own'),
  'POST /api/me/sessions/{id}/end': [hiddenAtDoor({ id: 'session' })],
  'POST /api/me/totp/confirm': fixed('own'),
  'POST /api/me/totp/enrol': fixed('own'),
  'GET /api/people': [...listAtDoor(), emptyAtDoor({ query: (w) => ({ householdId: w.household }) })],
  'GET /api/people/changes/mine': fixed('own'),
  'GET /api/people/conflicts': list(),
  'POST /api/people/conflicts/{id}/open': [hidden({ id: 'person' })],
  'POST /api/people/conflicts/{id}/decide': [
    hidden({ id: 'person', body: () => ({ decision: 'keep', reason: REASON, seen: 'x' }) }),
  ],
  'POST /api/people/{id}/change': [
    hiddenAtDoor({ id: 'person', body: () => ({ changes: { sex: { from: 0, to: 1 } }, occurredAt: NOW }) }),
  ],
  'POST /api/households/{id}/change': [
    hiddenAtDoor({
      id: 'household',
      body: () => ({ changes: { use: { from: 'self', to: 'rented' } }, occurredAt: NOW }),
    }),
  ],
  // Asking for help is never refused; what is asked about is the caller's own.
  'POST /api/help': fixed('own'),
  'GET /api/help': list(),
  'GET /api/help/mine': fixed('own'),
  'POST /api/help/{id}/see': [hidden({ id: 'person' })],
  'POST /api/help/{id}/close': [hidden({ id: 'person' })],
  'GET /api/people/reviews': listAtDoor(),
  'GET /api/people/unresolved': listAtDoor(),
  'GET /api/people/{id}': [hiddenAtDoor({ id: 'person' })],
  'GET /api/people/{personId}/grade': [hidden({ id: 'person' })],
  'POST /api/people': [hiddenAtDoor({ body: (w) => ({ name: '某某某', area: w.grid }) })],
  'POST /api/people/merge': [hidden({ body: (w) => ({ from: w.person, into: w.other, reason: REASON }) })],
  'POST /api/people/near': [hiddenAtDoor({ body: (w) => ({ area: w.grid, name: '某某某' }) })],
  'POST /api/people/open-page': [hiddenAtDoor({ body: (w) => ({ ids: [w.person], purpose: 'check_at_door' }) })],
  'POST /api/people/reviews/{id}/decide': [hidden({ id: 'person', body: () => ({ decision: 'different' }) })],
  'POST /api/people/search': [
    emptyAtDoor({ body: (w) => ({ text: w.document, by: 'document' }) }),
    hiddenAtDoor({ body: (w) => ({ text: w.document, by: 'document', area: w.area }) }),
  ],
  'POST /api/people/unresolved/{id}/assign': [hidden({ id: 'person', body: () => ({ area: ELSEWHERE }) })],
  'POST /api/people/{id}/move': [hiddenAtDoor({ id: 'person', body: () => ({ area: ELSEWHERE, fromDay: DAY }) })],
  'POST /api/people/{id}/open': [hiddenAtDoor({ id: 'person', body: () => ({ purpose: 'check_at_door' }) })],
  'POST /api/people/{id}/undo-merge': [hidden({ id: 'person', ...because })],
  'POST /api/people/{personId}/grade': [hidden({ id: 'person', body: () => ({ ...byHand, reason: 'wrong_data' }) })],
  'GET /api/pushes': list(),
  'GET /api/pushes/{id}': [hidden({ id: 'push' })],
  'POST /api/pushes': [hidden({ body: (w) => ({ id: randomUUID(), area: w.area, campaignId: w.campaign }) })],
  'POST /api/pushes/{id}/decide': [hidden({ id: 'push', body: () => ({ approve: true }) })],
  'GET /api/recoveries': [empty()],
  'POST /api/recoveries/{id}/decide': [hidden({ id: 'recovery', body: () => ({ approve: true }) })],
  'GET /api/retention': fixed('own'),
  'GET /api/retention/manifests': fixed('public'),
  'GET /api/risk-areas': fixed('public'),
  'POST /api/risk-areas': [refused({ body: (w) => ({ area: w.area, level: 'high', from: DAY, reason: REASON }) })],
  'POST /api/risk-areas/import': [
    refused({ upload: (w) => ({ lines: ['区划代码,风险等级,起始日期', `${w.area},高风险,2020-02-01`] }) }),
  ],
  'POST /api/risk-areas/{id}/end': [refused({ id: 'risk', body: () => ({ to: '2020-03-01', reason: REASON }) })],
  'POST /api/risk-areas/{id}/withdraw': [refused({ id: 'risk', ...because })],
  'GET /api/role-proposals': [empty()],
  'POST /api/role-proposals/{id}/decide': [hidden({ id: 'proposal', body: () => ({ approve: true }) })],
  'GET /api/rule-set-presets': fixed('public'),
  'GET /api/rule-sets': [empty({ query: () => ({ state: 'draft' }) })],
  'GET /api/rule-sets/{id}': [hidden({ id: 'ruleSet' })],
  'POST /api/rule-sets': [hidden({ body: (w) => ({ document: rules(w.area) }) })],
  'POST /api/rule-sets/validate': fixed('own'),
  'POST /api/rule-sets/{id}/approve': [hidden({ id: 'ruleSet' })],
  'POST /api/rule-sets/{id}/propose': [hidden({ id: 'ruleSet' })],
  'POST /api/rule-sets/{id}/refuse': [hidden({ id: 'ruleSet', ...because })],
  'GET /api/sync/drafts': fixed('own'),
  'GET /api/forms': listAtDoor(),
  'GET /api/forms/active': [hiddenAtDoor(inArea)],
  'POST /api/forms': [hidden({ body: (w) => ({ id: randomUUID(), area: w.area, form }) })],
  'POST /api/forms/{id}/decide': [hidden({ id: 'person', body: () => ({ approve: true }) })],
  'GET /api/instructions': listAtDoor(),
  'GET /api/instructions/{id}': [hiddenAtDoor({ id: 'person' })],
  'GET /api/instructions/{id}/attachments/{attachment}': [hiddenAtDoor({ id: 'person' })],
  'GET /api/instructions/{id}/children': [hiddenAtDoor({ id: 'person', ...inArea })],
  'GET /api/instructions/{id}/receipts': [hiddenAtDoor({ id: 'person', ...inArea })],
  'POST /api/instructions': [hidden({ body: (w) => ({ id: randomUUID(), area: w.area, instruction: orderTo(w) }) })],
  'POST /api/instructions/preview': [hidden({ body: (w) => ({ area: w.area, instruction: orderTo(w) }) })],
  'POST /api/instructions/attachments/{id}': fixed('own'),
  'POST /api/instructions/{id}/change': [
    hidden({ id: 'person', body: () => ({ version: 1, title: '改期', text: '改期', dueAt: NOW, reason: REASON }) }),
  ],
  'POST /api/instructions/{id}/note': [hidden({ id: 'person', body: (w) => ({ area: w.area }) })],
  'POST /api/instructions/{id}/pass': [hidden({ id: 'person', body: (w) => ({ area: w.area }) })],
  'POST /api/instructions/{id}/recall': [hidden({ id: 'person', body: () => ({ version: 1, reason: REASON }) })],
  'POST /api/instructions/{id}/receipt': [
    hiddenAtDoor({ id: 'person', body: (w) => ({ area: w.grid, version: 1, says: 'read' }) }),
  ],
  'GET /api/gate/me': fixed('own'),
  'GET /api/gate/passes': [hidden({ query: (w) => ({ gateId: w.gate }) })],
  'GET /api/gate/expected': [hidden({ query: (w) => ({ gateId: w.gate }) })],
  'POST /api/gate/document': [
    hidden({ body: (w) => ({ gateId: w.gate, number: w.document, name: '某某', how: 'typed' }) }),
  ],
  // Each item is answered alone; server/checkpoints/gates.pg.test.ts holds who may file where (GATE-6).
  'POST /api/passages': fixed('own'),
  'GET /api/passages': list(),
  'GET /api/gates': list(),
  'GET /api/gates/figures': [hidden(inArea)],
  'GET /api/gates/referrals': list(),
  'POST /api/gates/referrals/{id}/close': [hidden({ id: 'referral', body: () => ({ outcome: 'arrived' }) })],
  'POST /api/gates/referrals/{id}/open': [hidden({ id: 'referral', body: () => ({ purpose: 'contact_person' }) })],
  'GET /api/gates/openings': list(),
  'POST /api/gates/openings': [
    hidden({
      body: (w) => ({ id: randomUUID(), caseNumber: '越权-0001', gateIds: [w.gate], ...hours, reason: REASON }),
    }),
  ],
  'POST /api/gates/openings/{id}/decide': [hidden({ id: 'opening', body: () => ({ approve: true }) })],
  'POST /api/gates/openings/{id}/result': [hidden({ id: 'opening' })],
  // Days of the whole deployment and what is left of them, in numbers.
  'GET /api/gates/deletions': fixed('own'),
  'GET /api/gates/deletions/{day}': fixed('own'),
  'GET /api/gates/{id}': [hidden({ id: 'gate' })],
  'POST /api/gates': [hidden({ body: (w) => ({ id: randomUUID(), area: w.grid, ...gate }) })],
  'POST /api/gates/{id}': [hidden({ id: 'gate', body: () => ({ version: 1, ...gate }) })],
  'POST /api/gates/{id}/close': [hidden({ id: 'gate', ...because })],
  'GET /api/live': fixed('own'),
  'GET /api/photos/{id}': [hidden({ id: 'visit', query: () => ({ purpose: 'medical_help' }) })],
  'PUT /api/photos/{id}': fixed('own'),
  'GET /api/observations/{id}/photos/{photo}': [
    hiddenAtDoor({ id: 'observation', query: () => ({ purpose: 'medical_help' }) }),
  ],
  // By who took the step that names the picture; a test of the room holds it (OBS-10).
  'PUT /api/observations/{id}/photos/{photo}': fixed('own'),
  'GET /api/worker-load': list(),
  'GET /api/services/{id}/photos/{photo}': [
    hiddenAtDoor({ id: 'service', query: () => ({ purpose: 'medical_help' }) }),
  ],
  // By who took the step that names the picture; a test of the room holds it (SERV-7).
  'PUT /api/services/{id}/photos/{photo}': fixed('own'),
  'GET /api/sync/contacts': [hidden(inArea)],
  'POST /api/sync/contacts': [
    hidden({ body: (w) => ({ area: w.area, role: 'clinic', name: '某某卫生院', phone: '120' }) }),
  ],
  'GET /api/sync/handovers': list(),
  'GET /api/sync/handovers/mine': fixed('own'),
  'POST /api/sync/handovers/{id}/open': [hidden({ id: 'person', body: () => ({ purpose: 'correct_record' }) })],
  'POST /api/sync/handovers/{id}/set-aside': [hidden({ id: 'person', ...because })],
  'POST /api/sync/handovers/{id}/take': [hidden({ id: 'person' })],
  'GET /api/sync/phones': list(),
  'GET /api/sync/phones/mine': fixed('own'),
  'GET /api/sync/phones/{device}/tries': [hidden({ id: 'account', query: (w) => ({ account: w.account }) })],
  'POST /api/sync/phones': fixed('own'),
  'POST /api/sync/phones/{device}/found': [hidden({ id: 'account', body: (w) => ({ account: w.account }) })],
  'POST /api/sync/phones/{device}/lost': [
    hidden({ id: 'account', body: (w) => ({ account: w.account, reason: REASON }) }),
  ],
  'GET /api/sync/unsynced': [
    empty({ query: () => ({ since: DAY }) }),
    hidden({ query: (w) => ({ area: w.area, since: DAY }) }),
  ],
  'GET /api/sync/wake': fixed('own'),
  'POST /api/sync/wake': fixed('own'),
  'POST /api/sync/wake/end': fixed('own'),
  // What is pushed is answered item by item, and what is pulled is one's own grids: their own tests hold that.
  'POST /api/sync/pull': fixed('own'),
  'POST /api/sync/push': fixed('own'),
  // By the phone's own secret, without a session.
  'POST /api/sync/sealed': fixed('open'),
  'POST /api/sync/cleared': fixed('open'),
  'GET /api/stats/closed': listAtDoor(),
  'GET /api/stats/dispositions': [emptyAtDoor(), hiddenAtDoor(inAreaDays)],
  'GET /api/stats/export.csv': [hidden(inAreaDays)],
  'GET /api/stats/figures': [hiddenAtDoor(inAreaDays)],
  'GET /api/stats/metrics': fixed('public'),
  'GET /api/stats/sources': [empty({ query: () => days }), hidden(inAreaDays)],
  'GET /api/tasks': listAtDoor().concat(emptyAtDoor({ query: (w) => ({ campaignId: w.campaign }) })),
  'GET /api/tasks/export.csv': [hidden(inArea)],
  'GET /api/tasks/{id}': [hiddenAtDoor({ id: 'task' })],
  'GET /api/tasks/{id}/owners': [hidden({ id: 'task' })],
  'POST /api/tasks/assign': [hidden({ body: (w) => ({ ids: [w.task], to: w.account }) })],
  'POST /api/tasks/{id}/accept': [hiddenAtDoor({ id: 'task' })],
  'POST /api/tasks/{id}/attempt': [
    hiddenAtDoor({ id: 'task', body: () => ({ channel: 'phone', result: 'no_answer' }) }),
  ],
  'POST /api/tasks/{id}/locate': [hidden({ id: 'task', body: () => ({ reason: REASON }) })],
  'POST /api/tasks/{id}/open': [hiddenAtDoor({ id: 'task', body: () => ({ purpose: REASON }) })],
  'POST /api/tasks/{id}/pass': [hidden({ id: 'task', body: () => ({ area: ELSEWHERE, reason: REASON }) })],
  'POST /api/tasks/{id}/return': [
    hiddenAtDoor({ id: 'task', body: () => ({ reason: 'not_my_area', evidence: REASON }) }),
  ],
  'POST /api/tasks/{id}/review': [hidden({ id: 'task', body: () => ({ decision: 'confirm', reason: REASON }) })],
  'GET /api/team-templates': [hiddenAtDoor(inArea)],
  'POST /api/team-templates': [
    hidden({
      body: (w) => ({
        area: w.area,
        name: both,
        roles: [{ role: 'worker', count: 2, cap: 10, reach: 'grid', metres: null, every: 1 }],
        basedOn: null,
      }),
    }),
  ],
  'GET /api/teams': listAtDoor(),
  'POST /api/teams': [hidden({ body: (w) => ({ householdIds: [w.household] }) })],
  'POST /api/teams/caps': [hidden({ body: (w) => ({ accountId: w.account, cap: 3 }) })],
  'POST /api/teams/fill': [hidden({ body: (w) => ({ area: w.area }) })],
  'POST /api/teams/hand-over': [hidden({ body: (w) => ({ from: w.account, to: null, reason: REASON }) })],
  'GET /api/teams/leaves': listAtDoor(),
  'POST /api/teams/leaves': [
    hidden({ body: (w) => ({ id: randomUUID(), accountId: w.account, from: DAY, to: null, standIn: null }) }),
  ],
  'POST /api/teams/leaves/preview': [
    hidden({ body: (w) => ({ accountId: w.account, from: DAY, to: null, standIn: null }) }),
  ],
  'POST /api/teams/leaves/{id}/end': [hidden({ id: 'account', body: () => ({ lastDay: DAY }) })],
  'GET /api/teams/loads': [hiddenAtDoor(inArea)],
  'GET /api/teams/responsible': [hiddenAtDoor({ query: (w) => ({ householdId: w.household }) })],
  'GET /api/teams/summary': [hiddenAtDoor(inArea)],
  'GET /api/teams/visits': listAtDoor(),
  'GET /api/teams/{id}': [hiddenAtDoor({ id: 'household' })],
  'GET /api/teams/{id}/candidates': [hiddenAtDoor({ id: 'household', query: () => ({ role: 'doctor' }) })],
  'POST /api/teams/{id}/end': [hidden({ id: 'household', ...because })],
  'POST /api/teams/{id}/replace': [
    hidden({ id: 'household', body: (w) => ({ role: 'doctor', out: null, in: w.account, reason: REASON }) }),
  ],
  'GET /api/transfers': listAtDoor(inAreaDays),
  'GET /api/visits': [
    ...listAtDoor(inAreaDays),
    emptyAtDoor({ query: (w) => ({ taskId: w.task }) }),
    emptyAtDoor({ query: (w) => ({ householdId: w.household }) }),
    emptyAtDoor({ query: (w) => ({ personId: w.person }) }),
  ],
  'GET /api/visits/export.csv': [hidden(inAreaDays)],
  'GET /api/visits/persons': [...listAtDoor(inAreaDays), emptyAtDoor({ query: (w) => ({ personId: w.person }) })],
  'GET /api/visits/{id}': [hiddenAtDoor({ id: 'visit' })],
  'POST /api/visits': [
    hiddenAtDoor({
      body: (w) => ({
        id: randomUUID(),
        taskId: w.task,
        method: 'door',
        result: 'met',
        occurredAt: `${DAY}T01:00:00Z`,
      }),
    }),
    hiddenAtDoor({
      body: (w) => ({
        id: randomUUID(),
        householdId: w.household,
        method: 'door',
        result: 'met',
        occurredAt: `${DAY}T01:00:00Z`,
      }),
    }),
  ],
  'POST /api/visits/{id}/open': [hiddenAtDoor({ id: 'visit', body: () => ({ purpose: REASON }) })],
  'GET /api/watches': listAtDoor(),
  'GET /api/watches/coverage': [hiddenAtDoor(inArea)],
  'GET /api/watches/leaders': [hiddenAtDoor(inArea)],
  'POST /api/watches/make': [hidden({ body: (w) => ({ area: w.area, seal: 'x' }) })],
  'GET /api/watches/mine': fixed('own'),
  'POST /api/watches/move': [hiddenAtDoor({ body: (w) => ({ householdId: w.household, to: w.household }) })],
  'GET /api/watches/notes': listAtDoor(),
  'POST /api/watches/notes': [
    hiddenAtDoor({
      body: (w) => ({ id: randomUUID(), watchId: w.household, householdId: w.household, kind: 'note', rang: null }),
    }),
  ],
  'POST /api/watches/notes/{id}/answer': [hiddenAtDoor({ id: 'household' })],
  'POST /api/watches/notes/{id}/open': [
    hiddenAtDoor({ id: 'household', body: () => ({ purpose: 'deliver_service' }) }),
  ],
  'GET /api/watches/preview': [hidden(inArea)],
  'GET /api/watches/uncovered': [hiddenAtDoor(inArea)],
  'GET /api/watches/{id}': [hiddenAtDoor({ id: 'household' })],
  'POST /api/watches/{id}/join': [hiddenAtDoor({ id: 'household', body: (w) => ({ other: w.task }) })],
  'POST /api/watches/{id}/leader': [hiddenAtDoor({ id: 'household', body: () => ({ leader: { kind: 'none' } }) })],
  'POST /api/watches/{id}/leader/open': [
    hiddenAtDoor({ id: 'household', body: () => ({ purpose: 'contact_person' }) }),
  ],
  'POST /api/watches/{id}/rename': [hiddenAtDoor({ id: 'household', body: () => ({ name: '越权' }) })],
  'POST /api/watches/{id}/split': [
    hiddenAtDoor({ id: 'household', body: (w) => ({ newId: randomUUID(), name: '越权', householdIds: [w.task] }) }),
  ],
  'GET /api/mediations': listAtDoor(),
  'GET /api/mediations/kinds': [hiddenAtDoor(inArea)],
  'GET /api/mediations/mine': fixed('own'),
  'GET /api/mediations/{id}': [hiddenAtDoor({ id: 'dispute' })],
  'GET /api/mediations/{id}/colleagues': [hiddenAtDoor({ id: 'dispute' })],
  'POST /api/mediations': [hiddenAtDoor({ body: (w) => ({ id: randomUUID(), kind: 'access', area: w.grid }) })],
  'POST /api/mediations/{id}/read': [hiddenAtDoor({ id: 'dispute', body: () => ({ purpose: REASON }) })],
  'POST /api/mediations/{id}/step': [hiddenAtDoor({ id: 'dispute', body: () => ({ step: 'take' }) })],
  'GET /api/medicines': listAtDoor(),
  'POST /api/medicines': [
    hiddenAtDoor({ body: (w) => ({ id: randomUUID(), personId: w.person, name: '降压药', stock: 10, perDay: 1 }) }),
  ],
  'POST /api/medicines/search': [
    emptyAtDoor({ body: () => ({ name: '降压药', purpose: REASON }) }),
    hiddenAtDoor({ body: (w) => ({ name: '降压药', purpose: REASON, area: w.area }) }),
  ],
  'POST /api/medicines/{id}/end': [hiddenAtDoor({ id: 'medicine' })],
  'POST /api/medicines/{id}/open': [hiddenAtDoor({ id: 'medicine', body: () => ({ purpose: REASON }) })],
  'POST /api/medicines/{id}/refill': [hiddenAtDoor({ id: 'medicine', body: () => ({ stock: 10, perDay: 1 }) })],
  'GET /api/my/observations': fixed('own'),
  'GET /api/my/observations/{id}/certificate.pdf': [hiddenAtDoor({ id: 'observation' })],
  'GET /api/my/observations/{id}/notice.pdf': [hiddenAtDoor({ id: 'observation' })],
  'GET /api/my/observations/{id}/people': [hiddenAtDoor({ id: 'observation' })],
  'GET /api/my/observations/{id}/readings': [hiddenAtDoor({ id: 'observation' })],
  'GET /api/my/readings': fixed('own'),
  'GET /api/my/services': fixed('own'),
  'POST /api/my/observations/{id}/agree': [
    hiddenAtDoor({ id: 'observation', body: () => ({ strokes: [[0, 0, 10, 10]] }) }),
  ],
  'POST /api/my/observations/{id}/answer': [hiddenAtDoor({ id: 'observation', body: () => ({}) })],
  'POST /api/my/observations/{id}/object': [hiddenAtDoor({ id: 'observation', body: () => ({ words: REASON }) })],
  'POST /api/my/observations/{id}/outing': [
    hiddenAtDoor({
      id: 'observation',
      body: () => ({ purpose: 'medical', from: '2020-02-16T06:00:00Z', to: '2020-02-16T08:00:00Z' }),
    }),
  ],
  'POST /api/my/observations/{id}/outing/over': [hiddenAtDoor({ id: 'observation', body: () => ({}) })],
  'POST /api/my/readings': [hiddenAtDoor({ body: (w) => ({ items: [reading(w)] }) })],
  'POST /api/my/readings/contact': [
    hiddenAtDoor({ body: (w) => ({ county: HERE, observationId: w.observation, contact: 'voice' }) }),
  ],
  'POST /api/my/services': [
    hiddenAtDoor({ body: (w) => ({ id: randomUUID(), observationId: w.observation, kind: 'food' }) }),
  ],
  'POST /api/my/services/{id}/step': [hiddenAtDoor({ id: 'service', body: () => ({ step: 'cancel' }) })],
  'GET /api/my/data': [hiddenAtDoor({ query: (w) => ({ personId: w.person }) })],
  'GET /api/my/data/copy': [hiddenAtDoor({ query: (w) => ({ personId: w.person }) })],
  'GET /api/my/data/opened': [hiddenAtDoor({ query: (w) => ({ personId: w.person }) })],
  'POST /api/my/data/erase': [hiddenAtDoor({ body: (w) => ({ personId: w.person, kinds: ['drafts'] }) })],
  'GET /api/my/declarations': [hiddenAtDoor({ query: (w) => ({ personId: w.person }) })],
  'POST /api/my/declarations': [hiddenAtDoor({ body: (w) => ({ id: randomUUID(), personId: w.person, ...declared }) })],
  'GET /api/my/people': fixed('own'),
  'POST /api/my/people': fixed('own'),
  'POST /api/my/people/{id}/end': [hiddenAtDoor({ id: 'person' })],
  'GET /api/my/places': fixed('own'),
  'GET /api/my/registration': fixed('own'),
  'POST /api/my/registration': fixed('own'),
  'PUT /api/my/registration/draft': fixed('own'),
  'POST /api/my/registration/correct': [hiddenAtDoor({ body: (w) => ({ personId: w.person, changes: { sex: 1 } }) })],
  'POST /api/my/registration/prove': fixed('own'),
  'POST /api/my/registration/number': fixed('own'),
  'POST /api/my/registration/new-holder': fixed('own'),
  'GET /api/my/returns': fixed('own'),
  'POST /api/my/returns': [
    hiddenAtDoor({
      body: (w) => ({
        id: randomUUID(),
        personId: w.person,
        expectedDay: DAY,
        fromArea: '420106',
        transport: 'train',
      }),
    }),
  ],
  'POST /api/my/returns/{id}/step': [hiddenAtDoor({ id: 'return', body: () => ({ step: 'cancel' }) })],
  'GET /api/registrations': listAtDoor(),
  'GET /api/registrations/figures': [hiddenAtDoor(inArea)],
  'GET /api/registrations/held': listAtDoor(),
  'POST /api/registrations/held/{id}/decide': [
    hidden({ id: 'held', body: () => ({ decision: 'refuse', cardSeen: false, reason: REASON }) }),
  ],
  'POST /api/registrations/proxy': [
    hiddenAtDoor({
      body: (w) => ({ id: randomUUID(), ...livesHere(w), answers: declared.answers, words: declared.words }),
    }),
  ],
  'GET /api/registrations/policy': [hidden(inArea)],
  'POST /api/registrations/policy': [
    hidden({ body: (w) => ({ id: randomUUID(), area: w.area, policy: 'suzhou', reason: REASON }) }),
  ],
  'POST /api/registrations/policy/{id}/decide': [hidden({ id: 'policy', body: () => ({ approve: true }) })],
  'GET /api/returns': listAtDoor(),
  'POST /api/returns/{id}/step': [hiddenAtDoor({ id: 'return', body: () => ({ step: 'cancel' }) })],
  'GET /api/my/objections': fixed('own'),
  'GET /api/my/objections/{id}/proofs/{proof}': [hiddenAtDoor({ id: 'objection' })],
  'GET /api/my/passes/{id}/pass.pdf': [hiddenAtDoor({ id: 'pass' })],
  'POST /api/my/objections': [
    hiddenAtDoor({ body: (w) => ({ id: randomUUID(), personId: w.person, ground: 'other', words: REASON }) }),
  ],
  'POST /api/my/objections/{id}/supplement': [hiddenAtDoor({ id: 'objection', body: () => ({ words: REASON }) })],
  'POST /api/my/objections/{id}/withdraw': [hiddenAtDoor({ id: 'objection' })],
  // Bytes that are no picture are refused before anything is looked for.
  'PUT /api/my/objections/{id}/proofs/{proof}': fixed('own'),
  'GET /api/hardship-passes': list(),
  'GET /api/hardship-passes/{id}/pass.pdf': [hidden({ id: 'pass' })],
  'POST /api/hardship-passes': [
    hidden({ body: (w) => ({ id: randomUUID(), personId: w.person, reason: 'birth', hours: 2, to: REASON }) }),
  ],
  'POST /api/hardship-passes/{id}/revoke': [hidden({ id: 'pass', body: () => ({ why: 'mistake' }) })],
  'GET /api/code/keys': fixed('open'),
  'GET /api/code/partners': [empty()],
  'POST /api/code/partners': [
    hidden({ body: (w) => ({ area: w.area, name: '越权测试', purpose: REASON, until: '2020-03-15' }) }),
  ],
  'POST /api/code/partners/{id}/decide': [hidden({ id: 'person', body: () => ({ approve: true }) })],
  'POST /api/code/partners/{id}/end': [hidden({ id: 'person', body: because.body })],
  'GET /api/code/revocations': fixed('open'),
  'POST /api/code/verify': [one('machine', true)({ body: () => ({ text: 'WW1:HELLO' }) })],
  'GET /api/codes/{person}': [hiddenAtDoor({ id: 'person' })],
  'POST /api/codes/{person}/paper': [hiddenAtDoor({ id: 'person' })],
  'POST /api/codes/{person}/resume': [
    hiddenAtDoor({ id: 'person', body: () => ({ cardSeen: true, words: '证件相符' }) }),
  ],
  'POST /api/codes/{person}/stop': [
    hiddenAtDoor({ id: 'person', body: () => ({ why: 'phone_lost', words: '本人说明' }) }),
  ],
  'GET /api/my/codes': [one('refused', true)()],
  'POST /api/my/codes/{person}/days': [
    one('refused', true)({ id: 'person', body: () => ({ days: [{ day: DAY, publicKey: 'A'.repeat(44) }] }) }),
  ],
  'GET /api/my/codes/{person}/export': [one('refused', true)({ id: 'person' })],
  'GET /api/my/codes/{person}/fresh': [one('refused', true)({ id: 'person' })],
  'GET /api/my/codes/{person}/history': [one('refused', true)({ id: 'person', query: () => ({ before: '9' }) })],
  'POST /api/my/codes/{person}/paper': [one('refused', true)({ id: 'person' })],
  'GET /api/contradictions': list(),
  'GET /api/contradictions/figures': [hidden(inArea)],
  'GET /api/contradictions/{id}': [hidden({ id: 'contradiction' })],
  'POST /api/contradictions/{id}/ask': [hidden({ id: 'contradiction', body: () => ({ how: 'call' }) })],
  'POST /api/contradictions/{id}/decide': [hidden({ id: 'contradiction', body: () => ({ outcome: 'unknown' }) })],
  'POST /api/contradictions/{id}/read': [hidden({ id: 'contradiction', body: () => ({ purpose: REASON }) })],
  'GET /api/my/contradictions': fixed('own'),
  'POST /api/my/contradictions/{id}/explain': [hiddenAtDoor({ id: 'contradiction', body: () => ({ words: REASON }) })],
  'GET /api/my/employers': [one('refused', true)()],
  'GET /api/my/employers/link': [one('refused', true)({ query: () => ({ token: 'A'.repeat(22) }) })],
  'POST /api/my/employers/consent': [hiddenAtDoor({ body: (w) => ({ member: w.org }) })],
  'POST /api/my/employers/{id}/withdraw': [hiddenAtDoor({ id: 'org' })],
  'GET /api/my/orgs': [one('refused', true)()],
  'POST /api/my/orgs': [one('refused', true)({ body: (w) => applies(randomUUID(), w.grid.slice(0, 12)) })],
  'GET /api/my/orgs/{id}/lists': [hiddenAtDoor({ id: 'org' })],
  'GET /api/my/orgs/{id}/lists/{list}': [hiddenAtDoor({ id: 'org' })],
  'POST /api/my/orgs/{id}/lists': [
    hiddenAtDoor({ id: 'org', body: () => ({ list: randomUUID(), rows: [{ row: 1, name: '某某', number: '1' }] }) }),
  ],
  'POST /api/my/orgs/{id}/link': [hiddenAtDoor({ id: 'org' })],
  'GET /api/my/orgs/{id}/members': [hiddenAtDoor({ id: 'org' })],
  'POST /api/my/orgs/{id}/members/{member}/end': [hiddenAtDoor({ id: 'org' })],
  'GET /api/my/orgs/{id}/roll': [hiddenAtDoor({ id: 'org' })],
  'POST /api/my/orgs/{id}/roll': [
    hiddenAtDoor({ id: 'org', body: () => ({ day: DAY, present: 1, absent: 0, fever: 0 }) }),
  ],
  'POST /api/my/orgs/{id}/file': [hiddenAtDoor({ id: 'org', body: () => ({ body: resumption }) })],
  'POST /api/my/orgs/{id}/file/submit': [hiddenAtDoor({ id: 'org' })],
  'POST /api/my/orgs/{id}/close': [hiddenAtDoor({ id: 'org' })],
  'GET /api/orgs': list(),
  'GET /api/orgs/{id}': [hidden({ id: 'org' })],
  'POST /api/orgs/{id}/decide': [hidden({ id: 'org', body: () => ({ decision: 'approved' }) })],
  'POST /api/orgs/{id}/file': [hidden({ id: 'org', body: () => ({ step: 'check', met: true }) })],
  'POST /api/orgs/{id}/open': [hidden({ id: 'org', body: () => ({ purpose: REASON }) })],
  'POST /api/orgs/{id}/close': [hidden({ id: 'org' })],
  'POST /api/my/orgs/{id}/officers': [hiddenAtDoor({ id: 'org' })],
  'POST /api/my/orgs/{id}/officers/stop': [hiddenAtDoor({ id: 'org' })],
  'POST /api/my/orgs/{id}/leave': [hiddenAtDoor({ id: 'org' })],
  'GET /api/my/officer-link': [one('refused', true)({ query: () => ({ token: 'A'.repeat(22) }) })],
  'POST /api/my/officer-link': [hiddenAtDoor({ body: () => ({ token: 'A'.repeat(22) }) })],
  'GET /api/objections': list(),
  'GET /api/objections/ask': [hidden({ query: (w) => ({ personId: w.person }) })],
  'GET /api/objections/figures': [hidden(inArea)],
  'GET /api/objections/{id}': [hidden({ id: 'objection' })],
  'GET /api/objections/{id}/proofs/{proof}': [hidden({ id: 'objection', query: () => ({ purpose: REASON }) })],
  'POST /api/objections': [
    hidden({
      body: (w) => ({ id: randomUUID(), personId: w.person, ground: 'other', words: REASON, documentSeen: true }),
    }),
  ],
  'GET /api/objections/{id}/answer.pdf': [hidden({ id: 'objection' })],
  'POST /api/objections/{id}/decide': [
    hidden({ id: 'objection', body: () => ({ decision: 'refused', refusal: 'facts_hold', words: REASON }) }),
  ],
  'POST /api/objections/{id}/open': [hidden({ id: 'objection', body: () => ({ purpose: REASON }) })],
  'POST /api/objections/{id}/step': [hidden({ id: 'objection', body: () => ({ step: 'take' }) })],
  'POST /api/objections/{id}/undo': [hidden({ id: 'objection', body: () => ({ words: REASON }) })],
  'PUT /api/objections/{id}/proofs/{proof}': fixed('own'),
  'GET /api/observation-rules': [hiddenAtDoor(inArea)],
  'POST /api/observation-rules': [
    hidden({ body: (w) => ({ id: randomUUID(), area: w.area, rules: SHIPPED_RULES, reason: REASON }) }),
  ],
  'POST /api/observation-rules/{id}/decide': [hidden({ id: 'person', body: () => ({ approve: true }) })],
  'GET /api/observations': listAtDoor(),
  'GET /api/observations/answerers': [hiddenAtDoor({ query: (w) => ({ personId: w.person }) })],
  'GET /api/observations/board': [hiddenAtDoor(inArea)],
  'GET /api/observations/calendar': [hiddenAtDoor(inAreaDays)],
  'GET /api/observations/doors/mine': fixed('own'),
  'POST /api/observations/doors/{id}/ring': [
    hiddenAtDoor({ id: 'household', body: () => ({ purpose: 'medical_help' }) }),
  ],
  'GET /api/observations/{id}': [hiddenAtDoor({ id: 'observation' })],
  'GET /api/observations/{id}/certificate.pdf': [hiddenAtDoor({ id: 'observation' })],
  'GET /api/observations/{id}/notice.pdf': [hiddenAtDoor({ id: 'observation' })],
  'GET /api/observations/{id}/readings': [hiddenAtDoor({ id: 'observation' })],
  'POST /api/observations': [
    hiddenAtDoor({
      body: (w) => ({
        persons: [{ id: randomUUID(), personId: w.person }],
        measure: 'home_monitoring',
        reason: 'close_contact',
      }),
    }),
  ],
  'POST /api/observations/{id}/certificate': [hiddenAtDoor({ id: 'observation', body: () => ({ purpose: REASON }) })],
  'POST /api/observations/{id}/notice': [hiddenAtDoor({ id: 'observation', body: () => ({ purpose: REASON }) })],
  'POST /api/observations/{id}/open': [hiddenAtDoor({ id: 'observation', body: () => ({ purpose: REASON }) })],
  'POST /api/observations/{id}/step': [
    hiddenAtDoor({ id: 'observation', body: () => ({ do: { step: 'notice', how: 'read' } }) }),
  ],
  'GET /api/readings/calls': listAtDoor(),
  'GET /api/readings/messages': listAtDoor(),
  'GET /api/readings/plan': [hiddenAtDoor(inArea)],
  'GET /api/readings/slots': listAtDoor(),
  'POST /api/readings': [hiddenAtDoor({ body: (w) => ({ how: 'phone', occurredAt: NOW, items: [reading(w)] }) })],
  'POST /api/readings/calls/number': [hiddenAtDoor({ body: (w) => ({ county: HERE, id: w.observation }) })],
  'POST /api/readings/calls/outcome': [
    hiddenAtDoor({ body: (w) => ({ county: HERE, id: w.observation, outcome: 'reached' }) }),
  ],
  'POST /api/readings/contact': [
    hiddenAtDoor({ body: (w) => ({ county: HERE, observationId: w.observation, contact: 'voice' }) }),
  ],
  'POST /api/readings/link/file': fixed('open'),
  'POST /api/readings/link/look': fixed('open'),
  'POST /api/readings/link/stop': fixed('open'),
  'POST /api/readings/open': [hiddenAtDoor({ body: (w) => ({ county: HERE, id: w.observation, purpose: REASON }) })],
  'POST /api/readings/plan': [hidden({ body: (w) => ({ area: w.area, plan: DEFAULT_PLAN, version: 0 }) })],
  // By the key of the SMS gateway.
  'POST /api/readings/reply': fixed('open'),
  // A number that asked for no more messages has no area.
  'POST /api/readings/stop': fixed('own'),
  'POST /api/readings/stop/ask': fixed('own'),
  'POST /api/resident/code': fixed('open'),
  'POST /api/resident/verify': fixed('open'),
  'GET /api/services': listAtDoor(),
  'GET /api/services/kinds': [hiddenAtDoor(inArea)],
  'GET /api/services/mine': fixed('own'),
  'GET /api/services/round': listAtDoor(),
  'GET /api/services/rules': listAtDoor(),
  'GET /api/services/{id}': [hiddenAtDoor({ id: 'service' })],
  'GET /api/services/{id}/helpers': [hiddenAtDoor({ id: 'service' })],
  'POST /api/services': [hiddenAtDoor({ body: (w) => ({ id: randomUUID(), kind: 'food', householdId: w.household }) })],
  'POST /api/services/rules': [
    hiddenAtDoor({
      body: (w) => ({
        id: randomUUID(),
        kind: 'food',
        householdId: w.household,
        rhythm: { type: 'every', days: 1 },
        from: DAY,
      }),
    }),
  ],
  'POST /api/services/rules/{id}/end': [hiddenAtDoor({ id: 'service' })],
  'POST /api/services/{id}/offer': [hiddenAtDoor({ id: 'service' })],
  'POST /api/services/{id}/open': [hiddenAtDoor({ id: 'service', body: () => ({ purpose: REASON }) })],
  'POST /api/services/{id}/step': [hiddenAtDoor({ id: 'service', body: () => ({ step: 'accept' }) })],
  // By the phone's own secret, without a session.
  'PUT /api/sync/photos/{id}/{part}': fixed('open'),
}

const OpenApi = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })

async function routesOf(address: string): Promise<string[]> {
  const { paths } = await new Client(address).read(OpenApi, '/openapi.json')
  return Object.entries(paths)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
    .toSorted()
}

async function call(client: Client, route: string, ask: Ask, w: World): Promise<Answer> {
  const [method = '', path = ''] = route.split(' ')
  const url = path.replaceAll(/\{\w+\}/g, ask.id === undefined ? randomUUID() : w[ask.id])
  if (method === 'GET') return client.get(url, ask.query?.(w) ?? {})
  if (method === 'PUT') return client.send('PUT', url, { headers: { 'x-weiwang': '1' } })
  if (!ask.upload) return client.post(url, ask.body?.(w) ?? {})
  const form = new FormData()
  const { fields = {}, lines } = ask.upload(w)
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new Blob([lines.join('\r\n')]), 'probe.csv')
  return client.send('POST', url, { body: form, headers: { 'x-weiwang': '1' } })
}

function told({ status, body, text }: Answer): string {
  const problem = Problem.safeParse(body)
  return `${status} ${problem.success ? problem.data.code : text.slice(0, 120)}`
}

const Nothing = z.union([
  z.looseObject({ items: z.array(z.looseObject({ n: z.literal(0) })), total: z.literal(0) }),
  z.looseObject({ items: z.array(z.unknown()).length(0), total: z.literal(0).optional() }),
  z.looseObject({ accepted: z.literal(0), unchanged: z.literal(0) }),
  z.looseObject({ seen: z.literal(0) }),
  // The program's own sources belong to the whole deployment (FEED-41).
  z.looseObject({
    items: z.array(z.looseObject({ id: z.enum(['observation', 'declaration']), area: z.literal('32') })).max(2),
  }),
])

/** What is wrong with an answer to somebody from elsewhere, or null. */
function wrongWith(kind: Kind, real: Answer, none: Answer, w: World): string | null {
  const same =
    told(real) === told(none) && Object.keys(Object(real.body)).join() === Object.keys(Object(none.body)).join()
  const leaks = Object.values(w).some(
    (id) => id.length === 36 && id !== w.campaign && id !== w.emergency && id !== w.risk && real.text.includes(id),
  )
  const pair = `${told(real)} | nowhere: ${told(none)}`
  if (leaks) return `names something of ours: ${pair}`
  if (kind === 'hidden') return same && real.status === 404 ? null : pair
  if (kind === 'empty') return Nothing.safeParse(real.body).success && real.status === none.status ? null : pair
  if (kind === 'refused') return real.status === 403 || real.status === 404 ? null : pair
  return null
}

async function sweep(
  client: Client,
  world: World,
  nowhere: World,
  take: (one: Case) => boolean,
  judge: (one: Case, real: Answer, none: Answer) => string | null,
): Promise<{ wrong: string[]; asked: number }> {
  const wrong: string[] = []
  let asked = 0
  for (const [route, cases] of Object.entries(CASES)) {
    for (const [i, one] of cases.entries()) {
      if (!take(one)) continue
      asked++
      const fault = judge(one, await call(client, route, one.ask, world), await call(client, route, one.ask, nowhere))
      if (fault !== null) wrong.push(`${route} #${i} ${one.kind}: ${fault}`)
    }
  }
  return { wrong, asked }
}

const HasId = z.looseObject({ id: z.string() })

async function first<T>(schema: z.ZodType<T>, client: Client, url: string, query: Query = {}): Promise<T> {
  const [found] = (await client.read(Page, url, { ...query, limit: 1 })).items
  if (!found) throw new Error(`there is nothing at ${url}`)
  return schema.parse(found)
}

const Identity = z.looseObject({
  name: z.string().nullable(),
  document: z.looseObject({ number: z.string() }).nullable(),
})

/** People on the lists are registered as having been nowhere, until one of them contradicts what a feed says. */
async function contradictionOf(operator: Client): Promise<string> {
  for (const { personId } of await openTasks(operator)) {
    if (personId === null) continue
    const { name, document } = await operator.write(Identity, `/api/people/${personId}/open`, {
      purpose: 'check_at_door',
    })
    if (name === null || document === null) continue
    await operator.post('/api/registrations/proxy', {
      id: randomUUID(),
      who: { document: { kind: 'resident', number: document.number }, name },
      home: { area: GRID, address: '越权测试路 1 号' },
      answers: { situation: 'living', registeredHere: true, underMeasure: false },
      words: declared.words,
    })
    for (let tries = 0; tries < 8; tries++) {
      const [found] = (await operator.read(Page, '/api/contradictions', { list: 'all', limit: 1 })).items
      if (found) return HasId.parse(found).id
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
  throw new Error('nobody contradicts anything')
}

/** An organisation for which a resident answers who has just registered. */
async function orgOf({ address }: Deployment): Promise<string> {
  const resident = await enterAsResident(address, '13955550199')
  await resident.write(z.unknown(), '/api/my/registration', {
    id: randomUUID(),
    who: { document: { kind: 'resident', number: idNumber('1977-07-07', '377') }, name: '欧阳负责' },
    home: { area: GRID.slice(0, 12), address: '越权测试路 3 号', kind: 'own' },
    answers: declared.answers,
    words: declared.words,
    promise: true,
  })
  const id = randomUUID()
  return (await resident.write(HasId, '/api/my/orgs', applies(id, GRID.slice(0, 12)))).id
}

/** What really exists in the exercise's county, made where the exercise has none. */
async function worldOf(running: Deployment): Promise<World> {
  const operator = await logInAs(running, 'city3205.operator')
  const chief = await logInAs(running, 'city3205.chief')
  const administrator = await logInAs(running, 'city3205.administrator')
  const [task] = (await openTasks(operator)).filter((one) => one.personId !== null && one.householdId !== null)
  if (!task) throw new Error('no open task with a person and a household')
  const person = task.personId ?? ''
  const other = [...(await gradesOf(operator)).keys()].find((id) => id !== person) ?? ''
  const opened = await operator.write(
    z.looseObject({ document: z.looseObject({ number: z.string() }).nullable() }),
    `/api/people/${person}/open`,
    { purpose: 'check_at_door' },
  )
  const ruleSet = (await first(HasId, operator, '/api/rule-sets', { state: 'draft' })).id
  const run = await operator.write(Run, '/api/grade-runs/preview', { ruleSetId: ruleSet })
  await runEnds(operator, run.id)
  await administrator.write(z.unknown(), '/api/accounts', {
    name: '候任',
    area: HERE,
    login: 'county.second',
    roles: ['operator', 'chief'],
  })
  await new Client(running.address).write(z.unknown(), '/api/recovery', {
    identifier: 'county320508.operator',
    kind: 'password',
    reason: '忘记密码（演练）',
  })
  const change = await operator.write(HasId, '/api/areas/changes', {
    plan: { kind: 'rename', code: GRID, name: '第一网格（改）' },
    onDay: '2020-02-20',
  })
  const reasons = await operator.read(
    z.object({ items: z.array(z.looseObject({ code: z.string() })) }),
    '/api/grade-reasons',
  )
  const gradeBatch = await operator.write(HasId, '/api/grade-batches', {
    area: HERE,
    persons: [person],
    ...byHand,
    // Whatever the person has, nothing is never more (GRADE-24).
    grade: null,
    colour: null,
    reason: reasons.items[0]?.code,
  })
  const [service, dispute, medicine] = [randomUUID(), randomUUID(), randomUUID()]
  const householdId = task.householdId ?? ''
  await operator.write(z.unknown(), '/api/services', { id: service, kind: 'food', householdId })
  await operator.write(z.unknown(), '/api/mediations', { id: dispute, kind: 'access', householdId })
  // Whoever of them has a colour that can be objected to.
  const objection = randomUUID()
  const said = { id: objection, ground: 'other', words: REASON, documentSeen: true }
  for (const personId of [person, ...(await gradesOf(operator)).keys()]) {
    const made = await operator.post('/api/objections', { ...said, personId })
    if (made.status === 200) break
  }
  const policy = randomUUID()
  await operator.write(z.unknown(), '/api/registrations/policy', {
    id: policy,
    area: HERE,
    policy: 'zhenjiang',
    reason: REASON,
  })
  // Under another name: somebody looks at it first, so that there is something held.
  await operator.write(z.unknown(), '/api/registrations/proxy', {
    id: randomUUID(),
    who: { document: { kind: 'resident', number: opened.document?.number ?? '' }, name: '越权测试' },
    home: { area: GRID, address: '越权测试路 1 号' },
    answers: declared.answers,
    words: declared.words,
  })
  const pass = randomUUID()
  const way = { reason: 'hospital', hours: 12, to: '市立医院' }
  await operator.write(z.unknown(), '/api/hardship-passes', { id: pass, personId: person, ...way })
  const gateId = (await first(HasId, operator, '/api/gates')).id
  const [referral, opening] = [randomUUID(), randomUUID()]
  const at = { gateId, at: '2020-02-14T01:00:00Z' }
  const refer = { kind: 'referral', id: referral, ...at, passageId: null, why: 'yellow', disposition: 'isolation_site' }
  const who = { name: '某某', document: '', phone: '', address: '', note: '' }
  await operator.write(z.unknown(), '/api/passages', {
    items: [{ ...refer, homeProof: null, homeArea: null, called: null, private: who }],
  })
  const ask = { id: opening, caseNumber: '越权-0001', gateIds: [gateId], ...hours, reason: REASON }
  await operator.write(z.unknown(), '/api/gates/openings', ask)
  const stock = { name: '降压药', stock: 30, perDay: 1 }
  await operator.write(z.unknown(), '/api/medicines', { id: medicine, personId: person, ...stock })
  return {
    observation: (await first(HasId, operator, '/api/observations')).id,
    service,
    dispute,
    objection: (await operator.read(HasId, `/api/objections/${objection}`)).id,
    contradiction: await contradictionOf(operator),
    pass,
    return: (await first(HasId, operator, '/api/returns', { list: 'all' })).id,
    held: (await first(HasId, operator, '/api/registrations/held')).id,
    policy,
    gate: gateId,
    referral: (await first(HasId, operator, '/api/gates/referrals')).id,
    opening,
    medicine,
    org: await orgOf(running),
    area: HERE,
    grid: GRID,
    person,
    other,
    household: task.householdId ?? '',
    document: opened.document?.number ?? '',
    task: task.id,
    visit: (await first(HasId, operator, '/api/visits', days)).id,
    push: (await first(HasId, operator, '/api/pushes')).id,
    batch: (await first(HasId, operator, '/api/batches')).id,
    run: run.id,
    account: (await first(HasId, administrator, '/api/accounts', { area: HERE })).id,
    duty: (await first(HasId, operator, '/api/duties', { area: GRID })).id,
    job: (await first(HasId, operator, '/api/jobs')).id,
    feed: 'telecom',
    ruleSet,
    proposal: (await first(HasId, administrator, '/api/role-proposals')).id,
    recovery: (await first(HasId, chief, '/api/recoveries')).id,
    change: change.id,
    gradeBatch: gradeBatch.id,
    session: (await first(HasId, operator, '/api/me/sessions')).id,
    campaign: (await first(HasId, operator, '/api/campaigns')).id,
    emergency: (await first(HasId, operator, '/api/emergencies')).id,
    risk: (await first(HasId, operator, '/api/risk-areas')).id,
  }
}

function nowhereOf(world: World): World {
  return {
    ...world,
    area: '329901',
    grid: '329901001001001',
    feed: 'nobodys_feed',
    document: '329900198001010018',
    person: randomUUID(),
    contradiction: randomUUID(),
    other: randomUUID(),
    household: randomUUID(),
    task: randomUUID(),
    visit: randomUUID(),
    push: randomUUID(),
    batch: randomUUID(),
    run: randomUUID(),
    account: randomUUID(),
    duty: randomUUID(),
    job: randomUUID(),
    ruleSet: randomUUID(),
    proposal: randomUUID(),
    recovery: randomUUID(),
    change: randomUUID(),
    gradeBatch: randomUUID(),
    session: randomUUID(),
    observation: randomUUID(),
    service: randomUUID(),
    dispute: randomUUID(),
    objection: randomUUID(),
    pass: randomUUID(),
    return: randomUUID(),
    held: randomUUID(),
    policy: randomUUID(),
    gate: randomUUID(),
    referral: randomUUID(),
    opening: randomUUID(),
    medicine: randomUUID(),
    org: randomUUID(),
  }
}

const Review = z.looseObject({ person: z.looseObject({ personId: z.string() }) })
const Made = z.object({ personId: z.string(), outcome: z.string() })

/** What a desk is told when it registers this number, twice, and then looks for it. */
async function registered(desk: Client, document: string): Promise<unknown[]> {
  const body = { name: '某某某', document, area: ELSEWHERE }
  const near = await desk.post('/api/people/near', body)
  const first = await desk.write(Made, '/api/people', body)
  const again = await desk.write(Made, '/api/people', body)
  const one = await desk.get(`/api/people/${first.personId}`)
  const found = await desk.post('/api/people/search', { text: document, by: 'document' })
  const opened = await desk.post(`/api/people/${first.personId}/open`, { purpose: 'contact_person' })
  const grade = await desk.get(`/api/people/${first.personId}/grade`)
  const plain = ({ status, text }: Answer): string =>
    `${status} ${text}`
      .replaceAll(first.personId, '<id>')
      .replaceAll(document, '<number>')
      .replaceAll(/"(sex|birth|updatedAt)":("[^"]*"|\d)/g, '"$1"')
  return [near, one, found, opened, grade]
    .map(plain)
    .concat(first.outcome, again.outcome, `${first.personId === again.personId}`)
}

const Invited = z.looseObject({ account: HasId })
const HandOver = z.object({ handOver: z.string() })
const PASSWORD = 'nine Lanterns over-Xuanwu lake'

async function activate(running: Deployment, login: string, code: string): Promise<Client> {
  const open = new Client(running.address)
  await open.write(z.unknown(), '/api/activation', { identifier: login, code, password: PASSWORD })
  return logIn(running.address, { login, password: PASSWORD })
}

/** A desk of another county with every role that a centre has, made as people make accounts: two administrators and a chief. */
async function outsider(running: Deployment): Promise<Client> {
  const terms = 'accounts create --area 32 --name 第二管理员 --login second.administrator --roles administrator'
  const made = await weiwang(running, terms.split(' '))
  const { code } = z.looseObject({ code: z.string() }).parse(made.value)
  const second = await activate(running, 'second.administrator', code)
  const administrator = await logInAs(running, 'province32.administrator')
  const login = 'xuanwu.desk'
  const { account } = await administrator.write(Invited, '/api/accounts', {
    name: '外区值班',
    area: ELSEWHERE,
    login,
    roles: ['operator', 'analyst', 'chief', 'auditor', 'administrator'],
  })
  for (const item of await second.all(HasId, '/api/role-proposals'))
    await second.write(z.unknown(), `/api/role-proposals/${item.id}/decide`, { approve: true })
  const { handOver } = await administrator.write(HandOver, `/api/accounts/${account.id}/hand-over`)
  const client = await activate(running, login, handOver)
  const me = await client.read(z.looseObject({ roles: z.array(z.string()), scope: z.array(z.unknown()) }), '/api/me')
  expect(me.roles.toSorted()).toEqual(['administrator', 'analyst', 'auditor', 'chief', 'operator'])
  return client
}

test('Show 5: another county finds nothing, by every route', async () => {
  // Some thousand requests, of which a busy machine answers a few a second.
  test.setTimeout(400_000)
  deployment = await startDeployment()
  const running = deployment
  const routes = await routesOf(running.address)
  expect(Object.keys(CASES).toSorted(), 'every route has its case').toEqual(routes)
  const outside = await outsider(running)
  const world = await worldOf(running)
  const nowhere = nowhereOf(world)

  await test.step('without log-in: 401 everywhere but at the open addresses', async () => {
    const nobody = new Client(running.address)
    const wrong: string[] = []
    for (const [route, cases] of Object.entries(CASES)) {
      if (cases[0]?.kind === 'open') continue
      for (const { ask } of cases) {
        const { status } = await call(nobody, route, ask, world)
        if (status !== 401) wrong.push(`${route}: ${status}`)
      }
    }
    expect(wrong).toEqual([])
  })

  await test.step('a desk of another county: not found, the same as what is nowhere', async () => {
    const { wrong, asked } = await sweep(
      outside,
      world,
      nowhere,
      ({ kind }) => kind === 'hidden' || kind === 'empty' || kind === 'refused',
      ({ kind }, real, none) => wrongWith(kind, real, none, world),
    )
    expect(wrong).toEqual([])
    expect(asked).toBeGreaterThan(120)
  })

  await test.step('who lives elsewhere is registered as a stranger is (PEOPLE-17)', async () => {
    const at = (number: string): Promise<unknown[]> => registered(outside, number)
    expect(await at(world.document)).toEqual(await at('329900197204050063'))
    const operator = await logInAs(running, 'city3205.operator')
    const reviews = await operator.all(Review, '/api/people/reviews', { area: HERE, kind: 'same_document' })
    expect(reviews.map(({ person }) => person.personId)).toEqual([world.person])
  })

  await test.step('its auditor sees the tries', async () => {
    const Line = z.looseObject({
      thing: z.string(),
      thingId: z.string(),
      verb: z.string(),
      area: z.string(),
      outcome: z.string(),
    })
    const lines = await outside.all(Line, '/api/audit', { outcome: 'refused' })
    expect(lines.filter((line) => !line.area.startsWith(ELSEWHERE))).toEqual([])
    const tried = new Set(lines.map((line) => line.thingId))
    for (const name of [
      'person',
      'household',
      'task',
      'visit',
      'push',
      'batch',
      'run',
      'account',
      'duty',
      'job',
    ] as const)
      expect(tried.has(world[name]), `a line about the ${name} that was asked for`).toBe(true)
    expect(lines.length).toBeGreaterThan(100)
  })

  await test.step('a worker does not reach the verbs of a centre, in the own grid', async () => {
    const worker = await logInAs(running, `worker${GRID}`)
    const { wrong, asked } = await sweep(
      worker,
      world,
      nowhere,
      ({ worker: may, kind }) => !may && (kind === 'hidden' || kind === 'refused' || kind === 'empty'),
      (_one, real) => (real.status === 403 || real.status === 404 ? null : told(real)),
    )
    expect(wrong).toEqual([])
    expect(asked).toBeGreaterThan(80)
  })
})
