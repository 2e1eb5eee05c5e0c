import type { ReactNode } from 'react'
import { Go } from '../Go.tsx'
import { paths } from '../paths.ts'
import { useOutbox } from '../phone/hooks.tsx'
import type { Mark } from '../phone/types.ts'
import { KindWord } from './KindWord.tsx'
import { State } from './Sent.tsx'

const CHANGES = ['person.change', 'person.move', 'person.use', 'household.change', 'household.use']

/** What was changed here and is not at the server yet, since the page goes on showing what the server has. */
export function Marks({ marks }: { marks: readonly Mark[] }): ReactNode {
  const items = useOutbox()
  return marks
    .filter((mark) => CHANGES.includes(mark.kind) && mark.state !== 'done')
    .map((mark) => (
      <Go key={mark.key} href={paths.sent(mark.key)} className="card card-line">
        <b>
          <KindWord kind={mark.kind} />
        </b>
        <State item={items.find((item) => item.key === mark.key) ?? null} receipt={null} />
      </Go>
    ))
}
