import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { GradeTag } from '../kit/common/Tags.tsx'
import { TimeText } from '../kit/common/Time.tsx'
import { dueWords, fullTime, timeWords } from '../words/time.ts'
import type { Clock } from '../words/time.ts'

/** Instants in words by the clock of a face: a desk's is its session's, a phone's is what it last heard of the server's. */
export function timesBy(useClock: () => Clock) {
  function When({ at }: { at: string | null | undefined }): ReactNode {
    const clock = useClock()
    if (!at) return <span>–</span>
    const instant = new Date(at)
    return <TimeText words={timeWords(instant, clock)} full={fullTime(instant, clock.zone)} iso={at} />
  }

  /** Due time; what is late is bold and says by how much. */
  function Due({ at, done = false }: { at: string; done?: boolean }): ReactNode {
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

  return { When, Due }
}

export function Grade({ grade }: { grade: string | null | undefined }): ReactNode {
  const { t } = useTranslation('common')
  const known = grade === 'red' || grade === 'yellow' || grade === 'blue' ? grade : 'none'
  return <GradeTag grade={known} word={t(`grade.${known}`)} />
}
