import { Form, FORM_PURPOSES, FormField } from '@weiwang/domain/tasks/form'
import type { FormPurpose } from '@weiwang/domain/tasks/form'
import { shippedForm } from '@weiwang/domain/tasks/forms-shipped'
import type { Reference } from '@weiwang/domain/sync/api'
import type { CampaignBody } from '@weiwang/domain/sync/feed'
import { z } from 'zod'

/** Which questions are asked now: forms and campaigns come as data, and the shipped ones serve until they have come. */
export type FormInUse = { id: string; version: number; form: Form }

const Loose = z.looseObject({ purpose: z.string(), say: Form.shape.say, fields: z.array(z.unknown()) })

/** A field that this version of the app cannot read is left out, the others are asked (case 19). */
function readForm(raw: unknown, purpose: FormPurpose): Form | null {
  const parsed = Loose.safeParse(raw)
  if (!parsed.success) return null
  const fields = parsed.data.fields.flatMap((one) => {
    const field = FormField.safeParse(one)
    return field.success ? [field.data] : []
  })
  return { purpose, say: parsed.data.say, fields }
}

/** The nearest centre's form of a purpose for a grid, its newest version; otherwise the shipped one. */
export function formFor(reference: Reference | null, purpose: FormPurpose, grid: string): FormInUse {
  const near = (reference?.forms ?? [])
    .filter((body) => body.purpose === purpose && grid.startsWith(body.area))
    .toSorted((a, b) => b.area.length - a.area.length || b.version - a.version)
  for (const body of near) {
    const form = readForm(body.form, purpose)
    if (form) return { id: body.id, version: body.version, form }
  }
  return { id: `shipped/${purpose}`, version: 0, form: shippedForm(purpose) }
}

export function campaignOf(reference: Reference | null, id: string): CampaignBody | null {
  return reference?.campaigns.find((campaign) => campaign.id === id) ?? null
}

const BY_KIND: Readonly<Record<string, FormPurpose>> = {
  rental: 'rental',
  group_rental: 'group_rental',
  dormitory: 'group_rental',
  shop: 'shop',
}
const ANYWHERE: readonly FormPurpose[] = ['returnee', 'temperature', 'service', 'clue', 'mediation']

/** What a visit to a door of this kind is for: the usual purpose first. */
export function purposesFor(kind: string): FormPurpose[] {
  return [BY_KIND[kind] ?? 'household', ...ANYWHERE]
}

export function purposeIn(text: string | null | undefined): FormPurpose | null {
  return FORM_PURPOSES.find((purpose) => purpose === text) ?? null
}

/** Whether the people of the door are a part of it: of a clue or a service seen there, only when they are named. */
export function isAboutPeople(form: Form): boolean {
  return form.fields.some((field) => field.of === 'person')
}
