import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty, HonestState, Notice } from '../../kit/common/Notice.tsx'
import { BigButton, Known } from '../../kit/phone/controls.tsx'
import { grouped } from '../../words/numbers.ts'
import { When } from '../clock.tsx'
import { Head } from '../Frame.tsx'
import { paths } from '../paths.ts'
import { useMine, useOutbox, useOwn, usePhone } from '../phone/hooks.tsx'
import type { OwnHelp } from '../phone/types.ts'
import { AsOf } from './AsOf.tsx'
import { AskButton, Helpers } from './Help.tsx'
import { OutboxLine } from './OutboxPage.tsx'
import { CallButton } from './Whom.tsx'

const STATES = ['open', 'seen', 'closed'] as const

/** Who has heard a call, how to reach that person, and the asker's own word that all is well (HELP-1). */
function MyCall({ call }: { call: OwnHelp }): ReactNode {
  const { t } = useTranslation('worker')
  const phone = usePhone()
  const told = useOutbox().some(({ kind, body }) => kind === 'help.close' && body?.['id'] === call.id)
  const [pressed, setPressed] = useState(false)
  const state = STATES.find((one) => one === call.state)
  const safe = (): void => {
    setPressed(true)
    const grid = phone.mine()?.duties[0]?.grid
    void phone.outbox.add({ kind: 'help.close', ...(grid ? { grid } : {}), body: { id: call.id } })
  }
  return (
    <section className="card">
      <b className="card-name">{state ? t(`help.state.${state}`) : call.state}</b>
      <Known
        rows={[
          [t('help.at'), <When key="at" at={call.at} />],
          [t('help.told'), call.areaName],
          call.seenBy ? [t('help.seenBy'), call.seenBy.name] : null,
          call.closedAt ? [t('help.closedAt'), <When key="c" at={call.closedAt} />] : null,
          call.note ? [t('note'), call.note] : null,
        ]}
      />
      {call.seenBy?.phone && state !== 'closed' ? <CallButton phone={call.seenBy.phone} /> : null}
      {state === 'closed' ? null : told || pressed ? (
        <HonestState state="here" word={t('help.safe.here')} />
      ) : (
        <p>
          <BigButton onClick={safe}>{t('help.safe')}</BigButton>
        </p>
      )}
    </section>
  )
}

/** What waits here, and what became of the calls that the server knows of; gone after 30 days. */
function MyCalls(): ReactNode {
  const { t } = useTranslation('worker')
  const own = useOwn()
  const waiting = useOutbox().filter(({ kind }) => kind === 'help.ask')
  const calls = own?.help ?? []
  return (
    <>
      <h2 className="group">{t('help.mine')}</h2>
      {waiting.map((item) => (
        <OutboxLine key={item.key} item={item} />
      ))}
      <AsOf at={own?.asOf ?? null} />
      {own !== null && calls.length + waiting.length === 0 ? <p className="card-place">{t('help.mine.none')}</p> : null}
      {calls.map((call) => (
        <MyCall key={call.id} call={call} />
      ))}
      {own !== null && own.helpTotal > calls.length ? (
        <Notice kind="note" head={t('own.older', { n: grouped(own.helpTotal - calls.length) })} />
      ) : null}
    </>
  )
}

export function HelpPage(): ReactNode {
  const { t } = useTranslation('worker')
  const mine = useMine()
  return (
    <>
      <Head title={t('help')} back={paths.me()} />
      <main className="phone-main">
        {mine ? (
          <>
            <AskButton grid={mine.duties[0]?.grid ?? ''} about={{}} />
            <Helpers />
            <MyCalls />
          </>
        ) : (
          <Empty why={t('help.none')} todo={t('help.none.todo')} />
        )}
      </main>
    </>
  )
}
