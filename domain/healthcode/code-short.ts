import { RULE_SET_BYTES } from './credential.ts'

/**
 * Names by which a rule set may stand in a code, the best first: the beginning of its code and its version, `suzhou.2`; when another
 * rule set has that already, with a letter, `suzhou.2b`.
 */
export function shortNames(code: string, version: number): string[] {
  const word = (code.split('-')[0] ?? '').replaceAll(/[^a-z0-9]/g, '') || 'r'
  const tail = `.${version}`
  const letters = ['', ...Array.from('bcdefghijklmnopqrstuvwxyz')]
  return letters.map((letter) => {
    const room = Math.max(1, RULE_SET_BYTES - tail.length - letter.length)
    return `${word.slice(0, room)}${tail}${letter}`.slice(0, RULE_SET_BYTES)
  })
}
