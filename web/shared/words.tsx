import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ColourTag, GradeTag } from '../kit/common/Tags.tsx'
import { TimeText } from '../kit/common/Time.tsx'
import { useClock } from '../session/me.ts'
import { dueWords, fullTime, timeWords } from '../words/time.ts'

export function When({ at }: { at: string | null | undefined }): ReactNode {
  const clock = useClock()
  if (!at) return <span>–</span>
  const instant = new Date(at)
  return <TimeText words={timeWords(instant, clock)} full={fullTime(instant, clock.zone)} iso={at} />
}

/** Due time; what is late is bold and says by how much. */
export function Due({ at, done = false }: { at: string; done?: boolean }): ReactNode {
  const clock = useClock()
  const instant = new Date(at)
  if (done) return <When at={at} />
  const due = dueWords(instant, clock)
  return (
    <span style={due.late ? { fontWeight: 700 } : undefined}>
      <TimeText words={due.text} full={fullTime(instant, clock.zone)} iso={at} />
    </span>
  )
}

export function Grade({ grade }: { grade: string | null }): ReactNode {
  const { t } = useTranslation('common')
  const known = grade === 'red' || grade === 'yellow' || grade === 'blue' ? grade : 'none'
  return <GradeTag grade={known} word={t(`grade.${known}`)} />
}

export function Colour({ colour }: { colour: string | null }): ReactNode {
  const { t } = useTranslation('common')
  const known = colour === 'red' || colour === 'yellow' || colour === 'green' || colour === 'pending' ? colour : 'none'
  return <ColourTag colour={known} word={t(`colour.${known}`)} />
}
