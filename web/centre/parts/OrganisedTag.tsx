import type { Organised } from '@weiwang/domain/areas/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

/** STAT-11: by which organisation of the areas a list is read, when it is not by the codes as they were counted. */
export function OrganisedTag({ organised }: { organised: Organised }): ReactNode {
  const { t } = useTranslation('centre')
  const text = organised === 'now' ? t('organised.now') : t('organised.day', { day: organised })
  return <span className="word-tag">{text}</span>
}
