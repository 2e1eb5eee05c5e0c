import { useEffect, useState } from 'react'
import { ask } from './net.ts'

/** Of this face alone: the phone of a worker keeps its word under another name, at the same address. */
const KEPT = 'weiwang.resident.exercise'
const ASK_AGAIN_MS = 86_400_000

type Kept = { exercise: boolean; at: number }

function kept(): Kept | null {
  try {
    const [word, at] = (localStorage.getItem(KEPT) ?? '').split(' ')
    return word === 'yes' || word === 'no' ? { exercise: word === 'yes', at: Number(at) } : null
  } catch {
    return null
  }
}

/**
 * Whether the deployment is an exercise (EX-4): every screen says so, offline ones too. A real deployment is asked once a day, so that
 * the opening of a code costs no second question.
 */
export function useIsExercise(): boolean {
  const [said, setSaid] = useState(() => kept()?.exercise ?? false)
  useEffect(() => {
    const last = kept()
    if (last !== null && !last.exercise && Math.abs(Date.now() - last.at) < ASK_AGAIN_MS) return
    const listen = async (): Promise<void> => {
      const { exercise } = await ask<{ exercise: boolean }>('GET', '/api/deployment')
      setSaid(exercise)
      localStorage.setItem(KEPT, `${exercise ? 'yes' : 'no'} ${Date.now()}`)
    }
    // Without a net the last word stands; a browser that keeps nothing asks each time.
    listen().catch(() => undefined)
  }, [])
  return said
}
