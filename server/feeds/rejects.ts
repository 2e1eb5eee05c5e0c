import { say } from '@weiwang/domain/core/say'
import type { Lang } from '@weiwang/domain/core/say'
import { RejectsFile } from '@weiwang/domain/feeds/api'
import { defineAction } from '../core/action.ts'
import { KeyDestroyed } from '../core/keys/keyring.ts'
import type { Server } from '../core/server.ts'
import { batchFor } from './access.ts'
import { listRejects } from './store.ts'
import type { StoredReject } from './store.ts'

/** FEED-23: the rejected rows as a file that opens in Excel: UTF-8 with a mark, formulas defused, in the reader's language. */
const HEAD = [
  say('行号', 'Row'),
  say('列', 'Column'),
  say('原值', 'Value'),
  say('原因', 'Reason'),
  say('处理办法', 'Remedy'),
  say('规则', 'Rule'),
]

/** A cell that begins a formula is text for certain when an apostrophe stands before it. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}

/** The value as it was sent; null when it was blank or its key has been destroyed. */
export async function openValue(
  server: Pick<Server, 'keys'>,
  batchId: string,
  reject: StoredReject,
): Promise<string | null> {
  if (reject.sealed === null) return null
  try {
    return await server.keys.open(
      { table: 'batch_reject', row: `${batchId}/${reject.row}/${reject.column}`, column: 'value_sealed' },
      reject.sealed,
    )
  } catch (error) {
    if (error instanceof KeyDestroyed) return null
    throw error
  }
}

/** The permission to take the file, and the line in the audit trail that it was taken. */
export const exportRejects = defineAction({
  name: 'batch.rejects.export',
  input: RejectsFile,
  run: async (ctx, { id }): Promise<{ id: string; fileName: string }> => {
    const batch = await batchFor(ctx, id, 'file')
    ctx.audit({
      verb: 'batch.rejects.export',
      thing: 'batch',
      thingId: id,
      area: batch.area,
      detail: { rejected: batch.rejected },
    })
    return { id, fileName: batch.file_name }
  },
})

function line(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

const PAGE = 1_000

/** The file, page by page. */
export async function* rejectsCsv(server: Server, batchId: string, lang: Lang): AsyncGenerator<string> {
  yield `\ufeff${line(HEAD.map((h) => h[lang]))}`
  let after: { row: number; column: string } | undefined
  for (;;) {
    const page = await listRejects(server.jobsPool.db, batchId, { limit: PAGE, after })
    const values = await Promise.all(page.map((reject) => openValue(server, batchId, reject)))
    yield page
      .map((r, i) =>
        line([String(r.row), r.column, values[i] ?? '', r.detail.reason[lang], r.detail.remedy[lang], r.detail.rule]),
      )
      .join('')
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = { row: last.row, column: last.column }
  }
}
