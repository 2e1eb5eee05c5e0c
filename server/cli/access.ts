import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { ROLES } from '@weiwang/domain/access/actor'
import type { Role } from '@weiwang/domain/access/actor'
import type { RosterReport, RosterResult } from '@weiwang/domain/access/api'
import { isAreaCode } from '@weiwang/domain/areas/code'
import { addDays, isDay } from '@weiwang/domain/core/day'
import { isUuid } from '@weiwang/domain/core/ids'
import { createAccount, dropSecondFactor } from '../access/account-actions.ts'
import { verifyAudit } from '../access/audit-verify.ts'
import { runCloseOut } from '../access/close-out.ts'
import { findCloseOut } from '../access/close-out-store.ts'
import { makeHandOver } from '../access/login-actions.ts'
import { runRetention } from '../access/retention.ts'
import { importRoster } from '../access/roster-actions.ts'
import { readRosterFile } from '../access/sheet.ts'
import { areaExists } from '../access/store.ts'
import { needFile, readArgs, Refused, UsageError } from './io.ts'
import type { Flags, Io } from './io.ts'
import { configOf, DEPLOYMENT_FLAGS, withServer } from './program.ts'

const FLAGS = {
  area: { type: 'string' },
  name: { type: 'string' },
  login: { type: 'string' },
  roles: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  head: { type: 'string' },
  rule: { type: 'string' },
  ...DEPLOYMENT_FLAGS,
} as const

function text(flags: Flags, name: string, usage: string): string {
  const value = flags[name]
  if (typeof value !== 'string' || value === '') throw new UsageError(usage)
  return value
}

const CREATE = 'usage: weiwang accounts create --area CODE --name NAME --login NAME --roles administrator[,…]'

function rolesOf(given: string): Role[] {
  const roles = ROLES.filter((role) => given.split(',').includes(role))
  if (roles.length === 0 || roles.length !== given.split(',').length)
    throw new UsageError(`--roles takes some of ${ROLES.join(', ')}`)
  return roles
}

/** weiwang accounts create: the first desk of a deployment, which nobody is there to invite. Prints the code to activate it with. */
export async function accountsCreateCommand(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, FLAGS)
  const area = text(flags, 'area', CREATE)
  const name = text(flags, 'name', CREATE)
  const login = text(flags, 'login', CREATE)
  const roles = rolesOf(text(flags, 'roles', CREATE))
  if (!isAreaCode(area)) throw new UsageError(CREATE)
  const made = await withServer(configOf(flags), (server) =>
    server.asSystem('accounts.create', async (ctx) => {
      if (!(await areaExists(ctx.db, area))) throw new Refused(`There is no area ${area}. 没有这个辖区。`)
      const id = await createAccount(ctx, { area, name, login, roles })
      return { id, login, ...(await makeHandOver(ctx, id)) }
    }),
  )
  io.result(
    made,
    `${login}: activate with the code ${made.code} within 24 hours. 请在 24 小时内用激活码 ${made.code} 激活账号 ${login}。`,
  )
}

/** weiwang accounts reset-totp: for the last administrator who lost the authenticator; where there are others, two of them do it. */
export async function accountsResetTotpCommand(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, FLAGS)
  const login = text(flags, 'login', 'usage: weiwang accounts reset-totp --login NAME')
  const done = await withServer(configOf(flags), (server) =>
    server.asSystem(`terminal:${userInfo().username}`, (ctx) => dropSecondFactor(ctx, login)),
  )
  if (!done) throw new Refused(`There is no account ${login}. 没有这个账号。`)
  io.result(
    { login },
    `${login} logs in with the password and enrols a new authenticator. ${login} 用密码登录后重新绑定验证器。`,
  )
}

const CHUNK = 500

