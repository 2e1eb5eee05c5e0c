/**
 * CODE-15: who is told of a change. The message says that there is news and where, no colour and no reason: it may be read by whoever
 * holds the phone. It waits for the morning. Whom no account stands for is told by the number of the record; who has none, and who
 * wants no messages, is told by a person of the grid, or by the desk where the grid is not known.
 */
import { say } from '@weiwang/domain/core/say'
import { messageNumber, optOutNumber } from '@weiwang/domain/observation/reading-message'
import { isQuiet } from '@weiwang/domain/observation/slots'
import { CODE_NEWS } from '@weiwang/domain/healthcode/code-words'
import { findEmergency } from '../access/store.ts'
import { Undeliverable } from '../access/sms.ts'
import type { SmsGateway } from '../access/sms.ts'
import type { Ctx } from '../core/ctx.ts'
import { idFrom } from '../core/ids.ts'
import type { Server } from '../core/server.ts'
import { isStopped } from '../observation/reminders-store.ts'
import { openText } from '../people/opening.ts'
import { openTasks } from '../tasks/bulk.ts'
import { ownCampaign } from '../tasks/own-campaign.ts'
import { codesToTell, markTold } from './code-tell-store.ts'
import type { ToTell } from './code-tell-store.ts'
import { deskAt, tell } from './objection-change.ts'

const AT_ONCE = 100
const MOST = 5_000
const GRID = 15

type Number = { to: string; lang: string }
type Row = ToTell & { numbers: Number[] }

/** Numbers that may be written to: those of the accounts, else the one of the record. */
async function numbersOf(ctx: Ctx, { personId, accounts, phone }: ToTell): Promise<Number[]> {
  const of = async (table: string, row: string, sealed: Buffer | null, lang: string): Promise<Number[]> => {
    const text = await openText(ctx, { table, row, column: 'phone_sealed' }, sealed)
    const to = messageNumber(text)
    if (text === null || to === null) return []
    return (await isStopped(ctx.db, ctx.keys.hash('phone', optOutNumber(text)))) ? [] : [{ to, lang }]
  }
  const found: Number[] = []
  for (const one of accounts)
    found.push(...(await of('account', one.id, one.phone === null ? null : Buffer.from(one.phone, 'base64'), one.lang)))
  return accounts.length > 0 ? found : of('identity', personId, phone, 'zh')
}

/** @returns how many messages left */
export async function tellHolders(server: Server, gateway: SmsGateway): Promise<number> {
  if (isQuiet(server.clock.now(), server.clock.zone)) return 0
  let sent = 0
  for (let done = 0; done < MOST; done += AT_ONCE) {
    const rows = await server.asSystem('code.tell', async (ctx) => {
      const found = await codesToTell(ctx.db, ctx.today, AT_ONCE)
      return Promise.all(found.map(async (row): Promise<Row> => ({ ...row, numbers: await numbersOf(ctx, row) })))
    })
    for (const row of rows) {
      let reached = 0
      for (const { to, lang } of row.numbers) if (await told(server, gateway, to, lang)) reached++
      sent += reached
      await server.asSystem('code.told', async (ctx) => {
        if (reached === 0 && row.accounts.length === 0) await tellInPerson(ctx, row)
        await markTold(ctx.db, row.personId, row.n)
      })
    }
    if (rows.length < AT_ONCE) break
  }
  return sent
}

async function told(server: Server, gateway: SmsGateway, to: string, lang: string): Promise<boolean> {
  const base = server.publicUrl
  try {
    await gateway.send(to, `${lang === 'en' ? CODE_NEWS.en : CODE_NEWS.zh}${base}/r/`)
    return true
  } catch (error) {
    if (error instanceof Undeliverable) return false
    throw error
  }
}

// ---- Without a telephone ----------------------------------------------------------------------------------------------------------

/** What concerns everybody of a place is told by the place, and not door by door. */
const FOR_ALL: readonly ToTell['trigger'][] = ['rule_set', 'emergency_over']

const CAMPAIGN = {
  word: 'code-news',
  name: say('健康码变化上门告知', 'News of a code, told in person'),
  purpose: say(
    '没有电话的人，健康码有变化时由网格员告知',
    'Who has no telephone is told by the grid worker when the code has changed',
  ),
  script: say(
    '您好，您的健康码有变化。我来说明变化的内容、原因和现在要做什么；需要的话为您打印新的纸质码，旧的不再有效。',
    'Hello, your health code has changed. Let me say how, why and what to do now; a new paper code can be printed, the old one is good no more.',
  ),
  hours: { yellow: { answer: 24 }, blue: { answer: 24 } },
}

async function tellInPerson(ctx: Ctx, row: ToTell): Promise<void> {
  if (FOR_ALL.includes(row.trigger)) return
  if ((await findEmergency(ctx.db, [''], row.emergencyId))?.state !== 'open') return
  const words = say(
    '健康码有变化，没有可发短信的电话，请当面告知',
    'The code has changed and there is no number to write to: tell them in person',
  )
  if (row.area.length < GRID) {
    const desk = await deskAt(ctx, row.area, 'community')
    await tell(
      ctx,
      desk.map((one) => one.id),
      'code.news',
      say(`${row.masked}：${words.zh}`, `${row.masked}: ${words.en}`),
    )
    return
  }
  await openTasks(ctx, await ownCampaign(ctx, row.emergencyId, CAMPAIGN), [
    {
      id: idFrom(`code-news/${row.personId}/${row.n}`),
      area: row.area,
      personId: row.personId,
      householdId: null,
      masked: row.masked,
      grade: 'blue',
      kind: 'check',
      reasons: [{ rule: 'CODE-15', say: words, day: ctx.today, until: null }],
    },
  ])
}
