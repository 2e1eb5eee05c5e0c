import { OrganisedList } from '@weiwang/domain/areas/api'
import { addDays } from '@weiwang/domain/core/day'
import type { Body } from '@weiwang/domain/teams/force'
import { BODIES } from '@weiwang/domain/teams/force'
import {
  ATTACHMENT_LISTS,
  AttachmentPage,
  EndedAttachment,
  ForceDone,
  HandoverPage,
} from '@weiwang/domain/teams/force-api'
import type { AttachmentView, HandoverView } from '@weiwang/domain/teams/force-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { DayField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { grouped } from '../../../words/numbers.ts'
import { spanWords } from '../../../words/time.ts'
import { useFilters } from '../../filters.ts'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { FORCES_TOUCHED, PersonPick } from './words.tsx'
import type { Person } from './words.tsx'

const Filters = z.object({
  list: z.enum(ATTACHMENT_LISTS),
  body: z.enum(BODIES),
  own: z.enum(['true']),
  organised: OrganisedList,
})
const USUAL_DAYS = 30

function Assign(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [id, setId] = useState(() => crypto.randomUUID())
  const [person, setPerson] = useState<Person | null>(null)
  const [area, setArea] = useState<Chosen | null>(null)
  const [body, setBody] = useState<Body>('police')
  const [bodyName, setBodyName] = useState('')
  const [from, setFrom] = useState(desk.today)
  const [to, setTo] = useState(addDays(desk.today, USUAL_DAYS))
  const write = useWrite(ForceDone, { path: '/api/forces/attachments', touches: FORCES_TOUCHED })
  return (
    <ConfirmAct
      primary
      verb={t('assigned.add')}
      title={t('assigned.add')}
      write={write}
      ready={person !== null && area !== null && bodyName.trim() !== ''}
      onYes={(_, done) =>
        write.mutate(
          { id, accountId: person?.id ?? '', area: area?.code ?? '', body, bodyName: bodyName.trim(), from, to },
          {
            onSuccess: () => {
              setId(crypto.randomUUID())
              setPerson(null)
              done()
            },
          },
        )
      }
    >
      <div className="form">
        <PersonPick label={t('assigned.person')} help={t('assigned.person.help')} value={person} onChange={setPerson} />
        <AreaPick label={t('forces.area')} value={area} onChange={setArea} within={desk.area} />
        <div className="form-row">
          <SelectField<Body>
            label={t('forces.body')}
            value={body}
            onChange={(v) => setBody(v === '' ? 'police' : v)}
            choices={BODIES.map((one) => ({ value: one, label: t(`body.${one}`) }))}
          />
          <TextField label={t('assigned.bodyName')} value={bodyName} onChange={setBodyName} />
        </div>
        <div className="form-row">
          <DayField label={t('day.from')} value={from} onChange={setFrom} />
          <DayField label={t('day.last')} value={to} min={from} onChange={setTo} />
        </div>
      </div>
    </ConfirmAct>
  )
}

function End({ row }: { row: AttachmentView }): ReactNode {
  const { t } = useTranslation('centre')
  const [lastDay, setLastDay] = useState(row.to)
  const [successor, setSuccessor] = useState<Person | null>(null)
  const write = useWrite(EndedAttachment, { path: `/api/forces/attachments/${row.id}/end`, touches: FORCES_TOUCHED })
  return (
    <ConfirmAct
      quiet
      verb={t('assigned.end')}
      title={`${t('assigned.end')} · ${row.name}`}
      reason={t('reason')}
      write={write}
      onYes={(reason, done) =>
        write.mutate({ lastDay, successorId: successor?.id ?? null, reason }, { onSuccess: done })
      }
    >
      <p>{t('assigned.end.what', { n: grouped(row.open) })}</p>
      <DayField label={t('day.last')} value={lastDay} max={row.to} onChange={setLastDay} />
      <PersonPick
        label={t('assigned.successor')}
        help={t('assigned.successor.none')}
        value={successor}
        onChange={setSuccessor}
      />
    </ConfirmAct>
  )
}

function Settle({ row }: { row: HandoverView }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(ForceDone, { path: `/api/forces/handovers/${row.id}/settle`, touches: FORCES_TOUCHED })
  return (
    <ConfirmAct
      quiet
      verb={t('handed.settle')}
      title={t('handed.settle')}
      write={write}
      onYes={(_, done) => write.mutate({}, { onSuccess: done })}
    >
      <p>{t('handed.settle.what')}</p>
    </ConfirmAct>
  )
}

export function Assigned(): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const may = useMay()
  const desk = useDesk()
  const [filters, set] = useFilters(Filters)
  const list = useList(AttachmentPage, '/api/forces/attachments', { ...filters, area: desk.area })
  const handed = useList(HandoverPage, '/api/forces/handovers', { area: desk.area })
  const files = may('file', 'force')
  return (
    <>
      <div className="filters">
        <SelectField
          label={t('forces.list')}
          value={filters.list ?? 'now'}
          onChange={(v) => set({ list: v === 'now' ? null : v })}
          choices={ATTACHMENT_LISTS.map((one) => ({ value: one, label: t(`assigned.list.${one}`) }))}
          width={160}
        />
        <SelectField
          label={t('forces.body')}
          value={filters.body ?? ''}
          any={t('forces.any')}
          onChange={(v) => set({ body: v })}
          choices={BODIES.map((one) => ({ value: one, label: t(`body.${one}`) }))}
          width={140}
        />
        {files ? <Assign /> : null}
      </div>
      <ListTable<AttachmentView>
        name={t('forces.tab.assigned')}
        list={list}
        rowKey={(row) => row.id}
        empty={{ why: t('assigned.empty'), todo: t('assigned.empty.todo') }}
        columns={[
          { key: 'name', title: t('forces.name'), cell: (row) => <b>{row.name}</b> },
          { key: 'body', title: t('forces.body'), cell: (row) => `${t(`body.${row.body}`)} · ${row.bodyName}` },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          { key: 'days', title: t('assigned.days'), cell: (row) => spanWords(row.from, row.to, clock) },
          { key: 'open', title: t('assigned.open'), end: true, cell: (row) => grouped(row.open) },
          { key: 'successor', title: t('assigned.successor'), cell: (row) => row.successor ?? '–' },
          { key: 'act', title: t('act'), cell: (row) => (files ? <End row={row} /> : '–') },
        ]}
      />
      <Section title={t('handed.title')}>
        <ListTable<HandoverView>
          name={t('handed.title')}
          list={handed}
          rowKey={(row) => row.id}
          empty={{ why: t('handed.empty') }}
          columns={[
            { key: 'thing', title: t('handed.thing'), cell: (row) => <b>{t(`handed.${row.thing}`)}</b> },
            { key: 'area', title: t('area'), cell: (row) => row.areaName },
            { key: 'from', title: t('handed.from'), cell: (row) => row.from },
            { key: 'to', title: t('handed.to'), cell: (row) => row.to ?? t('handed.desk') },
            {
              key: 'state',
              title: t('state'),
              cell: (row) => (
                <WordTag strong={!row.settled}>{row.settled ? t('handed.settled') : t('handed.waits')}</WordTag>
              ),
            },
            { key: 'act', title: t('act'), cell: (row) => (files ? <Settle row={row} /> : '–') },
          ]}
        />
      </Section>
    </>
  )
}
