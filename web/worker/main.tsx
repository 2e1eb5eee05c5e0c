import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { onLoggedOut } from '../api/http.ts'
import { newQueryClient } from '../api/query.ts'
import { startTexts, useLang } from '../i18n/setup.ts'
import { PhoneKit } from '../kit/phone/Provider.tsx'
import { login } from '../login/texts.ts'
import { watchUpdates } from './phone/update.ts'
import { router } from './routes.tsx'
import { worker } from './texts.ts'

const client = newQueryClient()

// In development there is no service worker; one would serve yesterday's build.
watchUpdates(import.meta.env.PROD ? navigator.serviceWorker : undefined, () => location.reload())

// A lost session asks for a log-in and comes back to the same task; what was typed lies in its draft.
onLoggedOut(() => {
  const { pathname } = router.state.location
  if (pathname !== '/login') router.history.replace(`/worker/login?to=${encodeURIComponent(pathname)}`)
})

function Root(): ReactNode {
  const lang = useLang()
  return (
    <PhoneKit lang={lang}>
      <RouterProvider router={router} />
    </PhoneKit>
  )
}

async function start(): Promise<void> {
  const root = document.getElementById('root')
  if (!root) return
  await startTexts({ login, worker })
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Root />
      </QueryClientProvider>
    </StrictMode>,
  )
}

void start()
