import type { ProofKind } from '@weiwang/domain/healthcode/objection-api'
import { useEffect, useId, useState } from 'react'
import type { ReactElement } from 'react'
import { newId } from '../../shared/newId.ts'
import { shrinkPicture } from '../../shared/picture.ts'
import { book } from '../code/book.ts'
import { patience, troubleOf, withoutAnswer } from '../net.ts'
import { Chips } from '../parts.tsx'
import { useWords } from '../texts.ts'
import { OBJ } from './texts.ts'

/** Pictures that prove it: drawn anew and small on the phone before they leave it (OBJECT-5). */
export type Picture = { id: string; kind: ProofKind; jpeg: Blob }
export const MOST = 6
const KINDS: readonly ProofKind[] = ['ticket', 'test', 'paper', 'photo']

/** The same picture sent again is the same picture. @throws Trouble */
export async function sendPicture(objection: string, { id, kind, jpeg }: Picture): Promise<void> {
  let response: Response
  try {
    response = await fetch(`/api/my/objections/${objection}/proofs/${id}?kind=${kind}`, {
      method: 'PUT',
      credentials: 'same-origin',
      signal: patience(),
      headers: { 'x-weiwang': '1', 'content-type': 'application/octet-stream' },
      body: jpeg,
    })
  } catch (error) {
    throw withoutAnswer(error)
  }
  if (!response.ok) throw await troubleOf(response)
}

function Thumb({ jpeg, alt }: { jpeg: Blob; alt: string }): ReactElement {
  const [url] = useState(() => URL.createObjectURL(jpeg))
  useEffect(() => () => URL.revokeObjectURL(url), [url])
  return <img className="thumb" src={url} alt={alt} />
}

export function Proofs({
  pictures,
  onChange,
  used = 0,
}: {
  pictures: readonly Picture[]
  onChange: (pictures: Picture[]) => void
  /** Already there. */
  used?: number
}): ReactElement {
  const { t } = useWords(OBJ)
  const id = useId()
  const [kind, setKind] = useState<ProofKind>('ticket')
  const [bad, setBad] = useState(false)
  const [busy, setBusy] = useState(false)
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return
    setBusy(true)
    setBad(false)
    try {
      const jpeg = await shrinkPicture(file)
      onChange([...pictures, { id: newId(new Date(book.clock.now())), kind, jpeg }])
    } catch {
      setBad(true)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="field">
      <p className="label">{t('proof', { n: MOST })}</p>
      {pictures.length > 0 && (
        <ul className="thumbs">
          {pictures.map((one, i) => (
            <li key={one.id}>
              <Thumb jpeg={one.jpeg} alt={t('photoOf', { n: i + 1, kind: t(`p_${one.kind}`) })} />
              <button
                type="button"
                className="plain"
                onClick={() => onChange(pictures.filter((other) => other.id !== one.id))}
              >
                {t('remove')}
              </button>
            </li>
          ))}
        </ul>
      )}
      {pictures.length + used < MOST && (
        <>
          <Chips
            label={t('proofKind')}
            options={KINDS.map((code) => ({ code, text: t(`p_${code}`) }))}
            chosen={[kind]}
            onChange={([code]) => setKind(KINDS.find((one) => one === code) ?? kind)}
            one
          />
          <label className="button side" htmlFor={id} aria-disabled={busy}>
            {busy ? t('working') : t('addPhoto')}
          </label>
          <input
            id={id}
            className="visually-hidden"
            type="file"
            accept="image/*"
            disabled={busy}
            onChange={(event) => {
              void take(event.target.files?.[0])
              event.target.value = ''
            }}
          />
          <p className="quiet">{t('photoSmall')}</p>
          {bad && (
            <p className="bad" role="alert">
              {t('photoBad')}
            </p>
          )}
        </>
      )}
    </div>
  )
}
