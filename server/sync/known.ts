import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { SESSION_COOKIE } from '../core/http.ts'

/**
 * Whose sessions this process has seen good, so that a crowd of phones can be told when to come back without asking the database who
 * each is, while somebody who is nobody is told just that and takes no place (SYNC-11). What is remembered gives no right: whoever is
 * let in is asked anew. Only hashes of sessions are kept, of the last ones that were used.
 */
export type Known = {
  /** The account of the session that a request brings, when it was good the last time; else null. */
  of: (headers: IncomingHttpHeaders) => string | null
  note: (headers: IncomingHttpHeaders, account: string) => void
  forget: (headers: IncomingHttpHeaders) => void
}

const MOST = 100_000
const COOKIE = new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([^;]*)`)

/** As `Http.actor` reads it. */
function tokenOf({ authorization, cookie }: IncomingHttpHeaders): string | null {
  if (authorization?.startsWith('Bearer ')) return authorization.slice(7)
  return COOKIE.exec(cookie ?? '')?.[1] ?? null
}

function hashOf(headers: IncomingHttpHeaders): string | null {
  const token = tokenOf(headers)
  return token === null ? null : createHash('sha256').update(token).digest('base64url')
}

export function knownSessions(most = MOST): Known {
  const accounts = new Map<string, string>()
  return {
    of: (headers) => accounts.get(hashOf(headers) ?? '') ?? null,
    note: (headers, account) => {
      const hash = hashOf(headers)
      if (hash === null) return
      // The one used last is the last to go.
      accounts.delete(hash)
      accounts.set(hash, account)
      const [oldest] = accounts.size > most ? accounts.keys() : []
      if (oldest !== undefined) accounts.delete(oldest)
    },
    forget: (headers) => void accounts.delete(hashOf(headers) ?? ''),
  }
}
