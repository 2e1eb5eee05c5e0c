import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  additionFault,
  foldReceipt,
  isLate,
  leavesPhonesAt,
  nextReceipt,
  RECEIPT_EVENT_KINDS,
  receiverLevels,
  stepsDue,
} from './instruction.ts'
import type { ReceiptEvent, ReceiptEventKind } from './instruction.ts'

const event = (kind: ReceiptEventKind, minute = 0, version = 1): ReceiptEvent => ({
  kind,
  at: new Date(Date.UTC(2020, 1, 10, 8, minute)).toISOString(),
  by: 'w',
  version,
})
const states = (kinds: ReceiptEventKind[]) => foldReceipt(kinds.map((kind, i) => event(kind, i))).state

describe('INSTR-2: a receipt is a fold of its events', () => {
  test.each<[ReceiptEventKind[], string]>([
    [['sent'], 'sent'],
    [['sent', 'read'], 'read'],
    [['sent', 'accepted'], 'accepted'],
    [['sent', 'read', 'accepted', 'done'], 'done'],
    [['sent', 'done', 'accepted'], 'done'],
    [['sent', 'done', 'reopened'], 'accepted'],
    [['sent', 'cannot'], 'cannot'],
    [['sent', 'cannot', 'accepted', 'done'], 'done'],
    [['sent', 'accepted', 'recalled', 'done'], 'recalled'],
    [['sent', 'done', 'changed'], 'sent'],
    [['sent', 'recalled', 'changed', 'read'], 'read'],
  ])('%j ends as %s', (kinds, state) => {
    expect(states(kinds)).toBe(state)
  })

  test('done says read and accepted too; the first time counts', () => {
    const receipt = foldReceipt([event('sent', 0), event('done', 5), event('read', 9), event('done', 9)])
    expect([receipt.readAt, receipt.acceptedAt, receipt.doneAt]).toEqual(
      [5, 5, 5].map((minute) => event('done', minute).at),
    )
  })

  test('an escalation says which half of the time has passed: one that nobody was told of is skipped, none is told twice', () => {
    const told = (...steps: number[]) =>
      foldReceipt([event('sent'), ...steps.map((step) => ({ ...event('escalated'), step }))]).escalated
    expect([told(), told(1), told(2), told(1, 3), told(2, 2), told(3, 1)]).toEqual([0, 1, 2, 3, 2, 3])
    expect(foldReceipt([event('sent'), { ...event('escalated'), step: 2 }, event('changed', 9, 2)]).escalated).toBe(0)
  })

  test('an event that comes twice in a row changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...RECEIPT_EVENT_KINDS), { maxLength: 12 }), (kinds) => {
        const receipt = foldReceipt([event('sent'), ...kinds.map((kind, i) => ({ ...event(kind, i), step: i }))])
        if (receipt.escalated > 3) return false
        return RECEIPT_EVENT_KINDS.every((kind) => {
          const said = { ...event(kind, 30), step: 2 }
          const once = nextReceipt(receipt, said)
          return JSON.stringify(nextReceipt(once, said)) === JSON.stringify(once)
        })
      }),
    )
  })
})

describe('INSTR-5: lateness is read from the clock', () => {
  const sent = new Date('2020-02-10T00:00:00Z')
  const due = new Date('2020-02-10T10:00:00Z')
  const at = (hours: number) => new Date(sent.getTime() + hours * 3_600_000)

  test('case 67: the due instant itself is in time', () => {
    expect(isLate({ state: 'accepted' }, due, due)).toBe(false)
    expect(isLate({ state: 'accepted' }, due, new Date(due.getTime() + 1))).toBe(true)
    expect(isLate({ state: 'done' }, due, at(20))).toBe(false)
    expect(isLate({ state: 'recalled' }, due, at(20))).toBe(false)
  })

  test('steps at 50, 100 and 150 % of the time given', () => {
    expect([0, 4.99, 5, 9.99, 10, 14.99, 15, 400].map((hours) => stepsDue(sent, due, at(hours)))).toEqual([
      0, 0, 1, 1, 2, 2, 3, 3,
    ])
    expect(stepsDue(due, sent, at(1))).toBe(3)
  })
})

test('INSTR-10: it leaves the phones seven days after it is over, thirty days after its deadline where it never was done', () => {
  const due = new Date('2020-02-10T10:00:00Z')
  const on = (day: number, hour = 10) => new Date(Date.UTC(2020, 1, day, hour))
  const leaves = (state: 'sent' | 'accepted' | 'cannot' | 'done' | 'recalled', doneAt: Date | null, at: Date) =>
    leavesPhonesAt({ state, doneAt: doneAt?.toISOString() ?? null }, due, at)
  expect(leaves('done', on(8), on(8))).toEqual(on(17))
  expect(leaves('done', on(12), on(20))).toEqual(on(19))
  expect(leaves('recalled', on(8), on(9))).toEqual(on(16))
  for (const state of ['sent', 'accepted', 'cannot'] as const) expect(leaves(state, null, on(8))).toEqual(on(40))
})

test('INSTR-4: a level may add and not weaken', () => {
  const of = { dueAt: '2020-02-10T10:00:00Z' }
  const by = { area: '320508001', receiver: '320508' }
  expect(additionFault(of, by, { text: '', dueAt: '2020-02-10T09:00:00Z' })).toBeNull()
  expect(additionFault(of, by, { text: '带上体温枪', dueAt: null })).toBeNull()
  expect(additionFault(of, by, { text: '', dueAt: '2020-02-10T10:00:01Z' })).toBe('later')
  expect(additionFault(of, by, { text: ' ', dueAt: null })).toBe('empty')
  expect(additionFault(of, { area: '320509', receiver: '320508' }, { text: 'x', dueAt: null })).toBe('not_below')
})

test('receivers lie below the writer', () => {
  expect(receiverLevels('32')).toEqual([2, 3, 4, 5, 6])
  expect(receiverLevels('320508001')).toEqual([5, 6])
  expect(receiverLevels('320508001001')).toEqual([6])
})
