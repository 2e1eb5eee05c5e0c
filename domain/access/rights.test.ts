import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Actor, Role } from './actor.ts'
import { can, RIGHTS, THINGS, VERBS } from './can.ts'
import { ineligible } from './duty.ts'
import { boundsOf, CENTRE_ROLES, FIELD_ROLES, mayDecideRecovery, mayGive, scopeOf } from './roles.ts'
import { retentionTable, rightsTable } from './tables.ts'

const GUSU = '320508'
const VILLAGE = '320508001001'

function actor(roles: Role[], scope: string[], more: Partial<Actor> = {}): Actor {
  return {
    kind: 'account',
    id: 'a',
    name: '甲',
    area: scope[0] ?? '',
    scope,
    roles,
    createdBy: null,
    sessionId: null,
    ...more,
  }
}

describe('can (ACCESS-4 to ACCESS-6)', () => {
  test('case 7: without scope nothing, for every role, verb and thing', () => {
    const all = Object.keys(RIGHTS).filter((r): r is Role => r in RIGHTS)
    for (const kind of THINGS)
      for (const verb of VERBS) expect(can(actor(all, []), verb, { kind, area: VILLAGE })).toBe(false)
  })

  test('case 60: rights of several roles are their union', () => {
    const auditorAndOperator = actor(['auditor', 'operator'], [GUSU])
    expect(can(auditorAndOperator, 'read', { kind: 'audit', area: GUSU })).toBe(true)
    expect(can(auditorAndOperator, 'file', { kind: 'visit', area: GUSU })).toBe(true)
    expect(can(actor(['operator'], [GUSU]), 'read', { kind: 'audit', area: GUSU })).toBe(false)
  })

  test('inside the scope only; a prefix of digits is not an area around', () => {
    const chief = actor(['chief'], [GUSU])
    expect(can(chief, 'read', { kind: 'task', area: VILLAGE })).toBe(true)
    expect(can(chief, 'read', { kind: 'task', area: '3205' })).toBe(false)
    expect(can(chief, 'read', { kind: 'task', area: '320509001001' })).toBe(false)
  })

  test('orders from above are read below and never sideways; only reading', () => {
    const chief = actor(['chief'], [VILLAGE])
    for (const kind of ['emergency', 'campaign', 'rule_set', 'feed'] as const) {
      expect(can(chief, 'read', { kind, area: '32' })).toBe(true)
      expect(can(chief, 'read', { kind, area: '320509' })).toBe(false)
      expect(can(chief, 'approve', { kind, area: '32' })).toBe(false)
    }
    expect(can(chief, 'read', { kind: 'risk_area', area: '4201' })).toBe(true)
  })

  test('who approves did not propose, did not create the proposer and was not created by him', () => {
    const area = GUSU
    const chief = actor(['chief'], [GUSU], { createdBy: 'maker' })
    expect(can(chief, 'approve', { kind: 'emergency', area, by: 'b', byCreatedBy: 'c' })).toBe(true)
    expect(can(chief, 'approve', { kind: 'emergency', area, by: 'a' })).toBe(false)
    expect(can(chief, 'approve', { kind: 'emergency', area, by: 'b', byCreatedBy: 'a' })).toBe(false)
    expect(can(chief, 'approve', { kind: 'emergency', area, by: 'maker' })).toBe(false)
  })

  test('an administrator opens no identity and reads no visit; an analyst neither', () => {
    for (const role of ['administrator', 'analyst', 'auditor'] as const) {
      expect(can(actor([role], [GUSU]), 'open', { kind: 'person', area: GUSU })).toBe(false)
      expect(can(actor([role], [GUSU]), 'read', { kind: 'person', area: GUSU })).toBe(false)
    }
  })
})

