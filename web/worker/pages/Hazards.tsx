import { HAZARD_SAY, knownHazards } from '@weiwang/domain/people/hazards'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useJoin, useSay } from '../../i18n/setup.ts'
import { Notice } from '../../kit/common/Notice.tsx'

/** What the next who comes should know of a door. */
export function Hazards({ hazards }: { hazards: readonly string[] }): ReactNode {
  const { t } = useTranslation('worker')
  const say = useSay()
  const join = useJoin()
  const words = knownHazards(hazards).map((hazard) => say(HAZARD_SAY[hazard]))
  if (words.length === 0) return null
  return <Notice kind="fault" head={t('hazards', { words: join(words) })} />
}
