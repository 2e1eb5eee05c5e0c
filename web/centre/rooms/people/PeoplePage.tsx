import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { Sheets } from '../../../kit/centre/controls.tsx'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { useMay } from '../../../session/me.ts'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { Conflicts } from './Conflicts.tsx'
import { Households } from './Households.tsx'
import { NewHousehold } from './NewHousehold.tsx'
import { NewPerson } from './NewPerson.tsx'
import { RegisterImport } from './RegisterImport.tsx'
import { Reviews } from './Reviews.tsx'
import { SearchPeople } from './SearchPeople.tsx'
import { Unresolved } from './Unresolved.tsx'

const TABS = ['search', 'doors', 'unresolved', 'reviews', 'conflicts', 'register'] as const
const Filters = z.object({ tab: z.enum(TABS) })

export function PeoplePage(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const decides = may('propose', 'person', { area: desk.area }) || may('approve', 'person', { area: desk.area })
  const shown = { register: may('bulk', 'household'), conflicts: decides }
  const tabs = TABS.filter((key) => (key === 'register' || key === 'conflicts' ? shown[key] : true))
  const tab = filters.tab ?? 'search'
  return (
    <Page
      title={t('room.people')}
      lead={t('people.lead')}
      acts={
        tab === 'search' && may('file', 'person', { area: desk.area }) ? (
          <NewPerson />
        ) : tab === 'doors' && may('file', 'household', { area: desk.area }) ? (
          <NewHousehold />
        ) : null
      }
    >
      <Sheets
        value={tab}
        onChange={(key) => set({ tab: key, why: null, kind: null, thing: null, open: null })}
        sheets={tabs.map((key) => ({ key, label: t(`people.tab.${key}`) }))}
      />
      {tab === 'search' ? <SearchPeople /> : null}
      {tab === 'doors' ? <Households /> : null}
      {tab === 'unresolved' ? <Unresolved /> : null}
      {tab === 'reviews' ? <Reviews /> : null}
      {tab === 'conflicts' ? <Conflicts /> : null}
      {tab === 'register' ? <RegisterImport /> : null}
    </Page>
  )
}
