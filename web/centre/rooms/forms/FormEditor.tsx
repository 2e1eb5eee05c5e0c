import { FormRow } from '@weiwang/domain/tasks/form-api'
import type { Form, FormField } from '@weiwang/domain/tasks/form'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { Act, MultiField, NumberField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { Notice } from '../../../kit/common/Notice.tsx'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { BudgetLine } from '../emergency/CampaignForm.tsx'
import { fresh, QuestionEditor } from '../emergency/QuestionsForm.tsx'
import {
  addField,
  conditionsFor,
  faultsByField,
  freshKey,
  moveField,
  removeField,
  setField,
  startEditing,
} from './edit.ts'
import type { Fault } from './edit.ts'
import { PhonePreview } from './PhonePreview.tsx'

const BOTH = { zh: '', en: '' }

/** The answers of an earlier field as choices; yes and no travel as words and are read back. */
function useAnswers(): (field: FormField) => { value: string; label: string }[] {
  const { t } = useTranslation('centre')
  const say = useSay()
  return ({ ask }) => {
    if (ask.type === 'yes_no')
      return [
        { value: 'true', label: t('yes') },
        { value: 'false', label: t('no') },
      ]
    return ask.type === 'choice' || ask.type === 'multi'
      ? ask.options.map((option) => ({ value: option.value, label: say(option.say) || option.value }))
      : []
  }
}

function Condition({
  form,
  at,
  field,
  onChange,
}: {
  form: Form
  at: number
  field: FormField
  onChange: (field: FormField) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const answersOf = useAnswers()
  const possible = conditionsFor(form, at)
  const on = form.fields.find((one) => one.ask.key === field.when?.key)
  const choose = (key: string): void => {
    const { when: _, ...rest } = field
    const chosen = possible.find((one) => one.ask.key === key)
    const [first] = chosen ? answersOf(chosen) : []
    if (!chosen || !first) return onChange(rest)
    onChange({ ...rest, when: { key, is: [readBack(chosen, first.value)] } })
  }
  return (
    <div className="form-row">
      <SelectField
        label={t('form.when')}
        value={field.when?.key ?? ''}
        any={t('form.when.always')}
        onChange={choose}
        choices={possible.map((one) => ({ value: one.ask.key, label: say(one.ask.say) || one.ask.key }))}
      />
      {field.when && on ? (
        <MultiField
          label={t('form.when.is')}
          value={field.when.is.map(String)}
          onChange={(values) =>
            onChange({ ...field, when: { key: on.ask.key, is: values.map((value) => readBack(on, value)) } })
          }
          choices={answersOf(on)}
        />
      ) : null}
    </div>
  )
}

function readBack(on: FormField, value: string): string | boolean {
  return on.ask.type === 'yes_no' ? value === 'true' : value
}

function Usual({ field, onChange }: { field: FormField; onChange: (field: FormField) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const { ask } = field
  if (ask.type !== 'number') return null
  const usual = field.usual ?? { min: ask.min, max: ask.max }
  return (
    <div className="form-row">
      <NumberField
        label={t('form.usual.min')}
        help={t('form.usual.help')}
        value={usual.min}
        onChange={(n) => onChange({ ...field, usual: { ...usual, min: n ?? ask.min } })}
      />
      <NumberField
        label={t('form.usual.max')}
        value={usual.max}
        onChange={(n) => onChange({ ...field, usual: { ...usual, max: n ?? ask.max } })}
      />
    </div>
  )
}

/** Fields are added, removed and moved; what is wrong stands at the field; the phone's view is beside. */
export function FormEditor({ area, start, onDone }: { area: string; start: Form; onDone: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const said = useSaid()
  const [editing, setEditing] = useState(() => startEditing(start))
  const [id] = useState(() => crypto.randomUUID())
  const [asked, setAsked] = useState(false)
  const write = useWrite(FormRow, { path: '/api/forms', touches: ['/api/forms'] })
  const { form } = editing
  const faults = faultsByField(form)
  const shown = (at: number): string | null => {
    // What is merely not filled in yet is said once saving was tried; what cannot be is said at once.
    const here = (faults.get(at) ?? []).filter((fault: Fault) => asked || fault !== 'shape')
    return here.length > 0 ? join(here.map((fault) => t(`formFault.${fault}`))) : null
  }
  const save = (): void => {
    setAsked(true)
    if (faults.size > 0) return
    write.mutate(
      { id, area, form },
      {
        onSuccess: () => {
          said(t('form.saved'))
          onDone()
        },
      },
    )
  }
  const whole = shown(-1)
  return (
    <div className="split">
      <div className="form">
        <ProblemNotice error={write.error} />
        <div className="form-row">
          {(['zh', 'en'] as const).map((lang) => (
            <TextField
              key={lang}
              label={t(`form.name.${lang}`)}
              value={form.say[lang]}
              onChange={(text) => setEditing({ ...editing, form: { ...form, say: { ...form.say, [lang]: text } } })}
            />
          ))}
        </div>
        <BudgetLine questions={form.fields.map((field) => field.ask)} />
        {whole ? <Notice kind="fault" head={whole} /> : null}
        {form.fields.map((field, at) => {
          const fault = shown(at)
          const put = (next: FormField): void => setEditing(setField(editing, at, next))
          return (
            <section key={editing.ids[at]} aria-label={t('form.field.n', { n: at + 1 })}>
              {fault ? <Notice kind="fault" head={`${t('form.field.n', { n: at + 1 })} · ${fault}`} /> : null}
              <QuestionEditor
                question={field.ask}
                onChange={(ask) => {
                  const { usual: _, ...rest } = field
                  put(ask.type === 'number' ? { ...field, ask } : { ...rest, ask })
                }}
                onRemove={() => setEditing(removeField(editing, at))}
              >
                <SelectField
                  label={t('form.of')}
                  value={field.of}
                  onChange={(of) => (of === '' ? undefined : put({ ...field, of }))}
                  choices={(['door', 'person'] as const).map((of) => ({ value: of, label: t(`form.of.${of}`) }))}
                />
                <Condition form={form} at={at} field={field} onChange={put} />
                <Usual field={field} onChange={put} />
                <div className="form-acts" style={{ justifyContent: 'flex-start' }}>
                  <Act
                    disabled={at === 0}
                    label={t('form.field.up', { n: at + 1 })}
                    onClick={() => setEditing(moveField(editing, at, -1))}
                  >
                    {t('form.up')}
                  </Act>
                  <Act
                    disabled={at === form.fields.length - 1}
                    label={t('form.field.down', { n: at + 1 })}
                    onClick={() => setEditing(moveField(editing, at, 1))}
                  >
                    {t('form.down')}
                  </Act>
                </div>
              </QuestionEditor>
            </section>
          )
        })}
        <div>
          <Act
            onClick={() => setEditing(addField(editing, { of: 'door', ask: fresh('yes_no', freshKey(form), BOTH) }))}
          >
            {t('form.field.add')}
          </Act>
        </div>
        {asked && faults.size > 0 ? (
          <Notice kind="fault" takesFocus head={t('form.faults', { n: faults.size })} />
        ) : null}
        <div className="form-acts">
          <Act onClick={onDone}>{t('form.stop')}</Act>
          <Act primary busy={write.isPending} onClick={save}>
            {t('form.save')}
          </Act>
        </div>
      </div>
      <Section title={t('form.preview')} lead={t('form.preview.lead')}>
        <PhonePreview form={form} />
      </Section>
    </div>
  )
}
