import { ConflictPage } from '@weiwang/domain/people/change-api'
import type { ConflictLine } from '@weiwang/domain/people/change-api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList } from '../../../api/query.ts'
import { SelectField } from '../../../kit/centre/controls.tsx'
import { SidePanel } from '../../../kit/centre/surfaces.tsx'
import { When } from '../../../shared/words.tsx'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { ConflictPanel } from './ConflictPanel.tsx'

const THINGS = ['person', 'household'] as const
const Filters = z.object({ thing: z.enum(THINGS), open: z.uuid() })

/** One field under two values, each shown once; the values stand in none of the lines. */
export function Conflicts(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const query = { area: desk.area, thing: filters.thing }
  const list = useList(ConflictPage, '/api/people/conflicts', query, { every: 30_000 })
  const opened = list.rows.find((row) => row.id === filters.open)
  return (
    <>
      <p>{t('conflicts.lead')}</p>
      <div className="filters">
        <SelectField
          label={t('conflict.thing')}
          value={filters.thing ?? ''}
          any={t('any')}
          onChange={(v) => set({ thing: v, open: null })}
          choices={THINGS.map((thing) => ({ value: thing, label: t(`conflictThing.${thing}`) }))}
        />
      </div>
      <ListTable<ConflictLine>
        name={t('people.tab.conflicts')}
        list={list}
        rowKey={(row) => row.id}
        openKey={filters.open}
        onOpen={(row) => set({ open: row.id }, { push: true })}
        empty={{ why: t('conflicts.empty'), todo: t('conflicts.empty.todo') }}
        columns={[
          { key: 'of', title: t('conflict.of'), cell: (row) => <b>{row.label || t(`conflictThing.${row.thing}`)}</b> },
          { key: 'field', title: t('conflict.what'), cell: (row) => t(`field.${row.field}`) },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          {
            key: 'by',
            title: t('conflict.by'),
            cell: (row) => (row.also > 0 ? t('conflict.also', { name: row.byName, n: row.also }) : row.byName),
          },
          { key: 'made', title: t('conflict.made'), cell: (row) => <When at={row.madeAt} /> },
          { key: 'why', title: t('task.why'), cell: (row) => t(`conflictWhy.${row.why}`) },
        ]}
      />
      <SidePanel title={t('conflict')} open={opened !== undefined} onClose={() => set({ open: null })}>
        {opened ? <ConflictPanel key={opened.id} row={opened} onDone={() => set({ open: null })} /> : null}
      </SidePanel>
    </>
  )
}
