import { maskPhone } from '@weiwang/domain/access/mask'
import { noOpenEmergency } from '@weiwang/domain/access/problems'
import type { Server } from '../core/server.ts'
import { createAccount } from './account-actions.ts'
import { insertRole } from './account-store.ts'
import { activateAccount, findLogin } from './login-store.ts'
import { anyOpenEmergency } from './store.ts'

/**
 * ACCESS-22: the account of a proven number is a resident's from now on; without one, it is made. It belongs to the deployment and
 * to no centre, has no duty, and so no scope: what it sees is asked by its number, in the rooms that serve residents.
 * @throws noOpenEmergency when there is no account and nothing personal may be collected (EMERGENCY-1)
 */
export async function openResident(server: Server, phone: string, lang: 'zh' | 'en'): Promise<void> {
  await server.asSystem('resident.open', async (ctx) => {
    const account = await findLogin(ctx.db, { phoneHash: ctx.keys.hash('account_phone', phone), login: '' })
    if (account === null) {
      if (!(await anyOpenEmergency(ctx))) throw noOpenEmergency({})
      const id = await createAccount(ctx, { name: maskPhone(phone), area: ctx.root, phone, roles: ['resident'], lang })
      await activateAccount(ctx.db, id, ctx.now)
      return
    }
    if (account.state !== 'active' || account.roles.includes('resident')) return
    const { id, area } = account
    await insertRole(ctx.db, { accountId: id, role: 'resident', area, by: null, at: ctx.now })
    ctx.audit({ verb: 'account.grant', thing: 'account', thingId: id, area, detail: { role: 'resident' } })
  })
}
