import { useState } from 'react'
import type { ChangeEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Mark } from '../../kit/common/Mark.tsx'
import { usePhone } from '../phone/hooks.tsx'
import { PhoneFull } from '../phone/store.ts'
import { PhotoList } from './Evidence.tsx'

/** One picture that goes with a step; it lies sealed here and goes up after the step by its own way (VISIT-8). */
export function OnePhoto({
  id,
  take: verb,
  fault: lack,
  onChange,
}: {
  id: string
  /** What is to be in the picture. */
  take: string
  fault?: string | undefined
  onChange: (id: string) => void
}): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<'full' | 'unreadable' | null>(null)
  const drop = (): void => {
    void phone.photos.drop(id)
    onChange('')
  }
  const take = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const [file] = event.target.files ?? []
    const input = event.target
    if (!file) return
    setBusy(true)
    setFault(null)
    try {
      const taken = await phone.photos.take(file)
      if (id !== '') void phone.photos.drop(id)
      onChange(taken.id)
    } catch (error) {
      setFault(error instanceof PhoneFull ? 'full' : 'unreadable')
    } finally {
      setBusy(false)
      input.value = ''
    }
  }
  return (
    <div className="evidence">
      <label className="big photo-take" aria-busy={busy}>
        <input
          type="file"
          accept="image/*"
          capture="environment"
          disabled={busy}
          onChange={(event) => void take(event)}
        />
        {busy ? t('photo.busy') : id === '' ? verb : t('photo.again')}
      </label>
      {fault || lack ? (
        <p className="line-fault" role="alert">
          <Mark sign="fault" /> {fault === null ? lack : t(fault === 'full' ? 'phone.full' : 'photo.unreadable')}
        </p>
      ) : null}
      <PhotoList ids={id === '' ? [] : [id]} onDrop={drop} />
    </div>
  )
}
