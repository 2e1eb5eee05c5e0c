import { useEffect, useState } from 'react'
import type { ReactElement } from 'react'
import { book } from './code/book.ts'
import { CodePage, useBook } from './code/CodePage.tsx'
import { later } from './Later.tsx'
import { LoginPage } from './pages/LoginPage.tsx'
import { Act, Problem } from './parts.tsx'
import { go, useScreen } from './route.ts'
import type { Screen } from './route.ts'
import { useWords } from './texts.ts'

/** Fetched when they are wanted: the code comes first. */
const Days = later(async () => (await import('./pages/DaysPage.tsx')).DaysPage)
const Below = later(async () => (await import('./pages/DaysPage.tsx')).DaysPage, true)
const More = later(async () => (await import('./code/More.tsx')).More, true)
const RegisterPage = later(async () => (await import('./register/RegisterPage.tsx')).RegisterPage)
const FamilyPage = later(async () => (await import('./register/FamilyPage.tsx')).FamilyPage)
const ReturnPage = later(async () => (await import('./register/ReturnPage.tsx')).ReturnPage)
const ObjectionPage = later(async () => (await import('./object/ObjectionPage.tsx')).ObjectionPage)
const OrgsPage = later(async () => (await import('./orgs/OrgsPage.tsx')).OrgsPage)
const EmployersPage = later(async () => (await import('./orgs/EmployersPage.tsx')).EmployersPage)
const RightsPage = later(async () => (await import('./rights/RightsPage.tsx')).RightsPage)

const PROVE: Screen = { name: 'register', id: '' }
const DAYS = new Set(['report', 'help', 'sign', 'object', 'late', 'out'])

export function Home(): ReactElement | null {
  const { t } = useWords()
  const screen = useScreen()
  const { phase, codes, trouble, asking } = useBook()
  const [stands, setStands] = useState(false)
  // What lies below is fetched when the code stands, or cannot: over a slow network nothing comes before it.
  if (!stands && codes !== null && !asking) setStands(true)
  useEffect(() => {
    void book.open()
  }, [])
  const onIn = async (): Promise<void> => {
    await book.refresh(true)
    if (location.hash === '#login') go('home')
  }
  if (phase === 'out' || screen.name === 'login') return <LoginPage onIn={onIn} />
  if (phase === 'prove') return <RegisterPage screen={PROVE} />
  if (codes === null)
    return (
      <main>
        <Problem trouble={trouble?.body ?? null} />
        {trouble === null ? (
          <p aria-busy="true">{t('working')}</p>
        ) : (
          <Act busy={false} onClick={() => void book.refresh(true)}>
            {t('again')}
          </Act>
        )}
      </main>
    )
  if (DAYS.has(screen.name)) return <Days screen={screen} />
  const Page = PAGES[screen.name]
  if (Page !== undefined) return <Page screen={screen} />
  return (
    <main>
      <CodePage codes={codes} chosen={screen.id} />
      {stands && <Below screen={screen} />}
      {stands && <More codes={codes} chosen={screen.id} />}
    </main>
  )
}

const PAGES: Readonly<Record<string, (props: { screen: Screen }) => ReactElement | null>> = {
  register: RegisterPage,
  declare: RegisterPage,
  ward: RegisterPage,
  family: FamilyPage,
  return: ReturnPage,
  wrong: ObjectionPage,
  objections: ObjectionPage,
  rights: RightsPage,
  orgs: OrgsPage,
  officer: OrgsPage,
  employers: EmployersPage,
  employer: EmployersPage,
}
