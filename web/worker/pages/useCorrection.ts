import { VisitDetail } from '@weiwang/domain/visits/api'
import { useState } from 'react'
import { get } from '../../api/http.ts'
import { newId } from '../../shared/newId.ts'
import { usePhone } from '../phone/hooks.tsx'
import type { Phone, VisitView } from '../phone/types.ts'
import { correctionOf, draftOf, freshDraft } from '../visit/draft.ts'
import type { VisitDraft } from '../visit/draft.ts'

const PATIENCE_MS = 4_000

/** What a visit said: from the outbox while it lies here, from the server when it can be asked, else what the feed tells. */
async function saidOf(phone: Phone, visit: VisitView): Promise<VisitDraft> {
  const here = phone.outbox.items().find((item) => item.kind === 'visit.file' && item.body?.['id'] === visit.id)
  const kept = draftOf(here?.body)
  if (kept) return kept
  const told = { ...freshDraft(visit.id), result: visit.body.result, disposition: visit.body.disposition ?? null }
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const whole = await get(VisitDetail, `/api/visits/${visit.id}`, {}, signal)
    const { answers, members, personIds } = whole
    const given = Object.fromEntries(members.map((member) => [member.personId, member.answers]))
    return { ...told, answers, members: given, persons: personIds }
  } catch {
    // Without a net the correction begins with what lies here.
    return told
  }
}

/** A correction begins from what the corrected visit said, so that its answers are not asked again. */
export function useCorrection(): {
  start: VisitDraft | null
  busy: boolean
  of: (visit: VisitView) => void
  from: (said: VisitDraft) => void
} {
  const phone = usePhone()
  const [start, setStart] = useState<VisitDraft | null>(null)
  const [busy, setBusy] = useState(false)
  const from = (said: VisitDraft): void => setStart(correctionOf(said, newId(phone.now())))
  const of = (visit: VisitView): void => {
    setBusy(true)
    void saidOf(phone, visit).then((said) => {
      setBusy(false)
      from(said)
    })
  }
  return { start, busy, of, from }
}
