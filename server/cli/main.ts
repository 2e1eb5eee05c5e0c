import { Problem } from '@weiwang/domain/core/problem'
import { ConfigError } from '../core/config.ts'
import { makeIo, Refused, UsageError } from './io.ts'
import type { Io } from './io.ts'

type Command = { about: string; load: () => Promise<(args: string[], io: Io) => Promise<void>> }

/** Every command of the program; two-word commands come before their first word alone. */
const COMMANDS: Record<string, Command> = {
  serve: {
    about: 'run the server (flags: --port --host --data-dir --exercise …)',
    load: async () => (await import('./serve.ts')).serve,
  },
  migrate: {
    about: 'bring the database to the newest shape; --print-roles for managed servers',
    load: async () => (await import('./migrate.ts')).migrateCommand,
  },
  'areas import': {
    about: 'load the divisions that come with the program',
    load: async () => (await import('./areas.ts')).areasCommand,
  },
  'grids import': {
    about: 'FILE --area CODE [--check]: grids and units from CSV or XLSX',
    load: async () => (await import('./areas.ts')).gridsImportCommand,
  },
  'grids generate': {
    about: '--area CODE --households N: grids for villages without any',
    load: async () => (await import('./areas.ts')).gridsGenerateCommand,
  },
  'accounts create': {
    about: '--area CODE --name NAME --login NAME --roles administrator: the first desk of a deployment',
    load: async () => (await import('./access.ts')).accountsCreateCommand,
  },
  'accounts import': {
    about: "FILE: a centre's roster from CSV or XLSX",
    load: async () => (await import('./access.ts')).accountsImportCommand,
  },
  'accounts reset-totp': {
    about: '--login NAME: take the second factor off the last administrator, who lost it',
    load: async () => (await import('./access.ts')).accountsResetTotpCommand,
  },
  'audit verify': {
    about: '[--from DAY] [--to DAY] [--head DAY:HASH]: is the trail whole?',
    load: async () => (await import('./access.ts')).auditVerifyCommand,
  },
  'retention run': {
    about: '[--rule ID]: delete what is past its end, with manifests',
    load: async () => (await import('./access.ts')).retentionRunCommand,
  },
  'close-out': {
    about: 'EMERGENCY-ID: go on with an approved close-out and print its certificate',
    load: async () => (await import('./access.ts')).closeOutCommand,
  },
  'feed import': {
    about: 'FEED FILE: one delivery of a source',
    load: async () => (await import('./rooms.ts')).feedImport,
  },
  'risk-areas import': {
    about: 'FILE: a list, or --counts: daily counts to derive from',
    load: async () => (await import('./rooms.ts')).riskAreasImport,
  },
  grade: {
    about: 'propose a run of the active rules; --preview --as-of DAY shows what would change',
    load: async () => (await import('./rooms.ts')).grade,
  },
  push: { about: '--area CODE --campaign ID: propose a push', load: async () => (await import('./rooms.ts')).push },
  'stats rebuild': {
    about: 'count again from events; --repair mends',
    load: async () => (await import('./rooms.ts')).statsRebuild,
  },
  stats: {
    about: '--area --from --to: the figures of an area and the level below',
    load: async () => (await import('./rooms.ts')).stats,
  },
  export: {
    about: 'tasks|visits|list|figures --out FILE',
    load: async () => (await import('./rooms.ts')).exportCommand,
  },
  'code verify': {
    about: 'TEXT|FILE: what a scanned code says; exit 1 when it gives no colour',
    load: async () => (await import('./code.ts')).codeVerifyCommand,
  },
  'code keys': {
    about: 'the keys that sign codes',
    load: async () => (await import('./code.ts')).codeKeysCommand,
  },
  'code rotate': {
    about: 'a new key for codes, in use after a week of overlap',
    load: async () => (await import('./code.ts')).codeRotateCommand,
  },
  'code revoke': {
    about: 'KID --reason TEXT: take a key for codes out of use for good',
    load: async () => (await import('./code.ts')).codeRevokeCommand,
  },
  exercise: {
    about: 'load | feeds --out DIR | logins | advance 1d | work | check',
    load: async () => (await import('./exercise.ts')).exerciseCommand,
  },
  'backup list': {
    about: 'the last verified backup and those kept; exit 1 when it is late',
    load: async () => (await import('./backup.ts')).backupListCommand,
  },
  'backup note': {
    about: '--verified-at TIME: state a verified backup of an external database',
    load: async () => (await import('./backup.ts')).backupNoteCommand,
  },
  backup: {
    about: 'online backup, verified by starting it (--out DIR)',
    load: async () => (await import('./backup.ts')).backupCommand,
  },
  restore: {
    about: 'put a verified backup in place: restore DIR',
    load: async () => (await import('./backup.ts')).restoreCommand,
  },
  vapid: {
    about: 'make a pair of keys for web push (VAPID_PUBLIC, VAPID_PRIVATE); nothing is stored',
    load: async () => (await import('./vapid.ts')).vapidCommand,
  },
  'keys rotate': {
    about: 'wrap the keys of every database under a new master; --forget-previous drops old ones',
    load: async () => (await import('./keys.ts')).rotateCommand,
  },
}

function usage(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length))
  return [
    'usage: weiwang COMMAND [flags]',
    '',
    ...Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`),
    '',
    'Every command takes --json. Exit: 0 done, 1 refused, 2 wrong usage.',
  ].join('\n')
}

function find(words: string[]): { command: Command; rest: string[] } | null {
  const two = COMMANDS[`${words[0]} ${words[1]}`]
  if (two) return { command: two, rest: words.slice(2) }
  const one = COMMANDS[words[0] ?? '']
  return one ? { command: one, rest: words.slice(1) } : null
}

/** A problem of the program speaks both languages and says what to do. */
function inWords(error: unknown): string {
  if (!(error instanceof Problem)) return error instanceof Error ? error.message : String(error)
  const { message, remedy, code } = error.body
  return `${message.zh} ${message.en}${remedy ? `\n  ${remedy.zh} ${remedy.en}` : ''} (${code})`
}

async function main(argv: string[]): Promise<number> {
  const json = argv.includes('--json')
  const io = makeIo(json)
  const args = argv.filter((arg) => arg !== '--json')
  if (args.length === 0 || args[0] === 'help' || args[0] === '--help') {
    io.result({ commands: Object.keys(COMMANDS) }, usage())
    return args.length === 0 ? 2 : 0
  }
  const found = find(args)
  if (!found) {
    io.note(`weiwang: there is no command "${args[0]}". 没有这个命令。\n\n${usage()}`)
    return 2
  }
  try {
    const run = await found.command.load()
    await run(found.rest, io)
    return 0
  } catch (error) {
    const message = inWords(error)
    if (error instanceof Refused && io.json) io.result({ refused: true, message, ...error.value }, '')
    io.note(`weiwang: ${message}`)
    if (error instanceof UsageError || error instanceof ConfigError) return 2
    if (!(error instanceof Refused) && process.env['LOG_LEVEL'] === 'debug' && error instanceof Error)
      io.note(error.stack ?? '')
    return 1
  }
}

process.exitCode = await main(process.argv.slice(2))
