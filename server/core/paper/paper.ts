import { createRequire } from 'node:module'
import path from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { FRAME } from './frame.ts'

/**
 * Printed papers: a template of ours and data of theirs become a PDF. The data travel as an input and are never part of the
 * source, so that nothing typed into a name or a note is read as a command. Templates begin with the frame (`frame.ts`), which
 * reads `data` and says how a paper looks; they are constants of the program.
 */
const require = createRequire(import.meta.url)
const PACKAGE = path.dirname(require.resolve('@expo-google-fonts/noto-sans-sc/package.json'))
const FONTS = ['400Regular', '700Bold'].map((cut) => path.join(PACKAGE, cut, `NotoSansSC_${cut}.ttf`))

let compiler: NodeCompiler | undefined

/** Made at the first paper and kept: the fonts take a tenth of a second to read, a paper a hundredth. */
function kept(): NodeCompiler {
  compiler ??= NodeCompiler.create({ fontArgs: [{ fontPaths: FONTS }] })
  return compiler
}

/** How many papers are made between two clearings of what the compiler remembers of earlier ones. */
const REMEMBERED = 20
let made = 0

/** `exercise`: the paper says so at the top of each page, so that nobody takes it for the real thing (EX-4). */
export type PaperData = { exercise: boolean; [name: string]: unknown }

/**
 * @param template the body, Typst; `data` is what was given
 * @returns the PDF (PDF/A-2u: text can be searched, copied and read aloud, and opens in years to come)
 */
export function renderPaper(template: string, data: PaperData): Buffer {
  const typst = kept()
  const result = typst.compile({
    mainFileContent: `${FRAME}\n${template}`,
    inputs: { data: JSON.stringify(data) },
  })
  if (!result.result)
    throw new Error(`the paper cannot be made: ${JSON.stringify(result.takeDiagnostics()?.shortDiagnostics)}`)
  made += 1
  if (made % REMEMBERED === 0) typst.evictCache(0)
  try {
    return typst.pdf(result.result, { pdfStandard: 'a-2u' })
  } catch {
    // A character of a name that the font lacks: the standard for keeping refuses it, the paper does not. It stands as a box.
    return typst.pdf(result.result)
  }
}
