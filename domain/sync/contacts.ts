import { z } from 'zod'
import { AREA_PATTERN } from '../areas/code.ts'

/** Whom a worker calls: numbers of offices that a centre sets for its area; the nearest of each role is shown on the phone. */
export const CONTACT_ROLES = ['supervisor', 'centre', 'clinic', 'police'] as const
const Area = z.string().regex(AREA_PATTERN)

/** GET /api/sync/contacts: what is set at this area and around it, the nearest first. */
export const ListContacts = z.strictObject({ area: Area })
export type ListContacts = z.infer<typeof ListContacts>
export const Contacts = z.object({
  items: z.array(
    z.object({
      area: z.string(),
      areaName: z.string(),
      role: z.enum(CONTACT_ROLES),
      name: z.string(),
      phone: z.string(),
    }),
  ),
})
export type Contacts = z.infer<typeof Contacts>

/** POST /api/sync/contacts: an office's number; never a resident's. */
export const PutContact = z.strictObject({
  area: Area,
  role: z.enum(CONTACT_ROLES),
  name: z.string().trim().min(1).max(60),
  phone: z
    .string()
    .trim()
    .regex(/^[0-9+*# -]{3,20}$/),
})
export type PutContact = z.infer<typeof PutContact>
