import { Accounts } from '@weiwang/domain/access/api'
import type { Hours } from '@weiwang/domain/teams/force'
import { ForceOrgPage } from '@weiwang/domain/teams/force-api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { q, useList } from '../../../api/query.ts'
import { useJoin } from '../../../i18n/setup.ts'
import { FindField } from '../../../kit/centre/controls.tsx'
import { useDesk } from '../../parts/desk.ts'
import { useLater } from '../../parts/useLater.ts'

export const FORCES_TOUCHED = ['/api/forces']

export type Person = { id: string; name: string }

/** Somebody of the area by name. */
export function PersonPick({
  label,
  help,
  value,
  onChange,
}: {
  label: string
  help?: string
  value: Person | null
  onChange: (person: Person | null) => void
}): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [text, setText] = useState('')
  const later = useLater(text.trim(), 250)
  const answer = useQuery({
    ...q(Accounts, '/api/accounts', { area: desk.area, q: later, limit: 20 }),
    enabled: later !== '',
  })
  return (
    <FindField<Person>
      label={label}
      {...(help ? { help } : {})}
      shown={value?.name ?? null}
      onSearch={setText}
      busy={answer.isFetching}
      none={later === '' ? t('area.type') : t('area.none')}
      found={(answer.data?.items ?? []).map((one) => ({
        value: one.id,
        text: one.name,
        item: { id: one.id, name: one.name },
        label: `${one.name} · ${one.areaName} · ${one.roles.map((role) => t(`role.${role}`)).join(' ')}`,
      }))}
      onChoose={onChange}
    />
  )
}

export function useOrgChoices(): { value: string; label: string }[] {
  const desk = useDesk()
  const list = useList(ForceOrgPage, '/api/forces/organisations', { area: desk.area, limit: 200 })
  return list.rows.map((one) => ({ value: one.id, label: one.name }))
}

const DAYS = {
  zh: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
}

export function useHoursWords(): (hours: readonly Hours[]) => string {
  const { t, i18n } = useTranslation('centre')
  const join = useJoin()
  const days = i18n.language.startsWith('zh') ? DAYS.zh : DAYS.en
  return (hours) =>
    hours.length === 0
      ? t('forces.hours.always')
      : join(
          hours.map((one) => `${days[one.day - 1] ?? ''} ${one.from}–${one.to}`),
          'clauses',
        )
}

export function useMinutes(): (minutes: number) => string {
  const { t } = useTranslation('centre')
  return (minutes) => t('hours.words', { h: Math.floor(minutes / 60), m: minutes % 60 })
}
