import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ColourTag } from '../kit/common/Tags.tsx'
import { useClock } from '../session/me.ts'
import { timesBy } from './times.tsx'

export { Grade } from './times.tsx'
export const { When, Due } = timesBy(useClock)

export function Colour({ colour }: { colour: string | null }): ReactNode {
  const { t } = useTranslation('common')
  const known = colour === 'red' || colour === 'yellow' || colour === 'green' || colour === 'pending' ? colour : 'none'
  return <ColourTag colour={known} word={t(`colour.${known}`)} />
}