describe('roles', () => {
  test('ACCESS-7: an operator gives field roles only, a chief no chief, an administrator all but resident', () => {
    const gives = (role: Role): Role[] =>
      [...FIELD_ROLES, ...CENTRE_ROLES, 'resident' as const].filter((r) => mayGive(actor([role], [GUSU]), r))
    expect(gives('operator')).toEqual(FIELD_ROLES)
    expect(gives('chief')).toEqual([...FIELD_ROLES, 'operator', 'analyst'])
    expect(gives('administrator')).toEqual([...FIELD_ROLES, ...CENTRE_ROLES])
    for (const role of ['worker', 'analyst', 'auditor', 'resident'] as const) expect(gives(role)).toEqual([])
  })

  test('ACCESS-1: a desk sees its area, a worker the duties of today, nobody else anything', () => {
    expect(scopeOf({ area: GUSU, roles: ['operator'] }, [])).toEqual([GUSU])
    expect(scopeOf({ area: VILLAGE, roles: ['worker'] }, [])).toEqual([])
    expect(scopeOf({ area: VILLAGE, roles: ['worker'] }, ['320508001001001', '320508001002001'])).toEqual([
      '320508001001001',
      '320508001002001',
    ])
    expect(scopeOf({ area: GUSU, roles: ['operator', 'worker'] }, [VILLAGE])).toEqual([GUSU])
    expect(scopeOf({ area: GUSU, roles: [] }, [])).toEqual([])
  })

  test('ACCESS-2: the bounds are the smallest area around, and none for none', () => {
    expect(boundsOf(['320508001001001', '320508001002001'])).toBe('320508001')
    expect(boundsOf([VILLAGE])).toBe(VILLAGE)
    expect(boundsOf(['320508001001001', '320509001001001'])).toBe('3205')
    expect(boundsOf(['32', '33'])).toBe(null)
    expect(boundsOf([])).toBe(null)
  })

  test('ACCESS-9 (case 53): who may be given an area', () => {
    const w = { id: 'w', area: VILLAGE, state: 'active', roles: ['worker'] as const }
    expect(ineligible(w, '320508001002001')).toBe(null)
    expect(ineligible({ ...w, area: '3205' }, '320508001002001')).toBe(null)
    expect(ineligible({ ...w, state: 'roster' }, VILLAGE)).toBe(null)
    expect(ineligible({ ...w, state: 'closed' }, VILLAGE)).toBe('closed')
    expect(ineligible({ ...w, roles: ['operator'] }, VILLAGE)).toBe('role')
    expect(ineligible(w, '320509001001')).toBe('county')
    expect(ineligible(w, '3205')).toBe('county')
  })

  test('ACCESS-11: recovery is decided above, never by oneself or one’s creature', () => {
    const worker = { id: 'w', area: VILLAGE, createdBy: null, roles: ['worker'] as Role[] }
    const desk = { id: 'd', area: GUSU, createdBy: null, roles: ['operator'] as Role[] }
    expect(mayDecideRecovery(actor(['chief'], [GUSU]), worker)).toBe(true)
    expect(mayDecideRecovery(actor(['chief'], [VILLAGE]), worker)).toBe(true)
    expect(mayDecideRecovery(actor(['operator'], [GUSU]), worker)).toBe(false)
    expect(mayDecideRecovery(actor(['chief'], [GUSU]), desk)).toBe(false)
    expect(mayDecideRecovery(actor(['chief'], ['3205']), desk)).toBe(true)
    expect(mayDecideRecovery(actor(['chief'], ['3205'], { id: 'd' }), desk)).toBe(false)
    expect(mayDecideRecovery(actor(['chief'], ['3205'], { createdBy: 'd' }), desk)).toBe(false)
    const province = { id: 'p', area: '32', createdBy: null, roles: ['chief'] as Role[] }
    expect(mayDecideRecovery(actor(['administrator'], ['32']), province)).toBe(true)
  })
})

test('ACCESS-5, DELETE-1: the page for people says what the code does', () => {
  const page = readFileSync(new URL('../../docs/rules/access.md', import.meta.url), 'utf8')
  expect(page).toContain(rightsTable())
  expect(page).toContain(retentionTable())
})
