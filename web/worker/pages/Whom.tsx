import { lazy, Suspense, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BigButton } from '../../kit/phone/controls.tsx'
import type { PersonView } from '../phone/types.ts'

const Opened = lazy(() => import('./online/OpenIdentity.tsx').then((part) => ({ default: part.OpenIdentity })))

/** `+8613800001234` as it is dialled and read. */
export function dialled(phone: string): string {
  return phone.replace(/;ext=.*$/, '')
}

/** One tap to the telephone. */
export function CallButton({ name, phone }: { name?: string; phone: string }): ReactNode {
  const { t } = useTranslation('worker')
  return (
    <a className="big" href={`tel:${dialled(phone)}`}>
      {t('call')} {name} {dialled(phone).replace(/^\+86/, '')}
    </a>
  )
}

/** Name and telephone of a person; the document, which the phone does not hold, is opened at the server for a purpose. */
export function Whom({ person, whole = true }: { person: PersonView; whole?: boolean }): ReactNode {
  const { t } = useTranslation('worker')
  const [asking, setAsking] = useState(false)
  return (
    <div className="whom">
      <div className="big-row">
        {person.phone ? <CallButton phone={person.phone} /> : <span className="card-place">{t('phone.none')}</span>}
        {whole && !person.local && !asking ? <BigButton onClick={() => setAsking(true)}>{t('open')}</BigButton> : null}
      </div>
      {asking ? (
        <Suspense fallback={null}>
          <Opened personId={person.id} />
        </Suspense>
      ) : null}
    </div>
  )
}
