import { isAreaCode } from '@weiwang/domain/areas/code'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { Sheets } from '../../../kit/centre/controls.tsx'
import { Page, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { useMay } from '../../../session/me.ts'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { ContactsView } from '../contacts/ContactsView.tsx'
import { AreaList, AreaPanel } from './AreaList.tsx'
import { Changes } from './Changes.tsx'
import { GridImport } from './GridImport.tsx'
import { ProposeChange } from './ProposeChange.tsx'

const TABS = ['list', 'propose', 'changes', 'import', 'contacts'] as const
const Filters = z.object({
  tab: z.enum(TABS),
  shown: z.string().refine(isAreaCode),
  open: z.uuid(),
  state: z.enum(['proposed', 'applied', 'refused']),
})

/** Areas and grids as they are, how they are to change, and how they changed. */
export function AreasPage(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const mayPropose = may('propose', 'area', { area: desk.area })
  const tabs = TABS.filter((key) => mayPropose || key === 'list' || key === 'changes' || key === 'contacts')
  const tab = tabs.find((key) => key === filters.tab) ?? 'list'
  return (
    <Page title={t('room.areas')} lead={t('areas.lead')}>
      <Sheets
        value={tab}
        onChange={(key) => set({ tab: key, open: null, shown: null, code: null, kind: null })}
        sheets={tabs.map((key) => ({ key, label: t(`areas.tab.${key}`) }))}
      />
      {tab === 'list' ? (
        <AreaList open={filters.shown} onOpen={(code) => set({ shown: code }, { push: true })} />
      ) : null}
      {tab === 'propose' ? <ProposeChange /> : null}
      {tab === 'changes' ? <Changes open={filters.open} state={filters.state} set={set} /> : null}
      {tab === 'import' ? <GridImport /> : null}
      {tab === 'contacts' ? <ContactsView /> : null}
      <SidePanel
        title={t('area')}
        open={tab === 'list' && filters.shown !== undefined}
        onClose={() => set({ shown: null })}
      >
        {filters.shown ? <AreaPanel code={filters.shown} /> : null}
      </SidePanel>
    </Page>
  )
}
