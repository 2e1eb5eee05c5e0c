/**
 * VISIT-8: a picture is a JPEG and nothing beside it. The phone has already drawn it anew; here the bytes are read again, because
 * what a phone promises is not what a server may rely on: metadata segments (position, camera, thumbnails, comments) are left out,
 * and whatever follows the picture goes too.
 */
const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const MAX_SIDE = 6_000

export type Picture = { bytes: Buffer; width: number; height: number }

/** Segments that a decoder needs: tables, frame and scan headers, JFIF (APP0) and Adobe's colour transform (APP14). */
function isNeeded(marker: number): boolean {
  const isApplication = marker >= 0xe0 && marker <= 0xef
  return marker !== 0xfe && (!isApplication || marker === 0xe0 || marker === 0xee)
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

/** Null when these bytes are no JPEG that can be shown. */
export function cleanJpeg(bytes: Buffer): Picture | null {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return null
  const kept: Buffer[] = [bytes.subarray(0, 2)]
  let size: { width: number; height: number } | null = null
  let at = 2
  for (;;) {
    const marker = bytes[at + 1]
    if (bytes[at] !== 0xff || marker === undefined || at + 4 > bytes.length) return null
    if (marker === 0xff) {
      at += 1
      continue
    }
    const length = bytes.readUInt16BE(at + 2)
    const end = at + 2 + length
    if (length < 2 || end > bytes.length) return null
    if (isFrame(marker) && length >= 7) size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    if (isNeeded(marker)) kept.push(bytes.subarray(at, end))
    at = end
    if (marker === SOS) break
  }
  const stop = bytes.lastIndexOf(Buffer.from([0xff, EOI]))
  if (stop < at || size === null || size.width === 0 || size.height === 0) return null
  if (size.width > MAX_SIDE || size.height > MAX_SIDE) return null
  kept.push(scansOf(bytes.subarray(at, stop + 2)))
  return { bytes: Buffer.concat(kept), ...size }
}

/** The picture's own data up to its first end mark; segments between progressive scans belong to it. */
function scansOf(data: Buffer): Buffer {
  const end = data.indexOf(Buffer.from([0xff, EOI]))
  return data.subarray(0, end + 2)
}
