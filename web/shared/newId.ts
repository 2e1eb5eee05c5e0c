import { uuid7 } from '@weiwang/domain/core/ids'

const RANDOM_BYTES = 10

/** Ids are made on the phone, so that sending twice is one visit. */
export function newId(now: Date): string {
  return uuid7(now, crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)))
}
