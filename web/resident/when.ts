import type { Lang } from './texts.ts'

const locale = (lang: Lang): string => (lang === 'zh' ? 'zh-CN' : 'en-GB')

/** Times as people say them, in the zone of the phone: whoever is abroad lives by the clock there. `zone`: of the deployment. */
export function clock(iso: string, lang: Lang, zone?: string): string {
  return new Date(iso).toLocaleTimeString(locale(lang), {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    ...(zone === undefined ? {} : { timeZone: zone }),
  })
}

/** A calendar day of the deployment, as it is written: `2月24日`, `24 February`. */
export function dayWord(day: string, lang: Lang): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(locale(lang), {
    month: 'long',
    day: 'numeric',
    timeZone: 'UTC',
  })
}

/** From when to when, by the clock of the phone: `2月24日 14:00–17:00`. */
export function hours(from: string, to: string, lang: Lang): string {
  const day = new Date(from).toLocaleDateString(locale(lang), { month: 'long', day: 'numeric' })
  const end = new Date(to).toLocaleDateString(locale(lang), { month: 'long', day: 'numeric' })
  return `${day} ${clock(from, lang)}–${day === end ? '' : `${end} `}${clock(to, lang)}`
}

/** Day and time of a moment: `2月24日 17:40`, by the clock of the phone or in the zone of the deployment. */
export function moment(iso: string, lang: Lang, zone?: string): string {
  return new Date(iso).toLocaleString(locale(lang), {
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    ...(zone === undefined ? {} : { timeZone: zone }),
  })
}
