/** The order of collate "C" for what stands in keys here. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** To read from beside its own rows: a part that waits for another has one to read only when the other made its own. */
export function turnOf(part: string): string {
  return `(select 1 from ${part} having count(*) > 0) turn`
}

/** The values of a statement whose text is put together here: each stands in the text by its number. */
export class Said {
  readonly values: unknown[] = []

  of(value: unknown): string {
    return `$${this.values.push(value)}`
  }

  list(values: readonly unknown[]): string {
    return values.map((value) => this.of(value)).join(', ')
  }

  /**
   * Rows as one array a column, so that their number does not change the text; `i` is the place of a row.
   * @param columns name and type of each, in the order of the values of a row
   */
  rows(
    name: string,
    columns: readonly (readonly [name: string, type: string])[],
    rows: readonly (readonly unknown[])[],
  ): string {
    const arrays = columns.map(([, type], i) => `${this.of(rows.map((row) => row[i] ?? null))}::${type}[]`)
    return `unnest(${arrays.join(', ')}) with ordinality as ${name} (${columns.map(([column]) => column).join(', ')}, i)`
  }
}
