import { existsSync, readFileSync } from 'node:fs'
import { toHex } from '@weiwang/domain/healthcode/bytes'
import { systemActor } from '../core/ctx.ts'
import { verdictOn } from '../healthcode/code-gates.ts'
import { gateKey, keepKeys, revokeKey, toldKeys } from '../healthcode/code-keys.ts'
import { readArgs, Refused, UsageError } from './io.ts'
import type { Io } from './io.ts'
import { configOf, DEPLOYMENT_FLAGS, withServer } from './program.ts'

/** A text that was scanned, or a file that holds it. */
function scanned(word: string | undefined): string {
  if (word === undefined || word === '') throw new UsageError('usage: weiwang code verify TEXT|FILE')
  return (word.length < 1000 && existsSync(word) ? readFileSync(word, 'utf8') : word).trim()
}

/** `code verify`: the verdict on one scanned text, by the keys and the list of this deployment. Exit 1 when it gives no colour. */
export async function codeVerifyCommand(args: string[], io: Io): Promise<void> {
  const { flags, words } = readArgs(args, DEPLOYMENT_FLAGS)
  const text = scanned(words[0])
  const verdict = await withServer(configOf(flags), (server) =>
    server.read(systemActor('code.verify'), 'code.verify', null, (ctx) => verdictOn(ctx, text), 'all'),
  )
  const { colour, masked, ruleSet, until, why, rule } = verdict
  if (colour === null) throw new Refused(`${why?.zh ?? ''} ${why?.en ?? ''} (${rule ?? ''})`, { ...verdict })
  io.result(
    { ...verdict },
    `${colour} ${masked ?? ''}  ${ruleSet?.name.zh ?? ''} ${ruleSet?.name.en ?? ''}  有效至 until ${until ?? ''}${verdict.paper ? '  纸质 paper' : ''}`,
  )
}

/** `code keys`: the keys that gates know. */
export async function codeKeysCommand(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, DEPLOYMENT_FLAGS)
  const keys = await withServer(configOf(flags), async (server) => {
    const rows = await toldKeys(server.jobsPool.db, server.clock.now())
    return rows.map((row) => ({
      kid: toHex(row.kid),
      signsFrom: row.sign_from.toISOString(),
      signsUntil: row.sign_until.toISOString(),
      holdsUntil: row.until_at.toISOString(),
      revokedAt: row.revoked_at?.toISOString() ?? null,
      publicKey: Buffer.from(gateKey(row).publicKey).toString('base64url'),
    }))
  })
  const lines = keys.map(
    ({ kid, signsFrom, signsUntil, holdsUntil, revokedAt }) =>
      `  ${kid}  ${signsFrom} — ${signsUntil}, ${holdsUntil}${revokedAt === null ? '' : `  作废 revoked ${revokedAt}`}`,
  )
  io.result({ keys }, `签发密钥 signing keys (signs from — until, holds until):\n${lines.join('\n')}`)
}

/** `code rotate`: a new key, in use once every gate has had a week to learn it. */
export async function codeRotateCommand(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, DEPLOYMENT_FLAGS)
  const made = await withServer(configOf(flags), (server) =>
    server.asSystem('code.rotate', async (ctx) =>
      (await keepKeys(ctx, true)).map((row) => ({ kid: toHex(row.kid), signsFrom: row.sign_from.toISOString() })),
    ),
  )
  const [key] = made
  io.result(
    { made },
    key
      ? `${key.kid} 自 ${key.signsFrom} 起签发 signs from then on.`
      : '已有新密钥等待启用。 A new key is waiting to sign already.',
  )
}

/** `code revoke KID --reason TEXT`: for good; phones fetch new codes, gates refuse the old ones as soon as they hear of it. */
export async function codeRevokeCommand(args: string[], io: Io): Promise<void> {
  const usage = 'usage: weiwang code revoke KID --reason TEXT'
  const { flags, words } = readArgs(args, { ...DEPLOYMENT_FLAGS, reason: { type: 'string' } })
  const [kid] = words
  const { reason } = flags
  if (kid === undefined || !/^[0-9a-f]{8}$/.test(kid) || typeof reason !== 'string' || reason.trim().length < 2)
    throw new UsageError(usage)
  await withServer(configOf(flags), (server) => server.asSystem('code.revoke', (ctx) => revokeKey(ctx, kid, reason)))
  io.result({ kid, revoked: true }, `${kid} 已永久作废。 Revoked for good.`)
}
