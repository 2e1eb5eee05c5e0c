import { App, ConfigProvider, theme } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import type { ReactNode } from 'react'
import { useMedia } from '../common/useMedia.ts'
import '../tokens.css'
import './centre.css'

export function useDark(): boolean {
  return useMedia('(prefers-color-scheme: dark)')
}

const FONT =
  "'Noto Sans SC', 'Source Han Sans SC', 'PingFang SC', 'HarmonyOS Sans SC', 'Microsoft YaHei', 'Noto Sans CJK SC', system-ui, sans-serif"

/** antd with our one accent. Its error, warning and success colours become ink: red, yellow and green are grades alone. */
export function CentreKit({ lang, children }: { lang: 'zh' | 'en'; children: ReactNode }): ReactNode {
  const dark = useDark()
  const ink = dark ? '#e9efed' : '#14211f'
  const accent = dark ? '#157a74' : '#0f6b66'
  const accentText = dark ? '#62c4bd' : '#0f6b66'
  // What antd would derive for a pointer over a word falls to 2.4 : 1 in the dark and 4.0 in the light.
  const accentOver = dark ? '#8fdad4' : '#0a4f4b'
  return (
    <ConfigProvider
      locale={lang === 'zh' ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
      theme={{
        algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
        token: {
          colorPrimary: accent,
          colorInfo: accent,
          colorLink: accentText,
          colorLinkHover: accentOver,
          colorLinkActive: accentOver,
          colorError: ink,
          colorWarning: ink,
          colorSuccess: ink,
          colorErrorText: ink,
          colorWarningText: ink,
          colorSuccessText: ink,
          colorTextBase: ink,
          colorBgBase: dark ? '#121716' : '#ffffff',
          ...(dark
            ? { colorBgContainer: '#121716', colorBgElevated: '#1a2120', colorBorder: '#4a5653', colorSplit: '#2f3937' }
            : {}),
          colorTextSecondary: dark ? '#b9c4c1' : '#46524f',
          colorTextTertiary: dark ? '#97a3a0' : '#5f6b68',
          colorTextPlaceholder: dark ? '#97a3a0' : '#5f6b68',
          colorTextDescription: dark ? '#b9c4c1' : '#46524f',
          borderRadius: 8,
          fontFamily: FONT,
          fontSize: 14,
          controlHeight: 36,
          // A window that grows for a quarter of a second takes the press of whoever is quick, and does nothing with it.
          motion: false,
        },
        components: {
          Table: {
            headerBg: dark ? '#1a2120' : '#f5f7f6',
            cellPaddingBlockMD: 10,
            rowSelectedBg: dark ? '#1c2f2d' : '#e3f0ef',
            rowSelectedHoverBg: dark ? '#22403d' : '#d3e6e4',
          },
          Segmented: { itemSelectedColor: accentText },
          Button: {
            defaultHoverColor: accentOver,
            defaultHoverBorderColor: accentOver,
            defaultActiveColor: accentOver,
            defaultActiveBorderColor: accentOver,
          },
        },
      }}
    >
      <App component={false}>{children}</App>
    </ConfigProvider>
  )
}
