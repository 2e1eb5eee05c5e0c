import { Me } from '@weiwang/domain/access/api'
import { useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { get } from '../../api/http.ts'
import { LoginPage } from '../../login/LoginPage.tsx'
import { openFor, usePinWish, wishPin } from '../current.ts'
import { safeReturn } from '../paths.ts'
import { forgetAnswers, Online } from './online/Online.tsx'

/** After the log-in the phone of who came is opened: another account has another register in the same browser. */
export function SignIn(): ReactNode {
  const router = useRouter()
  const wish = usePinWish()
  const to = new URLSearchParams(location.search).get('to')
  const done = async (): Promise<void> => {
    forgetAnswers()
    const { id } = await get(Me, '/api/me')
    const phone = await openFor(id)
    await phone.signedIn(id, { fresh: true })
    if (wish === 'asked' || phone.state().gate === 'lost') wishPin('allowed')
    router.history.replace(safeReturn(to))
  }
  return (
    <Online>
      <LoginPage face="worker" ended={false} onDone={() => void done()} />
    </Online>
  )
}