/** weiwang accounts import FILE: a centre's roster; exit 1 names the rows that were refused. Harmless to repeat. */
export async function accountsImportCommand(args: string[], io: Io): Promise<void> {
  const { flags, words } = readArgs(args, FLAGS)
  const file = needFile(words[0], 'accounts import FILE')
  const { rows } = await readRosterFile(readFileSync(file).toString('base64'))
  const report: RosterReport = { accepted: 0, unchanged: 0, rejected: 0, rows: [] }
  await withServer(configOf(flags), async (server) => {
    for (let i = 0; i < rows.length; i += CHUNK) {
      const part = await server.asSystem('accounts.import', (ctx) =>
        importRoster.run(ctx, { rows: rows.slice(i, i + CHUNK) }),
      )
      report.accepted += part.accepted
      report.unchanged += part.unchanged
      report.rejected += part.rejected
      report.rows.push(...part.rows)
      io.progress(Math.min(i + CHUNK, rows.length), rows.length, file)
    }
  })
  for (const row of report.rows.filter((r) => r.result === 'rejected')) io.note(rejected(row))
  const said = `${report.accepted} accepted, ${report.unchanged} unchanged, ${report.rejected} rejected. 接收 ${report.accepted}，未变 ${report.unchanged}，退回 ${report.rejected}。`
  if (report.rejected > 0 || rows.length === 0)
    throw new Refused(rows.length === 0 ? `0 rows in ${file}. 没有数据行。` : said, report)
  io.result(report, said)
}

function rejected(row: RosterResult): string {
  return `${row.row} ${row.column ?? ''} "${row.value ?? ''}": ${row.reason?.zh ?? ''} ${row.reason?.en ?? ''}. ${row.remedy?.zh ?? ''} ${row.remedy?.en ?? ''}`
}

const VERIFY = 'usage: weiwang audit verify [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--head YYYY-MM-DD:HASH]'

/** weiwang audit verify: the last 30 days unless told; exit 1 when anything is missing or changed. */
export async function auditVerifyCommand(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, FLAGS)
  const verdict = await withServer(configOf(flags), (server) => {
    const to = typeof flags['to'] === 'string' ? flags['to'] : server.clock.today()
    const from = typeof flags['from'] === 'string' ? flags['from'] : addDays(to, -30)
    if (!isDay(from) || !isDay(to)) throw new UsageError(VERIFY)
    const [day, hash] = typeof flags['head'] === 'string' ? flags['head'].split(':') : []
    const known = day !== undefined && hash !== undefined ? { known: { day, hash } } : {}
    return verifyAudit(server.jobsPool.db, { from, to, now: server.clock.now(), zone: server.clock.zone, ...known })
  })
  for (const f of verdict.findings)
    io.note(`${f.day} ${f.county ?? ''} ${f.block ?? ''} ${f.kind}: ${f.say.zh} ${f.say.en}`)
  const head = verdict.lastHead ? `${verdict.lastHead.day}:${verdict.lastHead.hash}` : '-'
  const tail = verdict.unsealed.oldestSeconds ?? 0
  const said =
    `${verdict.blocks} blocks, ${verdict.lines} lines, ${verdict.findings.length} findings; ${verdict.unsealed.lines} lines not yet sealed (${tail} s); head ${head}. ` +
    `${verdict.blocks} 块、${verdict.lines} 条，发现 ${verdict.findings.length} 处问题；未封存 ${verdict.unsealed.lines} 条。`
  if (!verdict.ok) throw new Refused(said, verdict)
  io.result(verdict, said)
}

/** weiwang retention run [--rule ID]: deletes what is past its end, with manifests. */
export async function retentionRunCommand(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, FLAGS)
  const rule = typeof flags['rule'] === 'string' ? flags['rule'] : undefined
  const swept = await withServer(configOf(flags), (server) => runRetention(server, rule))
  if (swept.length === 0) throw new UsageError(`--rule: there is no retention rule ${rule ?? ''}`)
  const lines = swept
    .filter((s) => s.rows > 0)
    .map(
      (s) =>
        `${s.rule}: ${Object.entries(s.tables)
          .map(([table, n]) => `${table} ${n}`)
          .join(', ')}`,
    )
  io.result({ rules: swept }, lines.length > 0 ? lines.join('\n') : 'Nothing is due. 没有到期的数据。')
}

/** weiwang close-out EMERGENCY: goes on with one that two people have approved, and prints its certificate. */
export async function closeOutCommand(args: string[], io: Io): Promise<void> {
  const { flags, words } = readArgs(args, FLAGS)
  const [id] = words
  if (id === undefined || !isUuid(id)) throw new UsageError('usage: weiwang close-out EMERGENCY-ID')
  const row = await withServer(configOf(flags), async (server) => {
    await runCloseOut(server, id)
    return findCloseOut(server.jobsPool.db, id)
  })
  if (row?.state !== 'done') {
    throw new Refused(
      'Two people propose and approve a close-out on the screen first. 请先在页面上由两人提出并批准。',
      { state: row?.state ?? null },
    )
  }
  io.result({ certificate: row.certificate }, JSON.stringify(row.certificate, null, 2))
}
