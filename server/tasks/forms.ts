import { can } from '@weiwang/domain/access/can'
import { isAreaCode, pathOf } from '@weiwang/domain/areas/code'
import type { AreaCode } from '@weiwang/domain/areas/code'
import { notFound } from '@weiwang/domain/core/problems'
import type { Page } from '@weiwang/domain/core/page'
import { ActiveForms, DecideForm, DraftForm, FORM_STATES, FormRow, ListForms } from '@weiwang/domain/tasks/form-api'
import { budgetOf, Form, FORM_PURPOSES, formFaults } from '@weiwang/domain/tasks/form'
import { shippedForm } from '@weiwang/domain/tasks/forms-shipped'
import { formDecided, formFaulty } from '@weiwang/domain/tasks/problems'
import { z } from 'zod'
import { areaNames } from '../access/store.ts'
import { defineAction } from '../core/action.ts'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'
import { json } from '../core/db/json.ts'
import { decodeCursor, encodeCursor } from '../core/db/keyed-page.ts'
import { areasOf } from './queries.ts'
import { activeForms, decideFormRow, findForm, insertForm, listFormRows, lockForm } from './store-forms.ts'
import type { FormRow as Row } from './store-forms.ts'

const State = z.enum(FORM_STATES)
const NO_BUDGET = { questions: 0, freeText: 0, state: 'ok' as const }

function budget(form: unknown): FormRow['budget'] {
  const parsed = Form.safeParse(form)
  if (!parsed.success) return NO_BUDGET
  const { questions, freeText, state } = budgetOf(parsed.data)
  return { questions, freeText, state }
}

async function present(ctx: Ctx, rows: readonly Row[]): Promise<FormRow[]> {
  const names = await areaNames(
    ctx.db,
    rows.map((row) => row.area),
  )
  return rows.map((row) => ({
    id: row.id,
    area: row.area,
    areaName: names.get(row.area) ?? row.area,
    purpose: row.purpose,
    version: row.version,
    state: State.parse(row.state),
    form: row.form,
    by: row.by_name,
    madeAt: row.made_at.toISOString(),
    decidedAt: row.decided_at?.toISOString() ?? null,
    reason: row.reason,
    budget: budget(row.form),
    mayDecide:
      row.state === 'draft' &&
      can(ctx.actor, 'approve', { kind: 'campaign', area: row.area, by: row.by, byCreatedBy: row.by_created_by }),
  }))
}

/** FORM-4: of each purpose the form of the nearest centre around; where none has its own, the shipped one, as version 0. */
export async function formsAt(ctx: Ctx, area: AreaCode): Promise<FormRow[]> {
  const around = isAreaCode(area) ? pathOf(area) : []
  const rows = await present(ctx, await activeForms(ctx.db, around))
  return FORM_PURPOSES.map((purpose) => {
    const own = rows.find((row) => row.purpose === purpose)
    if (own) return own
    const form = shippedForm(purpose)
    return {
      id: null,
      area: '',
      areaName: '',
      purpose,
      version: 0,
      state: 'shipped' as const,
      form,
      by: null,
      madeAt: null,
      decidedAt: null,
      reason: null,
      budget: budget(form),
      mayDecide: false,
    }
  })
}

export async function readActive(ctx: Ctx, { area }: z.output<typeof ActiveForms>): Promise<{ items: FormRow[] }> {
  areasOf(ctx, area)
  permit(ctx, 'read', { kind: 'campaign', area })
  return { items: await formsAt(ctx, area) }
}

export async function readForms(ctx: Ctx, args: ListForms): Promise<Page<FormRow>> {
  const areas = areasOf(ctx, args.area)
  for (const area of areas) permit(ctx, 'read', { kind: 'campaign', area })
  const after = decodeCursor(z.tuple([z.iso.datetime(), z.uuid()]), args.cursor)
  const before = after === null ? null : { at: new Date(after[0]), id: after[1] }
  const { rows, total } = await listFormRows(ctx.db, { ...args, areas, before })
  const page = rows.slice(0, args.limit)
  const last = page.at(-1)
  return {
    items: await present(ctx, page),
    next: rows.length > args.limit && last ? encodeCursor([last.made_at.toISOString(), last.id]) : null,
    total,
  }
}

export const draftForm = defineAction({
  name: 'form.draft',
  input: DraftForm,
  output: FormRow,
  run: async (ctx, args): Promise<FormRow> => {
    areasOf(ctx, args.area)
    permit(ctx, 'file', { kind: 'campaign', area: args.area })
    const faults = formFaults(args.form)
    if (faults.length > 0) throw formFaulty({ faults })
    if (!(await findForm(ctx.db, args.id))) {
      await insertForm(ctx.db, {
        id: args.id,
        area: args.area,
        purpose: args.form.purpose,
        form: json(args.form),
        state: 'draft',
        by: ctx.actor.id,
        by_name: ctx.actor.name,
        by_created_by: ctx.actor.createdBy,
        made_at: ctx.now,
      })
      ctx.audit({
        verb: 'form.draft',
        thing: 'form',
        thingId: args.id,
        area: args.area,
        detail: { purpose: args.form.purpose, fields: args.form.fields.length },
      })
    }
    return answer(ctx, args.id)
  },
})

async function answer(ctx: Ctx, id: string): Promise<FormRow> {
  const row = await findForm(ctx.db, id)
  const [shown] = row ? await present(ctx, [row]) : []
  if (!shown) throw notFound({ thing: 'form' })
  return shown
}

export const decideForm = defineAction({
  name: 'form.decide',
  input: DecideForm,
  output: FormRow,
  run: async (ctx, args): Promise<FormRow> => {
    const row = await lockForm(ctx.db, ctx.scope, args.id)
    if (!row) throw notFound({ thing: 'form' })
    permit(ctx, 'approve', { kind: 'campaign', area: row.area, by: row.by, byCreatedBy: row.by_created_by })
    if (row.state !== 'draft') throw formDecided({ state: row.state })
    await decideFormRow(ctx.db, row, {
      state: args.approve ? 'active' : 'refused',
      by: ctx.actor.id,
      reason: args.reason ?? null,
      now: ctx.now,
    })
    ctx.audit({
      verb: args.approve ? 'form.approve' : 'form.refuse',
      thing: 'form',
      thingId: row.id,
      area: row.area,
      detail: { purpose: row.purpose, version: row.version },
    })
    return answer(ctx, row.id)
  },
})
