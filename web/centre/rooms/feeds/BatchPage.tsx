import { pageOf } from '@weiwang/domain/core/page'
import { Batch, Reject } from '@weiwang/domain/feeds/api'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { q, useList, useWrite } from '../../../api/query.ts'
import { withQuery } from '../../../api/http.ts'
import { useJoin, useLang, useSay } from '../../../i18n/setup.ts'
import { Act } from '../../../kit/centre/controls.tsx'
import { Facts, Page, Section } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { bytes, grouped } from '../../../words/numbers.ts'
import { timeWords } from '../../../words/time.ts'
import { useFilters } from '../../filters.ts'
import { Anything } from '../../parts/anything.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { JobProgress } from '../../parts/JobProgress.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'

const Rejects = pageOf(Reject)
/** `again`: the same file was just sent once more (FEED-17). */
const Filters = z.object({ again: z.enum(['true']) })
const WORKING: readonly string[] = ['received', 'loading', 'withdrawing']
const TOUCHES = ['/api/batches', '/api/feeds', '/api/graded', '/api/stats', '/api/tasks']

function Report({ batch }: { batch: Batch }): ReactNode {
  const { t } = useTranslation('centre')
  const numbers = [
    ['batch.rows', batch.rows],
    ['accepted', batch.accepted],
    ['unchanged', batch.unchanged],
    ['rejected', batch.rejected],
    ...(batch.denied > 0 ? ([['batch.denied', batch.denied]] as const) : []),
  ] as const
  return (
    <div className="figures">
      {numbers.map(([key, n]) => (
        <div className="figure" key={key}>
          <span className="figure-label">{t(key)}</span>
          <span className="figure-number">{grouped(n)}</span>
        </div>
      ))}
    </div>
  )
}

function Read({ batch }: { batch: Batch }): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const { reading } = batch
  if (!reading) return null
  return (
    <Section title={t('batch.reading')} lead={t('batch.reading.lead')}>
      <Facts
        rows={[
          [
            t('batch.format'),
            [
              reading.format === 'rows' ? t('batch.format.rows') : reading.format.toUpperCase(),
              reading.encoding?.toUpperCase(),
              reading.separator ? `“${reading.separator === '\t' ? '⇥' : reading.separator}”` : null,
              reading.sheet,
            ]
              .filter(Boolean)
              .join(' · '),
          ],
          reading.headerRow === null ? null : [t('batch.header'), t('batch.header.row', { n: reading.headerRow })],
          [
            t('feed.columns'),
            join(
              reading.columns.map((c) => `${c.header} → ${t(`meaning.${c.meaning}`)}`),
              'clauses',
            ),
          ],
          [t('batch.ignored'), join(reading.ignored) || '–'],
        ]}
      />
    </Section>
  )
}

