import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { Sheets } from '../../../kit/centre/controls.tsx'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { useMay } from '../../../session/me.ts'
import { useFilters } from '../../filters.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { AreaChanges } from './AreaChanges.tsx'
import { MyAccount } from './MyAccount.tsx'

const TABS = ['me', 'changes'] as const
const Filters = z.object({ tab: z.enum(TABS) })

export function SettingsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [filters, set] = useFilters(Filters)
  const tab = filters.tab ?? 'me'
  const tabs = TABS.filter((key) => key !== 'changes' || may('propose', 'area') || may('approve', 'area'))
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
      <Sheets
        value={tab}
        onChange={(key) => set({ tab: key })}
        sheets={tabs.map((key) => ({ key, label: t(`settings.tab.${key}`) }))}
      />
      {tab === 'me' ? <MyAccount /> : <AreaChanges />}
    </Page>
  )
}
