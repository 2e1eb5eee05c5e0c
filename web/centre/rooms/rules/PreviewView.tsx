import type { AreaChange, ChangeCell, Preview } from '@weiwang/domain/grading/api'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useJoin, useSay } from '../../../i18n/setup.ts'
import { DataTable } from '../../../kit/centre/DataTable.tsx'
import { Section } from '../../../kit/centre/surfaces.tsx'
import { Empty } from '../../../kit/common/Notice.tsx'
import { useClock } from '../../../session/me.ts'
import { Colour, Grade } from '../../../shared/words.tsx'
import { grouped } from '../../../words/numbers.ts'
import { dayWords } from '../../../words/time.ts'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'

function Changes({
  name,
  cells,
  word,
}: {
  name: string
  cells: ChangeCell[]
  word: (value: string | null) => ReactNode
}): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  return (
    <DataTable<ChangeCell>
      name={name}
      rows={cells}
      rowKey={(row) => `${row.before}>${row.after}`}
      busy={false}
      totalText={c('total', { total: cells.length })}
      empty={<Empty why={t('preview.same')} />}
      columns={[
        { key: 'before', title: t('preview.before'), cell: (row) => word(row.before) },
        { key: 'after', title: t('preview.after'), cell: (row) => word(row.after) },
        {
          key: 'persons',
          title: t('preview.persons'),
          end: true,
          sort: (a, b) => a.persons - b.persons,
          cell: (row) => grouped(row.persons),
        },
      ]}
    />
  )
}

const KEYS = ['red', 'yellow', 'blue', 'none'] as const

/** Before and after by grade, by colour and by area, and ten masked people. */
export function ChangeView({
  preview,
}: {
  preview: Pick<Preview, 'grades' | 'colours' | 'areas' | 'samples'>
}): ReactNode {
  const { t } = useTranslation('centre')
  const say = useSay()
  const clock = useClock()
  const join = useJoin()
  return (
    <>
      <div className="split">
        <Section title={t('preview.grades')}>
          <Changes name={t('preview.grades')} cells={preview.grades} word={(value) => <Grade grade={value} />} />
        </Section>
        <Section title={t('preview.colours')}>
          <Changes name={t('preview.colours')} cells={preview.colours} word={(value) => <Colour colour={value} />} />
        </Section>
      </div>
      <Section title={t('preview.areas')}>
        <DataTable<AreaChange>
          name={t('preview.areas')}
          rows={preview.areas}
          rowKey={(row) => row.area}
          busy={false}
          totalText=""
          empty={<Empty why={t('preview.same')} />}
          columns={[
            { key: 'name', title: t('area'), cell: (row) => row.name },
            {
              key: 'changed',
              title: t('run.changed'),
              end: true,
              sort: (a, b) => a.changed - b.changed,
              cell: (row) => grouped(row.changed),
            },
            ...KEYS.map((key) => ({
              key,
              title: key === 'none' ? t('preview.none') : t(`preview.${key}`),
              end: true,
              cell: (row: AreaChange) => `${grouped(row.before[key] ?? 0)} → ${grouped(row.after[key] ?? 0)}`,
            })),
          ]}
        />
      </Section>
      <Section title={t('preview.samples')} lead={t('preview.samples.lead')}>
        <DataTable<Preview['samples'][number]>
          name={t('preview.samples')}
          rows={preview.samples}
          rowKey={(row) => row.personId}
          busy={false}
          totalText=""
          empty={<Empty why={t('preview.same')} />}
          columns={[
            {
              key: 'who',
              title: t('task.who'),
              cell: (row) => <GoLink href={paths.person(row.personId)}>{row.masked}</GoLink>,
            },
            { key: 'before', title: t('preview.before'), cell: (row) => <Grade grade={row.before.grade} /> },
            { key: 'after', title: t('preview.after'), cell: (row) => <Grade grade={row.after.grade} /> },
            {
              key: 'until',
              title: t('graded.until'),
              cell: (row) => (row.after.until ? dayWords(row.after.until, clock) : '–'),
            },
            {
              key: 'why',
              title: t('task.why'),
              cell: (row) =>
                join(
                  row.reasons.map((r) => say(r.say)),
                  'clauses',
                ) || '–',
            },
          ]}
        />
      </Section>
    </>
  )
}

/** Whom a rule set would change against today. */
export function PreviewView({ preview }: { preview: Preview }): ReactNode {
  const { t } = useTranslation('centre')
  const clock = useClock()
  return (
    <>
      <p className="consequence">
        {t('preview.line', { n: grouped(preview.changed), day: dayWords(preview.asOf, clock) })}
      </p>
      <ChangeView preview={preview} />
    </>
  )
}
