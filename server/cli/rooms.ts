import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { Batch, BatchReceived } from '@weiwang/domain/feeds/api'
import { RunView } from '@weiwang/domain/grading/api'
import { Figures } from '@weiwang/domain/stats/api'
import { PushView } from '@weiwang/domain/tasks/api'
import { z } from 'zod'
import { rebuildStats } from '../stats/rebuild.ts'
import type { Desk } from './desk.ts'
import { atDesk, workUntil } from './desk.ts'
import type { Io } from './io.ts'
import { needFile, readArgs, Refused, UsageError } from './io.ts'
import { DEPLOYMENT_FLAGS } from './program.ts'

function need(value: string | boolean | undefined, usage: string): string {
  if (typeof value !== 'string' || value === '') throw new UsageError(`usage: weiwang ${usage}`)
  return value
}

function query(values: Record<string, string | boolean | undefined>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (typeof value === 'string') params.set(name, value)
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}

const FINAL = new Set(['loaded', 'failed', 'withdrawn'])

function untilLoaded(desk: Desk, id: string, io: Io): Promise<z.infer<typeof Batch>> {
  return workUntil(desk, async () => {
    const batch = Batch.parse(await desk.call('GET', `/api/batches/${id}`))
    io.progress(batch.rows, null, '行 rows')
    return FINAL.has(batch.state) ? batch : null
  })
}

/** Answers that are shown as they come. */
const Loose = z.looseObject({})

export async function feedImport(args: string[], io: Io): Promise<void> {
  const usage = 'feed import FEED FILE [--rejects FILE.csv]'
  const { flags, words } = readArgs(args, { ...DEPLOYMENT_FLAGS, rejects: { type: 'string' } })
  const feed = need(words[0], usage)
  const file = needFile(words[1], usage)
  const outcome = await atDesk(flags, async (desk) => {
    const { batch, repeated } = BatchReceived.parse(await desk.upload(`/api/feeds/${feed}/batches`, file))
    const loaded = await untilLoaded(desk, batch.id, io)
    const rejects = flags['rejects']
    if (typeof rejects === 'string') await desk.download(`/api/batches/${batch.id}/rejects.csv`, path.resolve(rejects))
    return { batch: loaded, repeated }
  })
  const { batch, repeated } = outcome
  if (batch.state === 'failed') {
    const why = batch.error
    const words = why
      ? `${why.message.zh} ${why.message.en}${why.remedy ? `\n  ${why.remedy.zh} ${why.remedy.en}` : ''}`
      : ''
    throw new Refused(`文件未载入。The file was not loaded. ${words}`, outcome)
  }
  const words2 = `${batch.rows} rows: ${batch.accepted} accepted, ${batch.unchanged} unchanged, ${batch.rejected} rejected`
  io.result(
    outcome,
    repeated
      ? `This file was loaded before; nothing changed (${words2}). 该文件已导入过，未做任何改动。`
      : `${words2}. 导入完成。`,
  )
}

export async function riskAreasImport(args: string[], io: Io): Promise<void> {
  const { flags, words } = readArgs(args, { ...DEPLOYMENT_FLAGS, counts: { type: 'boolean' } })
  const file = needFile(words[0], 'risk-areas import FILE [--counts]')
  const url = flags['counts'] ? '/api/case-counts/import' : '/api/risk-areas/import'
  const answer = Loose.parse(
    await atDesk(flags, async (desk) => {
      const result = await desk.upload(url, file)
      await desk.work()
      return result
    }),
  )
  io.result(answer, JSON.stringify(answer, null, 2))
}

const RuleSets = z.object({
  items: z.array(z.looseObject({ id: z.string(), code: z.string(), state: z.string(), version: z.number() })),
})

async function ruleSetOf(desk: Desk, code: string | undefined): Promise<string> {
  const { items } = RuleSets.parse(await desk.call('GET', '/api/rule-sets?limit=200'))
  const matching = items
    .filter((set) => (code === undefined ? set.state === 'active' : set.code === code))
    .toSorted((a, b) => b.version - a.version)
  const found = matching[0]
  if (!found) throw new Refused(`No ${code === undefined ? 'active rule set' : `rule set ${code}`}. 没有可用的规则集。`)
  return found.id
}

