import { RulePage, SavedRule } from '@weiwang/domain/observation/service-api'
import type { Rhythm, RuleCard, ServiceKind } from '@weiwang/domain/observation/service-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../../api/query.ts'
import { useJoin } from '../../../i18n/setup.ts'
import { CheckField, DayField, MultiField, NumberField, SelectField, TextField } from '../../../kit/centre/controls.tsx'
import { useClock } from '../../../session/me.ts'
import { dayWords } from '../../../words/time.ts'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { ListTable } from '../../parts/ListTable.tsx'
import { TOUCHES, useKind, useKindChoices } from './words.tsx'

const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7'] as const
type Weekday = (typeof WEEKDAYS)[number]

function useRhythm(): (rhythm: Rhythm) => string {
  const { t } = useTranslation('centre')
  const join = useJoin()
  return (rhythm) => {
    if (rhythm.type === 'every') return t('rules.every', { n: rhythm.days })
    const days = WEEKDAYS.filter((day) => rhythm.days.includes(Number(day)))
    return t('rules.weekdays', { days: join(days.map((day) => t(`weekday.${day}`))) })
  }
}

function End({ rule }: { rule: RuleCard }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(SavedRule, { path: `/api/services/rules/${rule.id}/end`, touches: TOUCHES })
  return (
    <ConfirmAct
      quiet
      verb={t('rules.end')}
      title={t('rules.end')}
      write={write}
      onYes={(_, done) => write.mutate({}, { onSuccess: done })}
    >
      <p>{t('rules.end.what')}</p>
    </ConfirmAct>
  )
}

/** A service that repeats for a door or person. */
export function AddRule({ for: whom }: { for: { householdId: string } | { personId: string } }): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const kinds = useKindChoices()
  const [id, setId] = useState(() => crypto.randomUUID())
  const [kind, setKind] = useState<ServiceKind>('food')
  const [type, setType] = useState<'weekdays' | 'every'>('weekdays')
  const [days, setDays] = useState<Weekday[]>(['1', '4'])
  const [every, setEvery] = useState<number | null>(2)
  const [from, setFrom] = useState(desk.today)
  const [to, setTo] = useState('')
  const [round, setRound] = useState(false)
  const [words, setWords] = useState('')
  const write = useWrite(SavedRule, { path: '/api/services/rules', touches: TOUCHES })
  const rhythm =
    type === 'weekdays' ? { type, days: days.map(Number).toSorted((a, b) => a - b) } : { type, days: every ?? 1 }
  return (
    <ConfirmAct
      verb={t('rules.add')}
      title={t('rules.add')}
      write={write}
      ready={type === 'every' ? every !== null && every >= 1 : days.length > 0}
      onYes={(_, done) =>
        write.mutate(
          {
            id,
            kind,
            rhythm,
            from,
            round,
            ...whom,
            ...(to === '' ? {} : { to }),
            ...(words.trim() === '' ? {} : { words: words.trim() }),
          },
          {
            onSuccess: () => {
              setId(crypto.randomUUID())
              done()
            },
          },
        )
      }
    >
      <SelectField<ServiceKind>
        label={t('service.kind')}
        value={kind}
        onChange={(v) => setKind(v === '' ? 'food' : v)}
        choices={kinds}
      />
      <SelectField<'weekdays' | 'every'>
        label={t('rules.type')}
        value={type}
        onChange={(v) => setType(v === 'every' ? 'every' : 'weekdays')}
        choices={[
          { value: 'weekdays', label: t('rules.type.weekdays') },
          { value: 'every', label: t('rules.type.every') },
        ]}
      />
      {type === 'weekdays' ? (
        <MultiField<Weekday>
          label={t('rules.days')}
          value={days}
          onChange={setDays}
          choices={WEEKDAYS.map((day) => ({ value: day, label: t(`weekday.${day}`) }))}
        />
      ) : (
        <NumberField label={t('repeats.n')} value={every} onChange={setEvery} min={1} max={60} />
      )}
      <DayField label={t('rules.from')} value={from} onChange={setFrom} min={desk.today} />
      <DayField label={t('rules.to')} value={to} onChange={setTo} min={from} />
      <CheckField label={t('rules.round')} value={round} onChange={setRound} />
      <TextField
        long
        label={t('service.ask.words')}
        value={words}
        onChange={setWords}
        help={t('service.ask.words.help')}
      />
    </ConfirmAct>
  )
}

export function Rules({ of }: { of: { householdId?: string; personId?: string } }): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  const desk = useDesk()
  const kind = useKind()
  const rhythm = useRhythm()
  const list = useList(RulePage, '/api/services/rules', { area: desk.area, ...of })
  return (
    <>
      <p className="page-lead">{t('repeats.lead')}</p>
      <ListTable<RuleCard>
        name={t('services.tab.rules')}
        list={list}
        rowKey={(row) => row.id}
        empty={{ why: t('repeats.empty'), todo: t('repeats.empty.todo') }}
        columns={[
          { key: 'kind', title: t('service.kind'), cell: (row) => <b>{kind(row.kind)}</b> },
          { key: 'who', title: t('service.who'), cell: (row) => row.masked || t('service.whole') },
          { key: 'door', title: t('service.door'), cell: (row) => row.door ?? '–' },
          { key: 'area', title: t('area'), cell: (row) => row.areaName },
          { key: 'rhythm', title: t('rules.rhythm'), cell: (row) => rhythm(row.rhythm) },
          { key: 'round', title: t('rules.round'), cell: (row) => (row.round ? t('yes') : t('no')) },
          { key: 'next', title: t('rules.next'), cell: (row) => (row.nextDay ? dayWords(row.nextDay, clock) : '–') },
          { key: 'to', title: t('rules.until'), cell: (row) => (row.to ? dayWords(row.to, clock) : t('rules.open')) },
          { key: 'end', title: t('rules.end'), cell: (row) => <End rule={row} /> },
        ]}
      />
    </>
  )
}
