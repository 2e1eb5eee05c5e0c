import { MOODS as MOOD_CODES, SYMPTOMS as SYMPTOM_CODES } from '@weiwang/domain/observation/reading'
import { OUTING_AGREED_BY, OUTING_PURPOSES, OUTING_REFUSALS, OUTING_WAYS } from '@weiwang/domain/observation/outing'
import { SERVICE_KINDS } from '@weiwang/domain/observation/service-api'
import { SYMPTOMS as DECLARED } from '@weiwang/domain/feeds/fact'
import { PURPOSES, RELATIONS, SITUATIONS, TRANSPORTS, ERASABLE } from '@weiwang/domain/healthcode/reg-api'
import { PROOF_KINDS } from '@weiwang/domain/healthcode/objection-api'
import { DOCUMENT_KINDS } from '@weiwang/domain/people/api'
import { expect, test } from 'vitest'
import { CODE } from './code/texts.ts'
import { OBJ } from './object/texts.ts'
import { HELP, HOME, MOODS, OUT_AGREED, OUT_BY, OUT_FOR, OUT_NO, SYMPTOMS } from './pages/texts.ts'
import { REG } from './register/texts.ts'
import { RIGHTS } from './rights/texts.ts'
import { T } from './texts.ts'
import type { Say } from './texts.ts'

test('every closed word of readings and services has its words here, and no other has', () => {
  expect(Object.keys(SYMPTOMS)).toEqual([...SYMPTOM_CODES])
  expect(Object.keys(MOODS)).toEqual([...MOOD_CODES])
  expect(Object.keys(HELP)).toEqual([...SERVICE_KINDS])
  expect(Object.keys(OUT_FOR)).toEqual([...OUTING_PURPOSES])
  expect(Object.keys(OUT_BY)).toEqual([...OUTING_WAYS])
  expect(Object.keys(OUT_AGREED)).toEqual([...OUTING_AGREED_BY])
  expect(Object.keys(OUT_NO)).toEqual([...OUTING_REFUSALS])
})

test('every closed word of registration and objections has its words here', () => {
  const lacks = (own: object, prefix: string, codes: readonly string[]): string[] =>
    codes.filter((code) => !(`${prefix}_${code}` in own))
  expect(lacks(REG, 'y', DECLARED)).toEqual([])
  expect(lacks(REG, 't', TRANSPORTS)).toEqual([])
  expect(lacks(REG, 'p', PURPOSES)).toEqual([])
  expect(lacks(REG, 's', SITUATIONS)).toEqual([])
  expect(lacks(REG, 'rel', RELATIONS)).toEqual([])
  expect(lacks(REG, 'd', DOCUMENT_KINDS)).toEqual(['none'])
  expect(lacks(CODE, 'r', RELATIONS)).toEqual([])
  expect(lacks(OBJ, 'p', PROOF_KINDS)).toEqual([])
  expect(lacks(RIGHTS, 'e', ERASABLE)).toEqual([])
})

const ALL: Record<string, Readonly<Record<string, Say>>> = { T, CODE, HOME, REG, OBJ, RIGHTS }
const CHINESE = /[\u4e00-\u9fff]/
/** Said in Chinese to who reads English, on purpose. */
const BOTH_WAYS = new Set(['T.other'])

test.each(Object.entries(ALL))(
  'both languages of %s say something, and fill in the same names',
  (dictionary, texts) => {
    for (const [key, { zh, en }] of Object.entries(texts)) {
      const where = `${dictionary}.${key}`
      expect([where, zh.trim() !== '', en.trim() !== '']).toEqual([where, true, true])
      expect([where, CHINESE.test(en) && !BOTH_WAYS.has(where)]).toEqual([where, false])
      const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? '').toSorted()
      expect([where, names(zh)]).toEqual([where, names(en)])
    }
  },
)
