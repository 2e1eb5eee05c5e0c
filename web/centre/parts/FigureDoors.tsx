import type { ReactNode } from 'react'
import { unitFor } from '../../i18n/plural.ts'
import { Figure } from '../../kit/common/Figure.tsx'
import { grouped } from '../../words/numbers.ts'
import { GoLink } from './GoLink.tsx'

export type FigureDoor = { label: string; n: number; unit?: string; href: string }

/** Numbers in a row, each a door to its list, which has the same total. */
export function FigureDoors({ all }: { all: readonly FigureDoor[] }): ReactNode {
  return (
    <div className="figures">
      {all.map((one) => (
        <Figure
          key={one.label}
          label={one.label}
          number={grouped(one.n)}
          {...(one.unit === undefined ? {} : { unit: unitFor(one.n, one.unit) })}
          link={(content) => (
            <GoLink className="figure" href={one.href}>
              {content}
            </GoLink>
          )}
        />
      ))}
    </div>
  )
}
