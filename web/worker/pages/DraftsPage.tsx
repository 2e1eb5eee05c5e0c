import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../i18n/setup.ts'
import { Empty } from '../../kit/common/Notice.tsx'
import { BigButton } from '../../kit/phone/controls.tsx'
import { timeWords } from '../../words/time.ts'
import { useClock } from '../clock.tsx'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { paths } from '../paths.ts'
import { usePhone, useReference } from '../phone/hooks.tsx'
import type { DraftRow, Phone } from '../phone/types.ts'
import { formFor, purposeIn } from '../visit/forms.ts'
import { kindOfDraft, placeOfDraft } from './draftPlace.ts'
import { KindWord } from './KindWord.tsx'

/** The page on which a half-written form goes on; null when what it is about is no longer here. */
function placeOf({ form, subject }: DraftRow, { shelf, outbox }: Phone): string | null {
  const at = shelf.things('observation').find(({ id, body }) => id === subject || body['householdId'] === subject)
  return placeOfDraft(form, subject, {
    task: shelf.task(subject) !== null,
    door: shelf.door(subject) !== null,
    person: shelf.person(subject) !== null,
    item: outbox.item(subject) !== null,
    observedAt: at === undefined ? null : textIn(at.body, 'householdId') || at.id,
    instruction: shelf.thing('instruction', subject) !== null,
  })
}

function textIn(content: unknown, name: string): string {
  const value = typeof content === 'object' && content !== null ? Reflect.get(content, name) : null
  return typeof value === 'string' ? value : ''
}

/** Pictures that were taken for the form go with it. */
function photosIn(content: unknown): string[] {
  const photos: unknown = typeof content === 'object' && content !== null ? Reflect.get(content, 'photos') : null
  const single = ['photo', 'photoId', 'receipt'].map((name) => textIn(content, name)).filter(Boolean)
  return [...single, ...(Array.isArray(photos) ? photos.filter((id) => typeof id === 'string') : [])]
}

function One({ draft, onDrop }: { draft: DraftRow; onDrop: () => void }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const phone = usePhone()
  const clock = useClock()
  const reference = useReference()
  const [sure, setSure] = useState(false)
  const { shelf } = phone
  const place = placeOf(draft, phone)
  const task = shelf.task(draft.subject)
  const observed = shelf.thing('observation', draft.subject)
  const door = shelf.door(draft.subject) ?? task?.door ?? shelf.door(textIn(observed?.body, 'householdId'))
  const person = shelf.person(draft.subject) ?? task?.person
  const purpose = purposeIn(draft.form)
  const note =
    ['note', 'evidence', 'words', 'text', 'reason'].map((name) => textIn(draft.content, name)).find(Boolean) ?? ''
  const order = shelf.thing('instruction', draft.subject)
  const name = [
    door?.label,
    person?.name,
    textIn(order?.body, 'title'),
    textIn(draft.content, 'name'),
    textIn(draft.content, 'door'),
  ]
  return (
    <section className="card">
      <b className="card-name">
        {purpose ? (
          say(formFor(reference, purpose, door?.grid ?? '').form.say)
        ) : (
          <KindWord kind={kindOfDraft(draft.form)} />
        )}
      </b>
      <span className="card-place">{name.filter(Boolean).join(' · ') || (place === null ? t('drafts.gone') : '')}</span>
      <span className="card-place">{timeWords(new Date(draft.savedAt), clock)}</span>
      {note === '' ? null : <p className="said">{note}</p>}
      <div className="big-row">
        {place === null ? null : (
          <Go href={place} className="big big-primary">
            {t('drafts.go')}
          </Go>
        )}
        {sure ? (
          <BigButton onClick={onDrop}>{t('drafts.sure')}</BigButton>
        ) : (
          <BigButton onClick={() => setSure(true)}>{t('drafts.drop')}</BigButton>
        )}
      </div>
    </section>
  )
}

/** Half-written forms of this account, kept on every change (SYNC-22): where to go on, and what was typed where that is gone. */
export function DraftsPage(): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const [drafts, setDrafts] = useState<readonly DraftRow[] | null>(null)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let wanted = true
    void phone.drafts.list().then((all) => {
      if (wanted) setDrafts(all)
    })
    return () => {
      wanted = false
    }
  }, [phone, turn])
  const drop = async ({ form, version, subject, content }: DraftRow): Promise<void> => {
    await phone.drafts.drop({ form, version, subject })
    for (const id of photosIn(content)) await phone.photos.drop(id)
    setTurn(turn + 1)
  }
  return (
    <>
      <Head title={t('drafts')} back={paths.me()} />
      <main className="phone-main">
        {drafts?.length === 0 ? <Empty why={t('drafts.none')} todo={t('drafts.none.todo')} /> : null}
        {drafts?.map((draft) => (
          <One key={`${draft.form} ${draft.version} ${draft.subject}`} draft={draft} onDrop={() => void drop(draft)} />
        ))}
      </main>
    </>
  )
}
