import { RIGHTS, THINGS, VERBS } from './can.ts'
import type { Verb } from './can.ts'
import type { Role } from './actor.ts'
import { RETENTION } from './retention.ts'

/** The tables of docs/rules/access.md as they follow from the code; a test holds the page to them. */
const LETTER: Record<Verb, string> = {
  read: 'r',
  file: 'f',
  propose: 'p',
  approve: 'a',
  open: 'o',
  bulk: 'b',
  export: 'e',
  revoke: 'v',
  delete: 'd',
}
const COLUMNS: readonly [Role, string][] = [
  ['worker', 'worker 网格员'],
  ['doctor', 'doctor 医生'],
  ['officer', 'officer 民警'],
  ['cadre', 'cadre 干部'],
  ['volunteer', 'others 其他'],
  ['operator', 'operator 值班员'],
  ['analyst', 'analyst 分析员'],
  ['chief', 'chief 负责人'],
  ['auditor', 'auditor 审计员'],
  ['administrator', 'administrator 管理员'],
]

export function rightsTable(): string {
  const head = `| Thing | ${COLUMNS.map(([, name]) => name).join(' | ')} |\n|---|${COLUMNS.map(() => '---|').join('')}`
  const rows = THINGS.map((thing) => {
    const cells = COLUMNS.map(([role]) =>
      VERBS.filter((verb) => RIGHTS[role][thing]?.includes(verb))
        .map((verb) => LETTER[verb])
        .join(''),
    )
    return `| ${thing} | ${cells.join(' | ')} |`
  })
  return [head, ...rows].join('\n')
}

export function retentionTable(): string {
  return [
    '| Rule | English | 中文 |',
    '|---|---|---|',
    ...RETENTION.map((r) => `| ${r.id} | ${r.say.en} | ${r.say.zh} |`),
  ].join('\n')
}
