import type { Server } from './server.ts'

/** What a room does when something happened (reactions) and when time passes (timers). Each run is retried until it succeeds. */
export type RoomJobs = {
  reactions: Record<string, Reaction>
  timers: Timer[]
}

export type React = (server: Server, payload: unknown) => Promise<void>
/**
 * `when` looks at the payload alone, while the event is told: what does not concern the room never becomes a job. Of an event that
 * comes with every visit, a job that would find nothing to do costs the database more than the visit.
 */
export type Reaction = React | { when: (payload: unknown) => boolean; react: React }

/** `cron` as crontab has it, in UTC; `run` must be harmless to repeat. */
export type Timer = { name: string; cron: string; run: (server: Server) => Promise<void> }

export type NamedJobs = { room: string; jobs: RoomJobs }

export function defineJobs(jobs: Partial<RoomJobs>): RoomJobs {
  return { reactions: jobs.reactions ?? {}, timers: jobs.timers ?? [] }
}

export type Listener = { task: string; when: ((payload: unknown) => boolean) | null }

/** Which queue tasks an event becomes: one for each room that reacts, so that one room's failure does not repeat another's work. */
export function listeners(rooms: readonly NamedJobs[]): Map<string, Listener[]> {
  const found = new Map<string, Listener[]>()
  for (const { room, jobs } of rooms) {
    for (const [event, reaction] of Object.entries(jobs.reactions)) {
      const when = typeof reaction === 'function' ? null : reaction.when
      found.set(event, [...(found.get(event) ?? []), { task: `${event}>${room}`, when }])
    }
  }
  return found
}

export function reactOf(reaction: Reaction): React {
  return typeof reaction === 'function' ? reaction : reaction.react
}
