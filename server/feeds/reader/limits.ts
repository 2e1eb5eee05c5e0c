/** FEED-16: what a file may weigh. A workbook is held in memory while it is read, so its bounds are far below those of CSV. */
export type Limits = {
  /** Of the file as sent. */
  bytes: number
  /** Of a workbook's parts together, measured by unpacking, not by what the archive says of itself. */
  unpacked: number
  parts: number
  rows: number
  workbookRows: number
  columns: number
  /** Characters of one cell; a record is bounded by columns × this, at most `record`. */
  cell: number
  record: number
}

export const LIMITS: Limits = {
  bytes: 512 * 1024 * 1024,
  unpacked: 96 * 1024 * 1024,
  parts: 500,
  rows: 5_000_000,
  workbookRows: 100_000,
  columns: 200,
  cell: 4_000,
  record: 128 * 1024,
}
