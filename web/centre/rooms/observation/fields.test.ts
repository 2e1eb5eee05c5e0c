import { StepBody } from '@weiwang/domain/observation/api'
import { describe, expect, it } from 'vitest'
import { STEP_FIELDS, STEP_ORDER } from './fields.ts'
import type { StepField } from './fields.ts'

/** Fails when a step of the server asks for what the desk's form does not, or the form offers a word that the server refuses. */
function filled(field: StepField, n: number): unknown {
  switch (field.kind) {
    case 'yes':
      return false
    case 'count':
      return 0
    case 'degrees':
      return 36.6
    case 'choice':
      return Object.keys(field.of)[n % Object.keys(field.of).length]
    case 'day':
      return '2020-02-20'
    case 'moment':
      return '2020-02-20T01:00:00.000Z'
    case 'area':
      return '320508018025001'
    case 'codes':
      return ['cough']
    case 'person':
      return '018f0000-0000-7000-8000-000000000001'
    case 'photo':
      return '018f0000-0000-7000-8000-000000000002'
    case 'text':
    case 'long':
      return 'words'
  }
}

const words = StepBody.options.map((option) => option.shape.step.value)

describe('forms of the steps at the desk', () => {
  it.each(words)('%s: what the form asks is what the step needs, with every choice it offers', (step) => {
    const fields = STEP_FIELDS[step]
    const most = Math.max(1, ...fields.map((field) => (field.kind === 'choice' ? Object.keys(field.of).length : 1)))
    const team = step === 'team' ? { teamId: '018f0000-0000-7000-8000-000000000001' } : {}
    for (let n = 0; n < most; n++) {
      const asked = fields.filter((field) => field.optional !== true)
      const bodies = [asked, fields].map((some) => ({
        step,
        ...team,
        ...Object.fromEntries(some.map((field) => [field.name, filled(field, n)])),
      }))
      for (const body of bodies) expect(StepBody.safeParse(body).error).toBeUndefined()
    }
  })

  it('has a place in the order for every step', () => {
    expect(STEP_ORDER.toSorted()).toEqual(words.toSorted())
  })
})
