import type { Fault } from '@weiwang/domain/grading/api'

/** `rules[2].when.of[0]`, `rules/2/when` and `rules.2.when` are the same place. */
export function placeOf(path: string): string {
  return path
    .replace(/\[(\d+)\]/g, '.$1')
    .replace(/\//g, '.')
    .replace(/^\.+/, '')
}

/** The faults of one place and of everything inside it. */
export function faultsAt(faults: readonly Fault[], place: string): Fault[] {
  return faults.filter((fault) => {
    const at = placeOf(fault.path)
    return at === place || at.startsWith(`${place}.`)
  })
}
