import { describe, expect, test } from 'vitest'
import type { Actor, Role } from './actor.ts'
import { maskAddress, maskDocument, maskName, maskPhone, mayOpen } from './mask.ts'
import type { Channel } from './mask.ts'

describe('masking (ACCESS-10)', () => {
  test.each([
    ['张三', '张*'],
    ['张小明', '张*明'],
    ['张王小明', '张**明'],
    ['欧阳明', '欧阳*'],
    ['欧阳娜娜', '欧阳**'],
    ['司马相如', '司马**'],
    ['歐陽修文', '歐陽**'],
    // Two characters that happen to be a compound surname are a surname and a name.
    ['欧阳', '欧*'],
    ['林', '*'],
    ['', ''],
    [' 张 三 ', '张*'],
    // Rare characters outside the first plane count as one.
    ['𠮷野家', '𠮷*家'],
    ['王𠮷', '王*'],
    ['买买提·吐尔逊', '买**·吐**'],
    ['Nomsa Dlamini', 'N** D**'],
    ['José', 'J**'],
  ])('%s → %s', (name, masked) => expect(maskName(name)).toBe(masked))

  test('never shows more than two characters of a Chinese name', () => {
    for (const name of ['张三', '欧阳娜娜', '阿卜杜拉', '一二三四五六七'])
      expect(Array.from(maskName(name)).filter((c) => c !== '*').length).toBeLessThanOrEqual(2)
  })

  test.each([
    ['13812345678', '138****5678'],
    ['+8613812345678', '138****5678'],
    ['１３８ １２３４ ５６７８', '138****5678'],
    ['0512-65218888', '051*****8888'],
    ['65218888', '******88'],
    ['110', '***'],
    ['+85291234567', '+85*****4567'],
  ])('%s → %s', (phone, masked) => expect(maskPhone(phone)).toBe(masked))

  test.each([
    ['32050819900101123X', '3***************3X'],
    ['E12345678', 'E******78'],
    ['1234', '****'],
  ])('%s → %s', (number, masked) => expect(maskDocument(number)).toBe(masked))

  test('an address keeps road and estate and loses every number', () => {
    const masked = maskAddress('苏州市姑苏区平江路１２号钮家巷小区3幢甲单元402室')
    expect(masked).toContain('平江路')
    expect(masked).not.toMatch(/[0-9０-９]/)
    expect(maskAddress('十二组三户')).toBe('*组*户')
  })
})

describe('one decision for every channel (ACCESS-10)', () => {
  const GRID = '320508001001001'
  const who = (roles: Role[], scope: string[]): Actor => ({
    kind: 'account',
    id: 'a',
    name: '甲',
    area: '',
    scope,
    roles,
    createdBy: null,
    sessionId: null,
  })
  const CHANNELS: Channel[] = ['list', 'form', 'export', 'map', 'api', 'notification', 'phone']

  test('outside the scope nothing is shown on any channel', () => {
    for (const channel of CHANNELS)
      expect(
        mayOpen(who(['worker', 'chief'], ['320509']), { kind: 'person', area: GRID, channel, purpose: '上门核查' }),
      ).toBe('hidden')
  })

  test('lists, exports, maps and notifications are masked for everybody', () => {
    for (const channel of ['list', 'export', 'map', 'notification'] as const) {
      expect(mayOpen(who(['chief'], ['32']), { kind: 'person', area: GRID, channel, purpose: '上门核查' })).toBe(
        'masked',
      )
    }
  })

  test('opening takes the right and a purpose', () => {
    const worker = who(['worker'], [GRID])
    expect(mayOpen(worker, { kind: 'person', area: GRID, channel: 'form', purpose: '上门核查' })).toBe('open')
    expect(mayOpen(worker, { kind: 'person', area: GRID, channel: 'form' })).toBe('masked')
    expect(mayOpen(worker, { kind: 'person', area: GRID, channel: 'form', purpose: ' ' })).toBe('masked')
    expect(mayOpen(who(['analyst'], ['32']), { kind: 'person', area: GRID, channel: 'form', purpose: '看看' })).toBe(
      'hidden',
    )
  })
})
