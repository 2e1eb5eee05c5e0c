import { describe, expect, it } from 'vitest'
import { coveredAt, hadCovered } from './handover.ts'
import type { Cover } from './handover.ts'

const zone = 'Asia/Shanghai'
const duty = (more: Partial<Cover> = {}): Cover => ({
  area: '320506001001001',
  from: '2020-02-01',
  to: null,
  endedAt: null,
  cutAt: null,
  ...more,
})
const at = (text: string) => new Date(text)

describe('SYNC-13: who covered a place when', () => {
  it('counts both ends of a duty by days of the deployment, whatever zone the server runs in', () => {
    const one = duty({ to: '2020-02-10' })
    expect(coveredAt(one, at('2020-02-01T00:00:00+08:00'), zone)).toBe(true)
    expect(coveredAt(one, at('2020-01-31T23:59:59+08:00'), zone)).toBe(false)
    expect(coveredAt(one, at('2020-02-10T23:59:59+08:00'), zone)).toBe(true)
    expect(coveredAt(one, at('2020-02-11T00:00:00+08:00'), zone)).toBe(false)
  })

  it('an end set at noon for yesterday leaves the morning to who did the work then', () => {
    const one = duty({ to: '2020-02-09', cutAt: at('2020-02-10T12:00:00+08:00') })
    expect(coveredAt(one, at('2020-02-10T11:59:00+08:00'), zone)).toBe(true)
    expect(coveredAt(one, at('2020-02-10T12:00:00+08:00'), zone)).toBe(false)
  })

  it('a duty given and taken back on one day covered the hours between', () => {
    const one = duty({ from: '2020-02-10', endedAt: at('2020-02-10T15:00:00+08:00') })
    expect(coveredAt(one, at('2020-02-10T10:00:00+08:00'), zone)).toBe(true)
    expect(coveredAt(one, at('2020-02-10T15:00:00+08:00'), zone)).toBe(false)
  })

  it('holds for what lies inside the duty and not beside it, and for thirty days after its end', () => {
    const when = (today: string) => ({ at: at('2020-02-05T10:00:00+08:00'), today, zone })
    const ended = duty({ to: '2020-02-10' })
    expect(hadCovered([ended], ['320506001001001002'], when('2020-03-11'))).toBe(true)
    expect(hadCovered([ended], ['320506001001001002'], when('2020-03-12'))).toBe(false)
    expect(hadCovered([ended], ['320506001001002'], when('2020-02-11'))).toBe(false)
    expect(hadCovered([ended], ['320506001001'], when('2020-02-11'))).toBe(false)
    expect(hadCovered([], ['320506001001001'], when('2020-02-11'))).toBe(false)
  })
})
