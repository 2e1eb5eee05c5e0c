import { can } from '@weiwang/domain/access/can'
import type { ThingKind, Verb } from '@weiwang/domain/access/can'
import type { Actor } from '@weiwang/domain/access/actor'
import { Me } from '@weiwang/domain/access/api'
import { Deployment } from '@weiwang/domain/core/api'
import { useQuery } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useState } from 'react'
import type { z } from 'zod'
import { q } from '../api/query.ts'
import { useLang } from '../i18n/setup.ts'
import type { Clock } from '../words/time.ts'

export type Me = z.output<typeof Me>

/** Me with the distance between the server's clock and this computer's, which may be wrong or, in an exercise, slower. */
export type Session = { me: Me; offset: number }

const SessionContext = createContext<Session | null>(null)
export const SessionProvider = SessionContext.Provider

const meQuery = { ...q(Me, '/api/me'), staleTime: 30_000 }
export const deploymentQuery = { ...q(Deployment, '/api/deployment'), staleTime: 60_000 }

export function useMeQuery() {
  return useQuery({ ...meQuery, refetchInterval: 60_000 })
}

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('no session around this screen')
  return session
}

export function useMe(): Me {
  return useSession().me
}

const TICK_MS = 20_000

/** The server's time in the deployment's zone; screens that say "迟 2 小时" are drawn again as it goes on. */
export function useClock(): Clock {
  const { me, offset } = useSession()
  const lang = useLang()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  return { now: new Date(now + offset), zone: me.zone, lang }
}

function actorOf(me: Me): Actor {
  return {
    kind: 'account',
    id: me.id,
    name: me.name,
    area: me.area,
    scope: me.scope.map((s) => s.area),
    roles: me.roles,
    createdBy: me.createdBy,
    sessionId: me.sessionId,
  }
}

export type May = (verb: Verb, kind: ThingKind, thing?: { area?: string; by?: string | null }) => boolean

/** The same rule as the server's (ACCESS-4), to leave out what may not be done; the server still decides. */
export function useMay(): May {
  const me = useMe()
  const actor = actorOf(me)
  return (verb, kind, thing = {}) =>
    can(actor, verb, {
      kind,
      area: thing.area ?? actor.scope[0] ?? me.area,
      ...(thing.by === undefined ? {} : { by: thing.by }),
    })
}
