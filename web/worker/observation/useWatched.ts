import { useMemo } from 'react'
import { useClock } from '../clock.tsx'
import { useOutbox, useThings } from '../phone/hooks.tsx'
import { doorsWatched, watchedOf } from './watched.ts'
import type { Watched, WatchedDoor } from './watched.ts'

/** Drawn again with the clock, the feed and the outbox. */
export function useWatched(): readonly Watched[] {
  const { now, zone } = useClock()
  const observations = useThings('observation')
  const readings = useThings('reading')
  const outbox = useOutbox()
  return useMemo(
    () => watchedOf({ observations, readings, outbox, now, zone }),
    [observations, readings, outbox, now, zone],
  )
}

export function useWatchedDoors(): readonly WatchedDoor[] {
  const watched = useWatched()
  return useMemo(() => doorsWatched(watched), [watched])
}
