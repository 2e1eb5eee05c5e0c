import { shippedForm } from '@weiwang/domain/tasks/forms-shipped'
import type { FormField } from '@weiwang/domain/tasks/form'
import { describe, expect, test } from 'vitest'
import {
  addField,
  conditionsFor,
  faultsByField,
  freshKey,
  moveField,
  removeField,
  setField,
  startEditing,
} from './edit.ts'

const say = { zh: '问', en: 'Ask' }
const yes = (key: string, more: Partial<FormField> = {}): FormField => ({
  of: 'door',
  ask: { type: 'yes_no', key, say, required: false },
  ...more,
})
const start = () =>
  startEditing({
    purpose: 'household',
    say,
    fields: [yes('a'), yes('b', { when: { key: 'a', is: [true] } }), yes('c')],
  })
const keys = (editing: ReturnType<typeof start>) => editing.form.fields.map((field) => field.ask.key)

describe('editing a form', () => {
  test('fields move, go and come with their own identity', () => {
    const moved = moveField(start(), 2, -1)
    expect([keys(moved), moved.ids]).toEqual([
      ['a', 'c', 'b'],
      [0, 2, 1],
    ])
    expect(moveField(start(), 0, -1)).toEqual(start())
    expect(moveField(start(), 2, 1)).toEqual(start())
    const added = addField(removeField(moved, 0), yes('d'))
    expect([keys(added), added.ids]).toEqual([
      ['c', 'b', 'd'],
      [2, 1, 3],
    ])
    expect(freshKey({ ...start().form, fields: [yes('q2')] })).toBe('q3')
  })

  test('FORM-2: each fault stands at its field', () => {
    expect([...faultsByField(start().form)]).toEqual([])
    // What b depends on came after it.
    expect([...faultsByField(moveField(start(), 1, -1).form)]).toEqual([[0, ['when_later']]])
    expect([...faultsByField(removeField(start(), 0).form)]).toEqual([[0, ['when_unknown']]])
    expect([...faultsByField(setField(start(), 2, yes('a')).form)]).toEqual([[2, ['twice']]])
    expect([
      ...faultsByField(setField(start(), 0, yes('a', { ask: { ...yes('a').ask, say: { zh: '', en: '' } } })).form),
    ]).toEqual([[0, ['shape']]])
    let long = start()
    for (let n = 0; n < 12; n++) long = addField(long, yes(freshKey(long.form)))
    expect(faultsByField(long.form).get(-1)).toEqual(['budget'])
  })

  test('a condition looks back, and from a door never at a person', () => {
    const form = { ...start().form, fields: [yes('a', { of: 'person' }), yes('b'), yes('c', { of: 'person' })] }
    expect(conditionsFor(form, 1)).toEqual([])
    expect(conditionsFor(form, 2).map((field) => field.ask.key)).toEqual(['a', 'b'])
    expect(conditionsFor(start().form, 0)).toEqual([])
  })

  test('every shipped form can be edited as it is', () => {
    for (const purpose of ['household', 'listed_person', 'returnee', 'rental', 'group_rental', 'shop'] as const)
      expect([...faultsByField(startEditing(shippedForm(purpose)).form)]).toEqual([])
  })
})
