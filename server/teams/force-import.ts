/** A list of volunteers from a file: every row ends as accepted, unchanged or rejected with its reason and remedy (FORCE-2). */
import { can } from '@weiwang/domain/access/can'
import { normalisePhone } from '@weiwang/domain/access/phone'
import { countyOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { say } from '@weiwang/domain/core/say'
import { FORCE_KINDS, FORCE_SAY, readHours, readSkills, SKILLS, SKILL_SAY } from '@weiwang/domain/teams/force'
import { ForceReport, ImportForces } from '@weiwang/domain/teams/force-api'
import type { ForceFile, ForceResult, ForceRow } from '@weiwang/domain/teams/force-api'
import { kindOf, readForceSheet } from '@weiwang/domain/teams/force-sheet'
import { unreadableFile } from '@weiwang/domain/access/problems'
import { placeOf, placesCalled, Rejected, rejectionOf } from '../access/file-row.ts'
import type { Places } from '../access/file-row.ts'
import { readTable } from '../access/sheet.ts'
import { requireOpenEmergency } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { enrol } from './force-people.ts'
import type { Wanted } from './force-people.ts'
import { orgsNamed } from './force-store.ts'
import type { OrgRow } from './force-store.ts'

/** @throws unreadableFile */
export async function readForceFile(content: string): Promise<ForceFile> {
  const read = readForceSheet(await readTable(content))
  if (!read) throw unreadableFile({ why: '姓名、手机号 / name, phone' })
  return read
}

type Known = { places: Places; orgs: OrgRow[] }

/** A county or something below, inside the desk's own area. */
function areaOf(ctx: Ctx, known: Known, text: string): AreaCode {
  const code = placeOf(known.places, 'area', text)
  if (code.length < 6 || !can(ctx.actor, 'bulk', { kind: 'force', area: code }))
    throw new Rejected(
      'area',
      text,
      say('须为您辖区内的县级及以下辖区', 'Not a county or below inside your area'),
      say('请由该辖区的网格中心导入', 'Its own centre imports it'),
    )
  return code
}

function read(ctx: Ctx, row: ForceRow, known: Known): Wanted {
  const name = row.name.trim()
  if (name === '' || Array.from(name).length > 60)
    throw new Rejected(
      'name',
      name,
      say('没有姓名或过长', 'No name, or too long'),
      say('请填写姓名，最多 60 字', 'Write the name, at most 60 characters'),
    )
  const phone = normalisePhone(row.phone)
  if (phone === null)
    throw new Rejected(
      'phone',
      row.phone,
      say('不是有效的手机号', 'Not a valid phone number'),
      say('国内手机 11 位；请把这一列设为文本', 'Mainland mobiles have 11 digits; set the column to text'),
    )
  const area = areaOf(ctx, known, row.area.trim())
  const kind = kindOf(row.kind)
  if (kind === null)
    throw new Rejected(
      'kind',
      row.kind,
      say(`没有“${row.kind}”这个类别`, `There is no kind "${row.kind}"`),
      say(
        `可填：${FORCE_KINDS.map((one) => FORCE_SAY[one].zh).join('、')}`,
        `Use ${FORCE_KINDS.map((one) => FORCE_SAY[one].en).join(', ')}`,
      ),
    )
  const skills = readSkills(row.skills)
  if ('unknown' in skills)
    throw new Rejected(
      'skills',
      row.skills,
      say(`特长“${skills.unknown}”不在清单内`, `The skill "${skills.unknown}" is not in the list`),
      say(
        `可填：${SKILLS.map((one) => SKILL_SAY[one].zh).join('、')}`,
        `Use ${SKILLS.map((one) => SKILL_SAY[one].en).join(', ')}`,
      ),
    )
  const hours = readHours(row.hours)
  if (hours === null)
    throw new Rejected(
      'hours',
      row.hours,
      say('看不懂服务时间', 'The hours are not understood'),
      say('例：周一至周五 18:00-21:00；周六 08:00-12:00', 'For example: mon-fri 18:00-21:00; sat 08:00-12:00'),
    )
  const orgName = row.org.trim()
  const org =
    orgName === '' ? null : (known.orgs.find((one) => one.name === orgName && one.county === countyOf(area)) ?? null)
  if (orgName !== '' && org === null)
    throw new Rejected(
      'org',
      orgName,
      say(`本县没有单位“${orgName}”`, `There is no organisation "${orgName}" in the county`),
      say('请先登记单位，或留空', 'Add the organisation first, or leave it empty'),
    )
  return { name, phone, area, kind, skills: skills.skills, hours, org }
}

/** The same list again changes nothing; a rejected row writes nothing, since all of its checks come before its first write. */
export const importForces = defineAction({
  name: 'force.import',
  input: ImportForces,
  output: ForceReport,
  reach: 'county',
  run: async (ctx, { rows }) => {
    permit(ctx, 'bulk', { kind: 'force', area: ctx.scope[0] ?? ctx.root })
    const places = await placesCalled(
      ctx,
      rows.map((row) => row.area.trim()),
    )
    const counties = [
      ...new Set(
        [...places.values()]
          .flat()
          .filter((code) => code.length >= 6)
          .map(countyOf),
      ),
    ]
    const names = [...new Set(rows.map((row) => row.org.trim()).filter((text) => text !== ''))]
    const known = { places, orgs: await orgsNamed(ctx.db, counties, names) }
    const emergencies = new Map<string, string>()
    const results: ForceResult[] = []
    for (const row of rows) {
      try {
        const wanted = read(ctx, row, known)
        const county = countyOf(wanted.area)
        const emergencyId = emergencies.get(county) ?? (await requireOpenEmergency(ctx, wanted.area)).id
        emergencies.set(county, emergencyId)
        const id = await enrol(ctx, { county, emergencyId }, wanted)
        const result = id === null ? 'unchanged' : 'accepted'
        results.push({ row: row.row, result, column: null, value: null, reason: null, remedy: null })
      } catch (error) {
        results.push(rejectionOf(row.row, error))
      }
    }
    const count = (result: ForceResult['result']): number => results.filter((one) => one.result === result).length
    const sums = { accepted: count('accepted'), unchanged: count('unchanged'), rejected: count('rejected') }
    ctx.audit({ verb: 'force.import', thing: 'force', thingId: '', area: ctx.actor.area || ctx.root, detail: sums })
    return { ...sums, rows: results }
  },
})