export function BatchPage(): ReactNode {
  const clock = useClock()
  const [filters] = useFilters(Filters)
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const lang = useLang()
  const may = useMay()
  const { id = '' } = useParams({ strict: false })
  const answer = useQuery({
    ...q(Batch, `/api/batches/${id}`),
    refetchInterval: (query) => (query.state.data && WORKING.includes(query.state.data.state) ? 1_000 : false),
  })
  const rejects = useList(Rejects, `/api/batches/${id}/rejects`, {}, { enabled: (answer.data?.rejected ?? 0) > 0 })
  const withdraw = useWrite(Batch, { path: `/api/batches/${id}/withdraw`, touches: TOUCHES })
  const resume = useWrite(Anything, { path: `/api/batches/${id}/resume`, touches: TOUCHES })
  if (answer.error)
    return (
      <Page title={t('batch')}>
        <ReadProblem error={answer.error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
      </Page>
    )
  if (!answer.data) return <Loading />
  const batch = answer.data
  const mayWithdraw =
    (may('propose', 'batch', { area: batch.area }) || may('revoke', 'batch', { area: batch.area })) &&
    (batch.state === 'loaded' || batch.state === 'failed')
  return (
    <Page
      title={`${say(batch.feedName)} · ${batch.fileName}`}
      lead={t('batch.lead')}
      acts={
        <>
          <GoLink className="plain" href={paths.feeds({ tab: 'batches' })}>
            {t('feeds.tab.batches')}
          </GoLink>
          {batch.state === 'failed' ? (
            <Act primary busy={resume.isPending} onClick={() => resume.mutate({})}>
              {t('batch.resume')}
            </Act>
          ) : null}
          {mayWithdraw ? (
            <ConfirmAct
              verb={t('batch.withdraw')}
              title={t('batch.withdraw')}
              reason={t('reason')}
              write={withdraw}
              onYes={(reason, done) => withdraw.mutate({ reason }, { onSuccess: done })}
            >
              <p className="consequence">{t('batch.withdraw.will', { n: grouped(batch.accepted) })}</p>
              <p>{t('batch.withdraw.more')}</p>
            </ConfirmAct>
          ) : null}
        </>
      }
    >
      <p>
        <WordTag strong={batch.state === 'failed'}>{t(`batchState.${batch.state}`)}</WordTag>
      </p>
      {batch.error ? (
        <Notice kind="fault" head={say(batch.error.message)} body={say(batch.error.remedy)} small={batch.error.rule} />
      ) : null}
      {batch.jobId && WORKING.includes(batch.state) ? <JobProgress id={batch.jobId} touches={TOUCHES} /> : null}
      {filters.again ? (
        <Notice
          takesFocus
          kind="note"
          head={t('batch.again')}
          body={t('batch.again.body', { at: timeWords(new Date(batch.receivedAt), clock) })}
        />
      ) : null}
      <Report batch={batch} />
      {batch.state === 'loaded' && batch.accepted === 0 && batch.rejected === 0 && batch.unchanged > 0 ? (
        <Notice
          kind="note"
          head={t('batch.nothingNew')}
          body={t('batch.nothingNew.body', { n: grouped(batch.unchanged) })}
        />
      ) : null}
      {batch.denied > 0 ? (
        <Notice kind="note" head={t('batch.denied')} body={t('batch.denied.body', { n: grouped(batch.denied) })} />
      ) : null}
      <Section title={t('batch.about')}>
        <Facts
          rows={[
            [t('batch.received'), <When key="r" at={batch.receivedAt} />],
            [t('batch.finished'), <When key="f" at={batch.finishedAt} />],
            [t('batch.size'), bytes(batch.bytes)],
            batch.withdrawnAt ? [t('batch.withdrawn'), <When key="w" at={batch.withdrawnAt} />] : null,
            batch.withdrawReason ? [t('reason'), batch.withdrawReason] : null,
          ]}
        />
      </Section>
      {batch.rejected > 0 ? (
        <Section
          title={t('batch.rejects')}
          lead={t('batch.rejects.lead')}
          acts={
            <a className="plain" href={withQuery(`/api/batches/${id}/rejects.csv`, { lang })} download>
              {t('batch.rejects.file')}
            </a>
          }
        >
          <ListTable<Reject>
            name={t('batch.rejects')}
            list={rejects}
            rowKey={(row) => `${row.row}${row.column}${row.code}`}
            empty={{ why: t('batch.rejects.none') }}
            columns={[
              { key: 'row', title: t('row'), end: true, width: 72, cell: (row) => grouped(row.row) },
              { key: 'column', title: t('column'), cell: (row) => row.column },
              { key: 'value', title: t('value'), cell: (row) => row.value ?? '–' },
              { key: 'reason', title: t('reason'), cell: (row) => say(row.reason) },
              { key: 'remedy', title: t('remedy'), cell: (row) => say(row.remedy) },
              { key: 'rule', title: t('rule'), cell: (row) => row.rule },
            ]}
          />
        </Section>
      ) : null}
      <Read batch={batch} />
    </Page>
  )
}
