import { ManualReason } from '@weiwang/domain/grading/api'
import { MANUAL_REASONS } from '@weiwang/domain/grading/reasons'
import type { Colour, Grade } from '@weiwang/domain/grading/rule-set'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DayField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { useMe } from '../../../session/me.ts'

const Reasons = z.object({ items: z.array(ManualReason) })
const GRADES = ['red', 'yellow', 'blue', 'none'] as const
const COLOURS = ['red', 'yellow', 'pending', 'green', 'none'] as const

export type Manual = {
  reason: (typeof MANUAL_REASONS)[number]
  grade: (typeof GRADES)[number]
  colour: (typeof COLOURS)[number]
  caseNo: string
  until: string
}

/** What is asked of the server: a grade or none, a colour or none, one reason, an end, and for red a case number (GRADE-24). */
export function manualBody(manual: Manual): {
  grade: Grade | null
  colour: Colour | null
  reason: Manual['reason']
  until: string
  caseNo?: string
} {
  const caseNo = manual.caseNo.trim()
  return {
    grade: manual.grade === 'none' ? null : manual.grade,
    colour: manual.colour === 'none' ? null : manual.colour,
    reason: manual.reason,
    until: manual.until,
    ...(caseNo === '' ? {} : { caseNo }),
  }
}

export function useManual(): [Manual, (patch: Partial<Manual>) => void] {
  const me = useMe()
  const [manual, setManual] = useState<Manual>({
    reason: 'wrong_person',
    grade: 'none',
    colour: 'none',
    caseNo: '',
    until: me.today,
  })
  return [manual, (patch) => setManual((before) => ({ ...before, ...patch }))]
}

/** The fields of a change by hand, for one person and for many. */
export function ManualFields({ manual, set }: { manual: Manual; set: (patch: Partial<Manual>) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const me = useMe()
  const reasons = useQuery({ ...q(Reasons, '/api/grade-reasons'), staleTime: Infinity })
  const days = reasons.data?.items.find((r) => r.code === manual.reason)?.maxDays
  return (
    <>
      <p style={{ margin: 0 }}>{t('manual.lead')}</p>
      <SelectField
        label={t('reason')}
        value={manual.reason}
        onChange={(reason) => set(reason === '' ? {} : { reason })}
        choices={(reasons.data?.items ?? []).map((r) => ({ value: r.code, label: say(r.say) }))}
      />
      <div className="form-row">
        <SelectField
          label={t('grade')}
          value={manual.grade}
          onChange={(grade) => set({ grade: grade === '' ? 'none' : grade })}
          choices={GRADES.map((g) => ({ value: g, label: c(`grade.${g}`) }))}
        />
        <SelectField
          label={t('colour')}
          value={manual.colour}
          onChange={(colour) => set({ colour: colour === '' ? 'none' : colour })}
          choices={COLOURS.map((g) => ({ value: g, label: c(`colour.${g}`) }))}
        />
      </div>
      <div className="form-row">
        <DayField
          label={t('manual.until')}
          value={manual.until}
          min={me.today}
          onChange={(until) => set({ until })}
          help={days === undefined ? undefined : t('manual.until.help', { days })}
        />
        <TextField
          label={t('manual.caseNo')}
          value={manual.caseNo}
          onChange={(caseNo) => set({ caseNo })}
          help={t('manual.caseNo.help')}
        />
      </div>
    </>
  )
}
