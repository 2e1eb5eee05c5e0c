import { describe, expect, test } from 'vitest'
import { centre } from '../centre/texts.ts'
import { checkpoint } from '../checkpoint/texts.ts'
import { login } from '../login/texts.ts'
import { worker } from '../worker/texts.ts'
import { common } from './common.ts'
import type { Texts } from './texts.ts'

const ALL: Record<string, Texts> = { common, login, centre, worker, checkpoint }
const blanks = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1] ?? '').toSorted()
const CHINESE = /[\u4e00-\u9fff]/
/** Said in Chinese to who reads English, on purpose. */
const BOTH_WAYS = new Set(['lang.other', 'question.options.help'])

// That a key has both texts is checked by the compiler; that the texts say the same is checked here.
describe.each(Object.entries(ALL))('texts of %s', (_name, texts) => {
  test('both languages fill in the same blanks', () => {
    const uneven = Object.entries(texts).filter(([, [zh, en]]) => blanks(zh).join() !== blanks(en).join())
    expect(uneven.map(([key]) => key)).toEqual([])
  })

  test('nothing is empty, and no English text is Chinese left as it was', () => {
    const bad = Object.entries(texts).filter(
      ([key, [zh, en]]) => zh.trim() === '' || en.trim() === '' || (CHINESE.test(en) && !BOTH_WAYS.has(key)),
    )
    expect(bad.map(([key]) => key)).toEqual([])
  })
})
