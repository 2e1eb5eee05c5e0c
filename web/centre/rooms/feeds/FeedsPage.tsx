import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { isDay } from '@weiwang/domain/core/day'
import { BATCH_STATES } from '@weiwang/domain/feeds/api'
import { Sheets } from '../../../kit/centre/controls.tsx'
import { Page } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useMay, useMe } from '../../../session/me.ts'
import { useFilters } from '../../filters.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { Batches } from './Batches.tsx'
import { Sources } from './Sources.tsx'
import { UploadBatch } from './UploadBatch.tsx'

const Filters = z.object({
  tab: z.enum(['sources', 'batches']),
  state: z.enum(BATCH_STATES),
  feed: z.string(),
  rejects: z.enum(['1']),
  since: z.string().refine(isDay),
  red: z.enum(['proposed']),
  open: z.string(),
})

export function FeedsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const me = useMe()
  const may = useMay()
  const [filters, set] = useFilters(Filters)
  const tab = filters.tab ?? 'sources'
  return (
    <Page
      title={t('room.feeds')}
      lead={t('feeds.lead')}
      acts={may('file', 'batch') ? <UploadBatch feed={filters.feed} /> : null}
    >
      {me.emergency ? null : (
        <Notice
          kind="note"
          head={t('feeds.noEmergency')}
          body={<GoLink href={paths.emergency()}>{t('feeds.noEmergency.go')}</GoLink>}
        />
      )}
      <Sheets
        value={tab}
        onChange={(key) => set({ tab: key, state: null, rejects: null, since: null })}
        sheets={[
          { key: 'sources', label: t('feeds.tab.sources') },
          { key: 'batches', label: t('feeds.tab.batches') },
        ]}
      />
      {tab === 'sources' ? (
        <Sources
          open={filters.open}
          onlyAsked={filters.red === 'proposed'}
          onAsked={(only) => set({ red: only ? 'proposed' : null })}
          onOpen={(id) => set({ open: id }, { push: true })}
        />
      ) : (
        <Batches
          state={filters.state}
          feed={filters.feed}
          onlyRejects={filters.rejects === '1'}
          since={filters.since}
          set={set}
        />
      )}
    </Page>
  )
}
