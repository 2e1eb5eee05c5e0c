import { useEffect, useRef } from 'react'
import { isOpen } from './order.ts'
import { useInstructions } from './pages/instructions.ts'
import { useMine, usePhone, usePhoneState, useTasks } from './phone/hooks.tsx'
import { isOn } from './prefs.ts'
import { isQuiet } from './quiet.ts'

/** Two short tones, made here: no file is fetched for them. A browser that allows no sound yet stays silent. */
function sound(): void {
  try {
    const audio = new AudioContext()
    const begin = audio.currentTime
    for (const [i, pitch] of [660, 880].entries()) {
      const tone = audio.createOscillator()
      const volume = audio.createGain()
      tone.frequency.value = pitch
      volume.gain.value = 0.2
      tone.connect(volume).connect(audio.destination)
      tone.start(begin + i * 0.18)
      tone.stop(begin + i * 0.18 + 0.14)
    }
    setTimeout(() => void audio.close(), 1_000)
  } catch {
    // Silence is no fault.
  }
}

/** A badge on the app's sign with what waits for an answer, and a sound when something urgent comes while it is open. */
export function useTold(): void {
  const phone = usePhone()
  const { loading } = usePhoneState()
  const tasks = useTasks()
  const zone = useMine()?.zone ?? 'Asia/Shanghai'
  const { all, unread } = useInstructions()
  const urgent = tasks.filter((task) => isOpen(task) && task.body.grade === 'red' && !task.accepted)
  const waiting = unread + urgent.filter((task) => task.body.state === 'pushed').length
  useEffect(() => {
    if (!('setAppBadge' in navigator)) return
    void (waiting > 0 ? navigator.setAppBadge(waiting) : navigator.clearAppBadge()).catch(() => undefined)
  }, [waiting])
  const known = useRef<Set<string> | null>(null)
  const ids = [
    ...urgent.map((task) => task.id),
    ...all.map(({ instruction }) => `${instruction.at} ${instruction.version}`),
  ]
  const line = ids.join(' ')
  useEffect(() => {
    if (loading || line === '') return
    const now = new Set(line.split(' '))
    const before = known.current
    known.current = new Set([...(before ?? []), ...now])
    // What was there when the app was opened is no news.
    if (before === null || [...now].every((id) => before.has(id))) return
    if (!isOn('mute') && !isQuiet(phone.now(), zone)) sound()
  }, [line, loading, phone, zone])
}
