import { useEffect, useRef } from 'react'
import type { ReactElement } from 'react'
import { useWords } from '../texts.ts'
import { HOME } from './texts.ts'

/** READ-3: an unlikely temperature is asked about once more before it counts. */
export function Confirm({
  temperature,
  onYes,
  onNo,
}: {
  temperature: number
  onYes: () => void
  onNo: () => void
}): ReactElement {
  const { t } = useWords(HOME)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.focus(), [])
  return (
    <div
      className="alarm"
      role="alertdialog"
      aria-label={t('confirmUnlikely', { t: temperature / 10 })}
      tabIndex={-1}
      ref={box}
    >
      <p>{t('confirmUnlikely', { t: (temperature / 10).toFixed(1) })}</p>
      <button type="button" className="main" onClick={onYes}>
        {t('confirmYes')}
      </button>
      <button type="button" className="side" onClick={onNo}>
        {t('confirmNo')}
      </button>
    </div>
  )
}
