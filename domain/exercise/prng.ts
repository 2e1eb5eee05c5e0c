/**
 * The exercise's own generator of random numbers (sfc32, seeded by cyrb128): the same seed gives the same town on every
 * machine and every version of Node (EX-1). Never used for anything secret: log-ins and keys come from node:crypto.
 */
export type Rng = {
  /** A number in [0, 1). */
  next: () => number
  /** A whole number in [0, below). */
  int: (below: number) => number
  /** A whole number from `low` to `high`, both included. */
  between: (low: number, high: number) => number
  chance: (p: number) => boolean
  pick: <T>(list: readonly [T, ...T[]]) => T
}

function cyrb128(text: string): [number, number, number, number] {
  let a = 1779033703
  let b = 3144134277
  let c = 1013904242
  let d = 2773480762
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i)
    a = b ^ Math.imul(a ^ k, 597399067)
    b = c ^ Math.imul(b ^ k, 2869860233)
    c = d ^ Math.imul(c ^ k, 951274213)
    d = a ^ Math.imul(d ^ k, 2716044179)
  }
  a = Math.imul(c ^ (a >>> 18), 597399067)
  b = Math.imul(d ^ (b >>> 22), 2869860233)
  c = Math.imul(a ^ (c >>> 17), 951274213)
  d = Math.imul(b ^ (d >>> 19), 2716044179)
  return [(a ^ b ^ c ^ d) >>> 0, (b ^ a) >>> 0, (c ^ a) >>> 0, (d ^ a) >>> 0]
}

/** A stream of its own for each label, so that a village comes out the same whether it is made alone or after others. */
export function rngOf(label: string): Rng {
  let [a, b, c, d] = cyrb128(label)
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return (t >>> 0) / 4294967296
  }
  // sfc32 asks for some rounds before its first output is well mixed.
  for (let i = 0; i < 12; i++) next()
  const int = (below: number): number => Math.floor(next() * below)
  return {
    next,
    int,
    between: (low, high) => low + int(high - low + 1),
    chance: (p) => next() < p,
    pick: (list) => list[int(list.length)] ?? list[0],
  }
}

/** A choice by weight; the weights need not sum to one. */
export function weighted<T>(entries: readonly (readonly [T, number])[]): (rng: Rng) => T {
  const values = entries.map(([value]) => value)
  const bounds: number[] = []
  let sum = 0
  for (const [, weight] of entries) {
    sum += weight
    bounds.push(sum)
  }
  const last = values.at(-1)
  if (last === undefined) throw new RangeError('nothing to choose from')
  return (rng) => {
    const x = rng.next() * sum
    let low = 0
    let high = bounds.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (x < (bounds[middle] ?? 0)) high = middle
      else low = middle + 1
    }
    return values[low] ?? last
  }
}

/** `n` different members in random order (all of them when there are fewer). */
export function sample<T>(rng: Rng, list: readonly T[], n: number): T[] {
  const copy = [...list]
  const count = Math.min(n, copy.length)
  for (let i = 0; i < count; i++) {
    const j = i + rng.int(copy.length - i)
    const a = copy[i]
    const b = copy[j]
    if (a === undefined || b === undefined) break
    copy[i] = b
    copy[j] = a
  }
  return copy.slice(0, count)
}
