/** The first place that lacks an answer comes into sight and takes the cursor, once it is drawn as such. */
export function toFault(form: HTMLElement | null): void {
  requestAnimationFrame(() => {
    const place = form?.querySelector<HTMLElement>('[aria-invalid="true"]')
    place?.closest('details')?.setAttribute('open', '')
    place?.scrollIntoView({ block: 'center' })
    const field = place?.matches('input, textarea') ? place : place?.querySelector<HTMLElement>('input, textarea')
    field?.focus({ preventScroll: true })
  })
}
