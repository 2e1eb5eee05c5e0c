import { ROLE_NAMES } from '@weiwang/domain/access/roles'
import { ROLES } from '@weiwang/domain/access/actor'
import { END_REASONS, SERVICE_KINDS, URGENCIES } from '@weiwang/domain/observation/service-api'
import type { EndReason, Helper, ServiceKind, Urgency } from '@weiwang/domain/observation/service-api'
import { END_SAY, PROMISES, URGENCY_SAY } from '@weiwang/domain/observation/service-kind'
import { useTranslation } from 'react-i18next'
import { useJoin, useSay } from '../../../i18n/setup.ts'

/** Words of services: kinds, urgencies and reasons stand beside their rules; the rest with the desk's texts. */
export const TOUCHES = ['/api/services', '/api/medicines', '/api/stats']

export function useKind(): (kind: ServiceKind) => string {
  const say = useSay()
  return (kind) => say(PROMISES[kind].say)
}

export function useKindChoices(): { value: ServiceKind; label: string }[] {
  const kind = useKind()
  return SERVICE_KINDS.map((value) => ({ value, label: kind(value) }))
}

export function useUrgency(): (urgency: Urgency) => string {
  const say = useSay()
  return (urgency) => say(URGENCY_SAY[urgency])
}

export function useUrgencyChoices(): { value: Urgency; label: string }[] {
  const urgency = useUrgency()
  return URGENCIES.map((value) => ({ value, label: urgency(value) }))
}

export function useReason(): (reason: unknown) => string {
  const say = useSay()
  return (reason) => {
    const known = END_REASONS.find((one) => one === reason)
    return known ? say(END_SAY[known]) : typeof reason === 'string' ? reason : ''
  }
}

export function useReasonChoices(): { value: EndReason; label: string }[] {
  const say = useSay()
  return END_REASONS.map((value) => ({ value, label: say(END_SAY[value]) }))
}

/** 王强 · 志愿者 · 同一网格 · 在手 2 件. */
export function useHelperLine(): (helper: Helper) => string {
  const { t } = useTranslation('centre')
  const say = useSay()
  const join = useJoin()
  return (helper) => {
    const role = ROLES.find((one) => one === helper.role)
    const near =
      helper.near >= 7
        ? 'near.7'
        : helper.near === 6
          ? 'near.6'
          : helper.near === 5
            ? 'near.5'
            : helper.near === 4
              ? 'near.4'
              : 'near.0'
    const line = t('service.helper', {
      name: helper.name,
      role: role ? say(ROLE_NAMES[role]) : helper.role,
      near: t(near),
      load: helper.load,
    })
    const more = [helper.team ? t('service.helper.team') : '', helper.passed ? t('service.helper.passed') : '']
    return join([line, ...more.filter((word) => word !== '')])
  }
}
