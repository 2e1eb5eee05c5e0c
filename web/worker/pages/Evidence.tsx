import { useEffect, useState } from 'react'
import type { ChangeEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Mark } from '../../kit/common/Mark.tsx'
import { BigButton } from '../../kit/phone/controls.tsx'
import { usePhone } from '../phone/hooks.tsx'
import { PhoneFull } from '../phone/store.ts'
import type { Position } from '../visit/draft.ts'
import type { Visit } from '../visit/useVisit.ts'

const MOST_PHOTOS = 12

function Picture({ id, onDrop }: { id: string; onDrop: (() => void) | null }): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const [address, setAddress] = useState<string | null>(null)
  useEffect(() => {
    let made: string | null = null
    let wanted = true
    void phone.photos.read(id).then((blob) => {
      if (!wanted || !blob) return
      made = URL.createObjectURL(blob)
      setAddress(made)
    })
    return () => {
      wanted = false
      if (made) URL.revokeObjectURL(made)
    }
  }, [phone, id])
  return (
    <li>
      {address ? <img src={address} alt={t('photo')} /> : <span className="photo-blank" aria-hidden="true" />}
      {onDrop ? (
        <button type="button" onClick={onDrop} aria-label={t('photo.drop')}>
          <Mark sign="cross" />
        </button>
      ) : null}
    </li>
  )
}

export function PhotoList({ ids, onDrop }: { ids: readonly string[]; onDrop?: (id: string) => void }): ReactNode {
  if (ids.length === 0) return null
  return (
    <ul className="photos">
      {ids.map((id) => (
        <Picture key={id} id={id} onDrop={onDrop ? () => onDrop(id) : null} />
      ))}
    </ul>
  )
}

/** Pictures are made small, lose what the camera wrote into them, and go up after the report. */
export function PhotoField({ visit }: { visit: Visit }): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const { taking: busy, setTaking: setBusy } = visit
  const [fault, setFault] = useState<'full' | 'unreadable' | null>(null)
  const { photos } = visit.draft
  const take = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const files = [...(event.target.files ?? [])].slice(0, MOST_PHOTOS - photos.length)
    const input = event.target
    setBusy(true)
    setFault(null)
    const taken: string[] = []
    try {
      for (const file of files) taken.push((await phone.photos.take(file)).id)
    } catch (error) {
      setFault(error instanceof PhoneFull ? 'full' : 'unreadable')
    } finally {
      setBusy(false)
      input.value = ''
      if (taken.length > 0) visit.set((before) => ({ photos: [...before.photos, ...taken] }))
    }
  }
  const drop = (id: string): void => {
    void phone.photos.drop(id)
    visit.set((before) => ({ photos: before.photos.filter((one) => one !== id) }))
  }
  return (
    <div className="evidence">
      <label className="big photo-take" aria-busy={busy}>
        <input
          type="file"
          accept="image/*"
          capture="environment"
          multiple
          disabled={busy || photos.length >= MOST_PHOTOS}
          onChange={(event) => void take(event)}
        />
        {busy ? t('photo.busy') : t('photo.take', { n: photos.length })}
      </label>
      {fault ? (
        <p className="line-fault" role="alert">
          <Mark sign="fault" /> {t(fault === 'full' ? 'phone.full' : 'photo.unreadable')}
        </p>
      ) : null}
      <PhotoList ids={photos} onDrop={drop} />
    </div>
  )
}

const PATIENCE_MS = 20_000
const WIDEST_M = 100_000

export function whereNow(): Promise<Position | null> {
  return new Promise((resolve) => {
    if (!('geolocation' in navigator)) return resolve(null)
    navigator.geolocation.getCurrentPosition(
      ({ coords }) =>
        resolve({
          lat: coords.latitude,
          lng: coords.longitude,
          accuracy: Math.min(WIDEST_M, Math.round(coords.accuracy)),
        }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 },
    )
  })
}

/** Where the phone is, when the worker presses and the phone allows it; never demanded. */
export function PositionField({ visit }: { visit: Visit }): ReactNode {
  const { t } = useTranslation('worker')
  const [state, setState] = useState<'rest' | 'busy' | 'none'>('rest')
  const { position } = visit.draft
  const ask = async (): Promise<void> => {
    setState('busy')
    const found = await whereNow()
    setState(found ? 'rest' : 'none')
    if (found) visit.set({ position: found })
  }
  if (position) {
    return (
      <p className="evidence-line">
        <Mark sign="check" /> {t('position.have', { m: position.accuracy })}
        <button type="button" onClick={() => visit.set({ position: null })}>
          {t('position.drop')}
        </button>
      </p>
    )
  }
  return (
    <div className="evidence">
      <BigButton busy={state === 'busy'} onClick={() => void ask()}>
        {state === 'busy' ? t('position.busy') : t('position.ask')}
      </BigButton>
      {state === 'none' ? <p className="card-place">{t('position.none')}</p> : null}
    </div>
  )
}
