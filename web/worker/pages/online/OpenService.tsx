import { OpenedService } from '@weiwang/domain/observation/service-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BigButton, Known } from '../../../kit/phone/controls.tsx'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { CallButton } from '../Whom.tsx'
import { useOpening } from './useOpening.ts'

/** What is wanted, and whom to ring: opened at the server to bring it; each opening is a line of the audit (SERV-13). */
export function OpenService({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('worker')
  const { busy, error, opened, open } = useOpening(OpenedService, `/api/services/${id}/open`)
  const [purpose] = useState(() => t('purpose.deliver_service'))
  if (opened) {
    return (
      <>
        <Known
          rows={[
            [t('svc.words'), opened.words ?? t('svc.words.none')],
            opened.name ? [t('name'), opened.name] : null,
            opened.rung ? [t('svc.rung'), opened.rung] : null,
            ...opened.texts.map(({ n, text }) => [`${t('note')} ${n}`, text] as const),
          ]}
        />
        {opened.phone ? <CallButton phone={opened.phone} /> : <p className="card-place">{t('phone.none')}</p>}
        <p className="card-place">{t('open.audited')}</p>
      </>
    )
  }
  return (
    <>
      <p>{t('svc.open.lead')}</p>
      <ProblemNotice error={error} />
      <BigButton busy={busy} onClick={() => void open({ purpose })}>
        {t('open.now')}
      </BigButton>
    </>
  )
}
