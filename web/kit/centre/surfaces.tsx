import { Drawer, Modal } from 'antd'
import type { ReactNode } from 'react'

/** Beside the list, not instead of it: the list keeps its place while a row is read. */
export function SidePanel({
  title,
  open,
  onClose,
  children,
  wide,
}: {
  title: ReactNode
  open: boolean
  onClose: () => void
  children: ReactNode
  wide?: boolean
}): ReactNode {
  return (
    <Drawer title={title} open={open} onClose={onClose} size={wide ? 860 : 560} destroyOnHidden mask={false}>
      {children}
    </Drawer>
  )
}

/** Over the page, from the side where reading begins: what a wide screen shows in a column. */
export function MenuPanel({
  title,
  open,
  onClose,
  onClosed,
  children,
}: {
  title: string
  open: boolean
  onClose: () => void
  /** When it is out of sight; the focus is then the caller's affair. */
  onClosed: () => void
  children: ReactNode
}): ReactNode {
  return (
    <Drawer
      title={title}
      open={open}
      onClose={onClose}
      afterOpenChange={(shown) => (shown ? undefined : onClosed())}
      placement="left"
      size={300}
      destroyOnHidden
      focusable={{ focusTriggerAfterClose: false }}
      className="menu-panel"
    >
      {children}
    </Drawer>
  )
}

/** Asks before a big act; the consequence in numbers stands in the body, the verb on the button. */
export function Dialog({
  title,
  open,
  onClose,
  onYes,
  yes,
  no,
  busy,
  disabled,
  children,
  wide,
}: {
  title: string
  open: boolean
  onClose: () => void
  onYes?: () => void
  yes?: string
  no: string
  busy?: boolean
  disabled?: boolean
  children: ReactNode
  wide?: boolean
}): ReactNode {
  return (
    <Modal
      title={title}
      open={open}
      onCancel={onClose}
      {...(onYes ? { onOk: onYes, okText: yes } : { footer: null })}
      cancelText={no}
      confirmLoading={busy ?? false}
      okButtonProps={{ disabled: disabled ?? false }}
      destroyOnHidden
      width={wide ? 820 : 560}
      mask={{ closable: false, blur: false }}
    >
      {children}
    </Modal>
  )
}

export function Page({
  title,
  lead,
  acts,
  children,
}: {
  title: string
  lead?: string | undefined
  acts?: ReactNode
  children: ReactNode
}): ReactNode {
  return (
    <div className="page">
      <div className="page-head">
        <div>
          <h1>{title}</h1>
          {lead ? <p className="page-lead">{lead}</p> : null}
        </div>
        {acts ? <div className="page-acts">{acts}</div> : null}
      </div>
      {children}
    </div>
  )
}

export function Section({
  title,
  lead,
  children,
  acts,
}: {
  title: string
  lead?: string | undefined
  children: ReactNode
  acts?: ReactNode
}): ReactNode {
  return (
    <section>
      <div className="section">
        <h2>{title}</h2>
        {lead ? <p>{lead}</p> : null}
        {acts ? (
          <div className="form-acts" style={{ justifyContent: 'flex-start' }}>
            {acts}
          </div>
        ) : null}
      </div>
      {children}
    </section>
  )
}

export function Facts({
  rows,
}: {
  rows: readonly (readonly [label: string, value: ReactNode] | null | false)[]
}): ReactNode {
  return (
    <dl className="facts">
      {rows.map((row) =>
        row ? (
          <div key={row[0]} style={{ display: 'contents' }}>
            <dt>{row[0]}</dt>
            <dd>{row[1]}</dd>
          </div>
        ) : null,
      )}
    </dl>
  )
}
