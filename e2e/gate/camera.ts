import { writeFileSync } from 'node:fs'
import { encode } from 'uqr'

/**
 * What a gate's camera sees: a phone of 360 px held before it, made as a picture in the run (nothing of it lies in the repository),
 * and written as the raw film that Chromium takes for its fake camera. Held straight in a good light, or at an angle in a poor one.
 */
export type Pose = {
  width: number
  height: number
  /** Side of the code on the film, before the angle. */
  code: number
  /** Turn in the plane, lean away from the camera left to right and top to bottom, in degrees. */
  turn: number
  leanX: number
  leanY: number
  /** Brightness of white and black, 0 to 255, and the noise over both. */
  white: number
  black: number
  noise: number
  /** Pixels of blur. */
  blur: number
}

export const STRAIGHT: Pose = {
  width: 640,
  height: 480,
  code: 330,
  turn: 0,
  leanX: 0,
  leanY: 0,
  white: 235,
  black: 20,
  noise: 0,
  blur: 0,
}

/** A small generator of its own, so that a picture is the same in every run. */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }
}

const RADIANS = Math.PI / 180
/** How far the camera is, in sides of the code: nearer makes the angle stronger. */
const DISTANCE = 2.6

/** From a pixel of the film to a place on the flat code (0 to 1 both ways), by the plane that the phone lies in. */
function placeOf(pose: Pose): (x: number, y: number) => [number, number] {
  const [c, s] = [Math.cos(pose.turn * RADIANS), Math.sin(pose.turn * RADIANS)]
  const [tx, ty] = [Math.tan(pose.leanX * RADIANS), Math.tan(pose.leanY * RADIANS)]
  return (x, y) => {
    const px = (x - pose.width / 2) / pose.code
    const py = (y - pose.height / 2) / pose.code
    // The ray through the pixel meets the plane z = tx·u + ty·v at this depth.
    const depth = DISTANCE / (DISTANCE - tx * px - ty * py)
    const [u, v] = [px * depth, py * depth]
    return [u * c + v * s + 0.5, v * c - u * s + 0.5]
  }
}

/** Brightness of each pixel, one byte each. */
export function photograph(text: string, pose: Pose, seed = 1): Uint8Array {
  const { data, size } = encode(text, { ecc: 'L', border: 4 })
  const place = placeOf(pose)
  const sharp = new Float32Array(pose.width * pose.height)
  const at = (x: number, y: number): number => {
    const [u, v] = place(x, y)
    const dark = data[Math.floor(v * size)]?.[Math.floor(u * size)]
    if (dark === undefined) return pose.white * 0.35
    return dark ? pose.black : pose.white
  }
  for (let y = 0; y < pose.height; y++)
    for (let x = 0; x < pose.width; x++) {
      // Four points in a pixel: a camera sees areas.
      const sum = at(x + 0.25, y + 0.25) + at(x + 0.75, y + 0.25) + at(x + 0.25, y + 0.75) + at(x + 0.75, y + 0.75)
      sharp[y * pose.width + x] = sum / 4
    }
  const soft = blurred(sharp, pose)
  const noise = random(seed)
  return Uint8Array.from(soft, (value) => {
    const off = (noise() + noise() + noise() - 1.5) * pose.noise
    return Math.max(0, Math.min(255, Math.round(value + off)))
  })
}

/** A box over a few pixels, along and across. */
function blurred(from: Float32Array, { width, height, blur }: Pose): Float32Array {
  if (blur <= 0) return from
  const pass = (source: Float32Array, step: number, along: number): Float32Array => {
    const out = new Float32Array(source.length)
    for (let i = 0; i < source.length; i++) {
      let sum = 0
      let n = 0
      const place = step === 1 ? i % width : Math.floor(i / width)
      for (let d = -blur; d <= blur; d++) {
        if (place + d < 0 || place + d >= along) continue
        sum += source[i + d * step] ?? 0
        n += 1
      }
      out[i] = sum / n
    }
    return out
  }
  return pass(pass(from, 1, width), width, height)
}

const GREY = 128
const FRAMES = 4

/** The film: YUV 4:2:0, grey. Chromium plays it in a ring. */
export function film(pictures: readonly Uint8Array[], { width, height }: Pick<Pose, 'width' | 'height'>): Buffer {
  const colour = Buffer.alloc((width / 2) * (height / 2) * 2, GREY)
  return Buffer.concat([
    Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`, 'latin1'),
    ...pictures.flatMap((picture) => [Buffer.from('FRAME\n', 'latin1'), Buffer.from(picture), colour]),
  ])
}

export function writeFilm(file: string, text: string, pose: Pose = STRAIGHT): void {
  const pictures = Array.from({ length: FRAMES }, (_, i) => photograph(text, pose, i + 1))
  writeFileSync(file, film(pictures, pose))
}

/** A picture that somebody took of a screen: its brightness, as many bytes as the film has pixels. */
export function writePicture(file: string, picture: Uint8Array): void {
  writeFileSync(file, film([picture], STRAIGHT))
}

/** An empty place before the camera. */
export function writeNobody(file: string): void {
  const { width, height } = STRAIGHT
  writeFileSync(file, film([new Uint8Array(width * height).fill(90)], STRAIGHT))
}
