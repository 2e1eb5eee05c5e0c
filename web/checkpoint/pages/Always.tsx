import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useGate } from '../current.ts'
import { go } from '../view.ts'
import { showFlash } from './scanning.ts'
import { Shape } from './shapes.tsx'

/** What is always there, whatever else is on the screen: the lane without a code, and the emergency that nothing stops. */
export function Always(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const gate = useGate()
  const emergency = async (): Promise<void> => {
    showFlash(await gate.emergency(), 'lane')
    go('emergency')
  }
  return (
    <nav className="always" aria-label={t('always')}>
      <button type="button" onClick={() => go('no-code')}>
        {t('act.noCode')}
      </button>
      <button type="button" className="always-now" onClick={() => void emergency()}>
        <Shape of="emergency" size="1.1rem" /> {t('act.emergency')}
      </button>
    </nav>
  )
}
