import type { Bytes } from './bytes.ts'
import { utf8Length } from './bytes.ts'

/** Credentials are written one after the other and never across a wait: one piece of memory serves them all. */
const SCRATCH = new Uint8Array(192)

/** The few forms of CBOR that a credential has, in their shortest spelling (RFC 8949 section 4.2); anything else is not read. */
export class ClaimsWriter {
  readonly #bytes = SCRATCH
  #at = 0

  copy(bytes: Uint8Array): this {
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
    return this
  }

  byte(byte: number): this {
    this.#bytes[this.#at++] = byte
    return this
  }

  uint(value: number): this {
    if (value < 24) return this.byte(value)
    if (value < 0x100) return this.byte(0x18).byte(value)
    if (value < 0x10000)
      return this.byte(0x19)
        .byte(value >>> 8)
        .byte(value & 0xff)
    return this.byte(0x1a)
      .byte(value >>> 24)
      .byte((value >>> 16) & 0xff)
      .byte((value >>> 8) & 0xff)
      .byte(value & 0xff)
  }

  /** At most 23 bytes of UTF-8. */
  text(value: string): this {
    const head = this.#at++
    for (const char of value) this.#char(char.codePointAt(0) ?? 0)
    this.#bytes[head] = 0x60 + this.#at - head - 1
    return this
  }

  /** By hand: for a few characters an encoder costs more than all the rest. */
  #char(c: number): void {
    if (c < 0x80) return void this.byte(c)
    if (c < 0x800) this.byte(0xc0 | (c >> 6))
    else {
      if (c < 0x10000) this.byte(0xe0 | (c >> 12))
      else this.byte(0xf0 | (c >> 18)).byte(0x80 | ((c >> 12) & 0x3f))
      this.byte(0x80 | ((c >> 6) & 0x3f))
    }
    this.byte(0x80 | (c & 0x3f))
  }

  /** A view, good until the next credential is written: whoever keeps it copies it. */
  done(): Bytes {
    return this.#bytes.subarray(0, this.#at)
  }
}

/** Reads forward; once something does not fit, `failed` stays true and whatever is read means nothing. */
export class ClaimsReader {
  readonly #bytes: Uint8Array
  #at = 0
  failed = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get ended(): boolean {
    return !this.failed && this.#at === this.#bytes.length
  }

  get next(): number {
    return this.#bytes[this.#at] ?? -1
  }

  byte(): number {
    if (this.#at >= this.#bytes.length) this.failed = true
    return this.#bytes[this.#at++] ?? 0
  }

  expect(bytes: Iterable<number>): void {
    for (const byte of bytes) if (this.byte() !== byte) this.failed = true
  }

  take(length: number): Bytes {
    const taken = this.#bytes.slice(this.#at, this.#at + length)
    this.#at += length
    if (taken.length < length) this.failed = true
    return taken
  }

  uint(): number {
    const head = this.byte()
    if (head < 24) return head
    if (head < 0x18 || head > 0x1a) {
      this.failed = true
      return 0
    }
    let value = 0
    for (let n = 1 << (head - 0x18); n > 0; n--) value = value * 256 + this.byte()
    // A shorter spelling would have done.
    if (value < (head === 0x18 ? 24 : head === 0x19 ? 0x100 : 0x10000)) this.failed = true
    return value
  }

  /** UTF-8 by hand, in its shortest spelling alone: for a few characters a decoder costs more than all the rest. */
  text(): string {
    const length = this.byte() - 0x60
    if (length < 0 || length > 23) {
      this.failed = true
      return ''
    }
    const end = this.#at + length
    let value = ''
    while (this.#at < end && !this.failed) value += String.fromCodePoint(this.#char())
    if (this.#at !== end) this.failed = true
    return value
  }

  #char(): number {
    const head = this.byte()
    if (head < 0x80) return head
    const more = head >= 0xf0 && head < 0xf8 ? 3 : head >= 0xe0 && head < 0xf0 ? 2 : head >= 0xc0 && head < 0xe0 ? 1 : 0
    let c = more === 0 ? -1 : head & (0x3f >> more)
    for (let n = 0; n < more; n++) {
      const byte = this.byte()
      c = (byte & 0xc0) === 0x80 && c >= 0 ? c * 64 + (byte & 0x3f) : -1
    }
    if (c < 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) || utf8Length(c) !== more + 1) {
      this.failed = true
      return 0
    }
    return c
  }
}
