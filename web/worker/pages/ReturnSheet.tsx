import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useWrite } from '../../api/query.ts'
import { BigButton, Chips, Sheet, TextLine } from '../../kit/phone/controls.tsx'
import { ProblemNotice } from '../../shared/ProblemNotice.tsx'
import { paths } from '../paths.ts'

const Anything = z.unknown()
const REASONS = ['not_my_area', 'not_resident', 'cannot'] as const

/** Not my grid: goes up one level with the evidence. */
export function ReturnSheet({ id, open, onClose }: { id: string; open: boolean; onClose: () => void }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const router = useRouter()
  const [reason, setReason] = useState<(typeof REASONS)[number]>('not_my_area')
  const [evidence, setEvidence] = useState('')
  const [asked, setAsked] = useState(false)
  const write = useWrite(Anything, { path: `/api/tasks/${id}/return`, touches: ['/api/tasks'] })
  const send = (): void => {
    setAsked(true)
    if (!evidence.trim()) return
    write.mutate({ reason, evidence: evidence.trim() }, { onSuccess: () => router.history.push(paths.today()) })
  }
  return (
    <Sheet title={t('notMine')} open={open} onClose={onClose} close={c('act.cancel')}>
      <p>{t('return.lead')}</p>
      <ProblemNotice error={write.error} />
      <Chips
        label={t('return.why')}
        groups={[{ chips: REASONS.map((r) => ({ value: r, label: t(`return.${r}`) })) }]}
        value={reason}
        onChange={(r) => setReason(r ?? 'not_my_area')}
      />
      <TextLine
        label={t('return.evidence')}
        help={t('return.evidence.help')}
        fault={asked && !evidence.trim() ? c('field.required') : undefined}
        value={evidence}
        onChange={setEvidence}
      />
      <BigButton primary busy={write.isPending} onClick={send}>
        {t('return.send')}
      </BigButton>
    </Sheet>
  )
}
