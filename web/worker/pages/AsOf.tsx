import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { When } from '../clock.tsx'
import { useStrip } from '../phone/hooks.tsx'

/** Since when a list stands that only the server makes; without a net the one that was heard last is shown. */
export function AsOf({ at }: { at: Date | null }): ReactNode {
  const { t } = useTranslation('worker')
  const { trouble, syncing } = useStrip()
  if (at === null)
    return <p className="card-place">{t(trouble === 'offline' && !syncing ? 'own.never' : 'own.asking')}</p>
  return (
    <p className="card-place">
      {t('own.asOf')} <When at={at.toISOString()} />
    </p>
  )
}
