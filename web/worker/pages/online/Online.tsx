import { QueryClientProvider } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { newQueryClient } from '../../../api/query.ts'

const client = newQueryClient()

/** Around what is asked of the server at the moment, because the phone does not hold it. Nothing else needs the net. */
export function Online({ children }: { children: ReactNode }): ReactNode {
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}

export function forgetAnswers(): void {
  client.clear()
}
