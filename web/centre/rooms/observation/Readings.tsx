import { MOOD_NAMES, WAY_IN_NAMES } from '@weiwang/domain/observation/reading'
import { showTemperature } from '@weiwang/domain/observation/temperature'
import { OpenedReading, ReadingPage } from '@weiwang/domain/observation/reading-api'
import type { ReadingView, SlotView } from '@weiwang/domain/observation/reading-api'
import { isServiceKind } from '@weiwang/domain/observation/service-kind'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useList } from '../../../api/query.ts'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { Due, When } from '../../../shared/words.tsx'
import { ReadProblem } from '../../../shared/ProblemNotice.tsx'
import { ListTable } from '../../parts/ListTable.tsx'
import { OpenForPurpose } from '../../parts/OpenForPurpose.tsx'
import { useKind } from '../services/words.tsx'
import { Reached } from './Reached.tsx'
import { useSlotWords, useSymptom } from './words.ts'

const FEW = 10
type Observed = { id: string; county: string; area: string; responderPersonId: string | null }

/** The words beside one reading, for a purpose (READ-18). */
function Words({ county, reading }: { county: string; reading: ReadingView }): ReactNode {
  const { t } = useTranslation('centre')
  const [note, setNote] = useState<string | null>(null)
  if (note !== null) return <q>{note}</q>
  return (
    <OpenForPurpose
      quiet
      verb={t('obs.r.note')}
      lead={t('obs.open.lead')}
      shape={OpenedReading}
      path="/api/readings/open"
      also={{ county, id: reading.id }}
      onOpened={(opened) => setNote(opened.note ?? '')}
    />
  )
}

function useSaidWords(): (reading: ReadingView) => string {
  const { t } = useTranslation('centre')
  const say = useSay()
  const join = useJoin()
  const symptom = useSymptom()
  const kind = useKind()
  return ({ symptoms, mood, needs }) => {
    // A need of a newer version is shown as it came (case 19).
    const wanted = needs.map((need) => (isServiceKind(need) ? kind(need) : need))
    const parts = [...symptoms.map(symptom), ...(mood === null ? [] : [say(MOOD_NAMES[mood])]), ...wanted]
    return parts.length === 0 ? t('obs.r.nothing') : join(parts)
  }
}

function Slots({ slots }: { slots: readonly SlotView[] }): ReactNode {
  const { t } = useTranslation('centre')
  const slotWords = useSlotWords()
  if (slots.length === 0) return null
  return (
    <ul className="slots" aria-label={t('obs.r.today')}>
      {slots
        .toSorted((a, b) => a.opensAt.localeCompare(b.opensAt))
        .map((slot) => (
          <li key={`${slot.day}${slot.part}`}>
            {slotWords(slot)} <WordTag strong={slot.state === 'missed'}>{t(`obs.slot.${slot.state}`)}</WordTag>{' '}
            {slot.reading?.temperature ? `${showTemperature(slot.reading.temperature)} ℃ ` : ''}
            {slot.state === 'open' ? <Due at={slot.dueAt} /> : null}
          </li>
        ))}
    </ul>
  )
}

/** What has come, by whom and when; what is still to come today. */
export function Readings({ of }: { of: Observed }): ReactNode {
  const { id, county } = of
  const { t } = useTranslation('centre')
  const say = useSay()
  const slotWords = useSlotWords()
  const saidWords = useSaidWords()
  const path = `/api/observations/${id}/readings`
  const head = useQuery({ ...q(ReadingPage, path, { limit: 1 }), refetchInterval: 30_000 })
  const list = useList(ReadingPage, path, { limit: FEW }, { every: 30_000 })
  const values = head.data?.values ?? false
  return (
    <Section title={t('obs.r.head')}>
      <ReadProblem error={head.error} again={null} />
      {head.data ? <Reached of={of} head={head.data} /> : null}
      <Slots slots={head.data?.slots ?? []} />
      {head.data && !values ? <p className="progress-text">{t('obs.r.hidden')}</p> : null}
      {list.error ? null : (
        <ListTable<ReadingView>
          name={t('obs.r.head')}
          list={list}
          rowKey={(row) => row.id}
          empty={{ why: t('obs.r.none'), todo: t('obs.r.none.todo') }}
          columns={[
            { key: 'slot', title: t('obs.r.slot'), cell: (row) => slotWords(row.slot) },
            {
              key: 'temperature',
              title: t('obs.r.temperature'),
              cell: (row) =>
                !values ? (
                  '–'
                ) : row.temperature === null ? (
                  t('obs.r.noTemperature')
                ) : row.fever ? (
                  <b>{showTemperature(row.temperature)} ℃</b>
                ) : (
                  `${showTemperature(row.temperature)} ℃`
                ),
            },
            {
              key: 'said',
              title: t('obs.r.said'),
              cell: (row) => (
                <span>
                  {values ? saidWords(row) : '–'} {row.alarm ? <WordTag strong>{t('obs.r.alarm')}</WordTag> : null}
                  {row.supersededBy ? <WordTag>{t('obs.r.corrected')}</WordTag> : null}
                  {row.hasNote ? <Words county={county} reading={row} /> : null}
                </span>
              ),
            },
            {
              key: 'by',
              title: t('obs.r.by'),
              cell: (row) => [say(WAY_IN_NAMES[row.how]), row.by?.name].filter(Boolean).join(' · '),
            },
            { key: 'taken', title: t('obs.r.taken'), cell: (row) => <When at={row.occurredAt} /> },
          ]}
        />
      )}
    </Section>
  )
}
