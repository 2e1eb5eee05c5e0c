import type { Feed } from '@weiwang/domain/feeds/api'
import { PRESETS } from '@weiwang/domain/feeds/presets'
import { expect, test } from 'vitest'
import { faultsOf, formOf, requestOf } from './sourceForm.ts'

function feedOf(id: string): Feed {
  const preset = PRESETS.find((p) => p.id === id)
  if (!preset) throw new Error(id)
  const rights = { mayGiveRed: true, red: 'approved' as const, redProposedBy: null, redApprovedBy: null }
  const counts = { hasKey: false, state: 'open' as const, batches: 0, lastBatchAt: null, version: 3 }
  return { ...preset, ...rights, ...counts, area: '3205', owner: '铁路办' }
}

test.each(PRESETS.map((p) => p.id))(
  '%s: what is not touched is sent without its mapping, so red stays (FEED-20)',
  (id) => {
    const feed = feedOf(id)
    const form = formOf(feed)
    expect(requestOf(feed, { ...form, owner: '铁路局' })).not.toHaveProperty('mapping')
    const touched = requestOf(feed, { ...form, columns: form.columns.map((c) => ({ ...c, required: true })) })
    expect(touched.mapping?.columns.map((c) => c.headers)).toEqual(feed.mapping.columns.map((c) => c.headers))
    expect(faultsOf(touched)).toEqual({ places: new Set(), mapping: null })
  },
)

test('faults name their place: an empty owner, a column without a spelling, a bound out of range', () => {
  const feed = feedOf('rail')
  const form = formOf(feed)
  const columns = form.columns.map((c, i) => (i === 1 ? { ...c, headers: ' \n ' } : c))
  const { places } = faultsOf(requestOf(feed, { ...form, owner: ' ', columns, dwellMinutes: 20_000 }))
  expect([...places].toSorted()).toEqual(['bounds.dwellMinutes', 'mapping.columns.1.headers', 'owner'])
})

test('FEED-4, FEED-7: a mapping that collects tracks or finds nobody is refused before it is sent', () => {
  const feed = feedOf('rail')
  const form = formOf(feed)
  const [first, ...rest] = form.columns
  if (!first) throw new Error('no column')
  const tracks = [{ ...first, headers: `${first.headers}\n行动轨迹` }, ...rest]
  expect(faultsOf(requestOf(feed, { ...form, columns: tracks })).mapping?.zh).toContain('行动轨迹')
  const nobody = form.columns.filter((c) => c.meaning !== 'doc_number' && c.meaning !== 'phone')
  expect(faultsOf(requestOf(feed, { ...form, columns: nobody })).mapping?.zh).toContain('证件号码')
})
