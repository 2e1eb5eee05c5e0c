import { StepBody } from '@weiwang/domain/observation/api'
import { describe, expect, it } from 'vitest'
import { DOOR_FIELDS } from './fields.ts'
import type { DoorField } from './fields.ts'

/** Fails when a form at the door lacks what a step needs, or offers a word that the server would refuse. */
function filled(field: DoorField, n: number): unknown {
  switch (field.kind) {
    case 'yes':
      return false
    case 'count':
      return 0
    case 'choice':
      return Object.keys(field.of)[n % Object.keys(field.of).length]
    case 'codes':
      return ['cough']
    case 'strokes':
      return [[0, 0, 1000, 1000]]
    case 'photo':
      return '018f0000-0000-7000-8000-000000000002'
    case 'moment':
      return '2020-02-20T01:00:00.000Z'
    case 'person':
      return '018f0000-0000-7000-8000-000000000001'
    case 'line':
    case 'tel':
    case 'text':
      return 'words'
  }
}

describe('forms of the steps at a door', () => {
  it.each(Object.entries(DOOR_FIELDS))('%s: what the form asks is what the step needs', (step, fields) => {
    const most = Math.max(1, ...fields.map((field) => (field.kind === 'choice' ? Object.keys(field.of).length : 1)))
    for (let n = 0; n < most; n++) {
      const body = { step, ...Object.fromEntries(fields.map((field) => [field.name, filled(field, n)])) }
      expect(StepBody.safeParse(body).error).toBeUndefined()
    }
  })
})
