import { OUTCOMES } from '@weiwang/domain/people/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useFilters } from '../../filters.ts'

const SAVED = [...OUTCOMES, 'moved'] as const
const Saved = z.object({ saved: z.enum(SAVED) })

/** What became of the form that led here: new, known already, completed, or waiting for a decision. */
export function SavedNotice(): ReactNode {
  const { t } = useTranslation('centre')
  const [{ saved }] = useFilters(Saved)
  if (saved === undefined || saved === 'rejected') return null
  return <Notice kind={saved === 'held' ? 'note' : 'done'} head={t(`saved.${saved}`)} />
}
