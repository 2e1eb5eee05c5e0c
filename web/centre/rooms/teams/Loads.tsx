import { HandedOver, LeaveAnswer, LoadsPage, TeamState } from '@weiwang/domain/teams/api'
import type { LoadView } from '@weiwang/domain/teams/api'
import { TEAM_ROLES } from '@weiwang/domain/teams/template'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { useJoin } from '../../../i18n/setup.ts'
import { Act, DayField, NumberField, SelectField } from '../../../kit/centre/controls.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { spanWords } from '../../../words/time.ts'
import { useFilters } from '../../filters.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { paths } from '../../paths.ts'
import { FillReport } from './FillReport.tsx'
import { TEAM_LISTS_TOUCHED, useRole } from './words.ts'

const Filters = z.object({ role: z.enum(TEAM_ROLES), away: z.literal('true') })

/** What a leave or a handing over does, door by door in sums. */
export function PassReport({ answer, more }: { answer: LeaveAnswer; more?: string }): ReactNode {
  const { t } = useTranslation('centre')
  return (
    <>
      <FillReport
        head={t('leave.result', { doors: grouped(answer.doors), covered: grouped(answer.covered) })}
        answer={answer}
      />
      <ul className="plain-list">
        {answer.by.map((one) => (
          <li key={one.accountId}>{t('leave.by', { name: one.name, n: one.doors, load: one.load })}</li>
        ))}
        {more ? <li>{more}</li> : null}
      </ul>
    </>
  )
}

/** Colleagues of the same roles, for a first choice. */
function useColleagues(row: LoadView): { value: string; label: string }[] {
  const desk = useDesk()
  const role = row.roles[0]
  const list = useList(
    LoadsPage,
    '/api/teams/loads',
    { area: desk.area, role, limit: 200 },
    { enabled: role !== undefined },
  )
  return list.rows
    .filter((one) => one.accountId !== row.accountId && one.leave === null)
    .map((one) => ({ value: one.accountId, label: `${one.name} · ${one.load}` }))
}

