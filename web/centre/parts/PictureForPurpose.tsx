import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Act, TextField } from '../../kit/centre/controls.tsx'
import { Dialog } from '../../kit/centre/surfaces.tsx'
import { Notice } from '../../kit/common/Notice.tsx'

/** A sealed picture is looked at for a purpose, typed each time; the purpose stands in the trail beside who looked. */
export function PictureForPurpose({
  path,
  verb,
  lead,
  alt,
}: {
  path: string
  verb: string
  /** What will be seen, and that it is noted. */
  lead: string
  alt: string
}): ReactNode {
  const { t } = useTranslation('centre')
  const { t: c } = useTranslation('common')
  const [purpose, setPurpose] = useState('')
  const [shown, setShown] = useState<string | null>(null)
  const [open, setOpen] = useState(false)
  const [failed, setFailed] = useState(false)
  const look = (): void => {
    const query = new URLSearchParams({ purpose: purpose.trim() })
    setShown(`${path}?${query.toString()}`)
    setFailed(false)
    setOpen(false)
  }
  if (shown !== null && !failed)
    return <img className="sealed-picture" src={shown} alt={alt} onError={() => setFailed(true)} />
  return (
    <>
      {failed ? <Notice kind="fault" takesFocus head={t('picture.failed')} body={t('picture.failed.todo')} /> : null}
      <Act onClick={() => setOpen(true)}>{verb}</Act>
      <Dialog
        title={verb}
        open={open}
        onClose={() => setOpen(false)}
        yes={verb}
        no={c('act.cancel')}
        onYes={look}
        disabled={purpose.trim().length < 2}
      >
        <p>{lead}</p>
        <TextField label={t('purpose')} value={purpose} onChange={setPurpose} />
      </Dialog>
    </>
  )
}
