import { randomBytes } from 'node:crypto'
import { uuid7 } from '@weiwang/domain/core/ids'

export function newId(now: Date): string {
  return uuid7(now, randomBytes(10))
}
