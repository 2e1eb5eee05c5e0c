import { beforeEach, describe, expect, test } from 'vitest'
import { dropDraft, loadDraft, saveDraft, tidyDrafts, versionOf, waitingDrafts } from './drafts.ts'
import type { Draft, DraftOf, Store } from './drafts.ts'

function memory(): Store {
  const rows = new Map<string, string>()
  return {
    get length() {
      return rows.size
    },
    key: (i) => [...rows.keys()][i] ?? null,
    getItem: (name) => rows.get(name) ?? null,
    setItem: (name, value) => void rows.set(name, value),
    removeItem: (name) => void rows.delete(name),
  }
}

const draft: Draft = {
  visitId: '01890000-0000-7000-8000-000000000001',
  key: '01890000-0000-7000-8000-000000000002',
  method: 'door',
  result: 'met',
  disposition: 'HERE_MONITOR',
  answers: { fever: false, temperature: 36.5 },
  note: '二单元',
  goesTo: null,
  expectedDay: '',
  supersedes: null,
  correctionReason: '',
  tried: false,
  savedAt: '2026-02-15T09:00:00Z',
}
const of: DraftOf = { account: 'a', form: 'campaign', version: 'v1', subject: 'task-1' }

describe('a draft is kept and is never offered to another form (cases 20 and 51)', () => {
  let store: Store
  beforeEach(() => {
    store = memory()
    saveDraft(store, of, draft)
  })

  test('what was typed comes back whole after a restart', () => {
    expect(loadDraft(store, of)).toEqual(draft)
  })

  test('neither another task, nor another form, nor another version of the form, nor another person gets it', () => {
    const others: DraftOf[] = [
      { ...of, subject: 'task-2' },
      { ...of, form: 'other' },
      { ...of, version: 'v2' },
      { ...of, account: 'b' },
    ]
    expect(others.map((other) => loadDraft(store, other))).toEqual([null, null, null, null])
  })

  test('other questions are another version, the same questions are the same', () => {
    expect(versionOf([{ key: 'a' }])).toBe(versionOf([{ key: 'a' }]))
    expect(versionOf([{ key: 'a' }])).not.toBe(versionOf([{ key: 'b' }]))
  })

  test('a filed visit leaves nothing behind', () => {
    dropDraft(store, of)
    expect(store.length).toBe(0)
  })

  test('a spoiled entry is no draft and breaks nothing', () => {
    store.setItem('weiwang.draft:a:campaign:v1:task-1', '{"visitId":')
    expect(loadDraft(store, of)).toBeNull()
  })

  test('a phone without room is told', () => {
    const full: Store = {
      ...memory(),
      setItem: () => {
        throw new Error('QuotaExceededError')
      },
    }
    expect(saveDraft(full, of, draft)).toBe(false)
  })
})

test('tidying takes old half-written forms, never what was sent without an answer (case 55)', () => {
  const store = memory()
  saveDraft(store, of, draft)
  saveDraft(store, { ...of, subject: 'task-2' }, { ...draft, tried: true })
  tidyDrafts(store, 'a', new Date('2026-03-02T09:00:01Z'))
  expect(loadDraft(store, of)).toBeNull()
  expect(waitingDrafts(store, 'a').map((w) => w.subject)).toEqual(['task-2'])
  expect(waitingDrafts(store, 'b')).toEqual([])
})
