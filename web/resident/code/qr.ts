import { encode } from 'uqr'

/**
 * The QR code of a text as one path. The mask is fixed: choosing among eight costs a slow phone more than drawing, every 30 s, and
 * signed bytes are as even as any mask could make them.
 */
const MASK = 3
export const QUIET = 4

export type Qr = { size: number; path: string }

export function qrOf(text: string): Qr {
  const { data, size } = encode(text, { ecc: 'L', boostEcc: false, maskPattern: MASK, border: 0 })
  let path = ''
  data.forEach((row, y) => {
    for (let x = 0; x < size; x++) {
      if (row[x] !== true) continue
      const from = x
      while (row[x + 1] === true) x++
      path += `M${from} ${y}h${x + 1 - from}v1H${from}z`
    }
  })
  return { size, path }
}
