import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BigButton } from '../../kit/phone/controls.tsx'

export function Guide({ onDone }: { onDone: () => void }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  return (
    <section className="card" aria-label={c('act.guide')}>
      <h2>{c('act.guide')}</h2>
      <ol className="guide-steps">
        <li>{t('guide.1')}</li>
        <li>{t('guide.2')}</li>
        <li>{t('guide.3')}</li>
      </ol>
      <BigButton onClick={onDone}>{c('guide.done')}</BigButton>
    </section>
  )
}
