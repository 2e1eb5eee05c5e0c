import type { GridNote } from '@weiwang/domain/areas/api'
import { csvLine } from '@weiwang/domain/core/csv'

/** The rejects as a file for who sent the rows: line, column, value, reason and remedy in both languages; formulas defused. */
export function rejectsCsv(notes: readonly GridNote[]): string {
  const head = ['行 row', '列 column', '值 value', '规则 rule', '原因', 'reason', '处理办法', 'remedy']
  const lines = notes.map((note) => [
    note.row,
    note.column,
    note.value,
    note.rule,
    note.message.zh,
    note.message.en,
    note.remedy.zh,
    note.remedy.en,
  ])
  return `\uFEFF${[head, ...lines].map(csvLine).join('')}`
}
