import type { MemberPage, MyOrg, OrgMember } from '@weiwang/domain/healthcode/org-api'
import { useState } from 'react'
import type { ReactElement } from 'react'
import { useAsked } from '../load.ts'
import { ask } from '../net.ts'
import { Act, Loading, Problem, useAct } from '../parts.tsx'
import { useWords } from '../texts.ts'
import { ORG } from './texts.ts'

/** A masked name, the employer's own number, one sentence (ORG-7). */
export function Members({ org }: { org: MyOrg }): ReactElement {
  const { t, say } = useWords(ORG)
  const path = `/api/my/orgs/${org.id}/members`
  const { answer, trouble, load } = useAsked<MemberPage>(path)
  const [more, setMore] = useState<{ items: OrgMember[]; next: string | null } | null>(null)
  const { busy, trouble: refused, act } = useAct()
  const next = more === null ? (answer?.next ?? null) : more.next
  const fetchMore = (cursor: string): void =>
    act(async () => {
      const page = await ask<MemberPage>('GET', `${path}?cursor=${encodeURIComponent(cursor)}`)
      setMore((now) => ({ items: [...(now?.items ?? []), ...page.items], next: page.next }))
    })
  return (
    <details>
      <summary>{t('members', { n: answer?.total ?? org.members.invited + org.members.consented })}</summary>
      <Loading done={answer !== null} trouble={trouble} load={load} />
      <ul>
        {[...(answer?.items ?? []), ...(more?.items ?? [])].map((one) => (
          <li key={one.id}>
            {one.masked}
            {one.ref !== '' && ` (${one.ref})`} · <strong>{say(one.answer.say)}</strong>
          </li>
        ))}
      </ul>
      <Problem trouble={refused} />
      {next !== null && (
        <Act busy={busy} kind="side" onClick={() => fetchMore(next)}>
          {t('moreRows')}
        </Act>
      )}
    </details>
  )
}
