import { SearchAnswer } from '@weiwang/domain/areas/api'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../api/query.ts'
import { BigButton, Line } from '../../kit/phone/controls.tsx'

const REST_MS = 300
type Place = { code: string; name: string }

/** Where the person is now: typed, found, tapped. */
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
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), REST_MS)
    return () => clearTimeout(timer)
  }, [text])
  const answer = useQuery({
    ...q(SearchAnswer, '/api/areas/search', { q: asked, limit: 8 }),
    enabled: asked !== '' && value === null,
  })
  const type = (typed: string): void => {
    setText(typed)
    if (value) onChange(null)
  }
  return (
    <>
      <Line label={label} help={t('goesTo.help')} fault={fault} value={text} onChange={type} />
      {value === null && answer.data ? (
        <div className="big-row">
          {answer.data.items.map((hit) => {
            const name = hit.where ? `${hit.where} ${hit.name}` : hit.name
            return (
              <BigButton
                key={hit.code}
                onClick={() => {
                  setText(name)
                  onChange({ code: hit.code, name })
                }}
              >
                {name}
              </BigButton>
            )
          })}
          {answer.data.items.length === 0 ? <output>{t('goesTo.none')}</output> : null}
        </div>
      ) : null}
    </>
  )
}
