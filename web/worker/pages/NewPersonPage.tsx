import { useParams, useRouter } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useJoin, useSay } from '../../i18n/setup.ts'
import { Empty } from '../../kit/common/Notice.tsx'
import { ActBar, BigButton, Chips, Line } from '../../kit/phone/controls.tsx'
import { Head } from '../Frame.tsx'
import { newId } from '../../shared/newId.ts'
import { paths } from '../paths.ts'
import { useDoor, useDraft, useFormOpen, usePhone } from '../phone/hooks.tsx'
import type { DoorView, NearHit } from '../phone/types.ts'
import { Near } from './Near.tsx'
import { useHeld } from './useHeld.ts'
import { toFault } from './toFault.ts'

const Draft = z.object({
  id: z.string(),
  name: z.string(),
  phone: z.string(),
  document: z.string(),
  birth: z.string(),
  sex: z.enum(['0', '1', '2']),
  reason: z.string(),
})
type Draft = z.infer<typeof Draft>
const REST_MS = 250

/** Near people of the register and of what waits here, a moment after the last key. */
function useNear(draft: Draft): readonly NearHit[] {
  const phone = usePhone()
  const [near, setNear] = useState<readonly NearHit[]>([])
  const { name, phone: number, birth, sex } = draft
  useEffect(() => {
    let wanted = true
    const timer = setTimeout(() => {
      if (name.trim() === '') return setNear([])
      const known = { ...(number.trim() ? { phone: number } : {}), ...(birth ? { birth } : {}) }
      void phone.near({ name: name.trim(), ...known, sex: Number(sex) }).then((hits) => {
        if (wanted) setNear(hits)
      })
      return undefined
    }, REST_MS)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [phone, name, number, birth, sex])
  return near
}

function bodyOf(draft: Draft, door: DoorView, isNear: boolean): Record<string, unknown> {
  const text = { phone: draft.phone, document: draft.document, birth: draft.birth }
  const given = Object.entries({ ...text, continueReason: isNear ? draft.reason : '' })
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([, value]) => value !== '')
  return {
    id: draft.id,
    name: draft.name.trim(),
    area: door.body.area,
    householdId: door.id,
    ...(draft.sex === '0' ? {} : { sex: Number(draft.sex) }),
    ...Object.fromEntries(given),
  }
}

function PersonForm({ door }: { door: DoorView }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const join = useJoin()
  const phone = usePhone()
  const router = useRouter()
  const of = { form: 'person.add', version: '1', subject: door.id }
  const {
    value: draft,
    set: keep,
    drop,
  } = useDraft<Draft>(
    of,
    () => ({ id: newId(phone.now()), name: '', phone: '', document: '', birth: '', sex: '0', reason: '' }),
    (content) => Draft.safeParse(content).data ?? null,
  )
  const form = useRef<HTMLFormElement>(null)
  const [pressed, setPressed] = useState(false)
  const near = useNear(draft)
  const isOpen = near.length > 0 && draft.reason.trim().length < 2
  const set = (patch: Partial<Draft>): void => keep({ ...draft, ...patch })
  const save = async (): Promise<void> => {
    setPressed(true)
    if (draft.name.trim() === '' || isOpen) return toFault(form.current)
    await phone.outbox.add({
      kind: 'person.add',
      grid: door.grid,
      body: bodyOf(draft, door, near.length > 0),
      draft: of,
    })
    router.history.replace(paths.door(door.id))
  }
  /** It is this one: who lives at this door from now on; at this door already there is nothing to say. */
  const use = async (personId: string): Promise<void> => {
    if (phone.shelf.person(personId)?.body.householdId === door.id) await drop()
    else {
      const body = { id: draft.id, personId, householdId: door.id, fromDay: phone.today() }
      await phone.outbox.add({ kind: 'person.use', grid: door.grid, body, draft: of })
    }
    router.history.replace(paths.door(door.id))
  }
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
      <Line
        label={t('name')}
        fault={pressed && draft.name.trim() === '' ? c('field.required') : undefined}
        value={draft.name}
        onChange={(name) => set({ name })}
      />
      <Line
        label={t('phone')}
        help={t('note.help')}
        pad="tel"
        value={draft.phone}
        onChange={(number) => set({ phone: number })}
      />
      <Line
        label={t('document')}
        help={t('note.help')}
        value={draft.document}
        onChange={(document) => set({ document })}
      />
      <Line
        type="date"
        label={t('birth')}
        help={t('note.help')}
        value={draft.birth}
        onChange={(birth) => set({ birth })}
      />
      <Chips
        emptyable
        label={t('sex')}
        help={t('note.help')}
        groups={[
          {
            chips: [
              { value: '1', label: t('sex.1') },
              { value: '2', label: t('sex.2') },
            ],
          },
        ]}
        value={draft.sex === '0' ? null : draft.sex}
        onChange={(sex) => set({ sex: sex ?? '0' })}
      />
      <Near
        of="people"
        near={near.map(({ person, reasons }) => ({
          id: person.id,
          name: person.name ?? person.body.masked,
          says: [join(reasons.map(say)), person.birth, phone.shelf.door(person.body.householdId ?? '')?.label],
          href: paths.person(person.id),
        }))}
        reason={draft.reason}
        fault={pressed && isOpen ? c('field.required') : undefined}
        onReason={(reason) => set({ reason })}
        onUse={(id) => void use(id)}
      />
      <ActBar>
        <BigButton primary submit>
          {t('person.save')}
        </BigButton>
      </ActBar>
    </form>
  )
}

/** Somebody who lives at a door and is not in the register; near ones are shown before saving, without a net too. */
export function NewPersonPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { id = '' } = useParams({ strict: false })
  const door = useHeld(useDoor(id), id)
  useFormOpen()
  return (
    <div className="phone-with-act">
      <Head title={t('person.new')} back={paths.door(id)} />
      <main className="phone-main">
        {door ? <PersonForm key={id} door={door} /> : <Empty why={t('door.gone')} todo={t('door.gone.todo')} />}
      </main>
    </div>
  )
}
