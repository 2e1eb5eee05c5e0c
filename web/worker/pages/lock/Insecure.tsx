import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Notice } from '../../../kit/common/Notice.tsx'
import '../../../kit/tokens.css'
import '../../../kit/phone/phone.css'

/** Keys need https, or this very computer (SYNC-15). */
export function Insecure(): ReactNode {
  const { t } = useTranslation('worker')
  return (
    <main className="lock">
      <h1>{t('insecure')}</h1>
      <Notice kind="fault" head={t('insecure.head')} body={t('insecure.body')} />
    </main>
  )
}
