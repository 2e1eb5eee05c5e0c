import type { WatchRow } from '@weiwang/domain/teams/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { WordTag } from '../../../kit/common/Tags.tsx'

export function Leader({ row }: { row: Pick<WatchRow, 'leader'> }): ReactNode {
  const { t } = useTranslation('centre')
  if (row.leader === null) return <WordTag strong>{t('watch.leader.none')}</WordTag>
  return row.leader.kind === 'account' ? row.leader.name : t('watch.leader.neighbour')
}
