import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)
const CACHE = path.resolve(import.meta.dirname, '../node_modules/.cache')

function packageVersion(name: string): string {
  const manifest: unknown = JSON.parse(
    readFileSync(path.join(path.dirname(require.resolve(name)), '../package.json'), 'utf8'),
  )
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown'
}

/** Chinese text needs a font that no machine is sure to have: the one from npm, by a fontconfig file of our own. */
function fontConfig(): string {
  const dir = path.join(CACHE, 'fonts')
  const file = path.join(dir, 'fonts.conf')
  mkdirSync(dir, { recursive: true })
  const fonts = path.dirname(require.resolve('@expo-google-fonts/noto-sans-sc/package.json'))
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${fonts}</dir><dir>/usr/share/fonts</dir><cachedir>${dir}</cachedir>` +
      `<alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias></fontconfig>`,
  )
  return file
}

/**
 * The browser of the tests: CHROMIUM if set, else the one that the lock pins, else an installed Chromium. The package unpacks
 * into the temporary folder and takes whatever lies there, so each version gets a folder of its own.
 */
export async function findChromium(): Promise<{ executablePath: string; env: Record<string, string> }> {
  const env = { FONTCONFIG_FILE: fontConfig() }
  const given = process.env['CHROMIUM']
  if (given) return { executablePath: given, env }
  const before = process.env['TMPDIR']
  try {
    const dir = path.join(CACHE, `chromium-${packageVersion('@sparticuz/chromium')}`)
    mkdirSync(dir, { recursive: true })
    process.env['TMPDIR'] = dir
    const { default: chromium } = await import('@sparticuz/chromium')
    return { executablePath: await chromium.executablePath(), env }
  } catch (error) {
    if (existsSync('/usr/bin/chromium')) return { executablePath: '/usr/bin/chromium', env }
    throw error
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
}
