import { InviteAccount, Invited } from '@weiwang/domain/access/api'
import { ROLES } from '@weiwang/domain/access/actor'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../../api/query.ts'
import { MultiField, TextField } from '../../../kit/centre/controls.tsx'
import { AreaPick } from '../../parts/AreaPick.tsx'
import type { Chosen } from '../../parts/AreaPick.tsx'
import { ConfirmAct } from '../../parts/ConfirmAct.tsx'
import { useDesk } from '../../parts/desk.ts'
import { HandOver } from './HandOver.tsx'

/** Puts one person on the roster; the account comes to life when its owner activates it. */
export function InviteForm(): ReactNode {
  const { t } = useTranslation('centre')
  const desk = useDesk()
  const [name, setName] = useState('')
  const [phone, setPhone] = useState('')
  const [login, setLogin] = useState('')
  const [roles, setRoles] = useState<(typeof ROLES)[number][]>(['worker'])
  const [area, setArea] = useState<Chosen | null>(null)
  const write = useWrite(Invited, { path: '/api/accounts', touches: ['/api/accounts', '/api/role-proposals'] })
  const body = InviteAccount.safeParse({
    name,
    area: area?.code ?? desk.area,
    roles,
    ...(phone.trim() ? { phone: phone.trim() } : {}),
    ...(login.trim() ? { login: login.trim() } : {}),
  })
  return (
    <>
      <ConfirmAct
        primary
        verb={t('account.invite')}
        title={t('account.invite')}
        write={write}
        ready={body.success}
        onYes={(_, done) => {
          if (body.success) write.mutate(body.data, { onSuccess: done })
        }}
      >
        <div className="form">
          <TextField label={t('account.name')} value={name} onChange={setName} />
          <div className="form-row">
            <TextField label={t('person.phone')} value={phone} onChange={setPhone} help={t('account.phone.help')} />
            <TextField label={t('account.login')} value={login} onChange={setLogin} help={t('account.login.help')} />
          </div>
          <MultiField
            label={t('role')}
            value={roles}
            onChange={setRoles}
            choices={ROLES.map((r) => ({ value: r, label: t(`role.${r}`) }))}
          />
          <AreaPick label={t('area')} value={area} onChange={setArea} within={desk.area} help={t('push.area.help')} />
        </div>
      </ConfirmAct>
      {write.data?.needsHandOver ? <HandOver id={write.data.account.id} /> : null}
    </>
  )
}
