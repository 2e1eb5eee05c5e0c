import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { z } from 'zod'
import { LoginPage } from '../../login/LoginPage.tsx'
import { useFilters } from '../filters.ts'
import { safeReturn } from '../paths.ts'

const Search = z.object({ to: z.string(), ended: z.string() })

export function SignIn(): ReactNode {
  const router = useRouter()
  const client = useQueryClient()
  const [{ to, ended }] = useFilters(Search)
  const done = (): void => {
    // Nothing of the former session may be shown to the next one.
    client.clear()
    router.history.replace(safeReturn(to))
  }
  return <LoginPage face="centre" ended={ended === '1'} onDone={done} />
}
