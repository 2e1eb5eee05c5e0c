/** STAT-6: a count of 1 to 4 could point at somebody; who may not know hears nothing instead. Zero is told. */
export const SMALL = 5

export function isSmall(n: number): boolean {
  return n > 0 && n < SMALL
}

/** A single count on its own; null is hidden. */
export function suppressOne(n: number): number | null {
  return isSmall(n) ? null : n
}
