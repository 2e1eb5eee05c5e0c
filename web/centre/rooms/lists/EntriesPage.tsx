import { OrganisedList } from '@weiwang/domain/areas/api'
import { LIST_OUTCOMES, ListEntries, ListEntryPage } from '@weiwang/domain/tasks/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList } from '../../../api/query.ts'
import { Act, SelectField } from '../../../kit/centre/controls.tsx'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { Grade, When } from '../../../shared/words.tsx'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { OrganisedTag } from '../../parts/OrganisedTag.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { StateWord, useDisposition } from '../tasks/parts.tsx'

const Filters = ListEntries.pick({ pushId: true, grade: true, outcome: true, from: true, to: true }).extend({
  own: z.enum(['true']),
  organised: OrganisedList,
})

/** The list of a level: who was listed, and what became of it. */
export function EntriesPage(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const desk = useDesk()
  const disposition = useDisposition()
  const [filters, set] = useFilters(Filters)
  const list = useList(ListEntryPage, '/api/list-entries', { ...filters, area: desk.area })
  return (
    <Page title={t('entries')} lead={t('entries.lead')}>
      <div className="filters">
        <SelectField
          label={t('grade')}
          value={filters.grade ?? ''}
          any={t('any')}
          onChange={(v) => set({ grade: v })}
          choices={(['red', 'yellow', 'blue'] as const).map((g) => ({ value: g, label: c(`grade.${g}`) }))}
        />
        <SelectField
          label={t('entry.outcome')}
          value={filters.outcome ?? ''}
          any={t('any')}
          onChange={(v) => set({ outcome: v })}
          choices={LIST_OUTCOMES.map((o) => ({ value: o, label: t(`entry.${o}`) }))}
          width={200}
        />
        {filters.from || filters.to ? (
          <span className="word-tag">{`${filters.from ?? ''} – ${filters.to ?? ''}`}</span>
        ) : null}
        {filters.pushId ? <span className="word-tag">{t('filter.push')}</span> : null}
        {filters.own ? <span className="word-tag">{t('filter.own')}</span> : null}
        {filters.organised ? <OrganisedTag organised={filters.organised} /> : null}
        <Act
          onClick={() =>
            set({ pushId: null, grade: null, outcome: null, from: null, to: null, own: null, organised: null })
          }
        >
          {c('act.clear')}
        </Act>
      </div>
      <ListTable
        name={t('entries')}
        list={list}
        rowKey={(row) => `${row.pushId}${row.personId}`}
        empty={{ why: t('entries.empty'), todo: t('entries.empty.todo') }}
        columns={[
          { key: 'grade', title: t('grade'), cell: (row) => <Grade grade={row.grade} /> },
          {
            key: 'who',
            title: t('task.who'),
            cell: (row) => <GoLink href={paths.person(row.personId)}>{row.masked}</GoLink>,
          },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          {
            key: 'outcome',
            title: t('entry.outcome'),
            cell: (row) => <WordTag strong={row.outcome === 'unresolved'}>{t(`entry.${row.outcome}`)}</WordTag>,
          },
          {
            key: 'state',
            title: t('state'),
            cell: (row) => (row.state ? <StateWord state={row.state} outcome={null} /> : '–'),
          },
          { key: 'disposition', title: t('task.disposition'), cell: (row) => disposition(row.disposition) },
          {
            key: 'task',
            title: t('task'),
            cell: (row) => (row.taskId ? <GoLink href={paths.tasks({ open: row.taskId })}>{t('open')}</GoLink> : '–'),
          },
          { key: 'at', title: t('when'), cell: (row) => <When at={row.at} /> },
        ]}
      />
    </Page>
  )
}
