import { describe, expect, test } from 'vitest'
import { mayWake, wakeOutcome } from './wake.ts'

describe('WAKE-2: where the server may write to', () => {
  test.each([
    ['https://fcm.googleapis.com/fcm/send/abc', true],
    ['https://web.push.apple.com/Qx', true],
    ['https://db5p.notify.windows.com/w/?token=1', true],
    ['https://evilpush.apple.com.example/x', false],
    ['https://notfcm.googleapis.com.example/', false],
    ['http://fcm.googleapis.com/fcm/send/abc', false],
    ['https://user:word@fcm.googleapis.com/', false],
    ['https://10.0.0.5/admin', false],
    ['http://127.0.0.1:8080/api', false],
    ['file:///etc/passwd', false],
    ['not an address', false],
  ])('%s: %s', (endpoint, may) => {
    expect(mayWake(endpoint, [])).toBe(may)
  })

  test('a site names more; http only on loopback', () => {
    expect(mayWake('https://push.example.cn/x', ['push.example.cn'])).toBe(true)
    expect(mayWake('http://push.example.cn/x', ['push.example.cn'])).toBe(false)
    expect(mayWake('http://127.0.0.1:9/x', ['127.0.0.1'])).toBe(true)
  })
})

test('what an answer means', () => {
  expect([201, 404, 410, 429, 503, 408, 400, 403].map(wakeOutcome)).toEqual([
    'told',
    'gone',
    'gone',
    'again',
    'again',
    'again',
    'refused',
    'refused',
  ])
})
