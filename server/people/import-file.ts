/** A register that comes as a file: accepted at once, imported chunk by chunk as a job that can be watched (PEOPLE-12). */
import type { Actor } from '@weiwang/domain/access/actor'
import { Problem } from '@weiwang/domain/core/problem'
import { say } from '@weiwang/domain/core/say'
import { ImportFile, ImportStarted } from '@weiwang/domain/people/api'
import type { ImportAnswer } from '@weiwang/domain/people/api'
import { emptyRegister } from '@weiwang/domain/people/problems'
import type { z } from 'zod'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Server } from '../core/server.ts'
import { jobProgress, reportProgress, startJob } from '../core/progress.ts'
import { importChunk } from './importing.ts'
import { readRegisterFile } from './read-file.ts'
import type { RegisterFile } from './read-file.ts'
import { requireInScope } from './scope.ts'

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
      kind: 'household.import',
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
  households: { created: 0, updated: 0, unchanged: 0 },
  people: { created: 0, updated: 0, unchanged: 0, held: 0 },
  rejected: 0,
  rows: [],
}

/** Chunk by chunk, each with its own transaction that also moves the progress; a repeat after a crash changes nothing twice. */
export async function importFile(
  server: Server,
  jobId: string,
  args: { area: string; source: string },
  file: RegisterFile,
): Promise<Answer> {
  let sum = NOTHING
  // Lines of one household stand together in a register; a household that is cut by a chunk is simply met twice.
  for (let at = 0; at < file.rows.length; at += CHUNK) {
    const rows = file.rows.slice(at, at + CHUNK)
    const part = await server.asSystem('household.import', async (ctx) => {
      const answer = await importChunk(server, ctx, { ...args, rows, typed: file.textCells })
      await jobProgress(ctx, jobId, { state: 'running', done: at + rows.length })
      return answer
    })
    sum = add(sum, part)
  }
  await reportProgress(server, jobId, { state: 'done', result: sum })
  return sum
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
  const done = importFile(server, answer.jobId, fields, file).then(
    () => undefined,
    async (error: unknown) => {
      server.log.error({ err: error, jobId: answer.jobId }, 'import of a household register failed')
      const body =
        error instanceof Problem
          ? error.body
          : {
              message: say(
                '导入中断，可重新导入，已导入的不会重复',
                'The import stopped; import the file again, nothing becomes double',
              ),
            }
      await reportProgress(server, answer.jobId, { state: 'failed', error: body })
    },
  )
  return { answer, done }
}
