import type { FieldSettings } from './defaults.ts'

interface Given {
  readonly fields: Readonly<Record<string, Partial<{ [K in keyof FieldSettings]: FieldSettings[K] | undefined }>>>
  readonly fieldOrder: readonly string[] | undefined
}

/**
 * The fields of a form in their order: those of `fieldOrder` first, then the built-in ones, then the developer's own.
 *
 * @param builtIn - what each field of the house says where the developer does not
 */
export function fields(
  given: Given,
  builtIn: Readonly<Record<string, Partial<Omit<FieldSettings, 'name'>>>>,
  order: readonly string[],
): FieldSettings[] {
  const names = new Set([...(given.fieldOrder ?? []), ...order, ...Object.keys(builtIn), ...Object.keys(given.fields)])
  return [...names]
    .filter((name) => Object.hasOwn(builtIn, name) || Object.hasOwn(given.fields, name))
    .map((name) => {
      const usual = Object.hasOwn(builtIn, name) ? builtIn[name] : undefined
      const own = Object.hasOwn(given.fields, name) ? given.fields[name] : undefined
      return {
        name,
        enabled: own?.enabled ?? usual?.enabled ?? true,
        visible: own?.visible ?? true,
        label: own?.label,
        placeholder: own?.placeholder,
        required: own?.required ?? usual?.required ?? false,
        type: own?.type ?? usual?.type ?? 'text',
      }
    })
}
