import { PlanView } from '@weiwang/domain/observation/reading-api'
import { PART_NAMES, ReadingPlan } from '@weiwang/domain/observation/slots'
import type { SlotRule } from '@weiwang/domain/observation/slots'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useWrite } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { NumberField, TextField } from '../../../kit/centre/controls.tsx'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Empty, Notice } from '../../../kit/common/Notice.tsx'
import { useMay } from '../../../session/me.ts'
import { Loading, ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { When } from '../../../shared/words.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'

const TIMES = ['opens', 'remind', 'due', 'closes'] as const
type Time = (typeof TIMES)[number]

/** 630 is 10:30; the end of the day is 24:00. */
function clockOf(minutes: number): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

function minutesOf(text: string): number | null {
  const found = /^(\d{1,2})[:：](\d{2})$/u.exec(text.trim())
  if (!found) return null
  const minutes = Number(found[1]) * 60 + Number(found[2])
  return Number(found[2]) < 60 && minutes <= 1440 ? minutes : null
}

function Set({ area, plan, version }: { area: string; plan: ReadingPlan; version: number }): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const [times, setTimes] = useState(() =>
    plan.slots.map((slot) => ({
      part: slot.part,
      opens: clockOf(slot.opens),
      remind: clockOf(slot.remind),
      due: clockOf(slot.due),
      closes: clockOf(slot.closes),
    })),
  )
  const [unreached, setUnreached] = useState<number | null>(plan.unreached)
  const write = useWrite(PlanView, { path: '/api/readings/plan', touches: ['/api/readings'] })
  const put = (at: number, name: Time, value: string): void =>
    setTimes(times.map((one, i) => (i === at ? { ...one, [name]: value } : one)))
  const read = ReadingPlan.safeParse({
    slots: times.map((one) => ({
      part: one.part,
      opens: minutesOf(one.opens),
      remind: minutesOf(one.remind),
      due: minutesOf(one.due),
      closes: minutesOf(one.closes),
    })),
    steps: plan.steps,
    unreached,
  })
  return (
    <ConfirmAct
      verb={t('obs.plan.set')}
      title={t('obs.plan.set')}
      write={write}
      ready={read.success}
      onYes={(_, done) => {
        if (read.success) write.mutate({ area, plan: read.data, version }, { onSuccess: done })
      }}
    >
      <p>{t('obs.plan.lead')}</p>
      {times.map((one, at) => (
        <fieldset key={one.part} style={{ border: 0, padding: 0, margin: '0 0 8px' }}>
          <legend>
            <b>{say(PART_NAMES[one.part])}</b>
          </legend>
          <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
            {TIMES.map((name) => (
              <TextField
                key={name}
                label={t(`obs.plan.${name}`)}
                value={one[name]}
                onChange={(value) => put(at, name, value)}
                width={100}
              />
            ))}
          </div>
        </fieldset>
      ))}
      <NumberField
        label={t('obs.plan.unreached', { n: unreached ?? '' })}
        value={unreached}
        onChange={setUnreached}
        min={1}
        max={9}
      />
      {read.success ? null : <Notice kind="note" head={t('obs.plan.bad')} />}
    </ConfirmAct>
  )
}

/** When readings are asked for here, and what follows silence (READ-1, READ-9). */
export function Plan(): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const may = useMay()
  const { area } = useDesk()
  const answer = useQuery(q(PlanView, '/api/readings/plan', { area }))
  if (answer.error) return <ReadProblem error={answer.error} again={null} />
  if (!answer.data) return <Loading />
  const { plan, setBy, setAt, version } = answer.data
  const own = answer.data.area === area
  return (
    <Section
      title={t('obs.tab.plan')}
      lead={t('obs.plan.lead')}
      acts={
        may('propose', 'observation', { area }) ? (
          <Set key={`${area}${version}`} area={area} plan={plan} version={own ? version : 0} />
        ) : null
      }
    >
      <p>
        {t('obs.plan.where', {
          who: answer.data.area === null ? t('obs.plan.shipped') : [answer.data.area, setBy].filter(Boolean).join(' '),
        })}{' '}
        {setAt ? <When at={setAt} /> : null}
      </p>
      <DataTable<SlotRule>
        name={t('obs.tab.plan')}
        rows={plan.slots}
        rowKey={(row) => row.part}
        busy={answer.isFetching}
        totalText={c('total', { total: plan.slots.length })}
        empty={<Empty why={t('obs.slots.empty')} />}
        columns={[
          { key: 'part', title: t('obs.plan.part'), cell: (row) => <b>{say(PART_NAMES[row.part])}</b> },
          ...TIMES.map((name) => ({
            key: name,
            title: t(`obs.plan.${name}`),
            cell: (row: SlotRule) => clockOf(row[name]),
          })),
        ]}
      />
      <ul>
        {plan.steps.map((step) => (
          <li key={step.how + step.missed}>
            {t(`obs.plan.step.${step.how}`, {
              n: step.missed,
              or: step.hours === null ? '' : t('obs.plan.hours', { n: step.hours }),
            })}
          </li>
        ))}
        <li>{t('obs.plan.unreached', { n: plan.unreached })}</li>
      </ul>
    </Section>
  )
}
