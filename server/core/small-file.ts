/**
 * Files that people upload and that are read whole (rosters, registers, grid lists); each room bounds their size. Feeds are
 * streams and have a reader of their own.
 */

/** By byte-order mark, then strict UTF-8, then GB18030: the order in which a text can prove what it is. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

/** Workbooks are told by their first bytes, since offices rename files. */
export function isWorkbook(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b
}

const DIRECTORY_ENTRY = Buffer.from('504b0102', 'hex')
const ENTRY_BYTES = 46

/**
 * What the archive's own directory says its parts unpack to, in bytes: a bomb is refused before it is opened, and what
 * unpacks to more than it declares does not unzip.
 */
export function unpackedSize(zip: Buffer): number {
  let sum = 0
  let at = zip.indexOf(DIRECTORY_ENTRY)
  while (at >= 0 && at + ENTRY_BYTES <= zip.length) {
    sum += zip.readUInt32LE(at + 24)
    at = zip.indexOf(DIRECTORY_ENTRY, at + DIRECTORY_ENTRY.length)
  }
  return sum
}

/** Rows of what a reader gives: rows, or sheets that hold rows (the first sheet counts). */
export function tableRows(value: unknown): unknown[][] {
  if (!Array.isArray(value)) return []
  const first: unknown = value[0]
  if (typeof first === 'object' && first !== null && 'data' in first) return tableRows(first.data)
  return value.filter((row): row is unknown[] => Array.isArray(row))
}
