import { LANE_SAY } from '@weiwang/domain/checkpoints/gate'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../i18n/setup.ts'
import { HonestState } from '../../kit/common/Notice.tsx'
import { BigButton, Known } from '../../kit/phone/controls.tsx'
import { useGate, useGateState } from '../current.ts'
import type { Refused } from '../gate/queue.ts'
import { Frame } from './Frame.tsx'
import { Retests } from './Retests.tsx'
import { useHour } from './words.ts'

/** What the server will never take, with its reason; it goes when somebody has read why. */
function Rejected(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const say = useSay()
  const hour = useHour()
  const gate = useGate()
  const { refused } = useGateState()
  const [rows, setRows] = useState<readonly Refused[]>([])
  useEffect(() => {
    let here = true
    void gate.refusals().then((found) => here && setRows(found))
    return () => {
      here = false
    }
  }, [gate, refused])
  if (rows.length === 0) return null
  return (
    <section aria-label={t('log.rejected')}>
      <h2>{t('log.rejected')}</h2>
      <ul className="plain">
        {rows.map((row) => (
          <li key={row.id} className="card">
            <span className="way-head">
              {row.item?.kind === 'passage' ? say(LANE_SAY[row.item.lane]) : t(`log.kind.${row.kind}`)}{' '}
              {row.item ? hour(new Date(row.item.at).getTime()) : ''}
            </span>
            <p>{say(row.problem?.message)}</p>
            {row.problem?.remedy ? <p className="card-place">{say(row.problem.remedy)}</p> : null}
            {row.problem?.rule ? <p className="card-place">{t('rule', { rule: row.problem.rule })}</p> : null}
            <BigButton onClick={() => void gate.dropRefused(row.id)}>{t('log.drop')}</BigButton>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function LogPage(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const gate = useGate()
  const { tally, waiting, busy, referred, gate: at } = useGateState()
  return (
    <Frame title={t('log.title')}>
      <Retests />
      <section className="card" aria-label={t('log.today')}>
        <h2>{t('log.today')}</h2>
        <Known
          rows={[
            [t('log.passages'), tally.passages],
            [t('log.notGreen'), tally.notGreen],
            [t('log.fever'), tally.fever],
            [t('log.byHand'), tally.byHand],
            [t('log.refused'), tally.refused],
            at ? [t('log.server'), at.today.passages] : null,
          ]}
        />
      </section>
      <section className="card" aria-label={t('log.queue')}>
        <h2>{t('log.queue')}</h2>
        <HonestState
          state={waiting > 0 ? (busy ? 'way' : 'here') : 'server'}
          word={waiting > 0 ? t('status.waiting', { n: waiting }) : t('log.queue.none')}
        />
        {waiting > 0 ? <p>{t('log.queue.some', { n: waiting })}</p> : null}
        {waiting > 0 ? (
          <BigButton busy={busy} onClick={() => void gate.syncNow()}>
            {t('log.send')}
          </BigButton>
        ) : null}
      </section>
      {referred.length > 0 ? (
        <section className="card" aria-label={t('log.referred')}>
          <h2>{t('log.referred')}</h2>
          <ul className="plain rows">
            {referred.map((one) => (
              <li key={one.id}>
                {t('refer.reference', { reference: one.reference })} {one.areaName}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <Rejected />
    </Frame>
  )
}
