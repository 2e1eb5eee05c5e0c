import { MOODS as MOOD_CODES, SYMPTOMS as SYMPTOM_CODES } from '@weiwang/domain/observation/reading'
import { SERVICE_KINDS } from '@weiwang/domain/observation/service-api'
import { expect, test } from 'vitest'
import { HELP, MOODS, SYMPTOMS, T } from './texts.ts'

test('every closed word of readings and services has its words here, and no other has', () => {
  expect(Object.keys(SYMPTOMS)).toEqual([...SYMPTOM_CODES])
  expect(Object.keys(MOODS)).toEqual([...MOOD_CODES])
  expect(Object.keys(HELP)).toEqual([...SERVICE_KINDS])
})

test('both languages say something, and fill in the same names', () => {
  for (const [key, { zh, en }] of Object.entries(T)) {
    expect([key, zh.trim() !== '', en.trim() !== '']).toEqual([key, true, true])
    const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? '').toSorted()
    expect([key, names(zh)]).toEqual([key, names(en)])
  }
})
