import { useState } from 'react'

/**
 * A thing may go from the grid while its page is open (returned, reassigned, split): what is being typed, and what became of it,
 * stays in sight until the page is left.
 */
export function useHeld<View extends { id: string }>(now: View | null, id: string): View | null {
  const [held, setHeld] = useState(now)
  if (now !== null && now !== held) setHeld(now)
  return now ?? (held?.id === id ? held : null)
}
