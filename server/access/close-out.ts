import { createHash } from 'node:crypto'
import { ApproveCloseOut, ProposeCloseOut } from '@weiwang/domain/access/api'
import type { CertificateVerdict, CloseOutItem } from '@weiwang/domain/access/api'
import { can } from '@weiwang/domain/access/can'
import { canonicalJson } from '@weiwang/domain/access/canonical'
import { alreadyDecided, closeOutTooEarly } from '@weiwang/domain/access/problems'
import { addDays, dayOf } from '@weiwang/domain/core/day'
import { notFound } from '@weiwang/domain/core/problems'
import { say } from '@weiwang/domain/core/say'
import { z } from 'zod'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { backupDays } from '../core/postgres/backup-store.ts'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import {
  approveCloseOutRow,
  countFamilies,
  destroyKeys,
  familiesOf,
  findCloseOut,
  finishCloseOut,
  insertCloseOut,
  keysOf,
  lockCloseOut,
  manifestsOf,
} from './close-out-store.ts'
import type { CloseOutFamily, CloseOutRow, Of } from './close-out-store.ts'
import { destroyDayKeys } from './retention.ts'
import { dayKeysOf, deleteChunk, insertManifest, takeFromStock, waitForSweeper } from './retention-store.ts'
import { findEmergency, lockEmergency, updateEmergency } from './store.ts'
import type { EmergencyRow } from './store.ts'

type View = z.infer<typeof CloseOutItem>
const State = z.enum(['proposed', 'running', 'done'])
const Tables = z.record(z.string(), z.number())

function ofEmergency(row: EmergencyRow): Of {
  return { emergencyId: row.id, area: row.area, endedAt: row.ended_at ?? row.proposed_at }
}

/** The tables that hold persons are closed to a centre's bounds, so this reads under reach `all`, after the scope check. */
export async function presentCloseOut(ctx: Ctx, emergencyId: string): Promise<View> {
  const emergency = await findEmergency(ctx.db, ctx.scope, emergencyId)
  const row = emergency ? await findCloseOut(ctx.db, emergencyId) : null
  if (!emergency || !row) throw notFound({ thing: 'close_out' })
  permit(ctx, 'read', { kind: 'retention', area: emergency.area })
  const tables =
    row.state === 'done'
      ? totals(await manifestsOf(ctx.db, emergencyId))
      : await countFamilies(ctx.db, ofEmergency(emergency))
  const { proposed_by: by, proposed_by_created_by: byCreatedBy } = row
  const thing = { kind: 'retention', area: emergency.area, by, byCreatedBy } as const
  return {
    ...view(row, tables),
    mine: by !== null && by === actorId(ctx),
    mayDecide: can(ctx.actor, 'approve', thing),
  }
}

function view(row: CloseOutRow, tables: Record<string, number>): Omit<View, 'mine' | 'mayDecide'> {
  return {
    id: row.id,
    emergencyId: row.emergency_id,
    state: State.parse(row.state),
    proposedBy: row.proposed_by_name,
    approvedBy: row.approved_by_name,
    proposedAt: row.proposed_at.toISOString(),
    doneAt: row.done_at?.toISOString() ?? null,
    tables,
    certificate: row.certificate,
  }
}

function totals(manifests: readonly { tables: unknown }[]): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const manifest of manifests) {
    for (const [table, n] of Object.entries(Tables.catch({}).parse(manifest.tables))) sum[table] = (sum[table] ?? 0) + n
  }
  return sum
}

/** DELETE-4: proposed by one, with the rows that will go. */
export const proposeCloseOut = defineAction({
  name: 'close_out.propose',
  input: ProposeCloseOut,
  reach: 'all',
  run: async (ctx, args): Promise<View> => {
    const emergency = await lockEmergency(ctx.db, ctx.scope, args.id)
    if (!emergency) throw notFound({ thing: 'emergency' })
    permit(ctx, 'propose', { kind: 'retention', area: emergency.area })
    if (emergency.state !== 'ended') throw closeOutTooEarly({ state: emergency.state })
    const id = newId(ctx.now)
    const made = await insertCloseOut(ctx.db, {
      id,
      emergencyId: emergency.id,
      by: actorId(ctx),
      byName: ctx.actor.name,
      byCreatedBy: ctx.actor.createdBy,
      at: ctx.now,
    })
    if (!made) throw alreadyDecided({})
    ctx.audit({ verb: 'close_out.propose', thing: 'emergency', thingId: emergency.id, area: emergency.area })
    return presentCloseOut(ctx, emergency.id)
  },
})

