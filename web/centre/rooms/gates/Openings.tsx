import {
  GateDone,
  MAX_OPENING_GATES,
  MAX_OPENING_HOURS,
  OPENING_STATES,
  OpeningPage,
  OpeningResult,
} from '@weiwang/domain/checkpoints/api'
import type { OpeningView } from '@weiwang/domain/checkpoints/api'
import { instantOf } from '@weiwang/domain/core/day'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useList, useWrite } from '../../../api/query.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { Act, DayField, MultiField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { Dialog, Section } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMay, useMe } from '../../../session/me.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { dayWords, hourMinute } from '../../../words/time.ts'
import { useFilters } from '../../filters.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { TwoPersons } from '../../parts/TwoPersons.tsx'
import { paths } from '../../paths.ts'
import { GATES_TOUCHED, useOpenGates } from './words.tsx'

const Filters = z.object({ state: z.enum(OPENING_STATES) })
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/
const HOUR = 3_600_000
const COUNTY_DIGITS = 6

/** A clock time of a local day as an instant. */
function at(day: string, clock: string, zone: string): Date | null {
  if (!CLOCK.test(clock)) return null
  const [hour = '0', minute = '0'] = clock.split(':')
  return instantOf(day, zone, Number(hour), Number(minute))
}

function Propose(): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  const desk = useDesk()
  const gates = useOpenGates()
  const [id, setId] = useState(() => crypto.randomUUID())
  const [caseNumber, setCase] = useState('')
  const [gateIds, setGates] = useState<string[]>([])
  const [day, setDay] = useState(desk.today)
  const [from, setFrom] = useState('08:00')
  const [to, setTo] = useState('09:00')
  const [reason, setReason] = useState('')
  const write = useWrite(GateDone, { path: '/api/gates/openings', touches: GATES_TOUCHED })
  const start = at(day, from, clock.zone)
  const end = at(day, to, clock.zone)
  const length = start && end ? end.getTime() - start.getTime() : 0
  const ready =
    caseNumber.trim().length >= 4 &&
    gateIds.length > 0 &&
    gateIds.length <= MAX_OPENING_GATES &&
    length > 0 &&
    length <= MAX_OPENING_HOURS * HOUR &&
    reason.trim().length >= 4
  return (
    <ConfirmAct
      primary
      verb={t('openings.propose')}
      title={t('openings.propose')}
      write={write}
      ready={ready}
      onYes={(_, done) =>
        write.mutate(
          {
            id,
            caseNumber: caseNumber.trim(),
            gateIds,
            from: start?.toISOString() ?? '',
            to: end?.toISOString() ?? '',
            reason: reason.trim(),
          },
          {
            onSuccess: () => {
              setId(crypto.randomUUID())
              setGates([])
              setReason('')
              done()
            },
          },
        )
      }
    >
      <div className="form">
        <TextField label={t('openings.case')} value={caseNumber} onChange={setCase} />
        <MultiField
          label={t('openings.gates')}
          value={gateIds}
          onChange={setGates}
          choices={gates.map((one) => ({ value: one.id, label: `${say(one.name)} · ${one.areaName}` }))}
        />
        <div className="form-row">
          <DayField label={t('openings.day')} value={day} max={desk.today} onChange={setDay} />
          <TextField label={t('openings.from')} value={from} onChange={setFrom} />
          <TextField label={t('openings.to')} value={to} onChange={setTo} />
        </div>
        <TextField long label={t('openings.reason')} value={reason} onChange={setReason} />
      </div>
    </ConfirmAct>
  )
}

function useWindowWords(): (row: OpeningView) => string {
  const clock = useClock()
  return (row) => {
    const time = (text: string): string => hourMinute(new Date(text), clock.zone)
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: clock.zone }).format(new Date(row.from))
    return `${dayWords(day, clock)} ${time(row.from)}–${time(row.to)}`
  }
}

function Decide({ row, approve }: { row: OpeningView; approve: boolean }): ReactNode {
  const { t } = useTranslation('centre')
  const words = useWindowWords()
  const [note, setNote] = useState('')
  const write = useWrite(GateDone, { path: `/api/gates/openings/${row.id}/decide`, touches: GATES_TOUCHED })
  const verb = approve ? t('openings.approve') : t('openings.refuse')
  return (
    <ConfirmAct
      primary={approve}
      verb={verb}
      title={`${verb} · ${row.caseNumber}`}
      write={write}
      onYes={(_, done) => write.mutate({ approve, note: note.trim() }, { onSuccess: done })}
    >
      {approve ? <p>{t('openings.approve.what', { gates: row.gates.length, window: words(row) })}</p> : null}
      <TextField long label={t('openings.note')} value={note} onChange={setNote} />
    </ConfirmAct>
  )
}

type Found = z.infer<typeof OpeningResult>

