import { createReadStream, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Actor } from '@weiwang/domain/access/actor'
import type { Server } from '../core/server.ts'
import { newId } from '../core/transaction.ts'
import { receiveBatch } from '../feeds/actions-batch.ts'
import { makeKey, revokeKey } from '../feeds/actions-feed.ts'
import { importBatch } from '../feeds/importer.ts'
import { adopt, receive } from '../feeds/inbox.ts'
import { receiveRows } from '../feeds/machine.ts'

/** A file of an office on its way in: uploaded by an operator, as on the screen; JSON bodies by the source's own key. */
export type Delivered = { source: string; file: string; batchId: string; repeated: boolean }

export async function deliverFile(server: Server, operator: Actor, source: string, file: string): Promise<Delivered> {
  const name = path.basename(file)
  const batchId = newId(server.clock.now())
  const received = await receive(server.config.dataDir, batchId, createReadStream(file), statSync(file).size + 1)
  await adopt(server.config.dataDir, received, batchId)
  const { batch, repeated } = await server.run(receiveBatch, operator, {
    id: source,
    batchId,
    fileName: name,
    bytes: received.bytes,
    sha256: received.sha256,
  })
  if (!repeated) await importBatch(server, batch.id)
  return { source, file: name, batchId: batch.id, repeated }
}

/** As a machine at a checkpoint sends it. Its key is made for the occasion and ended afterwards. */
export async function deliverRows(server: Server, operator: Actor, source: string, file: string): Promise<Delivered> {
  const { key } = await server.run(makeKey, operator, { id: source })
  const answer = await receiveRows(server, {
    feedId: source,
    authorization: `Bearer ${key}`,
    body: JSON.parse(readFileSync(file, 'utf8')),
    key: undefined,
    requestId: `exercise-${path.basename(file)}`,
  })
  await server.run(revokeKey, operator, { id: source })
  return { source, file: path.basename(file), batchId: answer.batchId, repeated: answer.repeated }
}
