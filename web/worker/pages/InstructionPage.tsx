import { useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import { useJoin } from '../../i18n/setup.ts'
import { Empty, HonestState, Notice } from '../../kit/common/Notice.tsx'
import { Progress } from '../../kit/common/Figure.tsx'
import { BigButton, Known, Sheet, TextLine } from '../../kit/phone/controls.tsx'
import { Due, When } from '../clock.tsx'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { byDoor } from '../order.ts'
import { paths } from '../paths.ts'
import { useDoors, useKept, useOutbox, usePhone } from '../phone/hooks.tsx'
import { useKindWord } from './Cards.tsx'
import { isVisited, RECEIPT, useGridName, useInstructions, useReceipts } from './instructions.ts'
import type { Instruction, Standing } from './instructions.ts'
import { useStateWord } from './InstructionsPage.tsx'
import { Long } from './Long.tsx'
import { Papers } from './Papers.tsx'
import { State } from './Sent.tsx'

const MOST_NOTE = 500

/** The doors that are asked for, those still to be gone to first. */
function EachDoor({ instruction }: { instruction: Instruction }): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const doors = useDoors()
  const kindWord = useKindWord()
  const join = useJoin()
  const { eachDoor } = instruction
  if (!eachDoor) return null
  const wanted = doors
    .filter((door) => door.grid === instruction.grid && eachDoor.kinds.includes(door.body.kind))
    .map((door) => ({ door, done: isVisited(instruction, phone.shelf.visitsOf({ householdId: door.id })) }))
    .toSorted((a, b) => Number(a.done) - Number(b.done) || byDoor(a.door, b.door))
  const done = wanted.filter((one) => one.done).length
  const text = t('instruction.doors', { done, doors: wanted.length })
  return (
    <section>
      <h2 className="group">{t('instruction.each', { kinds: join(eachDoor.kinds.map(kindWord)) })}</h2>
      {wanted.length > 0 ? (
        <Progress label={t('instruction.progress')} text={text} done={done} total={wanted.length} />
      ) : null}
      {instruction.doorsDone === done && instruction.doors === wanted.length ? null : (
        <p className="card-place">
          {t('instruction.doors.server', { done: instruction.doorsDone, doors: instruction.doors })}
        </p>
      )}
      <Long>
        {wanted.map(({ door, done: isDone }) => (
          <Go
            key={door.id}
            className="card card-line"
            href={`${paths.visit(door.id, eachDoor.purpose)}&instruction=${instruction.at}`}
          >
            <b>{door.label ?? t('door.unknown')}</b>
            {isDone ? <HonestState state="server" word={t('instruction.door.done')} /> : null}
          </Go>
        ))}
      </Long>
    </section>
  )
}

const Note = z.object({ note: z.string() })

/** What goes with an answer; kept while it is typed, for each version and answer of its own. */
function AnswerSheet({
  instruction,
  says,
  onClose,
}: {
  instruction: Instruction
  says: 'cannot' | 'done'
  onClose: () => void
}): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useReceipts()
  const {
    value: { note },
    patch,
    draft,
  } = useKept({ form: RECEIPT, version: `${says} ${instruction.version}`, subject: instruction.at }, Note, { note: '' })
  const [pressed, setPressed] = useState(false)
  const isMissing = (says === 'cannot' || instruction.report) && !note.trim()
  const send = (): void => {
    setPressed(true)
    if (!isMissing) void say(instruction, says, { note: note.slice(0, MOST_NOTE), draft }).then(onClose)
  }
  return (
    <Sheet title={t(`instruction.${says}`)} open onClose={onClose} close={c('act.cancel')}>
      <TextLine
        label={t(says === 'cannot' ? 'instruction.why' : 'instruction.report')}
        fault={pressed && isMissing ? c('field.required') : undefined}
        value={note}
        onChange={(text) => patch({ note: text })}
      />
      <BigButton primary onClick={send}>
        {t('instruction.send')}
      </BigButton>
    </Sheet>
  )
}

