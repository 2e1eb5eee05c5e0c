import type { Declared, PlaceRules, Registered } from '@weiwang/domain/healthcode/reg-api'
import { useEffect, useRef, useState } from 'react'
import type { ReactElement } from 'react'
import { ask, Trouble } from '../net.ts'
import { Act, Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'
import { drop, keepHere, keepThere } from './draft.ts'
import { answersOf, homeOf, missing, staysFrom, stepAt, stepsOf, whoOf, wordsOf } from './form.ts'
import type { Form, Mode } from './form.ts'
import { Review } from './Review.tsx'
import { STEPS } from './steps.tsx'
import { REG } from './texts.ts'

export type Sent = { state: 'registered' | 'checked'; personId: string | null }

async function submit(form: Form, mode: Mode, personId: string): Promise<Sent> {
  const said = { id: form.id, answers: answersOf(form), words: wordsOf(form), promise: true }
  if (mode === 'again') {
    const { personId: whose } = await ask<Declared>('POST', '/api/my/declarations', { ...said, personId }, form.id)
    return { state: 'registered', personId: whose }
  }
  const whole = { ...said, who: whoOf(form), home: homeOf(form) }
  if (mode === 'self') return ask<Registered>('POST', '/api/my/registration', whole, form.id)
  const phone = form.relation === 'parent' && form.wardPhone.trim() !== '' ? { phone: form.wardPhone.trim() } : {}
  return ask<Registered>('POST', '/api/my/people', { ...whole, relation: form.relation, ...phone }, form.id)
}

/** Screen after screen; what is missing is named where it is missing, and nothing that was typed goes. */
export function Flow({
  mode,
  personId,
  rules,
  first,
  startStep,
  now,
  today,
  onSent,
}: {
  mode: Mode
  /** Of whom a new declaration is made; empty otherwise. */
  personId: string
  rules: PlaceRules
  first: Form
  startStep: number
  now: () => number
  today: string
  onSent: (sent: Sent) => Promise<void>
}): ReactElement {
  const { t } = useWords(REG)
  const [form, setForm] = useState(first)
  const [at, setAt] = useState(startStep)
  const [bad, setBad] = useState<string[]>([])
  const heading = useRef<HTMLHeadingElement>(null)
  const box = useRef<HTMLFormElement>(null)
  const { busy, trouble, act, clear } = useAct()
  const steps = stepsOf(mode)
  const step = steps[at] ?? 'review'

  const set = (part: Partial<Form>): void => {
    const next = { ...form, ...part }
    setForm(next)
    // A fault that was put right goes at once; new ones are named by the button.
    if (bad.length > 0) setBad(missing(step, next, mode))
    keepHere(mode, personId, next, at, now())
  }
  const goTo = (next: number, filled: Form = form): void => {
    setAt(next)
    setBad([])
    clear()
    keepHere(mode, personId, filled, next, now())
    keepThere(mode, filled, next, now())
  }
  // A new screen begins at its top, for the eye and for a reader's voice.
  const shown = useRef(at)
  useEffect(() => {
    if (shown.current === at) return
    shown.current = at
    scrollTo(0, 0)
    heading.current?.focus()
  }, [at])

  const forward = (): void => {
    const faults = missing(step, form, mode)
    setBad(faults)
    if (faults.length > 0) {
      const field = faults[0] ?? ''
      requestAnimationFrame(() =>
        box.current?.querySelector<HTMLElement>(`[name="${field}"],[data-field="${field}"]`)?.focus(),
      )
      return
    }
    if (step === 'review') {
      act(async () => {
        const sent = await submit(form, mode, personId)
        drop(mode, personId)
        await onSent(sent)
      })
      return
    }
    const from = step === 'journey' && form.stayed === null ? staysFrom(form, today, rules.askDays) : []
    const filled = from.length > 0 ? { ...form, stayed: true, stays: from } : form
    if (from.length > 0) setForm(filled)
    // Who did not travel is not asked about the journey.
    const next = at + (steps[at + 1] === 'journey' && form.situation === 'living' ? 2 : 1)
    goTo(next, filled)
  }
  const backward = (): void => goTo(at - (steps[at - 1] === 'journey' && form.situation === 'living' ? 2 : 1))

  const Body = step === 'review' ? null : STEPS[step]
  const wrong = trouble instanceof Trouble ? stepAt(trouble.body.at, mode) : null
  return (
    <form
      ref={box}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        forward()
      }}
    >
      <p className="quiet">{t('stepOf', { n: at + 1, of: steps.length })}</p>
      <progress value={at + 1} max={steps.length} aria-hidden="true" />
      <h1 ref={heading} tabIndex={-1}>
        {step === 'review' ? t('review') : t(`n_${step}`)}
      </h1>
      {Body === null ? (
        <Review
          form={form}
          mode={mode}
          bad={bad}
          onPromise={(promise) => set({ promise })}
          onEdit={(one) => goTo(steps.indexOf(one))}
        />
      ) : (
        <Body form={form} set={set} bad={bad} mode={mode} rules={rules} today={today} />
      )}
      <Problem trouble={trouble} />
      {wrong !== null && (
        <button type="button" className="side" onClick={() => goTo(steps.indexOf(wrong))}>
          {t('goChange')}: {t(`n_${wrong === 'review' ? 'who' : wrong}`)}
        </button>
      )}
      <Act busy={busy} submit>
        {t(step === 'review' ? 'submit' : 'next')}
      </Act>
      {at > 0 && (
        <button type="button" className="side" onClick={backward}>
          {t('before')}
        </button>
      )}
      <p className="quiet">{t('keptHere')}</p>
    </form>
  )
}