function Leave({ row, onDone }: { row: LoadView; onDone: (answer: LeaveAnswer) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [from, setFrom] = useState(desk.today)
  const [to, setTo] = useState('')
  const [standIn, setStandIn] = useState('')
  const [seen, setSeen] = useState<LeaveAnswer | null>(null)
  const colleagues = useColleagues(row)
  const preview = useWrite(LeaveAnswer, { path: '/api/teams/leaves/preview', touches: [] })
  const write = useWrite(LeaveAnswer, { path: '/api/teams/leaves', touches: TEAM_LISTS_TOUCHED })
  const [id] = useState(() => crypto.randomUUID())
  const body = { accountId: row.accountId, from, to: to === '' ? null : to, standIn: standIn === '' ? null : standIn }
  const changed =
    <T,>(change: (value: T) => void): ((value: T) => void) =>
    (value) => {
      setSeen(null)
      change(value)
    }
  return (
    <ConfirmAct
      quiet
      verb={t('leave.take')}
      title={t('leave.title', { name: row.name })}
      write={write}
      ready={seen !== null}
      onYes={(_, done) =>
        write.mutate(
          { id, ...body },
          {
            onSuccess: (answer) => {
              onDone(answer)
              done()
            },
          },
        )
      }
    >
      <div className="form">
        <ProblemNotice error={preview.error} />
        <div className="form-row">
          <DayField label={t('day.from')} value={from} min={desk.today} onChange={changed(setFrom)} />
          <DayField label={t('day.last')} value={to} min={from} onChange={changed(setTo)} />
        </div>
        <SelectField
          label={t('leave.standIn')}
          help={t('leave.standIn.help')}
          any={t('handover.doors.share')}
          value={standIn}
          onChange={changed(setStandIn)}
          choices={colleagues}
        />
        <Act busy={preview.isPending} onClick={() => preview.mutate(body, { onSuccess: setSeen })}>
          {t('leave.preview')}
        </Act>
        {seen ? <PassReport answer={seen} /> : null}
      </div>
    </ConfirmAct>
  )
}

function HandOver({ row, onDone }: { row: LoadView; onDone: (answer: HandedOverAnswer) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const [to, setTo] = useState('')
  const colleagues = useColleagues(row)
  const write = useWrite(HandedOver, { path: '/api/teams/hand-over', touches: TEAM_LISTS_TOUCHED })
  return (
    <ConfirmAct
      quiet
      verb={t('handover.doors')}
      title={t('handover.doors.title', { name: row.name, n: row.load })}
      reason={t('reason')}
      write={write}
      disabled={row.load === 0}
      onYes={(reason, done) =>
        write.mutate(
          { from: row.accountId, to: to === '' ? null : to, reason },
          {
            onSuccess: (answer) => {
              onDone(answer)
              done()
            },
          },
        )
      }
    >
      <SelectField
        label={t('handover.doors.to')}
        any={t('handover.doors.share')}
        value={to}
        onChange={setTo}
        choices={colleagues}
      />
    </ConfirmAct>
  )
}

type HandedOverAnswer = z.output<typeof HandedOver>

function Cap({ row }: { row: LoadView }): ReactNode {
  const { t } = useTranslation('centre')
  const [cap, setCap] = useState<number | null>(row.ownCap)
  const write = useWrite(TeamState, { path: '/api/teams/caps', touches: TEAM_LISTS_TOUCHED })
  return (
    <ConfirmAct
      quiet
      verb={t('cap.set')}
      title={t('cap.title', { name: row.name })}
      write={write}
      onYes={(_, done) => write.mutate({ accountId: row.accountId, cap }, { onSuccess: done })}
    >
      <NumberField label={t('load.cap')} help={t('cap.help')} value={cap} min={0} max={500} onChange={setCap} />
    </ConfirmAct>
  )
}

export function Loads(): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const clock = useClock()
  const desk = useDesk()
  const may = useMay()
  const role = useRole()
  const [filters, set] = useFilters(Filters)
  const [left, setLeft] = useState<{ answer: LeaveAnswer; more?: string } | null>(null)
  const list = useList(LoadsPage, '/api/teams/loads', { area: desk.area, role: filters.role, away: filters.away })
  const acts = may('file', 'team')
  return (
    <>
      <p className="page-lead">{t('loads.lead')}</p>
      {left ? <PassReport answer={left.answer} {...(left.more ? { more: left.more } : {})} /> : null}
      <div className="filters">
        <SelectField
          label={t('role')}
          value={filters.role ?? ''}
          any={t('any')}
          onChange={(v) => set({ role: v })}
          choices={TEAM_ROLES.map((one) => ({ value: one, label: role(one) }))}
          width={160}
        />
        <SelectField
          label={t('load.leave')}
          value={filters.away ?? ''}
          any={t('any')}
          onChange={(v) => set({ away: v })}
          choices={[{ value: 'true', label: t('teams.away') }]}
          width={160}
        />
      </div>
      <ListTable<LoadView>
        name={t('teams.tab.loads')}
        list={list}
        rowKey={(row) => row.accountId}
        empty={{ why: t('loads.empty'), todo: t('loads.empty.todo') }}
        columns={[
          { key: 'name', title: t('load.person'), cell: (row) => <b>{row.name}</b> },
          { key: 'role', title: t('role'), cell: (row) => join(row.roles.map(role)) },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          {
            key: 'doors',
            title: t('load.doors'),
            end: true,
            cell: (row) => <GoLink href={paths.teams({ account: row.accountId })}>{grouped(row.load)}</GoLink>,
          },
          { key: 'cap', title: t('load.cap'), end: true, cell: (row) => row.ownCap ?? t('load.cap.template') },
          {
            key: 'leave',
            title: t('load.leave'),
            cell: (row) =>
              row.leave ? <WordTag strong>{spanWords(row.leave.from, row.leave.to, clock)}</WordTag> : '–',
          },
          {
            key: 'act',
            title: t('act'),
            cell: (row) =>
              acts ? (
                <div>
                  {row.leave === null ? <Leave row={row} onDone={(answer) => setLeft({ answer })} /> : null}
                  <HandOver
                    row={row}
                    onDone={(answer) => setLeft({ answer, more: t('handover.doors.open', { n: answer.openTasks }) })}
                  />
                  <Cap row={row} />
                </div>
              ) : (
                '–'
              ),
          },
        ]}
      />
    </>
  )
}
