import { describe, expect, test } from 'vitest'
import { maySound } from './escalation.ts'

describe('TASK-18: red is told around the clock, yellow and blue not at night', () => {
  const at = (utc: string) => new Date(`2020-02-10T${utc}Z`)
  const who = (utc: string, zone = 'Asia/Shanghai') =>
    (['red', 'yellow', 'blue'] as const).filter((grade) => maySound(grade, at(utc), zone)).join(' ')
  test('20:00 is night already, 08:00 is day again', () => {
    expect(who('11:59:59')).toBe('red yellow blue')
    expect(who('12:00:00')).toBe('red')
    expect(who('23:59:59')).toBe('red')
    expect(who('00:00:00')).toBe('red yellow blue')
  })
  test('night is where the deployment is, not where the computer is', () => {
    expect(who('02:00:00', 'America/New_York')).toBe('red')
    expect(who('02:00:00')).toBe('red yellow blue')
  })
})
