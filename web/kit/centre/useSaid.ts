import { App } from 'antd'

/** Says in passing what the server has confirmed; never before its word. */
export function useSaid(): (text: string) => void {
  const { message } = App.useApp()
  return (text) => void message.success(text)
}
