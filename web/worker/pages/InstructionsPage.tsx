import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLang } from '../../i18n/setup.ts'
import { Empty } from '../../kit/common/Notice.tsx'
import { WordTag } from '../../kit/common/Tags.tsx'
import { Due } from '../clock.tsx'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { paths } from '../paths.ts'
import { useMine } from '../phone/hooks.tsx'
import { useInstructions } from './instructions.ts'
import type { Standing } from './instructions.ts'
import { Strip } from './Strip.tsx'

const STATES = ['sent', 'read', 'accepted', 'cannot', 'done', 'recalled'] as const

export function useStateWord(): (state: string) => string {
  const { t } = useTranslation('worker')
  return (state) => {
    const known = STATES.find((one) => one === state)
    return known ? t(`instruction.state.${known}`) : state
  }
}

function Line({ instruction, state }: Standing): ReactNode {
  const { t } = useTranslation('worker')
  const word = useStateWord()
  const isOver = state === 'done' || state === 'recalled'
  const lang = useLang()
  const duties = useMine()?.duties ?? []
  // Each of my grids has its own answer.
  const place = duties.length > 1 ? duties.find(({ grid }) => grid === instruction.grid)?.name[lang] : undefined
  return (
    <Go href={paths.instruction(instruction.at)} className="card">
      <b className="card-name">{instruction.title}</b>
      <span className="card-who">
        <WordTag strong={state === 'sent'}>{word(state)}</WordTag>
        {place ? <span>{place}</span> : null}
        {instruction.eachDoor && instruction.doors > 0 ? (
          <span>{t('instruction.doors', { done: instruction.doorsDone, doors: instruction.doors })}</span>
        ) : null}
      </span>
      {instruction.dueAt && !isOver ? (
        <span className="card-due" style={{ display: 'block' }}>
          <Due at={instruction.dueAt} />
        </span>
      ) : null}
    </Go>
  )
}

/** What arrived from above: unread first, then by deadline. */
export function InstructionsPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { all } = useInstructions()
  return (
    <>
      <Head title={t('tab.instructions')} />
      <Strip />
      <main className="phone-main">
        {all.length === 0 ? <Empty why={t('instructions.none')} todo={t('instructions.none.todo')} /> : null}
        {all.map((one) => (
          <Line key={one.instruction.at} {...one} />
        ))}
      </main>
    </>
  )
}
