import { existsSync } from 'node:fs'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { securityPolicy } from './http.ts'
import type { Http } from './http.ts'

/** Where the built screens lie: web/dist of the checkout, from the sources and from the build alike. */
export function webDir(): string {
  const up = path.resolve(import.meta.dirname, '../../web/dist')
  return existsSync(up) ? up : path.resolve(import.meta.dirname, '../../../web/dist')
}

/** The gate's reader of codes is WebAssembly, which a page compiles only when its policy says so; no other face may. */
const WITH_WASM = securityPolicy("'self' 'wasm-unsafe-eval'")

const FACES = [
  { prefix: '/worker/', dir: 'worker' },
  { prefix: '/gate/', dir: 'checkpoint', policy: WITH_WASM },
  { prefix: '/r/', dir: 'resident' },
  { prefix: '/', dir: 'centre' },
] as const satisfies readonly { prefix: string; dir: string; policy?: string }[]

/** Only what lies in `assets` is named by its content; the page, the service worker, the manifest and the icons are not. */
function isFresh(file: string): boolean {
  return !/[\\/]assets[\\/]/.test(file)
}

/** The faces, pre-compressed; files named by content may be kept for ever, pages are asked for anew each time. */
export async function serveFaces(http: Http): Promise<void> {
  const { app } = http
  const root = webDir()
  for (const face of FACES) {
    const { prefix, dir } = face
    const policy = 'policy' in face ? face.policy : null
    const folder = path.join(root, dir)
    if (!existsSync(folder)) continue
    await app.register(fastifyStatic, {
      root: folder,
      prefix,
      decorateReply: prefix === '/worker/',
      preCompressed: true,
      index: ['index.html'],
      setHeaders: (reply, file) => {
        reply.header('cache-control', isFresh(file) ? 'no-cache' : 'public, max-age=31536000, immutable')
        if (policy !== null) reply.header('content-security-policy', policy)
      },
    })
  }
  app.get('/gate', { schema: { hide: true } }, (_request, reply) => reply.redirect('/gate/'))
  app.get('/worker', { schema: { hide: true } }, (_request, reply) => reply.redirect('/worker/'))
  // The address of a message: short, with its token behind the hash sign, which a browser carries along.
  app.get('/r', { schema: { hide: true } }, (_request, reply) => reply.redirect('/r/'))
  if (existsSync(root)) app.setNotFoundHandler(notFoundPage(root, http))
}

function faceOf(where: string): (typeof FACES)[number]['dir'] {
  return FACES.find(({ prefix }) => where.startsWith(prefix) || `${where}/` === prefix)?.dir ?? 'centre'
}

/** An address of a screen opens its face; an address under /api that is not there says so. */
function notFoundPage(
  root: string,
  http: Http,
): (request: FastifyRequest, reply: FastifyReply) => FastifyReply | Promise<FastifyReply> {
  return (request, reply) => {
    const where = request.url.split('?')[0] ?? '/'
    const isScreen = request.method === 'GET' && !where.startsWith('/api/') && !path.extname(where)
    const face = faceOf(where)
    if (!isScreen || !existsSync(path.join(root, face, 'index.html'))) return http.noRoute(request, reply)
    if (face === 'checkpoint') reply.header('content-security-policy', WITH_WASM)
    return reply.header('cache-control', 'no-cache').sendFile('index.html', path.join(root, face))
  }
}
