import { ORG_LISTS } from '@weiwang/domain/healthcode/org-api'
import { ListRegistrations, ListReturns } from '@weiwang/domain/healthcode/reg-desk-api'
import { z } from 'zod'

export const TABS = ['list', 'returns', 'held', 'orgs', 'figures', 'rules'] as const
export type Tab = (typeof TABS)[number]

/** The filters of all sheets stand in the address, so that a figure opens exactly its list. */
export const Filters = ListRegistrations.pick({
  from: true,
  to: true,
  need: true,
  situation: true,
  by: true,
  place: true,
}).extend({ tab: z.enum(TABS), list: ListReturns.shape.list, org: z.enum(ORG_LISTS) })

export const BYS = ['self', 'guardian', 'proxy'] as const
export const PLACES = ['placed', 'unplaced'] as const
/** What an act here changes: lists, figures and the page of who is expected. */
export const TOUCHES = ['/api/registrations', '/api/returns']
