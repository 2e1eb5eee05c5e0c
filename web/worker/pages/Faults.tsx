import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../kit/common/Notice.tsx'
import { BigButton } from '../../kit/phone/controls.tsx'
import { ProblemNotice } from '../../shared/ProblemNotice.tsx'
import { Go } from '../Go.tsx'
import { paths } from '../paths.ts'

export function NotFound(): ReactNode {
  const { t } = useTranslation('common')
  const { t: w } = useTranslation('worker')
  return (
    <Empty
      why={t('notfound.title')}
      action={
        <Go href={paths.today()} className="big">
          {w('tab.today')}
        </Go>
      }
    />
  )
}

export function PageFault({ error }: { error: unknown }): ReactNode {
  const { t } = useTranslation('common')
  return (
    <main className="phone-main">
      <ProblemNotice error={error} action={<BigButton onClick={() => location.reload()}>{t('act.retry')}</BigButton>} />
    </main>
  )
}
