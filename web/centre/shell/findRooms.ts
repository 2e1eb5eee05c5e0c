import type { Group, Room } from './rooms.ts'

/** How a Chinese name is typed on a keyboard of Latin letters. */
export type Reading = { pinyin: string; initials: string }
export type Readings = (chinese: string) => Reading

/** The readings of characters are a dictionary of some size: fetched when somebody begins to type. */
export async function loadReadings(): Promise<Readings> {
  const { foldPinyin, nameInitials, namePinyin } = await import('@weiwang/domain/people/name')
  return (chinese) => ({ pinyin: foldPinyin(namePinyin(chinese)), initials: nameInitials(chinese) })
}

const flat = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s'-]/g, '')

/** 0 is best; null when the room is not meant. */
function rank(typed: string, [zh, en]: readonly [string, string], readings: Readings | null): number | null {
  const words = en.toLowerCase().split(/\s+/)
  if (flat(zh) === typed || flat(en) === typed) return 0
  if (flat(zh).startsWith(typed) || flat(en).startsWith(typed)) return 1
  const read = readings?.(zh)
  if (read && (read.initials === typed || read.pinyin === typed)) return 1
  if (words.some((word) => word.startsWith(typed))) return 2
  if (read && (read.initials.startsWith(typed) || read.pinyin.startsWith(typed))) return 2
  if (flat(zh).includes(typed) || (typed.length > 2 && flat(en).includes(typed))) return 3
  return read && typed.length > 1 && read.initials.includes(typed) ? 4 : null
}

/** The rooms that were meant by what was typed in Chinese, English, pinyin or initials; the likeliest first. */
export function findRooms(
  typed: string,
  groups: readonly Group[],
  texts: Readonly<Record<Room['key'], readonly [zh: string, en: string]>>,
  readings: Readings | null,
): Room[] {
  const wanted = flat(typed)
  if (wanted === '') return []
  return groups
    .flatMap(({ rooms }) => rooms)
    .flatMap((room) => {
      const at = rank(wanted, texts[room.key], readings)
      return at === null ? [] : [{ room, at }]
    })
    .toSorted((a, b) => a.at - b.at)
    .map(({ room }) => room)
}
