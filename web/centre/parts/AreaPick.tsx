import { SearchAnswer } from '@weiwang/domain/areas/api'
import type { AreaHit } from '@weiwang/domain/areas/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q } from '../../api/query.ts'
import { FindField } from '../../kit/centre/controls.tsx'
import { useLater } from './useLater.ts'

export type Chosen = { code: string; name: string }

/** Finds an area by name, other name, pinyin or code; namesakes are told apart by where they lie. */
export function AreaPick({
  label,
  value,
  onChange,
  within,
  level,
  help,
  fault,
}: {
  label: string
  value: Chosen | null
  onChange: (area: Chosen | null) => void
  within?: string | undefined
  level?: number | undefined
  help?: string | undefined
  fault?: string | undefined
}): ReactNode {
  const { t } = useTranslation('centre')
  const [text, setText] = useState('')
  const later = useLater(text.trim(), 250)
  const answer = useQuery({
    ...q(SearchAnswer, '/api/areas/search', { q: later, within, level }),
    enabled: later !== '',
  })
  const hits = answer.data?.items ?? []
  return (
    <FindField<AreaHit>
      label={label}
      help={help}
      fault={fault}
      placeholder={t('area.find')}
      shown={value ? value.name : null}
      onSearch={setText}
      busy={answer.isFetching}
      none={later === '' ? t('area.type') : t('area.none')}
      found={hits.map((hit) => ({
        value: hit.code,
        text: `${hit.name} ${hit.where}`,
        item: hit,
        label: `${hit.name} · ${hit.where} · ${hit.code}`,
      }))}
      onChoose={(hit) =>
        onChange(hit ? { code: hit.code, name: hit.where ? `${hit.where} ${hit.name}` : hit.name } : null)
      }
    />
  )
}
