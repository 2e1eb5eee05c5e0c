import { z } from 'zod'
import { PageQuery, pageOf } from '../core/page.ts'
import { DOOR_FIELDS, TEAM_ROLES } from '../teams/template.ts'
import { Measure } from './measure.ts'
import { Outing } from './outing.ts'
import { ServiceKind } from './service-api.ts'
import { Part } from './slots.ts'

/** Wire shapes of a member's own doors (TEAM-9): what is not in the fields of the roles that somebody has at a door is not there. */
const Id = z.uuid()
const Instant = z.iso.datetime({ offset: true })
/** By observation, so that what several fields say of one person comes together on the screen. */
const of = <S extends z.ZodRawShape>(shape: S) => z.array(z.object({ id: Id, ...shape }))

export const ListTeamDoors = PageQuery.strict()
export const DoorKnown = z
  .object({
    address: z.string(),
    members: z.number().int(),
    hazards: z.array(z.string()),
    team: z.array(z.object({ role: z.enum(TEAM_ROLES), name: z.string() })),
    people: of({ masked: z.string() }),
    /** Whether the telephone of the door may be opened. */
    phone: z.literal(true),
    measure: of({ measure: Measure }),
    days: of({ day: z.number().int().nullable(), of: z.number().int().nullable(), endDay: z.string().nullable() }),
    readings: of({
      missed: z.number().int(),
      last: z.object({ day: z.string(), part: Part, temperature: z.number().int().nullable() }).nullable(),
    }),
    symptoms: of({ codes: z.array(z.string()), care: z.string().nullable() }),
    /** Who runs out of a medicine within a week; of what is opened elsewhere, for a purpose (SERV-11). */
    medicine: z.array(z.object({ masked: z.string(), runsOut: z.string() })),
    needs: z.array(z.object({ id: Id, kind: ServiceKind, dueBy: Instant, late: z.boolean() })),
    notice: of({ noticeOn: z.string().nullable(), agreed: z.boolean() }),
    conditions: of({ suitable: z.boolean(), wantsCentral: z.boolean() }),
    /** A breach with what was done about it, and outings that were agreed to and are not over (OBS-27). */
    outings: of({ what: z.string().nullable(), step: z.string().nullable(), agreed: z.array(Outing) }),
  })
  .partial()
export type DoorKnown = z.infer<typeof DoorKnown>
/** GET /api/observations/doors/mine: the doors at which the reader stands in the team today. */
export const TeamDoor = z.object({
  teamId: Id,
  householdId: Id,
  areaName: z.string(),
  roles: z.array(z.enum(TEAM_ROLES)),
  fields: z.array(z.enum(DOOR_FIELDS)),
  door: DoorKnown,
})
export type TeamDoor = z.infer<typeof TeamDoor>
export const TeamDoorPage = pageOf(TeamDoor)

/** POST /api/observations/doors/:id/ring: the number of whoever answers for the door of this team, for a purpose (TEAM-9). */
export const RingDoor = z.strictObject({ id: Id, purpose: z.string().trim().min(2).max(200) })
export const RungDoor = z.object({ name: z.string().nullable(), phone: z.string().nullable() })
export type RungDoor = z.infer<typeof RungDoor>
