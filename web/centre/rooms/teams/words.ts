import type { FillAnswer } from '@weiwang/domain/teams/api'
import type { TeamRole } from '@weiwang/domain/teams/template'
import { useTranslation } from 'react-i18next'

export function useRole(): (role: TeamRole) => string {
  const { t } = useTranslation('centre')
  return (role) => t(`role.${role}`)
}

/** What a filling could not do, and how even it came out, in words. */
export function useFillWords(): {
  gaps: (gaps: FillAnswer['gaps']) => string[]
  spread: (spread: FillAnswer['spread']) => string[]
} {
  const { t } = useTranslation('centre')
  const role = useRole()
  return {
    gaps: (gaps) =>
      gaps.map((gap) => t('teams.gap', { role: role(gap.role), n: gap.doors, why: t(`limit.${gap.limit}`) })),
    spread: (spread) =>
      spread.map((one) => {
        const said = t('teams.spreadSaid', { role: role(one.role), least: one.least, most: one.most })
        const even =
          one.limit === null ? t('teams.spreadEven') : t('teams.spreadLimit', { why: t(`limit.${one.limit}`) })
        return `${said} · ${even}`
      }),
  }
}

export function doorWords(door: { estate: string | null; building: string | null; door: string | null }): string {
  return [door.estate, door.building, door.door].filter(Boolean).join(' ') || '–'
}

/** Lists that an act on teams changes. */
export const TEAM_LISTS_TOUCHED = ['/api/teams']
