import { Answerers } from '@weiwang/domain/observation/answerer-api'
import { PersonGrade } from '@weiwang/domain/grading/api'
import { exposureOf } from '@weiwang/domain/observation/exposure'
import type { Exposure } from '@weiwang/domain/observation/exposure'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../../api/query.ts'
import { Act, CheckField, DayField, SelectField } from '../../../kit/centre/controls.tsx'
import { useClock } from '../../../session/me.ts'
import { dayWords } from '../../../words/time.ts'
import { useDesk } from '../../parts/desk.ts'
import { useAnswerers, useReasonWord } from './words.ts'

export type Whom = { personId: string; masked: string }
/** `responder`: who reports and is rung up for a child or an elder; empty: the person. */
export type Line = { chosen: boolean; exposureDay: string; continuous: boolean; responder: string; id: string }

/** One person of the door: the own day 0, with the contact that grading knows of, and who answers. */
export function OpenLine({
  who,
  line,
  others,
  onChange,
  onKnown,
}: {
  who: Whom
  line: Line
  others: readonly Whom[]
  onChange: (line: Line) => void
  /** What is known of the contact was taken over. */
  onKnown: (reason: Exposure['reason']) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const { today } = useDesk()
  return (
    <fieldset style={{ border: 0, padding: 0, margin: '0 0 8px' }} aria-label={who.masked}>
      <CheckField label={who.masked} value={line.chosen} onChange={(chosen) => onChange({ ...line, chosen })} />
      {line.chosen ? (
        <div style={{ paddingInlineStart: 24 }}>
          <DayField
            label={t('obs.exposure')}
            help={t('obs.new.blank')}
            value={line.exposureDay}
            onChange={(exposureDay) => onChange({ ...line, exposureDay })}
            max={today}
          />
          <Known
            who={who}
            day={line.exposureDay}
            onTake={(known) => {
              onChange({ ...line, exposureDay: known.day ?? '' })
              onKnown(known.reason)
            }}
          />
          <CheckField
            label={t('obs.new.continuous')}
            value={line.continuous}
            onChange={(continuous) => onChange({ ...line, continuous })}
          />
          {others.length > 0 ? (
            <Answerer who={who} value={line.responder} onChange={(responder) => onChange({ ...line, responder })} />
          ) : null}
        </div>
      ) : null}
    </fieldset>
  )
}

/** OBS-28: who answers; of a child nobody is taken by itself, and the likeliest of the door stands first. */
function Answerer({
  who,
  value,
  onChange,
}: {
  who: Whom
  value: string
  onChange: (responder: string) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const { data } = useQuery(q(Answerers, '/api/observations/answerers', { personId: who.personId }))
  const choices = useAnswerers()(data)
  return (
    <SelectField
      label={t('obs.new.responder')}
      {...(data?.child === true ? { help: t('obs.unanswered.todo') } : {})}
      value={value}
      onChange={onChange}
      any={data?.child === true ? '–' : t('obs.f.self')}
      choices={choices}
    />
  )
}

/** The last exposure that the reasons of this person's grade tell of; taken over by a press, never by itself (case 14). */
function Known({ who, day, onTake }: { who: Whom; day: string; onTake: (known: Exposure) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const reason = useReasonWord()
  const { data } = useQuery(q(PersonGrade, `/api/people/${who.personId}/grade`))
  const known = exposureOf(data?.now?.reasons)
  if (known.day === null || known.day === day) return null
  return (
    <p className="progress-text">
      {t('obs.new.known', { day: dayWords(known.day, clock), reason: reason(known.reason) })}{' '}
      <Act quiet onClick={() => onTake(known)} label={`${t('obs.new.take')} ${who.masked}`}>
        {t('obs.new.take')}
      </Act>
    </p>
  )
}
