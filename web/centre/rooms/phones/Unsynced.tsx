import { UnsyncedPage } from '@weiwang/domain/sync/phones'
import type { UnsyncedRow } from '@weiwang/domain/sync/phones'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList } from '../../../api/query.ts'
import { DayField } from '../../../kit/centre/controls.tsx'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { useFilters } from '../../filters.ts'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'

const Filters = z.object({ since: z.iso.date() })

/** Case 6: whoever never gets through stands here, with how long it was tried. */
export function Unsynced(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const since = filters.since ?? desk.today
  const list = useList(UnsyncedPage, '/api/sync/unsynced', { since, area: desk.area })
  return (
    <>
      <p>{t('unsynced.lead')}</p>
      <div className="filters">
        <DayField label={t('unsynced.since')} value={since} max={desk.today} onChange={(v) => set({ since: v })} />
      </div>
      <ListTable<UnsyncedRow>
        name={t('phones.tab.unsynced')}
        list={list}
        rowKey={(row) => row.account.id}
        empty={{ why: t('unsynced.empty') }}
        columns={[
          { key: 'worker', title: t('phone.worker'), cell: (row) => <b>{row.account.name}</b> },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          { key: 'phones', title: t('unsynced.phones'), end: true, cell: (row) => grouped(row.phones) },
          {
            key: 'synced',
            title: t('phone.synced'),
            cell: (row) => (row.syncedAt ? <When at={row.syncedAt} /> : t('phone.never')),
          },
          { key: 'contact', title: t('phone.contact'), cell: (row) => <When at={row.contactAt} /> },
          { key: 'tries', title: t('unsynced.tries'), end: true, cell: (row) => grouped(row.tries) },
          {
            key: 'longest',
            title: t('unsynced.longest'),
            end: true,
            cell: (row) =>
              row.tries === 0 ? '–' : t('unsynced.minutes', { minutes: Math.ceil(row.longestMs / 60_000) }),
          },
          {
            key: 'bytes',
            title: t('unsynced.bytes'),
            end: true,
            cell: (row) => (row.tries === 0 ? '–' : `${grouped(Math.ceil(row.bytes / 1024))} KB`),
          },
        ]}
      />
    </>
  )
}