/** `grade`: proposes a full run of the active rule set; `grade --preview [--rules CODE] [--as-of DAY]`: shows what it would change. */
export async function grade(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, {
    ...DEPLOYMENT_FLAGS,
    preview: { type: 'boolean' },
    'as-of': { type: 'string' },
    rules: { type: 'string' },
  })
  if (flags['as-of'] !== undefined && !flags['preview'])
    throw new UsageError('--as-of goes with --preview: grades are of today')
  const rules = typeof flags['rules'] === 'string' ? flags['rules'] : undefined
  const run = await atDesk(flags, async (desk) => {
    const ruleSetId = await ruleSetOf(desk, rules)
    const asOf = typeof flags['as-of'] === 'string' ? { asOf: flags['as-of'] } : {}
    const started = RunView.parse(
      flags['preview']
        ? await desk.call('POST', '/api/grade-runs/preview', { ruleSetId, ...asOf })
        : await desk.call('POST', '/api/grade-runs', { ruleSetId }),
    )
    return workUntil(desk, async () => {
      const now = RunView.parse(await desk.call('GET', `/api/grade-runs/${started.id}`))
      return now.state === 'running' ? null : now
    })
  })
  const waits = run.state === 'waiting' ? ' It takes effect when a second person approves it. 待第二人批准后生效。' : ''
  io.result(run, `${JSON.stringify(run.counts, null, 2)}\nRun ${run.id}: ${run.state}.${waits}`)
}

export async function push(args: string[], io: Io): Promise<void> {
  const usage = 'push --area CODE --campaign ID'
  const { flags } = readArgs(args, {
    ...DEPLOYMENT_FLAGS,
    area: { type: 'string' },
    campaign: { type: 'string' },
    run: { type: 'string' },
  })
  const body = {
    id: randomUUID(),
    area: need(flags['area'], usage),
    campaignId: need(flags['campaign'], usage),
    ...(typeof flags['run'] === 'string' ? { runId: flags['run'] } : {}),
  }
  const proposed = PushView.parse(await atDesk(flags, (desk) => desk.call('POST', '/api/pushes', body)))
  io.result(
    proposed,
    `${JSON.stringify(proposed.consequence, null, 2)}\nProposed as ${proposed.id}; a second person approves it on the screen. 已提出，待第二人在页面批准。`,
  )
}

function figureLines(figures: z.infer<typeof Figures>): string {
  const names = figures.figures.map((f) => f.id)
  const rows = [{ name: figures.name, figures: figures.figures }, ...figures.children].map((row) => [
    row.name,
    ...names.map((id) => String(row.figures.find((f) => f.id === id)?.n ?? 0)),
  ])
  return [['', ...names], ...rows].map((cells) => cells.join('\t')).join('\n')
}

export async function stats(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, {
    ...DEPLOYMENT_FLAGS,
    area: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
  })
  const figures = Figures.parse(
    await atDesk(flags, (desk) =>
      desk.call(
        'GET',
        `/api/stats/figures${query({ area: flags['area'] ?? desk.server.config.root, from: flags['from'], to: flags['to'] })}`,
      ),
    ),
  )
  io.result(figures, figureLines(figures))
}

export async function statsRebuild(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, { ...DEPLOYMENT_FLAGS, repair: { type: 'boolean' } })
  const report = await atDesk(flags, ({ server }) => rebuildStats(server, { repair: flags['repair'] === true }))
  const faults = report.differences.length + report.stock.length + report.folds.length
  const text = `${report.counters} counters and ${report.tasks} tasks of ${report.counties} counties: ${faults === 0 ? 'no difference. 无差异。' : `${faults} differences. 有差异。`}`
  if (faults > 0 && !report.repaired) throw new Refused(text, report)
  io.result(report, text)
}

const EXPORTS: Record<string, string> = {
  tasks: '/api/tasks/export.csv',
  visits: '/api/visits/export.csv',
  list: '/api/list-entries/export.csv',
  figures: '/api/stats/export.csv',
}

export async function exportCommand(args: string[], io: Io): Promise<void> {
  const usage = `export ${Object.keys(EXPORTS).join('|')} --out FILE [--area CODE]`
  const { flags, words } = readArgs(args, {
    ...DEPLOYMENT_FLAGS,
    out: { type: 'string' },
    area: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
  })
  const url = EXPORTS[words[0] ?? '']
  if (url === undefined) throw new UsageError(`usage: weiwang ${usage}`)
  const out = path.resolve(need(flags['out'], usage))
  await atDesk(flags, (desk) =>
    desk.download(`${url}${query({ area: flags['area'], from: flags['from'], to: flags['to'] })}`, out),
  )
  io.result({ out }, `Written to ${out}. 已导出。`)
}
