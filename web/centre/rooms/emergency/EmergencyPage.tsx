import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { EMERGENCY_STATES } from '@weiwang/domain/access/api'
import { Sheets } from '../../../kit/centre/controls.tsx'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { useMay } from '../../../session/me.ts'
import { useFilters } from '../../filters.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { CampaignList } from './CampaignList.tsx'
import { EmergencyList } from './EmergencyList.tsx'
import { ProposeEmergencyForm } from './ProposeEmergencyForm.tsx'
import { RetentionView } from './RetentionView.tsx'

const TABS = ['orders', 'campaigns', 'retention'] as const
const Filters = z.object({ tab: z.enum(TABS), state: z.enum(EMERGENCY_STATES) })

export function EmergencyPage(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [filters, set] = useFilters(Filters)
  const tab = filters.tab ?? 'orders'
  const tabs = TABS.filter((key) => key !== 'retention' || may('read', 'retention'))
  return (
    <Page
      title={t('room.emergency')}
      lead={t('emergency.lead')}
      acts={
        <>
          {may('file', 'campaign') ? (
            <GoLink className="plain" href={paths.campaign('new')}>
              {t('campaign.new')}
            </GoLink>
          ) : null}
          {may('propose', 'emergency') ? <ProposeEmergencyForm /> : null}
        </>
      }
    >
      <Sheets
        value={tab}
        onChange={(key) => set({ tab: key, state: null })}
        sheets={tabs.map((key) => ({ key, label: t(`emergency.tab.${key}`) }))}
      />
      {tab === 'orders' ? <EmergencyList state={filters.state} set={set} /> : null}
      {tab === 'campaigns' ? <CampaignList /> : null}
      {tab === 'retention' ? <RetentionView /> : null}
    </Page>
  )
}
