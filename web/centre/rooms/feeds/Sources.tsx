import { pageOf } from '@weiwang/domain/core/page'
import { Feed, Precision } from '@weiwang/domain/feeds/api'
import { addDays } from '@weiwang/domain/core/day'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useList } from '../../../api/query.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { CheckField } from '../../../kit/centre/controls.tsx'
import { Facts, Section, SidePanel } from '../../../kit/centre/surfaces.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMe } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { grouped, percent } from '../../../words/numbers.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { SourceActs } from './SourceActs.tsx'
import { AddSource } from './AddSource.tsx'

const Feeds = pageOf(Feed)
const FORTNIGHT = -13

function useBounds(): (bounds: Feed['bounds']) => string {
  const { t } = useTranslation('centre')
  const join = useJoin()
  return (b) =>
    join(
      [
        b.dwellMinutes === undefined ? '' : t('bounds.dwell', { n: b.dwellMinutes }),
        b.borderRoaming ? t('bounds.border') : '',
        b.clockSkewMinutes === undefined ? '' : t('bounds.skew', { n: b.clockSkewMinutes }),
      ].filter((text) => text !== ''),
      'clauses',
    ) || t('bounds.none')
}

function PrecisionOf({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const me = useMe()
  const answer = useQuery(
    q(Precision, `/api/feeds/${id}/precision`, { from: addDays(me.today, FORTNIGHT), to: me.today }),
  )
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const { answered, wrong, precision, days } = answer.data
  return (
    <>
      <p>
        {t('precision.line', {
          answered: grouped(answered),
          wrong: grouped(wrong),
          precision: precision === null ? t('precision.none') : percent(Math.round(precision * 1000), 1000),
        })}
      </p>
      <DataTable
        name={t('figures.precision')}
        rows={days}
        rowKey={(row) => row.day}
        busy={answer.isFetching}
        totalText=""
        empty={<Empty why={t('figures.noAnswers')} />}
        columns={[
          { key: 'day', title: t('day'), cell: (row) => row.day },
          { key: 'answered', title: t('figures.answered'), end: true, cell: (row) => grouped(row.answered) },
          { key: 'wrong', title: t('figures.wrong'), end: true, cell: (row) => grouped(row.wrong) },
          {
            key: 'precision',
            title: t('figures.precision'),
            end: true,
            cell: (row) => (row.precision === null ? '–' : percent(Math.round(row.precision * 1000), 1000)),
          },
        ]}
      />
    </>
  )
}

function SourcePanel({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const bounds = useBounds()
  const answer = useQuery(q(Feed, `/api/feeds/${id}`))
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const feed = answer.data
  return (
    <>
      <h2 style={{ marginTop: 0 }}>{say(feed.name)}</h2>
      <Facts
        rows={[
          [t('feed.owner'), feed.owner],
          [t('feed.purpose'), say(feed.purpose)],
          [t('feed.kind'), t(`feedKind.${feed.kind}`)],
          [t('feed.bounds'), bounds(feed.bounds)],
          [t('feed.red'), t(`feedRed.${feed.red}`)],
          [t('state'), t(`feedState.${feed.state}`)],
          [t('feed.key'), feed.hasKey ? t('feed.key.held') : t('feed.key.none')],
          [
            t('feed.batches'),
            <GoLink key="b" href={paths.feeds({ tab: 'batches', feed: feed.id })}>
              {grouped(feed.batches)}
            </GoLink>,
          ],
        ]}
      />
      <Section title={t('act')}>
        <SourceActs feed={feed} />
      </Section>
      <Section title={t('feed.columns')} lead={t('feed.columns.lead')}>
        <Facts
          rows={feed.mapping.columns.map(
            (column) =>
              [
                t(`meaning.${column.meaning}`),
                `${column.headers.join(' / ')}${column.required ? ` · ${t('required')}` : ''}`,
              ] as const,
          )}
        />
      </Section>
      <Section title={t('figures.precision')} lead={t('figures.sources.lead')}>
        <PrecisionOf id={id} />
      </Section>
    </>
  )
}

export function Sources({
  open,
  onlyAsked,
  onAsked,
  onOpen,
}: {
  open: string | undefined
  /** Only sources whose right to give red waits for somebody outside. */
  onlyAsked: boolean
  onAsked: (only: boolean) => void
  onOpen: (id: string | null) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const bounds = useBounds()
  const list = useList(Feeds, '/api/feeds', onlyAsked ? { red: 'proposed' } : {})
  return (
    <>
      <div className="filters">
        <CheckField label={t('feeds.onlyAsked')} value={onlyAsked} onChange={onAsked} />
      </div>
      <ListTable<Feed>
        name={t('feeds.tab.sources')}
        list={list}
        rowKey={(row) => row.id}
        openKey={open}
        onOpen={(row) => onOpen(row.id)}
        empty={onlyAsked ? { why: t('feeds.noneAsked') } : { why: t('feeds.empty'), todo: t('feeds.empty.todo') }}
        columns={[
          { key: 'name', title: t('feed.source'), cell: (row) => <b>{say(row.name)}</b> },
          { key: 'owner', title: t('feed.owner'), cell: (row) => row.owner },
          { key: 'purpose', title: t('feed.purpose'), cell: (row) => say(row.purpose), width: 260 },
          { key: 'bounds', title: t('feed.bounds'), cell: (row) => bounds(row.bounds), width: 200 },
          {
            key: 'red',
            title: t('feed.red'),
            cell: (row) => <WordTag strong={row.red === 'proposed'}>{t(`feedRed.${row.red}`)}</WordTag>,
          },
          { key: 'state', title: t('state'), cell: (row) => t(`feedState.${row.state}`) },
          {
            key: 'batches',
            title: t('feed.batches'),
            end: true,
            cell: (row) => <GoLink href={paths.feeds({ tab: 'batches', feed: row.id })}>{grouped(row.batches)}</GoLink>,
          },
          { key: 'last', title: t('feed.last'), cell: (row) => <When at={row.lastBatchAt} /> },
        ]}
      />
      <AddSource />
      <SidePanel title={t('feed.source')} open={open !== undefined} onClose={() => onOpen(null)} wide>
        {open ? <SourcePanel id={open} /> : null}
      </SidePanel>
    </>
  )
}
