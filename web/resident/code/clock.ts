/**
 * The server's time as far as this phone knows it. A code must not come back to life by turning the clock back (case 70): time never
 * runs before what was seen, and a phone whose clock was turned says so until it has spoken with the server again.
 */
export type KeptClock = {
  /** The server's clock before the phone's, in milliseconds (an exercise lives on a day of its own). */
  ahead: number
  /** The latest moment of the server's time that was seen here. */
  seen: number
  /** By how much the phone's clock is wrong, by the real time of the server's machine. */
  wrong: number
  /** The server's clock before the real time. */
  shift: number
}

/** `wrong`: the phone's clock is off, the page reckons with it; `turned`: it ran backwards since the server was last heard. */
export type Trust = 'good' | 'wrong' | 'turned' | 'unknown'

/** A gate takes so much of difference (GATE): what is less is nobody's trouble. */
export const SLACK_MS = 60_000
/** The phone writes down what it has seen now and then only. */
const SHAKE_MS = 5_000

export class CodeClock {
  #kept: KeptClock | null
  readonly #phone: () => number
  constructor(kept: KeptClock | null, phone: () => number = () => Date.now()) {
    this.#kept = kept
    this.#phone = phone
  }

  /** Milliseconds of the server's time. */
  now(): number {
    if (this.#kept === null) return this.#phone()
    const now = this.#phone() + this.#kept.ahead
    if (now > this.#kept.seen) this.#kept = { ...this.#kept, seen: now }
    return this.#kept.seen
  }

  /** The server has said its time, and its machine the real one (the header of every answer); one of them is enough. */
  heard(server: number | null, real: number | null): void {
    const phone = this.#phone()
    const shift = server !== null && real !== null ? server - real : (this.#kept?.shift ?? 0)
    const told = server ?? (real === null ? null : real + shift)
    if (told === null) return
    const wrong = real === null ? 0 : phone - real
    this.#kept = { ahead: told - phone, seen: told, wrong: Math.abs(wrong) < SLACK_MS ? 0 : wrong, shift }
  }

  trust(): Trust {
    if (this.#kept === null) return 'unknown'
    if (this.#phone() + this.#kept.ahead < this.#kept.seen - SHAKE_MS) return 'turned'
    return this.#kept.wrong === 0 ? 'good' : 'wrong'
  }

  /** Minutes by which the phone is fast (or slow, negative). */
  minutesWrong(): number {
    return Math.round((this.#kept?.wrong ?? 0) / 60_000)
  }

  toKeep(): KeptClock | null {
    return this.#kept
  }
}
