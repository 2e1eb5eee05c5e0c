import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLang } from '../i18n/setup.ts'
import { GradeTag } from '../kit/common/Tags.tsx'
import { TimeText } from '../kit/common/Time.tsx'
import { dueWords, fullTime, timeWords } from '../words/time.ts'
import type { Clock } from '../words/time.ts'
import { useMine, usePhone } from './phone/hooks.tsx'

const TICK_MS = 20_000
const ZONE = 'Asia/Shanghai'

/** The server's time as far as this phone knows it, in the deployment's zone; drawn again as it goes on. */
export function useClock(): Clock {
  const phone = usePhone()
  const zone = useMine()?.zone ?? ZONE
  const lang = useLang()
  const [now, setNow] = useState(() => phone.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(phone.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [phone])
  return { now, zone, lang }
}

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

export function Grade({ grade }: { grade: string | null | undefined }): ReactNode {
  const { t } = useTranslation('common')
  const known = grade === 'red' || grade === 'yellow' || grade === 'blue' ? grade : 'none'
  return <GradeTag grade={known} word={t(`grade.${known}`)} />
}
