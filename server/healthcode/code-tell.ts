/**
 * CODE-15: who is told of a change. The message says that there is news and where, no colour and no reason: it may be read by whoever
 * holds the phone. It waits for the morning; who has no number is told by the page, the paper or the community.
 */
import { messageNumber } from '@weiwang/domain/observation/reading-message'
import { isQuiet } from '@weiwang/domain/observation/slots'
import { CODE_NEWS } from '@weiwang/domain/healthcode/code-words'
import { Undeliverable } from '../access/sms.ts'
import type { SmsGateway } from '../access/sms.ts'
import type { Server } from '../core/server.ts'
import { openText } from '../people/opening.ts'
import { codesToTell, markTold } from './code-tell-store.ts'

const AT_ONCE = 100
const MOST = 5_000

/** @returns how many messages left */
export async function tellHolders(server: Server, gateway: SmsGateway): Promise<number> {
  if (isQuiet(server.clock.now(), server.clock.zone)) return 0
  let sent = 0
  for (let done = 0; done < MOST; done += AT_ONCE) {
    const rows = await server.asSystem('code.tell', async (ctx) => {
      const found = await codesToTell(ctx.db, ctx.today, AT_ONCE)
      return Promise.all(
        found.map(async (row) => ({
          ...row,
          phones: (
            await Promise.all(
              row.accounts.map(async ({ id, phone, lang }) => ({
                lang,
                to: messageNumber(
                  await openText(
                    ctx,
                    { table: 'account', row: id, column: 'phone_sealed' },
                    phone === null ? null : Buffer.from(phone, 'base64'),
                  ),
                ),
              })),
            )
          ).flatMap(({ lang, to }) => (to === null ? [] : [{ lang, to }])),
        })),
      )
    })
    for (const row of rows) {
      for (const { to, lang } of row.phones) if (await told(server, gateway, to, lang)) sent++
      await server.asSystem('code.told', (ctx) => markTold(ctx.db, row.personId, row.n))
    }
    if (rows.length < AT_ONCE) break
  }
  return sent
}

async function told(server: Server, gateway: SmsGateway, to: string, lang: string): Promise<boolean> {
  const base = server.config.publicUrl ?? `http://${server.config.host}:${server.config.port}`
  try {
    await gateway.send(to, `${lang === 'en' ? CODE_NEWS.en : CODE_NEWS.zh}${base}/r/`)
    return true
  } catch (error) {
    if (error instanceof Undeliverable) return false
    throw error
  }
}
