import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { When } from '../clock.tsx'
import { useStrip } from '../phone/hooks.tsx'

/** Since when a list stands that only the server makes; without a net the one that was heard last is shown. */
export function AsOf({ at, unread = false }: { at: Date | null; unread?: boolean }): ReactNode {
  const { t } = useTranslation('worker')
  const { trouble, syncing } = useStrip()
  if (at === null)
    return <p className="card-place">{t(trouble === 'offline' && !syncing ? 'own.never' : 'own.asking')}</p>
  // A newer server says it in a way that this version does not know: that is not an empty list (case 19).
  if (unread) return <p className="card-place">{t('own.unread')}</p>
  return (
    <p className="card-place">
      {t('own.asOf')} <When at={at.toISOString()} />
    </p>
  )
}
