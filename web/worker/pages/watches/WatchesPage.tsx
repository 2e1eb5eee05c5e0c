import { LeaderDoorView, MyWatch, OpenedNote } from '@weiwang/domain/teams/api'
import { RANG, WATCH_KINDS } from '@weiwang/domain/teams/watch'
import type { Rang } from '@weiwang/domain/teams/watch'
import { isGone, WatchBody, WatchNoteBody } from '@weiwang/domain/sync/feed'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { Empty, Notice } from '../../../kit/common/Notice.tsx'
import { BigButton, Chips, Sheet, TextLine } from '../../../kit/phone/controls.tsx'
import { newId } from '../../../shared/newId.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { grouped } from '../../../words/numbers.ts'
import { Head } from '../../Frame.tsx'
import { Go } from '../../Go.tsx'
import { byDoor } from '../../order.ts'
import { paths } from '../../paths.ts'
import { useHeard, useKept, useOutbox, usePhone, useThings } from '../../phone/hooks.tsx'
import { PhoneFull } from '../../phone/store.ts'
import { AsOf } from '../AsOf.tsx'
import { Long } from '../Long.tsx'
import { useOpening } from '../online/useOpening.ts'
import { State } from '../Sent.tsx'
import { Strip } from '../Strip.tsx'

/** As the server says it now; what a newer one says besides is left out (case 19). */
const Led = z.object({ items: z.array(MyWatch.strip().extend({ doors: z.array(LeaderDoorView.strip()) })) })
type Led = z.output<typeof Led>['items'][number]
type LedDoor = Led['doors'][number]

const NOTHING = '–'
const numberOf = ({ building, door }: Pick<LedDoor, 'building' | 'door'>): string =>
  [building, door].filter(Boolean).join(' ') || NOTHING

function useKind(): (kind: string) => string {
  const { t } = useTranslation('worker')
  return (kind) => {
    const known = WATCH_KINDS.find((one) => one === kind)
    return known ? t(`watch.kind.${known}`) : kind
  }
}

const Note = z.object({ rang: z.enum(RANG), text: z.string() })
const UNSAID: z.infer<typeof Note> = { rang: 'well', text: '' }

/** A ring at a door, or a call for help: kept here at once, told to the workers of the grid when there is a net (WATCH-8). */
function NoteSheet({
  watch,
  door,
  kind,
  onClose,
}: {
  watch: Pick<Led, 'id' | 'name'>
  door: LedDoor | null
  kind: 'rang' | 'help'
  onClose: () => void
}): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const phone = usePhone()
  const [id] = useState(() => newId(phone.now()))
  const {
    value: { rang, text },
    patch,
    draft,
  } = useKept({ form: 'watch.note', version: kind, subject: door?.householdId ?? watch.id }, Note, UNSAID)
  const [full, setFull] = useState(false)
  const isHelp = kind === 'help'
  const keep = async (): Promise<void> => {
    try {
      await phone.outbox.add({
        kind: 'watch.note',
        body: {
          id,
          watchId: watch.id,
          householdId: door?.householdId ?? null,
          kind,
          rang: isHelp ? null : rang,
          text: text.trim(),
          occurredAt: phone.now().toISOString(),
        },
        draft,
      })
      onClose()
      if (isHelp) void phone.sync()
    } catch (error) {
      if (!(error instanceof PhoneFull)) throw error
      setFull(true)
    }
  }
  const title = t(isHelp ? 'watch.help' : 'watch.rang')
  return (
    <Sheet title={`${title} · ${door ? numberOf(door) : watch.name}`} open onClose={onClose} close={c('act.cancel')}>
      {isHelp ? (
        <p>{t('watch.help.lead')}</p>
      ) : (
        <Chips<Rang>
          label={t('watch.how')}
          value={rang}
          onChange={(next) => patch({ rang: next ?? 'well' })}
          groups={[{ chips: RANG.map((value) => ({ value, label: t(`watch.rang.${value}`) })) }]}
        />
      )}
      <TextLine
        label={t(isHelp ? 'watch.help.text' : 'note')}
        help={t('watch.text.help')}
        value={text}
        onChange={(next) => patch({ text: next })}
      />
      {full ? <Notice kind="fault" takesFocus head={t('phone.full')} /> : null}
      <p>
        <BigButton primary onClick={() => void keep()}>
          {title}
        </BigButton>
      </p>
    </Sheet>
  )
}

/** What was written about a door on this phone and has not reached the server. */
function Written({ of }: { of: (body: Readonly<Record<string, unknown>>) => boolean }): ReactNode {
  const items = useOutbox().filter(({ kind, body }) => kind === 'watch.note' && body !== null && of(body))
  return items.map((item) => (
    <Go key={item.key} href={paths.sent(item.key)} className="card-place">
      <State item={item} receipt={null} />
    </Go>
  ))
}

function LedWatch({ watch }: { watch: Led }): ReactNode {
  const { t } = useTranslation('worker')
  const kind = useKind()
  const [note, setNote] = useState<{ door: LedDoor | null; kind: 'rang' | 'help' } | null>(null)
  return (
    <section aria-label={watch.name}>
      <h2 className="group">
        {watch.name} · {kind(watch.kind)} · {t('watch.doors', { n: watch.doors.length })}
      </h2>
      <Long>
        {watch.doors.map((door) => (
          <section key={door.householdId} className="card" aria-label={numberOf(door)}>
            <span className="card-door">{numberOf(door)}</span>
            <span className="card-who">
              <span>{t('members', { n: door.members })}</span>
              {door.help ? <b>{t('watch.needs')}</b> : null}
            </span>
            <Written of={(body) => body['householdId'] === door.householdId} />
            <div className="big-row">
              <BigButton onClick={() => setNote({ door, kind: 'rang' })}>{t('watch.rang')}</BigButton>
              <BigButton onClick={() => setNote({ door, kind: 'help' })}>{t('watch.help')}</BigButton>
            </div>
          </section>
        ))}
      </Long>
      <Written of={(body) => body['watchId'] === watch.id && body['householdId'] === null} />
      <p>
        <BigButton onClick={() => setNote({ door: null, kind: 'help' })}>{t('watch.help.whole')}</BigButton>
      </p>
      {note ? <NoteSheet watch={watch} door={note.door} kind={note.kind} onClose={() => setNote(null)} /> : null}
    </section>
  )
}

