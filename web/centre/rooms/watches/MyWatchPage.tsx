import { MyWatches, WrittenNote } from '@weiwang/domain/teams/api'
import type { MyWatch } from '@weiwang/domain/teams/api'
import { RANG } from '@weiwang/domain/teams/watch'
import type { Rang } from '@weiwang/domain/teams/watch'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { Act, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Page, Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'

type Door = MyWatch['doors'][number]
const TOUCHED = ['/api/watches/mine']

function useNote() {
  const write = useWrite(WrittenNote, { path: '/api/watches/notes', touches: TOUCHED })
  // One id for what is written once, however often it has to be sent.
  const [id, setId] = useState(() => crypto.randomUUID())
  return {
    write,
    send: (note: object, done: () => void) =>
      write.mutate(
        { id, rang: null, text: '', ...note },
        {
          onSuccess: () => {
            setId(crypto.randomUUID())
            done()
          },
        },
      ),
  }
}

function Rung({ watch, door }: { watch: MyWatch; door: Door }): ReactNode {
  const { t } = useTranslation('centre')
  const [rang, setRang] = useState<Rang>('well')
  const [text, setText] = useState('')
  const { write, send } = useNote()
  return (
    <ConfirmAct
      verb={t('myWatch.rang')}
      title={[door.building, door.door].filter(Boolean).join(' ')}
      write={write}
      onYes={(_, done) =>
        send({ watchId: watch.id, householdId: door.householdId, kind: 'rang', rang, text: text.trim() }, () => {
          setText('')
          done()
        })
      }
    >
      <div className="form">
        <SelectField
          label={t('myWatch.how')}
          value={rang}
          onChange={(v) => setRang(v === '' ? 'well' : v)}
          choices={RANG.map((one) => ({ value: one, label: t(`rang.${one}`) }))}
        />
        <TextField long label={t('myWatch.text')} value={text} onChange={setText} />
      </div>
    </ConfirmAct>
  )
}

function AskHelp({ watch, door }: { watch: MyWatch; door: Door | null }): ReactNode {
  const { t } = useTranslation('centre')
  const { write, send } = useNote()
  return (
    <ConfirmAct
      verb={t('myWatch.help')}
      title={t('myWatch.help')}
      reason={t('myWatch.help.text')}
      write={write}
      onYes={(text, done) =>
        send({ watchId: watch.id, householdId: door?.householdId ?? null, kind: 'help', text }, done)
      }
    />
  )
}

function One({ watch }: { watch: MyWatch }): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  return (
    <Section title={watch.name} lead={t(`watchKind.${watch.kind}`)} acts={<AskHelp watch={watch} door={null} />}>
      <DataTable<Door>
        name={watch.name}
        rows={watch.doors}
        rowKey={(row) => row.householdId}
        busy={false}
        totalText={c('total', { total: watch.doors.length })}
        empty={<Empty why={t('none')} />}
        columns={[
          {
            key: 'door',
            title: t('watch.door'),
            cell: (row) => <b>{[row.building, row.door].filter(Boolean).join(' ') || '–'}</b>,
          },
          { key: 'people', title: t('watch.nPeople'), cell: (row) => t('myWatch.members', { n: row.members }) },
          {
            key: 'help',
            title: t('watch.help'),
            cell: (row) => (row.help ? <WordTag strong>{t('watch.needs')}</WordTag> : '–'),
          },
          {
            key: 'act',
            title: t('act'),
            cell: (row) => (
              <div>
                <Rung watch={watch} door={row} /> <AskHelp watch={watch} door={row} />
              </div>
            ),
          },
        ]}
      />
    </Section>
  )
}

/** The watch leader's page: my doors, ring and note, ask for help. Nothing else is known here (WATCH-7). */
export function MyWatchPage(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const answer = useQuery({ ...q(MyWatches, '/api/watches/mine'), refetchInterval: 60_000 })
  return (
    <Page title={t('room.myWatch')} lead={t('myWatch.lead')}>
      {answer.error ? (
        <ReadProblem error={answer.error} again={<Act onClick={() => void answer.refetch()}>{c('act.retry')}</Act>} />
      ) : null}
      {!answer.data && !answer.error ? <Loading /> : null}
      {answer.data?.items.length === 0 ? <Empty why={t('myWatch.none')} todo={t('myWatch.none.todo')} /> : null}
      {answer.data?.items.map((watch) => (
        <One key={watch.id} watch={watch} />
      ))}
    </Page>
  )
}
