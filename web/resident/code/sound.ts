/**
 * A colour that can be heard: told apart by number and height of the tones, for whoever sees neither colour nor shape, and in noise.
 * Only when the holder asks for it.
 */
export type Heard = 'red' | 'yellow' | 'green' | 'pending'

/** Hertz, one after another. */
export const TONES: Record<Heard, readonly number[]> = {
  green: [880],
  yellow: [660, 660],
  red: [330, 330, 330],
  pending: [660, 440],
}
const TONE_S = 0.22
const PAUSE_S = 0.12
const LOUD = 0.4

export function sound(colour: Heard, words: string, lang: 'zh' | 'en'): void {
  try {
    const audio = new AudioContext()
    TONES[colour].forEach((height, i) => {
      const at = audio.currentTime + i * (TONE_S + PAUSE_S)
      const tone = audio.createOscillator()
      const volume = audio.createGain()
      tone.frequency.value = height
      // Without a ramp a speaker clicks.
      volume.gain.setValueAtTime(0, at)
      volume.gain.linearRampToValueAtTime(LOUD, at + 0.02)
      volume.gain.setValueAtTime(LOUD, at + TONE_S - 0.02)
      volume.gain.linearRampToValueAtTime(0, at + TONE_S)
      tone.connect(volume).connect(audio.destination)
      tone.start(at)
      tone.stop(at + TONE_S)
    })
    setTimeout(() => void audio.close(), (TONES[colour].length * (TONE_S + PAUSE_S) + 0.5) * 1000)
  } catch {
    // A phone without a speaker of its own shows word and shape.
  }
  navigator.vibrate?.(TONES[colour].flatMap(() => [TONE_S * 1000, PAUSE_S * 1000]))
  if (!('speechSynthesis' in window)) return
  const said = new SpeechSynthesisUtterance(words)
  said.lang = lang === 'zh' ? 'zh-CN' : 'en-GB'
  said.rate = 0.9
  speechSynthesis.cancel()
  speechSynthesis.speak(said)
}
