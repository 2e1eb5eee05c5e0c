import { describe, expect, it } from 'vitest'
import { addDays } from '../core/day.ts'
import { dailyCounts, levelFor, readCount, riskSpans } from './counts.ts'

const series = (from: string, figures: (number | null)[]) =>
  figures.flatMap((confirmed, i) => (confirmed === null ? [] : [{ day: addDays(from, i), confirmed }]))
const fresh = (figures: (number | null)[]) =>
  dailyCounts(series('2020-02-01', figures), addDays('2020-02-01', figures.length - 1)).map((d) => d.fresh)

describe('FEED-30 thresholds', () => {
  it('is high above 50, medium from 1 to 50, low at 0', () => {
    expect([0, 1, 50, 51].map(levelFor)).toEqual(['low', 'medium', 'medium', 'high'])
  })
})

describe('FEED-31 what is a place', () => {
  const known = (code: string) => ['4201', '110108', '429004'].includes(code)
  const row = (cityCode: string, city: string, confirmed = '5') =>
    readCount({ date: '2020-02-10', cityCode, city, confirmed }, known)

  it('cuts trailing zeros of cities and takes county codes among them', () => {
    expect(row('420100', '武汉市')).toEqual({ ok: true, count: { area: '4201', day: '2020-02-10', confirmed: 5 } })
    expect(row('110108', '海淀区')).toMatchObject({ ok: true, count: { area: '110108' } })
    expect(row('429004', '仙桃市')).toMatchObject({ ok: true, count: { area: '429004' } })
  })

  it.each([
    ['1100y0', '境外输入'],
    ['110108', ' 境外输入'],
    ['', '两江新区'],
    ['1100xx', '未公布来源'],
    ['', ''],
    ['420000', '湖北省'],
    ['220a61', '梅河口'],
    ['999900', '某市'],
  ])('excludes %s %s', (code, city) => {
    expect(row(code, city)).toHaveProperty('excluded')
  })

  it('names a count that is no number', () => {
    expect(row('420100', '武汉市', '-3')).toMatchObject({ fault: { column: 'confirmed', value: '-3' } })
    expect(row('420100', '武汉市', '')).toHaveProperty('fault')
  })
})

describe('FEED-32 corrections downwards, FEED-33 missing days', () => {
  it('never counts a negative day', () => expect(fresh([10, 7, 7])).toEqual([10, 0, 0]))
  it('takes a fall that is back with the next figure as a slip (Suzhou, 52, 2, 60)', () =>
    expect(fresh([52, 2, 60])).toEqual([52, 0, 8]))
  it('takes a fall that stays as a correction: later cases are new', () =>
    expect(fresh([165, 155, 157, 160])).toEqual([165, 0, 2, 3]))
  it('judges each of two falls by the figure before it', () =>
    expect(fresh([906, 901, 895, 904, 907])).toEqual([906, 0, 0, 3, 3]))
  it('waits over a missing day for the figure that tells a slip', () =>
    expect(fresh([52, 2, null, 60])).toEqual([52, 0, 0, 8]))
  it('carries missing days forward', () => {
    const days = dailyCounts(series('2020-02-01', [3, null, null, 5]), '2020-02-05')
    expect(days.map((d) => [d.confirmed, d.carried, d.fresh])).toEqual([
      [3, false, 3],
      [3, true, 0],
      [3, true, 0],
      [5, false, 2],
      [5, true, 0],
    ])
  })
  it('counts fourteen days with both ends: day 13 after the case is in, day 14 is out', () => {
    const days = dailyCounts([{ day: '2020-02-01', confirmed: 1 }], '2020-02-20')
    expect(days.find((d) => d.day === '2020-02-14')?.level).toBe('medium')
    expect(days.find((d) => d.day === '2020-02-15')?.level).toBe('low')
  })
})

describe('FEED-34 spans', () => {
  it('joins days of one level and lets the last hold for one more window', () => {
    const days = dailyCounts(series('2020-02-01', [60, 60]), '2020-02-16')
    expect(riskSpans(days)).toEqual([
      { level: 'high', from: '2020-02-01', to: '2020-02-14' },
      { level: 'low', from: '2020-02-15', to: '2020-03-01' },
    ])
  })
  it('says nothing of an area without figures', () => expect(riskSpans(dailyCounts([], '2020-02-16'))).toEqual([]))
})
