import { useCallback, useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { useGate } from '../current.ts'
import { IDLE_MS, newCamera } from '../gate/camera.ts'
import type { Camera, CameraState } from '../gate/camera.ts'
import { newReader } from '../gate/reader.ts'
import type { Reader } from '../gate/reader.ts'
import { keepAwake, letSleep } from './awake.ts'
import { lastUse, noteUse, scan } from './scanning.ts'

const IDLE_LOOK_MS = 5_000

/** One reader for the life of the page: the machine code is loaded once. */
let reader: Reader | null = null
export function theReader(): Reader {
  reader ??= newReader(
    () => new Worker(new URL('../gate/reader-worker.ts', import.meta.url), { type: 'module', name: 'reader' }),
  )
  return reader
}

/** The camera of the scan page: on while the page is in sight, off when it is hidden or nobody came for three minutes. */
export function useCamera(): {
  video: RefObject<HTMLVideoElement | null>
  state: CameraState
  readerFailed: boolean
  start: () => void
  torch: { can: boolean; on: boolean; flip: () => void }
} {
  const gate = useGate()
  const video = useRef<HTMLVideoElement | null>(null)
  const camera = useRef<Camera | null>(null)
  const [state, setState] = useState<CameraState>('off')
  const [readerFailed, setReaderFailed] = useState(false)
  const [torch, setTorch] = useState({ can: false, on: false })

  const start = useCallback(() => {
    noteUse()
    void camera.current?.start()
  }, [])

  useEffect(() => {
    if (!video.current) return undefined
    const made = newCamera({
      video: video.current,
      reader: theReader(),
      onFound: ({ text }) => void scan(gate, [text], 'camera'),
      onState: (next) => {
        setState(next)
        void (next === 'on' ? keepAwake() : letSleep())
        setTorch({ can: next === 'on' && (camera.current?.hasTorch() ?? false), on: false })
      },
    })
    camera.current = made
    const hear = async (): Promise<void> => setReaderFailed(!(await theReader().ready))
    void hear()
    const seen = (): void => {
      noteUse()
      if (document.visibilityState === 'visible') void made.start()
      else made.stop()
    }
    seen()
    const idle = setInterval(() => {
      if (made.state() === 'on' && performance.now() - lastUse() > IDLE_MS) made.stop()
    }, IDLE_LOOK_MS)
    document.addEventListener('visibilitychange', seen)
    window.addEventListener('pagehide', made.stop)
    return () => {
      clearInterval(idle)
      document.removeEventListener('visibilitychange', seen)
      window.removeEventListener('pagehide', made.stop)
      made.stop()
      camera.current = null
    }
  }, [gate])

  const flip = async (): Promise<void> => {
    const on = !torch.on
    if (await camera.current?.torch(on)) setTorch({ ...torch, on })
  }
  return { video, state, readerFailed, start, torch: { ...torch, flip: () => void flip() } }
}
