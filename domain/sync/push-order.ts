/**
 * Items that name the same thing (a task, a door, a visit that another corrects) are run one after another in the order in which
 * they were made; the others do not wait for them (SYNC-12).
 */
export type Named = { seq: number; ids: readonly string[] }

/** Groups of items that hang together by what they name, each in order of `seq`, the groups by their first. */
export function groupsOf<T extends Named>(items: readonly T[]): T[][] {
  const groups: { ids: Set<string>; items: T[] }[] = []
  for (const item of items.toSorted((a, b) => a.seq - b.seq)) {
    const touched = groups.filter((group) => item.ids.some((id) => group.ids.has(id)))
    const home = touched[0] ?? { ids: new Set<string>(), items: [] }
    if (touched.length === 0) groups.push(home)
    for (const other of touched.slice(1)) {
      for (const id of other.ids) home.ids.add(id)
      home.items.push(...other.items)
      groups.splice(groups.indexOf(other), 1)
    }
    for (const id of item.ids) home.ids.add(id)
    home.items.push(item)
  }
  return groups.map((group) => group.items.toSorted((a, b) => a.seq - b.seq))
}
