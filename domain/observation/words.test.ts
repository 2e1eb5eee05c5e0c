import { expect, it } from 'vitest'
import { MEASURES } from './measure.ts'
import { releaseWords } from './words.ts'

it('OBS-19: a release note says what is true of this one, and no word of health, whoever reads it', () => {
  const care = { stage: 'admitted', at: '2020-02-15T01:00:00.000Z' } as const
  const admitted = releaseWords({ measure: 'home_quarantine', care })
  expect(admitted.zh).toContain('接收单位')
  for (const measure of MEASURES) {
    const note = releaseWords({ measure, care: null })
    expect(note.zh).not.toContain('接收单位')
    for (const { zh, en } of [note, admitted]) {
      expect(`${zh} ${en}`).not.toMatch(/未见|异常|症状|发热|住院|病|nothing|symptom|fever|hospital|ill|negative/i)
    }
  }
  // Self-monitoring ends by itself: nothing was checked, and the note says of no check.
  expect(releaseWords({ measure: 'self_monitoring', care: null }).zh).not.toContain('核查')
  expect(releaseWords({ measure: 'home_quarantine', care: null }).zh).toContain('核查')
})
