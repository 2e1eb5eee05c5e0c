/** A text file as people save it from a sheet: UTF-8 with or without a mark, UTF-16 with one, else GB18030 (FEED-5). */
export function readText(bytes: Uint8Array): string {
  const [a, b] = bytes
  if (a === 0xff && b === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (a === 0xfe && b === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

/** A workbook is packed and cannot be read as text. */
export function isWorkbook(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b
}

const LONGEST = 500

/** Lines of a list as the server takes them; a longer line is cut, since a document stands near its beginning. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.slice(0, LONGEST))
  while (lines.at(-1)?.trim() === '') lines.pop()
  return lines
}
