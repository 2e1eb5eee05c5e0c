/**
 * One row of the benchmark table. `ratio` is measured over limit, side by side in one run, so that it means the same on any
 * machine; `ok` says whether the limit was kept. Rows that only inform have a ratio of 1 and say so in the note.
 */
export type BenchRow = { name: string; measured: string; limit: string; ratio: number; ok: boolean; note?: string }
