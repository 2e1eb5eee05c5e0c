import { unitSay } from '@weiwang/domain/access/questions'
import type { Question } from '@weiwang/domain/access/questions'
import type { FormField } from '@weiwang/domain/tasks/form'
import { isUnusual } from '@weiwang/domain/tasks/form'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../i18n/setup.ts'
import { BigButton, Chips, Line, MultiChips, TextLine } from '../../kit/phone/controls.tsx'
import { readNumber } from '../visit/answers.ts'
import type { ShownFault } from '../visit/answers.ts'

type One = { question: Question; answer: unknown; fault: string | undefined; onChange: (answer: unknown) => void }
type OfType<T extends Question['type']> = One & { question: Extract<Question, { type: T }> }

/** What stands beside a question: that it must be answered, its range, its help. */
function useHelp(): (question: Question) => string {
  const { t } = useTranslation('worker')
  const say = useSay()
  return (question) =>
    [
      question.required ? t('required') : '',
      question.type === 'number' ? `${question.min}–${question.max} ${say(unitSay(question))}`.trim() : '',
      say(question.help),
    ]
      .filter((part) => part !== '')
      .join(' · ')
}

/** Keeps what was typed as it was typed: "36." on the way to 36.5 is not yet a number and must not be rewritten. */
function NumberQuestion({ question, answer, fault, onChange }: OfType<'number'>): ReactNode {
  const say = useSay()
  const help = useHelp()(question)
  const said = typeof answer === 'number' || typeof answer === 'string' ? String(answer) : ''
  const [text, setText] = useState(said)
  // An answer that came from elsewhere (the same for everybody) goes before what was typed here.
  if (readNumber(text) !== readNumber(said) && text.trim() !== said) setText(said)
  return (
    <Line
      pad="decimal"
      label={say(question.say)}
      help={help}
      fault={fault}
      value={text}
      onChange={(typed) => {
        setText(typed)
        onChange(typed.trim() === '' ? undefined : (readNumber(typed) ?? typed))
      }}
    />
  )
}

function YesNo({ question, answer, fault, onChange }: OfType<'yes_no'>): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const help = useHelp()(question)
  return (
    <Chips
      emptyable
      label={say(question.say)}
      help={help}
      fault={fault}
      groups={[
        {
          chips: [
            { value: 'no', label: t('no') },
            { value: 'yes', label: t('yes') },
          ],
        },
      ]}
      value={answer === true ? 'yes' : answer === false ? 'no' : null}
      onChange={(v) => onChange(v === null ? undefined : v === 'yes')}
    />
  )
}

function Field(props: One): ReactNode {
  const { question, answer, fault, onChange } = props
  const say = useSay()
  const help = useHelp()(question)
  const label = say(question.say)
  const text = typeof answer === 'string' ? answer : ''
  switch (question.type) {
    case 'yes_no':
      return <YesNo {...props} question={question} />
    case 'number':
      return <NumberQuestion {...props} question={question} />
    case 'choice': {
      const chips = question.options.map((o) => ({ value: o.value, label: say(o.say) }))
      return (
        <Chips<string>
          emptyable
          label={label}
          help={help}
          fault={fault}
          groups={[{ chips }]}
          value={text === '' ? null : text}
          onChange={(v) => onChange(v ?? undefined)}
        />
      )
    }
    case 'multi':
      return (
        <MultiChips
          label={label}
          help={help}
          fault={fault}
          chips={question.options.map((o) => ({ value: o.value, label: say(o.say) }))}
          value={Array.isArray(answer) ? answer.filter((a) => typeof a === 'string') : []}
          onChange={(v) => onChange(v.length > 0 ? v : undefined)}
        />
      )
    case 'date':
      return (
        <Line
          type="date"
          label={label}
          help={help}
          fault={fault}
          value={text}
          onChange={(v) => onChange(v || undefined)}
        />
      )
    case 'text':
      return (
        <TextLine label={label} help={help} fault={fault} value={text} onChange={(v) => onChange(v || undefined)} />
      )
  }
}

type Given = Readonly<Record<string, unknown>>
type Change = (key: string, answer: unknown) => void

/** The questions of the campaign, as data. */
export function QuestionFields({
  questions,
  answers,
  faults,
  onChange,
}: {
  questions: readonly Question[]
  answers: Given
  faults: Readonly<Record<string, ShownFault>>
  onChange: Change
}): ReactNode {
  const { t } = useTranslation('worker')
  return questions.map((question) => {
    const fault = faults[question.key]
    return (
      <Field
        key={question.key}
        question={question}
        answer={answers[question.key]}
        fault={fault ? t(`answerFault.${fault}`) : undefined}
        onChange={(answer) => onChange(question.key, answer)}
      />
    )
  })
}

/** The fields of a form; a number that is possible but unusual is asked to be looked at again: 38.9 is a fever, 83.9 a slip. */
export function FormFields({
  fields,
  answers,
  faults,
  pressed,
  onChange,
  onConfirm,
}: {
  fields: readonly FormField[]
  answers: Given
  faults: Readonly<Record<string, ShownFault>>
  pressed: boolean
  onChange: Change
  onConfirm: Change
}): ReactNode {
  const { t } = useTranslation('worker')
  return fields.map((field) => {
    const { key } = field.ask
    const fault = faults[key]
    const value = answers[key]
    const isShown = fault !== undefined && (pressed || fault === 'unusual' || fault === 'out_of_range')
    return (
      <div key={key}>
        <Field
          question={field.ask}
          answer={value}
          fault={isShown ? t(`answerFault.${fault}`) : undefined}
          onChange={(answer) => onChange(key, answer)}
        />
        {fault === 'unusual' && isUnusual(field, value) ? (
          <p>
            <BigButton onClick={() => onConfirm(key, value)}>
              {t('unusual.confirm', { value: String(value) })}
            </BigButton>
          </p>
        ) : null}
      </div>
    )
  })
}
