import { expect, test } from 'vitest'
import { deviceWords } from './device.ts'

test('a browser and its system, the more special name first; what is unknown stays as it is', () => {
  const chrome = '(KHTML, like Gecko) Chrome/120.0.0.0'
  expect(
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ${chrome} Safari/537.36 Edg/120.0`,
      `Mozilla/5.0 (Linux; Android 10; ALP-AL00) AppleWebKit/537.36 ${chrome} Mobile Safari/537.36 MicroMessenger/8.0`,
      'Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1 Version/16.0 Mobile Safari/604.1',
      'curl/8.0',
    ].map(deviceWords),
  ).toEqual(['Edge · Windows', 'WeChat · Android', 'Safari · iPhone', 'curl/8.0'])
})
