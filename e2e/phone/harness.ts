import { createPhone } from '../../web/worker/phone/phone.ts'
import { shrinkPicture } from '../../web/shared/picture.ts'
import type { NetAnswer, Phone } from '../../web/worker/phone/types.ts'

/**
 * The engine alone in a page, with the browser's own store, ciphers and canvas; the test speaks for the server. Bytes cross to
 * the test as lists of numbers.
 */
type Request = { method: string; path: string; headers: Record<string, string>; body: string | number[] | null }

declare global {
  interface Window {
    serverNet: (request: Request) => Promise<NetAnswer | null>
    openEngine: (dbName: string) => Promise<void>
    phone: Phone
    makePicture: (width: number, height: number) => Promise<Blob>
  }
}

window.openEngine = async (dbName) => {
  window.phone = await createPhone({
    net: async ({ method, path, headers, body }) => {
      const answer = await window.serverNet({
        method,
        path,
        headers: { ...headers },
        body: body === undefined ? null : typeof body === 'string' ? body : [...body],
      })
      if (answer === null) throw new Error('no net')
      return answer
    },
    clock: {
      now: () => Date.now(),
      setTimeout: (run, ms) => window.setTimeout(run, ms),
      clearTimeout: (timer) => window.clearTimeout(Number(timer)),
    },
    dbName,
    indexedDB: window.indexedDB,
    IDBKeyRange: window.IDBKeyRange,
    crypto,
    log: () => undefined,
    app: 'harness',
    shrink: shrinkPicture,
  })
  await window.phone.start()
}

/** A JPEG as a camera makes it, with a piece of metadata that must not leave the phone. */
window.makePicture = async (width, height) => {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('no canvas')
  for (let i = 0; i < 60; i++) {
    pen.fillStyle = `hsl(${i * 6} 60% 50%)`
    pen.fillRect((i % 10) * (width / 10), Math.floor(i / 10) * (height / 6), width / 10, height / 6)
  }
  const drawn = await new Promise<Blob>((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('not drawn'))), 'image/jpeg', 0.95)
  })
  const bytes = new Uint8Array(await drawn.arrayBuffer())
  const secret = new TextEncoder().encode('Exif\0\0GPS 31.30N 120.58E')
  const segment = new Uint8Array([0xff, 0xe1, 0, secret.length + 2, ...secret])
  return new Blob([bytes.slice(0, 2), segment, bytes.slice(2)], { type: 'image/jpeg' })
}
