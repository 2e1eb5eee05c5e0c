import {
  InstructionChildren,
  InstructionChildrenAnswer,
  InstructionDetail,
  InstructionPage,
  ListInstructions,
  ListReceipts,
  ReceiptPage,
} from '@weiwang/domain/tasks/instruction-api'
import { z } from 'zod'
import type { Http } from '../core/http.ts'
import { attachmentRoutes } from './instruction-attachments.ts'
import {
  changeInstruction,
  giveReceipt,
  openNote,
  passInstruction,
  previewQuery,
  recallInstruction,
  sendInstruction,
} from './instructions.ts'
import { readInstruction, readInstructionChildren, readInstructions, readReceipts } from './instruction-queries.ts'

const One = z.strictObject({ id: z.uuid() })

export function instructionRoutes(http: Http): void {
  attachmentRoutes(http)
  http.query('POST', '/api/instructions/preview', previewQuery)
  http.action('POST', '/api/instructions', sendInstruction)
  http.action('POST', '/api/instructions/:id/change', changeInstruction)
  http.action('POST', '/api/instructions/:id/recall', recallInstruction)
  http.action('POST', '/api/instructions/:id/pass', passInstruction)
  http.action('POST', '/api/instructions/:id/receipt', giveReceipt)
  http.action('POST', '/api/instructions/:id/note', openNote)
  http.query('GET', '/api/instructions', { input: ListInstructions, output: InstructionPage, run: readInstructions })
  http.query('GET', '/api/instructions/:id', {
    input: One,
    output: InstructionDetail,
    reach: 'county',
    run: (ctx, { id }) => readInstruction(ctx, id),
  })
  http.query('GET', '/api/instructions/:id/children', {
    input: InstructionChildren,
    output: InstructionChildrenAnswer,
    run: readInstructionChildren,
  })
  http.query('GET', '/api/instructions/:id/receipts', { input: ListReceipts, output: ReceiptPage, run: readReceipts })
}
