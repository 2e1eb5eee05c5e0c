import { contains, isAreaCode, pathOf } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import { CONTACT_ROLES, Contacts, ListContacts, PutContact } from '@weiwang/domain/sync/contacts'
import { z } from 'zod'
import { areaNames } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { forgetPlaces } from './mine.ts'
import { contactsAround, putContact } from './store-feed.ts'

const Role = z.enum(CONTACT_ROLES)

async function read(ctx: Ctx, { area }: ListContacts): Promise<Contacts> {
  if (!ctx.scope.some((mine) => contains(mine, area))) throw notFound({ thing: 'area' })
  const around = isAreaCode(area) ? pathOf(area).filter((code) => code !== '') : []
  const rows = await contactsAround(ctx.db, around)
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  return {
    items: rows.map((row) => ({ ...row, role: Role.parse(row.role), areaName: names.get(row.area) ?? row.area })),
  }
}

export const listContacts = { input: ListContacts, output: Contacts, run: read }

export const putContactAction = defineAction({
  name: 'contact.put',
  input: PutContact,
  output: Contacts,
  run: async (ctx, args) => {
    if (!ctx.scope.some((mine) => contains(mine, args.area))) throw notFound({ thing: 'area' })
    permit(ctx, 'file', { kind: 'duty', area: args.area })
    await putContact(ctx.db, { ...args, by: ctx.actor.id, now: ctx.now })
    forgetPlaces(ctx)
    ctx.audit({
      verb: 'contact.put',
      thing: 'area',
      thingId: args.area,
      area: args.area,
      detail: { role: args.role },
    })
    return read(ctx, { area: args.area })
  },
})
