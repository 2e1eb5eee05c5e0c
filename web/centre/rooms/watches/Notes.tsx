import { OrganisedList } from '@weiwang/domain/areas/api'
import { NotePage, OpenedNote, WrittenNote } from '@weiwang/domain/teams/api'
import type { NoteView } from '@weiwang/domain/teams/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { CheckField } from '../../../kit/centre/controls.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { useFilters } from '../../filters.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'

const Filters = z.object({ only: z.literal('true'), own: z.enum(['true']), organised: OrganisedList })
const TOUCHED = ['/api/watches']

function Read({ row }: { row: NoteView }): ReactNode {
  const { t } = useTranslation('centre')
  const [text, setText] = useState<string | null>(null)
  const write = useWrite(OpenedNote, { path: `/api/watches/notes/${row.id}/open`, touches: [] })
  if (text !== null) return <span>{text}</span>
  return (
    <ConfirmAct
      quiet
      verb={t('note.open')}
      title={t('note.open')}
      write={write}
      onYes={(_, done) =>
        write.mutate(
          { purpose: 'deliver_service' },
          {
            onSuccess: (opened) => {
              setText(opened.text)
              done()
            },
          },
        )
      }
    >
      <p>{`${t('purpose')}: ${t('purpose.deliver_service')}`}</p>
    </ConfirmAct>
  )
}

function Answered({ row }: { row: NoteView }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const write = useWrite(WrittenNote, { path: `/api/watches/notes/${row.id}/answer`, touches: TOUCHED })
  if (row.answeredBy !== null)
    return (
      <>
        {row.answeredBy} <When at={row.answeredAt} />
      </>
    )
  if (row.kind !== 'help' || !may('file', 'watch', { area: row.area })) return '–'
  return (
    <ConfirmAct
      quiet
      verb={t('note.answer')}
      title={t('note.answer')}
      write={write}
      onYes={(_, done) => write.mutate({}, { onSuccess: done })}
    >
      <p>{row.watchName}</p>
    </ConfirmAct>
  )
}

/** What leaders rang, noted and asked for; the text is opened one at a time. */
export function Notes(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const list = useList(
    NotePage,
    '/api/watches/notes',
    { area: desk.area, open: filters.only, own: filters.own, organised: filters.organised },
    { every: 30_000 },
  )
  return (
    <>
      <div className="filters">
        <CheckField
          label={t('notes.only')}
          value={filters.only === 'true'}
          onChange={(v) => set({ only: v ? 'true' : null })}
        />
      </div>
      <ListTable<NoteView>
        name={t('watches.tab.notes')}
        list={list}
        rowKey={(row) => row.id}
        empty={{ why: t('notes.empty') }}
        columns={[
          { key: 'watch', title: t('watch.of'), cell: (row) => <b>{row.watchName}</b> },
          {
            key: 'door',
            title: t('watch.door'),
            cell: (row) => [row.building, row.door].filter(Boolean).join(' ') || '–',
          },
          {
            key: 'what',
            title: t('note.what'),
            cell: (row) => (
              <div>
                <WordTag strong={row.kind === 'help' && row.answeredBy === null}>{t(`noteKind.${row.kind}`)}</WordTag>
                {row.rang ? ` ${t(`rang.${row.rang}`)}` : null} {row.hasText ? <Read row={row} /> : null}
              </div>
            ),
          },
          { key: 'by', title: t('note.by'), cell: (row) => row.by },
          { key: 'when', title: t('when'), cell: (row) => <When at={row.occurredAt} /> },
          { key: 'answered', title: t('note.answered'), cell: (row) => <Answered row={row} /> },
        ]}
      />
    </>
  )
}
