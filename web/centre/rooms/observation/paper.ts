import { PaperPhoto } from '@weiwang/domain/observation/api'
import type { QueryClient } from '@tanstack/react-query'
import { upload } from '../../../api/http.ts'

export type Paper = { id: string; photo: string; picture: Blob }

/** The picture goes up after its step (VISIT-8). Where it does not arrive the panel says that it is missing, and takes it again. */
export async function sendPaper(client: QueryClient, { id, photo, picture }: Paper): Promise<void> {
  const path = `/api/observations/${id}/photos/${photo}`
  try {
    await upload(PaperPhoto, {
      method: 'PUT',
      path,
      body: picture,
      headers: { 'content-type': 'image/jpeg' },
      key: photo,
    })
  } finally {
    void client.invalidateQueries({ predicate: ({ queryKey: [of] }) => of === `/api/observations/${id}` })
  }
}
