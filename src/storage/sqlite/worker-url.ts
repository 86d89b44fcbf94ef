/** Where a worker's module lies beside `base`: as TypeScript in the sources, as JavaScript once compiled. */
export const workerUrl = (base: string, name: string): URL =>
  new URL(`./${name}${base.endsWith('.ts') ? '.ts' : '.js'}`, base)
