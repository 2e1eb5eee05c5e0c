import type pg from 'pg'

/**
 * Several statements that go to the server together and come back together: nothing is waited for in between, and what
 * stands between two of PostgreSQL's synchronisation points is one transaction, which commits when all of it went well and leaves
 * nothing when any of it did not. So a transaction whose statements are known beforehand costs one round trip instead of four.
 */
export type Step = { text: string; values: readonly unknown[] }

/** Of the driver's connection what a flight speaks. */
type Wire = Pick<pg.Connection, 'stream' | 'parse' | 'bind' | 'execute' | 'close' | 'sync'>

/** What each client has prepared; a step is parsed and planned once a connection, so only texts that come again belong here. */
const prepared = new WeakMap<pg.ClientBase, Set<string>>()
const names = new Map<string, string>()

function nameOf(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = `weiwang_flight_${names.size}`
  names.set(text, name)
  return name
}

function quoted(item: unknown): string {
  const text = textOf(item)
  if (text === null) return 'NULL'
  if (Buffer.isBuffer(text)) return `"\\\\x${text.toString('hex')}"`
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** A value as the protocol takes it. Days are text here as everywhere, instants are told in UTC. */
function textOf(value: unknown): string | Buffer | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return `{${value.map(quoted).join(',')}}`
  throw new TypeError('not a value of a statement')
}

type Bound = { name: string; text: string; values: (string | Buffer | null)[] }

class Flight implements pg.Submittable {
  readonly #known: Set<string>
  readonly #steps: readonly Bound[]
  readonly #done: (error: Error | null) => void
  readonly #parsed: string[] = []
  #over = false

  constructor(known: Set<string>, steps: readonly Bound[], done: (error: Error | null) => void) {
    this.#known = known
    this.#steps = steps
    this.#done = done
  }

  submit(connection: Wire): void {
    connection.stream.cork()
    try {
      for (const { name, text, values } of this.#steps) {
        if (!this.#known.has(name)) {
          // After a fault nobody can say whether it was parsed; to close what is not there is no fault.
          connection.close({ type: 'S', name }, true)
          connection.parse({ name, text, types: [] }, true)
          this.#parsed.push(name)
        }
        connection.bind({ statement: name, values }, true)
        connection.execute(null, true)
      }
      connection.sync()
    } finally {
      connection.stream.uncork()
    }
  }

  /** What steps answer is of no interest: they write. */
  handleDataRow(): void {}

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.#end(error)
  }

  /** Only now is the transaction over: a commit may still fail after the last statement went well. */
  handleReadyForQuery(): void {
    for (const name of this.#parsed) this.#known.add(name)
    this.#end(null)
  }

  #end(error: Error | null): void {
    if (this.#over) return
    this.#over = true
    this.#done(error)
  }
}

/**
 * On a client that is in no transaction all steps are one; inside of one they go with it.
 * @throws the fault of the first step that had one; those after it did not run
 */
export function fly(client: pg.ClientBase, steps: readonly Step[]): Promise<void> {
  const known = prepared.get(client) ?? new Set<string>()
  prepared.set(client, known)
  // Before anything is sent: what cannot be told must not leave the connection in the middle of a sentence.
  const bound = steps.map(({ text, values }) => ({ name: nameOf(text), text, values: values.map(textOf) }))
  return new Promise((resolve, reject) => {
    client.query(new Flight(known, bound, (error) => (error ? reject(error) : resolve())))
  })
}
