import { expect, test } from '@playwright/test'

test('the browser and the test tool are a pair that fits: offline is seen as offline', async ({ context, page }) => {
  await context.setOffline(true)
  expect(await page.evaluate(() => navigator.onLine)).toBe(false)
})

test('Chinese text is drawn with a Chinese font, not with boxes', async ({ page }) => {
  await page.setContent(
    '<html lang="zh-CN"><body style="font-family:sans-serif"><span id="a">网</span><span id="b">微</span></body></html>',
  )
  const widths = await page.evaluate(() =>
    ['a', 'b'].map((id) => document.getElementById(id)?.getBoundingClientRect().width ?? 0),
  )
  expect(widths[0]).toBeGreaterThan(10)
  const same = await page.evaluate(() => {
    const draw = (text: string): string => {
      const canvas = document.createElement('canvas')
      const c = canvas.getContext('2d')
      if (!c) return ''
      c.font = '40px sans-serif'
      c.fillText(text, 10, 50)
      return canvas.toDataURL()
    }
    return draw('网') === draw('微')
  })
  expect(same).toBe(false)
})
