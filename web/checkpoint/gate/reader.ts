/** What the reader is asked and what it answers; pictures travel by copy, which at this size is under a millisecond. */
export type ReaderQuestion = { id: number; picture: ImageData }
export type ReaderAnswer = { id: number; text: string | null } | { ready: boolean }

export type Found = { text: string; ms: number }

export type Reader = {
  /** Null when there is no code in the picture. */
  read: (picture: ImageData) => Promise<Found | null>
  /** Null when the file is no picture. */
  readFile: (file: Blob) => Promise<Found | null>
  ready: Promise<boolean>
  end: () => void
}

/** A picture that is longer is drawn smaller: the code is still read, and an old phone is not asked for 50 megapixels. */
const LONGEST = 1600

async function pictureOf(file: Blob, longest: number): Promise<ImageData | null> {
  const bitmap = await createImageBitmap(file).catch(() => null)
  if (!bitmap) return null
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  const paper = canvas.getContext('2d', { willReadFrequently: true })
  paper?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return paper?.getImageData(0, 0, canvas.width, canvas.height) ?? null
}

/** The reader in a worker of its own. It is started when it is first wanted: a gate with a scanner at a cable never loads it. */
export function newReader(makeWorker: () => Worker): Reader {
  const waiting = new Map<number, (text: string | null) => void>()
  let next = 0
  let worker: Worker | null = null
  let settle: (ready: boolean) => void = () => undefined
  const ready = new Promise<boolean>((resolve) => (settle = resolve))

  function start(): Worker {
    if (worker) return worker
    const made = makeWorker()
    made.addEventListener('message', (event: MessageEvent<ReaderAnswer>) => {
      const said = event.data
      if ('ready' in said) return settle(said.ready)
      waiting.get(said.id)?.(said.text)
      waiting.delete(said.id)
    })
    made.addEventListener('error', () => {
      settle(false)
      for (const give of waiting.values()) give(null)
      waiting.clear()
    })
    worker = made
    return made
  }

  async function read(picture: ImageData): Promise<Found | null> {
    const began = performance.now()
    next += 1
    const id = next
    const text = await new Promise<string | null>((resolve) => {
      waiting.set(id, resolve)
      start().postMessage({ id, picture } satisfies ReaderQuestion)
    })
    return text === null ? null : { text, ms: performance.now() - began }
  }

  return {
    read,
    ready,
    readFile: async (file) => {
      const picture = await pictureOf(file, LONGEST)
      return picture ? read(picture) : null
    },
    end: () => {
      worker?.terminate()
      worker = null
    },
  }
}
