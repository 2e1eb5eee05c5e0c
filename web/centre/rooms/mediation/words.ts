import { CLOSINGS, DISPUTE_KINDS } from '@weiwang/domain/incidents/api'
import type { Closing, DisputeKind } from '@weiwang/domain/incidents/api'
import { CLOSING_SAY, KIND_SAY } from '@weiwang/domain/incidents/words'
import { useSay } from '../../../i18n/setup.ts'

export const TOUCHES = ['/api/mediations', '/api/stats']

export function useDisputeKind(): (kind: DisputeKind) => string {
  const say = useSay()
  return (kind) => say(KIND_SAY[kind])
}

export function useDisputeKinds(): { value: DisputeKind; label: string }[] {
  const kind = useDisputeKind()
  return DISPUTE_KINDS.map((value) => ({ value, label: kind(value) }))
}

export function useClosings(): { value: Closing; label: string }[] {
  const say = useSay()
  return CLOSINGS.map((value) => ({ value, label: say(CLOSING_SAY[value]) }))
}

export function useClosing(): (closing: unknown) => string {
  const say = useSay()
  return (closing) => {
    const known = CLOSINGS.find((one) => one === closing)
    return known ? say(CLOSING_SAY[known]) : ''
  }
}
