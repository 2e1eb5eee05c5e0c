import { dayOf, instantOf } from '@weiwang/domain/core/day'
import { Answerers } from '@weiwang/domain/observation/answerer-api'
import { StepBody, SteppedObservation } from '@weiwang/domain/observation/api'
import type { ObservationDetail, StepName } from '@weiwang/domain/observation/api'
import { STEP_EFFECTS, STEP_VERBS } from '@weiwang/domain/observation/step-words'
import { OUTING_RULES } from '@weiwang/domain/observation/outing'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import {
  CheckField,
  DayField,
  FileButton,
  MultiField,
  NumberField,
  SelectField,
  TextField,
} from '../../../kit/centre/controls.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useClock } from '../../../session/me.ts'
import { shrinkPicture } from '../../../shared/picture.ts'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { hourMinute } from '../../../words/time.ts'
import { STEP_FIELDS } from './fields.ts'
import { sendPaper } from './paper.ts'
import type { StepField } from './fields.ts'
import { TOUCHES, useAnswerers, useChoices, useSymptomChoices } from './words.ts'

type Values = Readonly<Record<string, unknown>>
type FieldProps = {
  field: StepField
  value: unknown
  onChange: (value: unknown) => void
  onPicture: (picture: Blob) => void
  of: Pick<ObservationDetail, 'personId' | 'measure'>
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function ChoiceInput({ field, value, onChange, label, of }: FieldProps & { label: string }): ReactNode {
  const all = useChoices(field.kind === 'choice' ? field.of : {})
  const by = field.kind === 'choice' ? field.by : undefined
  const open: readonly string[] | undefined = by && (OUTING_RULES[of.measure]?.[by] ?? [])
  const choices = open ? all.filter((one) => open.includes(one.value)) : all
  return <SelectField label={label} value={text(value)} onChange={onChange} choices={choices} any="–" />
}

/** Who of the same door may answer; of a child the likeliest stands first, and it cannot answer itself (OBS-28). */
function PersonInput({ value, onChange, of, label }: FieldProps & { label: string }): ReactNode {
  const { t } = useTranslation('centre')
  const near = useQuery({
    ...q(Answerers, '/api/observations/answerers', { personId: of.personId }),
    enabled: of.personId !== null,
  })
  const choices = useAnswerers()(near.data)
  const child = near.data?.child === true
  return (
    <SelectField
      label={label}
      value={text(value)}
      onChange={onChange}
      choices={choices}
      any={child ? '–' : t('obs.f.self')}
    />
  )
}

/** A photograph or a scan of the signed paper: made small and free of metadata here, sent when the step has been taken. */
function PictureInput({ value, onChange, onPicture, label }: FieldProps & { label: string }): ReactNode {
  const { t } = useTranslation('centre')
  const [fault, setFault] = useState(false)
  const choose = async (file: File): Promise<void> => {
    try {
      onPicture(await shrinkPicture(file))
      onChange(crypto.randomUUID())
      setFault(false)
    } catch {
      setFault(true)
    }
  }
  return (
    <div>
      <FileButton accept="image/*" onFile={(file) => void choose(file)}>
        {label}
      </FileButton>
      {text(value) === '' ? null : <p className="progress-text">{t('obs.photo.chosen')}</p>}
      {fault ? <Notice kind="fault" head={t('obs.photo.unreadable')} /> : null}
    </div>
  )
}

/** Day and time of the deployment, together one instant. */
function MomentInput({ field, value, onChange, label }: FieldProps & { label: string }): ReactNode {
  const { t } = useTranslation('centre')
  const { zone } = useClock()
  const { today } = useDesk()
  const given = text(value) === '' ? null : new Date(text(value))
  const [day, setDay] = useState(given ? dayOf(given, zone) : today)
  const [time, setTime] = useState(given ? hourMinute(given, zone) : '')
  const ahead = field.kind === 'moment' && field.ahead === true
  const give = (nextDay: string, nextTime: string): void => {
    setDay(nextDay)
    setTime(nextTime)
    const found = /^(\d{1,2}):(\d{2})$/.exec(nextTime.trim())
    onChange(found ? instantOf(nextDay, zone, Number(found[1]), Number(found[2])).toISOString() : undefined)
  }
  return (
    <div className="form-row">
      <DayField label={t('day')} value={day} onChange={(next) => give(next, time)} {...(ahead ? {} : { max: today })} />
      <TextField label={label} value={time} onChange={(next) => give(day, next)} placeholder="HH:MM" width={120} />
    </div>
  )
}

function Input(props: FieldProps): ReactNode {
  const { t } = useTranslation('centre')
  const { field, value, onChange } = props
  const [area, setArea] = useState<Chosen | null>(null)
  const symptoms = useSymptomChoices()
  const label = t(field.label)
  switch (field.kind) {
    case 'yes':
      return <CheckField label={label} value={value === true} onChange={onChange} />
    case 'count':
      return (
        <NumberField
          label={label}
          value={typeof value === 'number' ? value : null}
          onChange={onChange}
          min={0}
          max={field.most}
        />
      )
    case 'degrees':
      return (
        <NumberField
          label={label}
          value={typeof value === 'number' ? value : null}
          onChange={onChange}
          min={30}
          max={45}
        />
      )
    case 'choice':
      return <ChoiceInput {...props} label={label} />
    case 'day':
      return (
        <DayField
          label={field.name === 'exposureDay' ? t('obs.exposure') : label}
          value={text(value)}
          onChange={onChange}
        />
      )
    case 'moment':
      return <MomentInput {...props} label={label} />
    case 'area':
      return (
        <AreaPick
          label={label}
          value={area}
          onChange={(next) => {
            setArea(next)
            onChange(next?.code)
          }}
        />
      )
    case 'codes':
      return (
        <MultiField
          label={label}
          value={Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []}
          onChange={onChange}
          choices={symptoms}
        />
      )
    case 'person':
      return <PersonInput {...props} label={label} />
    case 'photo':
      return <PictureInput {...props} label={label} />
    case 'text':
    case 'long':
      return <TextField long={field.kind === 'long'} label={label} value={text(value)} onChange={onChange} />
  }
}

function start(step: StepName, of: Pick<ObservationDetail, 'current'>): Values {
  const values: Record<string, unknown> = {}
  // What was asked for is what is agreed to, unless it is changed.
  const { outingAsked: asked } = of.current
  if (step === 'outing' && asked) Object.assign(values, { purpose: asked.purpose, from: asked.from, to: asked.to })
  for (const field of STEP_FIELDS[step]) {
    if (field.kind === 'yes') values[field.name] = field.name === 'approve'
    if (field.kind === 'count') values[field.name] = 0
    // With one choice there is nothing to choose.
    if (field.kind === 'choice' && Object.keys(field.of).length === 1) values[field.name] = Object.keys(field.of)[0]
  }
  return values
}

const isAsked = (field: StepField, values: Values): boolean =>
  field.when === undefined || values[field.when.name] === field.when.is

/** What was typed as the step's own body, or null while something is missing. */
function bodyOf(step: StepName, values: Values, teamId: string | null): StepBody | null {
  const hidden = STEP_FIELDS[step].filter((field) => !isAsked(field, values)).map(({ name }) => name)
  const filled = Object.entries(values).flatMap(([name, value]) => {
    if (hidden.includes(name)) return []
    const plain = typeof value === 'string' ? value.trim() : value
    return plain === '' || plain === undefined || plain === null ? [] : [[name, plain] as const]
  })
  const parsed = StepBody.safeParse({ step, ...(step === 'team' ? { teamId } : {}), ...Object.fromEntries(filled) })
  return parsed.success ? parsed.data : null
}

/** One step with its small form: the server's refusal stands above what was typed. */
export function StepAct({
  of,
  step,
  primary,
  teamId,
}: {
  of: Pick<ObservationDetail, 'id' | 'personId' | 'measure' | 'current'>
  step: StepName
  primary: boolean
  teamId: string | null
}): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const client = useQueryClient()
  const [values, setValues] = useState<Values>(() => start(step, of))
  const [picture, setPicture] = useState<Blob | null>(null)
  const write = useWrite(SteppedObservation, { path: `/api/observations/${of.id}/step`, touches: TOUCHES })
  const body = bodyOf(step, values, teamId)
  const verb = say(STEP_VERBS[step])
  return (
    <ConfirmAct
      verb={verb}
      title={verb}
      primary={primary}
      write={write}
      ready={body !== null}
      onYes={(_, done) => {
        if (body === null) return
        write.mutate(
          { do: body },
          {
            onSuccess: () => {
              if (body.step === 'commitment' && body.photoId && picture)
                // The panel says where it did not arrive.
                sendPaper(client, { id: of.id, photo: body.photoId, picture }).catch(() => undefined)
              setValues(start(step, of))
              setPicture(null)
              done()
            },
          },
        )
      }}
    >
      <p>{say(STEP_EFFECTS[step])}</p>
      {step === 'commitment' ? <p className="progress-text">{t('obs.f.phoneOnly')}</p> : null}
      <div className="form">
        {STEP_FIELDS[step]
          .filter((field) => isAsked(field, values))
          .map((field) => (
            <Input
              key={field.name}
              field={field}
              value={values[field.name]}
              of={of}
              onPicture={setPicture}
              onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
            />
          ))}
      </div>
    </ConfirmAct>
  )
}
