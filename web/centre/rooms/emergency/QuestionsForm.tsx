import type { Question, Questions } from '@weiwang/domain/access/questions'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { optionsText, readOptions } from './options.ts'
import { Act, CheckField, NumberField, SelectField, TextField } from '../../../kit/centre/controls.tsx'

const TYPES = ['yes_no', 'choice', 'multi', 'number', 'date', 'text'] as const
type Type = (typeof TYPES)[number]
const BOTH = { zh: '', en: '' }

/** A question that was just added, or whose type was changed. */
export function fresh(type: Type, key: string, say: Question['say']): Question {
  const common = { key, say, required: false }
  switch (type) {
    case 'choice':
    case 'multi':
      return {
        type,
        ...common,
        options: [
          { value: 'a', say: BOTH },
          { value: 'b', say: BOTH },
        ],
      }
    case 'number':
      return { type, ...common, unit: '', min: 0, max: 100, decimals: 0 }
    case 'text':
      return { type, ...common, max: 200 }
    case 'yes_no':
      return { type, ...common }
    case 'date':
      return { type, ...common }
  }
}

/** One question with its type's own settings; `children`: what the owner of the list asks beside. */
export function QuestionEditor({
  question,
  onChange,
  onRemove,
  children,
}: {
  question: Question
  onChange: (question: Question) => void
  onRemove: () => void
  children?: ReactNode
}): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <div className="criteria">
      <div className="form-row">
        <SelectField<Type>
          label={t('question.type')}
          value={question.type}
          onChange={(type) => (type === '' ? undefined : onChange(fresh(type, question.key, question.say)))}
          choices={TYPES.map((type) => ({ value: type, label: t(`questionType.${type}`) }))}
        />
        <TextField label={t('question.key')} value={question.key} onChange={(key) => onChange({ ...question, key })} />
        <TextField
          label={t('question.zh')}
          value={question.say.zh}
          onChange={(zh) => onChange({ ...question, say: { ...question.say, zh } })}
        />
        <TextField
          label={t('question.en')}
          value={question.say.en}
          onChange={(en) => onChange({ ...question, say: { ...question.say, en } })}
        />
      </div>
      {question.type === 'choice' || question.type === 'multi' ? (
        <TextField
          long
          label={t('question.options')}
          help={t('question.options.help')}
          value={optionsText(question.options)}
          onChange={(text) => onChange({ ...question, options: readOptions(text) })}
        />
      ) : null}
      {question.type === 'number' ? (
        <div className="form-row">
          <NumberField
            label={t('question.min')}
            value={question.min}
            onChange={(n) => onChange({ ...question, min: n ?? 0 })}
          />
          <NumberField
            label={t('question.max')}
            value={question.max}
            onChange={(n) => onChange({ ...question, max: n ?? 0 })}
          />
          <NumberField
            label={t('question.decimals')}
            value={question.decimals}
            min={0}
            max={2}
            onChange={(n) => onChange({ ...question, decimals: n ?? 0 })}
          />
          <TextField
            label={t('question.unit')}
            value={question.unit}
            onChange={(unit) => onChange({ ...question, unit })}
          />
          <TextField
            label={t('question.unitEn')}
            value={question.unitEn ?? ''}
            onChange={(unitEn) => onChange({ ...question, unitEn: unitEn === '' ? undefined : unitEn })}
          />
        </div>
      ) : null}
      {children}
      <div className="criteria-row">
        <CheckField
          label={t('required')}
          value={question.required}
          onChange={(required) => onChange({ ...question, required })}
        />
        <Act onClick={onRemove}>{t('question.remove')}</Act>
      </div>
    </div>
  )
}

export function QuestionsForm({
  questions,
  onChange,
}: {
  questions: Questions
  onChange: (questions: Questions) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <div className="form">
      {questions.map((question, index) => (
        <QuestionEditor
          key={index}
          question={question}
          onChange={(next) => onChange(questions.map((one, i) => (i === index ? next : one)))}
          onRemove={() => onChange(questions.filter((_, i) => i !== index))}
        />
      ))}
      <div>
        <Act onClick={() => onChange([...questions, fresh('yes_no', `q${questions.length + 1}`, BOTH)])}>
          {t('question.add')}
        </Act>
      </div>
    </div>
  )
}
