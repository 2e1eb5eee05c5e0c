import { dispositionsOf } from '@weiwang/domain/checkpoints/decide'
import { DISPOSITION_SAY, REFER_SAY, REFER_WHY } from '@weiwang/domain/checkpoints/gate'
import type { GateDisposition, ReferWhy } from '@weiwang/domain/checkpoints/gate'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSay } from '../../../i18n/setup.ts'
import { HonestState, Notice } from '../../../kit/common/Notice.tsx'
import { BigButton, Chips, Line, TextLine } from '../../../kit/phone/controls.tsx'
import { useGate, useGateState } from '../../current.ts'
import type { ToRefer } from '../../gate/types.ts'
import { go } from '../../view.ts'
import { Frame } from '../Frame.tsx'

const PROOFS = ['none', 'document', 'property', 'lease', 'vouched'] as const
type Proof = (typeof PROOFS)[number]
const EMPTY = { name: '', document: '', phone: '', address: '', note: '' }

function Calls({
  c,
  called,
  onCalled,
}: {
  c: ToRefer | null
  called: string | null
  onCalled: (name: string) => void
}) {
  const { t } = useTranslation('checkpoint')
  const { gate } = useGateState()
  const own = c?.decision.call ?? []
  const calls = own.length > 0 ? own : (gate?.policy.call ?? [])
  return (
    <section aria-label={t('refer.call')}>
      <h2>{t('refer.call')}</h2>
      {calls.length === 0 ? <p>{t('refer.call.none')}</p> : null}
      <div className="calls">
        {calls.map((one) => (
          <a
            key={`${one.role}${one.phone}`}
            className="big"
            href={`tel:${one.phone}`}
            onClick={() => onCalled(one.name)}
          >
            {one.name} {one.phone === one.name ? '' : one.phone}
          </a>
        ))}
      </div>
      {called === null ? null : <output>{t('refer.called', { name: called })}</output>}
    </section>
  )
}

/** What was noted stays until the server gives the reference of its task, or the attendant goes on. */
function Noted({ id }: { id: string }): ReactNode {
  const { t } = useTranslation('checkpoint')
  const { referred } = useGateState()
  const found = referred.find((one) => one.id === id)
  return (
    <>
      <HonestState state={found ? 'server' : 'here'} word={t('refer.done')} />
      <p>{found ? t('refer.reference', { reference: found.reference }) : t('refer.waits')}</p>
      {found?.areaName ? <p>{found.areaName}</p> : null}
      <BigButton primary onClick={() => go('scan')}>
        {t('act.next')}
      </BigButton>
    </>
  )
}

/** Who does not simply pass: what to say, whom to call, where they go; the grid of the home gets a task. */
export function ReferPage(): ReactNode {
  const { t } = useTranslation('checkpoint')
  const { t: com } = useTranslation('common')
  const say = useSay()
  const gate = useGate()
  const state = useGateState()
  // Held from the first look: the next scan must not change whom this page is about.
  const [c] = useState<ToRefer | null>(
    state.toRefer ?? (state.current && { passageId: state.current.id, decision: state.current.decision }),
  )
  const [why, setWhy] = useState<ReferWhy>(c?.decision.refer ?? 'code_refused')
  const [proof, setProof] = useState<Proof>('none')
  const [to, setTo] = useState<GateDisposition | null>(null)
  const [called, setCalled] = useState<string | null>(null)
  const [form, setForm] = useState(EMPTY)
  const [tried, setTried] = useState(false)
  const [id, setId] = useState<string | null>(null)
  const at = state.gate
  const fever = why === 'fever'
  const offered = at ? dispositionsOf({ why, fever, homeProved: proof !== 'none', kind: at.kind }, at.policy) : []
  const chosen = to !== null && offered.includes(to) ? to : (offered[0] ?? null)
  const field = (key: keyof typeof EMPTY) => ({
    label: t(`refer.${key}`),
    value: form[key],
    onChange: (value: string) => setForm({ ...form, [key]: value }),
  })
  const save = async (): Promise<void> => {
    setTried(true)
    if (form.name.trim() === '' || chosen === null) return
    setId(
      await gate.refer({
        passageId: c?.passageId ?? null,
        why,
        disposition: chosen,
        homeProof: proof === 'none' ? null : proof,
        called,
        ...form,
      }),
    )
  }
  if (id !== null)
    return (
      <Frame title={t('refer.title')}>
        <Noted id={id} />
      </Frame>
    )
  return (
    <Frame title={t('refer.title')}>
      {c ? (
        <>
          <p className="script">
            <small>{t('refer.say')}</small>
            <br />
            {say(c.decision.say)}
          </p>
          <p className="script">
            <small>{t('refer.do')}</small>
            <br />
            {say(c.decision.do)}
          </p>
        </>
      ) : null}
      <Calls c={c} called={called} onCalled={setCalled} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        {c?.decision.refer ? null : (
          <Chips
            label={t('refer.why')}
            groups={[{ chips: REFER_WHY.map((value) => ({ value, label: say(REFER_SAY[value]) })) }]}
            value={why}
            onChange={(next) => setWhy(next ?? why)}
          />
        )}
        <Chips
          label={t('refer.home')}
          groups={[{ chips: PROOFS.map((value) => ({ value, label: t(`refer.home.${value}`) })) }]}
          value={proof}
          onChange={(next) => setProof(next ?? 'none')}
        />
        <Chips
          label={t('refer.to')}
          help={chosen === 'grid' ? t('refer.to.grid.note') : undefined}
          groups={[{ chips: offered.map((value) => ({ value, label: say(DISPOSITION_SAY[value]) })) }]}
          value={chosen}
          onChange={setTo}
        />
        <Line {...field('name')} fault={tried && form.name.trim() === '' ? com('field.required') : undefined} />
        <Line {...field('phone')} pad="tel" />
        <Line {...field('document')} />
        <Line {...field('address')} />
        <TextLine {...field('note')} most={300} />
        <p className="card-place">{t('refer.sealed')}</p>
        <BigButton submit primary>
          {t('refer.save')}
        </BigButton>
      </form>
      <Notice kind="note" head={t('refer.object')} />
    </Frame>
  )
}
