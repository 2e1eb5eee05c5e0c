import { RESIDENCE_KINDS } from '@weiwang/domain/people/api'
import { useParams, useRouter } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { Empty, Notice } from '../../kit/common/Notice.tsx'
import { ActBar, BigButton, Chips, Known, Line, Segments } from '../../kit/phone/controls.tsx'
import { Head } from '../Frame.tsx'
import { paths } from '../paths.ts'
import { useDoor, useDraft, useFormOpen, usePerson, usePhone, useSearch } from '../phone/hooks.tsx'
import type { DoorView, PersonView } from '../phone/types.ts'
import { GridPick } from './GridPick.tsx'
import { useHeld } from './useHeld.ts'
import { toFault } from './toFault.ts'

const MOST_DOORS = 6
const Draft = z.object({
  way: z.enum(['door', 'away']),
  door: z.string(),
  place: z.object({ code: z.string(), name: z.string() }).nullable(),
  address: z.string(),
  kind: z.enum(RESIDENCE_KINDS),
  fromDay: z.string(),
})
type Draft = z.infer<typeof Draft>

/** Another door of my grids, found as everywhere on the phone. */
function DoorPick({
  chosen,
  leave,
  fault,
  onChange,
}: {
  chosen: DoorView | null
  /** Where the person lives now: no move. */
  leave: string
  fault: string | undefined
  onChange: (door: string) => void
}): ReactNode {
  const { t } = useTranslation('worker')
  const [text, setText] = useState('')
  const { hits } = useSearch(text)
  const doors = hits
    .flatMap((hit) => (hit.kind === 'door' && hit.door.id !== leave ? [hit.door] : []))
    .slice(0, MOST_DOORS)
  if (chosen) {
    return (
      <>
        <Known rows={[[t('move.toDoor'), chosen.label ?? t('door.unknown')]]} />
        <p>
          <BigButton onClick={() => onChange('')}>{t('move.other')}</BigButton>
        </p>
      </>
    )
  }
  return (
    <>
      <Line
        label={t('move.toDoor')}
        help={t('move.toDoor.help')}
        pad="search"
        fault={fault}
        value={text}
        onChange={setText}
      />
      <div className="big-row">
        {doors.map((door) => (
          <BigButton key={door.id} onClick={() => onChange(door.id)}>
            {door.label ?? t('door.unknown')}
          </BigButton>
        ))}
      </div>
    </>
  )
}

function bodyOf(person: PersonView, draft: Draft): Record<string, unknown> {
  const to = draft.way === 'door' ? { householdId: draft.door } : { area: draft.place?.code }
  const address = draft.way === 'away' && draft.address.trim() !== '' ? { address: draft.address.trim() } : {}
  return { id: person.id, ...to, kind: draft.kind, fromDay: draft.fromDay, ...address }
}

function Move({ person }: { person: PersonView }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const phone = usePhone()
  const router = useRouter()
  const of = { form: 'person.move', version: '1', subject: person.id }
  const { value: draft, set: keep } = useDraft<Draft>(
    of,
    () => ({ way: 'door', door: '', place: null, address: '', kind: 'unknown', fromDay: phone.today() }),
    (content) => Draft.safeParse(content).data ?? null,
  )
  const form = useRef<HTMLFormElement>(null)
  const [pressed, setPressed] = useState(false)
  const door = useDoor(draft.door)
  const set = (patch: Partial<Draft>): void => keep({ ...draft, ...patch })
  const hasPlace = draft.way === 'door' ? door !== null : draft.place !== null
  const isLater = draft.fromDay > phone.today()
  const save = async (): Promise<void> => {
    setPressed(true)
    if (!hasPlace || draft.fromDay === '' || isLater) return toFault(form.current)
    await phone.outbox.add({ kind: 'person.move', grid: person.grid, body: bodyOf(person, draft), draft: of })
    router.history.replace(paths.person(person.id))
  }
  const missing = pressed && !hasPlace ? c('field.required') : undefined
  return (
    <form
      ref={form}
      className="card"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <p>{t('move.lead')}</p>
      <Segments
        label={t('move.where')}
        value={draft.way}
        choices={[
          { value: 'door', label: t('move.door') },
          { value: 'away', label: t('move.away') },
        ]}
        onChange={(way) => set({ way })}
      />
      {draft.way === 'door' ? (
        <DoorPick
          chosen={door}
          leave={person.body.householdId ?? ''}
          fault={missing}
          onChange={(id) => set({ door: id })}
        />
      ) : (
        <>
          <Notice kind="note" head={t('move.away.note')} />
          <GridPick label={t('goesTo')} fault={missing} value={draft.place} onChange={(place) => set({ place })} />
          <Line
            label={t('address')}
            help={t('note.help')}
            value={draft.address}
            onChange={(address) => set({ address })}
          />
        </>
      )}
      <Chips
        label={t('move.kind')}
        groups={[{ chips: RESIDENCE_KINDS.map((kind) => ({ value: kind, label: t(`residence.${kind}`) })) }]}
        value={draft.kind}
        onChange={(kind) => set({ kind: kind ?? 'unknown' })}
      />
      <Line
        type="date"
        label={t('move.from')}
        fault={
          pressed && draft.fromDay === '' ? c('field.required') : pressed && isLater ? t('move.from.later') : undefined
        }
        value={draft.fromDay}
        onChange={(fromDay) => set({ fromDay })}
      />
      <ActBar>
        <BigButton primary submit>
          {t('move.save')}
        </BigButton>
      </ActBar>
    </form>
  )
}

/** Somebody lives elsewhere from a day on: at another door of mine, or away (PEOPLE-14). */
export function MovePersonPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { id = '' } = useParams({ strict: false })
  const person = useHeld(usePerson(id), id)
  useFormOpen()
  return (
    <div className="phone-with-act">
      <Head
        title={person ? t('move.of', { name: person.name ?? person.body.masked }) : t('move')}
        back={paths.person(id)}
      />
      <main className="phone-main">
        {person ? <Move key={id} person={person} /> : <Empty why={t('person.gone')} todo={t('door.gone.todo')} />}
      </main>
    </div>
  )
}
