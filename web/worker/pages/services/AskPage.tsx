import { SERVICE_KINDS, ServiceKind, URGENCIES, Urgency } from '@weiwang/domain/observation/service-api'
import { PROMISES, URGENCY_SAY } from '@weiwang/domain/observation/service-kind'
import { WINDOW_SAY, windowNamed, windowsAhead } from '@weiwang/domain/observation/service-window'
import { useParams } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useSay } from '../../../i18n/setup.ts'
import { Empty, Notice } from '../../../kit/common/Notice.tsx'
import { ActBar, BigButton, Chips, TextLine } from '../../../kit/phone/controls.tsx'
import { newId } from '../../../shared/newId.ts'
import { useClock } from '../../clock.tsx'
import { Head } from '../../Frame.tsx'
import { paths } from '../../paths.ts'
import { useDoor, useDraft, useFormOpen, useMembers, usePhone } from '../../phone/hooks.tsx'
import { PhoneFull } from '../../phone/store.ts'
import type { DoorView } from '../../phone/types.ts'
import { Sent } from '../Sent.tsx'
import { toFault } from '../toFault.ts'
import { useHeld } from '../useHeld.ts'

const Draft = z.object({
  id: z.string(),
  kind: ServiceKind.nullable(),
  urgency: Urgency,
  personId: z.string(),
  window: z.string().default(''),
  words: z.string(),
})
type Draft = z.infer<typeof Draft>

const ANY_TIME = ''
/** For the door as a whole. */
const WHOLE = ''

function Form({ door }: { door: DoorView }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useSay()
  const phone = usePhone()
  const members = useMembers(door.id)
  const { now, zone } = useClock()
  const form = useRef<HTMLFormElement>(null)
  const [pressed, setPressed] = useState(false)
  const [full, setFull] = useState(false)
  const [filed, setFiled] = useState<string | null>(null)
  useFormOpen()
  const of = { form: 'service.ask', version: '1', subject: door.id }
  const {
    value: draft,
    set,
    restored,
  } = useDraft<Draft>(
    of,
    () => ({ id: newId(phone.now()), kind: null, urgency: 'usual', personId: WHOLE, window: ANY_TIME, words: '' }),
    (content) => Draft.safeParse(content).data ?? null,
  )
  const file = async (): Promise<void> => {
    setPressed(true)
    if (draft.kind === null) return toFault(form.current)
    const words = draft.words.trim()
    const window = windowNamed(draft.window, phone.now(), zone)
    try {
      const item = await phone.outbox.add({
        kind: 'service.ask',
        grid: door.grid,
        body: {
          id: draft.id,
          kind: draft.kind,
          urgency: draft.urgency,
          householdId: door.id,
          ...(draft.personId === WHOLE ? {} : { personId: draft.personId }),
          ...(window === null ? {} : { window }),
          ...(words === '' ? {} : { words }),
          occurredAt: phone.now().toISOString(),
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
  if (filed !== null) return <Sent item={filed} disposition={null} onCorrect={null} next={paths.door(door.id)} />
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void file()
      }}
    >
      {restored ? <Notice kind="note" head={t('draft.restored')} /> : null}
      <Chips<ServiceKind>
        label={t('svc.kind')}
        fault={pressed && draft.kind === null ? c('field.required') : undefined}
        value={draft.kind}
        onChange={(kind) => set({ ...draft, kind })}
        groups={[{ chips: SERVICE_KINDS.map((value) => ({ value, label: say(PROMISES[value].say) })) }]}
      />
      <Chips<Urgency>
        label={t('svc.urgency')}
        value={draft.urgency}
        onChange={(urgency) => set({ ...draft, urgency: urgency ?? 'usual' })}
        groups={[{ chips: URGENCIES.map((value) => ({ value, label: say(URGENCY_SAY[value]) })) }]}
      />
      <Chips
        label={t('svc.for')}
        value={draft.personId}
        onChange={(personId) => set({ ...draft, personId: personId ?? WHOLE })}
        groups={[
          {
            chips: [
              { value: WHOLE, label: t('svc.whole') },
              ...members
                .filter(({ local }) => !local)
                .map(({ id, name, body }) => ({ value: id, label: name ?? body.masked })),
            ],
          },
        ]}
      />
      <Chips
        label={t('svc.when')}
        value={draft.window}
        onChange={(window) => set({ ...draft, window: window ?? ANY_TIME })}
        groups={[
          {
            chips: [
              { value: ANY_TIME, label: t('svc.when.any') },
              ...windowsAhead(now, zone).map(({ name }) => ({ value: name, label: say(WINDOW_SAY[name]) })),
            ],
          },
        ]}
      />
      <TextLine
        label={t('svc.words')}
        help={t('note.help')}
        value={draft.words}
        onChange={(words) => set({ ...draft, words })}
      />
      {full ? <Notice kind="fault" head={t('phone.full')} body={t('phone.full.todo')} /> : null}
      <ActBar>
        <BigButton primary submit>
          {t('svc.ask')}
        </BigButton>
      </ActBar>
    </form>
  )
}

/** Help asked for at a door: kept here at once, offered to somebody when the server has it. */
export function AskPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { id = '' } = useParams({ strict: false })
  const door = useHeld(useDoor(id), id)
  return (
    <div className="phone-with-act">
      <Head title={t('svc.ask.title')} back={paths.door(id)} />
      <main className="phone-main">
        {door ? (
          <>
            <section className="card">
              <span className="card-door">{door.label ?? t('door.unknown')}</span>
            </section>
            <Form key={id} door={door} />
          </>
        ) : (
          <Empty why={t('door.gone')} todo={t('door.gone.todo')} />
        )}
      </main>
    </div>
  )
}
