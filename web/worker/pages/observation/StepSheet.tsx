import { StepBody } from '@weiwang/domain/observation/api'
import type { StepName } from '@weiwang/domain/observation/api'
import { dayOf, instantOf } from '@weiwang/domain/core/day'
import type { Problem } from '@weiwang/domain/core/problem'
import { answerersFor, isChild } from '@weiwang/domain/observation/answerer'
import { OUTING_RULES } from '@weiwang/domain/observation/outing'
import { SYMPTOM_LIST } from '@weiwang/domain/observation/reading'
import { STEP_EFFECTS, STEP_VERBS } from '@weiwang/domain/observation/step-words'
import { decideStep } from '@weiwang/domain/observation/steps'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useSay } from '../../../i18n/setup.ts'
import { Notice } from '../../../kit/common/Notice.tsx'
import { BigButton, Chips, Line, MultiChips, Sheet, Switch, TextLine } from '../../../kit/phone/controls.tsx'
import { hourMinute } from '../../../words/time.ts'
import { useClock } from '../../clock.tsx'
import type { Watched } from '../../observation/watched.ts'
import { useKept, usePhone } from '../../phone/hooks.tsx'
import { PhoneFull } from '../../phone/store.ts'
import { OnePhoto } from '../OnePhoto.tsx'
import { DOOR_FIELDS } from './fields.ts'
import type { DoorField } from './fields.ts'
import { Sign } from './Sign.tsx'

const Values = z.record(z.string(), z.unknown())
type Values = Readonly<z.infer<typeof Values>>
const NOTHING_SAID: Values = {}
const Strokes = z.array(z.array(z.number())).catch([])
const Words = z.array(z.string()).catch([])

/** A day and a time of the deployment, together one instant; empty while the time is. */
function MomentInput({
  label,
  value,
  onChange,
}: {
  label: string
  value: string
  onChange: (value: string) => void
}): ReactNode {
  const { t } = useTranslation('worker')
  const { now, zone } = useClock()
  const given = value === '' ? null : new Date(value)
  const [day, setDay] = useState(dayOf(given ?? now, zone))
  const [time, setTime] = useState(given ? hourMinute(given, zone) : '')
  const give = (nextDay: string, nextTime: string): void => {
    setDay(nextDay)
    setTime(nextTime)
    const [hour, minute] = nextTime.split(':').map(Number)
    const whole = /^\d{4}-\d{2}-\d{2}$/.test(nextDay) && /^\d{2}:\d{2}/.test(nextTime)
    onChange(whole ? instantOf(nextDay, zone, hour ?? 0, minute ?? 0).toISOString() : '')
  }
  return (
    <fieldset className="obs-moment">
      <legend>{label}</legend>
      <Line label={t('obs.f.outDay')} type="date" value={day} onChange={(next) => give(next, time)} />
      <Line label={label} type="time" value={time} onChange={(next) => give(day, next)} />
    </fieldset>
  )
}

/** OBS-28: adults of the same door, of a child the likeliest first; known to the phone, so with or without a net. */
function PersonInput({
  of,
  label,
  value,
  onChange,
}: {
  of: Watched
  label: string
  value: string
  onChange: (value: unknown) => void
}): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const { now, zone } = useClock()
  const today = dayOf(now, zone)
  const birth = phone.shelf.person(of.personId)?.birth ?? null
  const others = (of.householdId === null ? [] : phone.shelf.membersOf(of.householdId))
    .filter((one) => one.id !== of.personId && !one.local)
    .map((one) => ({
      personId: one.id,
      name: one.name ?? one.body.masked,
      birth: one.birth,
      sex: one.body.sex,
      hasPhone: one.phone !== null,
    }))
  const child = of.state.minor || isChild(birth, today)
  const chips = answerersFor(birth, others, today).map((one) => ({
    value: one.personId,
    label: [one.name, child ? t(`obs.likely.${one.likely}`) : '', one.hasPhone ? '' : t('obs.likely.noPhone')]
      .filter(Boolean)
      .join(' · '),
  }))
  if (chips.length === 0) return <p>{t('obs.f.nobodyNear')}</p>
  return <Chips label={label} value={value === '' ? null : value} onChange={onChange} groups={[{ chips }]} />
}

