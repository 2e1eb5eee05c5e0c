import { ReturnPage, SteppedReturn } from '@weiwang/domain/healthcode/reg-desk-api'
import type { ListReturns, ReturnLine } from '@weiwang/domain/healthcode/reg-desk-api'
import { TRANSPORT_NAMES } from '@weiwang/domain/healthcode/reg-words'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, SelectField } from '../../../kit/centre/controls.tsx'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { useFilters } from '../../filters.ts'
import { paths } from '../../paths.ts'
import { Filters, TOUCHES } from './asked.ts'

type Listed = ListReturns['list']
const LISTS = ['expected', 'late', 'arrived', 'all'] as const
const STEPS = ['arrive', 'start_plan', 'complete', 'cancel'] as const
type Step = (typeof STEPS)[number]

function Steps({ row }: { row: ReturnLine }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(SteppedReturn, { path: `/api/returns/${row.id}/step`, touches: TOUCHES })
  const may = STEPS.filter((step) => row.may.includes(step))
  return (
    <>
      <span style={{ display: 'inline-flex', gap: 8, flexWrap: 'wrap' }}>
        {may.map((step: Step) => (
          <Act
            key={step}
            quiet
            busy={write.isPending}
            label={`${t(`ret.${step}`)} ${row.masked}`}
            onClick={() => write.mutate({ step })}
          >
            {t(`ret.${step}`)}
          </Act>
        ))}
      </span>
      {write.error ? <ProblemNotice error={write.error} /> : null}
    </>
  )
}

function useColumns(): Column<ReturnLine>[] {
  const { t } = useTranslation('centre')
  const say = useSay()
  const may = useMay()
  return [
    { key: 'day', title: t('ret.day'), cell: (row) => <b>{row.expectedDay}</b> },
    {
      key: 'who',
      title: t('reg.who'),
      cell: (row) => <GoLink href={paths.person(row.personId)}>{row.masked}</GoLink>,
    },
    {
      key: 'state',
      title: t('state'),
      cell: (row) => <WordTag strong={row.state === 'no_show'}>{say(row.stateName)}</WordTag>,
    },
    {
      key: 'arrived',
      title: t('ret.arrived'),
      cell: (row) =>
        row.arrived ? `${row.arrived.on}${row.arrived.how ? ` · ${t(`ret.how.${row.arrived.how}`)}` : ''}` : '–',
    },
    { key: 'from', title: t('ret.from'), cell: (row) => row.fromName },
    {
      key: 'level',
      title: t('ret.level'),
      cell: (row) => (row.level ? <WordTag strong={row.level === 'high'}>{t(`retLevel.${row.level}`)}</WordTag> : '–'),
    },
    { key: 'by', title: t('ret.transport'), cell: (row) => say(TRANSPORT_NAMES[row.transport]) },
    { key: 'with', title: t('ret.companions'), end: true, cell: (row) => row.companions },
    { key: 'area', title: t('area'), cell: (row) => row.areaName },
    {
      key: 'acts',
      title: t('reg.next'),
      cell: (row) => (
        <>
          <Steps row={row} />{' '}
          {row.arrived && may('file', 'observation', { area: row.area }) ? (
            <GoLink href={paths.observation({ personId: row.personId, returnId: row.id })}>{t('obs.new')}</GoLink>
          ) : null}
        </>
      ),
    },
  ]
}

/** Who is expected back, the soonest first. */
export function Returns(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const listed: Listed = filters.list ?? 'expected'
  const columns = useColumns()
  const list = useList(ReturnPage, '/api/returns', { area: desk.area, list: listed }, { every: 30_000 })
  return (
    <>
      <div className="filters">
        <SelectField<Listed>
          label={t('ret.list')}
          value={listed}
          onChange={(one) => set({ list: one === 'expected' ? null : one })}
          choices={LISTS.map((value) => ({ value, label: t(`retList.${value}`) }))}
          width={160}
        />
      </div>
      <ListTable<ReturnLine>
        name={t('reg.tab.returns')}
        list={list}
        rowKey={(row) => row.id}
        empty={{ why: t('ret.empty'), todo: t('ret.empty.todo') }}
        columns={columns}
      />
    </>
  )
}
