import { z } from 'zod'
import { AREA_PATTERN } from '../areas/code.ts'
import { PageQuery, pageOf } from '../core/page.ts'
import { FORM_PURPOSES } from './form.ts'
import { RECEIPT_STATES, ROUTES } from './instruction.ts'

/** Wire shapes of instructions 工作指令. */
const Area = z.string().regex(AREA_PATTERN)
const Instant = z.iso.datetime({ offset: true })
const Text = z.string().trim()

export const EachDoorInput = z.strictObject({
  kinds: z.array(z.string().max(20)).min(1).max(10),
  purpose: z.enum(FORM_PURPOSES),
})

/** What a centre writes. `to`: areas inside its own; `level`: who receives, 6 = grids. */
export const InstructionInput = z.strictObject({
  title: Text.min(2).max(80),
  text: Text.min(1).max(4000),
  to: z.array(Area).min(1).max(200),
  level: z.number().int().min(2).max(6),
  route: z.enum(ROUTES),
  dueAt: Instant,
  /** Is a report asked for when it is done, or is confirming enough? */
  report: z.boolean().default(false),
  eachDoor: EachDoorInput.nullable().default(null),
  attachments: z.array(z.uuid()).max(5).default([]),
})
export type InstructionInput = z.infer<typeof InstructionInput>

/** POST /api/instructions/preview: how much work it makes, before it is sent (INSTR-3). */
export const PreviewInstruction = z.strictObject({ area: Area, instruction: InstructionInput })
export const InstructionWork = z.object({
  receivers: z.number().int(),
  grids: z.number().int(),
  doors: z.number().int(),
  /** Grids in which nobody is on duty today; the first twenty by name. */
  uncovered: z.number().int(),
  uncoveredNames: z.array(z.string()),
  levels: z.array(z.object({ level: z.number().int(), areas: z.number().int() })),
})
export type InstructionWork = z.infer<typeof InstructionWork>

/** POST /api/instructions */
export const SendInstruction = z.strictObject({ id: z.uuid(), area: Area, instruction: InstructionInput })
export type SendInstruction = z.infer<typeof SendInstruction>
/** POST /api/instructions/:id/change: a new version; it must be read again. */
export const ChangeInstruction = z.strictObject({
  id: z.uuid(),
  version: z.number().int(),
  title: Text.min(2).max(80),
  text: Text.min(1).max(4000),
  dueAt: Instant,
  reason: Text.min(1).max(300),
})
export type ChangeInstruction = z.infer<typeof ChangeInstruction>
/** POST /api/instructions/:id/recall */
export const RecallInstruction = z.strictObject({
  id: z.uuid(),
  version: z.number().int(),
  reason: Text.min(1).max(300),
})
/** POST /api/instructions/:id/pass: a centre on the way passes it to the level below, perhaps with an addition (INSTR-4). */
export const PassInstruction = z.strictObject({
  id: z.uuid(),
  area: Area,
  text: Text.max(1000).default(''),
  dueAt: Instant.nullable().default(null),
})
export type PassInstruction = z.infer<typeof PassInstruction>

/** POST /api/instructions/:id/receipt: what a receiver says; also pushed by phones as `instruction.receipt`. */
export const GiveReceipt = z.strictObject({
  id: z.uuid(),
  area: Area,
  version: z.number().int(),
  says: z.enum(['read', 'accepted', 'cannot', 'done']),
  note: Text.max(500).optional(),
  occurredAt: Instant.optional(),
})
export type GiveReceipt = z.infer<typeof GiveReceipt>

/** What may go with an instruction: told apart by its first bytes, never by its name. */
export const ATTACHMENT_TYPES = ['application/pdf', 'image/jpeg', 'image/png'] as const
export type AttachmentType = (typeof ATTACHMENT_TYPES)[number]
export const MAX_ATTACHMENT_BYTES = 2_000_000
export const MAX_ATTACHMENTS = 5

/** POST /api/instructions/attachments/:id?area=&name=, the bytes as they are as `application/octet-stream`. */
export const PutAttachment = z.strictObject({ id: z.uuid(), area: Area, name: Text.min(1).max(120) })
export const Attachment = z.object({ id: z.uuid(), name: z.string(), type: z.string(), bytes: z.number().int() })
export type Attachment = z.infer<typeof Attachment>
/** GET /api/instructions/:id/attachments/:attachment */
export const GetAttachment = z.strictObject({ id: z.uuid(), attachment: z.uuid() })

