/**
 * 绿码待定 (domain 3.2, Suzhou): not registered here, no fixed home and no lawful job: tourists and short stayers. By what
 * the person declares, never by an identity number; only where the rule set in force says so.
 */
const SETTLED_HOMES = ['own', 'rent', 'dorm']
const SHORT_PURPOSES = ['tourism', 'visit', 'business', 'medical']

export function isUnsettled(of: {
  registeredHere: boolean | null
  purpose: string | null
  residence: string | null
}): boolean {
  if (of.registeredHere !== false) return false
  if (of.residence !== null && SETTLED_HOMES.includes(of.residence)) return false
  return of.residence === 'visiting' || (of.purpose !== null && SHORT_PURPOSES.includes(of.purpose))
}
