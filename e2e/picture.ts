import type { Page } from '@playwright/test'

/** A picture as a camera makes it, large, drawn by the browser itself. */
export async function drawnPicture(page: Page): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const drawn = await page.evaluate(async () => {
    const canvas = document.createElement('canvas')
    canvas.width = 2000
    canvas.height = 1500
    const pen = canvas.getContext('2d')
    pen?.fillRect(100, 100, 800, 40)
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg'))
    return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0))]
  })
  return { name: 'picture.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(drawn) }
}
