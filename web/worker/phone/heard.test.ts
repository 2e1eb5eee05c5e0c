import { expect, test } from 'vitest'
import { diskText, enrolled, ME, PIN } from './testing.ts'

const PATH = '/api/watches/mine'

test('a list of my own is asked for when its screen is open, kept sealed, and read without a net as it was heard', async () => {
  const { server, phone, open, disk } = await enrolled()
  await phone.sync()
  expect([phone.heard(PATH), server.to(PATH).length]).toEqual([null, 0])
  server.heard.set(PATH, { items: [{ name: '东苑三幢' }] })
  phone.askHeard(PATH)
  await phone.sync()
  expect(phone.heard(PATH)?.body).toEqual({ items: [{ name: '东苑三幢' }] })
  // Asked once for each wish, not with every round.
  await phone.sync()
  expect(server.to(PATH)).toHaveLength(1)
  expect(await diskText(disk, `phone-${ME.id}`)).not.toContain('东苑')
  await phone.stop()
  server.reachable = false
  const again = await open()
  expect(again.heard(PATH)).toBeNull()
  await again.unlock(PIN)
  expect(again.heard(PATH)?.body).toEqual({ items: [{ name: '东苑三幢' }] })
  again.lock()
  expect(again.heard(PATH)).toBeNull()
})

test('a refusal leaves what was heard before and spoils no round; another data key keeps nothing of it (SYNC-20)', async () => {
  const { server, phone } = await enrolled()
  server.heard.set(PATH, { items: [] })
  phone.askHeard(PATH)
  await phone.sync()
  server.status.set(PATH, 403)
  phone.askHeard(PATH)
  expect((await phone.sync()).ok).toBe(true)
  expect(phone.heard(PATH)?.body).toEqual({ items: [] })
  await phone.enrol({ account: ME, pin: PIN })
  expect(phone.heard(PATH)).toBeNull()
})
