import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { Sheets, Switcher } from '../../../kit/centre/controls.tsx'
import { Page, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { useMay } from '../../../session/me.ts'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { Board } from './Board.tsx'
import { Calls } from './Calls.tsx'
import { Lengths } from './Lengths.tsx'
import { Listed } from './Listed.tsx'
import { Messages } from './Messages.tsx'
import { ObservationPanel } from './ObservationPanel.tsx'
import { OpenByHand } from './OpenByHand.tsx'
import { Plan } from './Plan.tsx'
import { Releases } from './Releases.tsx'
import { Slots } from './Slots.tsx'

const TABS = ['board', 'list', 'calls', 'calendar', 'slots', 'messages', 'rules', 'plan'] as const
type Tab = (typeof TABS)[number]
const BYS = ['responsible', 'stay'] as const
type By = (typeof BYS)[number]
const Filters = z.object({
  tab: z.enum(TABS),
  by: z.enum(BYS),
  open: z.uuid(),
  personId: z.uuid(),
  householdId: z.uuid(),
  returnId: z.uuid(),
})
const COUNTED: readonly Tab[] = ['board', 'list', 'calendar']

/** Home observation: the board, its lists, today's calls, releases by day, and the rules behind. */
export function ObservationsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const { personId, householdId, open } = filters
  const someone = personId !== undefined || householdId !== undefined
  const tab: Tab = filters.tab ?? (someone ? 'list' : 'board')
  const tabs = TABS.filter((key) => key !== 'rules' || may('read', 'observation_rules'))
  const by: By = filters.by ?? 'responsible'
  const mayOpen = someone && may('file', 'observation', { area: desk.area })
  return (
    <Page
      title={t('room.observation')}
      lead={t('obs.lead')}
      acts={
        mayOpen ? (
          <OpenByHand
            key={householdId ?? personId}
            personId={personId}
            householdId={householdId}
            returnId={filters.returnId}
          />
        ) : null
      }
    >
      <Sheets<Tab>
        value={tab}
        onChange={(key) => set({ tab: key, open: null })}
        sheets={tabs.map((key) => ({ key, label: t(`obs.tab.${key}`) }))}
      />
      {COUNTED.includes(tab) ? (
        <p>
          <Switcher<By>
            label={t('obs.by')}
            value={by}
            onChange={(v) => set({ by: v === 'responsible' ? null : v })}
            choices={BYS.map((value) => ({ value, label: t(`obs.by.${value}`) }))}
          />
        </p>
      ) : null}
      {tab === 'board' ? <Board by={by} /> : null}
      {tab === 'list' ? <Listed /> : null}
      {tab === 'calls' ? <Calls /> : null}
      {tab === 'calendar' ? <Releases by={by} /> : null}
      {tab === 'slots' ? <Slots /> : null}
      {tab === 'messages' ? <Messages /> : null}
      {tab === 'rules' ? <Lengths /> : null}
      {tab === 'plan' ? <Plan /> : null}
      <SidePanel title={t('obs.panel')} open={open !== undefined} onClose={() => set({ open: null })} wide>
        {open ? <ObservationPanel key={open} id={open} /> : null}
      </SidePanel>
    </Page>
  )
}
