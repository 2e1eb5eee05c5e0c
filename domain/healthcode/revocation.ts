import type { Bytes } from './bytes.ts'
import { readCbor, writeCbor } from './cbor.ts'

/**
 * The list of replaced code ids (CODE-7): numbered, only ever longer, fetched as what came after the last number seen. An id
 * travels as its first six bytes, sorted and written as Golomb-Rice differences: about four bytes each. Two live ids of a day
 * that agree in six random bytes are one pair in 281 million million.
 */
export type RevocationEntry = {
  codeId: Uint8Array
  /** Seconds: when the code would have ended anyway; afterwards the entry may be forgotten. */
  until: number
}

export type RevocationDelta = {
  /** Raised when a backup was restored: numbers begin again, what is held stays. */
  epoch: number
  /** Entries with numbers above `from`, up to and including `to`. */
  from: number
  to: number
  /** Seconds, the server's clock: until when the list tells everything. */
  asOf: number
  /** Sorted six-byte prefixes by end of the code. */
  groups: { until: number; ids: Float64Array }[]
}

/** What a gate holds. Never changed in place. */
export type Revoked = {
  epoch: number
  n: number
  asOf: number | null
  groups: readonly { until: number; ids: Float64Array }[]
}

const PREFIX_BYTES = 6
const PREFIX_RANGE = 2 ** 48
const MAX_BITS = 47
/** More than a list of everybody's codes of three days of a large province; a longer one is not ours. */
const MAX_IDS = 50_000_000

export function noneRevoked(): Revoked {
  return { epoch: 0, n: 0, asOf: null, groups: [] }
}

function prefixOf(codeId: Uint8Array): number {
  let value = 0
  for (let i = 0; i < PREFIX_BYTES; i++) value = value * 256 + (codeId[i] ?? 0)
  return value
}

/** Bits of the fixed part that suit `count` values spread over the range; written beside them, since logarithms differ by machine. */
function riceBits(count: number): number {
  return Math.max(0, Math.min(MAX_BITS, Math.floor(Math.log2((PREFIX_RANGE / count) * 0.69))))
}

class BitWriter {
  #bytes = new Uint8Array(1024)
  #at = 0

