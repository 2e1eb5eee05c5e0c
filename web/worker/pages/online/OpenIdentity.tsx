import { OpenedIdentity } from '@weiwang/domain/people/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BigButton, Chips, Known } from '../../../kit/phone/controls.tsx'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { useOpening } from './useOpening.ts'

const PURPOSES = ['check_at_door', 'contact_person', 'medical_help', 'deliver_service', 'correct_record'] as const
type Purpose = (typeof PURPOSES)[number]

/** The whole document and address, opened at the server for a purpose; each opening is a line of the audit (PEOPLE-11). */
export function OpenIdentity({ personId }: { personId: string }): ReactNode {
  const { t } = useTranslation('worker')
  const [purpose, setPurpose] = useState<Purpose>('check_at_door')
  const { busy, error, opened, open } = useOpening(OpenedIdentity, `/api/people/${personId}/open`)
  if (opened) {
    return (
      <>
        <Known
          rows={[
            [t('name'), opened.name ?? '–'],
            opened.document ? [t('document'), opened.document.number] : null,
            opened.birth ? [t('birth'), opened.birth] : null,
            [t('address'), opened.address ?? '–'],
            [t('phone'), opened.phone ?? t('phone.none')],
          ]}
        />
        <p className="card-place">{t('open.audited')}</p>
      </>
    )
  }
  return (
    <>
      <p>{t('open.lead')}</p>
      <Chips
        label={t('purpose')}
        groups={[{ chips: PURPOSES.map((p) => ({ value: p, label: t(`purpose.${p}`) })) }]}
        value={purpose}
        onChange={(p) => setPurpose(p ?? 'check_at_door')}
      />
      <ProblemNotice error={error} />
      <BigButton busy={busy} onClick={() => void open({ purpose })}>
        {t('open.now')}
      </BigButton>
    </>
  )
}
