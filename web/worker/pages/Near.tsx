import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Notice } from '../../kit/common/Notice.tsx'
import { BigButton, Line } from '../../kit/phone/controls.tsx'
import { Go } from '../Go.tsx'

export type NearOne = {
  id: string
  name: string
  /** Why it is near, and where it is. */
  says: readonly (string | null | undefined)[]
  /** Its page, when it lies on this phone. */
  href: string | null
}

/** Near records before something new is kept: it is one of them, or another one and why (cases 9, 40; PEOPLE-21). */
export function Near({
  of,
  near,
  reason,
  fault,
  onReason,
  onUse,
}: {
  of: 'people' | 'doors'
  near: readonly NearOne[]
  reason: string
  fault: string | undefined
  onReason: (reason: string) => void
  onUse: (id: string) => void
}): ReactNode {
  const { t } = useTranslation('worker')
  if (near.length === 0) return null
  return (
    <>
      <Notice kind="fault" head={t(`near.${of}`)} body={t(`near.${of}.body`)} />
      {near.map(({ id, name, says, href }) => (
        <section key={id} className="card" aria-label={name}>
          {href === null ? (
            <b className="card-name">{name}</b>
          ) : (
            <Go href={href} className="card-name">
              {name}
            </Go>
          )}
          <span className="card-place">{says.filter(Boolean).join(' · ')}</span>
          <p>
            <BigButton onClick={() => onUse(id)}>{t(`near.${of}.use`)}</BigButton>
          </p>
        </section>
      ))}
      <Line label={t('near.reason')} fault={fault} value={reason} onChange={onReason} />
    </>
  )
}
