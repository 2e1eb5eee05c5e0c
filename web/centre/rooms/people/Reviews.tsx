import { DECISIONS, REVIEW_KINDS, ReviewPage } from '@weiwang/domain/people/api'
import type { PersonLine, ReviewLine } from '@weiwang/domain/people/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { SelectField } from '../../../kit/centre/controls.tsx'
import { useMay } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { useFilters } from '../../filters.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'

const Filters = z.object({ kind: z.enum(REVIEW_KINDS) })

function Who({ person }: { person: PersonLine }): ReactNode {
  return (
    <>
      <GoLink href={paths.person(person.personId)}>{person.masked}</GoLink>
      <br />
      <small>{person.areaName}</small>
    </>
  )
}

function Decide({ row }: { row: ReviewLine }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(Anything, { path: `/api/people/reviews/${row.id}/decide`, touches: ['/api/people'] })
  return (
    <span style={{ display: 'inline-flex', gap: 4 }}>
      {DECISIONS[row.kind].map((decision) => (
        <ConfirmAct
          key={decision}
          quiet
          verb={t(`review.${decision}`)}
          title={t(`review.${decision}.title`)}
          write={write}
          onYes={(_, done) =>
            write.mutate(
              { decision, ...(decision === 'merge' ? { keep: row.person.personId } : {}) },
              { onSuccess: done },
            )
          }
        >
          <p>{t(`review.${decision}.what`)}</p>
        </ConfirmAct>
      ))}
    </span>
  )
}

/** Two records that may be one person, one number with two names, or somebody registered away from home: decided by a human. */
export function Reviews(): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const say = useSay()
  const may = useMay()
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const list = useList(ReviewPage, '/api/people/reviews', { area: desk.area, kind: filters.kind })
  return (
    <>
      <div className="filters">
        <SelectField
          label={t('review.kind')}
          value={filters.kind ?? ''}
          any={t('any')}
          onChange={(v) => set({ kind: v })}
          choices={REVIEW_KINDS.map((k) => ({ value: k, label: t(`reviewKind.${k}`) }))}
          width={200}
        />
      </div>
      <ListTable<ReviewLine>
        name={t('people.tab.reviews')}
        list={list}
        rowKey={(row) => row.id}
        empty={{ why: t('reviews.empty') }}
        columns={[
          { key: 'kind', title: t('review.kind'), cell: (row) => t(`reviewKind.${row.kind}`) },
          { key: 'one', title: t('review.one'), cell: (row) => <Who person={row.person} /> },
          {
            key: 'other',
            title: t('review.other'),
            cell: (row) => (row.other ? <Who person={row.other} /> : (row.otherMasked ?? '–')),
          },
          { key: 'why', title: t('task.why'), cell: (row) => join(row.reasons.map(say), 'clauses') },
          { key: 'since', title: t('since'), cell: (row) => <When at={row.since} /> },
          {
            key: 'act',
            title: t('act'),
            cell: (row) => (may('propose', 'person', { area: row.area }) ? <Decide row={row} /> : '–'),
          },
        ]}
      />
    </>
  )
}
