import { EscalationPage } from '@weiwang/domain/tasks/api'
import { useQuery } from '@tanstack/react-query'
import { q } from '../../../api/query.ts'
import { useMay } from '../../../session/me.ts'

/** How many escalations were told to me and not seen yet: the number in the menu. */
export function useNewEscalations(): number {
  const may = useMay()
  const answer = useQuery({
    ...q(EscalationPage, '/api/escalations', { state: 'new', limit: 1 }),
    enabled: may('read', 'task'),
    refetchInterval: 30_000,
  })
  return answer.data?.total ?? 0
}
