/** A register that comes as a file: accepted at once, imported chunk by chunk as a job that can be watched (PEOPLE-12). */
import type { Actor } from '@weiwang/domain/access/actor'
import { scopeOf } from '@weiwang/domain/access/roles'
import { Problem } from '@weiwang/domain/core/problem'
import { say } from '@weiwang/domain/core/say'
import { ImportAnswer, ImportFile, ImportStarted } from '@weiwang/domain/people/api'
import { emptyRegister } from '@weiwang/domain/people/problems'
import type { z } from 'zod'
import { loginById } from '../access/login-store.ts'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { jobProgress, reportProgress, startJob } from '../core/progress.ts'
import { importChunk } from './importing.ts'
import type { Importer } from './importing.ts'
import { readRegisterFile } from './read-file.ts'
import type { RegisterFile } from './read-file.ts'
import { dropRegister, keepRegister, keptRegisters, readRegister } from './register-files.ts'
import { requireInScope } from './scope.ts'
import { IMPORT_KIND, lockImport, openImports, stalledImports } from './store-import.ts'
import type { ImportJob } from './store-import.ts'

const CHUNK = 500
const MAX_TOLD = 1000

type Args = z.output<typeof ImportFile>
type Answer = z.output<typeof ImportAnswer>

/** The right, the emergency and the job row, in one transaction with the audit line. */
const start = defineAction({
  name: 'household.import_file',
  input: ImportFile,
  output: ImportStarted,
  run: async (ctx, args) => {
    requireInScope(ctx, args.area, 'area')
    permit(ctx, 'bulk', { kind: 'household', area: args.area })
    await requireOpenEmergency(ctx, args.area)
    const jobId = await startJob(ctx, {
      kind: IMPORT_KIND,
      title: say('导入户册', 'Household register'),
      area: args.area,
      subject: args.source,
      total: args.rows,
    })
    ctx.audit({
      verb: 'household.import_file',
      thing: 'household',
      thingId: args.source,
      area: args.area,
      detail: { rows: args.rows, jobId },
    })
    return { jobId, rows: args.rows }
  },
})

function add(sum: Answer, part: Answer): Answer {
  return {
    households: {
      created: sum.households.created + part.households.created,
      updated: sum.households.updated + part.households.updated,
      unchanged: sum.households.unchanged + part.households.unchanged,
      held: sum.households.held + part.households.held,
    },
    people: {
      created: sum.people.created + part.people.created,
      updated: sum.people.updated + part.people.updated,
      unchanged: sum.people.unchanged + part.people.unchanged,
      held: sum.people.held + part.people.held,
    },
    rejected: sum.rejected + part.rejected,
    rows: [...sum.rows, ...part.rows].slice(0, MAX_TOLD),
  }
}

const NOTHING: Answer = {
  households: { created: 0, updated: 0, unchanged: 0, held: 0 },
  people: { created: 0, updated: 0, unchanged: 0, held: 0 },
  rejected: 0,
  rows: [],
}

/** Who sent the file, with what that account reaches now; without one, the register's own area. */
async function importerOf(ctx: Ctx, { by, area }: ImportJob): Promise<Importer> {
  const account = by === null ? null : await loginById(ctx.db, by)
  return account
    ? { id: account.id, name: account.name, scope: scopeOf(account, []) }
    : { id: ctx.actor.id, name: ctx.actor.name, scope: [area] }
}

/** Where a job stands: null when it is finished or somebody else has finished it. */
async function importNext(
  server: Server,
  jobId: string,
  file: RegisterFile,
  size: number,
): Promise<{ more: boolean } | null> {
  return server.asSystem('household.import', async (ctx) => {
    const job = await lockImport(ctx.db, jobId)
    if (!job || !['waiting', 'running'].includes(job.state)) return null
    const rows = file.rows.slice(job.done, job.done + size)
    const sum = ImportAnswer.safeParse(job.result)
    const args = { area: job.area, source: job.source, rows, typed: file.textCells }
    const importer = await importerOf(ctx, job)
    const part = rows.length === 0 ? NOTHING : await importChunk(server, ctx, args, importer)
    const done = job.done + rows.length
    const more = done < file.rows.length
    const result = add(sum.success ? sum.data : NOTHING, part)
    await jobProgress(ctx, jobId, { state: more ? 'running' : 'done', done, result })
    return { more }
  })
}

/**
 * Chunk by chunk, each with its own transaction that also moves the place reached and the counts: after a kill it goes on from
 * there. Lines of one household stand together in a register; one that is cut by a chunk is simply met twice.
 */
export async function importFile(server: Server, jobId: string, file: RegisterFile, size = CHUNK): Promise<void> {
  while ((await importNext(server, jobId, file, size))?.more === true);
}

/** One chunk, for tests of a kill between chunks. */
export async function importOneChunk(server: Server, jobId: string, file: RegisterFile, size: number): Promise<void> {
  await importNext(server, jobId, file, size)
}

const STOPPED = {
  message: say(
    '导入中断，可重新导入，已导入的不会重复',
    'The import stopped; import the file again, nothing becomes double',
  ),
}

/** Never throws: when not even the failure can be written, the file stays and the job is taken up later. */
async function finish(server: Server, jobId: string, file: RegisterFile): Promise<void> {
  try {
    await importFile(server, jobId, file).catch(async (error: unknown) => {
      server.log.error({ err: error, jobId }, 'import of a household register failed')
      await reportProgress(server, jobId, { state: 'failed', error: error instanceof Problem ? error.body : STOPPED })
    })
    await dropRegister(server.config.dataDir, jobId)
  } catch (error) {
    server.log.error({ err: error, jobId }, 'import of a household register is left to be taken up')
  }
}

const STALLED_MS = 90_000

/** Imports whose process was killed are taken up where they stand; one whose file is gone says so. Files of finished ones go. */
export async function takeUpImports(server: Server): Promise<void> {
  const { dataDir } = server.config
  const before = new Date(server.clock.now().getTime() - STALLED_MS)
  for (const jobId of await server.asSystem('household.take_up', (ctx) => stalledImports(ctx.db, before))) {
    const bytes = await readRegister(dataDir, jobId)
    const file = bytes === null ? null : await readRegisterFile(bytes).catch(() => null)
    if (file === null) await reportProgress(server, jobId, { state: 'failed', error: STOPPED })
    else await finish(server, jobId, file)
  }
  const kept = await keptRegisters(dataDir)
  const open = await server.asSystem('household.take_up', (ctx) => openImports(ctx.db, kept))
  for (const jobId of kept.filter((id) => !open.has(id))) await dropRegister(dataDir, jobId)
}

/** Reads the file, starts the job and answers; the import goes on behind. @throws unreadableRegister, emptyRegister, notFound, notAllowed */
export async function acceptFile(
  server: Server,
  actor: Actor,
  fields: Omit<Args, 'rows'>,
  bytes: Buffer,
  options: { requestId: string },
): Promise<{ answer: z.output<typeof ImportStarted>; done: Promise<void> }> {
  const file = await readRegisterFile(bytes)
  if (file.rows.length === 0) throw emptyRegister({})
  const answer = await server.run(start, actor, { ...fields, rows: file.rows.length }, options)
  await keepRegister(server.config.dataDir, answer.jobId, bytes)
  return { answer, done: finish(server, answer.jobId, file) }
}
