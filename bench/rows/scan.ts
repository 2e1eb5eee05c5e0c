import { newIssuer } from '../../e2e/gate/people.ts'
import { timeScans } from '../../e2e/gate/scan-time.ts'
import type { BenchRow } from '../row.ts'

const CODES = 50
/** The least between two looks of the gate's camera (GATE-105). */
const BETWEEN_MS = 125
/** A plain code of sixty characters, such as a shop's link. */
const PLAIN = 60
const DAY = 1_581_728_400_000
/** Of the plain code's median: ours has four times the squares. */
const LIMIT = 2

const figures = ({ median, worst, firstPicture }: { median: number; worst: number; firstPicture: number }): string =>
  `${median.toFixed(0)} ms, worst ${worst.toFixed(0)} ms, ${firstPicture} of ${CODES} at the first picture`

/**
 * A phone of 360 px held at an angle in a poor light, from the camera's first picture to the text, in a browser with the gate's own
 * reader; and a plain code in the same hands.
 */
export async function scanRows(): Promise<BenchRow[]> {
  const issuer = await newIssuer('a1b2c3d4')
  const ours: string[] = []
  for (let i = 0; i < CODES; i++) {
    const holder = await issuer.holder({}, DAY)
    ours.push(await holder.show(DAY + i * 30_000))
  }
  const plain = ours.map((_, i) => `HTTPS://EXAMPLE.ORG/${String(i).padStart(4, '0')}`.padEnd(PLAIN, 'A7'))
  const theirs = await timeScans(plain, BETWEEN_MS)
  const code = await timeScans(ours, BETWEEN_MS)
  const ratio = code.median / (theirs.median * LIMIT)
  return [
    {
      name: `scan: our code (${ours[0]?.length ?? 0} characters), angle and low light, median of ${CODES}`,
      measured: figures(code),
      limit: `${LIMIT} times a plain code of ${PLAIN} characters: ${figures(theirs)}`,
      ratio,
      ok: ratio <= 1 && code.unread === 0,
      note: `not read: ours ${code.unread}, plain ${theirs.unread}; looks are at least ${BETWEEN_MS} ms apart`,
    },
  ]
}
