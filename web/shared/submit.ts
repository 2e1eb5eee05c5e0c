import type { FormEvent } from 'react'

/** A form's submit handler as the browser wants it: the promise of react-hook-form is its own affair. */
export function submits(handler: (event: FormEvent) => Promise<void>): (event: FormEvent) => void {
  return (event) => void handler(event)
}
