import { describe, expect, test } from 'vitest'
import { draftFaults, dueOf, inputOf } from './draft.ts'
import type { Draft } from './draft.ts'

const draft: Draft = {
  id: '0',
  title: '逐户核对',
  text: '今日完成',
  to: [],
  level: '6',
  route: 'straight',
  day: '2020-02-15',
  hour: '18',
  report: false,
  each: false,
  kinds: [],
  purpose: 'household',
  attachments: [],
}
const ZONE = 'Asia/Shanghai'
const NOW = new Date('2020-02-15T02:00:00Z')

describe('an instruction as it is typed', () => {
  test('the hour is an hour of the deployment, wherever the desk stands', () => {
    expect(dueOf(draft, ZONE)?.toISOString()).toBe('2020-02-15T10:00:00.000Z')
    expect(dueOf({ ...draft, day: '2020-02-3' }, ZONE)).toBeNull()
  })

  test('what is missing is named, and a deadline that has passed', () => {
    expect(draftFaults(draft, ZONE, NOW)).toEqual([])
    expect(draftFaults({ ...draft, title: ' 一 ', text: ' ', each: true, hour: '9' }, ZONE, NOW)).toEqual([
      'title',
      'text',
      'past',
      'kinds',
    ])
    expect(draftFaults({ ...draft, day: '' }, ZONE, NOW)).toEqual(['day'])
  })

  test('without a part of the area it is the whole; doors only when asked', () => {
    expect(inputOf(draft, '320506', ZONE)).toMatchObject({ to: ['320506'], level: 6, eachDoor: null })
    expect(
      inputOf({ ...draft, to: [{ code: '320506001', name: '街道' }], each: true, kinds: ['home'] }, '320506', ZONE),
    ).toMatchObject({ to: ['320506001'], eachDoor: { kinds: ['home'], purpose: 'household' } })
  })
})
