/**
 * Visvalingam's simplification of closed rings. A point goes when the triangle with its neighbours is small; that depends
 * on the neighbours alone, so a border that two areas share loses the same points on both sides, ends apart.
 */
export type Point = readonly [number, number]

function area(a: Point, b: Point, c: Point): number {
  return Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2
}

/**
 * @param ring closed ring: first and last point are the same
 * @param least triangles below this (square degrees) are dropped, the smallest first
 */
export function simplifyRing(ring: readonly Point[], least: number): Point[] {
  const points = ring.slice(0, -1)
  if (points.length <= 4) return [...ring]
  const n = points.length
  const next = points.map((_, i) => (i + 1) % n)
  const prev = points.map((_, i) => (i + n - 1) % n)
  const size = (i: number): number => {
    const [a, b, c] = [points[prev[i] ?? 0], points[i], points[next[i] ?? 0]]
    return a && b && c ? area(a, b, c) : Infinity
  }
  const sizes = points.map((_, i) => size(i))
  const gone = new Uint8Array(n)
  const heap = Heap.of(sizes)
  for (let left = n; left > 4;) {
    const top = heap.pop()
    if (top === null || top.size >= least) break
    if (gone[top.i] === 1 || sizes[top.i] !== top.size) continue
    gone[top.i] = 1
    left -= 1
    const [p, q] = [prev[top.i] ?? 0, next[top.i] ?? 0]
    next[p] = q
    prev[q] = p
    for (const i of [p, q]) {
      // A neighbour never becomes easier to drop than what was dropped before it.
      const s = Math.max(size(i), top.size)
      sizes[i] = s
      heap.push({ i, size: s })
    }
  }
  const kept = points.filter((_, i) => gone[i] === 0)
  const [first] = kept
  return first ? [...kept, first] : []
}

type Item = { i: number; size: number }

/** A binary heap by size; ties by index, so that the result does not depend on the order of insertion. */
class Heap {
  readonly #items: Item[] = []

  static of(sizes: readonly number[]): Heap {
    const heap = new Heap()
    sizes.forEach((size, i) => heap.push({ i, size }))
    return heap
  }

  static #before(a: Item, b: Item): boolean {
    return a.size < b.size || (a.size === b.size && a.i < b.i)
  }

  push(item: Item): void {
    const items = this.#items
    let at = items.push(item) - 1
    while (at > 0) {
      const up = (at - 1) >> 1
      const parent = items[up]
      if (parent === undefined || !Heap.#before(item, parent)) break
      items[at] = parent
      at = up
    }
    items[at] = item
  }

  pop(): Item | null {
    const items = this.#items
    const [top] = items
    const last = items.pop()
    if (top === undefined || last === undefined) return null
    if (items.length === 0) return top
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      const [l, r] = [items[child], items[child + 1]]
      if (l === undefined) break
      if (r !== undefined && Heap.#before(r, l)) child += 1
      const smaller = items[child]
      if (smaller === undefined || !Heap.#before(smaller, last)) break
      items[at] = smaller
      at = child
    }
    items[at] = last
    return top
  }
}
