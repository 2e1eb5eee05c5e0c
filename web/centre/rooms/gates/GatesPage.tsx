import { GateFigures, GatePage, ReferralPage } from '@weiwang/domain/checkpoints/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q, useList } from '../../../api/query.ts'
import { Act, Sheets } from '../../../kit/centre/controls.tsx'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { useMay } from '../../../session/me.ts'
import { ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { FigureDoors } from '../../parts/FigureDoors.tsx'
import { paths } from '../../paths.ts'
import { Deletion } from './Deletion.tsx'
import { Figures } from './Figures.tsx'
import { Gates } from './Gates.tsx'
import { Openings } from './Openings.tsx'
import { Partners } from './Partners.tsx'
import { Referrals } from './Referrals.tsx'
import { passagesPath } from './words.tsx'
import '../teams/teams.css'
import './gates.css'

const TABS = ['gates', 'figures', 'referrals', 'openings', 'deletion', 'partners'] as const
const Filters = z.object({ tab: z.enum(TABS) })
/** What a sheet filters by is not the next one's. */
const CLEAR = {
  list: null,
  kind: null,
  gate: null,
  hour: null,
  on: null,
  open: null,
  state: null,
  from: null,
  to: null,
  own: null,
  organised: null,
}

/** Today in numbers, each with its list. */
function Today(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const desk = useDesk()
  const gates = useList(GatePage, '/api/gates', { area: desk.area, limit: 1 })
  const open = useList(ReferralPage, '/api/gates/referrals', { area: desk.area, list: 'open', limit: 1 })
  const figures = useQuery({ ...q(GateFigures, '/api/gates/figures', { area: desk.area }), refetchInterval: 30_000 })
  if (figures.error)
    return (
      <ReadProblem error={figures.error} again={<Act onClick={() => void figures.refetch()}>{c('act.retry')}</Act>} />
    )
  const { total = {}, day = desk.today } = figures.data ?? {}
  const unit = t('gates.unit.passages')
  const door = (label: string, list: keyof typeof total) => ({
    label,
    n: total[list] ?? 0,
    unit,
    href: passagesPath({ list, day }),
  })
  return (
    <FigureDoors
      all={[
        { label: t('gates.fig.gates'), n: gates.total, unit: t('gates.unit.gates'), href: paths.gates() },
        door(t('gates.fig.passages'), 'all'),
        door(t('gates.what.red'), 'red'),
        door(t('gates.what.yellow'), 'yellow'),
        door(t('gates.fig.fever'), 'fever'),
        door(t('gates.fig.resting'), 'resting'),
        door(t('gates.fig.emergency'), 'emergency'),
        {
          label: t('gates.fig.open'),
          n: open.total,
          unit: t('gates.unit.people'),
          href: paths.gates({ tab: 'referrals' }),
        },
      ]}
    />
  )
}

export function GatesPage(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [filters, set] = useFilters(Filters)
  const tabs = TABS.filter((key) => {
    if (key === 'openings') return may('read', 'passage')
    if (key === 'deletion') return may('read', 'retention')
    if (key === 'partners') return may('read', 'feed')
    return true
  })
  const tab = filters.tab !== undefined && tabs.includes(filters.tab) ? filters.tab : 'gates'
  return (
    <Page title={t('room.gates')} lead={t('gates.lead')}>
      <Today />
      <Sheets
        value={tab}
        onChange={(key) => set({ ...CLEAR, tab: key === 'gates' ? null : key })}
        sheets={tabs.map((key) => ({ key, label: t(`gates.tab.${key}`) }))}
      />
      {tab === 'gates' ? <Gates /> : null}
      {tab === 'figures' ? <Figures /> : null}
      {tab === 'referrals' ? <Referrals /> : null}
      {tab === 'openings' ? <Openings /> : null}
      {tab === 'deletion' ? <Deletion /> : null}
      {tab === 'partners' ? <Partners /> : null}
    </Page>
  )
}
