import { alarmOf, MOOD_NAMES, MOODS, SYMPTOM_LIST } from '@weiwang/domain/observation/reading'
import { isUnlikely, parseTemperature, showTemperature } from '@weiwang/domain/observation/temperature'
import { SERVICE_KINDS } from '@weiwang/domain/observation/service-api'
import { PROMISES } from '@weiwang/domain/observation/service-kind'
import { useParams } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useSay } from '../../../i18n/setup.ts'
import { Empty, Notice } from '../../../kit/common/Notice.tsx'
import { ActBar, BigButton, Chips, Line, MultiChips, Switch, TextLine } from '../../../kit/phone/controls.tsx'
import { Head } from '../../Frame.tsx'
import { newId } from '../../../shared/newId.ts'
import type { Watched, WatchedDoor } from '../../observation/watched.ts'
import { useWatchedDoors } from '../../observation/useWatched.ts'
import { paths } from '../../paths.ts'
import { useDraft, useFormOpen, usePhone } from '../../phone/hooks.tsx'
import { PhoneFull } from '../../phone/store.ts'
import { HelpAtDoor } from '../Help.tsx'
import { Sent } from '../Sent.tsx'
import { toFault } from '../toFault.ts'
import { useHeld } from '../useHeld.ts'
import { Slots, useDayWords, useDoorOf, useNameOf } from './parts.tsx'

const Entry = z.object({
  id: z.string(),
  on: z.boolean(),
  temperature: z.string(),
  untaken: z.boolean(),
  sure: z.boolean(),
  symptoms: z.array(z.string()),
  mood: z.enum(MOODS).nullable(),
  needs: z.array(z.string()),
  note: z.string(),
})
type Entry = z.infer<typeof Entry>
const Draft = z.record(z.string(), Entry)
type Draft = z.infer<typeof Draft>

/** Why an entry cannot be kept yet; null when it can. */
function faultOf(entry: Entry): 'missing' | 'bad' | 'unlikely' | null {
  if (!entry.on || entry.untaken) return null
  if (entry.temperature.trim() === '') return 'missing'
  const tenths = parseTemperature(entry.temperature)
  if (tenths === null) return 'bad'
  return isUnlikely(tenths) && !entry.sure ? 'unlikely' : null
}

function itemOf(of: Watched, entry: Entry): Record<string, unknown> {
  const note = entry.note.trim()
  return {
    id: entry.id,
    county: of.county,
    observationId: of.id,
    temperature: entry.untaken ? null : parseTemperature(entry.temperature),
    symptoms: entry.symptoms,
    mood: entry.mood,
    needs: entry.needs,
    confirmed: entry.sure,
    ...(note === '' ? {} : { note }),
  }
}

function PersonForm({
  of,
  entry,
  pressed,
  onChange,
}: {
  of: Watched
  entry: Entry
  pressed: boolean
  onChange: (patch: Partial<Entry>) => void
}): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const name = useNameOf()(of)
  const day = useDayWords()(of)
  const fault = faultOf(entry)
  const tenths = entry.untaken ? null : parseTemperature(entry.temperature)
  const words = { missing: c('field.required'), bad: t('obs.temperature.bad'), unlikely: t('obs.temperature.check') }
  const shown = fault !== null && (pressed || fault === 'unlikely') ? words[fault] : undefined
  return (
    <section className="card" aria-label={name}>
      <b className="card-name">{name}</b>
      <span className="card-place">{day}</span>
      <Slots of={of} />
      <Switch label={t('obs.file.person')} on={entry.on} onChange={(on) => onChange({ on })} />
      {entry.on ? (
        <>
          {entry.untaken ? null : (
            <Line
              label={t('obs.temperature')}
              pad="decimal"
              value={entry.temperature}
              fault={shown}
              onChange={(temperature) => onChange({ temperature, sure: false })}
            />
          )}
          {tenths !== null && isUnlikely(tenths) ? (
            <Switch
              label={t('obs.temperature.sure', { t: showTemperature(tenths) })}
              on={entry.sure}
              onChange={(sure) => onChange({ sure })}
            />
          ) : null}
          <Switch
            label={t('obs.temperature.none')}
            on={entry.untaken}
            onChange={(untaken) => onChange({ untaken, sure: false })}
          />
          <MultiChips
            label={t('obs.symptoms')}
            value={entry.symptoms}
            onChange={(symptoms) => onChange({ symptoms })}
            chips={SYMPTOM_LIST.map((one) => ({ value: one.code, label: say(one.say) }))}
          />
          {alarmOf({ temperature: tenths, symptoms: entry.symptoms }) ? (
            <Notice kind="note" head={t('obs.alarm')} />
          ) : null}
          <details className="fold">
            <summary className="group">{t('obs.more')}</summary>
            <Chips
              emptyable
              label={t('obs.mood')}
              value={entry.mood}
              onChange={(mood) => onChange({ mood })}
              groups={[{ chips: MOODS.map((value) => ({ value, label: say(MOOD_NAMES[value]) })) }]}
            />
            <MultiChips
              label={t('obs.needs')}
              value={entry.needs}
              onChange={(needs) => onChange({ needs })}
              chips={SERVICE_KINDS.map((value) => ({ value, label: say(PROMISES[value].say) }))}
            />
            <TextLine label={t('obs.note')} value={entry.note} onChange={(note) => onChange({ note })} />
          </details>
        </>
      ) : null}
    </section>
  )
}

