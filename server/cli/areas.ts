import { readFileSync } from 'node:fs'
import { isAreaCode, levelOf } from '@weiwang/domain/areas/code'
import { importGrids } from '../areas/actions.ts'
import { generateGrids } from '../areas/generate-grids.ts'
import { DIVISIONS_FROM, loadDivisions } from '../areas/load.ts'
import { readGridFile } from '../areas/read-file.ts'
import { villagesIn } from '../areas/store.ts'
import { needFile, readArgs, Refused, UsageError } from './io.ts'
import type { Flags, Io } from './io.ts'
import { configOf, DEPLOYMENT_FLAGS, withServer } from './program.ts'

const FLAGS = {
  area: { type: 'string' },
  check: { type: 'boolean' },
  households: { type: 'string' },
  ...DEPLOYMENT_FLAGS,
} as const

function areaOf(flags: Flags): string {
  const area = flags['area']
  if (typeof area !== 'string' || !isAreaCode(area))
    throw new UsageError('--area takes the code of an area, for example 320105')
  return area
}

/** weiwang areas import: the divisions that come with the program; harmless to repeat. */
export async function areasCommand(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, FLAGS)
  const done = await withServer(configOf(flags), (server) => server.asSystem('areas.import', loadDivisions))
  io.result(done, `${done.areas} areas, ${done.added} of them new. 共 ${done.areas} 个辖区，新增 ${done.added} 个。`)
}

/** weiwang grids import FILE --area CODE [--check]: a CSV or XLSX of grids and units. Exit 1 names the rows that were refused. */
export async function gridsImportCommand(args: string[], io: Io): Promise<void> {
  const { flags, words } = readArgs(args, FLAGS)
  const file = needFile(words[0], 'grids import FILE --area CODE [--check]')
  const area = areaOf(flags)
  const { rows, firstRow } = await readGridFile(readFileSync(file))
  const answer = await withServer(configOf(flags), (server) =>
    server.asSystem('grids.import', (ctx) =>
      importGrids.run(ctx, { area, rows, firstRow, check: flags['check'] === true }),
    ),
  )
  for (const note of [...answer.errors, ...answer.warnings])
    io.note(
      `${note.row} ${note.column} "${note.value}": ${note.message.zh} ${note.message.en}. ${note.remedy.zh} ${note.remedy.en}`,
    )
  const text = `${answer.rows} rows: ${answer.added} added, ${answer.renewed} corrected, ${answer.unchanged} unchanged, ${answer.errors.length} refused. 新增 ${answer.added}，更正 ${answer.renewed}，不变 ${answer.unchanged}，拒绝 ${answer.errors.length}。`
  if (answer.errors.length > 0) throw new Refused(text, answer)
  io.result(answer, text)
}

/** weiwang grids generate --area CODE --households N: grids for villages that have none, each village of N households. */
export async function gridsGenerateCommand(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, FLAGS)
  const area = areaOf(flags)
  const households = Number(flags['households'] ?? '')
  if (levelOf(area) > 5 || !Number.isInteger(households) || households < 1 || households > 400_000)
    throw new UsageError(
      'usage: weiwang grids generate --area CODE (village or above) --households N (of each village)',
    )
  const done = await withServer(configOf(flags), (server) =>
    server.asSystem('grids.generate', async (ctx) => {
      const villages = await villagesIn(ctx.db, area)
      return generateGrids(
        ctx,
        villages.map((v) => ({ code: v.code, households })),
        DIVISIONS_FROM,
      )
    }),
  )
  io.result(
    done,
    `${done.grids} grids for ${done.villages} villages. 为 ${done.villages} 个村（社区）生成 ${done.grids} 个网格。`,
  )
}
