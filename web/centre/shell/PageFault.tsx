import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../kit/centre/surfaces.tsx'
import { ProblemNotice } from '../../shared/ProblemNotice.tsx'

/** A screen that broke says so and offers a fresh start; the rest of the desk goes on. */
export function PageFault({ error }: { error: unknown }): ReactNode {
  const { t } = useTranslation('common')
  return (
    <Page title={t('product')}>
      <ProblemNotice
        error={error}
        action={
          <button type="button" onClick={() => location.reload()}>
            {t('act.retry')}
          </button>
        }
      />
    </Page>
  )
}
