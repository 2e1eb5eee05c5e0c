import { ImportRoster } from '@weiwang/domain/access/api'
import type { RosterReport, RosterResult, RosterRow } from '@weiwang/domain/access/api'
import { ineligible } from '@weiwang/domain/access/duty'
import { normalisePhone } from '@weiwang/domain/access/phone'
import { gridsOf, rolesOf } from '@weiwang/domain/access/roster'
import { mayGive, ROLE_NAMES } from '@weiwang/domain/access/roles'
import type { Role } from '@weiwang/domain/access/actor'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { can } from '@weiwang/domain/access/can'
import { say } from '@weiwang/domain/core/say'
import { defineAction } from '../core/action.ts'
import { actorId, permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { createAccount } from './account-actions.ts'
import { findByPhone, insertRole } from './account-store.ts'
import type { AccountRow } from './account-store.ts'
import { giveDuty } from './duty-actions.ts'
import { lockDutiesOf } from './duty-store.ts'
import { placeOf, placesCalled, Rejected, rejectionOf } from './file-row.ts'
import type { Places } from './file-row.ts'

type Wanted = { name: string; phone: string; area: AreaCode; roles: Role[]; grids: AreaCode[] }

function read(ctx: Ctx, row: RosterRow, places: Places): Wanted {
  const name = row.name.trim()
  if (name === '')
    throw new Rejected('name', '', say('没有姓名', 'The name is missing'), say('请补上姓名', 'Add the name'))
  if (Array.from(name).length > 60)
    throw new Rejected(
      'name',
      name,
      say('姓名过长', 'The name is too long'),
      say('最多 60 字', 'At most 60 characters'),
    )
  const phone = normalisePhone(row.phone)
  if (phone === null) {
    throw new Rejected(
      'phone',
      row.phone,
      say('不是有效的手机号', 'Not a valid phone number'),
      say(
        '国内手机 11 位；Excel 把号码变成了小数或科学计数的，请把这一列设为文本',
        'Mainland mobiles have 11 digits; if Excel made a float of it, set the column to text',
      ),
    )
  }
  const roles = rolesOf(row.roles)
  if ('unknown' in roles)
    throw new Rejected(
      'roles',
      row.roles,
      say(`没有“${roles.unknown}”这个岗位`, `There is no role "${roles.unknown}"`),
      say(
        '可填：网格员、联防长、志愿者、医生、民警、干部、卡口人员',
        'Use worker, watch leader, volunteer, doctor, officer, cadre, checkpoint',
      ),
    )
  const forbidden = roles.roles.find((role) => !mayGive(ctx.actor, role))
  if (forbidden)
    throw new Rejected(
      'roles',
      row.roles,
      say(`您不能授予“${ROLE_NAMES[forbidden].zh}”`, `You may not give "${ROLE_NAMES[forbidden].en}"`),
      say('请管理员办理', 'Ask an administrator'),
    )
  const area = placeOf(places, 'area', row.area.trim())
  if (!can(ctx.actor, 'bulk', { kind: 'account', area }))
    throw new Rejected(
      'area',
      row.area,
      say('不在您的辖区内', 'Outside your area'),
      say('请由该辖区的网格中心导入', 'Its own centre imports it'),
    )
  const grids = gridsOf(row.grids).map((grid) => placeOf(places, 'grids', grid))
  for (const grid of grids) {
    if (ineligible({ id: '', area, state: 'roster', roles: roles.roles }, grid) !== null) {
      throw new Rejected(
        'grids',
        grid,
        say('网格和人员不在同一县（市、区）', 'The grid lies in another county than the person'),
        say('请核对网格代码', 'Check the grid code'),
      )
    }
  }
  return { name, phone, area, roles: roles.roles, grids }
}

/** Takes one row: a new account, or what an existing one still lacks. True when something changed. */
async function take(ctx: Ctx, row: RosterRow, wanted: Wanted): Promise<{ id: string; changed: boolean }> {
  const found = await findByPhone(ctx.db, ctx.scope, ctx.keys.hash('account_phone', wanted.phone), ctx.today)
  if (found) return complete(ctx, row, wanted, found)
  const id = await createAccount(ctx, {
    name: wanted.name,
    area: wanted.area,
    phone: wanted.phone,
    roles: wanted.roles,
  })
  for (const grid of wanted.grids)
    await giveDuty(
      ctx,
      { id, name: wanted.name },
      { area: grid, kind: 'cover', standsInFor: null, from: ctx.today, to: null },
    )
  return { id, changed: true }
}

async function complete(
  ctx: Ctx,
  row: RosterRow,
  wanted: Wanted,
  found: AccountRow,
): Promise<{ id: string; changed: boolean }> {
  if (found.name !== wanted.name) {
    throw new Rejected(
      'phone',
      row.phone,
      say('这个手机号属于另一个人的账号', 'This number belongs to the account of somebody else'),
      say(
        '请核对号码；号码换了主人的，先在账号页更换',
        'Check the number; if it changed hands, change it on the account first',
      ),
    )
  }
  if (found.area !== wanted.area) {
    throw new Rejected(
      'area',
      row.area,
      say('此人的账号在别的辖区', 'The account of this person is in another area'),
      say('请先在账号页调整辖区', 'Move the account first'),
    )
  }
  let changed = false
  for (const role of wanted.roles) {
    if (!found.roles.includes(role))
      changed =
        (await insertRole(ctx.db, { accountId: found.id, role, area: found.area, by: actorId(ctx), at: ctx.now })) ||
        changed
  }
  const covered = new Set((await lockDutiesOf(ctx.db, ctx.scope, found.id, ctx.today)).map((duty) => duty.area))
  for (const grid of wanted.grids.filter((code) => !covered.has(code))) {
    await giveDuty(
      ctx,
      { id: found.id, name: found.name },
      { area: grid, kind: 'cover', standsInFor: null, from: ctx.today, to: null },
    )
    changed = true
  }
  if (changed) ctx.audit({ verb: 'account.roster', thing: 'account', thingId: found.id, area: found.area })
  return { id: found.id, changed }
}

/**
 * ACCESS-16, a roster: every row ends as accepted, unchanged or rejected with its reason; the same roster again changes nothing
 * (case 13). A rejected row writes nothing: all of its checks come before its first write.
 */
export const importRoster = defineAction({
  name: 'account.import',
  input: ImportRoster,
  run: async (ctx, { rows }): Promise<RosterReport> => {
    permit(ctx, 'bulk', { kind: 'account', area: ctx.scope[0] ?? ctx.root })
    const words = rows.flatMap((row) => [row.area.trim(), ...gridsOf(row.grids)])
    const places = await placesCalled(ctx, words)
    const results: RosterResult[] = []
    for (const row of rows) {
      try {
        const { id, changed } = await take(ctx, row, read(ctx, row, places))
        results.push({
          row: row.row,
          result: changed ? 'accepted' : 'unchanged',
          accountId: id,
          column: null,
          value: null,
          reason: null,
          remedy: null,
        })
      } catch (error) {
        // Telling whose number it is would tell about accounts outside the scope; that it is taken cannot be hidden.
        results.push({ ...rejectionOf(row.row, error), accountId: null })
      }
    }
    const count = (result: RosterResult['result']): number => results.filter((r) => r.result === result).length
    const report = {
      accepted: count('accepted'),
      unchanged: count('unchanged'),
      rejected: count('rejected'),
      rows: results,
    }
    const { accepted, unchanged, rejected } = report
    ctx.audit({
      verb: 'account.import',
      thing: 'account',
      thingId: '',
      area: ctx.actor.area || ctx.root,
      detail: { accepted, unchanged, rejected },
    })
    return report
  },
})
