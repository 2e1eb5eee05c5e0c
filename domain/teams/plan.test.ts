import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planVisits, roundsOn } from './plan.ts'
import type { Work } from './plan.ts'
import { SHIPPED_TEMPLATE } from './template.ts'

const DAY = '2020-02-29'
const work = (id: string, more: Partial<Work> = {}): Work => ({
  kind: 'task',
  id,
  householdId: 'h',
  role: 'worker',
  urgency: 3,
  between: null,
  ...more,
})

describe('one visit for several roles (TEAM-10)', () => {
  test('tasks of a doctor, a cadre and a worker at one door are one visit, most urgent first', () => {
    const plans = planVisits(
      [work('a'), work('b', { role: 'doctor', urgency: 1 }), work('c', { role: 'cadre', urgency: 2 })],
      DAY,
    )
    expect(plans).toHaveLength(1)
    expect(plans[0]).toMatchObject({ day: DAY, between: null, roles: ['cadre', 'doctor', 'worker'] })
    expect(plans[0]?.works.map((one) => one.id)).toEqual(['b', 'c', 'a'])
  })

  test('times that meet are one visit at the time that suits all; times that do not are two, and what is free goes with the first', () => {
    const plans = planVisits(
      [
        work('a', { between: [480, 600] }),
        work('b', { between: [540, 720] }),
        work('c', { between: [840, 900] }),
        work('d'),
      ],
      DAY,
    )
    expect(plans.map((plan) => [plan.between, plan.works.map((one) => one.id).toSorted()])).toEqual([
      [
        [540, 600],
        ['a', 'b', 'd'],
      ],
      [[840, 900], ['c']],
    ])
    // A moment in common is enough.
    expect(planVisits([work('a', { between: [480, 540] }), work('b', { between: [540, 600] })], DAY)).toHaveLength(1)
  })

  test('nothing is lost or done twice, every work lies in the time of its visit, and there is no visit too many', () => {
    const anyWork = fc.record({
      householdId: fc.constantFrom('h', 'i', 'j'),
      role: fc.constantFrom('worker', 'doctor', 'cadre') as fc.Arbitrary<Work['role']>,
      urgency: fc.integer({ min: 1, max: 3 }),
      between: fc.option(
        fc
          .tuple(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 700 }))
          .map(([a, b]) => [a, a + b] as const),
      ),
    })
    fc.assert(
      fc.property(fc.array(anyWork, { maxLength: 12 }), (given) => {
        const works = given.map((one, i) => work(`w${i}`, one))
        const plans = planVisits(works, DAY)
        expect(plans.flatMap((plan) => plan.works.map((one) => one.id)).toSorted()).toEqual(
          works.map((one) => one.id).toSorted(),
        )
        const fits = (plan: (typeof plans)[number], one: Work): boolean =>
          one.between === null ||
          (plan.between !== null &&
            plan.between[0] >= one.between[0] &&
            plan.between[1] <= one.between[1] &&
            plan.between[0] <= plan.between[1])
        expect(plans.filter((plan) => !plan.works.every((one) => fits(plan, one)))).toEqual([])
        // Visits of one door have no moment in common: otherwise they would be one.
        const meets = (a: (typeof plans)[number], b: (typeof plans)[number]): boolean =>
          a.between !== null && b.between !== null && a.between[0] <= b.between[1] && b.between[0] <= a.between[1]
        const doubled = plans.filter((a) =>
          plans.some((b) => a !== b && a.householdId === b.householdId && meets(a, b)),
        )
        expect(doubled).toEqual([])
      }),
    )
  })

  test('rounds come on the first day and then each every so many days, across the end of February', () => {
    const roles = (day: string) => roundsOn(SHIPPED_TEMPLATE.roles, '2020-02-28', day)
    expect(roles('2020-02-28')).toEqual(['worker', 'doctor', 'cadre', 'officer'])
    expect(roles('2020-02-29')).toEqual(['worker', 'doctor'])
    expect(roles('2020-03-01')).toEqual(['worker', 'doctor', 'cadre'])
    expect(roles('2020-03-02')).toEqual(['worker', 'doctor', 'officer'])
    expect(roles('2020-02-27')).toEqual([])
  })
})
