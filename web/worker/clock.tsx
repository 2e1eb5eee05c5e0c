import { useEffect, useState } from 'react'
import { useLang } from '../i18n/setup.ts'
import { timesBy } from '../shared/times.tsx'
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

export { Grade } from '../shared/times.tsx'
export const { When, Due } = timesBy(useClock)