function Input({
  of,
  field,
  value,
  onChange,
}: {
  of: Watched
  field: DoorField
  value: unknown
  onChange: (value: unknown) => void
}): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const label = t(field.label)
  const text = typeof value === 'string' ? value : ''
  switch (field.kind) {
    case 'yes':
      return <Switch label={label} on={value === true} onChange={onChange} />
    case 'count':
      return <Line label={label} pad="decimal" value={text} onChange={(next) => onChange(next.replace(/\D/g, ''))} />
    case 'choice': {
      const most: readonly string[] | undefined = field.by && (OUTING_RULES[of.state.measure]?.[field.by] ?? [])
      const open = Object.entries(field.of).filter(([code]) => most?.includes(code) ?? true)
      return (
        <Chips
          label={label}
          value={text === '' ? null : text}
          onChange={onChange}
          groups={[{ chips: open.map(([code, words]) => ({ value: code, label: say(words) })) }]}
        />
      )
    }
    case 'codes':
      return (
        <MultiChips
          label={label}
          value={Words.parse(value)}
          onChange={onChange}
          chips={SYMPTOM_LIST.map((one) => ({ value: one.code, label: say(one.say) }))}
        />
      )
    case 'moment':
      return <MomentInput label={label} value={text} onChange={onChange} />
    case 'person':
      return <PersonInput of={of} label={label} value={text} onChange={onChange} />
    case 'strokes':
      return <Sign strokes={Strokes.parse(value)} onChange={onChange} />
    case 'photo':
      return <OnePhoto id={text} take={t('obs.f.photo')} onChange={onChange} />
    case 'line':
      return <Line label={label} value={text} onChange={onChange} />
    case 'tel':
      return <Line label={label} pad="tel" value={text} onChange={onChange} />
    case 'text':
      return <TextLine label={label} value={text} onChange={onChange} />
  }
}

/** What was asked for is what is agreed to, unless it is changed. */
function start(step: StepName, of: Watched): Values {
  const asked = of.state.outingAsked
  return step === 'outing' && asked ? { purpose: asked.purpose, from: asked.from, to: asked.to } : NOTHING_SAID
}

function isAsked(field: DoorField, values: Values): boolean {
  return field.when === undefined || values[field.when.name] === field.when.is
}

function bodyOf(step: StepName, fields: readonly DoorField[], values: Values): StepBody | null {
  const body: Record<string, unknown> = { step }
  for (const field of fields.filter((one) => isAsked(one, values))) {
    const value = values[field.name]
    if (field.kind === 'yes') body[field.name] = value === true
    else if (field.kind === 'count') body[field.name] = Number(value ?? 0)
    else if (typeof value === 'string' && value.trim() !== '') body[field.name] = value.trim()
    else if (Array.isArray(value) && value.length > 0) body[field.name] = value
  }
  return StepBody.safeParse(body).data ?? null
}

/** One step of one person at the door: decided here by the rules of the server, kept at once, sent when there is a net. */
export function StepSheet({
  of,
  step,
  name,
  onClose,
}: {
  of: Watched
  step: StepName
  name: string
  onClose: () => void
}): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const phone = usePhone()
  const { zone } = useClock()
  // A signature is not given twice because a telephone rang.
  const {
    value: values,
    patch,
    draft,
  } = useKept<Values>({ form: `observation.${step}`, version: '1', subject: of.id }, Values, start(step, of))
  const [problem, setProblem] = useState<Problem | null>(null)
  const [full, setFull] = useState(false)
  const [busy, setBusy] = useState(false)
  const fields = DOOR_FIELDS[step] ?? []
  // At the door somebody is named; that the person answers is what holds without it.
  const body = step === 'responder' && values['personId'] === undefined ? null : bodyOf(step, fields, values)
  const keep = async (): Promise<void> => {
    if (body === null || busy) return
    const now = phone.now()
    const decided = decideStep(of.state, body, { now, zone, occurredAt: now }, { successorId: 'here', note: '' })
    if (!decided.ok) return setProblem(decided.problem)
    setBusy(true)
    try {
      await phone.outbox.add({
        kind: 'observation.step',
        grid: of.grid,
        body: { id: of.id, do: body, occurredAt: now.toISOString() },
        photos: body.step === 'commitment' && body.how === 'paper' && body.photoId ? [body.photoId] : [],
        draft,
      })
      onClose()
    } catch (error) {
      if (!(error instanceof PhoneFull)) throw error
      setFull(true)
    } finally {
      setBusy(false)
    }
    return undefined
  }
  return (
    <Sheet title={`${say(STEP_VERBS[step])} · ${name}`} open onClose={onClose} close={c('act.cancel')}>
      <p>{say(STEP_EFFECTS[step])}</p>
      {problem ? (
        <Notice kind="fault" takesFocus head={say(problem.body.message)} body={say(problem.body.remedy)} />
      ) : null}
      {full ? <Notice kind="fault" takesFocus head={t('phone.full')} /> : null}
      {fields
        .filter((field) => isAsked(field, values))
        .map((field) => (
          <Input
            key={field.name}
            of={of}
            field={field}
            value={values[field.name]}
            onChange={(value) => {
              setProblem(null)
              patch({ [field.name]: value })
            }}
          />
        ))}
      <p>
        <BigButton primary busy={busy} disabled={body === null} onClick={() => void keep()}>
          {t('obs.step.do')}
        </BigButton>
      </p>
    </Sheet>
  )
}
