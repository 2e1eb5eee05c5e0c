import { describe, expect, it } from 'vitest'
import type { OutboxItem, OutboxState, RawView } from '../phone/types.ts'
import { bySoonest, carriedOf } from './carried.ts'

const NOW = new Date('2020-02-15T02:00:00.000Z')
const ME = '018f0000-0000-7000-8000-0000000000aa'
const OTHER = '018f0000-0000-7000-8000-0000000000bb'
const id = (n: number): string => `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`

const view = (n: number, more: Record<string, unknown> = {}): RawView => ({
  id: id(n),
  grid: '320508018025001',
  n: 1,
  kind: 'service',
  body: {
    county: '320508',
    area: '320508018025001',
    kind: 'food',
    urgency: 'usual',
    state: 'open',
    masked: '王*明',
    dueBy: '2020-02-15T06:00:00.000Z',
    version: 1,
    ...more,
  },
})

const item = (n: number, body: Record<string, unknown>, state: OutboxState = 'waiting'): OutboxItem => ({
  key: `k${n}`,
  seq: n,
  kind: 'service.step',
  grid: '320508018025001',
  at: NOW.toISOString(),
  state,
  tries: 0,
  problem: null,
  body: { id: id(1), ...body },
  photos: [],
  mends: null,
  recordedAt: null,
  movedTo: null,
  handover: null,
  answer: null,
})

const of = (services: RawView[], outbox: OutboxItem[] = []) =>
  carriedOf({ services, elsewhere: [], outbox, me: ME, now: NOW, zone: 'Asia/Shanghai' })

describe('services on the phone (SERV-2, SERV-6)', () => {
  it('offered to me, mine, of nobody, with others, done: by who has it', () => {
    const parts = of([
      view(1, { state: 'offered', offeredTo: ME }),
      view(2, { state: 'accepted', takenBy: ME }),
      view(3),
      view(4, { state: 'accepted', takenBy: OTHER }),
      view(5, { state: 'done', takenBy: ME }),
    ]).map(({ part, steps }) => ({ part, steps }))
    expect(parts).toEqual([
      { part: 'offered', steps: ['accept', 'decline', 'done'] },
      { part: 'mine', steps: ['start', 'done', 'give_back'] },
      { part: 'open', steps: ['accept', 'done'] },
      { part: 'others', steps: [] },
      { part: 'done', steps: [] },
    ])
  })

  it('a step on this phone shows at once, without a net, and one that came back does not', () => {
    const accept = item(1, { step: 'accept' })
    const done = item(2, { step: 'done', proof: { kind: 'code', code: '4711' } })
    expect(of([view(1)], [accept])[0]).toMatchObject({ part: 'mine', state: 'accepted', takenBy: ME, waiting: 1 })
    expect(of([view(1)], [accept, done])[0]).toMatchObject({ part: 'done', state: 'done', waiting: 2, steps: [] })
    expect(of([view(1)], [item(1, { step: 'accept' }, 'refused')])[0]).toMatchObject({ part: 'open', waiting: 0 })
  })

  it('what another has taken meanwhile is his, whatever waits here', () => {
    const taken = view(1, { state: 'accepted', takenBy: OTHER, takenByName: '李' })
    expect(of([taken], [item(1, { step: 'accept' })])[0]).toMatchObject({ part: 'others', takenByName: '李' })
  })

  it('late is a function of the moment; gone ones and what is not understood are no services (case 19)', () => {
    const list = of([
      view(1, { dueBy: '2020-02-15T01:50:00.000Z' }),
      { ...view(2), body: { gone: true } },
      view(3, { state: 'melted' }),
      view(4, { kind: 'teleport', urgency: 'soon' }),
    ])
    expect(list.map(({ lateMinutes, kind, urgency }) => ({ lateMinutes, kind, urgency }))).toEqual([
      { lateMinutes: 10, kind: 'food', urgency: 'usual' },
      { lateMinutes: 0, kind: 'other', urgency: 'usual' },
    ])
  })

  it('the urgent first, then what is due soonest', () => {
    const list = of([
      view(1, { dueBy: '2020-02-15T03:00:00.000Z' }),
      view(2, { urgency: 'urgent' }),
      view(3, { dueBy: '2020-02-15T02:30:00.000Z' }),
    ])
    expect(list.toSorted(bySoonest).map((one) => one.id)).toEqual([id(2), id(3), id(1)])
  })
})
