import { useEffect, useRef } from 'react'
import { isOpen } from './order.ts'
import { useInstructions } from './pages/instructions.ts'
import { useMine, usePhone, usePhoneState, useTasks } from './phone/hooks.tsx'
import { isOn } from './prefs.ts'
import { isQuiet, maySound } from './quiet.ts'
import type { Sounding } from './quiet.ts'

/** How long the register takes to be read after the PIN, at most. */
const OPENED_MS = 10_000

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
  const { loading, whole } = usePhoneState()
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
  const sounding: Sounding[] = [
    ...urgent.map((task) => ({ key: task.id, red: true })),
    ...all.map(({ instruction }) => ({ key: `${instruction.at} ${instruction.version}`, red: false })),
  ]
  const line = sounding.map(({ key }) => key).join('\n')
  useEffect(() => {
    // A list that stays empty after the opening is empty, and the first thing on it is news.
    const timer = setTimeout(() => {
      known.current ??= new Set()
    }, OPENED_MS)
    return () => clearTimeout(timer)
  }, [])
  useEffect(() => {
    if (loading || sounding.length === 0) return
    const before = known.current
    known.current = new Set([...(before ?? []), ...sounding.map(({ key }) => key)])
    // What was there when the app was opened, or comes with the first sync, is no news.
    if (before === null || !whole || isOn('mute')) return
    if (maySound(sounding, before, isQuiet(phone.now(), zone))) sound()
    // The line says what is new; the list is made anew at every drawing.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [line, loading, whole, phone, zone])
}
