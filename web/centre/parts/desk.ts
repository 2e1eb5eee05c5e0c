import { isAreaCode } from '@weiwang/domain/areas/code'
import { isDay } from '@weiwang/domain/core/day'
import { z } from 'zod'
import { useMe } from '../../session/me.ts'
import { useFilters } from '../filters.ts'

const Sticky = z.object({ area: z.string().refine(isAreaCode), day: z.string().refine(isDay) })

/** Where and when the desk looks: the area and the day of the address, my own area and today when it names none. */
export function useDesk(): {
  area: string
  day: string
  today: string
  setArea: (code: string) => void
  setDay: (day: string) => void
} {
  const me = useMe()
  const [{ area, day }, set] = useFilters(Sticky)
  return {
    area: area ?? me.scope[0]?.area ?? me.area,
    day: day ?? me.today,
    today: me.today,
    setArea: (code) => set({ area: code }, { push: true }),
    setDay: (text) => set({ day: isDay(text) ? text : null }),
  }
}
