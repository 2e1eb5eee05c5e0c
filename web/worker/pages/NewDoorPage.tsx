import { HOUSEHOLD_KINDS, HOUSEHOLD_USES } from '@weiwang/domain/people/api'
import { useRouter } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useJoin, useLang, useSay } from '../../i18n/setup.ts'
import { ActBar, BigButton, Chips, Line } from '../../kit/phone/controls.tsx'
import { Head } from '../Frame.tsx'
import { newId } from '../../shared/newId.ts'
import { paths } from '../paths.ts'
import { useDoors, useDraft, useFormOpen, useMine, usePhone } from '../phone/hooks.tsx'
import { useKindWord } from './Cards.tsx'
import { Near } from './Near.tsx'
import { toFault } from './toFault.ts'

const Draft = z.object({
  id: z.string(),
  grid: z.string(),
  kind: z.enum(HOUSEHOLD_KINDS),
  use: z.enum(HOUSEHOLD_USES),
  estate: z.string(),
  building: z.string(),
  door: z.string(),
  reason: z.string(),
})
type Draft = z.infer<typeof Draft>
const OF = { form: 'household.add', version: '1', subject: '' }
const USES = ['self', 'rented', 'vacant'] as const

function given(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields)
      .map(([name, text]) => [name, text.trim()])
      .filter(([, text]) => text !== ''),
  )
}

/** A door that is not in the register; near ones are shown before it is kept, without a net too (case 9). */
export function NewDoorPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const join = useJoin()
  const lang = useLang()
  const kindWord = useKindWord()
  const phone = usePhone()
  const router = useRouter()
  const duties = useMine()?.duties ?? []
  const doors = useDoors()
  useFormOpen()
  const {
    value: draft,
    set: keep,
    drop,
  } = useDraft<Draft>(
    OF,
    () => ({
      id: newId(phone.now()),
      grid: duties[0]?.grid ?? '',
      kind: 'home',
      use: 'self',
      estate: doors[0]?.body.estate ?? '',
      building: '',
      door: '',
      reason: '',
    }),
    (content) => Draft.safeParse(content).data ?? null,
  )
  const form = useRef<HTMLFormElement>(null)
  const [pressed, setPressed] = useState(false)
  const set = (patch: Partial<Draft>): void => keep({ ...draft, ...patch })
  const near = useMemo(() => phone.nearDoors(given(draft)), [phone, draft])
  const isOpen = near.length > 0 && draft.reason.trim().length < 2
  const save = async (): Promise<void> => {
    setPressed(true)
    if (draft.door.trim() === '' || isOpen || draft.grid === '') return toFault(form.current)
    const { id, grid, kind, use, estate, building, door, reason } = draft
    const body = {
      id,
      area: grid,
      kind,
      use,
      ...given({ estate, building, door, continueReason: near.length > 0 ? reason : '' }),
      members: [],
    }
    await phone.outbox.add({ kind: 'household.add', grid, body, draft: OF })
    router.history.replace(paths.door(id))
  }
  /** It is this one: nothing was made, so there is nothing to send. */
  const use = (door: string): void => void drop().then(() => router.history.replace(paths.door(door)))
  return (
    <div className="phone-with-act">
      <Head title={t('door.new')} back={paths.doors()} />
      <main className="phone-main">
        <form
          ref={form}
          className="card"
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            void save()
          }}
        >
          {duties.length > 1 ? (
            <Chips<string>
              label={t('grid')}
              groups={[{ chips: duties.map((duty) => ({ value: duty.grid, label: duty.name[lang] })) }]}
              value={draft.grid}
              onChange={(grid) => set({ grid: grid ?? draft.grid })}
            />
          ) : null}
          <Chips
            label={t('door.kind')}
            groups={[{ chips: HOUSEHOLD_KINDS.map((kind) => ({ value: kind, label: kindWord(kind) })) }]}
            value={draft.kind}
            onChange={(kind) => set({ kind: kind ?? 'home' })}
          />
          <Line label={t('estate')} value={draft.estate} onChange={(estate) => set({ estate })} />
          <Line label={t('building')} value={draft.building} onChange={(building) => set({ building })} />
          <Line
            label={t('doorNumber')}
            fault={pressed && draft.door.trim() === '' ? c('field.required') : undefined}
            value={draft.door}
            onChange={(door) => set({ door })}
          />
          <Chips
            label={t('door.use')}
            groups={[{ chips: USES.map((use) => ({ value: use, label: t(`use.${use}`) })) }]}
            value={USES.find((use) => use === draft.use) ?? null}
            onChange={(use) => set({ use: use ?? 'self' })}
          />
          <Near
            of="doors"
            near={near.map(({ door, reasons }) => ({
              id: door.id,
              name: door.label ?? t('door.unknown'),
              says: [join(reasons.map(say)), door.address],
              href: paths.door(door.id),
            }))}
            reason={draft.reason}
            fault={pressed && isOpen ? c('field.required') : undefined}
            onReason={(reason) => set({ reason })}
            onUse={use}
          />
          <ActBar>
            <BigButton primary submit>
              {t('door.save')}
            </BigButton>
          </ActBar>
        </form>
      </main>
    </div>
  )
}
