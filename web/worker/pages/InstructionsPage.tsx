import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../kit/common/Notice.tsx'
import { WordTag } from '../../kit/common/Tags.tsx'
import { Due } from '../clock.tsx'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { paths } from '../paths.ts'
import { grouped } from '../../words/numbers.ts'
import { useGridName, useInstructions } from './instructions.ts'
import type { Standing } from './instructions.ts'
import { Long } from './Long.tsx'
import { Strip } from './Strip.tsx'

const STATES = ['sent', 'read', 'accepted', 'cannot', 'done', 'recalled'] as const

export function useStateWord(): (state: string) => string {
  const { t } = useTranslation('worker')
  return (state) => {
    const known = STATES.find((one) => one === state)
    return known ? t(`instruction.state.${known}`) : state
  }
}

function isOver({ state }: Standing): boolean {
  return state === 'done' || state === 'recalled'
}

function Line({ instruction, state }: Standing): ReactNode {
  const { t } = useTranslation('worker')
  const word = useStateWord()
  // Each of my grids has its own answer.
  const place = useGridName()(instruction.grid)
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
      {instruction.dueAt && !isOver({ instruction, state }) ? (
        <span className="card-due" style={{ display: 'block' }}>
          <Due at={instruction.dueAt} />
        </span>
      ) : null}
    </Go>
  )
}

/** What arrived from above: unread first, then by deadline; what is over is folded. */
export function InstructionsPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { all } = useInstructions()
  const line = (one: Standing): ReactNode => <Line key={one.instruction.at} {...one} />
  const over = all.filter(isOver)
  return (
    <>
      <Head title={t('tab.instructions')} />
      <Strip />
      <main className="phone-main">
        {all.length === 0 ? <Empty why={t('instructions.none')} todo={t('instructions.none.todo')} /> : null}
        <Long>{all.filter((one) => !isOver(one)).map(line)}</Long>
        {over.length > 0 ? (
          <details className="fold">
            <summary className="group">
              {t('instructions.over')} · {grouped(over.length)}
            </summary>
            <Long>{over.map(line)}</Long>
          </details>
        ) : null}
      </main>
    </>
  )
}
