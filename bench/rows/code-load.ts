import { connect } from 'node:net'
import { z } from 'zod'

/** A crowd of phones on kept connections, in a process of its own: each sends one request at a time and takes the next of the list. */
const Task = z.object({ port: z.number(), requests: z.array(z.string()).min(1), seconds: z.number() })
const CONNECTIONS = 64

type Count = { answers: number; other: number; times: number[] }

/** Where one answer ends: after its head, and the body that it announces. */
function endOf(text: string): number {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return -1
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0)
  const end = head + 4 + (text.startsWith('HTTP/1.1 304') ? 0 : length)
  return text.length >= end ? end : -1
}

function phone(port: number, requests: readonly string[], from: number, until: number, count: Count): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let n = from
    let sent = 0
    let text = ''
    const next = (): void => {
      if (performance.now() >= until) return void socket.end(resolve)
      n += CONNECTIONS
      sent = performance.now()
      socket.write(requests[n % requests.length] ?? '')
    }
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    socket.on('connect', next)
    socket.on('error', reject)
    socket.on('data', (chunk: string) => {
      text += chunk
      const end = endOf(text)
      if (end < 0) return
      count.answers += 1
      count.times.push(performance.now() - sent)
      if (!text.startsWith('HTTP/1.1 304')) count.other += 1
      text = text.slice(end)
      next()
    })
  })
}

// A parent that was ended, as a group is that does not keep to its time, takes the load with it.
process.once('disconnect', () => process.exit())
process.once('message', (message) => {
  const { port, requests, seconds } = Task.parse(message)
  const count: Count = { answers: 0, other: 0, times: [] }
  const started = performance.now()
  const until = started + seconds * 1000
  void Promise.all(Array.from({ length: CONNECTIONS }, (_, i) => phone(port, requests, i, until, count))).then(() => {
    const sorted = Float64Array.from(count.times).toSorted()
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
    process.send?.({
      answers: count.answers,
      other: count.other,
      seconds: (performance.now() - started) / 1000,
      p50: at(0.5),
      p99: at(0.99),
    })
    process.disconnect()
  })
})
