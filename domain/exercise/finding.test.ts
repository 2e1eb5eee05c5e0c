import { describe, expect, it } from 'vitest'
import { answerFault, fieldBudget } from '../access/questions.ts'
import { findDisposition } from '../tasks/disposition.ts'
import { EXERCISE_QUESTIONS } from './campaign.ts'
import { DIVISIONS } from './divisions.fixture.ts'
import { expectedColour } from './expected.ts'
import { findingOf } from './finding.ts'
import { EXERCISE_DAY } from './outbreak.ts'
import { extentOf, planVillages, villagesOf } from './place.ts'
import { population } from './population.ts'
import { rngOf } from './prng.ts'
import { makeScenario } from './scenario.ts'
import type { ExpectedFact } from './scenario.ts'
import { staffOf } from './staff.ts'

const plans = planVillages(villagesOf(DIVISIONS), extentOf('town'))

describe('EX-8 what workers find', () => {
  const truths = [...population('s', plans)].flatMap((v) => makeScenario('s', v, EXERCISE_DAY).truths)

  it('is in the closed list, with what each answer needs, and fits the questions', () => {
    const rng = rngOf('w')
    const faults = truths.flatMap((truth) => {
      const found = findingOf(truth, rng, EXERCISE_DAY, 1)
      const disposition = findDisposition(found.disposition)
      if (!disposition) return [found.disposition]
      const given = { area: found.goesTo, day: found.expectedDay, note: found.note }
      const lacking = disposition.needs.filter((need) => given[need] === null)
      const asked = Object.keys(found.answers).length === 0 ? [] : EXERCISE_QUESTIONS
      return [...lacking, ...asked.flatMap((question) => answerFault(question, found.answers[question.key]) ?? [])]
    })
    expect(faults).toEqual([])
  })

  it('follows the truth: who does not live here is never found here', () => {
    const rng = rngOf('w')
    const found = truths.map((truth) => ({ truth, disposition: findingOf(truth, rng, EXERCISE_DAY, 3).disposition }))
    const away = found.filter(({ truth }) => !truth.livesHere && truth.wrong === null)
    expect(away.length).toBeGreaterThan(0)
    expect(away.filter(({ disposition }) => disposition.startsWith('HERE_'))).toEqual([])
    expect(found.filter(({ truth, disposition }) => truth.wrong !== null && disposition !== 'WRONG_INFO')).toEqual([])
  })

  it('asks fewer questions than a writer is warned at', () => {
    expect(fieldBudget(EXERCISE_QUESTIONS).state).toBe('ok')
  })
})

describe('EX-9 the expected colour', () => {
  const stay = (place: string, from: string, to: string): ExpectedFact => ({
    kind: 'stay',
    place,
    value: null,
    degree: null,
    from,
    to,
  })

  it('includes day 14 and not day 15 (case 25)', () => {
    const facts = [stay('4201', '2020-02-01', '2020-02-05')]
    expect(expectedColour(facts, '2020-02-19')).toBe('red')
    expect(expectedColour(facts, '2020-02-20')).toBe(null)
    expect(expectedColour(facts, '2020-02-04')).toBe(null)
  })

  it('takes the level of the days of the stay', () => {
    expect(expectedColour([stay('3303', '2020-01-20', '2020-01-25')], '2020-02-01')).toBe(null)
    expect(expectedColour([stay('3303', '2020-01-25', '2020-01-28')], '2020-02-01')).toBe('yellow')
  })
})

describe('staff', () => {
  it('has desks at five levels with a second person, a full-time worker for each grid, and every log-in once', () => {
    const staff = staffOf('s', plans)
    for (const length of [2, 4, 6, 9, 12]) {
      const desk = staff.filter((s) => s.area.length === length && s.role !== 'worker')
      expect(new Set(desk.map((s) => s.role))).toContain('operator')
      expect(new Set(desk.map((s) => s.role))).toContain('chief')
    }
    const grids = plans.reduce((n, p) => n + p.grids, 0)
    expect(staff.filter((s) => s.employment === 'full')).toHaveLength(grids)
    expect(staff.every((s) => /^[a-z][a-z0-9._-]{2,39}$/.test(s.login))).toBe(true)
    expect(new Set(staff.map((s) => s.login)).size).toBe(staff.length)
  })
})
