import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { fileEncoding } from '@weiwang/domain/feeds/problems'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030'
/**
 * `lines` counts line ends, for progress. `quoted`: there is a quotation mark somewhere; without one a CSV file is its lines
 * cut at the separator, and needs no parser.
 */
export type FoundEncoding = { encoding: Encoding; bom: number; lines: number; quoted: boolean }

const CHUNK = 256 * 1024

/** Where strict decoding stopped: line and byte, both counted from 1. */
type Fault = { row: number; byte: number }
type Checked = { ok: true; lines: number; quoted: boolean } | { ok: false; fault: Fault }

function newlines(bytes: Buffer): number {
  let n = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) n++
  return n
}

/** The length of the longest prefix that decodes; a sequence cut at the end of the chunk is not yet a fault. */
function soundPrefix(encoding: Encoding, bytes: Uint8Array): number {
  let low = 0
  let high = bytes.length
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    try {
      new TextDecoder(encoding, { fatal: true }).decode(bytes.subarray(0, middle), { stream: true })
      low = middle
    } catch {
      high = middle - 1
    }
  }
  return low
}

/** Decodes the whole file strictly, keeping nothing. */
async function check(file: string, encoding: Encoding, skip: number): Promise<Checked> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  let row = 1
  let at = skip
  let quoted = false
  let carried: Buffer = Buffer.alloc(0)
  for await (const part of createReadStream(file, { start: skip, highWaterMark: CHUNK })) {
    const chunk: Buffer = part
    try {
      decoder.decode(chunk, { stream: true })
    } catch {
      // The fault may begin in the last bytes of the chunk before.
      const bytes = Buffer.concat([carried, chunk])
      const sound = soundPrefix(encoding, bytes)
      const line = row - newlines(carried) + newlines(bytes.subarray(0, sound))
      return { ok: false, fault: { row: line, byte: at - carried.length + sound + 1 } }
    }
    row += newlines(chunk)
    quoted ||= chunk.includes(0x22)
    at += chunk.length
    carried = chunk.subarray(Math.max(0, chunk.length - 8))
  }
  try {
    decoder.decode()
    return { ok: true, lines: row, quoted }
  } catch {
    return { ok: false, fault: { row, byte: at } }
  }
}

async function head(file: string, length: number): Promise<Buffer> {
  const handle = await open(file, 'r')
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** UTF-16 without a mark: the other byte of every ASCII character is zero, and text never holds zeros otherwise. */
function unmarked16(start: Buffer): Encoding | null {
  let even = 0
  let odd = 0
  for (let i = 0; i < start.length; i++) {
    if (start[i] !== 0) continue
    if (i % 2 === 0) even++
    else odd++
  }
  if (even + odd < start.length / 20) return null
  return odd > even * 4 ? 'utf-16le' : even > odd * 4 ? 'utf-16be' : null
}

/**
 * FEED-5: by byte-order mark, then strict UTF-8, then UTF-16, then GB18030, each over the whole file.
 * @throws fileEncoding with the line and byte at which the encoding that reached furthest failed
 */
export async function findEncoding(file: string): Promise<FoundEncoding> {
  const start = await head(file, 4096)
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return sound(file, 'utf-8', 3)
  if (start[0] === 0xff && start[1] === 0xfe) return sound(file, 'utf-16le', 2)
  if (start[0] === 0xfe && start[1] === 0xff) return sound(file, 'utf-16be', 2)
  const wide = unmarked16(start)
  if (wide !== null) return sound(file, wide, 0)
  const utf8 = await check(file, 'utf-8', 0)
  if (utf8.ok) return { encoding: 'utf-8', bom: 0, lines: utf8.lines, quoted: utf8.quoted }
  const gb = await check(file, 'gb18030', 0)
  if (gb.ok) return { encoding: 'gb18030', bom: 0, lines: gb.lines, quoted: gb.quoted }
  throw fileEncoding(gb.fault.byte > utf8.fault.byte ? gb.fault : utf8.fault)
}

async function sound(file: string, encoding: Encoding, bom: number): Promise<FoundEncoding> {
  const checked = await check(file, encoding, bom)
  if (!checked.ok) throw fileEncoding(checked.fault)
  return { encoding, bom, lines: checked.lines, quoted: checked.quoted }
}

/** The text of a file, chunk by chunk. */
export async function* textOf(file: string, { encoding, bom }: FoundEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  for await (const part of createReadStream(file, { start: bom, highWaterMark: CHUNK })) {
    const chunk: Buffer = part
    yield decoder.decode(chunk, { stream: true })
  }
  yield decoder.decode()
}
