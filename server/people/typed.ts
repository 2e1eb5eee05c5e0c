/** Fields as people type them or registers hold them, read into a row of registration. */
import type { AreaCode } from '@weiwang/domain/areas/code'
import type { Day } from '@weiwang/domain/core/day'
import type { ProblemBody } from '@weiwang/domain/core/problem'
import type { RowFault } from '@weiwang/domain/people/api'
import { readBirth } from '@weiwang/domain/people/birth'
import { readDocument, readDocumentKind } from '@weiwang/domain/people/document'
import { readPhone } from '@weiwang/domain/people/phone'
import { plain } from '@weiwang/domain/people/reading'
import type { PersonRow } from './identity.ts'

export type PersonFields = {
  name?: string | undefined
  document?: string | undefined
  documentKind?: string | undefined
  documentCountry?: string | undefined
  phone?: string | undefined
  birth?: string | undefined
  sex?: number | undefined
}

export type TypedPerson = { row: PersonRow; faults: { column: keyof PersonFields; problem: ProblemBody }[] }

/** Blank cells are blank, not faults. A field that cannot be read is left out of the row and told in `faults`. */
export function readPerson(
  fields: PersonFields,
  at: { today: Day; area: AreaCode; source: string; typed: boolean },
): TypedPerson {
  const faults: TypedPerson['faults'] = []
  const row: PersonRow = {
    document: null,
    name: fields.name ?? null,
    phone: null,
    area: at.area,
    source: at.source,
    sex: fields.sex ?? 0,
  }
  const number = plain(fields.document ?? '')
  if (number !== '') {
    const read = readDocument(fields.document ?? '', {
      today: at.today,
      typed: at.typed,
      kind: fields.documentKind === undefined ? undefined : (readDocumentKind(fields.documentKind) ?? undefined),
      country: fields.documentCountry,
    })
    if (read.ok) row.document = read.value
    else faults.push({ column: 'document', problem: read.problem })
  }
  const phone = readPhone(fields.phone ?? '')
  if (phone.ok) row.phone = phone.value
  else if (phone.problem.code !== 'PHONE_EMPTY') faults.push({ column: 'phone', problem: phone.problem })
  const birth = readBirth(fields.birth ?? '', at.today)
  if (!birth.ok) faults.push({ column: 'birth', problem: birth.problem })
  else if (birth.value !== null) row.birth = birth.value.value
  return { row, faults }
}

export function rowFault(column: string, problem: ProblemBody): RowFault {
  return { column, reason: problem.code, message: problem.message, remedy: problem.remedy ?? problem.message }
}
