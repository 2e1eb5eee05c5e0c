/**
 * Signed codes on their way into the database: those that share emergency, day, end and key lie in one piece of memory, which is the
 * parameter of one statement. Written by the thousand, objects and small buffers would cost more than the signatures.
 */
import type { Day } from '@weiwang/domain/core/day'
import { SEALED_ID } from '../core/keys/sealing.ts'

export type Common = { emergencyId: string; day: Day; until: Date; kid: Buffer }

/** Where each field lies; what may be absent or shorter has its length before it. */
export const AT = { personHash: 0, codeId: 16, sealed: 24, n: 57, account: 61, holder: 78, credential: 112 }
export const WIDTH = 320
export const HASH_BYTES = 16
export const CODE_ID_BYTES = 8
export const SEALED_BYTES = SEALED_ID

/** The nth piece of so many bytes; for a few bytes a loop costs a fraction of a call into the library. */
function put(to: Uint8Array, at: number, from: Uint8Array, n: number, length: number): void {
  const first = n * length
  for (let k = 0; k < length; k++) to[at + k] = from[first + k] ?? 0
}

export class PackedCodes {
  readonly common: Common
  readonly bytes: Buffer
  #at = 0

  constructor(common: Common, size: number) {
    this.common = common
    this.bytes = Buffer.allocUnsafe(size * WIDTH)
  }

  get size(): number {
    return this.#at / WIDTH
  }

  /** Begins the next code; `credential` writes its bytes at the place it is given and says how many. */
  add(
    of: { n: number; holder: Uint8Array | null; account: boolean },
    from: { persons: Buffer; accounts: Buffer; codeIds: Buffer; sealed: Buffer; i: number },
    credential: (room: Buffer) => number,
  ): PackedCode {
    const { bytes } = this
    const at = this.#at
    const { i } = from
    put(bytes, at + AT.personHash, from.persons, i, HASH_BYTES)
    put(bytes, at + AT.codeId, from.codeIds, i, CODE_ID_BYTES)
    put(bytes, at + AT.sealed, from.sealed, i, SEALED_BYTES)
    bytes.writeInt32BE(of.n, at + AT.n)
    bytes[at + AT.account] = of.account ? HASH_BYTES : 0
    if (of.account) put(bytes, at + AT.account + 1, from.accounts, i, HASH_BYTES)
    bytes[at + AT.holder] = of.holder?.length ?? 0
    if (of.holder) put(bytes, at + AT.holder + 1, of.holder, 0, of.holder.length)
    bytes[at + AT.credential] = credential(bytes.subarray(at + AT.credential + 1, at + WIDTH))
    this.#at += WIDTH
    return new PackedCode(this, at)
  }
}

/** One of them, read where it lies. */
export class PackedCode {
  readonly #codes: PackedCodes
  readonly #at: number

  constructor(codes: PackedCodes, at: number) {
    this.#codes = codes
    this.#at = at
  }

  #short(at: number): Buffer | null {
    const { bytes } = this.#codes
    const length = bytes[this.#at + at] ?? 0
    return length === 0 ? null : bytes.subarray(this.#at + at + 1, this.#at + at + 1 + length)
  }

  get codeId(): Buffer {
    const from = this.#at + AT.codeId
    return this.#codes.bytes.subarray(from, from + CODE_ID_BYTES)
  }

  get holder(): Buffer | null {
    return this.#short(AT.holder)
  }

  get credential(): Buffer {
    return this.#short(AT.credential) ?? Buffer.alloc(0)
  }

  get kid(): Buffer {
    return this.#codes.common.kid
  }

  get day(): Day {
    return this.#codes.common.day
  }

  get until(): Date {
    return this.#codes.common.until
  }
}
