/**
 * What is heard and felt at a verdict. Each answer has its own tune, so that a hurried attendant need not look: two rising notes for
 * pass, one long for yellow, three falling for red, two equal ones for "by hand", a low buzz for what is refused.
 */
export type Tune = 'green' | 'yellow' | 'red' | 'pending' | 'by_hand' | 'refused' | 'emergency' | 'pass'

type Note = readonly [hertz: number, from: number, seconds: number]

const TUNES: Record<Tune, readonly Note[]> = {
  green: [
    [880, 0, 0.09],
    [1320, 0.11, 0.16],
  ],
  yellow: [[660, 0, 0.45]],
  red: [
    [740, 0, 0.16],
    [560, 0.2, 0.16],
    [420, 0.4, 0.3],
  ],
  pending: [
    [660, 0, 0.14],
    [660, 0.34, 0.14],
  ],
  by_hand: [
    [520, 0, 0.12],
    [520, 0.2, 0.12],
  ],
  refused: [
    [180, 0, 0.2],
    [180, 0.28, 0.3],
  ],
  pass: [
    [880, 0, 0.09],
    [660, 0.11, 0.09],
    [880, 0.22, 0.16],
  ],
  emergency: [
    [990, 0, 0.12],
    [1320, 0.14, 0.12],
    [1650, 0.28, 0.2],
  ],
}

const PATTERNS: Record<Tune, number[]> = {
  green: [60],
  yellow: [300],
  red: [180, 80, 180, 80, 360],
  pending: [100, 120, 100],
  by_hand: [80, 80, 80],
  refused: [250, 100, 250],
  emergency: [60, 60, 60],
  pass: [60, 60, 200],
}

const MUTE = 'weiwang.gate.mute'
export const isMute = (): boolean => localStorage.getItem(MUTE) === '1'
export function setMute(on: boolean): void {
  if (on) localStorage.setItem(MUTE, '1')
  else localStorage.removeItem(MUTE)
}

let sound: AudioContext | null = null

/** Browsers let a page sound only after a touch: call it at the first one. */
export function wakeSound(): void {
  if (!('AudioContext' in window)) return
  sound ??= new AudioContext()
  if (sound.state === 'suspended') void sound.resume()
}

function play(notes: readonly Note[]): void {
  if (!sound || sound.state !== 'running') return
  const start = sound.currentTime
  for (const [hertz, from, seconds] of notes) {
    const tone = sound.createOscillator()
    const volume = sound.createGain()
    tone.type = hertz < 300 ? 'sawtooth' : 'triangle'
    tone.frequency.value = hertz
    volume.gain.setValueAtTime(0, start + from)
    volume.gain.linearRampToValueAtTime(0.5, start + from + 0.01)
    volume.gain.setValueAtTime(0.5, start + from + seconds - 0.02)
    volume.gain.linearRampToValueAtTime(0, start + from + seconds)
    tone.connect(volume).connect(sound.destination)
    tone.start(start + from)
    tone.stop(start + from + seconds)
    // A tone that has ended is let go: a thousand of them a day must not stay.
    tone.onended = () => {
      tone.disconnect()
      volume.disconnect()
    }
  }
}

/** Muted, it is still felt. */
export function tell(tune: Tune): void {
  if (!isMute()) play(TUNES[tune])
  if ('vibrate' in navigator) navigator.vibrate(PATTERNS[tune])
}
