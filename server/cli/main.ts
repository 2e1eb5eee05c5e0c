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
  exercise: {
    about: 'load | feeds --out DIR | logins | advance 1d | work | check',
    load: async () => (await import('./exercise.ts')).exerciseCommand,
  },
  backup: {
    about: 'online backup, verified by starting it (--out DIR)',
    load: async () => (await import('./backup.ts')).backupCommand,
  },
  restore: {
    about: 'put a verified backup in place: restore DIR',
    load: async () => (await import('./backup.ts')).restoreCommand,
  },
  'keys rotate': {
    about: 'wrap all data keys under a new master key',
    load: async () => (await import('./backup.ts')).rotateCommand,
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
    const message = error instanceof Error ? error.message : String(error)
    if (error instanceof Refused && io.json) io.result({ refused: true, message, ...error.value }, '')
    io.note(`weiwang: ${message}`)
    if (error instanceof UsageError || error instanceof ConfigError) return 2
    if (!(error instanceof Refused) && process.env['LOG_LEVEL'] === 'debug' && error instanceof Error)
      io.note(error.stack ?? '')
    return 1
  }
}

process.exitCode = await main(process.argv.slice(2))
