import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { onLoggedOut } from '../api/http.ts'
import { newQueryClient } from '../api/query.ts'
import { startTexts, useLang } from '../i18n/setup.ts'
import { CentreKit } from '../kit/centre/Provider.tsx'
import { login } from '../login/texts.ts'
import { paths } from './paths.ts'
import { router } from './routes.tsx'
import { centre } from './texts.ts'

const client = newQueryClient()

// A lost session asks for a log-in and comes back to the same address.
onLoggedOut(() => {
  const { pathname, href } = router.state.location
  if (pathname !== '/login') router.history.replace(paths.login({ to: href, ended: href === '/' ? undefined : '1' }))
})

function Root(): ReactNode {
  const lang = useLang()
  return (
    <CentreKit lang={lang}>
      <RouterProvider router={router} />
    </CentreKit>
  )
}

async function start(): Promise<void> {
  const root = document.getElementById('root')
  if (!root) return
  await startTexts({ login, centre })
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Root />
      </QueryClientProvider>
    </StrictMode>,
  )
}

void start()