function Result({ found, row }: { found: Found; row: OpeningView | undefined }): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const clock = useClock()
  return (
    <>
      <p>{t('openings.result.lead', { day: row ? dayWords(row.goneAfter, clock) : '' })}</p>
      <h3>
        {t('openings.people')} {grouped(found.people.length)}
      </h3>
      {found.people.length === 0 ? <p>{t('openings.nobody')}</p> : null}
      <ul className="plain-list">
        {found.people.map((one, i) => (
          <li key={one.personId ?? `${i}/${one.areaName}`}>
            {one.personId ? <GoLink href={paths.person(one.personId)}>{one.name}</GoLink> : one.name} · {one.areaName}
            {one.personId ? '' : ` · ${t('openings.elsewhere')}`}
          </li>
        ))}
      </ul>
      {found.visitors.length > 0 ? (
        <>
          <h3>
            {t('openings.visitors')} {grouped(found.visitors.length)}
          </h3>
          <ul className="plain-list">
            {found.visitors.map((one) => (
              <li key={`${one.name}/${one.phone}`}>
                {one.name} {one.phone ? <a href={`tel:${one.phone}`}>{one.phone}</a> : null}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {found.plates.length > 0 ? (
        <p>
          {t('openings.plates')}: {join(found.plates)}
        </p>
      ) : null}
    </>
  )
}

export function Openings(): ReactNode {
  const { t } = useTranslation('centre')
  const join = useJoin()
  const { t: c } = useTranslation('common')
  const say = useSay()
  const may = useMay()
  const desk = useDesk()
  const words = useWindowWords()
  const [filters, set] = useFilters(Filters)
  const [shown, setShown] = useState<Found | null>(null)
  const list = useList(OpeningPage, '/api/gates/openings', { area: desk.area, state: filters.state }, { every: 30_000 })
  const read = useWrite(OpeningResult, {
    path: ({ id }: { id: string }) => `/api/gates/openings/${id}/result`,
    touches: [],
  })
  const me = useMe()
  // Cases are a county's (GATE-11).
  const county = me.scope.some((one) => one.area.length <= COUNTY_DIGITS)
  const opens = county && may('open', 'passage')
  return (
    <Section
      title={t('gates.tab.openings')}
      lead={t('openings.lead')}
      acts={county && may('propose', 'passage') ? <Propose /> : null}
    >
      <div className="filters">
        <SelectField
          label={t('openings.state')}
          value={filters.state ?? ''}
          any={t('gates.any')}
          onChange={(v) => set({ state: v })}
          choices={OPENING_STATES.map((one) => ({ value: one, label: t(`openings.state.${one}`) }))}
          width={140}
        />
      </div>
      <ProblemNotice error={read.error} />
      {list.rows.some((row) => row.state === 'proposed' && row.mine) ? <TwoPersons mine /> : null}
      <ListTable<OpeningView>
        name={t('gates.tab.openings')}
        list={list}
        rowKey={(row) => row.id}
        empty={{ why: t('openings.empty') }}
        columns={[
          { key: 'case', title: t('openings.case'), cell: (row) => <b>{row.caseNumber}</b> },
          { key: 'gates', title: t('gates.gate'), cell: (row) => join(row.gates.map((one) => say(one.name))) },
          { key: 'window', title: t('openings.window'), cell: words },
          { key: 'reason', title: t('openings.reason'), cell: (row) => row.reason || '–' },
          {
            key: 'by',
            title: t('openings.by'),
            cell: (row) => (
              <span>
                {row.proposedBy} <When at={row.proposedAt} />
                {row.decidedBy ? (
                  <>
                    {' / '}
                    {row.decidedBy} <When at={row.decidedAt} />
                  </>
                ) : null}
              </span>
            ),
          },
          {
            key: 'state',
            title: t('openings.state'),
            cell: (row) => (
              <span>
                <WordTag strong={row.state === 'proposed'}>{t(`openings.state.${row.state}`)}</WordTag>{' '}
                {row.counts ? t('openings.counts', row.counts) : ''}
              </span>
            ),
          },
          {
            key: 'act',
            title: t('act'),
            cell: (row) => (
              <>
                {row.mayDecide ? (
                  <>
                    <Decide row={row} approve />
                    <Decide row={row} approve={false} />
                  </>
                ) : null}
                {row.state === 'done' && opens ? (
                  <Act
                    busy={read.isPending && read.variables?.id === row.id}
                    onClick={() => read.mutate({ id: row.id }, { onSuccess: setShown })}
                  >
                    {t('openings.result')}
                  </Act>
                ) : null}
              </>
            ),
          },
        ]}
      />
      <Dialog
        wide
        title={t('openings.result')}
        open={shown !== null}
        onClose={() => setShown(null)}
        no={c('act.close')}
      >
        {shown ? <Result found={shown} row={list.rows.find((row) => row.id === shown.id)} /> : null}
      </Dialog>
    </Section>
  )
}
