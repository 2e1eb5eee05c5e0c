import type { Found, Reader } from './reader.ts'

/**
 * The camera as a stream of looks: at most eight in a second, never two at once, none while the page is hidden or the gate idle, so
 * that a cheap phone survives a day (GATE-105). A look is the middle of the picture, no larger than the reader needs.
 */
export const LEAST_BETWEEN_MS = 125
/** The side of the square that is read; a code of version 10 (57 modules) that fills half of it has six pixels a module. */
const SIDE = 720
/** Without a code for so long the camera stops until somebody taps. */
export const IDLE_MS = 3 * 60_000

export type CameraState = 'off' | 'starting' | 'on' | 'denied' | 'none' | 'busy' | 'broken'

export type Camera = {
  start: () => Promise<void>
  stop: () => void
  state: () => CameraState
  torch: (on: boolean) => Promise<boolean>
  hasTorch: () => boolean
  /** Looks made since the start; told to tests and to the page of the phone's health. */
  looks: () => number
}

function stateOf(error: unknown): CameraState {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none'
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'broken'
}

type Torched = MediaTrackCapabilities & { torch?: boolean }
type TorchConstraint = MediaTrackConstraintSet & { torch: boolean }

export function newCamera(needs: {
  video: HTMLVideoElement
  reader: Reader
  onFound: (found: Found) => void
  onState: (state: CameraState) => void
  /** Called at every look, with whether a code was in it. */
  onLook?: (withCode: boolean) => void
}): Camera {
  const { video, reader } = needs
  const canvas = document.createElement('canvas')
  const paper = canvas.getContext('2d', { willReadFrequently: true, alpha: false })
  let state: CameraState = 'off'
  let stream: MediaStream | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  let run = 0
  let looks = 0

  function set(next: CameraState): void {
    state = next
    needs.onState(next)
  }

  function frame(): ImageData | null {
    const { videoWidth: width, videoHeight: height } = video
    if (!paper || width === 0 || height === 0) return null
    const side = Math.min(width, height)
    const drawn = Math.min(side, SIDE)
    if (canvas.width !== drawn) {
      canvas.width = drawn
      canvas.height = drawn
    }
    paper.drawImage(video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, drawn, drawn)
    return paper.getImageData(0, 0, drawn, drawn)
  }

  async function look(mine: number): Promise<void> {
    const began = performance.now()
    try {
      const picture = frame()
      if (picture) {
        looks += 1
        const found = await reader.read(picture)
        if (mine !== run) return
        needs.onLook?.(found !== null)
        if (found) needs.onFound(found)
      }
    } catch {
      // One picture that could not be read is followed by the next.
    }
    if (mine !== run) return
    timer = setTimeout(() => void look(mine), Math.max(LEAST_BETWEEN_MS - (performance.now() - began), 30))
  }

  function stop(): void {
    run += 1
    if (timer !== null) clearTimeout(timer)
    timer = null
    for (const track of stream?.getTracks() ?? []) track.stop()
    stream = null
    video.srcObject = null
    if (state === 'on' || state === 'starting') set('off')
  }

  const track = (): MediaStreamTrack | null => stream?.getVideoTracks()[0] ?? null

  return {
    state: () => state,
    looks: () => looks,
    stop,
    start: async () => {
      stop()
      const mine = (run += 1)
      if (!('mediaDevices' in navigator)) return set('none')
      set('starting')
      try {
        const got = await navigator.mediaDevices.getUserMedia({
          audio: false,
          video: {
            facingMode: { ideal: 'environment' },
            width: { ideal: 1280 },
            height: { ideal: 720 },
            frameRate: { ideal: 15, max: 30 },
          },
        })
        if (mine !== run) {
          for (const one of got.getTracks()) one.stop()
          return undefined
        }
        stream = got
        // A camera that another application takes ends without a word.
        track()?.addEventListener('ended', () => {
          if (mine === run) {
            stop()
            set('busy')
          }
        })
        video.srcObject = got
        await video.play()
        if (mine !== run) return undefined
        set('on')
        void look(mine)
      } catch (error) {
        if (mine !== run) return undefined
        stop()
        set(stateOf(error))
      }
      return undefined
    },
    hasTorch: () => {
      const can: Torched | undefined = track()?.getCapabilities?.()
      return can?.torch === true
    },
    torch: async (on) => {
      const light: TorchConstraint = { torch: on }
      try {
        await track()?.applyConstraints({ advanced: [light] })
        return true
      } catch {
        return false
      }
    },
  }
}