/** POST /api/instructions/:id/note: what a receiver wrote beside its answer; each opening is a line of the trail (TASK-16). */
export const OpenNote = z.strictObject({ id: z.uuid(), area: Area })
export const OpenedNote = z.object({ text: z.string() })

export const Progress = z.object({
  received: z.number().int(),
  read: z.number().int(),
  accepted: z.number().int(),
  cannot: z.number().int(),
  done: z.number().int(),
  late: z.number().int(),
  doors: z.number().int(),
  doorsDone: z.number().int(),
})
export type Progress = z.infer<typeof Progress>

export const InstructionRow = z.object({
  id: z.uuid(),
  area: z.string(),
  areaName: z.string(),
  title: z.string(),
  version: z.number().int(),
  state: z.enum(['sending', 'sent', 'recalled']),
  route: z.enum(ROUTES),
  level: z.number().int(),
  dueAt: Instant,
  sentAt: Instant,
  by: z.string(),
  eachDoor: z.object({ kinds: z.array(z.string()), purpose: z.string() }).nullable(),
  report: z.boolean(),
  /** Of the receivers inside the reader's scope. */
  progress: Progress,
  /** The receipt of the reader's own centre, when it is a receiver or lies on the way. */
  mine: z
    .object({
      area: z.string(),
      areaName: z.string(),
      state: z.enum(RECEIPT_STATES),
      version: z.number().int(),
      passedOn: z.boolean(),
    })
    .nullable(),
})
export type InstructionRow = z.infer<typeof InstructionRow>

export const InstructionDetail = InstructionRow.extend({
  text: z.string(),
  to: z.array(z.object({ code: z.string(), name: z.string() })),
  /** What levels on the way have added, from above to below. */
  additions: z.array(
    z.object({ area: z.string(), areaName: z.string(), text: z.string(), dueAt: Instant.nullable(), by: z.string() }),
  ),
  versions: z.array(
    z.object({
      version: z.number().int(),
      kind: z.string(),
      reason: z.string().nullable(),
      by: z.string(),
      at: Instant,
    }),
  ),
  attachments: z.array(Attachment),
  mayChange: z.boolean(),
})
export type InstructionDetail = z.infer<typeof InstructionDetail>

/**
 * GET /api/instructions. `open`: not recalled. `late`: somebody inside the area is late with it. `unread`: the area's own centre
 * has not read what it received.
 */
export const INSTRUCTION_LISTS = ['open', 'late', 'unread', 'all'] as const
export const ListInstructions = PageQuery.extend({
  area: Area.optional(),
  state: z.enum(INSTRUCTION_LISTS).default('open'),
}).strict()
export type ListInstructions = z.infer<typeof ListInstructions>
export const InstructionPage = pageOf(InstructionRow)

/** GET /api/instructions/:id/children: progress by the areas one level below `area`. */
export const InstructionChildren = z.strictObject({ id: z.uuid(), area: Area })
export const InstructionChildrenAnswer = z.object({
  items: z.array(z.object({ area: z.string(), areaName: z.string(), progress: Progress })),
  asOf: Instant,
})

/** GET /api/instructions/:id/receipts: who has said what; opens each number (`read`, `late`, …). */
export const RECEIPT_LISTS = ['received', 'unread', 'read', 'accepted', 'cannot', 'done', 'late', 'escalated'] as const
export const ListReceipts = PageQuery.extend({
  id: z.uuid(),
  area: Area.optional(),
  list: z.enum(RECEIPT_LISTS).default('received'),
}).strict()
export type ListReceipts = z.infer<typeof ListReceipts>
export const ReceiptRow = z.object({
  area: z.string(),
  areaName: z.string(),
  state: z.enum(RECEIPT_STATES),
  version: z.number().int(),
  readAt: Instant.nullable(),
  acceptedAt: Instant.nullable(),
  doneAt: Instant.nullable(),
  dueAt: Instant,
  late: z.boolean(),
  escalated: z.number().int(),
  /** Who is told when it is late: the named person of the level above. */
  told: z.string().nullable(),
  doors: z.number().int(),
  doorsDone: z.number().int(),
  by: z.string().nullable(),
  hasNote: z.boolean(),
})
export type ReceiptRow = z.infer<typeof ReceiptRow>
export const ReceiptPage = pageOf(ReceiptRow)
