import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url'
import type { ReaderAnswer, ReaderQuestion } from './reader.ts'

/** Reads pictures beside the page, so that the screen never waits. The machine code lies with the application: nothing is fetched. */
const loaded = prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true })

const CODES = {
  formats: ['QRCode'],
  maxNumberOfSymbols: 1,
  tryHarder: true,
  tryRotate: true,
  // A phone in its dark look shows the code in a white field; inverted codes are nobody's.
  tryInvert: false,
  tryDownscale: true,
} satisfies Parameters<typeof readBarcodes>[1]

function answer(said: ReaderAnswer): void {
  postMessage(said)
}

async function read({ id, picture }: ReaderQuestion): Promise<void> {
  try {
    const [found] = await readBarcodes(picture, CODES)
    answer({ id, text: found?.isValid ? found.text : null })
  } catch {
    answer({ id, text: null })
  }
}

addEventListener('message', (event: MessageEvent<ReaderQuestion>) => void read(event.data))
loaded.then(
  () => answer({ ready: true }),
  () => answer({ ready: false }),
)
