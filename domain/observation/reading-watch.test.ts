import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instantOf } from '../core/day.ts'
import { advance, missedAfter, nextInstant } from './reading-watch.ts'
import type { Advance, Followed } from './reading-watch.ts'
import { DEFAULT_PLAN, slotName } from './slots.ts'

const ZONE = 'Asia/Shanghai'
const at = (day: string, hour: number, minute = 0, second = 0): Date =>
  new Date(instantOf(day, ZONE, hour, minute).getTime() + second * 1000)

const person = (more: Partial<Followed> = {}): Followed => ({
  firstDay: '2020-02-05',
  lastDay: '2020-02-18',
  fromAt: instantOf('2020-02-05', ZONE),
  endedAt: null,
  zone: ZONE,
  handledTo: at('2020-02-05', 0),
  missed: 0,
  since: null,
  how: null,
  ...more,
})
const none = () => false
const came =
  (...names: string[]) =>
  (name: string) =>
    names.includes(name)
const after = (of: Followed, adv: Advance, now: Date): Followed => ({
  ...of,
  handledTo: now,
  missed: adv.missed,
  since: adv.since,
  how: adv.how,
})

describe('READ-9, READ-10 what time does', () => {
  test('answered at 19:59 with a deadline at 20:00: nothing at 20:01', () => {
    const of = person({ handledTo: at('2020-02-05', 19) })
    const adv = advance(DEFAULT_PLAN, of, at('2020-02-05', 20, 1), came('2020-02-05/evening'))
    expect(adv).toMatchObject({ missedSlots: [], missed: 0, how: null, raised: false })
  })

  test('at 20:00 nothing is missed; at 20:01 the call begins', () => {
    const of = person({ handledTo: at('2020-02-05', 19) })
    const just = advance(DEFAULT_PLAN, of, at('2020-02-05', 20), none)
    expect(just.missedSlots).toEqual([])
    expect(just.next).toEqual(at('2020-02-05', 20, 1))
    const later = advance(DEFAULT_PLAN, of, at('2020-02-05', 20, 1), none)
    expect(later.missedSlots.map(slotName)).toEqual(['2020-02-05/evening'])
    expect(later).toMatchObject({ missed: 1, how: 'call', raised: true, since: at('2020-02-05', 20) })
  })

  test('the second in a row goes to the door, a third changes nothing more', () => {
    let of = person({ handledTo: at('2020-02-05', 19) })
    const seen: (string | null)[] = []
    for (const now of [at('2020-02-05', 20, 1), at('2020-02-06', 10, 1), at('2020-02-06', 20, 1)]) {
      const adv = advance(DEFAULT_PLAN, of, now, none)
      seen.push(`${adv.how}${adv.raised ? '!' : ''}`)
      of = after(of, adv, now)
    }
    expect(seen).toEqual(['call!', 'door!', 'door'])
  })

  test('24 hours without a word go to the door also where there is one slot a day', () => {
    const daily = { ...DEFAULT_PLAN, slots: DEFAULT_PLAN.slots.slice(1) }
    const of = person({ handledTo: at('2020-02-05', 19) })
    const now = at('2020-02-05', 20, 1)
    const first = advance(daily, of, now, none)
    expect(first.how).toBe('call')
    expect(first.next).toEqual(at('2020-02-06', 18, 30))
    const morning = advance(daily, after(of, first, now), at('2020-02-06', 18, 30), none)
    expect(morning.remind?.day).toBe('2020-02-06')
    expect(morning.next).toEqual(at('2020-02-06', 20))
    const door = advance(daily, after(of, morning, at('2020-02-06', 18, 30)), at('2020-02-06', 20), none)
    expect(door).toMatchObject({ how: 'door', raised: true, missed: 1 })
  })

  test('reminded once, while the deadline is ahead, and not when it was answered', () => {
    const of = person({ handledTo: at('2020-02-06', 6) })
    expect(advance(DEFAULT_PLAN, of, at('2020-02-06', 8, 30), none).remind?.part).toBe('morning')
    expect(advance(DEFAULT_PLAN, of, at('2020-02-06', 8, 30), came('2020-02-06/morning')).remind).toBeNull()
    expect(
      advance(DEFAULT_PLAN, { ...of, handledTo: at('2020-02-06', 8, 30) }, at('2020-02-06', 9), none).remind,
    ).toBeNull()
  })

  test('a clock that jumps three days: every slot is missed once, one step, nobody is reminded of what is over', () => {
    const of = person({ handledTo: at('2020-02-05', 21) })
    const adv = advance(DEFAULT_PLAN, of, at('2020-02-08', 21), none)
    expect(adv.missedSlots).toHaveLength(6)
    expect(adv).toMatchObject({ remind: null, missed: 6, how: 'door', since: at('2020-02-06', 10) })
    expect(adv.next).toEqual(at('2020-02-09', 8, 30))
  })

  test('after the last day nothing is asked any more, and there is no next instant (case 31)', () => {
    const of = person({ handledTo: at('2020-02-18', 19) })
    const adv = advance(DEFAULT_PLAN, of, at('2020-02-19', 12), none)
    expect(adv.missedSlots.map(slotName)).toEqual(['2020-02-18/evening'])
    // The step by hours is still to come: somebody of whom nothing is heard is not forgotten because the days are over.
    expect(adv.next).toEqual(at('2020-02-19', 20))
    const last = advance(DEFAULT_PLAN, after(of, adv, at('2020-02-19', 12)), at('2020-02-19', 21), none)
    expect(last).toMatchObject({ how: 'door', raised: true, next: null, missedSlots: [] })
  })

  test('no end is known (the exposure goes on): asked on and on, and not once it has ended (case 31)', () => {
    const of = person({ lastDay: '2999-12-31', handledTo: at('2020-09-01', 21) })
    expect(nextInstant(DEFAULT_PLAN, of, none)).toEqual(at('2020-09-02', 8, 30))
    const ended = { ...of, endedAt: at('2020-09-01', 21) }
    expect(nextInstant(DEFAULT_PLAN, ended, none)).toBeNull()
  })

  test('property: however often time is looked at, the same slots are missed and the same step is reached', () => {
    const minutes = fc.array(fc.integer({ min: 1, max: 16 * 1440 }), { maxLength: 30 })
    const answered = fc.uniqueArray(fc.integer({ min: 0, max: 27 }))
    fc.assert(
      fc.property(minutes, answered, (cuts, got) => {
        const all = Array.from(
          { length: 28 },
          (_, i) => `2020-02-${String(5 + Math.floor(i / 2)).padStart(2, '0')}/${i % 2 ? 'evening' : 'morning'}`,
        )
        const answer = came(...got.map((i) => all[i] ?? ''))
        const end = 16 * 1440
        const walk = (stops: readonly number[]) => {
          let of = person()
          const missed: string[] = []
          for (const stop of stops) {
            const now = new Date(of.fromAt.getTime() + stop * 60_000)
            if (now <= of.handledTo) continue
            const adv = advance(DEFAULT_PLAN, of, now, answer)
            missed.push(...adv.missedSlots.map(slotName))
            expect(adv.next === null || adv.next > now).toBe(true)
            of = after(of, adv, now)
          }
          return { missed, how: of.how, count: of.missed }
        }
        expect(walk([...cuts.toSorted((a, b) => a - b), end])).toEqual(walk([end]))
      }),
    )
  })

  test('property: nothing happens before the next instant that was named', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 14 * 1440 }), fc.integer({ min: 1, max: 1440 }), (start, span) => {
        const of = person({ handledTo: new Date(instantOf('2020-02-05', ZONE).getTime() + start * 60_000) })
        const next = nextInstant(DEFAULT_PLAN, of, none)
        const now = new Date(of.handledTo.getTime() + span * 60_000)
        if (next !== null && now >= next) return
        expect(advance(DEFAULT_PLAN, of, now, none)).toMatchObject({ missedSlots: [], remind: null, raised: false })
      }),
    )
  })
})

describe('READ-11 heard from again', () => {
  const slot = (day: string, hour: number, missed: boolean) => ({ dueAt: at(day, hour), missed })
  test('what was missed before the last word counts no more', () => {
    const slots = [slot('2020-02-06', 10, true), slot('2020-02-05', 20, true), slot('2020-02-05', 10, false)]
    expect(missedAfter(slots, null)).toEqual({ missed: 2, since: at('2020-02-05', 20) })
    expect(missedAfter(slots, at('2020-02-06', 11))).toEqual({ missed: 0, since: null })
    // A report of 19:50 that arrives in the morning does not answer for what came after it.
    expect(missedAfter(slots, at('2020-02-05', 20, 30))).toEqual({ missed: 1, since: at('2020-02-06', 10) })
  })
})
