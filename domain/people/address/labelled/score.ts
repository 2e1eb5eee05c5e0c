/** How well resolved addresses agree with their labels. Claiming more than the label says is as wrong as missing it. */
import type { AreaCode } from '../../../areas/code.ts'

export type Labelled = { address: string; prior: AreaCode | null; code: AreaCode | null; maker: string }
export type Rate = { right: number; of: number; percent: number }
export type Score = {
  county: Rate
  town: Rate
  village: Rate
  whole: Rate
  overclaimed: number
  wrong: { row: Labelled; got: AreaCode | null }[]
}

export function parseLabelled(tsv: string): Labelled[] {
  return tsv
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => {
      const [address = '', prior = '', code = '', maker = ''] = line.split('\t')
      return { address, prior: prior === '' ? null : prior, code: code === '-' ? null : code, maker }
    })
}

function rate(pairs: readonly (readonly [string, string])[], length: number): Rate {
  const counted = pairs.filter(([want, got]) => want.length >= length || got.length >= length)
  const right = counted.filter(
    ([want, got]) => want.slice(0, length) === got.slice(0, length) && want.length >= length && got.length >= length,
  ).length
  return { right, of: counted.length, percent: counted.length === 0 ? 100 : (right / counted.length) * 100 }
}

export function score(rows: readonly Labelled[], resolve: (row: Labelled) => AreaCode | null): Score {
  const wrong: Score['wrong'] = []
  const pairs = rows.map((row) => {
    const got = resolve(row)
    if (got !== row.code) wrong.push({ row, got })
    return [row.code ?? '', got ?? ''] as const
  })
  return {
    county: rate(pairs, 6),
    town: rate(pairs, 9),
    village: rate(pairs, 12),
    whole: {
      right: rows.length - wrong.length,
      of: rows.length,
      percent: ((rows.length - wrong.length) / rows.length) * 100,
    },
    overclaimed: pairs.filter(([want, got]) => got.length > want.length).length,
    wrong,
  }
}
