import { pageOf } from '@weiwang/domain/core/page'
import { GradedCounts, GradedPerson } from '@weiwang/domain/grading/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q, useList } from '../../../api/query.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { SelectField } from '../../../kit/centre/controls.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { Colour, Grade } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { dayWords } from '../../../words/time.ts'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { BulkChange } from '../rules/BulkChange.tsx'

const Filters = z.object({
  grade: z.enum(['red', 'yellow', 'blue']),
  colour: z.enum(['red', 'yellow', 'pending', 'green']),
})
const Graded_ = pageOf(GradedPerson)

/** Who has a grade today in my area, and why; what a push would take to the doors. */
export function Graded(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const join = useJoin()
  const clock = useClock()
  const desk = useDesk()
  const may = useMay()
  const [filters, set] = useFilters(Filters)
  const counts = useQuery(q(GradedCounts, '/api/graded/counts', { area: desk.area }))
  const [chosen, setChosen] = useState<string[]>([])
  const list = useList(Graded_, '/api/graded', { ...filters, area: desk.area })
  return (
    <>
      <p style={{ display: 'flex', gap: 16, flexWrap: 'wrap', margin: '0 0 8px' }}>
        {(['red', 'yellow', 'blue'] as const).map((g) => (
          <GoLink key={g} href={paths.lists({ tab: 'graded', grade: g })} className="plain">
            <Grade grade={g} /> {t('n.people', { n: grouped(counts.data?.grades[g] ?? 0) })}
          </GoLink>
        ))}
      </p>
      <div className="filters">
        <SelectField
          label={t('grade')}
          value={filters.grade ?? ''}
          any={t('any')}
          onChange={(v) => set({ grade: v })}
          choices={(['red', 'yellow', 'blue'] as const).map((g) => ({ value: g, label: c(`grade.${g}`) }))}
        />
        <SelectField
          label={t('colour')}
          value={filters.colour ?? ''}
          any={t('any')}
          onChange={(v) => set({ colour: v })}
          choices={(['red', 'yellow', 'pending', 'green'] as const).map((g) => ({ value: g, label: c(`colour.${g}`) }))}
        />
      </div>
      <ListTable
        name={t('graded')}
        list={list}
        rowKey={(row) => row.personId}
        selection={
          may('bulk', 'grade', { area: desk.area })
            ? { keys: chosen, onChange: setChosen, acts: <BulkChange chosen={chosen} /> }
            : undefined
        }
        empty={{ why: t('graded.empty'), todo: t('graded.empty.todo') }}
        columns={[
          { key: 'grade', title: t('grade'), cell: (row) => <Grade grade={row.grade} /> },
          { key: 'colour', title: t('colour'), cell: (row) => <Colour colour={row.colour} /> },
          {
            key: 'who',
            title: t('task.who'),
            cell: (row) => <GoLink href={paths.person(row.personId)}>{row.masked}</GoLink>,
          },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          {
            key: 'why',
            title: t('task.why'),
            cell: (row) =>
              join(
                row.reasons.map((r) => say(r.say)),
                'clauses',
              ),
          },
          {
            key: 'until',
            title: t('graded.until'),
            cell: (row) => (row.until ? dayWords(row.until, clock) : t('graded.open')),
          },
        ]}
      />
    </>
  )
}
