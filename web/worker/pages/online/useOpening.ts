import { useState } from 'react'
import type { z } from 'zod'
import { send } from '../../../api/http.ts'

/** Something sealed, opened at the server for a purpose; the answer lives as long as its screen. */
export function useOpening<S extends z.ZodType>(
  schema: S,
  path: string,
): { busy: boolean; error: unknown; opened: z.output<S> | null; open: (body: object) => Promise<void> } {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [opened, setOpened] = useState<z.output<S> | null>(null)
  const open = async (body: object): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      setOpened(await send(schema, { path, body, key: crypto.randomUUID() }))
    } catch (thrown) {
      setError(thrown)
    } finally {
      setBusy(false)
    }
  }
  return { busy, error, opened, open }
}
