import { useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useJoin } from '../../i18n/setup.ts'
import { Empty, HonestState, Notice } from '../../kit/common/Notice.tsx'
import { Progress } from '../../kit/common/Figure.tsx'
import { BigButton, Known, Sheet, TextLine } from '../../kit/phone/controls.tsx'
import { Due, When } from '../clock.tsx'
import { Head } from '../Frame.tsx'
import { Go } from '../Go.tsx'
import { byDoor } from '../order.ts'
import { paths } from '../paths.ts'
import { useDoors, useOutbox, usePhone } from '../phone/hooks.tsx'
import type { DoorView, VisitView } from '../phone/types.ts'
import { useKindWord } from './Cards.tsx'
import { RECEIPT, useInstructions, useReceipts } from './instructions.ts'
import type { Instruction, Standing } from './instructions.ts'
import { useStateWord } from './InstructionsPage.tsx'
import { Long } from './Long.tsx'
import { Papers } from './Papers.tsx'

const MOST_NOTE = 500

/** The door counts by its first visit for the purpose since the instruction came, here or at the server (INSTR-6). */
function isVisited(instruction: Instruction, door: DoorView, visits: readonly VisitView[]): boolean {
  const from = instruction.sentAt.slice(0, 10)
  const purpose = instruction.eachDoor?.purpose
  return (
    door.marks.some((mark) => mark.kind === 'visit.file' && mark.body?.['instructionId'] === instruction.id) ||
    visits.some((visit) => visit.body['purpose'] === purpose && visit.body.day >= from)
  )
}

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
    .map((door) => ({ door, done: isVisited(instruction, door, phone.shelf.visitsOf({ householdId: door.id })) }))
    .toSorted((a, b) => Number(a.done) - Number(b.done) || byDoor(a.door, b.door))
  const done = wanted.filter((one) => one.done).length
  const text = t('instruction.doors', { done, doors: wanted.length })
  return (
    <section>
      <h2 className="group">{t('instruction.each', { kinds: join(eachDoor.kinds.map(kindWord)) })}</h2>
      <Progress label={t('instruction.progress')} text={text} done={done} total={wanted.length} />
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

function Answer({ instruction, state }: Standing): ReactNode {
  const { t } = useTranslation('worker')
  const { t: c } = useTranslation('common')
  const say = useReceipts()
  const [sheet, setSheet] = useState<'cannot' | 'done' | null>(null)
  const [note, setNote] = useState('')
  const [pressed, setPressed] = useState(false)
  const needsNote = sheet === 'cannot' || (sheet === 'done' && instruction.report)
  const send = (): void => {
    setPressed(true)
    if (sheet === null || (needsNote && !note.trim())) return
    void say(instruction, sheet, note.slice(0, MOST_NOTE)).then(() => {
      setSheet(null)
      setNote('')
      setPressed(false)
    })
  }
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
      <Sheet
        title={t(sheet === 'cannot' ? 'instruction.cannot' : 'instruction.done')}
        open={sheet !== null}
        onClose={() => setSheet(null)}
        close={c('act.cancel')}
      >
        <TextLine
          label={t(sheet === 'cannot' ? 'instruction.why' : 'instruction.report')}
          fault={pressed && needsNote && !note.trim() ? c('field.required') : undefined}
          value={note}
          onChange={setNote}
        />
        <BigButton primary onClick={send}>
          {t('instruction.send')}
        </BigButton>
      </Sheet>
    </>
  )
}

function Opened({ instruction, state }: Standing): ReactNode {
  const { t } = useTranslation('worker')
  const word = useStateWord()
  const say = useReceipts()
  const onWay = useOutbox().filter(
    (item) => item.kind === RECEIPT && item.body?.['id'] === instruction.id && item.body['area'] === instruction.area,
  )
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
            [t('instruction.by'), instruction.by],
            [t('instruction.sentAt'), <When key="s" at={instruction.sentAt} />],
            [t('instruction.dueAt'), <Due key="d" at={instruction.dueAt} done={state === 'done'} />],
            [t('instruction.mine'), word(state)],
          ]}
        />
        {onWay.length > 0 ? <HonestState state="here" word={t('state.here')} /> : null}
      </section>
      <Papers instruction={instruction.id} attachments={instruction['attachments']} />
      <Answer instruction={instruction} state={state} />
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
      <main className="phone-main">{found ? <Opened {...found} /> : <Empty why={t('instruction.gone')} />}</main>
    </>
  )
}
