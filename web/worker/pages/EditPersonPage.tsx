import { useParams, useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { Empty } from '../../kit/common/Notice.tsx'
import { ActBar, BigButton, Line, TextLine } from '../../kit/phone/controls.tsx'
import { Head } from '../Frame.tsx'
import { paths } from '../paths.ts'
import { useKept, usePerson, usePhone } from '../phone/hooks.tsx'
import type { PersonView } from '../phone/types.ts'
import { changed, changeOf } from './changes.ts'
import type { Change } from './changes.ts'

const Field = changeOf(z.string())
const Changes = z.object({ name: Field, phone: Field, birth: Field, note: z.string() })
type Changes = z.infer<typeof Changes>
const UNCHANGED: Changes = { note: '' }
const FIELDS = ['name', 'phone', 'birth'] as const

/** As it is sent: a field with what was shown here and what it is to be; unchanged ones are left out, a name is never emptied. */
function saidOf(changes: Changes): Record<string, Change<string | null>> {
  const said: Record<string, Change<string | null>> = {}
  for (const name of FIELDS) {
    const change = changes[name]
    const to = change?.to.trim() ?? ''
    if (change && to !== change.from && (name !== 'name' || to !== ''))
      said[name] = { from: change.from || null, to: to || null }
  }
  return said
}

function Edit({ person }: { person: PersonView }): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const router = useRouter()
  const { value, patch, draft } = useKept<Changes>(
    { form: 'person.change', version: '1', subject: person.id },
    Changes,
    UNCHANGED,
  )
  const field = (name: (typeof FIELDS)[number]): { value: string; onChange: (text: string) => void } => ({
    value: value[name]?.to ?? person[name] ?? '',
    onChange: (text) => patch({ [name]: changed(value[name], person[name] ?? '', text) }),
  })
  const save = async (): Promise<void> => {
    const changes = saidOf(value)
    const note = value.note.trim()
    if (Object.keys(changes).length > 0) {
      const body = { id: person.id, changes, ...(note ? { note } : {}), occurredAt: phone.now().toISOString() }
      await phone.outbox.add({ kind: 'person.change', grid: person.grid, body, draft })
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
      <Line label={t('name')} {...field('name')} />
      <Line label={t('phone')} pad="tel" {...field('phone')} />
      <Line label={t('birth')} {...field('birth')} />
      <TextLine label={t('edit.note')} help={t('note.help')} value={value.note} onChange={(note) => patch({ note })} />
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
