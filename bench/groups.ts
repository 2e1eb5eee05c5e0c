import type { BenchRow } from './row.ts'

/** A group runs in a process of its own, so that its memory is its own; `scale` is 0.01 by default and 1 with --full. */
export type Group = {
  about: string
  fullDiskGb: number
  fullMinutes: number
  /** About how long it takes at a hundredth of the size on two cores, measured on a quiet machine: its part of the quarter of an hour. */
  smallSeconds: number
  load: () => Promise<(scale: number) => Promise<BenchRow[]>>
}

export const GROUPS: Record<string, Group> = {
  address: {
    about: 'addresses resolved',
    fullDiskGb: 0,
    fullMinutes: 1,
    smallSeconds: 10,
    load: async () => (await import('./rows/address.ts')).addressRows,
  },
  grading: {
    about: 'full and incremental grading',
    fullDiskGb: 25,
    fullMinutes: 90,
    smallSeconds: 60,
    load: async () => (await import('./rows/grading.ts')).gradingRows,
  },
  truth: {
    about: 'declarations against facts',
    fullDiskGb: 20,
    fullMinutes: 40,
    smallSeconds: 70,
    load: async () => (await import('./rows/truth.ts')).truthRows,
  },
  feeds: {
    about: 'feed import',
    fullDiskGb: 6,
    fullMinutes: 30,
    smallSeconds: 50,
    load: async () => (await import('./rows/feeds.ts')).feedRows,
  },
  people: {
    about: 'sealing and resolving',
    fullDiskGb: 1,
    fullMinutes: 5,
    smallSeconds: 30,
    load: async () => (await import('./rows/people.ts')).peopleRows,
  },
  push: {
    about: 'push to the grids',
    fullDiskGb: 1,
    fullMinutes: 5,
    smallSeconds: 20,
    load: async () => (await import('./rows/push.ts')).pushRows,
  },
  lists: {
    about: 'lists and counts',
    fullDiskGb: 6,
    fullMinutes: 20,
    smallSeconds: 30,
    load: async () => (await import('./rows/lists.ts')).listRows,
  },
  sync: {
    about: 'phones: first and repeat sync, reports, a crowd',
    fullDiskGb: 2,
    fullMinutes: 8,
    smallSeconds: 290,
    load: async () => (await import('./rows/sync.ts')).syncRows,
  },
  teams: {
    about: 'teams filled, watches made',
    fullDiskGb: 3,
    fullMinutes: 10,
    smallSeconds: 45,
    load: async () => (await import('./rows/teams.ts')).teamRows,
  },
  resident: {
    about: 'the code page on a slow phone over 2G',
    fullDiskGb: 0,
    fullMinutes: 3,
    smallSeconds: 50,
    load: async () => (await import('./rows/resident.ts')).residentRows,
  },
  observation: {
    about: 'readings: deadlines and midnight',
    fullDiskGb: 4,
    fullMinutes: 8,
    smallSeconds: 40,
    load: async () => (await import('./rows/observation.ts')).observationRows,
  },
  code: {
    about: 'the health code: signed, checked, refreshed',
    fullDiskGb: 12,
    fullMinutes: 40,
    smallSeconds: 120,
    load: async () => (await import('./rows/code.ts')).codeRows,
  },
  scan: {
    about: 'codes scanned from camera frames',
    fullDiskGb: 0,
    fullMinutes: 2,
    smallSeconds: 50,
    load: async () => (await import('./rows/scan.ts')).scanRows,
  },
  start: {
    about: 'start to ready',
    fullDiskGb: 1,
    fullMinutes: 3,
    smallSeconds: 80,
    load: async () => (await import('./rows/start.ts')).startRows,
  },
}
