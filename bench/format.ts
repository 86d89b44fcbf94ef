/** `12.3 k/s`, three figures. */
export function perSecond(rate: number): string {
  if (rate >= 10_000) return `${(rate / 1000).toFixed(1)} k/s`
  if (rate >= 1000) return `${(rate / 1000).toFixed(2)} k/s`
  return `${rate.toFixed(rate < 100 ? 1 : 0)} /s`
}

export const percent = (ratio: number): string => `${(ratio * 100).toFixed(0)} %`
export const times = (ratio: number): string => `${ratio.toFixed(ratio < 10 ? 2 : 1)}x`
export const micros = (us: number): string => `${us.toFixed(0)} us`
export const millis = (ms: number): string => `${ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`
export const megabytes = (mb: number): string => `${mb.toFixed(0)} MB`

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  const [head = [], ...body] = rows
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(line)].join('\n')
}