function WhatIsWritten({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('worker')
  const { busy, error, opened, open } = useOpening(OpenedNote, `/api/watches/notes/${id}/open`)
  if (opened) return <p className="said">{opened.text === '' ? t('watch.text.none') : opened.text}</p>
  return (
    <>
      <ProblemNotice error={error} />
      <BigButton busy={busy} onClick={() => void open({ purpose: 'contact_person' })}>
        {t('watch.open')}
      </BigButton>
    </>
  )
}

/** A leader asks for help at a door of my grids; who has seen to it says so. */
function Call({ id, grid, body }: { id: string; grid: string; body: WatchNoteBody }): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const [full, setFull] = useState(false)
  const answer = useOutbox().find((item) => item.kind === 'watch.answer' && item.body?.['id'] === id) ?? null
  const door = body.householdId ? phone.shelf.door(body.householdId) : null
  const keep = (): void => {
    phone.outbox.add({ kind: 'watch.answer', grid, body: { id } }).catch((error: unknown) => {
      if (!(error instanceof PhoneFull)) throw error
      setFull(true)
    })
  }
  return (
    <section className="card" aria-label={door?.label ?? body.watchName}>
      {door ? (
        <Go href={paths.door(door.id)} className="card-door">
          {door.label ?? t('door.unknown')}
        </Go>
      ) : (
        <span className="card-door">{body.watchName}</span>
      )}
      <span className="card-place">{t('watch.by', { name: body.by ?? NOTHING, watch: body.watchName })}</span>
      {full ? <Notice kind="fault" takesFocus head={t('phone.full')} /> : null}
      <div className="big-stack">
        <WhatIsWritten id={id} />
        {answer ? (
          <State item={answer} receipt={null} />
        ) : (
          <BigButton primary onClick={keep}>
            {t('watch.answer')}
          </BigButton>
        )}
      </div>
    </section>
  )
}

function OfGrids(): ReactNode {
  const { t } = useTranslation('worker')
  const kind = useKind()
  const phone = usePhone()
  const watches = useThings('watch').flatMap(({ id, body }) => {
    const known = isGone(body) ? undefined : WatchBody.safeParse(body).data
    return known ? [{ id, ...known }] : []
  })
  if (watches.length === 0) return null
  return (
    <details className="fold">
      <summary className="group">
        {t('watch.grids')} · {grouped(watches.length)}
      </summary>
      <Long>
        {watches
          .toSorted((a, b) => a.code.localeCompare(b.code))
          .map((watch) => (
            <details className="card" key={watch.id}>
              <summary>
                {watch.name} · {kind(watch.kind)} · {t('watch.doors', { n: watch.doors.length })} ·{' '}
                {watch.leader ? (watch.leader.name ?? t('watch.neighbour')) : t('watch.noLeader')}
              </summary>
              <ul className="plain">
                {watch.doors
                  .flatMap((door) => phone.shelf.door(door) ?? [])
                  .toSorted(byDoor)
                  .map((door) => (
                    <li key={door.id}>
                      <Go href={paths.door(door.id)}>{door.label ?? t('door.unknown')}</Go>
                    </li>
                  ))}
              </ul>
            </details>
          ))}
      </Long>
    </details>
  )
}

/** Ten households, a building, a row of shops: the doors that I lead, who calls for help, and the watches of my grids. */
export function WatchesPage(): ReactNode {
  const { t } = useTranslation('worker')
  const led = useHeard(Led, '/api/watches/mine')
  const calls = useThings('watch_note').flatMap(({ id, grid, body }) => {
    const known = isGone(body) ? undefined : WatchNoteBody.safeParse(body).data
    return known && !known.answered ? [{ id, grid, body: known }] : []
  })
  const grids = useThings('watch').length
  const mine = led.data?.items ?? []
  return (
    <>
      <Head title={t('watch.title')} back={paths.today()} />
      <Strip />
      <main className="phone-main">
        {calls.length > 0 ? (
          <section aria-label={t('watch.calls')}>
            <h2 className="group">
              {t('watch.calls')} · {grouped(calls.length)}
            </h2>
            {calls.map((call) => (
              <Call key={call.id} {...call} />
            ))}
          </section>
        ) : null}
        {mine.map((watch) => (
          <LedWatch key={watch.id} watch={watch} />
        ))}
        {led.data?.items.length === 0 && grids === 0 ? (
          <Empty why={t('watch.none')} todo={t('watch.none.todo')} />
        ) : null}
        <AsOf at={led.asOf} unread={led.unread} />
        <OfGrids />
      </main>
    </>
  )
}

/** On Today: leaders who call for help at doors of my grids. */
export function TodayRow(): ReactNode {
  const { t } = useTranslation('worker')
  const calls = useThings('watch_note').filter(
    ({ body }) => !isGone(body) && WatchNoteBody.safeParse(body).data?.answered === false,
  ).length
  if (calls === 0) return null
  return (
    <Go href={paths.watches()} className="card">
      <b>{t('watch.today', { n: calls })}</b>
    </Go>
  )
}
