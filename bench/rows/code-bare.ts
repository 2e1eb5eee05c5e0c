import { createServer } from 'node:http'

/** What a refresh costs when nothing has to be known for it: every request gets the same 304. */
export const BARE_HEADERS: readonly string[] = [
  'cache-control',
  'no-store',
  'etag',
  '"AAAAAAAAAAAAAAAAAAAAAA"',
  'x-weiwang-next',
  '1234',
]

export function bareServer() {
  return createServer((_request, response) => {
    response.writeHead(304, [...BARE_HEADERS])
    response.end()
  })
}

if (process.send) {
  const server = bareServer()
  server.listen(0, '127.0.0.1', () => {
    const at = server.address()
    process.send?.(typeof at === 'object' && at !== null ? at.port : 0)
  })
}
