import type { Known } from '@weiwang/domain/people/match'
import { newId } from '../../shared/newId.ts'
import type { Hit, NearDoor, NearHit, PersonView, Shelf } from './types.ts'

const MOST_HITS = 40
const MOST_NEAR = 8
const SHORTEST_END = 3

/** What stands between numbers, or is left out. */
const UNITS = ['号', '栋', '幢', '室', '单元', '楼']

/** Chinese names need their readings, and those are half of the phone's program: fetched at the first search (and cached). */
async function names() {
  return import('@weiwang/domain/people/name')
}

/** Numbers and words one by one: 1幢1单元101室 is 1, 1, 101. */
function parts(text: string): string[] {
  let out = text.normalize('NFKC').toLowerCase()
  for (const word of UNITS) out = out.replaceAll(word, ' ')
  return out.match(/\d+|[^\d\s\-_#·,，]+/g) ?? []
}

const flat = (text: string): string => parts(text).join('')
const isSame = (a: readonly string[], b: readonly string[]): boolean => a.join(' ') === b.join(' ')

/** Whether the parts that were asked for stand there one after another, numbers as whole numbers: 101 is not the end of 1101. */
function hasParts(there: readonly string[], asked: readonly string[]): boolean {
  const fits = (part: string, want: string): boolean => (/\d/.test(want) ? part === want : part.includes(want))
  return there.some((_, from) => asked.every((want, i) => fits(there[from + i] ?? '', want)))
}

/** Name, pinyin, initials, end of a telephone, house number, address, all in memory. */
export async function search(shelf: Shelf, text: string, most = MOST_HITS): Promise<Hit[]> {
  const said = text.normalize('NFKC').trim().toLowerCase()
  if (said === '') return []
  const hits: Hit[] = []
  const taken = new Set<string>()
  const give = (hit: Hit): void => {
    const id = hit.kind === 'person' ? hit.person.id : hit.door.id
    if (taken.has(id) || hits.length >= most) return
    taken.add(id)
    hits.push(hit)
  }
  const wanted = flat(said)
  const asked = parts(said)
  const doorExact = shelf.doors().filter(({ body }) => body.door && isSame(parts(body.door), asked))
  for (const door of doorExact) give({ kind: 'door', door, by: 'door' })
  for (const person of shelf.persons())
    if (person.name?.toLowerCase().includes(said)) give({ kind: 'person', person, by: 'name' })
  const digits = said.replace(/\D/g, '')
  if (digits.length >= SHORTEST_END && digits === said.replace(/[\s+()-]/g, ''))
    for (const person of shelf.persons())
      if (person.phone?.replace(/;ext=.*$/, '').endsWith(digits)) give({ kind: 'person', person, by: 'phone' })
  const byLabel = shelf.doors().flatMap((door) => {
    const there = parts(door.label ?? '')
    const isHit = wanted !== '' && there.join('').includes(wanted)
    return isHit ? [{ door, rank: hasParts(there, asked) ? 0 : 1 }] : []
  })
  for (const { door } of byLabel.toSorted((a, b) => a.rank - b.rank)) give({ kind: 'door', door, by: 'door' })
  for (const door of shelf.doors())
    if (door.address && wanted !== '' && flat(door.address).includes(wanted))
      give({ kind: 'door', door, by: 'address' })
  if (/[a-zü]/.test(said) && hits.length < most) await byPinyin(shelf, said, give)
  return hits
}

async function byPinyin(shelf: Shelf, said: string, give: (hit: Hit) => void): Promise<void> {
  const { foldPinyin, nameInitials, namePinyin } = await names()
  const folded = foldPinyin(said)
  if (folded === '') return
  for (const person of shelf.persons()) {
    if (!person.name) continue
    if (nameInitials(person.name).startsWith(folded) || namePinyin(person.name).startsWith(folded))
      give({ kind: 'person', person, by: 'pinyin' })
  }
}

function knownOf(person: PersonView): Known {
  const { name, phone, birth } = person
  return { personId: person.id, docKind: person.body.docKind, name, phone, birth, sex: person.body.sex }
}

/**
 * Who may be the same person, before saving: among the register and among what waits on this phone (PEOPLE-8, cases 9, 40).
 * A person at the phone is judged on the name alone too, since often nothing else is known yet.
 */
export async function near(
  shelf: Shelf,
  person: { name: string; phone?: string; birth?: string; sex?: number; docKind?: string },
  now: Date,
): Promise<NearHit[]> {
  const [{ matchPersons }, { compareNames }, { readPhone }] = await Promise.all([
    import('@weiwang/domain/people/match'),
    names(),
    import('@weiwang/domain/people/phone'),
  ])
  const read = person.phone ? readPhone(person.phone) : null
  const asked: Known = {
    personId: newId(now),
    docKind: person.docKind ?? 'none',
    name: person.name,
    phone: read?.ok ? read.value.e164 : null,
    birth: person.birth ?? null,
    sex: person.sex ?? 0,
  }
  const hits = shelf.persons().flatMap((view): NearHit[] => {
    const phone = view.local && view.phone ? readPhone(view.phone) : null
    const match = matchPersons(asked, { ...knownOf(view), phone: phone?.ok ? phone.value.e164 : view.phone })
    if (match) return [{ person: view, score: match.score, reasons: match.reasons }]
    return byNameAlone(view, compareNames(person.name, view.name ?? ''), asked)
  })
  return hits.toSorted((a, b) => b.score - a.score).slice(0, MOST_NEAR)
}

const BY_NAME = {
  same: { score: 0.3, say: { zh: '姓名相同', en: 'Same name' } },
  same_sound: { score: 0.25, say: { zh: '姓名同音', en: 'Names sound alike' } },
  near: { score: 0.2, say: { zh: '姓名差一字', en: 'Names differ by one character' } },
} as const

function byNameAlone(view: PersonView, relation: string, asked: Known): NearHit[] {
  const said = relation === 'same' || relation === 'same_sound' || relation === 'near' ? BY_NAME[relation] : null
  if (!said) return []
  // Two births or two papers that differ are two people; a near name alone is shown only when nothing else is known.
  const unlike = asked.birth !== null && view.birth !== null
  const papers = asked.docKind !== 'none' && asked.docKind === view.body.docKind
  return unlike || papers ? [] : [{ person: view, score: said.score, reasons: [said.say] }]
}

/** Doors with the same number, here and among what waits (case 9). */
export function nearDoors(shelf: Shelf, asked: { estate?: string; building?: string; door?: string }): NearDoor[] {
  if (!asked.door) return []
  const same = (a: string | null | undefined, b: string | null | undefined): boolean =>
    isSame(parts(a ?? ''), parts(b ?? ''))
  return shelf
    .doors()
    .filter(({ body }) => same(body.door, asked.door))
    .filter(({ body }) => !asked.building || !body.building || same(body.building, asked.building))
    .filter(({ body }) => !asked.estate || !body.estate || same(body.estate, asked.estate))
    .slice(0, MOST_NEAR)
    .map((door) => ({ door, reasons: [{ zh: '门牌相同', en: 'Same door number' }] }))
}
