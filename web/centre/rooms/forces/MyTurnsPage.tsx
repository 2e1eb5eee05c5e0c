import { ForceDone, MyHealth, MyTurns, SYMPTOMS, TurnView } from '@weiwang/domain/teams/force-api'
import type { HealthView } from '@weiwang/domain/teams/force-api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { Act, DayField, MultiField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Page, Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { useClock } from '../../../session/me.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { dayWords, hourMinute } from '../../../words/time.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { TurnWords } from './Turns.tsx'
import { FORCES_TOUCHED } from './words.tsx'

/** By the text of the code, as a scanner of the phone reads it; the server decides what it is worth. */
function Sign(): ReactNode {
  const { t } = useTranslation('centre')
  const [code, setCode] = useState('')
  const write = useWrite(TurnView, { path: '/api/forces/sign', touches: FORCES_TOUCHED })
  const sign = (act: 'in' | 'out'): void => write.mutate({ code: code.trim(), act }, { onSuccess: () => setCode('') })
  const empty = code.trim() === ''
  return (
    <div className="form">
      <ProblemNotice error={write.error} />
      <TextField label={t('posts.code')} help={t('my.code.help')} value={code} onChange={setCode} />
      <div className="form-acts">
        <Act primary busy={write.isPending} disabled={empty} onClick={() => sign('in')}>
          {t('turns.in')}
        </Act>
        <Act busy={write.isPending} disabled={empty} onClick={() => sign('out')}>
          {t('turns.out')}
        </Act>
      </div>
    </div>
  )
}

type Symptom = (typeof SYMPTOMS)[number]

function Report(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [id, setId] = useState(() => crypto.randomUUID())
  const [kind, setKind] = useState<HealthView['kind']>('symptoms')
  const [day, setDay] = useState(desk.today)
  const [symptoms, setSymptoms] = useState<Symptom[]>([])
  const [words, setWords] = useState('')
  const write = useWrite(ForceDone, { path: '/api/forces/health', touches: FORCES_TOUCHED })
  return (
    <ConfirmAct
      verb={t('my.report')}
      title={t('my.report')}
      write={write}
      onYes={(_, done) =>
        write.mutate(
          { id, kind, day, symptoms: kind === 'contact' ? [] : symptoms, words: words.trim() },
          {
            onSuccess: () => {
              setId(crypto.randomUUID())
              setWords('')
              done()
            },
          },
        )
      }
    >
      <p>{t('my.report.lead')}</p>
      <SelectField<HealthView['kind']>
        label={t('forces.kind')}
        value={kind}
        onChange={(v) => setKind(v === '' ? 'symptoms' : v)}
        choices={(['symptoms', 'contact'] as const).map((one) => ({ value: one, label: t(`health.${one}`) }))}
      />
      <DayField label={t('kit.day')} value={day} max={desk.today} onChange={setDay} />
      {kind === 'symptoms' ? (
        <MultiField<Symptom>
          label={t('health.symptoms')}
          value={symptoms}
          onChange={setSymptoms}
          choices={SYMPTOMS.map((one) => ({ value: one, label: t(`symptom.${one}`) }))}
        />
      ) : null}
      <TextField long label={t('health.what')} value={words} onChange={setWords} />
    </ConfirmAct>
  )
}

/** Somebody's own turns, coming and going, and what he says about his health: about the caller alone. */
export function MyTurnsPage(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const clock = useClock()
  const turns = useQuery(q(MyTurns, '/api/forces/turns/mine'))
  const health = useQuery(q(MyHealth, '/api/forces/health/mine'))
  const at = (text: string | null): string => (text === null ? '–' : hourMinute(new Date(text), clock.zone))
  const mine = turns.data?.items ?? []
  const said = health.data?.items ?? []
  return (
    <Page title={t('room.myTurns')} lead={t('my.lead')}>
      <ProblemNotice error={turns.error ?? health.error} />
      <Sign />
      <DataTable<TurnView>
        name={t('room.myTurns')}
        rows={mine}
        rowKey={(row) => row.id}
        busy={turns.isFetching}
        totalText={c('total', { total: mine.length })}
        empty={<Empty why={t('my.empty')} todo={t('my.empty.todo')} />}
        columns={[
          { key: 'post', title: t('shifts.post'), cell: (row) => <b>{row.post}</b> },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          {
            key: 'when',
            title: t('shifts.when'),
            cell: (row) => `${dayWords(row.day, clock)} ${at(row.startsAt)}–${at(row.endsAt)}`,
          },
          { key: 'in', title: t('turns.in'), cell: (row) => at(row.inAt) },
          { key: 'out', title: t('turns.out'), cell: (row) => at(row.outAt) },
          { key: 'state', title: t('state'), cell: (row) => <TurnWords turn={row} /> },
        ]}
      />
      <Section title={t('my.health')} lead={t('my.report.lead')} acts={<Report />}>
        <DataTable<HealthView>
          name={t('my.health')}
          rows={said}
          rowKey={(row) => row.id}
          busy={health.isFetching}
          totalText={c('total', { total: said.length })}
          empty={<Empty why={t('health.empty')} />}
          columns={[
            { key: 'day', title: t('kit.day'), cell: (row) => dayWords(row.day, clock) },
            {
              key: 'what',
              title: t('health.what'),
              cell: (row) =>
                [t(`health.${row.kind}`), ...row.symptoms.map((one) => t(`symptom.${one}`)), row.words]
                  .filter(Boolean)
                  .join(' · '),
            },
            {
              key: 'rest',
              title: t('health.rest'),
              cell: (row) => (row.restUntil ? dayWords(row.restUntil, clock) : row.over ? t('health.over') : '–'),
            },
          ]}
        />
      </Section>
    </Page>
  )
}
