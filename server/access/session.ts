import { createHash, randomBytes } from 'node:crypto'
import type { Actor } from '@weiwang/domain/access/actor'
import { needsSecondFactor } from '@weiwang/domain/access/login'
import { boundsOf, scopeOf } from '@weiwang/domain/access/roles'
import { dayOf } from '@weiwang/domain/core/day'
import type { Server } from '../core/server.ts'
import { findSession, touchSession } from './login-store.ts'
import type { SessionRow } from './login-store.ts'

/** "Last seen" is written at most this often, so that reading pages does not write rows. */
const TOUCH_MS = 60_000

/** 256 random bits; only their hash is kept, so a copy of the database opens no session. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

async function sessionOf(server: Server, token: string, now: Date): Promise<SessionRow | null> {
  if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return null
  return findSession(server.sharedPool.db, hashToken(token), now, dayOf(now, server.clock.zone))
}

/**
 * Who asks (ACCESS-1): a desk sees its area, everybody else the areas of the duties valid today, stand-ins included. Without
 * either the scope is empty and so are the database's own bounds. A half-open session is nobody.
 */
export async function resolveActor(server: Server, token: string, now: Date): Promise<Actor | null> {
  const session = await sessionOf(server, token, now)
  if (!session || session.level !== 'full' || secondFactorMissing(server, session.account)) return null
  if (now.getTime() - session.lastSeenAt.getTime() > TOUCH_MS)
    await touchSession(server.jobsPool.db, session.sessionId, now)
  const { account } = session
  const scope = scopeOf(account, session.duties)
  return {
    kind: 'account',
    id: account.id,
    name: account.name,
    area: boundsOf(scope) ?? '',
    scope,
    roles: account.roles,
    createdBy: account.createdBy,
    sessionId: session.sessionId,
  }
}

/** ACCESS-20: a role that must have a second factor, without one. Given such a role, an open session opens nothing any more. */
export function secondFactorMissing(server: Server, account: Pick<SessionRow['account'], 'roles' | 'totp'>): boolean {
  return server.config.totp === 'required' && !account.totp && needsSecondFactor(account.roles)
}

/** The half-open session that the second factor, or enrolling one, completes. */
export async function halfOpen(
  server: Server,
  token: string,
  now: Date,
  level: 'needs_totp' | 'needs_enrolment' = 'needs_totp',
): Promise<SessionRow | null> {
  const session = await sessionOf(server, token, now)
  return session?.level === level ? session : null
}
