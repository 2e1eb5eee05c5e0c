import { crc32, deflateSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** The face's sign, drawn here so that no picture lies in the repository: a white grid on the house's green. */
const GREEN = [0x0f, 0x6b, 0x66, 0xff] as const
const WHITE = [0xff, 0xff, 0xff, 0xff] as const
const CLEAR = [0, 0, 0, 0] as const
/** In units of a drawing of 32 by 32. */
const SIDE = 32
const RADIUS = 7
const LINE = 2.4
const LINES = [12, 20]
const FROM = 8
const TO = 24
/** Points looked at in each pixel, each way. */
const FINE = 3

type Shape = { radius: number; scale: number }

function colourAt(x: number, y: number, { radius, scale }: Shape): readonly number[] {
  const dx = Math.max(radius - x, x - (SIDE - radius), 0)
  const dy = Math.max(radius - y, y - (SIDE - radius), 0)
  if (dx * dx + dy * dy > radius * radius) return CLEAR
  // A maskable icon is cut round: its drawing is smaller.
  const u = (x - SIDE / 2) / scale + SIDE / 2
  const v = (y - SIDE / 2) / scale + SIDE / 2
  const on = (along: number, across: number): boolean =>
    along >= FROM && along <= TO && LINES.some((line) => Math.abs(across - line) <= LINE / 2)
  return on(u, v) || on(v, u) ? WHITE : GREEN
}

function pixel(px: number, py: number, size: number, shape: Shape): number[] {
  const sum = [0, 0, 0, 0]
  for (let i = 0; i < FINE * FINE; i++) {
    const x = ((px + ((i % FINE) + 0.5) / FINE) * SIDE) / size
    const y = ((py + (Math.floor(i / FINE) + 0.5) / FINE) * SIDE) / size
    const colour = colourAt(x, y, shape)
    const alpha = colour[3] ?? 0
    for (let c = 0; c < 3; c++) sum[c] = (sum[c] ?? 0) + (colour[c] ?? 0) * (alpha / 255)
    sum[3] = (sum[3] ?? 0) + alpha
  }
  const alpha = sum[3] ?? 0
  const weight = alpha / 255 || 1
  return [...sum.slice(0, 3).map((value) => Math.round(value / weight)), Math.round(alpha / (FINE * FINE))]
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(checksum(body), body.length + 4)
  return out
}

/** PNG's CRC-32; zlib offers its own only from Node 22 on. */
function checksum(bytes: Buffer): number {
  if (typeof crc32 === 'function') return crc32(bytes)
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

function png(size: number, shape: Shape): Buffer {
  const rows = Buffer.alloc(size * (size * 4 + 1))
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) rows.set(pixel(x, y, size, shape), y * (size * 4 + 1) + 1 + x * 4)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 6, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const ROUND: Shape = { radius: RADIUS, scale: 1 }
const FULL: Shape = { radius: 0, scale: 0.8 }
const ICONS = [
  { file: 'icon-192.png', size: 192, shape: ROUND },
  { file: 'icon-512.png', size: 512, shape: ROUND },
  { file: 'icon-maskable-512.png', size: 512, shape: FULL },
  { file: 'apple-touch-icon.png', size: 180, shape: { radius: 0, scale: 1 } },
] as const

export const MANIFEST_ICONS = [
  { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
  { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
  { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
]

export function icons(): Plugin {
  return {
    name: 'weiwang-icons',
    apply: 'build',
    generateBundle() {
      for (const { file, size, shape } of ICONS)
        this.emitFile({ type: 'asset', fileName: file, source: png(size, shape) })
    },
  }
}
