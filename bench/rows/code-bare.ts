import { createServer } from 'node:http'
import { SECURITY_HEADERS } from '@weiwang/server/core/http'

/** What a refresh costs when nothing has to be known for it: every request gets the same 304. */
export const BARE_HEADERS: readonly string[] = [
  ...Object.entries({ ...SECURITY_HEADERS, 'cache-control': 'no-store', etag: '"AAAAAAAAAAAAAAAAAAAAAA"' }).flat(),
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
