import { HOUSEHOLD_KINDS, HOUSEHOLD_USES } from '@weiwang/domain/people/api'
import { DecidedConflict, OpenedConflict, Position } from '@weiwang/domain/people/change-api'
import type { ChangeField, ConflictLine } from '@weiwang/domain/people/change-api'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { Facts } from '../../../kit/centre/surfaces.tsx'
import { useMay } from '../../../session/me.ts'
import { When } from '../../../shared/words.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { GoLink } from '../../parts/GoLink.tsx'
import { paths } from '../../paths.ts'
import { useRecordSource } from '../tasks/parts.tsx'

const SEXES = ['0', '1', '2'] as const

function isOne<T extends string>(words: readonly T[], value: string): value is T {
  return words.some((word) => word === value)
}

/** A value as people read it. */
function useValue(): (field: ChangeField, value: string | null) => string {
  const { t } = useTranslation('centre')
  return (field, value) => {
    if (value === null) return t('conflict.none')
    if (field === 'sex' && isOne(SEXES, value)) return t(`sex.${value}`)
    if (field === 'kind' && isOne(HOUSEHOLD_KINDS, value)) return t(`doorKind.${value}`)
    if (field === 'use' && isOne(HOUSEHOLD_USES, value)) return t(`doorUse.${value}`)
    if (field !== 'position') return value
    const { lat, lng, accuracy } = Position.parse(JSON.parse(value))
    return t('help.map', { lat, lon: lng, m: Math.round(accuracy) })
  }
}

/** What a register says about where a door stands is moved or left as a whole (PEOPLE-24). */
function isRegister({ why }: Pick<ConflictLine, 'why'>): boolean {
  return why === 'register'
}

function Both({ opened }: { opened: OpenedConflict }): ReactNode {
  const { t } = useTranslation('centre')
  const valueOf = useValue()
  const recordSource = useRecordSource()
  const sides = [
    { key: 'current', head: t('conflict.current'), value: opened.current },
    {
      key: 'proposed',
      head: t(isRegister(opened) ? 'conflict.proposed.register' : 'conflict.proposed'),
      value: opened.proposed,
    },
  ]
  return (
    <>
      <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 16, margin: '16px 0' }}>
        {sides.map(({ key, head, value }) => (
          <section key={key} aria-label={head} style={{ border: '1px solid var(--line)', padding: 12 }}>
            <small>{head}</small>
            <p style={{ fontSize: 20, fontWeight: 700, margin: '4px 0 0', overflowWrap: 'anywhere' }}>
              {valueOf(opened.field, value)}
            </p>
          </section>
        ))}
      </div>
      <Facts
        rows={[
          isRegister(opened) ? null : [t('conflict.saw'), valueOf(opened.field, opened.saw)],
          opened.note === null
            ? null
            : isRegister(opened)
              ? [t('conflict.register'), recordSource(opened.note)]
              : [t('conflict.note'), opened.note],
        ]}
      />
    </>
  )
}

function Open({ row, onOpen }: { row: ConflictLine; onOpen: (opened: OpenedConflict) => void }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(OpenedConflict, { path: `/api/people/conflicts/${row.id}/open`, touches: [] })
  return (
    <ConfirmAct
      primary
      verb={t('conflict.open')}
      title={t('conflict.open')}
      write={write}
      onYes={(_, done) =>
        write.mutate(
          {},
          {
            onSuccess: (opened) => {
              onOpen(opened)
              done()
            },
          },
        )
      }
    >
      <p>{t('conflict.open.lead')}</p>
    </ConfirmAct>
  )
}

function Decide({ opened, onDone }: { opened: OpenedConflict; onDone: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const write = useWrite(DecidedConflict, {
    path: `/api/people/conflicts/${opened.id}/decide`,
    touches: ['/api/people', '/api/households'],
  })
  return (
    <div style={{ display: 'flex', gap: 8, marginTop: 16 }}>
      {(['take', 'keep'] as const).map((decision) => (
        <ConfirmAct
          key={decision}
          verb={t(isRegister(opened) ? `conflict.${decision}.register` : `conflict.${decision}`)}
          title={t(isRegister(opened) ? `conflict.${decision}.register` : `conflict.${decision}`)}
          reason={t(isRegister(opened) ? 'conflict.reason.register' : 'conflict.reason')}
          write={write}
          onYes={(reason, done) =>
            write.mutate(
              { decision, reason, seen: opened.seen },
              {
                onSuccess: () => {
                  done()
                  onDone()
                },
              },
            )
          }
        >
          <p>{t(isRegister(opened) ? `conflict.${decision}.register.what` : `conflict.${decision}.what`)}</p>
        </ConfirmAct>
      ))}
    </div>
  )
}

/** Both values side by side with what the worker saw, and the decision. */
export function ConflictPanel({ row, onDone }: { row: ConflictLine; onDone: () => void }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const [opened, setOpened] = useState<OpenedConflict | null>(null)
  const href = row.thing === 'person' ? paths.person(row.thingId) : paths.household(row.thingId)
  const mine = may('propose', 'person', { area: row.area }) || may('approve', 'person', { area: row.area })
  return (
    <>
      <Facts
        rows={[
          [
            t('conflict.of'),
            <GoLink key="of" href={href}>
              {row.label || t(`conflictThing.${row.thing}`)}
            </GoLink>,
          ],
          [t('conflict.what'), t(`field.${row.field}`)],
          [t('area'), row.areaName],
          [t('conflict.by'), row.also > 0 ? t('conflict.also', { name: row.byName, n: row.also }) : row.byName],
          [t('conflict.made'), <When key="made" at={row.madeAt} />],
          [t('task.why'), t(`conflictWhy.${row.why}`)],
        ]}
      />
      {opened === null && mine ? <Open row={row} onOpen={setOpened} /> : null}
      {opened === null ? null : <Both opened={opened} />}
      {opened === null ? null : <Decide opened={opened} onDone={onDone} />}
    </>
  )
}
