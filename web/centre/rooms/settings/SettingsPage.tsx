import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { Sheets } from '../../../kit/centre/controls.tsx'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { deploymentQuery, useMay } from '../../../session/me.ts'
import { useFilters } from '../../filters.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { Guard } from '../rules/Guard.tsx'
import { BackupsView } from './BackupsView.tsx'
import { MyAccount } from './MyAccount.tsx'

const TABS = ['account', 'guard', 'backups'] as const
const Filters = z.object({ tab: z.enum(TABS) })

/** The reader's own account; and for who answers for the whole deployment, the guard's numbers and its backups. */
export function SettingsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [filters, set] = useFilters(Filters)
  const { data: deployment } = useQuery(deploymentQuery)
  const whole = deployment !== undefined && may('read', 'settings', { area: deployment.root })
  const tab = whole ? (filters.tab ?? 'account') : 'account'
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
      {whole ? (
        <Sheets
          value={tab}
          onChange={(key) => set({ tab: key })}
          sheets={TABS.map((key) => ({ key, label: t(`settings.tab.${key}`) }))}
        />
      ) : null}
      {tab === 'account' ? <MyAccount /> : null}
      {tab === 'guard' ? <Guard /> : null}
      {tab === 'backups' ? <BackupsView /> : null}
    </Page>
  )
}
