import { unitSay } from '@weiwang/domain/access/questions'
import { askedFields } from '@weiwang/domain/tasks/form'
import type { Form, FormField } from '@weiwang/domain/tasks/form'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'
import { WordTag } from '../../../kit/common/Tags.tsx'
import './forms.css'

type Answer = string | boolean | string[] | undefined

function Chips({
  field,
  answer,
  onAnswer,
}: {
  field: FormField
  answer: Answer
  onAnswer: (a: Answer) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const { ask } = field
  const chip = (key: string, word: string, on: boolean, next: Answer): ReactNode => (
    <button
      key={key}
      type="button"
      aria-pressed={on}
      onClick={() => onAnswer(on && !Array.isArray(next) ? undefined : next)}
    >
      {word}
    </button>
  )
  switch (ask.type) {
    case 'yes_no':
      return (
        <span className="phone-chips">
          {chip('yes', t('yes'), answer === true, true)}
          {chip('no', t('no'), answer === false, false)}
        </span>
      )
    case 'choice':
      return (
        <span className="phone-chips">
          {ask.options.map((option) => chip(option.value, say(option.say), answer === option.value, option.value))}
        </span>
      )
    case 'multi': {
      const chosen = Array.isArray(answer) ? answer : []
      return (
        <span className="phone-chips">
          {ask.options.map(({ value, say: words }) => {
            const on = chosen.includes(value)
            return chip(value, say(words), on, on ? chosen.filter((one) => one !== value) : [...chosen, value])
          })}
        </span>
      )
    }
    case 'number':
      return <span className="phone-box">{`${ask.min} – ${ask.max} ${say(unitSay(ask))}`}</span>
    case 'date':
      return <span className="phone-box">YYYY-MM-DD</span>
    case 'text':
      return <span className="phone-box">{`≤ ${ask.max}`}</span>
  }
}

/** The form in the width of a phone, with the conditions at work. */
export function PhonePreview({ form }: { form: Form }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const [answers, setAnswers] = useState<Record<string, Answer>>({})
  const part = (of: 'door' | 'person'): ReactNode => {
    const fields = askedFields(form, of, answers, answers)
    if (fields.length === 0) return null
    return (
      <>
        <h3>{t(`form.preview.${of}`)}</h3>
        {fields.map((field, i) => (
          <fieldset key={`${field.ask.key}/${i}`}>
            <legend>
              {say(field.ask.say)} {field.ask.required ? <WordTag>{t('required')}</WordTag> : null}
            </legend>
            {field.ask.help ? <small>{say(field.ask.help)}</small> : null}
            <Chips
              field={field}
              answer={answers[field.ask.key]}
              onAnswer={(answer) => setAnswers({ ...answers, [field.ask.key]: answer })}
            />
          </fieldset>
        ))}
      </>
    )
  }
  return (
    <section className="phone-form" aria-label={t('form.preview')}>
      <b>{say(form.say)}</b>
      {form.help ? <small>{say(form.help)}</small> : null}
      {form.fields.length === 0 ? <small>{t('form.preview.none')}</small> : null}
      {part('door')}
      {part('person')}
    </section>
  )
}
