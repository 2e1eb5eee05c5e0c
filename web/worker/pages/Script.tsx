import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'

const Both = z.object({ zh: z.string(), en: z.string() })

/** What to say at the door, in both languages whatever the phone speaks: the person at the door may need the other. */
export function Script({ script }: { script: unknown }): ReactNode {
  const { t } = useTranslation('worker')
  const parsed = Both.safeParse(script)
  if (!parsed.success) return null
  return (
    <details className="card">
      <summary>{t('script')}</summary>
      <p className="script" lang="zh-CN">
        {parsed.data.zh}
      </p>
      <p className="script" lang="en">
        {parsed.data.en}
      </p>
    </details>
  )
}
