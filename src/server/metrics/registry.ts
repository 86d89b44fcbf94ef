/** Metrics in the text format of Prometheus (exposition format 0.0.4), as scrapers read it. */
export interface Registry {
  counter(name: string, help: string, labels: readonly string[]): Counter
  /** Read when asked for. */
  gauge(name: string, help: string, read: () => number | readonly Sample[] | undefined): void
  /** A count that somebody else keeps. */
  total(name: string, help: string, read: () => number | undefined): void
  /** `buckets`: upper bounds, ascending. */
  histogram(name: string, help: string, labels: readonly string[], buckets: readonly number[]): Histogram
  /** Everything there is to tell now. */
  expose(): string
}

export interface Sample {
  labels: Readonly<Record<string, string>>
  value: number
}

export interface Counter {
  /** `values` in the order of the labels. */
  add(...values: readonly string[]): void
}

export interface Histogram {
  observe(value: number, ...values: readonly string[]): void
}

/** Series of one metric; what is beyond is counted under `other`, so that nobody fills the memory with labels. */
const MOST_SERIES = 1000

export const contentType = 'text/plain; version=0.0.4; charset=utf-8'

export function createRegistry(prefix = 'latchkey_'): Registry {
  const metrics: (() => string[])[] = []
  const names = new Set<string>()

  function add(name: string, type: string, help: string, lines: () => string[]): void {
    if (names.has(name)) throw new Error(`the metric ${name} exists`)
    names.add(name)
    metrics.push(() => [`# HELP ${prefix}${name} ${help}`, `# TYPE ${prefix}${name} ${type}`, ...lines()])
  }

  function addRead(name: string, type: string, help: string, read: () => number | readonly Sample[] | undefined): void {
    add(name, type, help, () => {
      const found = read()
      if (found === undefined) return []
      const samples = typeof found === 'number' ? [{ labels: {}, value: found }] : found
      return samples.map(({ labels, value }) => `${prefix}${name}${toLabels(Object.entries(labels))} ${value}`)
    })
  }

  return {
    counter(name, help, labels) {
      const series = createSeries(labels, () => ({ value: 0 }))
      add(name, 'counter', help, () => series.map((text, { value }) => `${prefix}${name}${braces(text)} ${value}`))
      return {
        add(...values) {
          series.at(values).value++
        },
      }
    },

    gauge: (name, help, read) => addRead(name, 'gauge', help, read),
    total: (name, help, read) => addRead(name, 'counter', help, read),

    histogram(name, help, labels, buckets) {
      const series = createSeries(labels, () => ({ counts: new Array<number>(buckets.length + 1).fill(0), sum: 0 }))
      add(name, 'histogram', help, () =>
        series.flatMap((text, { counts, sum }) => {
          let total = 0
          const rows = counts.map((count, at) => {
            total += count
            const bound = `le="${buckets[at] ?? '+Inf'}"`
            return `${prefix}${name}_bucket{${text === '' ? bound : `${text},${bound}`}} ${total}`
          })
          return [
            ...rows,
            `${prefix}${name}_sum${braces(text)} ${sum}`,
            `${prefix}${name}_count${braces(text)} ${total}`,
          ]
        }),
      )
      return {
        observe(value, ...values) {
          const one = series.at(values)
          let at = 0
          while (at < buckets.length && value > (buckets[at] as number)) at++
          one.counts[at] = (one.counts[at] as number) + 1
          one.sum += value
        },
      }
    },

    expose: () => `${metrics.flatMap((metric) => metric()).join('\n')}\n`,
  }
}

function createSeries<T>(labels: readonly string[], make: () => T) {
  const found = new Map<string, { text: string; value: T }>()
  const entry = (values: readonly string[]): T => {
    const key = values.length === 1 ? (values[0] as string) : values.join('\n')
    const known = found.get(key)
    if (known) return known.value
    if (found.size >= MOST_SERIES && values.some((value) => value !== 'other')) return entry(labels.map(() => 'other'))
    const value = make()
    found.set(key, { text: pairs(labels.map((label, at) => [label, values[at] ?? ''])), value })
    return value
  }
  if (labels.length === 0) entry([])
  return {
    at: entry,
    map: <R>(show: (text: string, value: T) => R): R[] =>
      [...found.values()].map(({ text, value }) => show(text, value)),
    flatMap: <R>(show: (text: string, value: T) => R[]): R[] =>
      [...found.values()].flatMap(({ text, value }) => show(text, value)),
  }
}

function pairs(labels: readonly (readonly [string, string])[]): string {
  return labels.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(',')
}

const toLabels = (labels: readonly (readonly [string, string])[]): string => braces(pairs(labels))
const braces = (text: string): string => (text === '' ? '' : `{${text}}`)

function escapeLabel(value: string): string {
  return value.replace(/[\\"\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`))
}
