import { ContradictionPage, LISTS, ListContradictions } from '@weiwang/domain/healthcode/truth-api'
import type { ContradictionList, ContradictionRow, Line } from '@weiwang/domain/healthcode/truth-api'
import { CONTRADICTION_KINDS, nameOfKind, OUTCOME_SAY, OUTCOMES } from '@weiwang/domain/healthcode/truth-kinds'
import type { ContradictionKind, Outcome } from '@weiwang/domain/healthcode/truth-kinds'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DayField, SelectField, Sheets } from '../../../kit/centre/controls.tsx'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { Page, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock } from '../../../session/me.ts'
import { dayWords } from '../../../words/time.ts'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { useFilters } from '../../filters.ts'
import { ContradictionPanel } from './ContradictionPanel.tsx'
import { Figures } from './Figures.tsx'

const TABS = ['list', 'figures'] as const
type Tab = (typeof TABS)[number]
const Filters = ListContradictions.pick({
  list: true,
  state: true,
  kind: true,
  source: true,
  outcome: true,
  personId: true,
  from: true,
  to: true,
}).extend({
  own: z.enum(['true']),
  tab: z.enum(TABS),
  open: z.uuid(),
})

/** Both sides in a cell, a line each. */
function Side({ lines }: { lines: readonly Line[] }): ReactNode {
  const say = useSay()
  return (
    <>
      {lines.map((line) => (
        <div key={`${line.source ?? ''} ${line.say.en}`}>
          {say(line.say)}
          {line.sourceName ? <small> · {say(line.sourceName)}</small> : null}
        </div>
      ))}
    </>
  )
}

function useColumns(): Column<ContradictionRow>[] {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  return [
    { key: 'kind', title: t('truth.kind'), cell: (row) => <b>{say(row.kindName)}</b> },
    { key: 'person', title: t('truth.person'), cell: (row) => row.masked },
    { key: 'said', title: t('truth.said'), cell: (row) => <Side lines={row.said} /> },
    { key: 'known', title: t('truth.known'), cell: (row) => <Side lines={row.known} /> },
    {
      key: 'state',
      title: t('state'),
      cell: (row) => (
        <>
          <WordTag strong={row.state === 'answered'}>
            {say(row.outcome ? OUTCOME_SAY[row.outcome] : row.stateName)}
          </WordTag>
          {row.explained ? (
            <>
              {' '}
              <WordTag>{t('truth.explained')}</WordTag>
            </>
          ) : null}
        </>
      ),
    },
    { key: 'area', title: t('area'), cell: (row) => row.areaName },
    { key: 'declaredOn', title: t('truth.declaredOn'), cell: (row) => dayWords(row.declaredOn, clock) },
  ]
}

function Listed(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const desk = useDesk()
  const columns = useColumns()
  const [filters, set] = useFilters(Filters)
  const { open, tab: _tab, ...asked } = filters
  const list = filters.list ?? 'waiting'
  const contradictions = useList(
    ContradictionPage,
    '/api/contradictions',
    { ...asked, list, area: desk.area },
    { every: 30_000 },
  )
  return (
    <>
      <div className="filters">
        <SelectField<ContradictionList>
          label={t('truth.list')}
          value={list}
          onChange={(value) => set({ list: value, state: null })}
          choices={LISTS.map((one) => ({ value: one, label: t(`truthList.${one}`) }))}
          width={180}
        />
        <SelectField<ContradictionKind>
          label={t('truth.kind')}
          value={filters.kind ?? ''}
          any={t('any')}
          onChange={(value) => set({ kind: value })}
          choices={CONTRADICTION_KINDS.map((one) => ({ value: one, label: say(nameOfKind(one)) }))}
          width={240}
        />
        <SelectField<Outcome>
          label={t('truth.outcome')}
          value={filters.outcome ?? ''}
          any={t('any')}
          onChange={(value) => set({ outcome: value })}
          choices={OUTCOMES.map((one) => ({ value: one, label: t(`truth.figure.${one}`) }))}
          width={160}
        />
        {filters.from !== undefined || filters.to !== undefined ? (
          <>
            <DayField label={t('rules.from')} value={filters.from ?? desk.day} onChange={(day) => set({ from: day })} />
            <DayField label={t('rules.until')} value={filters.to ?? desk.day} onChange={(day) => set({ to: day })} />
          </>
        ) : null}
      </div>
      <ListTable<ContradictionRow>
        name={t('room.truth')}
        list={contradictions}
        rowKey={(row) => row.id}
        openKey={open}
        onOpen={(row) => set({ open: row.id }, { push: true })}
        empty={{ why: t('truth.empty'), todo: t('truth.empty.todo') }}
        columns={columns}
      />
    </>
  )
}

/** Declarations against what is known: clues with both sides, asked about by people. */
export function TruthPage(): ReactNode {
  const { t } = useTranslation('centre')
  const [filters, set] = useFilters(Filters)
  const tab: Tab = filters.tab ?? 'list'
  return (
    <Page title={t('room.truth')} lead={t('truth.lead')}>
      <Sheets<Tab>
        value={tab}
        onChange={(key) => set({ tab: key === 'list' ? null : key, open: null })}
        sheets={TABS.map((key) => ({ key, label: t(`truth.tab.${key}`) }))}
      />
      {tab === 'list' ? <Listed /> : <Figures />}
      <SidePanel title={t('room.truth')} open={filters.open !== undefined} onClose={() => set({ open: null })}>
        {filters.open ? <ContradictionPanel id={filters.open} /> : null}
      </SidePanel>
    </Page>
  )
}
