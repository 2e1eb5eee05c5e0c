import type { Outbox } from './outbox.ts'
import type { Photographs } from './photos.ts'
import type { Sync } from './sync.ts'
import type { Time } from './time.ts'
import type { Shelf, Strip } from './types.ts'

/**
 * The one strip that tells the truth: how much waits here, how much the server has of today. The server's figure is what the
 * feed shows by this account and what the server gave a receipt for, each visit once and a corrected one not beside its
 * correction, so that it equals the centre's (cases 1, 44).
 */
export function stripOf({
  outbox,
  photos,
  shelf,
  time,
  sync,
  today,
}: {
  outbox: Outbox
  photos: Photographs
  shelf: Shelf
  time: Time
  sync: Sync
  today: string
}): Strip {
  const { waiting, refused, held } = outbox.counts()
  const { contactAt } = time.row()
  const again = sync.comeBackAt()
  return {
    waiting,
    photosWaiting: photos.waiting(),
    refused,
    held,
    serverToday: filedToday(outbox, shelf, today).size,
    contactAt: contactAt === null ? null : new Date(contactAt),
    syncing: sync.isRunning(),
    trouble: sync.trouble(),
    again: again === null ? null : new Date(again + time.row().offset),
    clockWrong: time.wrongBy(),
    storageFull: sync.isFull(),
  }
}

function filedToday(outbox: Outbox, shelf: Shelf, today: string): Set<string> {
  const filed = new Set<string>()
  const corrected = new Set<string>()
  for (const view of shelf.myVisits(today)) {
    if (view.local) continue
    filed.add(view.id)
    if (view.body.supersedes) corrected.add(view.body.supersedes)
  }
  for (const row of outbox.receiptRows()) {
    if (row.kind !== 'visit.file' || row.day !== today || row.outcome !== 'accepted') continue
    if (row.subject !== null) filed.add(row.subject)
    if (row.supersedes !== null) corrected.add(row.supersedes)
  }
  return new Set([...filed].filter((id) => !corrected.has(id)))
}
