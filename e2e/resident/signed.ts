import { webcrypto } from 'node:crypto'
import type { Page } from '@playwright/test'
import { encodeBase45 } from '@weiwang/domain/healthcode/base45'
import { lowered } from '@weiwang/domain/healthcode/point'
import { PREFIX } from '@weiwang/domain/healthcode/presentation'
import { encode } from 'uqr'

/**
 * What a phone signs, noted as it signs it, so that a journey can hold the drawn code against what a gate would read: the keys
 * themselves cannot leave the page.
 */
type Note = { data: string; signature: string }

export async function noteSigning(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const notes: { data: string; signature: string }[] = []
    const hex = (bytes: ArrayBuffer | ArrayBufferView): string =>
      Array.from(
        ArrayBuffer.isView(bytes)
          ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
          : new Uint8Array(bytes),
        (byte) => byte.toString(16).padStart(2, '0'),
      ).join('')
    Reflect.set(window, 'signed', notes)
    const { subtle } = crypto
    const sign = subtle.sign.bind(subtle)
    subtle.sign = async (algorithm, key, data) => {
      if (key.extractable) throw new Error('a key of the day could leave the phone')
      Reflect.set(window, 'dayKey', key)
      const signature = await sign(algorithm, key, data)
      // eslint-disable-next-line typescript/consistent-type-assertions -- inside the page
      notes.push({ data: hex(data as ArrayBuffer), signature: hex(signature) })
      return signature
    }
  })
}

export const notesOf = (page: Page): Promise<Note[]> => page.evaluate(() => Reflect.get(window, 'signed'))

/** Signed by the key of this phone, which cannot leave it: whoever shows another's credential from here has nothing else. */
export const signedBy = (page: Page, data: string): Promise<Note> =>
  page.evaluate(async (hexText) => {
    const bytes = Uint8Array.from(hexText.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
    // eslint-disable-next-line typescript/consistent-type-assertions -- inside the page
    const key = Reflect.get(window, 'dayKey') as CryptoKey
    const made = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes))
    return { data: hexText, signature: Array.from(made, (byte) => byte.toString(16).padStart(2, '0')).join('') }
  }, data)

const CONTEXT = 'WW1 presentation\u0000'.length

/** The text of a presentation: the credential, the second, the signature. */
export function textOf({ data, signature }: Note): string {
  const body = Buffer.from(data, 'hex').subarray(CONTEXT)
  return PREFIX + encodeBase45(Buffer.concat([Buffer.of(1), body, lowered(Buffer.from(signature, 'hex'))]))
}

/** The modules of the code that the page has drawn, row by row, as its path says. */
export async function drawn(page: Page): Promise<string[]> {
  const { size, path } = await page.locator('svg.qr').evaluate((svg) => ({
    size: Number(svg.getAttribute('viewBox')?.split(' ')[2]) - 8,
    path: svg.querySelector('path')?.getAttribute('d') ?? '',
  }))
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => ' '))
  for (const [, x = '', y = '', run = ''] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g))
    for (let i = 0; i < Number(run); i++) rows[Number(y)]?.splice(Number(x) + i, 1, '#')
  return rows.map((row) => row.join(''))
}

/** How any other program draws the same text, with the mask that the page uses. */
export function drawnBy(text: string, mask: number): string[] {
  const { data } = encode(text, { ecc: 'L', boostEcc: false, maskPattern: mask, border: 0 })
  return data.map((row) => row.map((dark) => (dark ? '#' : ' ')).join(''))
}

/** ES256 as a gate verifies it. */
export async function verify(publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const { subtle } = webcrypto
  const curve = { name: 'ECDSA', namedCurve: 'P-256' }
  const key = await subtle.importKey('raw', Uint8Array.from(publicKey), curve, false, ['verify'])
  return subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, Uint8Array.from(signature), Uint8Array.from(data))
}
