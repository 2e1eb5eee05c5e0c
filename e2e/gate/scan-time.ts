import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { chromium } from '@playwright/test'
import { findChromium } from '../browser.ts'
import { photograph } from './camera.ts'
import type { Pose } from './camera.ts'

/**
 * How long the gate's reader takes from the first picture of a code to its text, in a real browser: the built worker with its own
 * machine code, pictures of a phone at an angle in a poor light, a new one (other noise, a shaking hand) while the last was not read.
 */
const ASSETS = path.resolve(import.meta.dirname, '../../web/dist/checkpoint/assets')
/** As the gate's camera gives it: the middle of the picture. */
const SIDE = 720
/** Pictures of one code before it counts as not read. */
const MOST_PICTURES = 8

export type ScanTime = { median: number; worst: number; unread: number; firstPicture: number }

/** Numbers between 0 and 1 that are the same in every run. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** A hand that holds a phone before a gate at dusk. */
function poseOf(next: () => number): Pose {
  const between = (from: number, to: number): number => from + (to - from) * next()
  return {
    width: SIDE,
    height: SIDE,
    code: between(300, 430),
    turn: between(-20, 20),
    leanX: between(-34, 34),
    leanY: between(-34, 34),
    white: between(55, 120),
    black: between(18, 34),
    noise: between(12, 24),
    blur: next() < 0.5 ? 0 : 1,
  }
}

function shaken(pose: Pose, next: () => number): Pose {
  const off = (by: number): number => (next() - 0.5) * by
  return {
    ...pose,
    turn: pose.turn + off(4),
    leanX: pose.leanX + off(6),
    leanY: pose.leanY + off(6),
    code: pose.code + off(20),
  }
}

/** Serves the built reader below its own address, and the pictures that are asked for. */
async function serve(pictureOf: (code: number, n: number) => Uint8Array) {
  const kinds: Record<string, string> = { js: 'text/javascript', wasm: 'application/wasm' }
  const server = createServer((request, response) => {
    const where = request.url ?? ''
    const [, code, n] = /^\/picture\/(\d+)\/(\d+)$/.exec(where) ?? []
    if (code !== undefined && n !== undefined) return void response.end(pictureOf(Number(code), Number(n)))
    const file = /^\/gate\/assets\/([\w.-]+)$/.exec(where)?.[1]
    if (file === undefined) return void response.setHeader('content-type', 'text/html').end('<!doctype html>')
    response.setHeader('content-type', kinds[file.split('.').at(-1) ?? ''] ?? 'text/plain')
    return void response.end(readFileSync(path.join(ASSETS, file)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  return { port: typeof bound === 'object' && bound ? bound.port : 0, close: () => server.close() }
}

/** One code after another; milliseconds for each, null when it was not read. `betweenMs`: the least between two pictures. */
export async function timeScans(texts: readonly string[], betweenMs: number): Promise<ScanTime> {
  const worker = readdirSync(ASSETS).find((name) => /^reader-worker-.*\.js$/.test(name))
  if (worker === undefined) throw new Error('the gate is not built')
  // Both kinds of code are held by the same hands.
  const poses = texts.map((_, i) => poseOf(numbers(i + 1)))
  const { port, close } = await serve((code, n) => {
    const pose = poses[code]
    const shake = numbers(1000 * code + n)
    return photograph(
      texts[code] ?? '',
      pose && n > 0 ? shaken(pose, shake) : (pose ?? poseOf(shake)),
      1 + code * 64 + n,
    )
  })
  const { executablePath, env } = await findChromium()
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], env: { ...process.env, ...env } })
  try {
    const page = await browser.newPage()
    // The loader of the benchmark names every function of what goes into the page.
    await page.addInitScript('globalThis.__name = (one) => one')
    await page.goto(`http://127.0.0.1:${port}/`)
    const times = await page.evaluate(
      async ({ script, expected, side, most, between }) => {
        const reader = new Worker(script)
        const answers: ((said: unknown) => void)[] = []
        reader.addEventListener('message', (event: MessageEvent<unknown>) => answers.shift()?.(event.data))
        const hear = (): Promise<unknown> => new Promise((resolve) => answers.push(resolve))
        await hear()
        const picture = async (code: number, n: number): Promise<ImageData> => {
          const grey = new Uint8Array(await (await fetch(`/picture/${code}/${n}`)).arrayBuffer())
          const data = new ImageData(side, side)
          for (let i = 0; i < grey.length; i++) data.data.fill(grey[i] ?? 0, 4 * i, 4 * i + 3)
          for (let i = 3; i < data.data.length; i += 4) data.data[i] = 255
          return data
        }
        const read = async (id: number, image: ImageData): Promise<{ ms: number; text: string }> => {
          const began = performance.now()
          const said = hear()
          reader.postMessage({ id, picture: image })
          const answer = await said
          const text: unknown = typeof answer === 'object' && answer !== null && 'text' in answer ? answer.text : ''
          return { ms: performance.now() - began, text: typeof text === 'string' ? text : '' }
        }
        const out: { ms: number | null; pictures: number }[] = []
        for (let code = 0; code < expected.length; code++) {
          let ms = 0
          let pictures = 0
          let found = false
          while (!found && pictures < most) {
            const took = await read(code, await picture(code, pictures))
            found = took.text === expected[code]
            pictures += 1
            ms += found ? took.ms : Math.max(took.ms, between)
          }
          out.push({ ms: found ? ms : null, pictures })
        }
        reader.terminate()
        return out
      },
      { script: `/gate/assets/${worker}`, expected: [...texts], side: SIDE, most: MOST_PICTURES, between: betweenMs },
    )
    const done = times.flatMap(({ ms }) => (ms === null ? [] : [ms])).toSorted((a, b) => a - b)
    return {
      median: done[Math.floor(done.length / 2)] ?? Number.NaN,
      worst: done.at(-1) ?? Number.NaN,
      unread: times.length - done.length,
      firstPicture: times.filter(({ ms, pictures }) => ms !== null && pictures === 1).length,
    }
  } finally {
    await browser.close()
    close()
  }
}
