import { showTemperature } from '@weiwang/domain/observation/temperature'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../i18n/setup.ts'
import { BigButton } from '../../kit/phone/controls.tsx'
import { useGate, useGateState } from '../current.ts'
import type { Case } from '../gate/types.ts'
import { go } from '../view.ts'
import { useWord } from './Flash.tsx'
import { endFlash, tuneOf } from './scanning.ts'
import { Shape } from './shapes.tsx'
import { TemperaturePad } from './TemperaturePad.tsx'

function Asked({ c }: { c: Case }): ReactNode {
  const { t } = useTranslation('checkpoint')
  const gate = useGate()
  if (c.decision.ask === 'temperature')
    return (
      <TemperaturePad
        onEnter={(tenths) => {
          endFlash()
          void gate.temperature(c.id, tenths)
        }}
        onSkip={() => void gate.close()}
      />
    )
  if (c.decision.ask === 'papers')
    return (
      <>
        <p className="case-ask">{t('papers.ask')}</p>
        <div className="big-row">
          <BigButton onClick={() => void gate.papers(c.id, false)}>{t('papers.no')}</BigButton>
          <BigButton primary onClick={() => void gate.papers(c.id, true)}>
            {t('papers.yes')}
          </BigButton>
        </div>
      </>
    )
  // Who goes through needs no press: the next code is the next person.
  if (c.decision.refer === null && c.decision.ask === null) return null
  return (
    <div className="big-row">
      {c.decision.refer ? (
        <BigButton
          primary
          onClick={() => {
            gate.referCurrent()
            go('refer')
          }}
        >
          {t('act.todo')}
        </BigButton>
      ) : null}
      <BigButton onClick={() => void gate.close()}>{t('act.next')}</BigButton>
    </div>
  )
}

/** Somebody of this name has told of a return: asked of the person, never taken for granted, since names repeat (GATE-114). */
function BackAgain({ c }: { c: Case }): ReactNode {
  const { t } = useTranslation('checkpoint')
  const gate = useGate()
  const { expected } = useGateState()
  const same = c.name === null || c.direction !== 'in' ? [] : expected.filter((one) => one.name === c.name)
  const [one] = same
  if (!one) return null
  if (same.length > 1)
    return <BigButton onClick={() => go('returns')}>{t('back.several', { n: same.length, name: one.name })}</BigButton>
  return (
    <>
      <p className="case-ask">{t('back.ask', { name: one.name, place: one.fromName, day: one.expectedDay })}</p>
      <BigButton onClick={() => void gate.hasCome(one)}>{t('back.come')}</BigButton>
    </>
  )
}

/** The one who stands here: what was seen, what is still asked, and what to do. The next code puts the next person in its place. */
export function CasePanel({ c }: { c: Case }): ReactNode {
  const { t } = useTranslation('checkpoint')
  const say = useSay()
  const word = useWord()
  const { gate } = useGateState()
  const what = [
    c.temperature === null ? null : t('case.temp', { t: showTemperature(c.temperature) }),
    c.plate === null ? null : t('case.vehicle', { plate: c.plate, n: c.companions ?? 0 }),
  ].filter((one) => one !== null)
  return (
    <section className="case" aria-label={t('case.label')}>
      <div className="case-who" data-tune={tuneOf(c)}>
        <Shape of={tuneOf(c)} size="1.6rem" />
        <strong>{word(c)}</strong>
        {c.name ? <span>{c.name}</span> : null}
        {what.length > 0 ? <span>{what.join(' · ')}</span> : null}
      </div>
      <p className="case-do">{say(c.decision.ask === null ? c.decision.do : c.decision.say)}</p>
      {gate ? <Asked c={c} /> : null}
      {c.decision.ask === null ? <BackAgain c={c} /> : null}
    </section>
  )
}
