import { forgetPrevious, rotateAll } from '../core/keys/rotate-all.ts'
import { makeLogger } from '../open.ts'
import { readArgs, Refused } from './io.ts'
import type { Io } from './io.ts'
import { configOf, DEPLOYMENT_FLAGS } from './program.ts'

/**
 * `keys rotate`: a new master key wraps every data key of every database under the key file. The old master stays in the file,
 * because backups made before hold keys that it wrapped; `--forget-previous` drops it when nothing needs it any more.
 */
export async function rotateCommand(args: string[], io: Io): Promise<void> {
  const { flags } = readArgs(args, { ...DEPLOYMENT_FLAGS, 'forget-previous': { type: 'boolean' } })
  const config = configOf(flags)
  const log = makeLogger(config.logLevel ?? 'warn')
  if (flags['forget-previous']) {
    const { forgotten, still } = await forgetPrevious(config, log)
    if (still.length > 0) {
      const lines = still.map(
        ({ where, keys }) => `  ${where}: ${keys === null ? 'kept by a restore' : `${keys} keys`}`,
      )
      throw new Refused(
        `Old master keys are still needed; nothing was forgotten. Run "weiwang keys rotate", and remove backups and kept folders made before. ` +
          `旧主密钥仍在使用，未作改动：请先执行 weiwang keys rotate，并删除此前的备份与保留目录。\n${lines.join('\n')}`,
        { still },
      )
    }
    io.result({ forgotten }, `Forgot ${forgotten} old master keys. 已移除 ${forgotten} 个旧主密钥。`)
    return
  }
  const databases = await rotateAll(config, log)
  const lines = databases.map(({ name, wrapped, mine }) =>
    mine ? `  ${name}: ${wrapped} keys` : `  ${name}: made with another key file, left alone 使用其他密钥文件，未改动`,
  )
  io.result(
    { databases, wrapped: databases.reduce((sum, one) => sum + one.wrapped, 0), keyFile: config.keyFile },
    `Every key is wrapped by a new master key. Keep a new copy of ${config.keyFile}. 主密钥已更换，请重新备份密钥文件。\n${lines.join('\n')}`,
  )
}
