import { MAX_PROOFS, StoredProof } from '@weiwang/domain/healthcode/objection-api'
import type { ObjectionDetail, ProofKind } from '@weiwang/domain/healthcode/objection-api'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { upload } from '../../../api/http.ts'
import { FileButton, SelectField } from '../../../kit/centre/controls.tsx'
import { useMay } from '../../../session/me.ts'
import { ProblemNotice } from '../../../shared/ProblemNotice.tsx'
import { shrinkPicture } from '../../../shared/picture.ts'
import { useProofKinds } from './words.ts'

/** A picture of what somebody shows at the desk: drawn anew here, read again there (OBJECT-5). */
export function AddProof({ objection }: { objection: ObjectionDetail }): ReactNode {
  const { t } = useTranslation('centre')
  const may = useMay()
  const client = useQueryClient()
  const kinds = useProofKinds()
  const [kind, setKind] = useState<ProofKind>('ticket')
  const send = useMutation({
    mutationFn: async (file: File) => {
      const proof = crypto.randomUUID()
      return upload(StoredProof, {
        method: 'PUT',
        path: `/api/objections/${objection.id}/proofs/${proof}?kind=${kind}`,
        body: await shrinkPicture(file),
        headers: { 'content-type': 'image/jpeg' },
        key: proof,
      })
    },
    onSuccess: () =>
      void client.invalidateQueries({
        predicate: ({ queryKey: [path] }) => typeof path === 'string' && path.startsWith('/api/objections'),
      }),
  })
  const open = objection.decidedAt === null && objection.state !== 'withdrawn'
  if (!open || objection.proofs >= MAX_PROOFS || !may('file', 'objection', { area: objection.area })) return null
  return (
    <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap', alignItems: 'end', flexBasis: '100%' }}>
      <ProblemNotice error={send.error} />
      <SelectField<ProofKind>
        label={t('objection.proof.kind')}
        value={kind}
        onChange={(value) => setKind(value === '' ? 'ticket' : value)}
        choices={kinds}
        width={160}
      />
      <FileButton accept="image/*" busy={send.isPending} onFile={(file) => send.mutate(file)}>
        {t('objection.proof.add')}
      </FileButton>
    </div>
  )
}