/** DELETE-4: approved by another; from here the work runs by itself and cannot be called back. */
export const approveCloseOut = defineAction({
  name: 'close_out.approve',
  input: ApproveCloseOut,
  reach: 'all',
  run: async (ctx, args): Promise<View> => {
    const emergency = await lockEmergency(ctx.db, ctx.scope, args.id)
    const row = emergency ? await lockCloseOut(ctx.db, emergency.id) : null
    if (!emergency || !row) throw notFound({ thing: 'close_out' })
    permit(ctx, 'approve', {
      kind: 'retention',
      area: emergency.area,
      by: row.proposed_by,
      byCreatedBy: row.proposed_by_created_by,
    })
    if (row.state !== 'proposed') throw alreadyDecided({})
    await approveCloseOutRow(ctx.db, row.id, { id: actorId(ctx), name: ctx.actor.name }, ctx.now)
    ctx.audit({ verb: 'close_out.approve', thing: 'emergency', thingId: emergency.id, area: emergency.area })
    ctx.emit('close_out.approved', { emergencyId: emergency.id })
    return presentCloseOut(ctx, emergency.id)
  },
})

/**
 * DELETE-5: deletes chunk by chunk with a manifest for each, destroys the data keys, looks again, and only then signs. Any step may
 * be repeated: after a crash it goes on where it stood.
 */
export async function runCloseOut(server: Server, emergencyId: string): Promise<void> {
  const emergency = await findEmergency(server.jobsPool.db, [''], emergencyId)
  const row = await findCloseOut(server.jobsPool.db, emergencyId)
  if (!emergency || row?.state !== 'running') return
  const of = ofEmergency(emergency)
  for (const family of familiesOf(of)) {
    while ((await sweepChunk(server, family, of)) > 0);
  }
  await destroyDataKeys(server, of)
  const left = await countFamilies(server.jobsPool.db, of)
  if (Object.keys(left).length > 0)
    throw new Error(`rows are left after the close-out of ${emergencyId}: ${JSON.stringify(left)}`)
  await certify(server, emergency, row)
}

/** Returns how many rows were dealt with: deleted, or given to whom still needs them. */
async function sweepChunk(server: Server, family: CloseOutFamily, of: Of): Promise<number> {
  return server.retentionPool.db.transaction().execute(async (db) => {
    await waitForSweeper(db)
    const settled = await family.settle?.(db)
    const { tables, keys, steps } = await deleteChunk(db, { ...family, due: settled?.due ?? family.due })
    if (keys.length > 0) await writeManifest(server, db, of, 'close_out', tables, keys)
    await takeFromStock(db, steps)
    return keys.length + (settled?.given ?? 0)
  })
}

type RetentionDb = Parameters<typeof insertManifest>[0]

async function writeManifest(
  server: Server,
  db: RetentionDb,
  of: Of,
  rule: string,
  tables: Record<string, number>,
  keys: readonly string[],
): Promise<void> {
  const now = server.clock.now()
  const hash = createHash('sha256').update(keys.join('\n')).digest()
  const rows = Object.values(tables).reduce((a, b) => a + b, 0)
  await insertManifest(db, {
    id: newId(now),
    emergencyId: of.emergencyId,
    rule,
    cutoff: of.endedAt,
    tables,
    rows,
    hash,
    at: now,
  })
}

async function destroyDataKeys(server: Server, of: Of): Promise<void> {
  await server.retentionPool.db.transaction().execute(async (db) => {
    const ids = await destroyKeys(db, of.emergencyId, server.clock.now())
    if (ids.length > 0) await writeManifest(server, db, of, 'close_out_keys', { data_key: ids.length }, ids)
  })
  const { emergencyId, endedAt: cutoff } = of
  await destroyDayKeys(server, (db) => dayKeysOf(db, emergencyId), { emergencyId, cutoff })
  for (const day of server.keys.days.daysOf(emergencyId)) server.keys.days.destroy({ emergencyId, day })
  server.keys.forget()
}

