import type { MyGate } from '@weiwang/domain/checkpoints/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { setLang, useLang, useSay } from '../../i18n/setup.ts'
import { Empty } from '../../kit/common/Notice.tsx'
import { BigButton } from '../../kit/phone/controls.tsx'
import { useGate, useGateState } from '../current.ts'
import { useTime } from './words.ts'

function GateCard({ gate, onChoose }: { gate: MyGate; onChoose: () => void }): ReactNode {
  const { t } = useTranslation('checkpoint')
  const say = useSay()
  const time = useTime()
  const shift = gate.shift
    ? gate.shift.now
      ? t('choose.now')
      : t('choose.next', { time: time(new Date(gate.shift.startsAt).getTime()) })
    : t('choose.offDuty')
  return (
    <button type="button" className="card" onClick={onChoose}>
      <span className="card-door">{say(gate.name)}</span>
      <span className="card-place">
        {t(`kind.${gate.kind}`)} · {gate.areaName}
      </span>
      <span className="card-due">
        {shift} · {t('choose.count', { n: gate.today.passages })}
      </span>
    </button>
  )
}

export function ChoosePage(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const { t: c } = useTranslation('common')
  const gate = useGate()
  const lang = useLang()
  const { mine, busy } = useGateState()
  const gates = mine?.gates ?? []
  return (
    <main className="phone phone-main">
      <header className="choose-head">
        <h1>{t('choose.title')}</h1>
        <button
          type="button"
          className="plain-act"
          lang={lang === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => void setLang(lang === 'zh' ? 'en' : 'zh')}
        >
          {c('lang.other')}
        </button>
      </header>
      {gates.length === 0 ? (
        <Empty
          why={t('choose.none')}
          todo={t('choose.none.todo')}
          action={
            <BigButton busy={busy} onClick={() => void gate.syncNow()}>
              {c('act.retry')}
            </BigButton>
          }
        />
      ) : (
        <>
          <p className="group">{t('choose.lead')}</p>
          {gates.map((one) => (
            <GateCard key={one.id} gate={one} onChoose={() => void gate.choose(one.id)} />
          ))}
        </>
      )}
    </main>
  )
}
