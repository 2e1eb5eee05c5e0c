import { createHmac, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Mac } from './mac.ts'

const theirs = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('hex')

describe('Mac', () => {
  it('gives the second value of RFC 4231', () => {
    expect(new Mac(Buffer.from('Jefe')).hex('what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
  })

  it.each([0, 1, 32, 63, 64, 65, 131])("is the runtime's own HMAC under a key of %i bytes", (length) => {
    const key = randomBytes(length)
    const mac = new Mac(key)
    // Long, short, long again: nothing of one text may stay for the next.
    for (const text of [
      '',
      'resident\u0000CN\u0000320106199001010016',
      '㛃'.repeat(5000),
      '张三',
      '\ud800',
      'x'.repeat(341),
      'x'.repeat(342),
      'b',
    ])
      expect(mac.hex(text)).toBe(theirs(key, text))
  })
})
