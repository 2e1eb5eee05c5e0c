import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { LoginPage } from '../../login/LoginPage.tsx'
import { safeReturn } from '../paths.ts'

export function SignIn(): ReactNode {
  const router = useRouter()
  const client = useQueryClient()
  const to = new URLSearchParams(location.search).get('to')
  const done = (): void => {
    client.clear()
    router.history.replace(safeReturn(to))
  }
  return <LoginPage face="worker" ended={to !== null && to !== '/'} onDone={done} />
}
