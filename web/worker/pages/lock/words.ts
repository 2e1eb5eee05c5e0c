import { useTranslation } from 'react-i18next'
import type { PadWords } from '../../../kit/phone/PinPad.tsx'

export function usePadWords(): PadWords {
  const { t } = useTranslation('worker')
  return {
    drop: t('pad.drop'),
    enter: t('ok'),
    count: (n) => t('pad.count', { n }),
    short: t('pad.short'),
    weak: t('pad.weak'),
  }
}
