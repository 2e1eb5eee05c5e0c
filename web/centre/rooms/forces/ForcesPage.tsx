import { FORCE_SAY } from '@weiwang/domain/teams/force'
import { ForceSummary } from '@weiwang/domain/teams/force-api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, Sheets } from '../../../kit/centre/controls.tsx'
import { Page, Section } from '../../../kit/centre/surfaces.tsx'
import { ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { FigureDoors } from '../../parts/FigureDoors.tsx'
import { paths } from '../../paths.ts'
import { Assigned } from './Assigned.tsx'
import { KitHealth } from './KitHealth.tsx'
import { Organisations } from './Organisations.tsx'
import { People } from './People.tsx'
import { Posts } from './Posts.tsx'
import { HoursTab } from './Turns.tsx'
import '../teams/teams.css'

const TABS = ['people', 'orgs', 'assigned', 'posts', 'hours', 'kit'] as const
const Filters = z.object({ tab: z.enum(TABS) })
/** What a sheet filters by is not the next one's. */
const CLEAR = {
  list: null,
  kind: null,
  skill: null,
  org: null,
  body: null,
  post: null,
  account: null,
  from: null,
  to: null,
  own: null,
  organised: null,
  code: null,
  paper: null,
}

/** Each number is a door to its list, which has the same total. */
function Figures({ sum }: { sum: ForceSummary }): ReactNode {
  const { t } = useTranslation('centre')
  const people = t('forces.unit.people')
  const at = (search: Record<string, string>) => paths.forces(search)
  const total = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0)
  return (
    <FigureDoors
      all={[
        {
          label: t('forces.people'),
          n: total(sum.people.map((one) => one.confirmed)),
          unit: people,
          href: at({ list: 'confirmed' }),
        },
        {
          label: t('forces.enrolled'),
          n: total(sum.people.map((one) => one.enrolled)),
          unit: people,
          href: at({ list: 'enrolled' }),
        },
        {
          label: t('forces.attached'),
          n: total(sum.attached.map((one) => one.now)),
          unit: people,
          href: at({ tab: 'assigned' }),
        },
        {
          label: t('forces.ending'),
          n: total(sum.attached.map((one) => one.ending)),
          unit: people,
          href: at({ tab: 'assigned', list: 'ending' }),
        },
        {
          label: t('forces.handovers'),
          n: sum.handovers,
          unit: t('forces.unit.things'),
          href: at({ tab: 'assigned' }),
        },
        {
          label: t('forces.gaps'),
          n: sum.gaps,
          unit: t('forces.unit.shifts'),
          href: at({ tab: 'posts', list: 'gaps' }),
        },
        { label: t('forces.noKit'), n: sum.noKit, unit: people, href: at({ tab: 'kit' }) },
      ]}
    />
  )
}

/** Numbers by kind and by body, each with its list. */
function ByKind({ sum }: { sum: ForceSummary }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const unit = t('forces.unit.people')
  const kinds = sum.people
    .filter((one) => one.confirmed > 0)
    .map((one) => ({
      label: say(FORCE_SAY[one.kind]),
      n: one.confirmed,
      unit,
      href: paths.forces({ list: 'confirmed', kind: one.kind }),
    }))
  const bodies = sum.attached
    .filter((one) => one.now > 0)
    .map((one) => ({
      label: t(`body.${one.body}`),
      n: one.now,
      unit,
      href: paths.forces({ tab: 'assigned', body: one.body }),
    }))
  if (kinds.length + bodies.length === 0) return null
  return (
    <Section title={t('forces.byKind')}>
      <FigureDoors all={[...kinds, ...bodies]} />
    </Section>
  )
}

export function ForcesPage(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const tab = filters.tab ?? 'people'
  const sum = useQuery({ ...q(ForceSummary, '/api/forces', { area: desk.area }), refetchInterval: 30_000 })
  return (
    <Page title={t('room.forces')} lead={t('forces.lead')}>
      {sum.error ? (
        <ReadProblem error={sum.error} again={<Act onClick={() => void sum.refetch()}>{c('act.retry')}</Act>} />
      ) : null}
      {sum.data ? <Figures sum={sum.data} /> : null}
      <Sheets
        value={tab}
        onChange={(key) => set({ ...CLEAR, tab: key === 'people' ? null : key })}
        sheets={TABS.map((key) => ({ key, label: t(`forces.tab.${key}`) }))}
      />
      {tab === 'people' ? (
        <>
          <People />
          {sum.data ? <ByKind sum={sum.data} /> : null}
        </>
      ) : null}
      {tab === 'orgs' ? <Organisations /> : null}
      {tab === 'assigned' ? <Assigned /> : null}
      {tab === 'posts' ? <Posts /> : null}
      {tab === 'hours' ? <HoursTab /> : null}
      {tab === 'kit' && sum.data ? <KitHealth sum={sum.data} /> : null}
    </Page>
  )
}
