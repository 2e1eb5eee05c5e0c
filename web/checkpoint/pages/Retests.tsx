import { showTemperature } from '@weiwang/domain/observation/temperature'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Notice } from '../../kit/common/Notice.tsx'
import { BigButton } from '../../kit/phone/controls.tsx'
import { useGate, useGateState } from '../current.ts'
import type { RestRow } from '../gate/store.ts'
import { go } from '../view.ts'
import { TemperaturePad } from './TemperaturePad.tsx'
import { numberOf, useHour } from './words.ts'

const MINUTE = 60_000

function Rest({ row }: { row: RestRow }): ReactNode {
  const { t } = useTranslation('checkpoint')
  const gate = useGate()
  const hour = useHour()
  const [open, setOpen] = useState(false)
  const now = gate.clock.now()
  const left = Math.ceil((row.from - now) / MINUTE)
  const over = Math.floor((now - row.until) / MINUTE)
  const when = left > 0 ? t('rest.wait', { n: left }) : over > 0 ? t('rest.late', { n: over }) : t('rest.due')
  const measured = async (tenths: number): Promise<void> => {
    const decision = await gate.retest(row, tenths)
    if (decision.refer === 'fever') go('refer')
  }
  return (
    <li className="card">
      <span className="way-head">{t('rest.no', { no: numberOf(row.id) })}</span>
      <span className="card-place">{t('rest.first', { t: showTemperature(row.temperature), time: hour(row.at) })}</span>
      <p className="card-due" data-late={over > 0}>
        {when}
      </p>
      {open ? (
        <TemperaturePad onEnter={(tenths) => void measured(tenths)} />
      ) : (
        <BigButton primary={left <= 0} onClick={() => setOpen(true)}>
          {t('rest.again')}
        </BigButton>
      )}
    </li>
  )
}

/** Who rests after a fever: how long still, and the second measurement, which counts (GATE-5). */
export function Retests(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const { resting, retested } = useGateState()
  return (
    <section aria-label={t('rest.title')}>
      <h2>{t('rest.title')}</h2>
      {retested ? (
        <Notice
          kind={retested.fever ? 'fault' : 'done'}
          head={
            retested.fever
              ? t('rest.fever', { t: showTemperature(retested.temperature) })
              : t('rest.passed', { t: showTemperature(retested.temperature) })
          }
        />
      ) : null}
      {resting.length === 0 ? <p className="card-place">{t('rest.none')}</p> : null}
      <ul className="plain">
        {resting.map((row) => (
          <Rest key={row.id} row={row} />
        ))}
      </ul>
    </section>
  )
}
