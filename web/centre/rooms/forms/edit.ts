import { Form, formFaults } from '@weiwang/domain/tasks/form'
import type { FormFault, FormField } from '@weiwang/domain/tasks/form'

/** A form while it is edited; fields know themselves by a number, so that moving one keeps its place on the screen. */
export type Editing = { form: Form; ids: number[]; next: number }

export function startEditing(form: Form): Editing {
  return { form, ids: form.fields.map((_, i) => i), next: form.fields.length }
}

export function setField(editing: Editing, at: number, field: FormField): Editing {
  const fields = editing.form.fields.map((one, i) => (i === at ? field : one))
  return { ...editing, form: { ...editing.form, fields } }
}

export function addField(editing: Editing, field: FormField): Editing {
  return {
    form: { ...editing.form, fields: [...editing.form.fields, field] },
    ids: [...editing.ids, editing.next],
    next: editing.next + 1,
  }
}

export function removeField(editing: Editing, at: number): Editing {
  return {
    ...editing,
    form: { ...editing.form, fields: editing.form.fields.toSpliced(at, 1) },
    ids: editing.ids.toSpliced(at, 1),
  }
}

/** One place up (-1) or down (1); at an end nothing happens. */
export function moveField(editing: Editing, at: number, by: -1 | 1): Editing {
  const field = editing.form.fields[at]
  const id = editing.ids[at]
  const to = at + by
  if (field === undefined || id === undefined || to < 0 || to >= editing.ids.length) return editing
  return {
    ...editing,
    form: { ...editing.form, fields: editing.form.fields.toSpliced(at, 1).toSpliced(to, 0, field) },
    ids: editing.ids.toSpliced(at, 1).toSpliced(to, 0, id),
  }
}

/** A key that no field has yet. */
export function freshKey(form: Form): string {
  const taken = new Set(form.fields.map((field) => field.ask.key))
  for (let n = form.fields.length + 1; ; n++) if (!taken.has(`q${n}`)) return `q${n}`
}

export type Fault = FormFault['fault'] | 'shape'

/** FORM-2: faults by the field at which they are shown; those of the whole form under -1. */
export function faultsByField(form: Form): Map<number, Fault[]> {
  const found = new Map<number, Fault[]>()
  const put = (at: number, fault: Fault): void => {
    const before = found.get(at) ?? []
    if (!before.includes(fault)) found.set(at, [...before, fault])
  }
  const parsed = Form.safeParse(form)
  for (const { path } of parsed.success ? [] : parsed.error.issues) {
    const [first, second] = path
    put(first === 'fields' && typeof second === 'number' ? second : -1, 'shape')
  }
  for (const { at, fault } of formFaults(form)) {
    // Of two fields with one key the later is the one to mend.
    const index = form.fields.findLastIndex((field) => field.ask.key === at)
    put(at === '' ? -1 : index, fault)
  }
  return found
}

/** Earlier fields on whose answer another may depend. */
export function conditionsFor(form: Form, at: number): FormField[] {
  const field = form.fields[at]
  return form.fields
    .slice(0, at)
    .filter(
      (one) =>
        (one.ask.type === 'choice' || one.ask.type === 'multi' || one.ask.type === 'yes_no') &&
        !(one.of === 'person' && field?.of === 'door'),
    )
}
