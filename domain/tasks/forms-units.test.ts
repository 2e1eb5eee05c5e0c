import { expect, test } from 'vitest'
import { FORM_PURPOSES } from './form.ts'
import { shippedForm } from './forms-shipped.ts'
import { unitSay } from '../access/questions.ts'

test('CAMPAIGN-2: a unit is said in both languages, or left out where it would say nothing', () => {
  expect(unitSay({ unit: '人', unitEn: 'people' })).toEqual({ zh: '人', en: 'people' })
  expect(unitSay({ unit: '°C' })).toEqual({ zh: '°C', en: '°C' })
  expect(unitSay({ unit: '间' })).toEqual({ zh: '间', en: '' })
  const units = FORM_PURPOSES.flatMap((purpose) => shippedForm(purpose).fields).flatMap(({ ask }) =>
    ask.type === 'number' && ask.unit !== '' ? [unitSay(ask)] : [],
  )
  expect(units.length).toBeGreaterThan(3)
  for (const unit of units) expect(unit.en).toMatch(/^[^\p{Script=Han}]+$/u)
})
