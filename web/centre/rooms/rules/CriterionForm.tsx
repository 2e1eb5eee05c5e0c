import { RISK_LEVELS } from '@weiwang/domain/feeds/api'
import { CASE_STATUSES, CLINIC_STATES, DOORS, MEASURE_STATES, TEST_RESULTS } from '@weiwang/domain/grading/rule-set'
import type { Criterion } from '@weiwang/domain/grading/rule-set'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Act, MultiField, NumberField, SelectField, TextField } from '../../../kit/centre/controls.tsx'

const KINDS = [
  'stay',
  'contact',
  'symptom',
  'fever_clinic',
  'test',
  'case',
  'abroad',
  'measure',
  'lives_with',
  'all',
  'any',
  'not',
] as const
type Kind = (typeof KINDS)[number]
const MOST = 10
const DEEPEST = 4

const FORTNIGHT = 14

/** What a criterion of a kind looks like before anything is chosen. */
function fresh(kind: Kind): Criterion {
  switch (kind) {
    case 'stay':
      return { kind, levels: ['high'], withinDays: FORTNIGHT }
    case 'contact':
      return { kind, degrees: [1], withinDays: FORTNIGHT }
    case 'symptom':
    case 'abroad':
      return { kind, withinDays: FORTNIGHT }
    case 'fever_clinic':
      return { kind, states: ['held'] }
    case 'test':
      return { kind, results: ['positive'] }
    case 'case':
      return { kind, statuses: ['confirmed'] }
    case 'measure':
      return { kind, states: ['in'] }
    case 'lives_with':
      return { kind, who: fresh('case') }
    case 'all':
    case 'any':
      return { kind, of: [fresh('stay')] }
    case 'not':
      return { kind, of: fresh('measure') }
  }
}

function words(text: string): string[] {
  return text
    .split(/[\s,，、;；]+/)
    .map((w) => w.trim())
    .filter((w) => w !== '')
}

function Days({
  value,
  onChange,
}: {
  value: number | undefined
  onChange: (days: number | undefined) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <NumberField
      label={t('crit.within')}
      value={value ?? null}
      min={0}
      max={60}
      onChange={(n) => onChange(n ?? undefined)}
    />
  )
}

type Props<C extends Criterion> = { criterion: C; onChange: (criterion: Criterion) => void }
type Of<K extends Kind> = Extract<Criterion, { kind: K }>

function StayFields({ criterion, onChange }: Props<Of<'stay'>>): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <>
      <MultiField
        label={t('crit.levels')}
        value={criterion.levels ?? []}
        onChange={(levels) => {
          const { levels: _, ...rest } = criterion
          onChange(levels.length > 0 ? { ...rest, levels } : rest)
        }}
        choices={RISK_LEVELS.map((l) => ({ value: l, label: t(`risk.${l}`) }))}
      />
      <TextField
        label={t('crit.where')}
        value={(criterion.where ?? []).join(' ')}
        help={t('crit.where.help')}
        onChange={(text) => {
          const { where: _, ...rest } = criterion
          const where = words(text)
          onChange(where.length > 0 ? { ...rest, where } : rest)
        }}
      />
      <Days
        value={criterion.withinDays}
        onChange={(withinDays) => onChange({ ...criterion, withinDays: withinDays ?? 0 })}
      />
      <SelectField
        label={t('crit.judged')}
        value={criterion.judged ?? 'stay_days'}
        onChange={(judged) => onChange({ ...criterion, judged: judged === '' ? 'stay_days' : judged })}
        choices={(['stay_days', 'run_day'] as const).map((j) => ({ value: j, label: t(`judged.${j}`) }))}
      />
      <SelectField
        label={t('crit.match')}
        value={criterion.match ?? 'area'}
        onChange={(match) => onChange({ ...criterion, match: match === '' ? 'area' : match })}
        choices={(['area', 'county'] as const).map((m) => ({ value: m, label: t(`match.${m}`) }))}
      />
    </>
  )
}

function ListFields({ criterion, onChange }: Props<Of<'contact' | 'symptom' | 'abroad'>>): ReactNode {
  const { t } = useTranslation('centre')
  const days = (
    <Days
      value={criterion.withinDays}
      onChange={(withinDays) => onChange({ ...criterion, withinDays: withinDays ?? 0 })}
    />
  )
  if (criterion.kind === 'contact') {
    const degrees = ['1', '2', '3'] as const
    return (
      <>
        <MultiField
          label={t('crit.degrees')}
          value={degrees.filter((d) => criterion.degrees.some((n) => String(n) === d))}
          onChange={(chosen) =>
            onChange({ ...criterion, degrees: ([1, 2, 3] as const).filter((n) => chosen.some((d) => d === String(n))) })
          }
          choices={degrees.map((d) => ({ value: d, label: t(`degree.${d}`) }))}
        />
        {days}
      </>
    )
  }
  const list = criterion.kind === 'symptom' ? (criterion.codes ?? []) : (criterion.countries ?? [])
  return (
    <>
      <TextField
        label={criterion.kind === 'symptom' ? t('crit.codes') : t('crit.countries')}
        help={t('crit.any.help')}
        value={list.join(' ')}
        onChange={(text) => {
          const chosen = words(text)
          const { kind, withinDays } = criterion
          if (kind === 'symptom') onChange({ kind, withinDays, ...(chosen.length > 0 ? { codes: chosen } : {}) })
          else
            onChange({
              kind,
              withinDays,
              ...(chosen.length > 0 ? { countries: chosen.map((c) => c.toUpperCase()) } : {}),
            })
        }}
      />
      {days}
    </>
  )
}

