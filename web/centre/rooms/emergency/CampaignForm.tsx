import { DraftCampaign, Hours } from '@weiwang/domain/access/api'
import { fieldBudget } from '@weiwang/domain/access/questions'
import type { Questions } from '@weiwang/domain/access/questions'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useJoin } from '../../../i18n/setup.ts'
import type { z } from 'zod'
import { Act, DayField, NumberField, TextField } from '../../../kit/centre/controls.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { QuestionsForm } from './QuestionsForm.tsx'

type Both = { zh: string; en: string }
export type CampaignDraft = {
  name: Both
  purpose: Both
  basis: Both
  script: Both
  questions: Questions
  hours: z.output<typeof Hours>
  starts: string
  ends: string
}

/** Every question costs a minute at every door; the budget is shown to who writes them (CAMPAIGN-3). */
export function BudgetLine({ questions }: { questions: readonly { type: string }[] }): ReactNode {
  const { t } = useTranslation('centre')
  const budget = fieldBudget(questions)
  return (
    <Notice
      kind={budget.state === 'ok' ? 'note' : 'fault'}
      head={t('budget.line', {
        n: budget.questions,
        text: budget.freeText,
        warn: budget.warnAt,
        refuse: budget.refuseAt,
      })}
      body={t(`budget.${budget.state}`)}
    />
  )
}

const FIELDS = ['name', 'purpose', 'basis', 'script'] as const

const Body = DraftCampaign.omit({ area: true })

export function CampaignForm({
  start,
  write,
  onSave,
}: {
  start: CampaignDraft
  write: { isPending: boolean; error: Error | null }
  onSave: (draft: CampaignDraft) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const join = useJoin()
  const [draft, setDraft] = useState(start)
  const [asked, setAsked] = useState(false)
  const verdict = Body.safeParse(draft)
  const faultAt = (path: string): string | undefined => {
    if (!asked || verdict.success) return undefined
    return verdict.error.issues.some((i) => i.path.join('.') === path) ? c('field.required') : undefined
  }
  const both = (field: 'name' | 'purpose' | 'basis' | 'script', long: boolean): ReactNode => (
    <div className="form-row">
      {(['zh', 'en'] as const).map((lang) => (
        <TextField
          key={lang}
          long={long}
          label={t(`campaign.${field}.${lang}`)}
          value={draft[field][lang]}
          fault={faultAt(`${field}.${lang}`)}
          onChange={(text) => setDraft({ ...draft, [field]: { ...draft[field], [lang]: text } })}
        />
      ))}
    </div>
  )
  /** A fault's place as the form calls it, never as a path of the request. */
  const placeWord = ([first, second]: readonly PropertyKey[]): string => {
    const field = FIELDS.find((f) => f === first)
    if (field) return t(`campaign.${field}.${second === 'en' ? 'en' : 'zh'}`)
    if (first === 'starts') return t('day.from')
    if (first === 'ends') return t('day.last')
    return first === 'questions' && typeof second === 'number'
      ? t('question.n', { n: second + 1 })
      : t('campaign.questions')
  }
  const hours = (grade: 'red' | 'yellow' | 'blue') => (n: number | null) =>
    setDraft({ ...draft, hours: { ...draft.hours, [grade]: { ...draft.hours[grade], answer: n ?? 1 } } })
  const save = (): void => {
    setAsked(true)
    if (verdict.success) onSave({ ...draft })
  }
  return (
    <div className="form">
      <ProblemNotice error={write.error} />
      {both('name', false)}
      {both('purpose', true)}
      {both('basis', true)}
      {both('script', true)}
      <div className="form-row">
        <DayField
          label={t('day.from')}
          value={draft.starts}
          fault={faultAt('starts')}
          onChange={(starts) => setDraft({ ...draft, starts })}
        />
        <DayField
          label={t('day.last')}
          value={draft.ends}
          fault={faultAt('ends')}
          min={draft.starts}
          onChange={(ends) => setDraft({ ...draft, ends })}
        />
      </div>
      <div className="form-row">
        <NumberField
          label={t('hours.accept')}
          value={draft.hours.red.accept}
          min={0.5}
          max={72}
          onChange={(n) =>
            setDraft({ ...draft, hours: { ...draft.hours, red: { ...draft.hours.red, accept: n ?? 2 } } })
          }
        />
        <NumberField label={t('hours.red')} value={draft.hours.red.answer} min={1} max={240} onChange={hours('red')} />
        <NumberField
          label={t('hours.yellow')}
          value={draft.hours.yellow.answer}
          min={1}
          max={240}
          onChange={hours('yellow')}
        />
        <NumberField
          label={t('hours.blue')}
          value={draft.hours.blue.answer}
          min={1}
          max={240}
          onChange={hours('blue')}
        />
      </div>
      <Section title={t('campaign.questions')}>
        <BudgetLine questions={draft.questions} />
        <QuestionsForm questions={draft.questions} onChange={(questions) => setDraft({ ...draft, questions })} />
      </Section>
      {asked && !verdict.success ? (
        <Notice
          kind="fault"
          takesFocus
          head={t('form.faults', { n: verdict.error.issues.length })}
          body={join([...new Set(verdict.error.issues.map((i) => placeWord(i.path)))], 'clauses')}
        />
      ) : null}
      <div className="form-acts">
        <Act primary busy={write.isPending} onClick={save}>
          {t('campaign.save')}
        </Act>
      </div>
    </div>
  )
}
