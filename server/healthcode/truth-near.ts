import { nearIndex } from '@weiwang/domain/healthcode/truth-source'
import type { Near } from '@weiwang/domain/healthcode/truth-source'
import { NEAR_COUNTIES } from './truth-near-pairs.ts'

let known: Near | null = null

/** Counties within the reach of one another's masts, read once. */
export function nearCounties(): Near {
  known ??= nearIndex(readPairs(NEAR_COUNTIES))
  return known
}

/** `110101:110102,110105;…`: each pair once, under the smaller code. */
export function* readPairs(text: string): Generator<[string, string]> {
  for (const line of text.split(';')) {
    const [county = '', others = ''] = line.split(':')
    for (const other of others.split(',')) if (other !== '') yield [county, other]
  }
}
