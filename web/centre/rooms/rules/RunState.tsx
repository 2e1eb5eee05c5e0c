import type { Run } from '@weiwang/domain/grading/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { WordTag } from '../../../kit/common/Tags.tsx'

/** What joined the run that is held changes nobody by itself: "done" would be said of nothing. */
export function RunState({ run }: { run: Pick<Run, 'state' | 'counts'> }): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <WordTag strong={run.state === 'held' || run.state === 'waiting' || run.state === 'failed'}>
      {run.counts['joined'] ? t('run.joined') : t(`runState.${run.state}`)}
    </WordTag>
  )
}
