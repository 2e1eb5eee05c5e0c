import { dayOf } from '@weiwang/domain/core/day'
import { Figures } from '@weiwang/domain/stats/api'
import { PushView } from '@weiwang/domain/tasks/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Facts, Section } from '../../../kit/centre/surfaces.tsx'
import { useSaid } from '../../../kit/centre/useSaid.ts'
import { Empty } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay, useMe } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { Grade, When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { JobProgress } from '../../parts/JobProgress.tsx'
import { TwoPersons } from '../../parts/TwoPersons.tsx'
import { doorPath, paths } from '../../paths.ts'

function Consequence({ push }: { push: PushView }): ReactNode {
  const { t } = useTranslation('centre')
  const { consequence } = push
  return (
    <div className="consequence">
      <p style={{ margin: '0 0 6px' }}>
        {t('push.will', { grids: grouped(consequence.grids), persons: grouped(consequence.persons) })}
      </p>
      <p style={{ margin: '0 0 6px', display: 'flex', gap: 12, flexWrap: 'wrap' }}>
        {(['red', 'yellow', 'blue'] as const).map((g) => (
          <span key={g}>
            <Grade grade={g} /> {grouped(consequence.byGrade[g])}
          </span>
        ))}
      </p>
      <small>
        {t('push.will.rest', {
          unresolved: grouped(consequence.unresolved),
          kept: grouped(consequence.keptOpen),
          answered: grouped(consequence.answeredBefore),
        })}
      </small>
    </div>
  )
}

const BY_AREA = ['listed', 'accepted', 'open', 'answered', 'overdue'] as const

/** Received, accepted, done, overdue of each area below: the same figures as everywhere, so they open the same lists. */
function ByArea({ area, day }: { area: string; day: string }): ReactNode {
  const { t } = useTranslation('centre')
  const answer = useQuery({ ...q(Figures, '/api/stats/figures', { area, from: day }), refetchInterval: 30_000 })
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  return (
    <DataTable
      name={t('push.byArea')}
      rows={answer.data?.children ?? []}
      rowKey={(row) => `${row.area}${row.own ? '*' : ''}`}
      busy={answer.isFetching}
      totalText=""
      empty={<Empty why={t('figures.leaf')} />}
      columns={[
        { key: 'name', title: t('area'), cell: (row) => (row.own ? t('figures.own') : row.name) },
        ...BY_AREA.map((id) => ({
          key: id,
          title: t(`figure.${id}`),
          end: true,
          sort: (a: { figures: { id: string; n: number }[] }, b: { figures: { id: string; n: number }[] }) =>
            (a.figures.find((f) => f.id === id)?.n ?? 0) - (b.figures.find((f) => f.id === id)?.n ?? 0),
          cell: (row: NonNullable<typeof answer.data>['children'][number]) => {
            const figure = row.figures.find((f) => f.id === id)
            return figure ? <GoLink href={doorPath(figure.door)}>{grouped(figure.n)}</GoLink> : '–'
          },
        })),
      ]}
    />
  )
}

export function PushPanel({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const may = useMay()
  const me = useMe()
  const said = useSaid()
  const answer = useQuery({ ...q(PushView, `/api/pushes/${id}`), refetchInterval: 5_000 })
  const write = useWrite(Anything, {
    path: `/api/pushes/${id}/decide`,
    touches: ['/api/pushes', '/api/tasks', '/api/stats', '/api/list-entries'],
  })
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const push = answer.data
  const decide = (approve: boolean) => (reason: string, done: () => void) =>
    write.mutate(
      { approve, ...(reason ? { reason } : {}) },
      {
        onSuccess: () => {
          said(c('state.server'))
          done()
        },
      },
    )
  const mayDecide = may('approve', 'push', { area: push.area, by: push.by.id })
  return (
    <>
      <h2 style={{ margin: '0 0 12px', display: 'flex', gap: 12, alignItems: 'center' }}>
        {push.areaName} <WordTag strong={push.state === 'proposed'}>{t(`pushState.${push.state}`)}</WordTag>
      </h2>
      <Consequence push={push} />
      {push.jobId && push.state === 'running' ? (
        <JobProgress id={push.jobId} touches={['/api/pushes', '/api/tasks', '/api/stats']} />
      ) : null}
      {push.state === 'proposed' ? (
        <>
          <TwoPersons proposedBy={push.by.id} name={push.by.name} />
          <div className="form-acts">
            <ConfirmAct
              verb={t('push.refuse')}
              title={t('push.refuse')}
              reason={t('reason')}
              write={write}
              disabled={!mayDecide}
              why={mayDecide ? undefined : push.by.id === me.id ? t('two.mine') : c('forbidden.title')}
              onYes={decide(false)}
            />
            <ConfirmAct
              primary
              verb={t('push.approve')}
              title={t('push.approve')}
              write={write}
              disabled={!mayDecide}
              why={mayDecide ? undefined : push.by.id === me.id ? t('two.mine') : c('forbidden.title')}
              onYes={decide(true)}
            >
              <Consequence push={push} />
            </ConfirmAct>
          </div>
        </>
      ) : (
        <Facts
          rows={(
            [
              ['task', push.result.task],
              ['kept_open', push.result.keptOpen],
              ['answered_before', push.result.answeredBefore],
              ['unresolved', push.result.unresolved],
            ] as const
          ).map(
            ([outcome, n]) =>
              [
                t(`entry.${outcome}`),
                <GoLink key={outcome} href={paths.entries({ pushId: push.id, outcome })}>
                  {t('n.people', { n: grouped(n) })}
                </GoLink>,
              ] as const,
          )}
        />
      )}
      <Section title={t('push.people')}>
        <Facts
          rows={[
            [t('push.by'), push.by.name],
            [t('push.approvedBy'), push.approvedBy?.name ?? '–'],
            [t('push.started'), <When key="s" at={push.startedAt} />],
            [t('push.finished'), <When key="f" at={push.finishedAt} />],
          ]}
        />
      </Section>
      {push.state === 'done' || push.state === 'running' ? (
        <Section title={t('push.byArea')}>
          <ByArea area={push.area} day={dayOf(new Date(push.startedAt), me.zone)} />
        </Section>
      ) : null}
    </>
  )
}