function Form({ door }: { door: WatchedDoor }): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const form = useRef<HTMLFormElement>(null)
  const [pressed, setPressed] = useState(false)
  const [full, setFull] = useState(false)
  const [filed, setFiled] = useState<string | null>(null)
  useFormOpen()
  const people = door.people.filter((one) => one.slots.length > 0)
  const of = { form: 'reading.file', version: '1', subject: door.id }
  const fresh = (one: Watched): Entry => ({
    id: newId(phone.now()),
    on: people.length === 1 || one.slots.some((slot) => slot.state === 'open' || slot.state === 'missed'),
    temperature: '',
    untaken: false,
    sure: false,
    symptoms: [],
    mood: null,
    needs: [],
    note: '',
  })
  const { value: draft, set } = useDraft<Draft>(
    of,
    () => Object.fromEntries(door.people.map((one) => [one.id, fresh(one)])),
    (content) => Draft.safeParse(content).data ?? null,
  )
  const entryOf = (one: Watched): Entry => draft[one.id] ?? fresh(one)
  const chosen = people.filter((one) => entryOf(one).on)
  const file = async (): Promise<void> => {
    setPressed(true)
    if (chosen.length === 0 || chosen.some((one) => faultOf(entryOf(one)) !== null)) return toFault(form.current)
    const grid = people[0]?.grid
    try {
      const item = await phone.outbox.add({
        kind: 'reading.file',
        grid,
        body: {
          how: 'door',
          occurredAt: phone.now().toISOString(),
          items: chosen.map((one) => itemOf(one, entryOf(one))),
        },
        draft: of,
      })
      setFiled(item.key)
    } catch (error) {
      if (!(error instanceof PhoneFull)) throw error
      setFull(true)
    }
    return undefined
  }
  if (filed !== null) return <Sent item={filed} disposition={null} onCorrect={null} next={paths.observed(door.id)} />
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void file()
      }}
    >
      {people.map((one) => (
        <PersonForm
          key={one.id}
          of={one}
          entry={entryOf(one)}
          pressed={pressed}
          onChange={(patch) => set({ ...draft, [one.id]: { ...entryOf(one), ...patch } })}
        />
      ))}
      {pressed && chosen.length === 0 ? <Notice kind="fault" head={t('obs.nobody')} /> : null}
      {full ? <Notice kind="fault" head={t('phone.full')} /> : null}
      <HelpAtDoor grid={people[0]?.grid ?? ''} householdId={door.householdId} />
      <ActBar>
        <BigButton primary submit>
          {t('obs.file')}
        </BigButton>
      </ActBar>
    </form>
  )
}

/** Readings of everybody at one door in one go; kept here at once, sent when there is a net. */
export function ReadingsPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { id = '' } = useParams({ strict: false })
  const doorOf = useDoorOf()
  const door = useHeld(useWatchedDoors().find((one) => one.id === id) ?? null, id)
  return (
    <div className="phone-with-act">
      <Head title={door ? doorOf(door.householdId) : t('obs.title')} back={paths.observed(id)} />
      <main className="phone-main">
        {door ? <Form key={id} door={door} /> : <Empty why={t('obs.empty')} todo={t('obs.empty.todo')} />}
      </main>
    </div>
  )
}
