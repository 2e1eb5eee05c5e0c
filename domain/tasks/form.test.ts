import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { askedFields, budgetOf, Form, FORM_PURPOSES, formFaults, formReading, isUnusual } from './form.ts'
import { shippedForm } from './forms-shipped.ts'

describe('the forms that are shipped', () => {
  test.each(FORM_PURPOSES)(
    'FORM-1, FORM-2: %s reads as a form, has no fault and stays within the budget',
    (purpose) => {
      const form = Form.parse(shippedForm(purpose))
      expect(formFaults(form)).toEqual([])
      expect(budgetOf(form).state).not.toBe('refuse')
      for (const { ask } of form.fields) expect(ask.say.zh).not.toBe(ask.say.en)
    },
  )
})

const form = Form.parse({
  purpose: 'household',
  say: { zh: '表', en: 'Form' },
  fields: [
    { ask: { type: 'yes_no', key: 'rented', say: { zh: '租', en: 'r' }, required: true } },
    {
      ask: { type: 'text', key: 'landlord', say: { zh: '房东', en: 'l' }, required: true },
      when: { key: 'rented', is: [true] },
    },
    {
      ask: { type: 'number', key: 't', say: { zh: '体温', en: 't' }, required: true, min: 30, max: 45, decimals: 1 },
      of: 'person',
      usual: { min: 35, max: 41 },
    },
    {
      ask: { type: 'yes_no', key: 'doctor', say: { zh: '就医', en: 'd' }, required: true },
      of: 'person',
      when: { key: 'rented', is: [false] },
    },
  ],
})

test('FORM-3: a field is asked when its condition holds, for the door or for each person', () => {
  const keys = (of: 'door' | 'person', door: object) => askedFields(form, of, { ...door }).map((f) => f.ask.key)
  expect(keys('door', {})).toEqual(['rented'])
  expect(keys('door', { rented: true })).toEqual(['rented', 'landlord'])
  expect(keys('person', { rented: false })).toEqual(['t', 'doctor'])
  const members = [
    { personId: 'a', answers: { t: 36.5 } },
    { personId: 'b', answers: { t: 50, doctor: true } },
  ]
  expect(formReading(form, { rented: false }, members)).toEqual([
    { key: 'doctor', personId: 'a', fault: 'missing' },
    { key: 't', personId: 'b', fault: 'out_of_range' },
  ])
})

test('a number that is possible but unusual is asked once more', () => {
  const [, , temperature] = form.fields
  if (!temperature) throw new Error('no field')
  expect([36.5, 41, 41.1, 34.9].map((t) => isUnusual(temperature, t))).toEqual([false, false, true, true])
})

test('FORM-2: faults name the field', () => {
  const faults = formFaults({
    ...form,
    fields: [
      ...form.fields.slice(1, 2),
      ...form.fields,
      { ...form.fields[1]!, ask: { ...form.fields[1]!.ask, key: 'x' }, when: { key: 'rented', is: ['perhaps'] } },
      { ...form.fields[1]!, ask: { ...form.fields[1]!.ask, key: 'y' }, when: { key: 'nowhere', is: [true] } },
      { ...form.fields[2]!, ask: { ...form.fields[2]!.ask, key: 'z' }, usual: { min: 3, max: 2 } },
    ],
  })
  expect(faults).toEqual([
    { at: 'landlord', fault: 'when_later' },
    { at: 'landlord', fault: 'twice' },
    { at: 'x', fault: 'when_no_answer' },
    { at: 'y', fault: 'when_unknown' },
    { at: 'z', fault: 'range' },
  ])
})

test('whatever the answers are, reading a form never throws and never asks what is hidden', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('rented', 'landlord', 't', 'doctor', '?'), fc.anything()), (answers) => {
      const asked = new Set([...askedFields(form, 'door', answers), ...askedFields(form, 'person', answers, answers)])
      const faults = formReading(form, answers, [{ personId: 'a', answers }])
      const shown = new Set([...asked].map((f) => f.ask.key))
      return faults.every((fault) => shown.has(fault.key))
    }),
  )
})
