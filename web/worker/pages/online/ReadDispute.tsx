import { ReadOut } from '@weiwang/domain/incidents/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { BigButton, Known } from '../../../kit/phone/controls.tsx'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { CallButton } from '../Whom.tsx'
import { useOpening } from './useOpening.ts'

/** Who quarrels, and what was written: opened at the server by its mediator; each reading is a line of the audit (MED-3). */
export function ReadDispute({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('worker')
  const { busy, error, opened, open } = useOpening(ReadOut, `/api/mediations/${id}/read`)
  const [purpose] = useState(() => t('med.purpose'))
  if (!opened) {
    return (
      <>
        <p>{t('med.read.lead')}</p>
        <ProblemNotice error={error} />
        <BigButton busy={busy} onClick={() => void open({ purpose })}>
          {t('open.now')}
        </BigButton>
      </>
    )
  }
  return (
    <>
      <Known
        rows={[
          [t('med.about'), opened.words ?? t('svc.words.none')],
          ...opened.texts.map(({ n, text }) => [`${t('note')} ${n}`, text] as const),
        ]}
      />
      {opened.parties.map((party) => (
        <section key={`${party.name} ${party.phone ?? ''}`}>
          <b>{[party.name, party.role].filter(Boolean).join(' · ')}</b>
          {party.phone ? <CallButton phone={party.phone} /> : null}
        </section>
      ))}
      <p className="card-place">{t('open.audited')}</p>
    </>
  )
}
