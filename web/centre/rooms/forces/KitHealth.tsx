import type { Kit } from '@weiwang/domain/teams/force'
import { addDays } from '@weiwang/domain/core/day'
import { KIT, KIT_SAY } from '@weiwang/domain/teams/force'
import { ForceDone, HealthPage, KitPage, NoKitPage } from '@weiwang/domain/teams/force-api'
import type { ForceSummary, HealthView, KitView, NoKitView } from '@weiwang/domain/teams/force-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { DayField, NumberField, SelectField } from '../../../kit/centre/controls.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Figure } from '../../../kit/common/Figure.tsx'
import { useClock, useMay } from '../../../session/me.ts'
import { grouped } from '../../../words/numbers.ts'
import { dayWords } from '../../../words/time.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { FORCES_TOUCHED, PersonPick } from './words.tsx'
import type { Person } from './words.tsx'

const REST_DAYS = 7

function GiveKit({ to }: { to?: Person }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const desk = useDesk()
  const [id, setId] = useState(() => crypto.randomUUID())
  const [person, setPerson] = useState<Person | null>(to ?? null)
  const [item, setItem] = useState<Kit>('mask')
  const [n, setN] = useState<number | null>(10)
  const [day, setDay] = useState(desk.today)
  const write = useWrite(ForceDone, { path: '/api/forces/kit', touches: FORCES_TOUCHED })
  return (
    <ConfirmAct
      primary={to === undefined}
      verb={t('kit.give')}
      title={t('kit.give')}
      write={write}
      ready={person !== null && n !== null}
      onYes={(_, done) =>
        write.mutate(
          { id, accountId: person?.id ?? '', item, n: n ?? 1, day },
          {
            onSuccess: () => {
              setId(crypto.randomUUID())
              done()
            },
          },
        )
      }
    >
      <div className="form">
        {to ? <p>{to.name}</p> : <PersonPick label={t('assigned.person')} value={person} onChange={setPerson} />}
        <div className="form-row">
          <SelectField<Kit>
            label={t('kit.item')}
            value={item}
            onChange={(v) => setItem(v === '' ? 'mask' : v)}
            choices={KIT.map((one) => ({ value: one, label: say(KIT_SAY[one]) }))}
          />
          <NumberField label={t('kit.n')} value={n} min={1} max={1000} onChange={setN} />
        </div>
        <DayField label={t('kit.day')} value={day} max={desk.today} onChange={setDay} />
      </div>
    </ConfirmAct>
  )
}

function Rest({ row }: { row: HealthView }): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [until, setUntil] = useState(addDays(desk.today, REST_DAYS))
  const write = useWrite(ForceDone, { path: `/api/forces/health/${row.id}/rest`, touches: FORCES_TOUCHED })
  return (
    <>
      <ConfirmAct
        verb={t('health.set')}
        title={`${t('health.set')} · ${row.name}`}
        write={write}
        onYes={(_, done) => write.mutate({ until }, { onSuccess: done })}
      >
        <DayField label={t('health.rest')} value={until} min={desk.today} onChange={setUntil} />
      </ConfirmAct>
      <ConfirmAct
        quiet
        verb={t('health.over')}
        title={`${t('health.over')} · ${row.name}`}
        write={write}
        onYes={(_, done) => write.mutate({ until: null }, { onSuccess: done })}
      >
        <p>{t('health.over.what')}</p>
      </ConfirmAct>
    </>
  )
}

function Reports(): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const list = useList(HealthPage, '/api/forces/health')
  return (
    <Section title={t('health.title')} lead={t('health.lead')}>
      <ListTable<HealthView>
        name={t('health.title')}
        list={list}
        rowKey={(row) => row.id}
        empty={{ why: t('health.empty') }}
        columns={[
          { key: 'name', title: t('forces.name'), cell: (row) => <b>{row.name}</b> },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
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
          { key: 'act', title: t('act'), cell: (row) => (row.over ? '–' : <Rest row={row} />) },
        ]}
      />
    </Section>
  )
}

export function KitHealth({ sum }: { sum: ForceSummary }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  const may = useMay()
  const desk = useDesk()
  const missing = useList(NoKitPage, '/api/forces/kit/missing', { area: desk.area })
  const given = useList(KitPage, '/api/forces/kit', { area: desk.area })
  const files = may('file', 'force')
  const unit = t('forces.unit.people')
  const kinds = ['contact', 'symptoms', 'resting'] as const
  return (
    <>
      <Section title={t('kit.missing')} lead={t('kit.missing.lead')}>
        <ListTable<NoKitView>
          name={t('kit.missing')}
          list={missing}
          rowKey={(row) => row.accountId}
          empty={{ why: t('kit.missing.empty') }}
          columns={[
            { key: 'name', title: t('forces.name'), cell: (row) => <b>{row.name}</b> },
            { key: 'area', title: t('area'), cell: (row) => row.areaName },
            { key: 'doors', title: t('kit.doors'), end: true, cell: (row) => grouped(row.doors) },
            {
              key: 'lacks',
              title: t('kit.lacks'),
              cell: (row) => row.missing.map((one) => say(KIT_SAY[one])).join(' · '),
            },
            {
              key: 'act',
              title: t('act'),
              cell: (row) => (files ? <GiveKit to={{ id: row.accountId, name: row.name }} /> : '–'),
            },
          ]}
        />
      </Section>
      <Section title={t('kit.given')} acts={files ? <GiveKit /> : null}>
        <ListTable<KitView>
          name={t('kit.given')}
          list={given}
          rowKey={(row) => row.id}
          empty={{ why: t('kit.empty'), todo: t('kit.empty.todo') }}
          columns={[
            { key: 'name', title: t('forces.name'), cell: (row) => <b>{row.name}</b> },
            { key: 'item', title: t('kit.item'), cell: (row) => say(KIT_SAY[row.item]) },
            { key: 'n', title: t('kit.n'), end: true, cell: (row) => grouped(row.n) },
            { key: 'day', title: t('kit.day'), cell: (row) => dayWords(row.day, clock) },
            { key: 'by', title: t('kit.by'), cell: (row) => row.by },
          ]}
        />
      </Section>
      <Section title={t('health.counts')} lead={sum.health ? undefined : t('health.none')}>
        {sum.health ? (
          <div className="figures">
            {kinds.map((kind) => (
              <Figure
                key={kind}
                label={t(`health.${kind}`)}
                number={grouped(sum.health?.[kind] ?? 0)}
                unit={unit}
                // No list hangs on it above the county: who they are is nobody's there (FORCE-10).
                link={(content) => <div className="figure">{content}</div>}
              />
            ))}
          </div>
        ) : null}
      </Section>
      {sum.mayReadHealth ? <Reports /> : null}
    </>
  )
}
