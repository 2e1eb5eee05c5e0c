import { existsSync } from 'node:fs'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Http } from './http.ts'

/** Where the built screens lie: web/dist of the checkout, from the sources and from the build alike. */
export function webDir(): string {
  const up = path.resolve(import.meta.dirname, '../../web/dist')
  return existsSync(up) ? up : path.resolve(import.meta.dirname, '../../../web/dist')
}

const FACES = [
  { prefix: '/worker/', dir: 'worker' },
  { prefix: '/r/', dir: 'resident' },
  { prefix: '/', dir: 'centre' },
] as const

/** Only what lies in `assets` is named by its content; the page, the service worker, the manifest and the icons are not. */
function isFresh(file: string): boolean {
  return !/[\\/]assets[\\/]/.test(file)
}

/** The faces, pre-compressed; files named by content may be kept for ever, pages are asked for anew each time. */
export async function serveFaces(http: Http): Promise<void> {
  const { app } = http
  const root = webDir()
  for (const { prefix, dir } of FACES) {
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
      },
    })
  }
  app.get('/worker', { schema: { hide: true } }, (_request, reply) => reply.redirect('/worker/'))
  // The address of a message: short, with its token behind the hash sign, which a browser carries along.
  app.get('/r', { schema: { hide: true } }, (_request, reply) => reply.redirect('/r/'))
  if (existsSync(root)) app.setNotFoundHandler(notFoundPage(root, http))
}

/** An address of a screen opens its face; an address under /api that is not there says so. */
function notFoundPage(
  root: string,
  http: Http,
): (request: FastifyRequest, reply: FastifyReply) => FastifyReply | Promise<FastifyReply> {
  return (request, reply) => {
    const where = request.url.split('?')[0] ?? '/'
    const isScreen = request.method === 'GET' && !where.startsWith('/api/') && !path.extname(where)
    const face = where.startsWith('/worker') ? 'worker' : where.startsWith('/r/') ? 'resident' : 'centre'
    if (!isScreen || !existsSync(path.join(root, face, 'index.html'))) return http.noRoute(request, reply)
    return reply.header('cache-control', 'no-cache').sendFile('index.html', path.join(root, face))
  }
}
