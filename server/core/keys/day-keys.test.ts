import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DayKeys, openOfDay, sealOfDay } from './day-keys.ts'

const emergencyId = '0190a2d0-0000-7000-8000-000000000001'
const other = '0190a2d0-0000-7000-8000-000000000002'
const place = { table: 'passage', row: 'r', column: 'code_sealed' }
let dir: string
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'weiwang-days-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

test('GATE-12: a key of a day is made once, also by two processes; each day and emergency has its own', () => {
  const file = path.join(dir, 'a.key')
  const [one, two] = [new DayKeys(file), new DayKeys(file)]
  const first = one.take({ emergencyId, day: '2020-02-15' })
  expect([first.made, two.take({ emergencyId, day: '2020-02-15' }).made]).toEqual([true, false])
  const sealed = sealOfDay(first, place, 'ab12')
  const again = two.find({ emergencyId, day: '2020-02-15' })
  expect(again && openOfDay(again, place, sealed)).toBe('ab12')
  const next = one.take({ emergencyId, day: '2020-02-16' })
  expect(openOfDay(next, place, sealed)).toBe(null)
  expect(() => openOfDay(first, { ...place, row: 'another' }, sealed)).toThrow()
  one.take({ emergencyId: other, day: '2020-02-15' })
  expect(one.daysOf(emergencyId)).toEqual(['2020-02-15', '2020-02-16'])
  expect(statSync(one.folder).mode & 0o077).toBe(0)
  for (const name of readdirSync(one.folder)) expect(statSync(path.join(one.folder, name)).mode & 0o077).toBe(0)
})

test('GATE-12: a destroyed key is gone for every process within its memory, and a new one of the day opens nothing of before', () => {
  const file = path.join(dir, 'b.key')
  const [one, two] = [new DayKeys(file), new DayKeys(file)]
  const of = { emergencyId, day: '2020-02-15' }
  const sealed = sealOfDay(one.take(of), place, 'ab12')
  expect(two.find(of)).not.toBeNull()
  one.destroy(of)
  one.destroy(of)
  expect([one.find(of), existsSync(path.join(one.folder, `${emergencyId}.2020-02-15.key`))]).toEqual([null, false])
  two.forget()
  expect(two.find(of)).toBeNull()
  expect(openOfDay(two.take(of), place, sealed)).toBe(null)
})

test('nothing but a day of an emergency is the name of a file', () => {
  const keys = new DayKeys(path.join(dir, 'c.key'))
  for (const day of ['../2020-02-15', '2020-2-15', '', '2020-02-15.key/..'])
    expect(() => keys.find({ emergencyId, day })).toThrow(RangeError)
  expect(() => keys.find({ emergencyId: '../../etc', day: '2020-02-15' })).toThrow(RangeError)
})
