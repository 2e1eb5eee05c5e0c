import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Sheets } from '../../../kit/centre/controls.tsx'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { useFilters } from '../../filters.ts'
import { Filters, TABS } from './asked.ts'
import type { Tab } from './asked.ts'
import { Figures } from './Figures.tsx'
import { Held } from './Held.tsx'
import { Orgs } from './Orgs.tsx'
import { Policy } from './Policy.tsx'
import { Registered } from './Registered.tsx'
import { Returns } from './Returns.tsx'

/** Who has registered and who is coming, by area and day; what is looked at by hand; who must and who may. */
export function RegistrationsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const [filters, set] = useFilters(Filters)
  const tab: Tab = filters.tab ?? 'list'
  return (
    <Page title={t('room.registrations')} lead={tab === 'held' ? t('held.lead') : t('reg.lead')}>
      <Sheets<Tab>
        value={tab}
        onChange={(key) => set({ tab: key === 'list' ? null : key })}
        sheets={TABS.map((key) => ({ key, label: t(`reg.tab.${key}`) }))}
      />
      {tab === 'list' ? <Registered /> : null}
      {tab === 'returns' ? <Returns /> : null}
      {tab === 'held' ? <Held /> : null}
      {tab === 'orgs' ? <Orgs /> : null}
      {tab === 'figures' ? <Figures /> : null}
      {tab === 'rules' ? <Policy /> : null}
    </Page>
  )
}
