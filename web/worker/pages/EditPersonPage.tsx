import { useParams, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../kit/common/Notice.tsx'
import { ActBar, BigButton, Line, TextLine } from '../../kit/phone/controls.tsx'
import { Head } from '../Frame.tsx'
import { paths } from '../paths.ts'
import { usePerson, usePhone } from '../phone/hooks.tsx'
import type { PersonView } from '../phone/types.ts'

/** A field with what was shown here and what it is to be; unchanged ones are left out. */
function change(
  name: string,
  from: string | null,
  to: string,
): Record<string, { from: string | null; to: string | null }> {
  const now = to.trim() === '' ? null : to.trim()
  return now === (from ?? null) ? {} : { [name]: { from, to: now } }
}

function Edit({ person }: { person: PersonView }): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const router = useRouter()
  const [name, setName] = useState(person.name ?? '')
  const [number, setNumber] = useState(person.phone ?? '')
  const [birth, setBirth] = useState(person.birth ?? '')
  const [note, setNote] = useState('')
  const changes = {
    ...(name.trim() === '' ? {} : change('name', person.name, name)),
    ...change('phone', person.phone, number),
    ...change('birth', person.birth, birth),
  }
  const save = async (): Promise<void> => {
    if (Object.keys(changes).length > 0) {
      const body = {
        id: person.id,
        changes,
        ...(note.trim() ? { note: note.trim() } : {}),
        occurredAt: phone.now().toISOString(),
      }
      await phone.outbox.add({ kind: 'person.change', grid: person.grid, body })
    }
    router.history.replace(paths.person(person.id))
  }
  return (
    <form
      className="card"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <p>{t('edit.lead')}</p>
      <Line label={t('name')} value={name} onChange={setName} />
      <Line label={t('phone')} pad="tel" value={number} onChange={setNumber} />
      <Line label={t('birth')} value={birth} onChange={setBirth} />
      <TextLine label={t('edit.note')} help={t('note.help')} value={note} onChange={setNote} />
      <ActBar>
        <BigButton primary submit>
          {t('edit.save')}
        </BigButton>
      </ActBar>
    </form>
  )
}

export function EditPersonPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { id = '' } = useParams({ strict: false })
  const person = usePerson(id)
  return (
    <div className="phone-with-act">
      <Head title={t('person.edit')} back={paths.person(id)} />
      <main className="phone-main">
        {person ? <Edit key={id} person={person} /> : <Empty why={t('person.gone')} todo={t('door.gone.todo')} />}
      </main>
    </div>
  )
}
