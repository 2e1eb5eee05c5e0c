import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { Sheets } from '../../../kit/centre/controls.tsx'
import { Page, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { useMay } from '../../../session/me.ts'
import { useFilters } from '../../filters.ts'
import { AccountList } from './AccountList.tsx'
import { AccountPanel } from './AccountPanel.tsx'
import { Duties } from './Duties.tsx'
import { InviteForm } from './InviteForm.tsx'
import { Proposals } from './Proposals.tsx'
import { Recoveries } from './Recoveries.tsx'
import { RosterImport } from './RosterImport.tsx'
import { WorkerLoads } from './WorkerLoads.tsx'

const TABS = ['list', 'duties', 'proposals', 'recoveries', 'roster', 'load'] as const
const Filters = z.object({ tab: z.enum(TABS), open: z.uuid() })

export function AccountsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [filters, set] = useFilters(Filters)
  const tab = filters.tab ?? 'list'
  const shown: Record<(typeof TABS)[number], boolean> = {
    list: true,
    duties: may('read', 'duty'),
    proposals: true,
    recoveries: may('approve', 'account'),
    roster: may('bulk', 'account'),
    load: true,
  }
  const tabs = TABS.filter((key) => shown[key])
  return (
    <Page title={t('room.accounts')} lead={t('accounts.lead')} acts={may('propose', 'account') ? <InviteForm /> : null}>
      <Sheets
        value={tab}
        onChange={(key) => set({ tab: key, open: null, from: null, to: null, sort: null })}
        sheets={tabs.map((key) => ({ key, label: t(`accounts.tab.${key}`) }))}
      />
      {tab === 'list' ? <AccountList open={filters.open} onOpen={(id) => set({ open: id }, { push: true })} /> : null}
      {tab === 'duties' ? <Duties /> : null}
      {tab === 'proposals' ? <Proposals /> : null}
      {tab === 'recoveries' ? <Recoveries /> : null}
      {tab === 'roster' ? <RosterImport /> : null}
      {tab === 'load' ? <WorkerLoads /> : null}
      <SidePanel title={t('account')} open={filters.open !== undefined} onClose={() => set({ open: null })}>
        {filters.open ? <AccountPanel id={filters.open} /> : null}
      </SidePanel>
    </Page>
  )
}
