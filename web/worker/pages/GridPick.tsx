import { SearchAnswer } from '@weiwang/domain/areas/api'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { get } from '../../api/http.ts'
import { BigButton, Line } from '../../kit/phone/controls.tsx'

const REST_MS = 300
const MOST = 8
type Place = { code: string; name: string }
type Found = { asked: string; places: Place[] | 'unreachable' }

async function places(text: string, signal: AbortSignal): Promise<Found> {
  try {
    const { items } = await get(SearchAnswer, '/api/areas/search', { q: text, limit: MOST }, signal)
    const named = items.map((hit) => ({ code: hit.code, name: hit.where ? `${hit.where} ${hit.name}` : hit.name }))
    return { asked: text, places: named }
  } catch {
    return { asked: text, places: 'unreachable' }
  }
}

/** Where the person is now: typed, found, tapped. All areas of the country are not on the phone, so this asks the server. */
export function GridPick({
  label,
  value,
  onChange,
  fault,
}: {
  label: string
  value: Place | null
  onChange: (place: Place | null) => void
  fault: string | undefined
}): ReactNode {
  const { t } = useTranslation('worker')
  const [text, setText] = useState(value?.name ?? '')
  const [found, setFound] = useState<Found | null>(null)
  const asked = text.trim()
  const isChosen = value !== null
  useEffect(() => {
    const ended = new AbortController()
    if (asked === '' || isChosen) return undefined
    const timer = setTimeout(() => {
      void places(asked, ended.signal).then((answer) => {
        if (!ended.signal.aborted) setFound(answer)
      })
    }, REST_MS)
    return () => {
      clearTimeout(timer)
      ended.abort()
    }
  }, [asked, isChosen])
  const type = (typed: string): void => {
    setText(typed)
    if (value) onChange(null)
  }
  const shown = !isChosen && found?.asked === asked ? found.places : null
  return (
    <>
      <Line label={label} help={t('goesTo.help')} fault={fault} value={text} onChange={type} />
      {shown === 'unreachable' ? <output>{t('goesTo.offline')}</output> : null}
      {Array.isArray(shown) ? (
        <div className="big-row">
          {shown.map((place) => (
            <BigButton
              key={place.code}
              onClick={() => {
                setText(place.name)
                onChange(place)
              }}
            >
              {place.name}
            </BigButton>
          ))}
          {shown.length === 0 ? <output>{t('goesTo.none')}</output> : null}
        </div>
      ) : null}
    </>
  )
}
