import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../kit/common/Notice.tsx'
import { GoLink } from '../parts/GoLink.tsx'
import { paths } from '../paths.ts'

export function NotFoundPage(): ReactNode {
  const { t } = useTranslation('common')
  const { t: c } = useTranslation('centre')
  return (
    <Empty
      why={t('notfound.title')}
      todo={t('notfound.remedy')}
      action={<GoLink href={paths.now()}>{c('room.now')}</GoLink>}
    />
  )
}
