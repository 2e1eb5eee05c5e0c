import { QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { newQueryClient } from '../../api/query.ts'
import { LoginPage } from '../../login/LoginPage.tsx'
import { useGateState } from '../current.ts'
import { go } from '../view.ts'

const client = newQueryClient()

/** A gate that knows its keys goes on without a session; only what is sent waits. */
export function SignIn({ onDone }: { onDone: () => void }): ReactNode {
  const { t } = useTranslation('checkpoint')
  const { mine } = useGateState()
  return (
    <QueryClientProvider client={client}>
      <LoginPage
        face="checkpoint"
        ended={false}
        onDone={() => {
          client.clear()
          onDone()
          go('scan')
        }}
      />
      {mine ? (
        <button type="button" className="plain-act sign-on" onClick={() => go('scan')}>
          {t('login.later')}
        </button>
      ) : null}
    </QueryClientProvider>
  )
}
