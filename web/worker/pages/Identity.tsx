import { OpenedIdentity } from '@weiwang/domain/people/api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../api/query.ts'
import { BigButton, Chips, Known, Sheet } from '../../kit/phone/controls.tsx'
import { ProblemNotice } from '../../shared/ProblemNotice.tsx'

const PURPOSES = ['check_at_door', 'contact_person', 'medical_help', 'deliver_service', 'correct_record'] as const
type Purpose = (typeof PURPOSES)[number]

function InClear({ opened }: { opened: OpenedIdentity }): ReactNode {
  const { t } = useTranslation('worker')
  const { phone } = opened
  return (
    <div style={{ marginTop: 10 }}>
      <Known
        rows={[
          [t('name'), opened.name ?? '–'],
          opened.document ? [t('document'), opened.document.number] : null,
          opened.birth ? [t('birth'), opened.birth] : null,
          [t('address'), opened.address ?? '–'],
          [t('phone'), phone ?? t('phone.none')],
        ]}
      />
      <p className="card-place">{t('open.audited')}</p>
      {phone ? (
        <a className="big" href={`tel:${phone}`}>
          {t('call')} {phone}
        </a>
      ) : null}
    </div>
  )
}

/** Name and phone in clear for a purpose; the opening is a line of the audit. To call is a purpose with its own button. */
export function Identity({ personId }: { personId: string }): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const [asking, setAsking] = useState(false)
  const [purpose, setPurpose] = useState<Purpose>('check_at_door')
  const write = useWrite(OpenedIdentity, { path: `/api/people/${personId}/open`, touches: [] })
  if (write.data) return <InClear opened={write.data} />
  return (
    <>
      {asking ? null : <ProblemNotice error={write.error} />}
      <div className="big-row" style={{ marginTop: 10 }}>
        <BigButton busy={write.isPending} onClick={() => write.mutate({ purpose: 'contact_person' })}>
          {t('call')}
        </BigButton>
        <BigButton onClick={() => setAsking(true)}>{t('open')}</BigButton>
      </div>
      <Sheet title={t('open')} open={asking} onClose={() => setAsking(false)} close={c('act.cancel')}>
        <p>{t('open.lead')}</p>
        <ProblemNotice error={write.error} />
        <Chips
          label={t('purpose')}
          groups={[{ chips: PURPOSES.map((p) => ({ value: p, label: t(`purpose.${p}`) })) }]}
          value={purpose}
          onChange={(p) => setPurpose(p ?? 'check_at_door')}
        />
        <BigButton
          primary
          busy={write.isPending}
          onClick={() => write.mutate({ purpose }, { onSuccess: () => setAsking(false) })}
        >
          {t('open')}
        </BigButton>
      </Sheet>
    </>
  )
}
