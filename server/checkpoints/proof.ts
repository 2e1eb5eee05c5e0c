/** What is left of a day of passages, said, signed and open to anybody's check (GATE-12). */
import type { AskDeletionProof, DeletionProof } from '@weiwang/domain/checkpoints/api'
import { KEEP_DAYS } from '@weiwang/domain/checkpoints/gate'
import { goneFrom } from '@weiwang/domain/checkpoints/opening'
import { addDays, instantOf } from '@weiwang/domain/core/day'
import { notAllowed } from '@weiwang/domain/core/problems'
import { say } from '@weiwang/domain/core/say'
import type { z } from 'zod'
import { may } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { backupDays, keptBackups } from '../core/postgres/backup-store.ts'
import { exportsMade, keysOfDay, keptDays, manifestsOfDay, reachOf } from './store-proof.ts'

type State = DeletionProof['state']

const DAY_MS = 86_400_000

const NO_EXPORT = say('通行记录没有导出接口，未曾导出', 'There is no way to export passages, and none was exported')
const BACKUPS_SAY = say(
  '备份中该日的码编号、车牌和访客信息以当日通行密钥加密；密钥从不在数据库和备份中，已销毁，任何备份都无法再打开。备份本身按期删除。',
  'In backups the code ids, plates and visitors of the day are sealed under the passage key of the day, which never lay in the database or in a backup and is destroyed: no backup can be opened any more. Backups themselves are removed at their term.',
)
const BACKUPS_KEPT = say(
  '该日的密钥尚未销毁，备份中的内容仍可打开',
  'The passage key of the day still exists: what backups hold of it can still be opened',
)

function permitProof(ctx: Ctx): void {
  if (!ctx.scope.some((area) => may(ctx, 'read', { kind: 'retention', area: area === '' ? ctx.root : area })))
    throw notAllowed({ verb: 'read', thing: 'retention' })
}

function stateOf(of: { rows: number; keysLeft: number }, day: string, today: string): State {
  if (day >= addDays(today, -KEEP_DAYS)) return 'kept'
  return of.rows + of.keysLeft > 0 ? 'due' : 'gone'
}

export async function readProof(ctx: Ctx, { day }: z.output<typeof AskDeletionProof>): Promise<DeletionProof> {
  permitProof(ctx)
  const reach = await reachOf(ctx.db, day)
  const stored = await keysOfDay(ctx.db, day)
  // What the database says of a key is believed only when its file is gone too.
  const keys = stored.map((key) => ({
    id: key.id,
    destroyedAt:
      ctx.keys.days.find({ emergencyId: key.emergency_id, day }) === null
        ? (key.destroyed_at?.toISOString() ?? null)
        : null,
  }))
  const rows = reach.reduce((sum, one) => sum + one.rows, 0)
  const keysLeft = keys.filter((key) => key.destroyedAt === null).length
  const state = stateOf({ rows, keysLeft }, day, ctx.today)
  const start = instantOf(day, ctx.zone)
  const days = await backupDays(ctx.db)
  const backups = await keptBackups(ctx.db)
  const holdingDay = backups
    .filter((one) => one.coversUntil > start)
    .map((one) => ({
      place: one.place,
      coversUntil: one.coversUntil.toISOString(),
      goneBy: new Date(one.verifiedAt.getTime() + days * DAY_MS).toISOString(),
    }))
  const facts = {
    day,
    keepDays: KEEP_DAYS,
    goneFrom: goneFrom(day),
    state,
    reach,
    deleted: await manifestsOfDay(ctx.db, day),
    keys,
    exports: { made: await exportsMade(ctx.db), say: NO_EXPORT },
    backups: { kept: backups.length, holdingDay, say: keysLeft > 0 ? BACKUPS_KEPT : BACKUPS_SAY },
    signedAt: ctx.now.toISOString(),
  }
  const text = textOf(facts)
  const signature = await ctx.keys.sign(Buffer.from(text, 'utf8'))
  return { ...facts, text, signature: signature.toString('base64url'), publicKey: await ctx.keys.publicKeyPem() }
}

type Facts = Omit<DeletionProof, 'text' | 'signature' | 'publicKey'>

const STATE_SAY: Record<State, string> = {
  kept: '在保存期内 still kept',
  due: '到期待销毁 due for deletion',
  gone: '已销毁 deleted',
}

/** One text in both languages, which is what is signed. */
function textOf(facts: Facts): string {
  return [
    '通行记录销毁证明 Certificate of deletion of passages',
    `日期 Day: ${facts.day}`,
    `状态 State: ${STATE_SAY[facts.state]}`,
    `保存 Kept: ${facts.keepDays} 天 days; ${facts.goneFrom} 起不再保存 nothing from then on`,
    ...facts.reach.map((one) => `表及索引可达 Reached by table and index: ${one.table} ${one.rows}`),
    ...facts.deleted.map(
      (one) =>
        `清单 Manifest ${one.manifest} ${one.at}: ${Object.entries(one.tables)
          .map(([table, n]) => `${table} ${n}`)
          .join(', ')} sha256 ${one.hash}`,
    ),
    ...facts.keys.map(
      (key) =>
        `密钥 Key ${key.id}: ${key.destroyedAt === null ? '存在 exists' : `已销毁 destroyed ${key.destroyedAt}`}`,
    ),
    `导出 Exports: ${facts.exports.made}. ${facts.exports.say.zh} ${facts.exports.say.en}`,
    `备份 Backups: ${facts.backups.holdingDay.length}/${facts.backups.kept}. ${facts.backups.say.zh} ${facts.backups.say.en}`,
    ...facts.backups.holdingDay.map((one) => `  ${one.place} ${one.coversUntil} → ${one.goneBy ?? '-'}`),
    `签署 Signed: ${facts.signedAt}`,
  ].join('\n')
}

const MOST_DAYS = 60

/** Days of which anything is or was kept, the newest first. */
export async function readDeletionDays(ctx: Ctx) {
  permitProof(ctx)
  const items = (await keptDays(ctx.db, MOST_DAYS)).map(({ day, rows, keys }) => ({
    day,
    rows,
    state: stateOf({ rows, keysLeft: keys }, day, ctx.today),
  }))
  return { items }
}
