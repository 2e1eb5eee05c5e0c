import type { Lang } from './texts.ts'

/** Times as people say them, in the zone of the phone: whoever is abroad lives by the clock there. */
export function clock(iso: string, lang: Lang): string {
  return new Date(iso).toLocaleTimeString(lang === 'zh' ? 'zh-CN' : 'en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  })
}

/** A calendar day of the deployment, as it is written: `2月24日`, `24 February`. */
export function dayWord(day: string, lang: Lang): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(lang === 'zh' ? 'zh-CN' : 'en-GB', {
    month: 'long',
    day: 'numeric',
    timeZone: 'UTC',
  })
}
