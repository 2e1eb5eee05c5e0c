import { HandOverAnswer } from '@weiwang/domain/access/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { Notice } from '../../../kit/common/Notice.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'

/** Makes the activation code of someone without a phone; it is shown once and given by hand. */
export function HandOver({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(HandOverAnswer, { path: `/api/accounts/${id}/hand-over`, touches: [] })
  return (
    <>
      <ConfirmAct
        verb={t('account.handOver')}
        title={t('account.handOver')}
        write={write}
        onYes={(_, done) => write.mutate({}, { onSuccess: done })}
      >
        <p>{t('account.handOver.what')}</p>
      </ConfirmAct>
      {write.data ? (
        <Notice
          kind="note"
          takesFocus
          head={t('account.code')}
          body={<code>{write.data.handOver}</code>}
          small={t('account.code.once')}
        />
      ) : null}
    </>
  )
}
