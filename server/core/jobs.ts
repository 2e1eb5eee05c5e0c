import type { Server } from './server.ts'

/** What a room does when something happened (reactions) and when time passes (timers). Each run is retried until it succeeds. */
export type RoomJobs = {
  reactions: Record<string, Reaction>
  timers: Timer[]
}

export type Reaction = (server: Server, payload: unknown) => Promise<void>

/** `cron` as crontab has it, in UTC; `run` must be harmless to repeat. */
export type Timer = { name: string; cron: string; run: (server: Server) => Promise<void> }

export type NamedJobs = { room: string; jobs: RoomJobs }

export function defineJobs(jobs: Partial<RoomJobs>): RoomJobs {
  return { reactions: jobs.reactions ?? {}, timers: jobs.timers ?? [] }
}

/** Which queue tasks an event becomes: one for each room that reacts, so that one room's failure does not repeat another's work. */
export function reactionNames(rooms: readonly NamedJobs[]): Map<string, string[]> {
  const names = new Map<string, string[]>()
  for (const { room, jobs } of rooms) {
    for (const event of Object.keys(jobs.reactions)) names.set(event, [...(names.get(event) ?? []), `${event}>${room}`])
  }
  return names
}
