import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contains, isAreaCode } from '../../areas/code.ts'
import { buildGazetteer } from './gazetteer.ts'
import { CERTAIN, resolveAddress } from './resolve.ts'
import type { Resolved } from './resolve.ts'

// Namesakes at every level, a zone, a park, and a county far away: every branch of the choice has something to choose from.
const ROWS = [
  ['32', '江苏省'],
  ['3201', '南京市'],
  ['3203', '徐州市'],
  ['320105', '建邺区'],
  ['320106', '鼓楼区'],
  ['320302', '鼓楼区'],
  ['320371', '徐州经济技术开发区'],
  ['320105001', '莫愁湖街道'],
  ['320106003', '湖南路街道'],
  ['320302001', '黄楼街道'],
  ['320371004', '大庙街道'],
  ['320105400', '建邺高新区'],
  ['320105001012', '茶亭社区居委会'],
  ['320105001013', '张庄村委会'],
  ['320106003001', '茶亭社区居委会'],
  ['320302001201', '张庄村委会'],
  ['320302001202', '张庄社区居委会'],
  ['41', '河南省'],
  ['4102', '开封市'],
  ['410204', '鼓楼区'],
].map(([code = '', name = '']) => ({ code, name }))
const gazetteer = buildGazetteer(ROWS)
const known = new Map(ROWS.map((r) => [r.code, r.name]))

const piece = fc.oneof(
  fc.constantFrom(...ROWS.map((r) => r.name)),
  fc.constantFrom(
    '南京',
    '鼓楼',
    '建邺',
    '茶亭社区',
    '张庄村',
    '张庄3组',
    '莫愁胡街道',
    '经开区',
    '湖南路181号',
    '茶亭东街12号',
    '3幢2单元501室',
    '阳光花园',
    ' ',
    '，',
    '(',
    '1',
    '村',
    '江蘇省',
  ),
  fc.string({ maxLength: 4 }),
)
const text = fc.array(piece, { maxLength: 12 }).map((p) => p.join(''))
const prior = fc.constantFrom(null, '32', '3201', '320105', '320302', '410204')

function sound(r: Resolved): void {
  for (const level of r.levels) expect(isAreaCode(level.code)).toBe(true)
  const inside = r.levels.slice(1).every((level, i) => contains(r.levels[i]?.code ?? 'x', level.code))
  expect(inside).toBe(true)
  expect(r.code === null).toBe(r.score === 0)
  if (r.code === null) return
  expect(known.has(r.code)).toBe(true)
  expect(r.score).toBeGreaterThanOrEqual(CERTAIN)
}

test('ADDR-3: whatever is written, the answer is a real area with its levels inside each other, or none', () => {
  fc.assert(
    fc.property(text, prior, (t, p) => sound(resolveAddress({ text: t, prior: p }, gazetteer))),
    { numRuns: 2000 },
  )
})

test('ADDR-1: full-width and half-width forms, and spaces around, give one answer', () => {
  const wide = (t: string) => t.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))
  fc.assert(
    fc.property(text, prior, (t, p) => {
      const plain = resolveAddress({ text: t, prior: p }, gazetteer).code
      expect(resolveAddress({ text: `  ${wide(t)} `, prior: p }, gazetteer).code).toBe(plain)
    }),
    { numRuns: 1000 },
  )
})

test('ADDR-3: a prior never takes the answer to a place that the text without it excludes', () => {
  fc.assert(
    fc.property(text, prior, (t, p) => {
      const without = resolveAddress({ text: t }, gazetteer).code
      const given = resolveAddress({ text: t, prior: p }, gazetteer).code
      if (without === null || given === null) return true
      return contains(without, given) || contains(given, without)
    }),
    { numRuns: 2000 },
  )
})
