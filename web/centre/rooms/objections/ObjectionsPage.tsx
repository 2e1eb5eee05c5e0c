import { OrganisedList } from '@weiwang/domain/areas/api'
import { ListObjections, OBJECTION_LISTS, ObjectionPage } from '@weiwang/domain/healthcode/objection-api'
import type { Ground, ObjectionList, ObjectionRow, Stage } from '@weiwang/domain/healthcode/objection-api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DayField, SelectField, Sheets } from '../../../kit/centre/controls.tsx'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { Page, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { Colour, Due, When } from '../../../shared/words.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { useFilters } from '../../filters.ts'
import { paths } from '../../paths.ts'
import { AtDesk } from './AtDesk.tsx'
import { Figures } from './Figures.tsx'
import { ObjectionPanel } from './ObjectionPanel.tsx'
import { Passes } from './Passes.tsx'
import { GROUND_SAY, STAGE_SAY, useGrounds, useMinutes, useStages, useStateWord } from './words.ts'

const TABS = ['list', 'figures', 'passes'] as const
type Tab = (typeof TABS)[number]
const OF_A_SPAN: readonly ObjectionList[] = ['opened', 'decided', 'granted', 'refused', 'withdrawn']
const Filters = ListObjections.pick({
  list: true,
  stage: true,
  ground: true,
  rule: true,
  source: true,
  from: true,
  to: true,
}).extend({
  own: z.enum(['true']),
  organised: OrganisedList,
  tab: z.enum(TABS),
  open: z.uuid(),
  person: z.uuid(),
})

function useColumns(decided: boolean): Column<ObjectionRow>[] {
  const { t } = useTranslation('centre')
  const say = useSay()
  const stateWord = useStateWord()
  const minutes = useMinutes()
  return [
    { key: 'who', title: t('objection.who'), cell: (row) => <b>{row.masked || '–'}</b> },
    { key: 'colour', title: t('objection.colour'), cell: (row) => <Colour colour={row.colour} /> },
    { key: 'ground', title: t('objection.ground'), cell: (row) => say(GROUND_SAY[row.ground]) },
    {
      key: 'state',
      title: t('state'),
      cell: (row) => {
        const { word, strong } = stateWord(row.state)
        return (
          <span style={{ display: 'inline-flex', gap: 6, flexWrap: 'wrap' }}>
            <WordTag strong={strong}>{word}</WordTag>
            {row.overdue ? <WordTag strong>{t('objection.overdue')}</WordTag> : null}
            {row.late && !row.overdue ? <WordTag strong>{t('objection.late')}</WordTag> : null}
          </span>
        )
      },
    },
    { key: 'stage', title: t('objection.stage'), cell: (row) => say(STAGE_SAY[row.stage]) },
    {
      key: 'due',
      title: decided ? t('objection.minutes') : t('objection.due'),
      cell: (row) =>
        decided || row.decidedAt ? (
          minutes(row.minutes)
        ) : row.dueBy ? (
          <Due at={row.dueBy} done={false} />
        ) : row.state === 'need_more' ? (
          t('objection.waits')
        ) : (
          '–'
        ),
    },
    { key: 'area', title: t('area'), cell: (row) => row.areaName },
    { key: 'rule', title: t('objection.rule'), cell: (row) => (row.ruleName ? say(row.ruleName) : '–') },
    { key: 'source', title: t('objection.source'), cell: (row) => (row.sourceName ? say(row.sourceName) : '–') },
    { key: 'opened', title: t('objection.opened'), cell: (row) => <When at={row.openedAt} /> },
  ]
}

function Listed(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const grounds = useGrounds()
  const stages = useStages()
  const [filters, set] = useFilters(Filters)
  const { open: _open, tab: _tab, person: _person, ...asked } = filters
  const list = filters.list ?? 'open'
  const span = OF_A_SPAN.includes(list)
  const columns = useColumns(list !== 'opened' && span)
  const from = filters.from ?? desk.day
  const to = filters.to ?? desk.day
  const objections = useList(
    ObjectionPage,
    '/api/objections',
    { ...asked, list, area: desk.area, ...(span ? { from, to } : { from: undefined, to: undefined }) },
    { every: 30_000 },
  )
  return (
    <>
      <div className="filters">
        <SelectField<ObjectionList>
          label={t('objection.which')}
          value={list}
          onChange={(v) => set({ list: v === 'open' ? null : v })}
          choices={OBJECTION_LISTS.map((one) => ({ value: one, label: t(`objectionList.${one}`) }))}
          width={200}
        />
        {span ? (
          <>
            <DayField label={t('rules.from')} value={from} onChange={(day) => set({ from: day })} />
            <DayField label={t('rules.until')} value={to} onChange={(day) => set({ to: day })} min={from} />
          </>
        ) : (
          <SelectField<Stage>
            label={t('objection.stage')}
            value={filters.stage ?? ''}
            any={t('any')}
            onChange={(v) => set({ stage: v })}
            choices={stages}
            width={130}
          />
        )}
        <SelectField<Ground>
          label={t('objection.ground')}
          value={filters.ground ?? ''}
          any={t('any')}
          onChange={(v) => set({ ground: v })}
          choices={grounds}
          width={220}
        />
      </div>
      <ListTable<ObjectionRow>
        name={t('room.objections')}
        list={objections}
        rowKey={(row) => row.id}
        openKey={filters.open}
        onOpen={(row) => set({ open: row.id }, { push: true })}
        empty={{ why: t('objection.empty'), todo: t('objection.empty.todo') }}
        columns={columns}
      />
    </>
  )
}

/** Objections to a colour, what is due first; figures by rule and source; temporary passes for hardship. */
export function ObjectionsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [filters, set] = useFilters(Filters)
  const tab: Tab = filters.tab ?? 'list'
  return (
    <Page
      title={t('room.objections')}
      lead={tab === 'passes' ? t('pass.lead') : t('objection.lead')}
      acts={
        may('file', 'objection') ? (
          <GoLink
            className="plain"
            href={paths.people()}
            label={`${t('objection.desk.new')}: ${t('objection.desk.new.lead')}`}
          >
            {t('objection.desk.new')}
          </GoLink>
        ) : null
      }
    >
      <Sheets<Tab>
        value={tab}
        onChange={(key) => set({ tab: key === 'list' ? null : key, open: null, person: null })}
        sheets={TABS.map((key) => ({ key, label: t(`objection.tab.${key}`) }))}
      />
      {tab === 'list' ? <Listed /> : null}
      {tab === 'figures' ? <Figures /> : null}
      {tab === 'passes' ? <Passes /> : null}
      <SidePanel
        wide
        title={t('room.objections')}
        open={filters.open !== undefined}
        onClose={() => set({ open: null })}
      >
        {filters.open ? <ObjectionPanel id={filters.open} /> : null}
      </SidePanel>
      <SidePanel
        title={t('objection.desk.title')}
        open={filters.person !== undefined && filters.open === undefined}
        onClose={() => set({ person: null })}
      >
        {filters.person ? (
          <AtDesk
            personId={filters.person}
            onOpened={(id) => set({ person: null, open: id }, { push: true })}
            onPass={() => set({ person: null, tab: 'passes' })}
          />
        ) : null}
      </SidePanel>
    </Page>
  )
}
