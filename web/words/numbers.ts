/** Numbers grouped by thousands; the same in both languages. */
export function grouped(n: number): string {
  return n.toLocaleString('en-US')
}

/** A share as whole per cent; a part that is not nothing is never shown as 0 %, nor a part that is not all as 100 %. */
export function percent(part: number, whole: number): string {
  if (whole <= 0) return '–'
  const exact = (part / whole) * 100
  if (exact > 0 && exact < 1) return '<1%'
  if (exact > 99 && exact < 100) return '>99%'
  return `${Math.round(exact)}%`
}

/** The difference to yesterday with its sign in words of typography: +12, −3, ±0. */
export function difference(today: number, yesterday: number): string {
  const d = today - yesterday
  if (d === 0) return '±0'
  return d > 0 ? `+${grouped(d)}` : `−${grouped(-d)}`
}

export function bytes(n: number): string {
  if (n < 1024) return `${n} B`
  if (n < 1024 * 1024) return `${(n / 1024).toFixed(1)} KB`
  if (n < 1024 ** 3) return `${(n / 1024 ** 2).toFixed(1)} MB`
  return `${(n / 1024 ** 3).toFixed(1)} GB`
}
