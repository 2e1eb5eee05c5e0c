import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Writable } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import { fileBroken, fileTooBig } from '@weiwang/domain/feeds/problems'
import type { Limits } from './limits.ts'

/**
 * FEED-16: a workbook is looked at before it is opened. The directory of the archive says how many parts there are and how
 * big they claim to be; each part is then unpacked into nothing, counting, because what an archive says of itself may lie.
 */
type Entry = { name: string; method: number; packed: number; unpacked: number; at: number }

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50

async function bytes(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, at)
  return buffer.subarray(0, bytesRead)
}

async function directory(handle: FileHandle, size: number, limits: Limits): Promise<Entry[]> {
  const tail = await bytes(handle, Math.max(0, size - 65_557), Math.min(size, 65_557))
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || tail.length - end < 22 || tail.readUInt32LE(end) !== END)
    throw fileBroken({ why: 'not a workbook', row: 1 })
  const count = tail.readUInt16LE(end + 10)
  const length = tail.readUInt32LE(end + 12)
  const start = tail.readUInt32LE(end + 16)
  if (count > limits.parts) throw fileTooBig({ what: 'parts', limit: limits.parts })
  if (length === 0xffffffff || start + length > size || length > 4 * 1024 * 1024)
    throw fileBroken({ why: 'directory of the archive', row: 1 })
  const data = await bytes(handle, start, length)
  const entries: Entry[] = []
  for (let at = 0; entries.length < count;) {
    if (at + 46 > data.length || data.readUInt32LE(at) !== CENTRAL)
      throw fileBroken({ why: 'directory of the archive', row: 1 })
    const flags = data.readUInt16LE(at + 8)
    if (flags & 1) throw fileBroken({ why: 'encrypted workbook 工作簿已加密', row: 1 })
    const nameLength = data.readUInt16LE(at + 28)
    entries.push({
      name: data.toString('utf8', at + 46, at + 46 + nameLength),
      method: data.readUInt16LE(at + 10),
      packed: data.readUInt32LE(at + 20),
      unpacked: data.readUInt32LE(at + 24),
      at: data.readUInt32LE(at + 42),
    })
    at += 46 + nameLength + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32)
  }
  return entries
}

/** Bytes that a part really unpacks to, stopping as soon as there are more than allowed. */
async function realSize(file: string, handle: FileHandle, entry: Entry, allowed: number): Promise<number> {
  const local = await bytes(handle, entry.at, 30)
  if (local.length < 30 || local.readUInt32LE(0) !== LOCAL) throw fileBroken({ why: entry.name, row: 1 })
  if (entry.method === 0) return entry.packed
  if (entry.method !== 8) throw fileBroken({ why: `${entry.name}: compression ${entry.method}`, row: 1 })
  if (entry.packed === 0) return 0
  const start = entry.at + 30 + local.readUInt16LE(26) + local.readUInt16LE(28)
  let size = 0
  const counter = new Writable({
    write(chunk: Buffer, _encoding, done) {
      size += chunk.length
      done(size > allowed ? new Error('too big') : null)
    },
  })
  try {
    await pipeline(createReadStream(file, { start, end: start + entry.packed - 1 }), createInflateRaw(), counter)
  } catch (error) {
    if (size <= allowed)
      throw fileBroken({ why: `${entry.name}: ${error instanceof Error ? error.message : ''}`, row: 1 })
  }
  return size
}

/** @throws fileTooBig, fileBroken */
export async function checkWorkbook(file: string, limits: Limits): Promise<void> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const entries = await directory(handle, size, limits)
    const claimed = entries.reduce((sum, entry) => sum + entry.unpacked, 0)
    if (claimed > limits.unpacked) throw fileTooBig({ what: 'unpacked', limit: limits.unpacked })
    if (!entries.some((entry) => entry.name === 'xl/workbook.xml'))
      throw fileBroken({ why: 'no xl/workbook.xml', row: 1 })
    let left = limits.unpacked
    for (const entry of entries) {
      left -= await realSize(file, handle, entry, left)
      if (left < 0) throw fileTooBig({ what: 'unpacked', limit: limits.unpacked })
    }
  } finally {
    await handle.close()
  }
}
