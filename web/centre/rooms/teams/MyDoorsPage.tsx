import { RungDoor, TeamDoorPage } from '@weiwang/domain/observation/doors-api'
import type { TeamDoor } from '@weiwang/domain/observation/doors-api'
import { PART_NAMES } from '@weiwang/domain/observation/slots'
import { BREACH_DONE, BREACHES, CARE_NAMES } from '@weiwang/domain/observation/step-words'
import { showTemperature } from '@weiwang/domain/observation/temperature'
import { HAZARD_SAY, knownHazards } from '@weiwang/domain/people/hazards'
import { VisitPlanPage } from '@weiwang/domain/teams/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../../api/query.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import type { Column } from '../../../kit/centre/DataTable.tsx'
import { Page, Section } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useClock, useMe } from '../../../session/me.ts'
import { dayWords } from '../../../words/time.ts'
import { Due } from '../../../shared/words.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { OpenForPurpose } from '../../parts/OpenForPurpose.tsx'
import { useMeasure, useOutingWords, useSymptom, useWord } from '../observation/words.ts'
import { useKind } from '../services/words.tsx'
import { VisitTable } from './Visits.tsx'
import { useRole } from './words.ts'
import './teams.css'

type Known = TeamDoor['door']

/** Several fields speak of one person by the observation; a line for each that has something to say. */
function Lines({ lines }: { lines: readonly (ReactNode | null)[] }): ReactNode {
  const said = lines.filter((line) => line !== null && line !== '')
  if (said.length === 0) return '–'
  return (
    <ul className="plain-list">
      {said.map((line, i) => (
        // eslint-disable-next-line react/no-array-index-key -- lines of one cell, never reordered
        <li key={i}>{line}</li>
      ))}
    </ul>
  )
}

function Who({ door }: { door: Known }): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const join = useJoin()
  const measure = useMeasure()
  const lines = (door.people ?? []).map(({ id, masked }) => {
    const days = door.days?.find((one) => one.id === id)
    const kind = door.measure?.find((one) => one.id === id)?.measure
    const said = [
      days && days.day !== null && days.of !== null ? t('obs.day', { day: days.day, of: days.of }) : '',
      kind ? measure(kind) : '',
      days?.endDay ? `${t('obs.end')} ${dayWords(days.endDay, clock)}` : '',
    ].filter((one) => one !== '')
    return (
      <span key={id}>
        <b>{masked}</b> {join(said)}
      </span>
    )
  })
  return <Lines lines={[...lines, door.members === undefined ? null : t('myDoors.members', { n: door.members })]} />
}

function Health({ door }: { door: Known }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  const join = useJoin()
  const symptom = useSymptom()
  const word = useWord()
  const nameOf = (id: string): string => door.people?.find((one) => one.id === id)?.masked ?? ''
  const readings = (door.readings ?? []).map(({ id, missed, last }) => (
    <span key={`r${id}`}>
      {nameOf(id)}{' '}
      {last
        ? `${dayWords(last.day, clock)} ${say(PART_NAMES[last.part])} ${last.temperature === null ? t('obs.r.noTemperature') : `${showTemperature(last.temperature)} ℃`}`
        : t('myDoors.noReading')}{' '}
      {missed > 0 ? <WordTag strong>{t('myDoors.missed', { n: missed })}</WordTag> : null}
    </span>
  ))
  const symptoms = (door.symptoms ?? []).map(({ id, codes, care }) => (
    <b key={`s${id}`}>
      {nameOf(id)} {join([...codes.map(symptom), ...(care === null ? [] : [word(CARE_NAMES, care)])])}
    </b>
  ))
  const medicine = (door.medicine ?? []).map(({ masked, runsOut }) =>
    t('myDoors.runsOut', { who: masked, day: dayWords(runsOut, clock) }),
  )
  return <Lines lines={[...symptoms, ...readings, ...medicine]} />
}