function Answer({ instruction, state }: Standing): ReactNode {
  const { t } = useTranslation('worker')
  const say = useReceipts()
  const [sheet, setSheet] = useState<'cannot' | 'done' | null>(null)
  if (state === 'recalled') return <Notice kind="note" head={t('instruction.recalled')} />
  return (
    <>
      {state === 'sent' || state === 'read' || state === 'cannot' ? (
        <p>
          <BigButton primary onClick={() => void say(instruction, 'accepted')}>
            {t('instruction.accept')}
          </BigButton>
        </p>
      ) : null}
      {state === 'accepted' ? (
        <p>
          <BigButton primary onClick={() => (instruction.report ? setSheet('done') : void say(instruction, 'done'))}>
            {t('instruction.done')}
          </BigButton>
        </p>
      ) : null}
      {state === 'sent' || state === 'read' || state === 'accepted' ? (
        <p>
          <BigButton onClick={() => setSheet('cannot')}>{t('instruction.cannot')}</BigButton>
        </p>
      ) : null}
      {sheet === null ? null : <AnswerSheet instruction={instruction} says={sheet} onClose={() => setSheet(null)} />}
    </>
  )
}

/** The same order stands in another grid of mine, with an answer of its own. */
function Also({ instruction }: { instruction: Instruction }): ReactNode {
  const { t } = useTranslation('worker')
  const word = useStateWord()
  const gridName = useGridName()
  const { all } = useInstructions()
  const others = all.filter((one) => one.instruction.id === instruction.id && one.instruction.at !== instruction.at)
  if (others.length === 0) return null
  return (
    <section aria-label={t('instruction.also')}>
      <h2 className="group">{t('instruction.also')}</h2>
      {others.map((one) => (
        <Go key={one.instruction.at} href={paths.instruction(one.instruction.at)} className="card card-line">
          <b>{gridName(one.instruction.grid) ?? one.instruction.grid}</b>
          <span>{word(one.state)}</span>
        </Go>
      ))}
    </section>
  )
}

/** Where the answers are that have not arrived; one that was refused says so, and leads to its reason. */
function OnWay({ instruction }: { instruction: Instruction }): ReactNode {
  const { t } = useTranslation('worker')
  const items = useOutbox().filter(
    ({ kind, body }) => kind === RECEIPT && body?.['id'] === instruction.id && body['area'] === instruction.area,
  )
  const item = items.find(({ state }) => state === 'refused' || state === 'held') ?? items.at(-1)
  if (!item) return null
  return (
    <p className="card-who">
      <State item={item} receipt={null} />
      {item.state === 'refused' || item.state === 'held' ? (
        <Go href={paths.sent(item.key)}>{t('outbox.open')}</Go>
      ) : null}
    </p>
  )
}

function Opened({ instruction, state }: Standing): ReactNode {
  const { t } = useTranslation('worker')
  const gridName = useGridName()
  const place = gridName(instruction.grid)
  const word = useStateWord()
  const say = useReceipts()
  const told = useRef('')
  useEffect(() => {
    // Opening it is reading it; each version once.
    const which = `${instruction.at} ${instruction.version}`
    if (state !== 'sent' || told.current === which) return
    told.current = which
    void say(instruction, 'read')
  }, [instruction, state, say])
  return (
    <>
      <section className="card">
        <h2 className="card-title">{instruction.title}</h2>
        <p className="said">{instruction.text}</p>
        {instruction.additions.map((one) => (
          <p key={one.text} className="said">
            <b>{t('instruction.added', { by: one.by })}</b>
            <br />
            {one.text}
          </p>
        ))}
        <Known
          rows={[
            place === null ? null : [t('grid'), place],
            [t('instruction.by'), instruction.by],
            [t('instruction.sentAt'), <When key="s" at={instruction.sentAt} />],
            [t('instruction.dueAt'), <Due key="d" at={instruction.dueAt} done={state === 'done'} />],
            [t('instruction.mine'), word(state)],
          ]}
        />
        <OnWay instruction={instruction} />
      </section>
      <Papers instruction={instruction.id} attachments={instruction['attachments']} />
      <Answer instruction={instruction} state={state} />
      <Also instruction={instruction} />
      <EachDoor instruction={instruction} />
    </>
  )
}

export function InstructionPage(): ReactNode {
  const { t } = useTranslation('worker')
  const { id = '' } = useParams({ strict: false })
  const { all } = useInstructions()
  const found =
    all.find(({ instruction }) => instruction.at === id) ?? all.find(({ instruction }) => instruction.id === id)
  return (
    <>
      <Head title={t('instruction')} back={paths.instructions()} />
      <main className="phone-main">
        {found ? (
          <Opened key={found.instruction.at} {...found} />
        ) : (
          <Empty why={t('instruction.gone')} todo={t('instruction.gone.todo')} />
        )}
      </main>
    </>
  )
}
