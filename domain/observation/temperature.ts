/** Without schemas, so that the page of residents, which has none, reads and judges a temperature as the server does. */

/** Tenths of a degree Celsius. Below or above what a living person has is a slip of the finger and refused (READ-3). */
export const TEMPERATURE = { least: 340, most: 430, unlikelyBelow: 355, unlikelyFrom: 390, fever: 373 } as const

/** READ-3: taken as typed only when the one who typed it has said so again: 35.4 and less, 39.0 and more. */
export function isUnlikely(temperature: number): boolean {
  return temperature < TEMPERATURE.unlikelyBelow || temperature >= TEMPERATURE.unlikelyFrom
}

/** 36.5, 36,5, 365, full-width digits and a trailing ℃ as people type them; tenths, or null. */
export function parseTemperature(text: string): number | null {
  const plain = text
    .normalize('NFKC')
    .replace(/\s|°?C$|℃$|度$/giu, '')
    .replace(',', '.')
    .replace('。', '.')
  const match = /^(\d{2})(?:\.(\d)\d?|(\d))?$/u.exec(plain)
  if (!match) return null
  const tenths = Number(match[1]) * 10 + Number(match[2] ?? match[3] ?? 0)
  return tenths >= TEMPERATURE.least && tenths <= TEMPERATURE.most ? tenths : null
}

export function showTemperature(tenths: number): string {
  return `${Math.floor(tenths / 10)}.${tenths % 10}`
}
