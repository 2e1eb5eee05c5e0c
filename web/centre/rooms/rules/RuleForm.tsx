import type { Rule } from '@weiwang/domain/grading/rule-set'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Act, NumberField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { CriterionForm } from './CriterionForm.tsx'

const GRADES = ['red', 'yellow', 'blue'] as const
const COLOURS = ['red', 'yellow', 'pending', 'green'] as const
const FROM = ['fact', 'entry', 'release'] as const

/** One rule: its words, when it applies, what it gives, how long. */
export function RuleForm({
  rule,
  onChange,
  onRemove,
}: {
  rule: Rule
  onChange: (rule: Rule) => void
  onRemove: (() => void) | null
}): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const gives = (patch: { grade?: (typeof GRADES)[number] | ''; colour?: (typeof COLOURS)[number] | '' }): void => {
    const grade = patch.grade ?? rule.gives.grade ?? ''
    const colour = patch.colour ?? rule.gives.colour ?? ''
    onChange({ ...rule, gives: { ...(grade ? { grade } : {}), ...(colour ? { colour } : {}) } })
  }
  return (
    <div className="form">
      <div className="form-row">
        <TextField label={t('rules.id')} value={rule.id} onChange={(id) => onChange({ ...rule, id })} />
        <TextField
          label={t('rules.say.zh')}
          value={rule.say.zh}
          onChange={(zh) => onChange({ ...rule, say: { ...rule.say, zh } })}
        />
        <TextField
          label={t('rules.say.en')}
          value={rule.say.en}
          onChange={(en) => onChange({ ...rule, say: { ...rule.say, en } })}
        />
      </div>
      <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
        <legend>{t('rules.when')}</legend>
        <CriterionForm criterion={rule.when} onChange={(when) => onChange({ ...rule, when })} depth={0} />
      </fieldset>
      <div className="form-row">
        <SelectField
          label={t('rules.gives.grade')}
          value={rule.gives.grade ?? ''}
          any={t('none')}
          onChange={(grade) => gives({ grade })}
          choices={GRADES.map((g) => ({ value: g, label: c(`grade.${g}`) }))}
        />
        <SelectField
          label={t('rules.gives.colour')}
          value={rule.gives.colour ?? ''}
          any={t('none')}
          onChange={(colour) => gives({ colour })}
          choices={COLOURS.map((g) => ({ value: g, label: c(`colour.${g}`) }))}
        />
        <NumberField
          label={t('rules.lasts')}
          value={rule.lasts.days}
          min={0}
          max={60}
          onChange={(days) => onChange({ ...rule, lasts: { ...rule.lasts, days: days ?? 0 } })}
        />
        <SelectField
          label={t('rules.lasts.from')}
          value={rule.lasts.from}
          onChange={(from) => onChange({ ...rule, lasts: { ...rule.lasts, from: from === '' ? 'fact' : from } })}
          choices={FROM.map((f) => ({ value: f, label: t(`lastsFrom.${f}`) }))}
        />
      </div>
      {onRemove ? (
        <div>
          <Act onClick={onRemove}>{t('rules.rule.remove')}</Act>
        </div>
      ) : null}
    </div>
  )
}
