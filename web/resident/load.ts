import { useCallback, useEffect, useState } from 'react'
import { ask, Trouble } from './net.ts'

/** What a screen begins with; what went wrong stands there with the way to ask again. */
export function useAsked<T>(path: string): { answer: T | null; trouble: Trouble | null; load: () => Promise<void> } {
  const [answer, setAnswer] = useState<T | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const load = useCallback(
    (): Promise<void> =>
      ask<T>('GET', path).then(
        (found) => {
          setAnswer(found)
          setTrouble(null)
        },
        (error: unknown) => {
          if (!(error instanceof Trouble)) throw error
          setTrouble(error)
        },
      ),
    [path],
  )
  useEffect(() => {
    void load()
  }, [load])
  return { answer, trouble, load }
}
