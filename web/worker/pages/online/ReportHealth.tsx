import { ForceDone, SYMPTOMS } from '@weiwang/domain/teams/force-api'
import { addDays } from '@weiwang/domain/core/day'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../../api/http.ts'
import { HonestState } from '../../../kit/common/Notice.tsx'
import { BigButton, Chips, Line, MultiChips, TextLine } from '../../../kit/phone/controls.tsx'
import { newId } from '../../../shared/newId.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { usePhone } from '../../phone/hooks.tsx'

const KINDS = ['symptoms', 'contact'] as const
type Kind = (typeof KINDS)[number]
const OLDEST = 30

/**
 * What I say about my own health. It goes straight to the server: an outbox may be handed to a supervisor, and this is read by
 * nobody but the desk of the county and the doctor of my team (FORCE-10).
 */
export function ReportHealth({ onDone }: { onDone: () => void }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const phone = usePhone()
  const [id] = useState(() => newId(phone.now()))
  const [kind, setKind] = useState<Kind>('symptoms')
  const [day, setDay] = useState(() => phone.today())
  const [symptoms, setSymptoms] = useState<string[]>([])
  const [words, setWords] = useState('')
  const [pressed, setPressed] = useState(false)
  const [state, setState] = useState<'rest' | 'busy' | 'there'>('rest')
  const [error, setError] = useState<unknown>(null)
  const isLate = day > phone.today() || day < addDays(phone.today(), -OLDEST)
  const isLacking = kind === 'symptoms' && symptoms.length === 0 && words.trim() === ''
  const tell = async (): Promise<void> => {
    setPressed(true)
    if (isLate || isLacking) return
    setState('busy')
    setError(null)
    try {
      const body = { id, kind, day, symptoms: kind === 'contact' ? [] : symptoms, words: words.trim() }
      await send(ForceDone, { path: '/api/forces/health', body, key: id })
      setState('there')
      phone.askHeard('/api/forces/health/mine')
    } catch (thrown) {
      setError(thrown)
      setState('rest')
    }
  }
  if (state === 'there') {
    return (
      <section className="card">
        <HonestState state="server" word={c('state.server')} />
        <p>
          <BigButton onClick={onDone}>{c('act.close')}</BigButton>
        </p>
      </section>
    )
  }
  return (
    <section className="card" aria-label={t('own.health.say')}>
      <Chips<Kind>
        label={t('own.health.what')}
        value={kind}
        onChange={(next) => setKind(next ?? 'symptoms')}
        groups={[{ chips: KINDS.map((value) => ({ value, label: t(`own.health.${value}`) })) }]}
      />
      <Line
        type="date"
        label={t('own.health.day')}
        value={day}
        fault={pressed && isLate ? t('own.health.day.fault') : undefined}
        onChange={setDay}
      />
      {kind === 'symptoms' ? (
        <MultiChips
          label={t('obs.symptoms')}
          value={symptoms}
          fault={pressed && isLacking ? c('field.required') : undefined}
          onChange={setSymptoms}
          chips={SYMPTOMS.map((value) => ({ value, label: t(`own.symptom.${value}`) }))}
        />
      ) : null}
      <TextLine label={t('note')} help={t('note.help')} most={300} value={words} onChange={setWords} />
      <ProblemNotice error={error} />
      <div className="big-row">
        <BigButton primary busy={state === 'busy'} onClick={() => void tell()}>
          {t('own.health.send')}
        </BigButton>
        <BigButton onClick={onDone}>{c('act.cancel')}</BigButton>
      </div>
    </section>
  )
}