  bit(one: boolean): void {
    const i = this.#at >> 3
    if (i >= this.#bytes.length) {
      const more = new Uint8Array(this.#bytes.length * 2)
      more.set(this.#bytes)
      this.#bytes = more
    }
    if (one) this.#bytes[i] = (this.#bytes[i] ?? 0) | (0x80 >> (this.#at & 7))
    this.#at++
  }

  rice(value: number, bits: number): void {
    const unit = 2 ** bits
    for (let q = Math.floor(value / unit); q > 0; q--) this.bit(true)
    this.bit(false)
    let rest = value % unit
    for (let half = unit / 2; half >= 1; half /= 2) {
      const one = rest >= half
      this.bit(one)
      if (one) rest -= half
    }
  }

  done(): Bytes {
    return this.#bytes.slice(0, (this.#at + 7) >> 3)
  }
}

function packed(ids: Float64Array, bits: number): Bytes {
  const out = new BitWriter()
  let before = -1
  for (const id of ids) {
    out.rice(id - before - 1, bits)
    before = id
  }
  return out.done()
}

/** The sorted values, or null when the bytes do not hold exactly that many. */
function unpacked(bytes: Uint8Array, count: number, bits: number): Float64Array | null {
  const unit = 2 ** bits
  // Every value takes at least its fixed part and one bit: a short text cannot claim a long list.
  if (count * (bits + 1) > bytes.length * 8) return null
  const ids = new Float64Array(count)
  const end = bytes.length * 8
  let at = 0
  let before = -1
  for (let n = 0; n < count; n++) {
    let value = 0
    while (at < end && ((bytes[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0) {
      value += unit
      at++
    }
    at++
    if (at + bits > end) return null
    for (let half = unit / 2; half >= 1; half /= 2) {
      if (((bytes[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0) value += half
      at++
    }
    before += value + 1
    if (before >= PREFIX_RANGE) return null
    ids[n] = before
  }
  return end - at < 8 ? ids : null
}

/** Sorted, each once. */
function sortedIds(values: Float64Array): Float64Array {
  values.sort()
  let n = 0
  for (let i = 0; i < values.length; i++) if (i === 0 || values[i] !== values[i - 1]) values[n++] = values[i] ?? 0
  return values.slice(0, n)
}

/** Writes one delta; the entries in any order. */
export function encodeRevocations(
  head: { epoch: number; from: number; to: number; asOf: number },
  entries: readonly RevocationEntry[],
): Bytes {
  const byEnd = new Map<number, number[]>()
  for (const { codeId, until } of entries) {
    const ids = byEnd.get(until)
    if (ids) ids.push(prefixOf(codeId))
    else byEnd.set(until, [prefixOf(codeId)])
  }
  const groups = [...byEnd]
    .sort(([a], [b]) => a - b)
    .map(([until, values]) => {
      const ids = sortedIds(Float64Array.from(values))
      const bits = riceBits(ids.length)
      return [until, ids.length, bits, packed(ids, bits)]
    })
  return writeCbor([1, head.epoch, head.from, head.to, head.asOf, groups]).slice()
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function readGroup(group: unknown): { until: number; ids: Float64Array } | null {
  if (!Array.isArray(group) || group.length !== 4) return null
  const [until, count, bits, bytes]: unknown[] = group
  if (!isCount(until) || !isCount(count) || count === 0 || count > MAX_IDS) return null
  if (!isCount(bits) || bits > MAX_BITS || !(bytes instanceof Uint8Array)) return null
  const ids = unpacked(bytes, count, bits)
  return ids && { until, ids }
}

/** Reads one delta; null for anything else. Never throws. */
export function decodeRevocations(bytes: Uint8Array): RevocationDelta | null {
  const parts = readCbor(bytes)
  if (!Array.isArray(parts) || parts.length !== 6 || parts[0] !== 1) return null
  const [, epoch, from, to, asOf, list]: unknown[] = parts
  if (!isCount(epoch) || !isCount(from) || !isCount(to) || !isCount(asOf) || from > to || !Array.isArray(list))
    return null
  const groups = []
  for (const item of list) {
    const group = readGroup(item)
    if (!group) return null
    groups.push(group)
  }
  return { epoch, from, to, asOf, groups }
}

function merged(a: Float64Array, b: Float64Array): Float64Array {
  const all = new Float64Array(a.length + b.length)
  all.set(a)
  all.set(b, a.length)
  return sortedIds(all)
}

/**
 * Adds a delta to what is held: nothing ever leaves by a delta (case 71). Null when entries between the two are missing (ask
 * again from `revoked.n`, or from 0 in a new epoch).
 */
export function applyRevocations(revoked: Revoked, delta: RevocationDelta): Revoked | null {
  if (delta.epoch < revoked.epoch) return null
  if (delta.from > (delta.epoch === revoked.epoch ? revoked.n : 0)) return null
  const groups = new Map(revoked.groups.map(({ until, ids }) => [until, ids]))
  for (const { until, ids } of delta.groups) {
    const held = groups.get(until)
    groups.set(until, held ? merged(held, ids) : ids)
  }
  return {
    epoch: delta.epoch,
    n: delta.epoch === revoked.epoch ? Math.max(revoked.n, delta.to) : delta.to,
    asOf: revoked.asOf === null ? delta.asOf : Math.max(revoked.asOf, delta.asOf),
    groups: [...groups].sort(([a], [b]) => a - b).map(([until, ids]) => ({ until, ids })),
  }
}

/** Forgets ids whose codes have ended by themselves; `now` in seconds of a trusted clock, with a day of slack. */
export function forgetEnded(revoked: Revoked, now: number): Revoked {
  return { ...revoked, groups: revoked.groups.filter(({ until }) => until + 86_400 > now) }
}

function contains(ids: Float64Array, id: number): boolean {
  let low = 0
  let high = ids.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const value = ids[middle] ?? 0
    if (value === id) return true
    if (value < id) low = middle + 1
    else high = middle - 1
  }
  return false
}

export function isRevoked(revoked: Revoked, codeId: Uint8Array): boolean {
  const id = prefixOf(codeId)
  return revoked.groups.some(({ ids }) => contains(ids, id))
}
