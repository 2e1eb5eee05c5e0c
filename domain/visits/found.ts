/** What was found at a door where nobody could be asked: it is gone to again, and does not count for an instruction (INSTR-6). */
export const NOBODY_FOUND: readonly string[] = ['not_home', 'no_answer', 'phone_off']

/** Somebody was met, or refused; a result that is not known here is no reason to go again. */
export function isFound(result: string): boolean {
  return !NOBODY_FOUND.includes(result)
}
