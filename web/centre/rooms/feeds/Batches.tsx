import { pageOf } from '@weiwang/domain/core/page'
import { BATCH_STATES, Batch } from '@weiwang/domain/feeds/api'
import type { BatchState } from '@weiwang/domain/feeds/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { Act, CheckField } from '../../../kit/centre/controls.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { dayWords } from '../../../words/time.ts'
import type { SetFilters } from '../../filters.ts'
import { useGo } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { StateFilter } from '../../parts/StateFilter.tsx'
import { paths } from '../../paths.ts'

const Page = pageOf(Batch)

export function Batches({
  state,
  feed,
  onlyRejects,
  since,
  set,
}: {
  state: BatchState | undefined
  feed: string | undefined
  onlyRejects: boolean
  since: string | undefined
  set: SetFilters
}): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const go = useGo()
  const clock = useClock()
  const query = { state, feedId: feed, since, ...(onlyRejects ? { rejects: true } : {}) }
  const list = useList(Page, '/api/batches', query, { every: 10_000 })
  return (
    <>
      <div className="filters">
        <StateFilter
          value={state}
          states={BATCH_STATES}
          word={(one) => t(`batchState.${one}`)}
          onChange={(v) => set({ state: v })}
        />
        <CheckField
          label={t('batches.onlyRejects')}
          value={onlyRejects}
          onChange={(v) => set({ rejects: v ? '1' : null })}
        />
        {since ? <span>{t('batches.since', { day: dayWords(since, clock) })}</span> : null}
        {feed || since ? <Act onClick={() => set({ feed: null, since: null })}>{c('act.clear')}</Act> : null}
      </div>
      <ListTable<Batch>
        name={t('feeds.tab.batches')}
        list={list}
        rowKey={(row) => row.id}
        onOpen={(row) => go(paths.batch(row.id))}
        empty={
          onlyRejects || state || feed || since
            ? { why: t('batches.none'), todo: t('fits.todo') }
            : { why: t('batches.empty'), todo: t('batches.empty.todo') }
        }
        columns={[
          { key: 'received', title: t('batch.received'), cell: (row) => <When at={row.receivedAt} /> },
          { key: 'feed', title: t('feed.source'), cell: (row) => <b>{say(row.feedName)}</b> },
          { key: 'file', title: t('batch.file'), cell: (row) => row.fileName },
          {
            key: 'state',
            title: t('state'),
            cell: (row) => <WordTag strong={row.state === 'failed'}>{t(`batchState.${row.state}`)}</WordTag>,
          },
          { key: 'rows', title: t('batch.rows'), end: true, cell: (row) => grouped(row.rows) },
          { key: 'accepted', title: t('accepted'), end: true, cell: (row) => grouped(row.accepted) },
          { key: 'unchanged', title: t('unchanged'), end: true, cell: (row) => grouped(row.unchanged) },
          {
            key: 'rejected',
            title: t('rejected'),
            end: true,
            cell: (row) => (row.rejected > 0 ? <b>{grouped(row.rejected)}</b> : '0'),
          },
        ]}
      />
    </>
  )
}
