import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BigButton } from '../../kit/phone/controls.tsx'
import { grouped as withCommas } from '../../words/numbers.ts'

const FIRST = 40
const STEP = 200

/** More of one list than a thumb scrolls through is drawn when it is asked for. */
export function Long({ children }: { children: readonly ReactNode[] }): ReactNode {
  const { t } = useTranslation('common')
  const [most, setMost] = useState(FIRST)
  return (
    <>
      {children.slice(0, most)}
      {children.length > most ? (
        <BigButton onClick={() => setMost(most + STEP)}>
          {t('shown', { shown: withCommas(most), total: withCommas(children.length) })} · {t('act.more')}
        </BigButton>
      ) : null}
    </>
  )
}
