import { MAX_ATTACHMENTS } from '@weiwang/domain/tasks/instruction-api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { bytes } from '../../words/numbers.ts'

const List = z
  .array(z.looseObject({ id: z.string(), name: z.string(), bytes: z.number() }))
  .max(MAX_ATTACHMENTS)
  .catch([])

/** INSTR-8: the phone knows what goes with an instruction by name and size; the bytes are fetched when somebody asks. */
export function Papers({ instruction, attachments }: { instruction: string; attachments: unknown }): ReactNode {
  const { t } = useTranslation('worker')
  const items = List.parse(attachments)
  if (items.length === 0) return null
  return (
    <section className="card">
      <h2>{t('papers')}</h2>
      <ul>
        {items.map((item) => (
          <li key={item.id}>
            <a href={`/api/instructions/${instruction}/attachments/${item.id}`} download={item.name}>
              {item.name} · {bytes(item.bytes)}
            </a>
          </li>
        ))}
      </ul>
      <small>{t('papers.help')}</small>
    </section>
  )
}
