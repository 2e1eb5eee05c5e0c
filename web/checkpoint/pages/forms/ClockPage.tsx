import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Notice } from '../../../kit/common/Notice.tsx'
import { BigButton } from '../../../kit/phone/controls.tsx'
import { fullTime } from '../../../words/time.ts'
import { useGate, useGateState } from '../../current.ts'
import { go } from '../../view.ts'
import { Frame } from '../Frame.tsx'

const TICK_MS = 1_000

/** Case 70: why the clock is not believed, what that means, and the two ways out. */
export function ClockPage(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const gate = useGate()
  const { trust, mine } = useGateState()
  const [shows, setShows] = useState(() => gate.clock.toConfirm())
  useEffect(() => {
    const timer = setInterval(() => setShows(gate.clock.toConfirm()), TICK_MS)
    return () => clearInterval(timer)
  }, [gate])
  useEffect(() => {
    if (trust.trusted) go('scan')
  }, [trust.trusted])
  return (
    <Frame title={t('clock.title')}>
      {trust.trusted ? null : <Notice kind="fault" head={t(`clock.${trust.why}`)} body={t('clock.effect')} />}
      {shows === null ? (
        <p>{t('clock.cannot')}</p>
      ) : (
        <>
          <p>{t('clock.remedy')}</p>
          <p className="clock-shows">
            {t('clock.shows', { time: fullTime(new Date(shows), mine?.zone ?? 'Asia/Shanghai') })}
          </p>
          <BigButton onClick={() => void gate.confirmTime()}>{t('clock.confirm')}</BigButton>
        </>
      )}
    </Frame>
  )
}
