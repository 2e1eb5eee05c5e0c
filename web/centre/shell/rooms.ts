import type { Role } from '@weiwang/domain/access/actor'
import type { ThingKind } from '@weiwang/domain/access/can'
import type { centre } from '../texts.ts'
import { paths } from '../paths.ts'

type RoomKey = Extract<keyof typeof centre, `room.${string}`>

/** The rooms in the order of the work. A room is shown to who may read its thing; rooms of later work are not here yet. */
export const ROOMS: readonly {
  key: RoomKey
  path: string
  reads: ThingKind | null
  also?: readonly string[]
  role?: Role
}[] = [
  { key: 'room.now', path: paths.now(), reads: null },
  { key: 'room.lists', path: paths.lists(), reads: 'push' },
  { key: 'room.tasks', path: paths.tasks(), reads: 'task', also: ['/visits'] },
  { key: 'room.instructions', path: paths.instructions(), reads: 'instruction' },
  { key: 'room.escalations', path: paths.escalations(), reads: 'task' },
  { key: 'room.myWatch', path: paths.myWatch(), reads: null, role: 'watch_leader' },
  { key: 'room.people', path: paths.people(), reads: 'person', also: ['/households'] },
  { key: 'room.observation', path: paths.observation(), reads: 'observation' },
  { key: 'room.services', path: paths.services(), reads: 'service' },
  { key: 'room.mediation', path: paths.mediation(), reads: 'mediation' },
  { key: 'room.registrations', path: paths.registrations(), reads: 'registration' },
  { key: 'room.objections', path: paths.objections(), reads: 'objection' },
  { key: 'room.truth', path: paths.truth(), reads: 'contradiction' },
  { key: 'room.teams', path: paths.teams(), reads: 'team' },
  { key: 'room.myTurns', path: paths.myTurns(), reads: null, role: 'volunteer' },
  { key: 'room.forces', path: paths.forces(), reads: 'force' },
  { key: 'room.gates', path: paths.gates(), reads: 'gate' },
  { key: 'room.watches', path: paths.watches(), reads: 'watch' },
  { key: 'room.help', path: paths.help(), reads: 'handover' },
  { key: 'room.feeds', path: paths.feeds(), reads: 'batch', also: ['/batches'] },
  { key: 'room.risk', path: paths.risk(), reads: 'risk_area' },
  { key: 'room.rules', path: paths.rules(), reads: 'rule_set' },
  { key: 'room.figures', path: paths.figures(), reads: 'stats' },
  { key: 'room.areas', path: paths.areas(), reads: 'area' },
  { key: 'room.accounts', path: paths.accounts(), reads: 'account' },
  { key: 'room.phones', path: paths.phones(), reads: 'phone' },
  { key: 'room.audit', path: paths.audit(), reads: 'audit' },
  { key: 'room.emergency', path: paths.emergency(), reads: 'emergency' },
  { key: 'room.forms', path: paths.forms(), reads: 'campaign' },
  { key: 'room.settings', path: paths.settings(), reads: null, also: ['/jobs'] },
]

export function isCurrent(room: { path: string; also?: readonly string[] }, pathname: string): boolean {
  if (room.path === '/') return pathname === '/'
  return [room.path, ...(room.also ?? [])].some((path) => pathname === path || pathname.startsWith(`${path}/`))
}
