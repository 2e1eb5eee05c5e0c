import type { DisputeRow, MediationStep } from '@weiwang/domain/incidents/api'
import { DisputePage } from '@weiwang/domain/incidents/api'
import { useHeard } from '../../phone/hooks.tsx'
import type { z } from 'zod'

export type Dispute = z.output<typeof DisputeRow>

/** Disputes that I mediate or was named in, null before they were heard; they are in no feed, since nobody else of the grid may see them (MED-3). */
export function useDisputes(): { items: readonly Dispute[] | null; asOf: Date | null; unread: boolean } {
  const { data, asOf, unread } = useHeard(DisputePage, '/api/mediations/mine?state=open')
  return { items: data?.items ?? null, asOf, unread }
}

/** What a mediator does at the door; the server decides again (MED-2). Who was only named reads and does nothing. */
export function stepsOf(of: Dispute, me: string): MediationStep[] {
  if (of.mediator?.id !== me || of.state === 'closed') return []
  return of.state === 'agreed' ? ['followed_up', 'mediated', 'close', 'pass_up'] : ['mediated', 'close', 'pass_up']
}
