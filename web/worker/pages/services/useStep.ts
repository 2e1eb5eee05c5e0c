import { useState } from 'react'
import { usePhone } from '../../phone/hooks.tsx'
import { PhoneFull } from '../../phone/store.ts'
import type { DraftOf } from '../../phone/types.ts'
import type { Carried } from '../../services/carried.ts'

type Beside = { photos?: readonly string[]; draft?: DraftOf }

/** Keeps a step on this phone; what became of it is told by the card and the outbox. Pictures go after it by their own way. */
export function useStep(of: Carried): {
  keep: (body: object, beside?: Beside) => Promise<boolean>
  full: boolean
} {
  const phone = usePhone()
  const [full, setFull] = useState(false)
  const keep = async (body: object, { photos = [], draft }: Beside = {}) => {
    try {
      await phone.outbox.add({
        kind: 'service.step',
        ...(of.grid === null ? {} : { grid: of.grid }),
        body: { id: of.id, ...body, occurredAt: phone.now().toISOString() },
        photos,
        ...(draft ? { draft } : {}),
      })
      return true
    } catch (error) {
      if (!(error instanceof PhoneFull)) throw error
      setFull(true)
      return false
    }
  }
  return { keep, full }
}
