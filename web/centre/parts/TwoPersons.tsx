import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Notice } from '../../kit/common/Notice.tsx'
import { useMe } from '../../session/me.ts'

/** Says that a second person decides, and to the first that it cannot be him (ACCESS-6). */
export function TwoPersons({
  proposedBy,
  mine: told,
  name,
}: {
  /** The account that proposed; or, where the server tells only its name, whether it is the reader's. */
  proposedBy?: string | null
  mine?: boolean
  name?: string | undefined
}): ReactNode {
  const { t } = useTranslation('centre')
  const me = useMe()
  const mine = told ?? proposedBy === me.id
  return (
    <Notice
      kind="note"
      head={mine ? t('two.mine') : name ? t('two.other', { name }) : t('two.wait')}
      body={mine ? t('two.mine.body') : t('two.other.body')}
    />
  )
}
