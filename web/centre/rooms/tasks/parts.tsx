import { pageOf } from '@weiwang/domain/core/page'
import { FEED_KINDS, Feed } from '@weiwang/domain/feeds/api'
import { findDisposition } from '@weiwang/domain/tasks/disposition'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { qAll } from '../../../api/query.ts'
import { useSay } from '../../../i18n/setup.ts'
import { WordTag } from '../../../kit/common/Tags.tsx'
import { useMay } from '../../../session/me.ts'

export function useDisposition(): (code: string | null) => string {
  const say = useSay()
  return (code) => (code === null ? '–' : say(findDisposition(code)?.say) || code)
}

const Feeds = pageOf(Feed)
const FEED_NAMES_MS = 300_000

/** A source by the name that it was given; else the kind that its id says; an id that nobody here knows is shown as it is. */
export function useSourceWord(): (id: string) => string {
  const { t } = useTranslation('centre')
  const say = useSay()
  const may = useMay()
  const feeds = useQuery({
    ...qAll(Feeds, '/api/feeds'),
    enabled: may('read', 'feed'),
    staleTime: FEED_NAMES_MS,
  })
  return (id) => {
    const feed = feeds.data?.find((one) => one.id === id)
    const kind = FEED_KINDS.find((one) => one === id)
    return feed ? say(feed.name) : kind ? t(`feedKind.${kind}`) : id
  }
}

const RECORD_SOURCES = ['worker', 'register', 'exercise'] as const

/** Where a person, door or residence is known from: a feed, a worker at the door, or a register under the code it was imported with. */
export function useRecordSource(): (id: string) => string {
  const { t } = useTranslation('centre')
  const feedWord = useSourceWord()
  return (id) => {
    const own = RECORD_SOURCES.find((one) => one === id)
    if (own) return t(`recordSource.${own}`)
    const word = feedWord(id)
    return word === id && id !== '' ? t('recordSource.of', { code: id }) : word
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