function Know({ door }: { door: Known }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const join = useJoin()
  const word = useWord()
  const outing = useOutingWords()
  const nameOf = (id: string): string => door.people?.find((one) => one.id === id)?.masked ?? ''
  const hazards = knownHazards(door.hazards ?? []).map((one) => say(HAZARD_SAY[one]))
  return (
    <Lines
      lines={[
        hazards.length > 0 ? <WordTag strong>{join(hazards)}</WordTag> : null,
        ...(door.outings ?? []).flatMap(({ id, what, step, agreed }) => [
          ...(what === null
            ? []
            : [
                <b key={`o${id}`}>
                  {nameOf(id)} {join([word(BREACHES, what), ...(step === null ? [] : [word(BREACH_DONE, step)])])}
                </b>,
              ]),
          ...agreed.map((one) => (
            <span key={`o${id}${one.n}`}>
              {nameOf(id)} {t('obs.outing')} {outing(one)}
            </span>
          )),
        ]),
        ...(door.notice ?? []).map(
          ({ id, noticeOn, agreed }) =>
            `${nameOf(id)} ${join([t(noticeOn === null ? 'myDoors.notTold' : 'myDoors.told'), t(agreed ? 'myDoors.agreed' : 'myDoors.notAgreed')])}`,
        ),
        ...(door.conditions ?? []).map(
          ({ id, suitable, wantsCentral }) =>
            `${nameOf(id)} ${t(suitable && !wantsCentral ? 'myDoors.fit' : 'myDoors.unfit')}`,
        ),
      ]}
    />
  )
}

function Ring({ teamId }: { teamId: string }): ReactNode {
  const { t } = useTranslation('centre')
  const [rung, setRung] = useState<RungDoor | null>(null)
  if (rung === null)
    return (
      <OpenForPurpose
        quiet
        verb={t('myDoors.ring')}
        lead={t('myDoors.ring.lead')}
        shape={RungDoor}
        path={`/api/observations/doors/${teamId}/ring`}
        onOpened={setRung}
      />
    )
  if (rung.phone === null) return t('myDoors.noPhone')
  return (
    <span>
      {rung.name} <a href={`tel:${rung.phone}`}>{rung.phone}</a>
    </span>
  )
}

function useColumns(): Column<TeamDoor>[] {
  const { t } = useTranslation('centre')
  const kind = useKind()
  const role = useRole()
  return [
    {
      key: 'door',
      title: t('team.door'),
      cell: (row) => (
        <span className="door-cell">
          <b>{row.door.address || '–'}</b> <small>{row.areaName}</small>
        </span>
      ),
    },
    { key: 'who', title: t('myDoors.who'), cell: (row) => <Who door={row.door} /> },
    { key: 'health', title: t('myDoors.health'), cell: (row) => <Health door={row.door} /> },
    { key: 'know', title: t('myDoors.know'), cell: (row) => <Know door={row.door} /> },
    {
      key: 'needs',
      title: t('myDoors.needs'),
      cell: (row) => (
        <Lines
          lines={(row.door.needs ?? []).map((one) => (
            <span key={one.id}>
              {kind(one.kind)} <Due at={one.dueBy} />
            </span>
          ))}
        />
      ),
    },
    {
      key: 'team',
      title: t('myDoors.team'),
      cell: (row) => (
        <Lines
          lines={(row.door.team ?? []).map((one) => (
            <span key={one.role + one.name} className="one-line">
              {role(one.role)} {one.name}
            </span>
          ))}
        />
      ),
    },
    {
      key: 'ring',
      title: t('act'),
      cell: (row) => (row.door.phone ? <Ring teamId={row.teamId} /> : '–'),
    },
  ]
}

/** TEAM-9, TEAM-10: what a member of teams needs, door by door, and the own way of today. */
export function MyDoorsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const me = useMe()
  const doors = useList(TeamDoorPage, '/api/observations/doors/mine', {}, { every: 30_000 })
  const plan = useList(VisitPlanPage, '/api/teams/visits', { account: me.id }, { every: 60_000 })
  const columns = useColumns()
  return (
    <Page title={t('room.myDoors')} lead={t('myDoors.lead')}>
      <ListTable<TeamDoor>
        name={t('room.myDoors')}
        list={doors}
        rowKey={(row) => row.teamId}
        empty={{ why: t('myDoors.none'), todo: t('myDoors.none.todo') }}
        columns={columns}
      />
      {doors.total > 0 ? (
        <Section title={t('myDoors.today')}>
          <VisitTable name={t('myDoors.today')} list={plan} />
        </Section>
      ) : null}
    </Page>
  )
}
