import type { Reference } from '@weiwang/domain/sync/api'
import { shippedForm } from '@weiwang/domain/tasks/forms-shipped'
import { expect, test } from 'vitest'
import { formFor, purposesFor } from './forms.ts'

const say = { zh: '入户', en: 'Household' }
const ask = { type: 'yes_no', key: 'well', say, required: false }
const form = (id: string, area: string, version: number, fields: unknown[] = [{ ask, of: 'door' }]) => ({
  id,
  area,
  version,
  purpose: 'household',
  form: { purpose: 'household', say, fields },
})
const reference = (forms: Reference['forms']): Reference => ({ version: 'v', campaigns: [], forms })

test('the nearest centre’s form serves, its newest version; another place’s never', () => {
  const all = reference([
    form('shipped', '', 0),
    form('county', '320505', 2),
    form('town', '320505001', 1),
    form('town', '320505001', 3),
    form('elsewhere', '320506', 9),
  ])
  const { id, version } = formFor(all, 'household', '320505001001001')
  expect([id, version]).toEqual(['town', 3])
  expect(formFor(all, 'household', '320505002001001').id).toBe('county')
})

test('without any the shipped one serves; a field that is not known is left out, a form that is none at all is passed over', () => {
  expect(formFor(null, 'shop', 'g').form).toEqual(shippedForm('shop'))
  const odd = reference([
    form('a', '3205', 1, [{ ask }, { ask: { type: 'hologram', key: 'x' } }]),
    { ...form('b', '320505', 1), form: 7 },
  ])
  const used = formFor(odd, 'household', '320505001001001')
  expect([used.id, used.form.fields.map((field) => field.ask.key)]).toEqual(['a', ['well']])
})

test('the usual purpose follows from what the door is', () => {
  expect(['home', 'rental', 'group_rental', 'dormitory', 'shop', 'castle'].map((kind) => purposesFor(kind)[0])).toEqual(
    ['household', 'rental', 'group_rental', 'group_rental', 'shop', 'household'],
  )
})
