import { CreatePerson, HouseholdMember } from '@weiwang/domain/people/api'
import { expect, test } from 'vitest'
import { fieldsOf, NO_PERSON } from './person-draft.ts'

test('empty boxes are not sent, so that the server does not read them as answers', () => {
  const fields = fieldsOf({ ...NO_PERSON, name: ' 王小明 ', phone: ' ' })
  expect(fields).toEqual({ name: '王小明' })
  expect(CreatePerson.safeParse({ ...fields, area: '320508' }).success).toBe(true)
})

test('every box has its field in both requests', () => {
  const fields = fieldsOf({
    name: 'SMITH JOHN',
    sex: '2',
    documentKind: 'passport',
    document: 'E12345678',
    country: 'GBR',
    phone: '13800000000',
    birth: '1990-01',
  })
  expect(CreatePerson.parse({ ...fields, area: '320508' })).toMatchObject({ sex: 2, documentCountry: 'GBR' })
  expect(HouseholdMember.safeParse(fields).success).toBe(true)
})
