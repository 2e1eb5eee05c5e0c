import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { useMay } from '../../../session/me.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { MyAccount } from './MyAccount.tsx'

export function SettingsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  return (
    <Page
      title={t('room.settings')}
      acts={
        may('read', 'job') ? (
          <GoLink className="plain" href={paths.jobs()}>
            {t('jobs')}
          </GoLink>
        ) : null
      }
    >
      <MyAccount />
    </Page>
  )
}
