import { DisputeKinds as Answer } from '@weiwang/domain/incidents/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../../api/query.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { useDesk } from '../../parts/desk.ts'
import { KindTable } from '../../parts/KindTable.tsx'
import { paths } from '../../paths.ts'

const LISTS = ['opened', 'closed', 'open', 'late'] as const

export function DisputeKinds(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const answer = useQuery({
    ...q(Answer, '/api/mediations/kinds', { area: desk.area, from: desk.day, to: desk.day }),
    refetchInterval: 30_000,
  })
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  return (
    <KindTable
      name={t('mediation.tab.kinds')}
      title={t('dispute.kind')}
      empty={t('dispute.empty')}
      lists={LISTS}
      answer={answer.data}
      href={paths.mediation}
    />
  )
}
