import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { useMay } from '../../../session/me.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { ManualFields, manualBody, useManual } from '../rules/ManualForm.tsx'

/** By hand only for a reason of the closed list, with an end, and red only with a case number (GRADE-24). */
export function ManualGrade({ id, area }: { id: string; area: string }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [manual, set] = useManual()
  const write = useWrite(Anything, { path: `/api/people/${id}/grade`, touches: ['/api/people', '/api/graded'] })
  // One person at once is a chief's; an operator proposes a batch, also of one (GRADE-25).
  if (!may('approve', 'grade', { area })) return null
  return (
    <ConfirmAct
      verb={t('manual.verb')}
      title={t('manual.verb')}
      write={write}
      onYes={(_, done) => write.mutate(manualBody(manual), { onSuccess: done })}
    >
      <div className="form">
        <ManualFields manual={manual} set={set} />
      </div>
    </ConfirmAct>
  )
}
