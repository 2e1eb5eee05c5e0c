import type { Bytes } from './bytes.ts'

/**
 * Base45 by RFC 9285, strict: what is not the one spelling of some bytes is not read. The packages on npm accept texts above
 * the range and odd lengths, so that one code could be written in several ways; here a code has exactly one text (CODE-1).
 */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const CHARS = Array.from(ALPHABET)
const VALUES = new Int8Array(128).fill(-1)
for (let i = 0; i < ALPHABET.length; i++) VALUES[ALPHABET.charCodeAt(i)] = i

function char(value: number): string {
  return CHARS[value] ?? ''
}

/** Two bytes give three characters, a last single byte two. */
export function encodeBase45(bytes: Uint8Array): string {
  let out = ''
  let i = 0
  for (; i + 1 < bytes.length; i += 2) {
    const value = (bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0)
    out += char(value % 45) + char(Math.floor(value / 45) % 45) + char(Math.floor(value / 2025))
  }
  if (i < bytes.length) {
    const value = bytes[i] ?? 0
    out += char(value % 45) + char(Math.floor(value / 45))
  }
  return out
}

function valueAt(text: string, i: number): number {
  return VALUES[text.charCodeAt(i)] ?? -1
}

/** The bytes, or null for anything that the encoder does not write. */
export function decodeBase45(text: string): Bytes | null {
  const rest = text.length % 3
  if (rest === 1) return null
  const triples = (text.length - rest) / 3
  const out = new Uint8Array(triples * 2 + (rest === 2 ? 1 : 0))
  for (let t = 0; t < triples; t++) {
    const [a, b, c] = [valueAt(text, 3 * t), valueAt(text, 3 * t + 1), valueAt(text, 3 * t + 2)]
    const value = a + 45 * b + 2025 * c
    if (a < 0 || b < 0 || c < 0 || value > 0xffff) return null
    out[2 * t] = value >> 8
    out[2 * t + 1] = value & 0xff
  }
  if (rest === 2) {
    const [a, b] = [valueAt(text, 3 * triples), valueAt(text, 3 * triples + 1)]
    if (a < 0 || b < 0 || a + 45 * b > 0xff) return null
    out[out.length - 1] = a + 45 * b
  }
  return out
}
