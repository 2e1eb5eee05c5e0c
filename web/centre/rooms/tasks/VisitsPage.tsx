import { OrganisedList } from '@weiwang/domain/areas/api'
import { METHODS, RESULTS, OpenedVisit, VisitDetail, VisitPage, ListVisits } from '@weiwang/domain/visits/api'
import type { VisitRow } from '@weiwang/domain/visits/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q, useList, useWrite } from '../../../api/query.ts'
import { useJoin } from '../../../i18n/setup.ts'
import { Act, DayField, TextField } from '../../../kit/centre/controls.tsx'
import { Facts, Page, Section, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { Loading, ProblemNotice, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { useDisposition } from './parts.tsx'

const Filters = ListVisits.pick({
  from: true,
  to: true,
  by: true,
  taskId: true,
  householdId: true,
  personId: true,
}).extend({ own: z.enum(['true']), organised: OrganisedList, open: z.uuid() })

function useMethod(): (word: string) => string {
  const { t } = useTranslation('centre')
  return (word) => {
    const known = METHODS.find((m) => m === word)
    return known ? t(`method.${known}`) : word
  }
}

function useResult(): (word: string) => string {
  const { t } = useTranslation('centre')
  return (word) => {
    const known = RESULTS.find((r) => r === word)
    return known ? t(`result.${known}`) : word
  }
}

function plain(
  answer: unknown,
  words: { yes: string; no: string; join: (parts: readonly string[]) => string },
): string {
  if (Array.isArray(answer)) return words.join(answer.map((one) => plain(one, words)))
  if (typeof answer === 'boolean') return answer ? words.yes : words.no
  if (typeof answer === 'string' || typeof answer === 'number') return String(answer)
  return answer === null || answer === undefined ? '–' : JSON.stringify(answer)
}

function VisitPanel({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const method = useMethod()
  const result = useResult()
  const disposition = useDisposition()
  const [purpose, setPurpose] = useState('')
  const open = useWrite(OpenedVisit, { path: `/api/visits/${id}/open`, touches: [] })
  const answer = useQuery(q(VisitDetail, `/api/visits/${id}`))
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const visit = answer.data
  return (
    <>
      <Facts
        rows={[
          [t('task.who'), join(visit.masked) || '–'],
          [t('task.door'), visit.door ?? '–'],
          [t('area'), visit.areaName],
          [t('visit.method'), method(visit.method)],
          [t('visit.result'), result(visit.result)],
          [t('task.disposition'), disposition(visit.disposition)],
          [t('visit.by'), visit.by.name],
          [t('visit.occurred'), <When key="o" at={visit.occurredAt} />],
          [t('visit.recorded'), <When key="r" at={visit.recordedAt} />],
          visit.supersedes ? [t('visit.corrects'), t('yes')] : null,
          visit.supersededBy ? [t('visit.corrected'), t('yes')] : null,
          visit.taskId
            ? [
                t('task'),
                <GoLink key="t" href={paths.tasks({ open: visit.taskId })}>
                  {t('open')}
                </GoLink>,
              ]
            : null,
        ]}
      />
      <Section title={t('visit.answers')}>
        <Facts
          rows={Object.entries(visit.answers).map(
            ([key, value]) => [key, plain(value, { yes: t('yes'), no: t('no'), join })] as const,
          )}
        />
      </Section>
      {visit.hasNote ? (
        <Section title={t('note')} lead={t('visit.note.lead')}>
          {open.data ? (
            <>
              <p>{open.data.note ?? '–'}</p>
              {open.data.correctionReason ? <p>{open.data.correctionReason}</p> : null}
              <Facts
                rows={Object.entries(open.data.answers).map(
                  ([key, value]) => [key, plain(value, { yes: t('yes'), no: t('no'), join })] as const,
                )}
              />
            </>
          ) : (
            <div className="form">
              <ProblemNotice error={open.error} />
              <TextField label={t('purpose')} value={purpose} onChange={setPurpose} />
              <Act
                disabled={purpose.trim().length < 2}
                busy={open.isPending}
                onClick={() => open.mutate({ purpose: purpose.trim() })}
              >
                {t('visit.note.open')}
              </Act>
            </div>
          )}
        </Section>
      ) : null}
    </>
  )
}

export function VisitsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const method = useMethod()
  const result = useResult()
  const disposition = useDisposition()
  const [filters, set] = useFilters(Filters)
  const { open, ...asked } = filters
  const anyDay = asked.taskId ?? asked.householdId ?? asked.personId
  const days = anyDay ? {} : { from: asked.from ?? desk.day, to: asked.to ?? desk.day }
  const visits = useList(VisitPage, '/api/visits', { ...asked, ...days, area: desk.area }, { every: 30_000 })
  return (
    <Page title={t('visits')} lead={t('visits.lead')}>
      <div className="filters">
        {anyDay ? null : (
          <>
            <DayField label={t('day.from')} value={days.from ?? ''} onChange={(v) => set({ from: v, to: days.to })} />
            <DayField label={t('day.to')} value={days.to ?? ''} onChange={(v) => set({ to: v, from: days.from })} />
          </>
        )}
        {filters.own ? <span className="word-tag">{t('filter.own')}</span> : null}
      </div>
      <ListTable<VisitRow>
        name={t('visits')}
        list={visits}
        rowKey={(row) => row.id}
        openKey={open}
        onOpen={(row) => set({ open: row.id }, { push: true })}
        empty={{ why: t('visits.empty'), todo: t('visits.empty.todo') }}
        columns={[
          { key: 'at', title: t('visit.recorded'), cell: (row) => <When at={row.recordedAt} /> },
          { key: 'door', title: t('task.door'), cell: (row) => row.door ?? '–' },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          { key: 'method', title: t('visit.method'), cell: (row) => method(row.method) },
          { key: 'result', title: t('visit.result'), cell: (row) => result(row.result) },
          { key: 'disposition', title: t('task.disposition'), cell: (row) => disposition(row.disposition) },
          { key: 'persons', title: t('visit.persons'), end: true, cell: (row) => grouped(row.persons) },
          { key: 'by', title: t('visit.by'), cell: (row) => row.by.name },
        ]}
      />
      <SidePanel title={t('visit')} open={open !== undefined} onClose={() => set({ open: null })}>
        {open ? <VisitPanel id={open} /> : null}
      </SidePanel>
    </Page>
  )
}
