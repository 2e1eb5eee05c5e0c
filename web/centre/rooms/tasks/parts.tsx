import { FEED_KINDS } from '@weiwang/domain/feeds/api'
import { findDisposition } from '@weiwang/domain/tasks/disposition'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'
import { WordTag } from '../../../kit/common/Tags.tsx'

export function useDisposition(): (code: string | null) => string {
  const say = useSay()
  return (code) => (code === null ? '–' : say(findDisposition(code)?.say) || code)
}

/** The usual ids of sources are their kinds; another id is shown as it is. */
export function useSourceWord(): (id: string) => string {
  const { t } = useTranslation('centre')
  return (id) => {
    const known = FEED_KINDS.find((kind) => kind === id)
    return known ? t(`feedKind.${known}`) : id
  }
}

export function StateWord({
  state,
  outcome,
}: {
  state: 'pushed' | 'accepted' | 'in_progress' | 'returned' | 'waiting' | 'locating' | 'review' | 'closed'
  outcome: 'answered' | 'withdrawn' | 'moved' | 'merged_duplicate' | 'expired' | null
}): ReactNode {
  const { t } = useTranslation('centre')
  if (state === 'closed' && outcome) return <WordTag>{t(`outcome.${outcome}`)}</WordTag>
  return (
    <WordTag strong={state === 'returned' || state === 'review' || state === 'locating'}>
      {t(`taskState.${state}`)}
    </WordTag>
  )
}
