import { gateKey, newPair, NOW, shown, signed } from '@weiwang/domain/healthcode/code.fixture'
import { decodeBase45, encodeBase45 } from '@weiwang/domain/healthcode/base45'
import { paperText, PREFIX } from '@weiwang/domain/healthcode/presentation'
import { expect, test } from 'vitest'
import { verifyCode } from './verify.mjs'

/** Show 8: a verifier of somebody else, with public packages alone, reads what our phones show. */
const keys = [{ ...gateKey, publicKey: Buffer.from(gateKey.publicKey).toString('base64url') }]

test('an outside verifier reads a live code and both of its signatures (CODE-1, CODE-2)', async () => {
  const read = await verifyCode(await shown({ colour: 'yellow' }), keys, NOW + 5)
  expect(read).toMatchObject({
    colour: 'yellow',
    name: '欧阳**',
    ruleSet: 'suzhou.1',
    valid: true,
    fresh: true,
    paper: false,
  })
  expect(await verifyCode(await shown(), keys, NOW + 120)).toMatchObject({ fresh: false })
})

test('and a paper one, which has no phone behind it (CODE-10)', async () => {
  const text = paperText(await signed({ colour: 'green', holder: null, paper: true }))
  expect(await verifyCode(text, keys, NOW)).toMatchObject({ colour: 'green', paper: true, fresh: false })
})

test('what was changed, copied to another phone, or signed by an ended key does not pass it', async () => {
  const bytes = decodeBase45((await shown()).slice(PREFIX.length))
  if (!bytes) throw new Error('not read')
  bytes[40] = (bytes[40] ?? 0) ^ 1
  await expect(verifyCode(PREFIX + encodeBase45(bytes), keys, NOW)).rejects.toThrow()
  await expect(verifyCode(await shown({}, NOW, newPair()), keys, NOW)).rejects.toThrow('not the phone')
  await expect(verifyCode(await shown(), [{ ...keys[0]!, until: NOW }], NOW)).rejects.toThrow('no valid key')
})