function StateFields({ criterion, onChange }: Props<Of<'fever_clinic' | 'test' | 'case' | 'measure'>>): ReactNode {
  const { t } = useTranslation('centre')
  const { withinDays } = criterion
  const when = withinDays === undefined ? {} : { withinDays }
  const days = (
    <Days
      value={withinDays}
      onChange={(n) => {
        const { withinDays: _, ...rest } = criterion
        onChange(n === undefined ? rest : { ...rest, withinDays: n })
      }}
    />
  )
  switch (criterion.kind) {
    case 'fever_clinic':
      return (
        <>
          <MultiField
            label={t('crit.states')}
            value={criterion.states ?? []}
            onChange={(states) => onChange({ kind: 'fever_clinic', ...when, ...(states.length > 0 ? { states } : {}) })}
            choices={CLINIC_STATES.map((s) => ({ value: s, label: t(`clinic.${s}`) }))}
          />
          {days}
        </>
      )
    case 'test':
      return (
        <>
          <MultiField
            label={t('crit.states')}
            value={criterion.results}
            onChange={(results) => onChange({ ...criterion, results })}
            choices={TEST_RESULTS.map((s) => ({ value: s, label: t(`test.${s}`) }))}
          />
          {days}
        </>
      )
    case 'case':
      return (
        <>
          <MultiField
            label={t('crit.states')}
            value={criterion.statuses}
            onChange={(statuses) => onChange({ ...criterion, statuses })}
            choices={CASE_STATUSES.map((s) => ({ value: s, label: t(`case.${s}`) }))}
          />
          {days}
        </>
      )
    case 'measure':
      return (
        <>
          <MultiField
            label={t('crit.states')}
            value={criterion.states ?? []}
            onChange={(states) => onChange({ kind: 'measure', ...when, ...(states.length > 0 ? { states } : {}) })}
            choices={MEASURE_STATES.map((s) => ({ value: s, label: t(`measure.${s}`) }))}
          />
          {days}
        </>
      )
  }
}

function Inner({ criterion, onChange, depth }: Props<Criterion> & { depth: number }): ReactNode {
  const { t } = useTranslation('centre')
  switch (criterion.kind) {
    case 'stay':
      return (
        <div className="form-row">
          <StayFields criterion={criterion} onChange={onChange} />
        </div>
      )
    case 'contact':
    case 'symptom':
    case 'abroad':
      return (
        <div className="form-row">
          <ListFields criterion={criterion} onChange={onChange} />
        </div>
      )
    case 'fever_clinic':
    case 'test':
    case 'case':
    case 'measure':
      return (
        <div className="form-row">
          <StateFields criterion={criterion} onChange={onChange} />
        </div>
      )
    case 'lives_with':
      return (
        <>
          <MultiField
            label={t('crit.doors')}
            value={criterion.doors ?? []}
            onChange={(doors) =>
              onChange({ kind: 'lives_with', who: criterion.who, ...(doors.length > 0 ? { doors } : {}) })
            }
            choices={DOORS.map((d) => ({ value: d, label: t(`doorKind.${d}`) }))}
            help={t('crit.any.help')}
          />
          <CriterionForm
            criterion={criterion.who}
            onChange={(who) => onChange({ ...criterion, who })}
            depth={depth + 1}
          />
        </>
      )
    case 'not':
      return (
        <CriterionForm criterion={criterion.of} onChange={(of) => onChange({ kind: 'not', of })} depth={depth + 1} />
      )
    case 'all':
    case 'any':
      return (
        <>
          {criterion.of.map((one, index) => (
            <CriterionForm
              key={index}
              criterion={one}
              depth={depth + 1}
              onChange={(next) => onChange({ ...criterion, of: criterion.of.map((c, i) => (i === index ? next : c)) })}
              {...(criterion.of.length > 1
                ? { onRemove: () => onChange({ ...criterion, of: criterion.of.filter((_, i) => i !== index) }) }
                : {})}
            />
          ))}
          {criterion.of.length < MOST ? (
            <div>
              <Act onClick={() => onChange({ ...criterion, of: [...criterion.of, fresh('stay')] })}>
                {t('crit.add')}
              </Act>
            </div>
          ) : null}
        </>
      )
  }
}

/** A criterion as it is built: its kind, its fields, and for 全部/任一/不 the criteria inside it. */
export function CriterionForm({
  criterion,
  onChange,
  depth,
  onRemove,
}: Props<Criterion> & { depth: number; onRemove?: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const kinds = depth >= DEEPEST ? KINDS.filter((k) => !['all', 'any', 'not', 'lives_with'].includes(k)) : KINDS
  return (
    <div className="criteria">
      <div className="criteria-row" style={{ alignItems: 'flex-end' }}>
        <div style={{ minWidth: 220 }}>
          <SelectField<Kind>
            label={t('crit.kind')}
            value={criterion.kind}
            onChange={(kind) => (kind === '' || kind === criterion.kind ? undefined : onChange(fresh(kind)))}
            choices={kinds.map((k) => ({ value: k, label: t(`crit.${k}`) }))}
          />
        </div>
        {onRemove ? <Act onClick={onRemove}>{t('crit.remove')}</Act> : null}
      </div>
      <Inner criterion={criterion} onChange={onChange} depth={depth} />
    </div>
  )
}
