import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { Sheets } from '../../../kit/centre/controls.tsx'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { useMay } from '../../../session/me.ts'
import { useFilters } from '../../filters.ts'
import { Handovers } from './Handovers.tsx'
import { PhoneList } from './PhoneList.tsx'
import { Unsynced } from './Unsynced.tsx'

const TABS = ['handovers', 'phones', 'unsynced'] as const
const Filters = z.object({ tab: z.enum(TABS) })

export function PhonesPage(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [filters, set] = useFilters(Filters)
  const tabs = TABS.filter((key) => key !== 'handovers' || may('read', 'handover'))
  const tab = filters.tab !== undefined && tabs.includes(filters.tab) ? filters.tab : (tabs[0] ?? 'phones')
  return (
    <Page title={t('room.phones')} lead={t('phones.lead')}>
      <Sheets
        value={tab}
        onChange={(key) => set({ tab: key, open: null, only: null, since: null, silentSince: null, state: null })}
        sheets={tabs.map((key) => ({ key, label: t(`phones.tab.${key}`) }))}
      />
      {tab === 'handovers' ? <Handovers /> : null}
      {tab === 'phones' ? <PhoneList /> : null}
      {tab === 'unsynced' ? <Unsynced /> : null}
    </Page>
  )
}
