import {
  ListMessages,
  MESSAGE_STATES,
  MessagePage,
  StopAnswer,
  StopStanding,
} from '@weiwang/domain/observation/reading-api'
import type { MessageRow, MessageState } from '@weiwang/domain/observation/reading-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { Act, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Notice } from '../../../kit/common/Notice.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { useFilters } from '../../filters.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { useSlotWords } from './words.ts'

type Row = z.output<typeof MessageRow>
const Filters = ListMessages.pick({ state: true, personId: true })
/** What the desk has to do something about stands out. */
const STRONG: readonly MessageState[] = ['failed', 'stopped', 'voice']
const TOUCHES = ['/api/readings']

/** Numbers that want no messages (READ-15): looked up, noted and taken back one at a time; nobody can list them. */
function StopNumbers(): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const desk = useDesk()
  const [phone, setPhone] = useState('')
  const ask = useWrite(StopStanding, { path: '/api/readings/stop/ask', touches: [] })
  const note = useWrite(StopAnswer, { path: '/api/readings/stop', touches: TOUCHES })
  if (!may('file', 'observation', { area: desk.area })) return null
  const number = phone.trim()
  const look = (): void => ask.mutate({ phone: number })
  const standing = ask.data
  const change = (stop: boolean, done: () => void): void =>
    note.mutate(
      { phone: number, stop },
      {
        onSuccess: () => {
          look()
          done()
        },
      },
    )
  return (
    <Section title={t('obs.stop')} lead={t('obs.stop.lead')}>
      <ProblemNotice error={ask.error} />
      <div className="filters">
        <TextField
          label={t('obs.stop.number')}
          value={phone}
          onChange={(text) => {
            setPhone(text)
            ask.reset()
          }}
          width={240}
        />
        <Act disabled={number.length < 5} busy={ask.isPending} onClick={look}>
          {t('obs.stop.ask')}
        </Act>
      </div>
      {standing ? (
        <Notice
          kind="note"
          head={t(standing.stopped ? 'obs.stop.yes' : 'obs.stop.no')}
          body={
            standing.stopped ? (
              <>
                {standing.how ? t(`obs.stop.how.${standing.how}`) : null} <When at={standing.at} />
              </>
            ) : null
          }
          action={
            standing.stopped ? (
              <ConfirmAct
                verb={t('obs.stop.allow')}
                title={t('obs.stop.allow')}
                write={note}
                onYes={(_, done) => change(false, done)}
              >
                <p>{t('obs.stop.allow.lead')}</p>
              </ConfirmAct>
            ) : (
              <ConfirmAct
                verb={t('obs.stop.note')}
                title={t('obs.stop.note')}
                write={note}
                onYes={(_, done) => change(true, done)}
              >
                <p>{t('obs.stop.note.lead')}</p>
              </ConfirmAct>
            )
          }
        />
      ) : null}
    </Section>
  )
}

/** What became of the reminders: one to each who answers and slot; no name and no word of health was in them (READ-14). */
export function Messages(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const slotWords = useSlotWords()
  const [filters, set] = useFilters(Filters)
  const list = useList(
    MessagePage,
    '/api/readings/messages',
    { area: desk.area, state: filters.state, personId: filters.personId },
    { every: 60_000 },
  )
  return (
    <>
      <p className="page-lead">{t('obs.messages.lead')}</p>
      <div className="filters">
        <SelectField<MessageState>
          label={t('obs.messages.state')}
          value={filters.state ?? ''}
          any={t('any')}
          onChange={(v) => set({ state: v })}
          choices={MESSAGE_STATES.map((value) => ({ value, label: t(`obs.message.${value}`) }))}
        />
      </div>
      <ListTable<Row>
        name={t('obs.tab.messages')}
        list={list}
        rowKey={(row) => row.id}
        empty={{ why: t('obs.messages.empty'), todo: t('obs.messages.empty.todo') }}
        columns={[
          {
            key: 'to',
            title: t('obs.messages.to'),
            cell: (row) => <GoLink href={paths.person(row.personId)}>{row.masked || t('obs.deleted')}</GoLink>,
          },
          { key: 'slot', title: t('obs.r.slot'), cell: slotWords },
          {
            key: 'state',
            title: t('state'),
            cell: (row) => <WordTag strong={STRONG.includes(row.state)}>{t(`obs.message.${row.state}`)}</WordTag>,
          },
          { key: 'persons', title: t('obs.messages.persons'), cell: (row) => row.persons },
          { key: 'tries', title: t('obs.messages.tries'), cell: (row) => row.tries },
          { key: 'sent', title: t('obs.messages.sent'), cell: (row) => <When at={row.sentAt} /> },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
        ]}
      />
      <StopNumbers />
    </>
  )
}
