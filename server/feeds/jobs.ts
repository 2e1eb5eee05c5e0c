import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { defineJobs } from '../core/jobs.ts'
import type { Server } from '../core/server.ts'
import { finishWithdrawal, importBatch } from './importer.ts'
import { discard } from './inbox.ts'
import { openBatches } from './store.ts'

const BatchEvent = z.object({ batchId: z.uuid() })

/** Batches that nobody works on any more (the process was killed) are taken up; one that somebody works on is left alone. */
export async function takeUp(server: Server): Promise<void> {
  for (const { id, state } of await openBatches(server.jobsPool.db)) {
    if (state === 'withdrawing') await finishWithdrawal(server, id)
    else await importBatch(server, id)
  }
}

const ORPHAN_MS = 24 * 3_600_000

/** FEED-24: files that belong to no open batch (an upload that broke off, a batch withdrawn meanwhile) are deleted. */
async function sweepInbox(server: Server): Promise<void> {
  const dir = path.join(server.config.dataDir, 'inbox')
  const names = await readdir(dir).catch(() => [])
  const open = new Set((await openBatches(server.jobsPool.db)).map((batch) => batch.id))
  for (const name of names) {
    const file = path.join(dir, name)
    const info = await stat(file).catch(() => null)
    if (info !== null && !open.has(name) && Date.now() - info.mtimeMs > ORPHAN_MS) await discard(file)
  }
}

export const feedJobs = defineJobs({
  reactions: {
    'batch.received': async (server, payload) => importBatch(server, BatchEvent.parse(payload).batchId),
    'batch.withdrawing': async (server, payload) => finishWithdrawal(server, BatchEvent.parse(payload).batchId),
  },
  timers: [
    { name: 'take_up', cron: '* * * * *', run: takeUp },
    { name: 'sweep_inbox', cron: '17 * * * *', run: sweepInbox },
  ],
})
