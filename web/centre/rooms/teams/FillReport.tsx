import type { FillAnswer } from '@weiwang/domain/teams/api'
import type { ReactNode } from 'react'
import { Notice } from '../../../kit/common/Notice.tsx'
import { useFillWords } from './words.ts'

/** What became of a filling: how many seats, what stayed empty and why, how even it is. */
export function FillReport({ head, answer }: { head: string; answer: Pick<FillAnswer, 'gaps' | 'spread'> }): ReactNode {
  const words = useFillWords()
  const lines = [...words.gaps(answer.gaps), ...words.spread(answer.spread)]
  return (
    <Notice
      kind={answer.gaps.length > 0 ? 'fault' : 'done'}
      head={head}
      body={
        lines.length > 0 ? (
          <ul className="plain-list">
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        ) : undefined
      }
    />
  )
}
