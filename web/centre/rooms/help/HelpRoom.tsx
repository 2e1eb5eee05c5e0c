import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { Sheets } from '../../../kit/centre/controls.tsx'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { useFilters } from '../../filters.ts'
import { HelpCalls } from './HelpInbox.tsx'

const TABS = ['waiting', 'closed'] as const
const Filters = z.object({ state: z.enum(TABS) })

/** Calls for help: who waits, and what became of the earlier ones. */
export function HelpRoom(): ReactNode {
  const { t } = useTranslation('centre')
  const [filters, set] = useFilters(Filters)
  const state = filters.state ?? 'waiting'
  return (
    <Page title={t('room.help')} lead={t('help.lead')}>
      <Sheets
        value={state}
        onChange={(key) => set({ state: key })}
        sheets={TABS.map((key) => ({ key, label: t(`help.${key}`) }))}
      />
      <HelpCalls key={state} state={state} />
    </Page>
  )
}
