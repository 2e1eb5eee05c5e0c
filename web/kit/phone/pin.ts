export const LEAST_DIGITS = 6

/** What everybody tries first: one digit over and over, digits in a row up or down, a pair repeated. */
export function isWeakPin(pin: string): boolean {
  const steps = Array.from(pin)
    .slice(1)
    .map((digit, i) => (Number(digit) - Number(pin[i]) + 10) % 10)
  const [first] = steps
  const even = steps.every((step) => step === first) && (first === 0 || first === 1 || first === 9)
  return even || /^(\d{1,3})\1+$/.test(pin)
}
