import { Emergencies } from '@weiwang/domain/access/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../../api/query.ts'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useMay } from '../../../session/me.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'

/** Without an open emergency nothing personal may be collected (FEED-22), so the first page says it before anybody tries. */
export function NoEmergency(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const reads = may('read', 'emergency')
  const open = useQuery({
    ...q(Emergencies, '/api/emergencies', { state: 'open', limit: 1 }),
    enabled: reads,
    refetchInterval: 30_000,
  })
  if (open.data?.total !== 0) return null
  const proposes = may('propose', 'emergency')
  return (
    <Notice
      kind="note"
      head={t('now.noEmergency')}
      body={t(proposes ? 'now.noEmergency.open' : 'now.noEmergency.ask')}
      action={<GoLink href={paths.emergency()}>{t(proposes ? 'now.noEmergency.go' : 'now.noEmergency.see')}</GoLink>}
    />
  )
}
