import type { Role } from '@weiwang/domain/access/actor'
import type { ThingKind } from '@weiwang/domain/access/can'
import type { centre } from '../texts.ts'
import { paths } from '../paths.ts'

type RoomKey = Extract<keyof typeof centre, `room.${string}`>

export type Room = {
  key: RoomKey
  path: string
  reads: ThingKind | null
  also?: readonly string[]
  /** For whoever has one of these, whatever he may read. */
  roles?: readonly Role[]
}

/** As whoever is on duty thinks: what is the matter, what comes in, what follows from it, who goes, what is needed at home. */
export const GROUPS = ['duty', 'gather', 'assess', 'doors', 'home', 'forces', 'code', 'admin'] as const
export type GroupKey = (typeof GROUPS)[number]

/** The rooms by group, in the order of the work. A room is shown to who may read its thing. */
export const ROOMS: Readonly<Record<GroupKey, readonly Room[]>> = {
  duty: [
    { key: 'room.now', path: paths.now(), reads: null },
    { key: 'room.figures', path: paths.figures(), reads: 'stats' },
    { key: 'room.escalations', path: paths.escalations(), reads: 'task' },
    { key: 'room.help', path: paths.help(), reads: 'handover' },
    { key: 'room.myWatch', path: paths.myWatch(), reads: null, roles: ['watch_leader'] },
    { key: 'room.myTurns', path: paths.myTurns(), reads: null, roles: ['volunteer'] },
    { key: 'room.myDoors', path: paths.myDoors(), reads: null, roles: ['doctor', 'officer', 'cadre', 'volunteer'] },
  ],
  gather: [
    { key: 'room.feeds', path: paths.feeds(), reads: 'batch', also: ['/batches'] },
    { key: 'room.risk', path: paths.risk(), reads: 'risk_area' },
    { key: 'room.truth', path: paths.truth(), reads: 'contradiction' },
  ],
  assess: [
    { key: 'room.rules', path: paths.rules(), reads: 'rule_set' },
    { key: 'room.lists', path: paths.lists(), reads: 'push' },
  ],
  doors: [
    { key: 'room.tasks', path: paths.tasks(), reads: 'task', also: ['/visits'] },
    { key: 'room.people', path: paths.people(), reads: 'person', also: ['/households'] },
    { key: 'room.forms', path: paths.forms(), reads: 'campaign' },
  ],
  home: [
    { key: 'room.observation', path: paths.observation(), reads: 'observation' },
    { key: 'room.teams', path: paths.teams(), reads: 'team' },
    { key: 'room.services', path: paths.services(), reads: 'service' },
    { key: 'room.mediation', path: paths.mediation(), reads: 'mediation' },
  ],
  forces: [
    { key: 'room.instructions', path: paths.instructions(), reads: 'instruction' },
    { key: 'room.forces', path: paths.forces(), reads: 'force' },
    { key: 'room.watches', path: paths.watches(), reads: 'watch' },
  ],
  code: [
    { key: 'room.registrations', path: paths.registrations(), reads: 'registration' },
    { key: 'room.objections', path: paths.objections(), reads: 'objection' },
    { key: 'room.gates', path: paths.gates(), reads: 'gate' },
  ],
  admin: [
    { key: 'room.emergency', path: paths.emergency(), reads: 'emergency' },
    { key: 'room.areas', path: paths.areas(), reads: 'area' },
    { key: 'room.accounts', path: paths.accounts(), reads: 'account' },
    { key: 'room.phones', path: paths.phones(), reads: 'phone' },
    { key: 'room.audit', path: paths.audit(), reads: 'audit' },
    { key: 'room.settings', path: paths.settings(), reads: null, also: ['/jobs'] },
  ],
}

export type Group = { key: GroupKey; rooms: readonly Room[] }

/** The rooms that this reader may enter; a group without any is left out. */
export function roomsOf(reader: { roles: readonly Role[]; reads: (kind: ThingKind) => boolean }): Group[] {
  const enters = ({ roles, reads }: Room): boolean =>
    (roles === undefined || roles.some((role) => reader.roles.includes(role))) &&
    (reads === null || reader.reads(reads))
  return GROUPS.map((key) => ({ key, rooms: ROOMS[key].filter(enters) })).filter(({ rooms }) => rooms.length > 0)
}

export function isCurrent(room: { path: string; also?: readonly string[] }, pathname: string): boolean {
  if (room.path === '/') return pathname === '/'
  return [room.path, ...(room.also ?? [])].some((path) => pathname === path || pathname.startsWith(`${path}/`))
}