async function certify(server: Server, emergency: EmergencyRow, row: CloseOutRow): Promise<void> {
  await server.asSystem('close_out.certify', async (ctx) => {
    if ((await lockCloseOut(ctx.db, emergency.id))?.state !== 'running') return
    const manifests = await manifestsOf(ctx.db, emergency.id)
    const keys = await keysOf(ctx.db, emergency.id)
    const days = await backupDays(ctx.db)
    const certificate = await signCertificate(server, certificateBody(ctx, { emergency, row, manifests, keys, days }))
    await finishCloseOut(ctx.db, row.id, certificate, ctx.now)
    await updateEmergency(ctx.db, emergency.id, { state: 'closed_out', closed_out_at: ctx.now })
    ctx.audit({
      verb: 'close_out.done',
      thing: 'emergency',
      thingId: emergency.id,
      area: emergency.area,
      detail: { manifests: manifests.length, keys: keys.length },
    })
    ctx.emit('emergency.closed_out', { emergencyId: emergency.id })
  })
}

type Facts = {
  emergency: EmergencyRow
  row: CloseOutRow
  manifests: Awaited<ReturnType<typeof manifestsOf>>
  keys: Awaited<ReturnType<typeof keysOf>>
  days: number
}

/** What the certificate says. Everything in it can be checked against the manifests that stay in the database. */
function certificateBody(ctx: Ctx, { emergency, row, manifests, keys, days }: Facts): Record<string, unknown> {
  const today = dayOf(ctx.now, ctx.zone)
  return {
    kind: 'weiwang.deletion-certificate',
    version: 1,
    title: say('个人信息销毁证明', 'Certificate of deletion of personal data'),
    deployment: ctx.root,
    emergency: {
      id: emergency.id,
      area: emergency.area,
      name: emergency.name,
      legalOrder: emergency.legal_order,
      starts: emergency.starts,
      endedAt: emergency.ended_at?.toISOString() ?? null,
    },
    proposedBy: row.proposed_by_name,
    approvedBy: row.approved_by_name,
    approvedAt: row.approved_at?.toISOString() ?? null,
    doneAt: ctx.now.toISOString(),
    tables: totals(manifests),
    manifests: manifests.map(({ id, rule, rows, hash }) => ({ id, rule, rows, sha256: hash })),
    keysDestroyed: keys.map((key) => ({ id: key.id, month: key.month, at: key.destroyed_at?.toISOString() ?? null })),
    stays: say(
      '只留不含个人的计数、审计记录（不含内容）和本证明',
      'Only counts without persons, audit lines without content, and this certificate stay',
    ),
    backups: {
      heldUntil: addDays(today, days),
      say: say(
        `${today} 以前的备份仍含已封存的副本及其被主密钥包裹的数据密钥，最迟保存到 ${addDays(today, days)}；到期删除备份并轮换主密钥后不可恢复`,
        `Backups made before ${today} still hold sealed copies and the data keys wrapped by the master key, until ${addDays(today, days)} at the latest; once they are deleted and the master key is rotated nothing can be recovered`,
      ),
    },
  }
}

/** ES256 over the canonical text of everything but the signature and the two places that people fill in by hand. */
async function signCertificate(server: Server, body: Record<string, unknown>): Promise<Record<string, unknown>> {
  const publicKey = await server.keys.publicKeyPem()
  const signed = { ...body, publicKey }
  const value = await server.keys.sign(Buffer.from(canonicalJson(signed), 'utf8'))
  const slots = { auditor: { name: '', signature: '' }, witness: { name: '', signature: '' } }
  return { ...signed, signature: { alg: 'ES256', value: value.toString('base64url') }, ...slots }
}

const Signature = z.object({ alg: z.literal('ES256'), value: z.string() })

/** Ours and unchanged? The key is the deployment's, not the one that the paper names. */
export async function verifyCertificate(
  server: Server,
  certificate: Record<string, unknown>,
): Promise<z.infer<typeof CertificateVerdict>> {
  const { signature, auditor: _auditor, witness: _witness, ...body } = certificate
  const parsed = Signature.safeParse(signature)
  const valid =
    parsed.success &&
    (await server.keys.verify(Buffer.from(canonicalJson(body), 'utf8'), Buffer.from(parsed.data.value, 'base64url')))
  return {
    valid,
    say: valid
      ? say('证明由本系统签发，内容未改动', 'Issued by this deployment and unchanged')
      : say('不是本系统签发，或内容已被改动', 'Not issued by this deployment, or changed since'),
  }
}
