import { Input } from 'antd'
import type { ReactNode } from 'react'
import { Field } from './controls.tsx'

export function SecretField({
  label,
  value,
  onChange,
  autoComplete,
  fault,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  autoComplete: 'current-password' | 'new-password'
  fault?: string | undefined
}): ReactNode {
  return (
    <Field label={label} fault={fault}>
      {(a) => (
        <Input
          {...a}
          type="password"
          autoComplete={autoComplete}
          value={value}
          onChange={(e) => onChange(e.target.value)}
        />
      )}
    </Field>
  )
}
