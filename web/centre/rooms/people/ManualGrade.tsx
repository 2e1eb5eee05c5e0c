import { ManualReason } from '@weiwang/domain/grading/api'
import { MANUAL_REASONS } from '@weiwang/domain/grading/reasons'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DayField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { useMay, useMe } from '../../../session/me.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'

const Reasons = z.object({ items: z.array(ManualReason) })
const GRADES = ['red', 'yellow', 'blue', 'none'] as const
const COLOURS = ['red', 'yellow', 'pending', 'green', 'none'] as const

/** By hand only for a reason of the closed list, with an end, and red only with a case number (GRADE-24). */
export function ManualGrade({ id, area }: { id: string; area: string }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const me = useMe()
  const may = useMay()
  const [reason, setReason] = useState<(typeof MANUAL_REASONS)[number]>('wrong_person')
  const [grade, setGrade] = useState<(typeof GRADES)[number]>('none')
  const [colour, setColour] = useState<(typeof COLOURS)[number]>('none')
  const [caseNo, setCaseNo] = useState('')
  const [until, setUntil] = useState(me.today)
  const reasons = useQuery({ ...q(Reasons, '/api/grade-reasons'), staleTime: Infinity })
  const write = useWrite(Anything, { path: `/api/people/${id}/grade`, touches: ['/api/people', '/api/graded'] })
  if (!may('propose', 'grade', { area }) && !may('approve', 'grade', { area })) return null
  const body = {
    grade: grade === 'none' ? null : grade,
    colour: colour === 'none' ? null : colour,
    reason,
    until,
    ...(caseNo.trim() ? { caseNo: caseNo.trim() } : {}),
  }
  return (
    <ConfirmAct
      verb={t('manual.verb')}
      title={t('manual.verb')}
      write={write}
      onYes={(_, done) => write.mutate(body, { onSuccess: done })}
    >
      <div className="form">
        <p style={{ margin: 0 }}>{t('manual.lead')}</p>
        <SelectField
          label={t('reason')}
          value={reason}
          onChange={(v) => setReason(v === '' ? reason : v)}
          choices={(reasons.data?.items ?? []).map((r) => ({ value: r.code, label: say(r.say) }))}
        />
        <div className="form-row">
          <SelectField
            label={t('grade')}
            value={grade}
            onChange={(v) => setGrade(v === '' ? 'none' : v)}
            choices={GRADES.map((g) => ({ value: g, label: c(`grade.${g}`) }))}
          />
          <SelectField
            label={t('colour')}
            value={colour}
            onChange={(v) => setColour(v === '' ? 'none' : v)}
            choices={COLOURS.map((g) => ({ value: g, label: c(`colour.${g}`) }))}
          />
        </div>
        <div className="form-row">
          <DayField label={t('manual.until')} value={until} min={me.today} onChange={setUntil} />
          <TextField label={t('manual.caseNo')} value={caseNo} onChange={setCaseNo} help={t('manual.caseNo.help')} />
        </div>
      </div>
    </ConfirmAct>
  )
}
